//! Measures a built city file: loading, memory, speed of lookups, accuracy.

use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use geoip_core::compact::CityTable;

use geoip_write::{
    CitySource, Range, SourcePlace as Place, distance_km, without_district,
};

use crate::source::read_cities;

/// What to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// City file that was built.
    #[arg(long)]
    city: PathBuf,
    /// Text file with an address at the start of each line, for typical lookups.
    #[arg(long)]
    hosts: PathBuf,
    /// Folder of the source package, to compare every answer with; slow.
    #[arg(long)]
    source: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let path = arguments.city.display();
    let bytes =
        std::fs::read(&arguments.city).with_context(|| format!("cannot read {path}"))?;
    // As in the program that embeds it, the file lives as long as the process.
    let bytes: &'static [u8] = bytes.leak();
    let table = load(bytes)?;

    let hosts = read_hosts(&arguments.hosts)?;
    time_lookups("hosts", &table, &hosts);
    time_lookups("uniformly random IPv4", &table, &random_v4(1_000_000));
    if let Some(folder) = &arguments.source {
        let source = read_cities(folder)?;
        time_lookups(
            "1,000 networks of IPv6, again and again",
            &table,
            &sample_v6(&source, 1_000),
        );
        time_lookups("random networks of IPv6", &table, &sample_v6(&source, 1_000_000));
        compare_hosts(&table, &source, &hosts);
        compare_ranges(
            "every IPv4 range of the source",
            &table,
            &source,
            &source.v4,
            true,
        );
        compare_ranges(
            "every IPv6 range of the source",
            &table,
            &source,
            &source.v6,
            false,
        );
    }
    Ok(())
}

/// Loads several times, of which the fastest counts.
fn load(bytes: &'static [u8]) -> anyhow::Result<CityTable> {
    let v4: IpAddr = Ipv4Addr::LOCALHOST.into();
    let v6: IpAddr = Ipv6Addr::LOCALHOST.into();
    let before = resident_kib();
    let table = CityTable::from_bytes(bytes)?;
    println!("resident: {} KiB for the cities", resident_kib().saturating_sub(before));
    table.lookup(v4)?;
    println!("resident: {} KiB with IPv4", resident_kib().saturating_sub(before));
    table.lookup(v6)?;
    println!("resident: {} KiB with IPv6", resident_kib().saturating_sub(before));
    println!("resident at most, with the file itself: {} KiB", status_kib("VmHWM:"));
    drop(table);
    let mut best = [Duration::MAX; 3];
    let mut table = None;
    for _ in 0..10 {
        drop(table.take());
        let start = processor_time();
        let loaded = CityTable::from_bytes(bytes)?;
        best[0] = best[0].min(processor_time_since(start));
        loaded.lookup(v4)?;
        best[1] = best[1].min(processor_time_since(start));
        loaded.lookup(v6)?;
        best[2] = best[2].min(processor_time_since(start));
        table = Some(loaded);
    }
    let [cities, v4, v6] = best;
    println!(
        "load: {} bytes in {cities:.1?}, with IPv4 {v4:.1?}, with IPv6 {v6:.1?} (best of 10)",
        bytes.len()
    );
    table.context("the table was loaded ten times")
}

/// Time for which a processor has worked for this thread, so that other work on the
/// machine counts less; where it is not told, the time that has passed.
fn processor_time() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let nanoseconds = std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split_whitespace().next()?.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// The processor time between then and now.
fn processor_time_since(start: Duration) -> Duration {
    processor_time().saturating_sub(start)
}

fn resident_kib() -> u64 {
    status_kib("VmRSS:")
}

/// A line of Linux's account of this process, in KiB; 0 elsewhere.
fn status_kib(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn read_hosts(path: &Path) -> anyhow::Result<Vec<IpAddr>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let first_word = |line: &str| line.split_whitespace().next()?.parse().ok();
    Ok(text.lines().filter_map(first_word).collect())
}

