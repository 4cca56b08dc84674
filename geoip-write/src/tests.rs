//! What the encoder writes, the decoder reads: round trips of synthetic databases.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use geoip_core::IpNetwork;
use geoip_core::compact::format::{Kind, PREAMBLE_LENGTH};
use geoip_core::compact::{
    AsnTable, CityTable, CompactError, Provenance, unpack_entropy,
};
use proptest::prelude::*;

use crate::encode;
use crate::geo;
use crate::quantise::Candidates;
use crate::source::{AsnSource, CitySource, Range, SourcePlace as Place};
use crate::vocabulary::{Vocabulary, without_district};
use crate::{encode_cities, encode_systems};

/// Country, region and city.
type Name = ([u8; 2], String, String);

fn provenance(radius_km: u8) -> Provenance {
    Provenance {
        source: "DB-IP City Lite".into(),
        build_epoch: 1_780_666_996,
        radius_km: radius_km.into(),
        attribution: "IP Geolocation by DB-IP".into(),
        attribution_url: "https://db-ip.com".into(),
        license: "CC-BY-4.0".into(),
    }
}

fn place(country: [u8; 2], subdivision: &str, city: &str, lat: f64, lng: f64) -> Place {
    Place { country, subdivision: subdivision.into(), city: city.into(), lat, lng }
}

fn places() -> Vec<Place> {
    vec![
        place(*b"DE", "North Rhine-Westphalia", "Cologne (Ehrenfeld)", 50.95, 6.92),
        place(*b"DE", "North Rhine-Westphalia", "Cologne (Deutz)", 50.94, 6.97),
        place(*b"DE", "North Rhine-Westphalia", "Hürth", 50.87, 6.87),
        place(*b"DE", "Bavaria", "München", 48.14, 11.58),
        place(*b"DE", "", "", 51.0, 9.0),
        place(*b"FJ", "Northern", "Labasa", -16.43, 179.37),
        place(*b"FJ", "Northern", "Taveuni", -16.8, -179.99),
        place(*b"US", "Kansas", "Springfield", 37.7, -97.8),
        place(*b"US", "Maine", "Springfield", 45.4, -68.1),
        place(*b"US", "Kansas", "Springfield Lakes", 37.71, -97.82),
        place(*b"ZZ", "Pole", "South", -90.0, -180.0),
        place(*b"ZZ", "Pole", "North", 90.0, 180.0),
    ]
}

fn name(place: &Place) -> Name {
    (place.country, place.subdivision.clone(), without_district(&place.city).to_owned())
}

/// Disjoint ranges of a family of `bits` bits, in order: gaps and lengths are often, but
/// not always, powers of two, so that some are networks and others are not.
fn ranges(bits: u32, smallest: u32) -> impl Strategy<Value = Vec<Range>> {
    let size = (smallest..bits, 0_u128..5, any::<bool>()).prop_map(
        |(exponent, extra, ragged)| (1_u128 << exponent) + u128::from(ragged) * extra,
    );
    let gap = prop_oneof![3 => Just(0), 2 => size.clone()];
    prop::collection::vec((gap, size, 0..12_u32), 1..24).prop_map(move |pieces| {
        let last = u128::MAX >> (128 - bits);
        let mut next = Some(0_u128);
        let mut ranges = Vec::new();
        for (gap, length, label) in pieces {
            let Some(start) = next.and_then(|next| next.checked_add(gap)) else { break };
            if start > last {
                break;
            }
            let end = start.saturating_add(length - 1).min(last);
            ranges.push(Range { start, end, label });
            next = end.checked_add(1);
        }
        ranges
    })
}

/// What the source says of an address: nothing, or a name.
fn said<'p>(ranges: &[Range], places: &'p [Place], bits: u128) -> Option<&'p Place> {
    let range = ranges.iter().find(|range| (range.start..=range.end).contains(&bits))?;
    Some(&places[range.label as usize])
}

