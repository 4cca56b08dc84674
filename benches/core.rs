//! Look-ups: the embedded databases and `Database` over a file in MaxMind's format,
//! beside `maxminddb` by itself.

#![expect(clippy::print_stdout, reason = "sizes are figures of the bench too")]

use std::{fmt::Write as _, fs, hint::black_box, net::IpAddr, num::NonZero};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use geoip_core::{Database, Enricher, HostingWords, Layout, List, Places, Record};
use geoip_testkit::random::Random;
use geoip_write::MmdbWriter;
use maxminddb::{Reader, geoip2};
use serde::Deserialize;

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

/// What the peer is asked for: country and point, and nothing else.
#[derive(Deserialize)]
struct CountryAndPoint<'a> {
    #[serde(borrow)]
    country: Option<Country<'a>>,
    location: Option<Point>,
}

#[derive(Deserialize)]
struct Country<'a> {
    iso_code: Option<&'a str>,
}

#[derive(Deserialize)]
struct Point {
    latitude: Option<f64>,
    longitude: Option<f64>,
}

/// The embedded cities as a file in MaxMind's format: two thirds of the size of GeoLite2's.
fn cities_as_mmdb() -> Vec<u8> {
    let cities = Database::from_bytes("cities", geoip_data_city::CITY).expect("sound");
    let mut writer = MmdbWriter::new("Bench-City", 0);
    cities
        .for_each_range(|range, answer| {
            let mut record = Record::new(range.first());
            record.place = answer.place;
            writer.insert(range, &record).expect("it fits");
        })
        .expect("sound");
    writer.finish().expect("it fits")
}

/// The same file, the same addresses, the same question: country and point.
fn mmdb(c: &mut Criterion) {
    let bytes: &'static [u8] = cities_as_mmdb().leak();
    let open = || Database::from_bytes("cities", bytes).expect("just written");
    let peer = Reader::from_source(bytes).expect("just written");
    let threads = NonZero::<usize>::MIN;
    let (mut ranges, mut direct) = (open(), open());
    let in_ranges = ranges.flatten(Layout::Ranges, threads).expect("it fits");
    let in_direct = direct.flatten(Layout::Direct, threads).expect("it fits");
    println!("file {} bytes, ranges {in_ranges}, direct {in_direct}", bytes.len());
    let mut group = c.benchmark_group("mmdb");
    for (name, hosts) in [("hosts", typical_hosts()), ("random", random_ipv4(100_000))] {
        group.throughput(Throughput::Elements(hosts.len() as u64));
        for (layout, database) in [("ranges", &ranges), ("direct", &direct)] {
            group.bench_function(
                format!("ours/{layout}/country and point/{name}"),
                |b| {
                    b.iter(|| {
                        for &host in &hosts {
                            let found = database.find(black_box(host)).expect("sound");
                            black_box(
                                found.map(|found| (found.country(), found.point())),
                            );
                        }
                    });
                },
            );
            group.bench_function(
                format!("ours/{layout}/country and point, batch/{name}"),
                |b| {
                    b.iter(|| {
                        let answers =
                            database.find_each(black_box(&hosts), |_, found| {
                                black_box(
                                    found.map(|found| (found.country(), found.point())),
                                );
                            });
                        answers.expect("sound");
                    });
                },
            );
            group.bench_function(format!("ours/{layout}/whole answer/{name}"), |b| {
                b.iter(|| {
                    for &host in &hosts {
                        drop(black_box(database.lookup(black_box(host))));
                    }
                });
            });
        }
        group.bench_function(format!("peer/maxminddb/country and point/{name}"), |b| {
            b.iter(|| {
                for &host in &hosts {
                    let found = peer.lookup(black_box(host)).expect("sound");
                    let row = found.decode::<CountryAndPoint<'_>>().expect("sound");
                    black_box(row.map(|row| {
                        let point = row.location.map(|at| (at.latitude, at.longitude));
                        (row.country.and_then(|country| country.iso_code), point)
                    }));
                }
            });
        });
        group.bench_function(format!("peer/maxminddb/geoip2::City/{name}"), |b| {
            b.iter(|| {
                for &host in &hosts {
                    let found = peer.lookup(black_box(host)).expect("sound");
                    drop(black_box(found.decode::<geoip2::City<'_>>()));
                }
            });
        });
    }
    group.sample_size(10);
    group.bench_function("ours/laying out as ranges, one thread", |b| {
        b.iter_batched(
            open,
            |mut database| database.flatten(Layout::Ranges, threads),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

/// A list of a hundred thousand networks, which is more than any known one has.
fn lists(c: &mut Criterion) {
    let mut random = Random::new(8);
    let mut lines = String::new();
    for _ in 0..100_000 {
        let bits = u32::try_from(random.below(1 << 32)).expect("below 2^32");
        let prefix = 20 + random.below(13);
        let address = std::net::Ipv4Addr::from_bits(bits);
        writeln!(lines, "{address}/{prefix}").expect("memory");
    }
    let parse = || List::parse("list", lines.as_bytes()).expect("networks");
    let list = parse();
    let systems: Vec<_> = (1..2000).map(|asn| format!("AS{}\n", asn * 7)).collect();
    let systems = List::parse("systems", systems.concat().as_bytes()).expect("systems");
    let mut group = c.benchmark_group("lists");
    for (name, hosts) in [("hosts", typical_hosts()), ("random", random_ipv4(100_000))] {
        group.throughput(Throughput::Elements(hosts.len() as u64));
        group.bench_function(format!("ours/100,000 networks/{name}"), |b| {
            b.iter(|| {
                hosts.iter().filter(|&&host| list.contains(black_box(host))).count()
            });
        });
        group.bench_function(format!("ours/2,000 systems/{name}"), |b| {
            b.iter(|| {
                let system = Some(geoip_core::Asn(13335));
                let marks =
                    |host: &&IpAddr| systems.marks(**host, black_box(system), None);
                hosts.iter().filter(|host| marks(host).is_some()).count()
            });
        });
    }
    let words = HostingWords::default();
    let names = ["Deutsche Telekom AG", "Comcast Cable Communications, LLC", "AMAZON-02"];
    group.throughput(Throughput::Elements(names.len() as u64));
    group.bench_function("ours/words", |b| {
        b.iter(|| names.iter().filter(|name| words.matches(black_box(name))).count());
    });
    group.throughput(Throughput::Bytes(lines.len() as u64));
    group.bench_function("ours/parse", |b| b.iter(|| parse().networks()));
    group.finish();
}

criterion_group!(benches, embedded, mmdb, lists);
criterion_main!(benches);