fn time_lookups(name: &str, table: &CityTable, addresses: &[IpAddr]) {
    let rounds = 5_000_000_usize.div_ceil(addresses.len().max(1));
    let start = processor_time();
    for _ in 0..rounds {
        for &address in addresses {
            black_box(table.lookup(address).ok());
        }
    }
    let count = (rounds * addresses.len()) as f64;
    let nanoseconds = processor_time_since(start).as_secs_f64() * 1e9 / count;
    println!("lookup: {nanoseconds:.0} ns, {:.1} M/s ({name})", 1e3 / nanoseconds);
}

/// Marsaglia's xorshift: the same numbers on every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

fn random_v4(count: usize) -> Vec<IpAddr> {
    let mut random = Random(88_172_645_463_325_252);
    (0..count).map(|_| Ipv4Addr::from(random.next() as u32).into()).collect()
}

fn sample_v6(source: &CitySource, count: usize) -> Vec<IpAddr> {
    let mut random = Random(88_172_645_463_325_252);
    let mut pick = || source.v6[random.next() as usize % source.v6.len()].start;
    (0..count).map(|_| Ipv6Addr::from(pick()).into()).collect()
}

/// How answers compare with the source, by weight.
#[derive(Debug, Default)]
struct Agreement {
    all: f64,
    within_5_km: f64,
    within_25_km: f64,
    within_100_km: f64,
    within_radius: f64,
    same_city: f64,
    same_region: f64,
    same_country: f64,
}

impl Agreement {
    fn add(&mut self, table: &CityTable, address: IpAddr, place: &Place, weight: f64) {
        self.all += weight;
        let Ok(Some(answer)) = table.lookup(address) else { return };
        let distance = distance_km((answer.lat, answer.lng), (place.lat, place.lng));
        let count = |holds: bool, sum: &mut f64| *sum += if holds { weight } else { 0.0 };
        let country = answer.country == place.country;
        let region = country && answer.subdivision.unwrap_or("") == place.subdivision;
        let city = region && answer.city.unwrap_or("") == without_district(&place.city);
        count(distance <= 5.0, &mut self.within_5_km);
        count(distance <= 25.0, &mut self.within_25_km);
        count(distance <= 100.0, &mut self.within_100_km);
        count(distance <= f64::from(answer.radius_km), &mut self.within_radius);
        count(city, &mut self.same_city);
        count(region, &mut self.same_region);
        count(country, &mut self.same_country);
    }

    fn print(&self, name: &str) {
        let percent = |part: f64| 100.0 * part / self.all;
        println!(
            "agreement: within 5 km {:.2} %, 25 km {:.2} %, 100 km {:.2} %, the radius {:.2} %; \
             same city {:.2} %, region {:.3} %, country {:.3} % ({name})",
            percent(self.within_5_km),
            percent(self.within_25_km),
            percent(self.within_100_km),
            percent(self.within_radius),
            percent(self.same_city),
            percent(self.same_region),
            percent(self.same_country),
        );
    }
}

fn compare_hosts(table: &CityTable, source: &CitySource, hosts: &[IpAddr]) {
    let mut agreement = Agreement::default();
    for &host in hosts {
        let (ranges, bits) = match host {
            IpAddr::V4(address) => (&source.v4, u128::from(u32::from(address))),
            IpAddr::V6(address) => (&source.v6, u128::from(address)),
        };
        let after = ranges.partition_point(|range| range.start <= bits);
        let range = after.checked_sub(1).map(|position| ranges[position]);
        if let Some(range) = range.filter(|range| bits <= range.end) {
            agreement.add(table, host, &source.places[range.label as usize], 1.0);
        }
    }
    agreement.print(&format!("{} hosts that the source knows", agreement.all));
}

fn compare_ranges(
    name: &str,
    table: &CityTable,
    source: &CitySource,
    ranges: &[Range],
    is_v4: bool,
) {
    let mut agreement = Agreement::default();
    for range in ranges {
        let address = match u32::try_from(range.start) {
            Ok(bits) if is_v4 => Ipv4Addr::from(bits).into(),
            _ => Ipv6Addr::from(range.start).into(),
        };
        agreement.add(table, address, &source.places[range.label as usize], 1.0);
    }
    agreement.print(name);
}
