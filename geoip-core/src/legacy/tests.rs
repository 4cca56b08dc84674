use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::*;

/// A writer of legacy files: a tree of branches that are nodes or records.
#[derive(Default)]
struct Writer {
    /// Two branches a node: none leads to nothing.
    nodes: Vec<[Branch; 2]>,
    records: Vec<u8>,
}

#[derive(Clone, Copy, Default)]
enum Branch {
    #[default]
    Nothing,
    Node(u32),
    /// The number of a country, or where a record begins.
    Record(u32),
}

impl Writer {
    fn new() -> Self {
        Self { nodes: vec![Default::default()], ..Self::default() }
    }

    /// Networks must not overlap.
    fn insert(&mut self, base: u128, prefix: u8, width: u8, record: u32) {
        let mut node = 0;
        for depth in 0..prefix {
            let bit = (base >> (width - 1 - depth) & 1) as usize;
            if depth + 1 == prefix {
                self.nodes[node][bit] = Branch::Record(record);
                return;
            }
            node = if let Branch::Node(next) = self.nodes[node][bit] {
                next as usize
            } else {
                let next = self.nodes.len();
                self.nodes[node][bit] = Branch::Node(u32::try_from(next).unwrap());
                self.nodes.push(Default::default());
                next
            };
        }
    }

    /// A record of a file of cities.
    fn city(&mut self, country: u8, city: &[u8], lat: f64, lng: f64) -> u32 {
        let start = self.records.len();
        self.records.extend([&[country], &b"07\0"[..], city, b"\0\0"].concat());
        for degrees in [lat, lng] {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "at most 3.6 million"
            )]
            let number = ((degrees + 180.0) * 10_000.0).round() as u32;
            self.records.extend(&number.to_le_bytes()[..3]);
        }
        u32::try_from(start).unwrap()
    }

    fn text(&mut self, text: &str) -> u32 {
        let start = self.records.len();
        self.records.extend(text.as_bytes());
        self.records.push(0);
        u32::try_from(start).unwrap()
    }

    fn finish(&self, kind: u8) -> Vec<u8> {
        let is_country = matches!(kind, 1 | 12 | 106);
        let nodes = u32::try_from(self.nodes.len()).unwrap();
        let first = if is_country { FIRST_COUNTRY } else { nodes };
        let mut bytes = Vec::new();
        for branch in self.nodes.iter().flatten() {
            let number = match *branch {
                Branch::Nothing => first,
                Branch::Node(node) => node,
                // The first record of those behind the tree is "nothing".
                Branch::Record(record) => first + record + u32::from(!is_country),
            };
            bytes.extend(&number.to_le_bytes()[..3]);
        }
        if !is_country {
            // What no leaf leads to: leaves count from one on.
            bytes.push(0);
        }
        bytes.extend(&self.records);
        bytes.extend(b"\0\0\0GEO-106FREE 20180605 Build 1\xff\xff\xff");
        bytes.push(kind);
        if !is_country {
            bytes.extend(&nodes.to_le_bytes()[..3]);
        }
        bytes
    }
}

fn table(bytes: &[u8]) -> (Table, DatabaseInfo) {
    parse("x.dat", bytes).expect("a legacy file").expect("a sound one")
}

fn v4(address: u32) -> IpAddr {
    Ipv4Addr::from_bits(address).into()
}

#[test]
fn cities_have_countries_names_and_points() {
    let mut writer = Writer::new();
    let sao_paulo = writer.city(31, b"S\xe3o Paulo", -23.5477, -46.6358);
    let default_point = writer.city(225, b"", 37.751, -97.822);
    writer.insert(0x0100_0000, 8, 32, sao_paulo);
    writer.insert(0x0200_0000, 16, 32, default_point);
    let (table, info) = table(&writer.finish(2));
    assert_eq!(info.name, "GEO-106FREE 20180605 Build 1");
    assert_eq!(info.build_epoch, Some(1_528_156_800));
    assert!(info.facts.city && info.facts.country && !info.facts.autonomous_system);
    assert_eq!(info.entries, Some(2));

    let answer = table.lookup(v4(0x01ff_ffff)).unwrap();
    let place = answer.place.unwrap();
    assert_eq!(answer.network.unwrap().to_string(), "1.0.0.0/8");
    assert_eq!((place.country_name, place.city), (Some("Brazil"), Some("São Paulo")));
    let point = place.location.unwrap().point;
    assert_eq!((point.lat(), point.lng()), (-23.5477, -46.6358));
    let answer = table.lookup(v4(0x0200_00ff)).unwrap();
    let place = answer.place.unwrap();
    assert_eq!((place.city, place.country.unwrap().as_str()), (None, "US"));
    assert!(table.lookup(v4(0x0300_0000)).is_none());
}

