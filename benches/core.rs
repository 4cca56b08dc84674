//! Look-ups: the embedded databases and `Database` over a file in MaxMind's format,
//! beside `maxminddb` by itself.

use std::{fs, hint::black_box, net::IpAddr};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use geoip_core::{Database, Enricher, Places};
use geoip_testkit::{maxmind, random::Random};
use maxminddb::{Reader, geoip2};

/// Hosts as they stand in logs.
fn typical_hosts() -> Vec<IpAddr> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/addresses.txt");
    let text = fs::read_to_string(path).expect("the list is part of the repository");
    text.lines().map(|line| line.parse().expect("an address a line")).collect()
}

/// Any IPv4 addresses: what no cache is ready for.
fn random_ipv4(count: usize) -> Vec<IpAddr> {
    let mut random = Random::new(4);
    let mut next = || u32::try_from(random.below(1 << 32)).expect("below 2^32");
    (0..count).map(|_| IpAddr::from(next().to_be_bytes())).collect()
}

fn embedded(c: &mut Criterion) {
    let open = |name, bytes: &'static [u8]| {
        Database::from_bytes(name, bytes).expect("the embedded databases are sound")
    };
    let cities = open("cities", geoip_data_city::CITY);
    let networks = open("networks", geoip_data_asn::ASN);
    let mut group = c.benchmark_group("embedded");
    for (name, hosts) in [("hosts", typical_hosts()), ("random", random_ipv4(100_000))] {
        group.throughput(Throughput::Elements(hosts.len() as u64));
        for (kind, database) in [("city", &cities), ("asn", &networks)] {
            group.bench_function(format!("ours/{kind}/{name}"), |b| {
                b.iter(|| {
                    for &host in &hosts {
                        drop(black_box(database.lookup(black_box(host))));
                    }
                });
            });
        }
    }
    let hosts = typical_hosts();
    let enricher = Enricher::new().with(cities).with(networks);
    group.throughput(Throughput::Elements(hosts.len() as u64));
    group.bench_function("ours/enrich and merge/hosts", |b| {
        b.iter(|| {
            let mut places = Places::new();
            for &host in &hosts {
                places.add(&enricher.enrich(host).expect("sound"), 1);
            }
            places.merged().len()
        });
    });
    group.finish();
}

/// The same file, the same addresses: all of the record here, all of it there.
fn mmdb(c: &mut Criterion) {
    let path = maxmind::file("GeoIP2-City-Test.mmdb");
    let ours = Database::open(&path).expect("a fixture");
    let peer = Reader::open_readfile(&path).expect("a fixture");
    let hosts: Vec<IpAddr> = ["89.160.20.128", "81.2.69.144", "2001:218::1", "1.1.1.1"]
        .into_iter()
        .map(|text| text.parse().expect("an address"))
        .collect();
    let mut group = c.benchmark_group("mmdb");
    group.throughput(Throughput::Elements(hosts.len() as u64));
    group.bench_function("ours/Database::lookup", |b| {
        b.iter(|| {
            for &host in &hosts {
                drop(black_box(ours.lookup(black_box(host))));
            }
        });
    });
    group.bench_function("peer/maxminddb decode of geoip2::City", |b| {
        b.iter(|| {
            for &host in &hosts {
                let found = peer.lookup(black_box(host)).expect("a fixture");
                drop(black_box(found.decode::<geoip2::City<'_>>()));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, embedded, mmdb);
criterion_main!(benches);
