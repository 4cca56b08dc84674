//! Extraction beside its peers, on a generated web log and on the worst input.

use std::convert::Infallible;
use std::hint::black_box;
use std::ops::ControlFlow;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use geoip_extract::Extractor;
use geoip_testkit::weblog::WebLog;
use ip_extract::ExtractorBuilder;
use regex::bytes::Regex;

/// Large enough to come from memory rather than a cache, small enough to repeat.
const LOG_BYTES: usize = 64 << 20;

/// An octet of 0 to 255 without leading zeros, as a strict pattern for IPv4 writes it.
const OCTET: &str = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

fn web_log(c: &mut Criterion) {
    let log = WebLog::generate(42, LOG_BYTES);
    let text = &log.text[..];
    let extractor = Extractor::default();
    let found: Vec<_> = extractor.find_iter(text).map(|found| found.address()).collect();
    assert_eq!(found, log.addresses, "every address that was put in, and no other");

    let mut group = c.benchmark_group("extract/web log");
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(10);
    group.bench_function("ours/count", |b| {
        b.iter(|| extractor.find_iter(black_box(text)).count());
    });
    group.bench_function("ours/text", |b| {
        let mut lines = Vec::new();
        b.iter(|| {
            lines.clear();
            for found in extractor.find_iter(black_box(text)) {
                lines.extend_from_slice(found.text());
                lines.push(b'\n');
            }
            lines.len()
        });
    });
    group.bench_function("ours/stream", |b| {
        b.iter(|| {
            let mut count = 0;
            let flow = extractor.for_each(black_box(text), |_| {
                count += 1;
                ControlFlow::<Infallible>::Continue(())
            });
            (count, flow.is_ok())
        });
    });
    group.bench_function("ours/defanged", |b| {
        let extractor = Extractor::default().defanged(true);
        b.iter(|| extractor.find_iter(black_box(text)).count());
    });
    group.bench_function("peer/ip-extract", |b| {
        let peer = ExtractorBuilder::new().build().expect("the defaults are valid");
        b.iter(|| peer.find_iter(black_box(text)).count());
    });
    group.bench_function("peer/regex, IPv4 only", |b| {
        let pattern = format!(r"(?-u)\b(?:{OCTET}\.){{3}}{OCTET}\b");
        let peer = Regex::new(&pattern).expect("the pattern is valid");
        b.iter(|| peer.find_iter(black_box(text)).count());
    });
    group.finish();
}

/// What a hostile log may be made of; none of it holds an address.
fn floods(c: &mut Criterion) {
    const BYTES: usize = 8 << 20;
    let extractor = Extractor::default();
    let mut group = c.benchmark_group("extract/flood");
    group.throughput(Throughput::Bytes(BYTES as u64)).sample_size(10);
    for unit in ["1.", ":", "1:", "1::", "7", "abcd:"] {
        let text = unit.repeat(BYTES / unit.len()).into_bytes();
        group.bench_function(format!("ours/{unit}"), |b| {
            b.iter(|| extractor.find_iter(black_box(&text)).count());
        });
    }
    group.finish();
}

criterion_group!(benches, web_log, floods);
criterion_main!(benches);
