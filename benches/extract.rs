//! Extraction beside its peers, on a generated web log and on the worst input.

use std::convert::Infallible;
use std::hint::black_box;
use std::ops::ControlFlow;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use geoip_extract::{Extractor, Rule};
use geoip_testkit::weblog::WebLog;
use ip_extract::ExtractorBuilder;
use regex::bytes::Regex;

/// Large enough to come from memory rather than a cache, small enough to repeat.
const LOG_BYTES: usize = 64 << 20;

/// An octet of 0 to 255 without leading zeros, as a strict pattern for IPv4 writes it.
const OCTET: &str = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

fn readings() -> impl Iterator<Item = Rule> {
    Rule::ALL.iter().copied().filter(|rule| rule.is_reading())
}

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
    for reading in readings() {
        let extractor = Extractor::default().rule(reading, true);
        group.bench_function(format!("ours/count {reading}"), |b| {
            b.iter(|| extractor.find_iter(black_box(text)).count());
        });
    }
    group.bench_function("ours/count all readings", |b| {
        let extractor =
            readings().fold(Extractor::default(), |e, rule| e.rule(rule, true));
        b.iter(|| extractor.find_iter(black_box(text)).count());
    });
    group.bench_function("peer/ip-extract", |b| {
        let peer = ExtractorBuilder::new().build().expect("the defaults are valid");
        b.iter(|| peer.find_iter(black_box(text)).count());
    });
    group.bench_function("peer/ip-extract, text", |b| {
        let peer = ExtractorBuilder::new().build().expect("the defaults are valid");
        let mut lines = Vec::new();
        b.iter(|| {
            lines.clear();
            for span in peer.find_iter(black_box(text)) {
                lines.extend_from_slice(&text[span]);
                lines.push(b'\n');
            }
            lines.len()
        });
    });
    group.bench_function("peer/regex, IPv4 only", |b| {
        let pattern = format!(r"(?-u)\b(?:{OCTET}\.){{3}}{OCTET}\b");
        let peer = Regex::new(&pattern).expect("the pattern is valid");
        b.iter(|| peer.find_iter(black_box(text)).count());
    });
    group.finish();
}

/// What a hostile log may be made of, each one line without an end; and the readings that
/// make the most of it. `GEOIP_BENCH_FLOOD_MB=100` makes each as long.
fn floods(c: &mut Criterion) {
    let megabytes = std::env::var("GEOIP_BENCH_FLOOD_MB");
    let megabytes = megabytes.ok().and_then(|text| text.parse().ok()).unwrap_or(8_usize);
    let bytes = megabytes << 20;
    let mut group = c.benchmark_group("extract/flood");
    group.throughput(Throughput::Bytes(bytes as u64)).sample_size(10);
    for (unit, reading) in [
        ("1.", None),
        (":", None),
        ("1:", None),
        ("1::", None),
        ("7", None),
        ("abcd:", None),
        ("192.0.2.1 ", None),
        ("1[.]", Some(Rule::Defanged)),
        (" [.] 1", Some(Rule::Defanged)),
        ("%31%2e", Some(Rule::PercentEncoded)),
        ("\\u0031\\u002e", Some(Rule::JsonEscapes)),
        ("1\x1b[0m.", Some(Rule::AnsiEscapes)),
    ] {
        let extractor = reading.map_or(Extractor::default(), |reading| {
            Extractor::default().rule(reading, true)
        });
        let text = unit.repeat(bytes / unit.len()).into_bytes();
        group.bench_function(format!("ours/{}", unit.escape_default()), |b| {
            b.iter(|| extractor.find_iter(black_box(&text)).count());
        });
    }
    group.finish();
}

criterion_group!(benches, web_log, floods);
criterion_main!(benches);