/// The names that cover most of the 48-bit network around an address.
fn most_of_48(ranges: &[Range], places: &[Place], bits: u128) -> Vec<Name> {
    let (first, last) = (bits >> 80 << 80, bits | u128::MAX >> 48);
    let mut sizes: BTreeMap<Name, u128> = BTreeMap::new();
    for range in ranges {
        let (start, end) = (range.start.max(first), range.end.min(last));
        if start <= end {
            // Halved, so that a whole network of 48 bits cannot overflow.
            *sizes.entry(name(&places[range.label as usize])).or_default() +=
                end - start + 1;
        }
    }
    let most = sizes.values().max().copied();
    sizes
        .into_iter()
        .filter(|(_, size)| Some(*size) == most)
        .map(|(name, _)| name)
        .collect()
}

fn answer(table: &CityTable, address: IpAddr) -> (Option<Name>, Option<IpNetwork>) {
    match table.lookup(address).unwrap() {
        None => (None, None),
        Some(answer) => {
            let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
            let name = (answer.country, text(answer.subdivision), text(answer.city));
            (Some(name), Some(answer.network))
        }
    }
}

/// Every first and last address of a range, and those beside them.
fn edges(ranges: &[Range], last: u128) -> Vec<u128> {
    let mut edges: Vec<u128> = ranges
        .iter()
        .flat_map(|range| [range.start, range.end])
        .flat_map(|edge| [edge.saturating_sub(1), edge, edge.saturating_add(1).min(last)])
        .chain([0, last])
        .collect();
    edges.sort_unstable();
    edges.dedup();
    edges
}