#[test]
fn systems_have_numbers_and_names() {
    let mut writer = Writer::new();
    let cloudflare = writer.text("AS13335 Cloudflare, Inc.");
    let nameless = writer.text("AS64500");
    writer.insert(0x0101_0100, 24, 32, cloudflare);
    writer.insert(0x0101_0200, 24, 32, nameless);
    let (table, info) = table(&writer.finish(9));
    assert!(info.facts.autonomous_system && !info.facts.country);
    let system = |address| table.lookup(v4(address)).unwrap().autonomous_system.unwrap();
    let known = system(0x0101_0101);
    assert_eq!((known.number.0, known.organization), (13_335, Some("Cloudflare, Inc.")));
    let known = system(0x0101_0201);
    assert_eq!((known.number.0, known.organization), (64_500, None));
}

#[test]
fn kinds_that_are_not_read_are_named_and_damage_is_told() {
    let mut writer = Writer::new();
    let record = writer.text("an organisation");
    writer.insert(0, 8, 32, record);
    let error = parse("x.dat", &writer.finish(5)).unwrap().unwrap_err();
    assert!(error.to_string().contains("kind 5"), "{error}");
    assert!(parse("x.dat", b"").is_none());
    assert!(parse("x.dat", b"\xff\xff\xff").is_none());
    assert!(parse("x.dat", b"no database \xff\xff\xff\x63").is_none());

    // A node that is its own child, in a file with room for many.
    let mut looped = vec![0_u8; 6 * 1000];
    looped.extend(b"\0\0\0\xff\xff\xff\x0c");
    let error = parse("x.dat", &looped).unwrap().unwrap_err();
    let text = format!("{error}: {:?}", std::error::Error::source(&error));
    assert!(text.contains("deeper") || text.contains("meet"), "{text}");
}

proptest! {
    #[test]
    fn every_address_has_the_country_of_its_network(
        countries in prop::collection::vec(0_u8..=255, 256),
        is_v6: bool,
        inner: u32,
    ) {
        // A network for each first byte.
        let (width, kind) = if is_v6 { (128_u8, 12) } else { (32_u8, 106) };
        let mut writer = Writer::new();
        for (first, &number) in (0_u128..).zip(&countries) {
            writer.insert(first << (width - 8), 8, width, number.into());
        }
        let (table, _) = table(&writer.finish(kind));
        for (first, &number) in (0_u128..).zip(&countries) {
            let bits = first << (width - 8) | u128::from(inner >> 8);
            let address = if is_v6 {
                Ipv6Addr::from_bits(bits).into()
            } else {
                v4(u32::try_from(bits).unwrap())
            };
            let found = table.lookup(address).and_then(|answer| answer.place?.country);
            prop_assert_eq!(found, countries::country(number));
        }
    }

    #[test]
    fn damage_is_an_error_or_an_answer_and_never_a_panic(
        kind in prop::sample::select(vec![1_u8, 2, 9, 12, 21, 30, 106]),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        cut: prop::sample::Index,
    ) {
        let mut writer = Writer::new();
        let city = writer.city(56, b"Berlin", 52.52, 13.405);
        writer.insert(0x0a00_0000, 8, 32, city);
        let mut bytes = writer.finish(kind);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = parse("x.dat", &bytes);
        let _ = parse("x.dat", &bytes[cut.index(bytes.len())..]);
    }
}
