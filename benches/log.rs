//! Client and time of each line, in every format, and the floor: cutting into lines alone.

use std::hint::black_box;
use std::io::Write as _;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use geoip_log::{Format, Options, Parser, TimeFinder};
use geoip_testkit::random::Random;
use geoip_testkit::sample_logs;
use geoip_testkit::weblog::WebLog;

/// Larger than a cache, and soon read again.
const LOG_BYTES: usize = 32 << 20;

fn options() -> Options {
    Options::default()
        .reference("2026-11-21T12:00:00Z".parse().expect("a time"))
        .trusted_proxies("private".parse().expect("a network"))
}

/// Reads a log to its end: how many lines name a client, and the sum of their times.
fn read(parser: &mut Parser, log: &[u8]) -> (usize, i64) {
    let (mut clients, mut seconds) = (0, 0);
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', log) {
        if let Some(entry) = parser.parse(&log[start..end]) {
            clients += usize::from(entry.client.is_some());
            seconds += entry.time.map_or(0, |time| time.seconds() % 86_400);
        }
        start = end + 1;
    }
    (clients, seconds)
}

/// The sample of an sshd log, again and again.
fn auth_log() -> Vec<u8> {
    let hosts: Vec<_> = (1..=200).map(|host| format!("198.51.100.{host}")).collect();
    let hosts: Vec<_> = hosts.iter().map(String::as_str).collect();
    let sample = sample_logs::auth_log(&hosts).into_bytes();
    sample.iter().copied().cycle().take(LOG_BYTES / sample.len() * sample.len()).collect()
}

/// A log of invented visits; `line` writes one, from an address and a second of the day.
fn visits(line: impl Fn(&mut Vec<u8>, &str, u64)) -> Vec<u8> {
    let mut random = Random::new(7);
    let mut log = Vec::with_capacity(LOG_BYTES + 1024);
    while log.len() < LOG_BYTES {
        let address = format!("203.0.113.{}", random.below(256));
        line(&mut log, &address, random.below(86_400));
    }
    log
}

fn clock(second: u64) -> String {
    format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

fn json_lines() -> Vec<u8> {
    visits(|log, address, second| {
        let clock = clock(second);
        writeln!(
            log,
            r#"{{"level":"info","ts":"2026-11-20T{clock}.123Z","logger":"http","request":{{"remote_ip":"{address}","remote_port":"4711","proto":"HTTP/2.0","method":"GET","uri":"/a?b=\"c\"","headers":{{"User-Agent":["Mozilla/5.0 (X11; Linux x86_64)"]}}}},"duration":0.0012,"size":2326,"status":200}}"#
        )
        .expect("a vector takes every write");
    })
}

fn csv() -> Vec<u8> {
    let mut log = b"time,method,path,client_ip,status,agent\n".to_vec();
    log.extend(visits(|log, address, second| {
        let clock = clock(second);
        writeln!(
            log,
            r#"2026-11-20T{clock}Z,GET,"/a,b",{address},200,"Mozilla/5.0 (X11; Linux x86_64)""#
        )
        .expect("a vector takes every write");
    }));
    log
}

fn w3c() -> Vec<u8> {
    let mut log = b"#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port \
                    cs-username c-ip cs(User-Agent) sc-status time-taken\n"
        .to_vec();
    log.extend(visits(|log, address, second| {
        let clock = clock(second);
        writeln!(
            log,
            "2026-11-20 {clock} 192.0.2.1 GET /a - 443 - {address} Mozilla/5.0+(X11) 200 15"
        )
        .expect("a vector takes every write");
    }));
    log
}

fn formats(c: &mut Criterion) {
    let logs = [
        (Format::CombinedLog, WebLog::generate(42, LOG_BYTES).text),
        (Format::Sshd, auth_log()),
        (Format::JsonLines, json_lines()),
        (Format::Csv, csv()),
        (Format::W3cExtended, w3c()),
    ];
    let mut group = c.benchmark_group("log");
    group.sample_size(10);
    for (format, log) in &logs {
        group.throughput(Throughput::Bytes(log.len() as u64));
        group.bench_function(format!("lines only/{format}"), |b| {
            b.iter(|| memchr::memchr_iter(b'\n', black_box(log)).count());
        });
        let parser = Parser::new(*format, &options()).expect("the options are valid");
        let lines = memchr::memchr_iter(b'\n', log).count();
        let (clients, _) = read(&mut parser.clone(), log);
        assert!(
            clients * 100 >= lines * 99,
            "{format}: {clients} clients, {lines} lines"
        );
        group.bench_function(format!("parser/{format}"), |b| {
            b.iter(|| read(&mut parser.clone(), black_box(log)));
        });
        let finder = TimeFinder::detect(&log[..1 << 16], &options()).expect("a time");
        group.bench_function(format!("time only/{format}"), |b| {
            b.iter(|| {
                let (mut finder, mut start) = (finder.clone(), 0);
                let ends = memchr::memchr_iter(b'\n', black_box(log));
                ends.filter(|end| {
                    let line = &log[start..*end];
                    start = end + 1;
                    finder.time_of(line).is_some()
                })
                .count()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, formats);
criterion_main!(benches);