fn v4(bits: u128) -> IpAddr {
    Ipv4Addr::from(u32::try_from(bits).unwrap()).into()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_edge_is_answered_as_the_source_says(
        v4_ranges in ranges(32, 0),
        v6_ranges in ranges(128, 70),
    ) {
        let source = CitySource {
            places: places(), v4: v4_ranges, v6: v6_ranges, build_epoch: 1_780_666_996,
        };
        let file = encode_cities(&source, provenance(0)).unwrap();
        let table = CityTable::from_bytes(file.clone()).unwrap();
        table.load().unwrap();
        // The first look-ups are made without a table.
        let first = |address| answer(&CityTable::from_bytes(file.clone()).unwrap(), address);
        let edges_v4 = edges(&source.v4, u32::MAX.into());
        for &bits in &edges_v4 {
            let address = v4(bits);
            let (found, network) = answer(&table, address);
            prop_assert_eq!(first(address), answer(&table, address), "at {}", address);
            let expected = said(&source.v4, &source.places, bits).map(name);
            prop_assert_eq!(&found, &expected, "at {}", address);
            let mapped = Ipv4Addr::from(u32::try_from(bits).unwrap()).to_ipv6_mapped();
            prop_assert_eq!(answer(&table, mapped.into()), (found, network));
            if let Some(IpNetwork::V4(network)) = network {
                // All of the network is alike, and not all of the next larger one.
                let alike = |network: ipnetwork::Ipv4Network| {
                    let first = u128::from(u32::from(network.network()));
                    let end = u128::from(u32::from(network.broadcast()));
                    let inside = edges_v4.iter().copied().filter(|e| (first..=end).contains(e));
                    inside.chain([first, end]).all(|bits| {
                        said(&source.v4, &source.places, bits).map(name) == expected
                    })
                };
                prop_assert!(network.contains(Ipv4Addr::from(u32::try_from(bits).unwrap())));
                prop_assert!(alike(network), "{} is not all alike", network);
                if let Some(prefix) = network.prefix().checked_sub(1) {
                    let larger = ipnetwork::Ipv4Network::new(network.ip(), prefix).unwrap();
                    prop_assert!(!alike(larger), "{} is not the largest", network);
                }
            }
        }
        for bits in edges(&source.v6, u128::MAX) {
            let address = Ipv6Addr::from(bits);
            if address.to_ipv4_mapped().is_some() {
                continue;
            }
            let (found, network) = answer(&table, address.into());
            prop_assert_eq!(first(address.into()), answer(&table, address.into()));
            let expected = most_of_48(&source.v6, &source.places, bits);
            prop_assert_eq!(found.is_some(), !expected.is_empty(), "at {}", address);
            if let (Some(found), Some(network)) = (found, network) {
                prop_assert!(expected.contains(&found), "{:?} at {}", found, address);
                prop_assert!(network.contains(address.into()) && network.prefix() <= 48);
            }
        }
    }

    #[test]
    fn columns_of_any_bytes_come_back(
        column in prop::collection::vec(prop_oneof![4 => 0..4_u8, 1 => 240..=255_u8], 0..2_000),
    ) {
        let packed = encode::pack_entropy(&column).unwrap();
        prop_assert_eq!(unpack_entropy("test", &packed, column.len()).unwrap(), column);
    }

    #[test]
    fn cut_or_flipped_bytes_are_refused(
        position in any::<prop::sample::Index>(), bit in 0..8,
    ) {
        let mut bytes = small_file();
        let position = position.index(bytes.len());
        prop_assert!(CityTable::from_bytes(bytes[..position].to_vec()).is_err());
        bytes[position] ^= 1_u8 << bit;
        prop_assert!(CityTable::from_bytes(bytes).is_err());
    }

    /// With a checksum that is right, wrong bytes reach all the checks behind it.
    #[test]
    fn forged_files_are_refused_or_answer(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<Option<prop::sample::Index>>(),
    ) {
        let mut body = small_file()[PREAMBLE_LENGTH..].to_vec();
        for (position, byte) in changes {
            let position = position.index(body.len());
            body[position] = byte;
        }
        if let Some(cut) = cut {
            body.truncate(cut.index(body.len()));
        }
        if let Ok(table) = CityTable::from_bytes(encode::signed(Kind::City, &body)) {
            // Without a table, then with one.
            for _ in 0..2 {
                for bits in [0, 1 << 16, 1 << 31, u32::MAX] {
                    let _ = table.lookup(Ipv4Addr::from(bits).into());
                    let _ = table.lookup(Ipv6Addr::from(u128::from(bits) << 96).into());
                }
                let _ = table.load();
            }
        }
    }

    #[test]
    fn centres_are_near_and_in_the_same_region(
        towns in prop::collection::vec((0..3_usize, -30..30_i32, -30..30_i32, 1..99_u8), 1..60),
        lat in -89.0..89.0_f64,
        lng in -179.0..179.0_f64,
    ) {
        const RADIUS_KM: f64 = 10.0;
        let regions = [(*b"AA", "x"), (*b"AA", "y"), (*b"BB", "x")];
        let mut source = CitySource::default();
        for (number, &(region, north, east, count)) in towns.iter().enumerate() {
            let (country, subdivision) = regions[region];
            let at = (lat + f64::from(north) / 90.0, lng + f64::from(east) / 90.0);
            let city = number.to_string();
            source.places.push(place(country, subdivision, &city, at.0.clamp(-90.0, 90.0), at.1));
            let start = (number as u128) << 8;
            let label = u32::try_from(number).unwrap();
            source.v4.push(Range { start, end: start + u128::from(count), label });
        }
        let cities = Vocabulary::new(&source).cities;
        let candidates = Candidates::new(&cities, RADIUS_KM);
        for (number, city) in cities.iter().enumerate() {
            prop_assert!(!candidates.of(number).is_empty());
            for &centre in candidates.of(number) {
                let centre = &cities[centre as usize];
                prop_assert_eq!(city.country, centre.country);
                prop_assert_eq!(&city.subdivision, &centre.subdivision);
                let distance = geo::distance_km((city.lat, city.lng), (centre.lat, centre.lng));
                prop_assert!(distance <= RADIUS_KM);
            }
        }
    }
}

fn small_source() -> CitySource {
    let range = |number: u128, shift: u32, label| Range {
        start: number << shift,
        end: (number << shift) + (1 << shift) - 1,
        label,
    };
    CitySource {
        places: places(),
        v4: (0..120).map(|n| range(n * 3 / 2 + n % 2, 12, (n * 7 % 12) as u32)).collect(),
        v6: (1..60).map(|n| range(n * 2, 75, (n * 5 % 12) as u32)).collect(),
        build_epoch: 1_780_666_996,
    }
}

fn small_file() -> Vec<u8> {
    static FILE: LazyLock<Vec<u8>> =
        LazyLock::new(|| encode_cities(&small_source(), provenance(0)).unwrap());
    FILE.clone()
}

#[test]
fn a_block_may_have_more_labels_than_a_palette() {
    let mut source = CitySource::default();
    for number in 0..1_000_u32 {
        let city = format!("town {}", number % 700);
        source.places.push(place(*b"AA", "x", &city, 1.0, 2.0));
        let start = (u128::from(number) << 6) + (7 << 16) + 5;
        source.v4.push(Range { start, end: start + 63, label: number });
    }
    let table =
        CityTable::from_bytes(encode_cities(&source, provenance(0)).unwrap()).unwrap();
    for range in &source.v4 {
        for bits in [range.start, range.end] {
            let expected = name(&source.places[range.label as usize]);
            assert_eq!(answer(&table, v4(bits)).0, Some(expected));
        }
    }
}

#[test]
fn quantised_answers_keep_country_and_region() {
    let source = small_source();
    let table =
        CityTable::from_bytes(encode_cities(&source, provenance(10)).unwrap()).unwrap();
    assert!(table.city_count() < 10, "Hürth and Springfield Lakes have gone");
    for range in &source.v4 {
        let place = &source.places[range.label as usize];
        let answer = table.lookup(v4(range.start)).unwrap().unwrap();
        assert_eq!(answer.country, place.country);
        assert_eq!(answer.subdivision.unwrap_or_default(), place.subdivision);
        let distance = geo::distance_km((answer.lat, answer.lng), (place.lat, place.lng));
        assert!(distance <= 12.0, "{place:?} became {answer:?}");
        assert!(distance <= f64::from(answer.radius_km));
    }
    assert_eq!(table.provenance().radius_km, 10);
}

#[test]
fn provenance_comes_back() {
    let table = CityTable::from_bytes(small_file()).unwrap();
    let provenance = table.provenance();
    assert_eq!(provenance.source, "DB-IP City Lite");
    assert_eq!(provenance.build_epoch, 1_780_666_996);
    assert_eq!(provenance.attribution_url, "https://db-ip.com");
}

#[test]
fn each_kind_of_wrong_file_is_told() {
    let error = |bytes: Vec<u8>| CityTable::from_bytes(bytes).unwrap_err();
    assert_eq!(error(Vec::new()), CompactError::Magic);
    assert_eq!(error(b"\x1f\x8b and so on".to_vec()), CompactError::Magic);
    let mut future = small_file();
    future[8] = 9;
    assert_eq!(error(future), CompactError::Version { found: 9, expected: 1 });
    let mut cut = small_file();
    cut.pop();
    assert_eq!(error(cut), CompactError::Checksum);
    let systems = AsnTable::from_bytes(small_file()).unwrap_err();
    assert_eq!(systems, CompactError::Kind { found: 1, expected: 2 });
    let empty = encode::signed(Kind::City, &[]);
    assert_eq!(error(empty), CompactError::Truncated { part: "header" });
}

#[test]
fn autonomous_systems_come_back() {
    let systems = vec![
        (64_500, "Example Networks".to_owned()),
        (64_499, "Größe AG".to_owned()),
        (64_500, "Example Networks of old".to_owned()),
        (4_200_000_000, String::new()),
    ];
    let range = |start, end, label| Range { start, end, label };
    let source = AsnSource {
        systems,
        v4: vec![range(0, 9, 0), range(10, 70_000, 1), range(70_001, 70_001, 3)],
        v6: vec![range(1 << 100, (1 << 101) - 1, 2)],
    };
    let table =
        AsnTable::from_bytes(encode_systems(&source, provenance(0)).unwrap()).unwrap();
    let system = |address: IpAddr| {
        let answer = table.lookup(address).unwrap()?;
        Some((answer.number, answer.organization))
    };
    assert_eq!(system(v4(9)), Some((64_500, Some("Example Networks"))));
    assert_eq!(system(v4(70_000)), Some((64_499, Some("Größe AG"))));
    assert_eq!(system(v4(70_001)), Some((4_200_000_000, None)));
    assert_eq!(system(v4(70_002)), None);
    let v6 = Ipv6Addr::from((1_u128 << 100) + 7).into();
    assert_eq!(system(v6), Some((64_500, Some("Example Networks of old"))));
    assert_eq!(table.lookup(v6).unwrap().unwrap().network.prefix(), 28);
}
