//! Databases in MaxMind's format, written and read back.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::net::IpAddr;

use geoip_core::{
    AddressRange, Asn, AutonomousSystem, Connection, Database, Flags, LatLng, Location,
    Place, Record,
};
use geoip_write::{AsnSource, CitySource, MmdbWriter, Provenance, encode_cities};
use maxminddb::{Reader, geoip2};
use proptest::prelude::*;

/// A record of which every number is different, some with little in it.
fn record(number: u8, names: &[String]) -> Record<'_> {
    let mut record = Record::new(IpAddr::from([0, 0, 0, 0]));
    let name = |which: usize| {
        names.get(which).map(String::as_str).filter(|name| !name.is_empty())
    };
    let mut place = Place::default();
    if !number.is_multiple_of(3) {
        place.country = ["FR", "DE", "JP"][usize::from(number) % 3].parse().ok();
        place.country_name = place.country.map(geoip_core::CountryCode::name);
        place.subdivision = name(0);
        place.city = name(1);
        let point =
            LatLng::new(f64::from(number) / 3.0, -f64::from(number) / 2.0).unwrap();
        let mut location = Location::new(point);
        location.accuracy_radius_km = Some(u16::from(number) * 200 + 1);
        location.time_zone = name(2);
        place.location = Some(location);
        record.place = Some(place);
    }
    if number.is_multiple_of(2) {
        let asn = Asn(u32::from(number) * 70_000 + 1);
        record.autonomous_system = Some(AutonomousSystem::new(asn, name(1)));
    }
    if number.is_multiple_of(5) {
        let mut connection = Connection::default();
        connection.isp = name(0);
        connection.user_type = Some("residential");
        record.connection = Some(connection);
    }
    let flags = [Flags::TOR, Flags::VPN, Flags::HOSTING, Flags::PROXY, Flags::RELAY];
    record.flags = flags[usize::from(number) % 5];
    record
}

fn v4(first: u32, last: u32) -> AddressRange {
    AddressRange::new(first.to_be_bytes().into(), last.to_be_bytes().into()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_written_is_read_back(
        ranges in prop::collection::vec((any::<bool>(), any::<u64>(), 0_u64..1 << 18, any::<u8>()), 1..30),
        names in prop::collection::vec("[a-zé]{0,100}", 3),
    ) {
        let mut writer = MmdbWriter::new("Test", 1_767_225_600).description("Of a test");
        let mut held: Vec<(AddressRange, u8)> = Vec::new();
        for (is_v4, first, length, number) in ranges {
            let range = if is_v4 {
                let first = u32::try_from(first >> 32).unwrap();
                v4(first, first.saturating_add(u32::try_from(length).unwrap()))
            } else {
                // Below 2000::/4, so that no network of IPv4 is behind it.
                let first = u128::from(first) << 60 | 1 << 125;
                let last = first.saturating_add(u128::from(length) << 40);
                AddressRange::new(first.to_be_bytes().into(), last.to_be_bytes().into()).unwrap()
            };
            writer.insert(range, &record(number, &names)).unwrap();
            held.push((range, number));
        }
        let bytes = writer.finish().unwrap();
        Reader::from_source(&bytes).unwrap().verify().unwrap();
        let database = Database::from_bytes("test", bytes).unwrap();
        for &(range, _) in &held {
            for address in [range.first(), range.last()] {
                // What came later holds.
                let (_, number) = held
                    .iter()
                    .rfind(|(range, _)| range.first() <= address && address <= range.last())
                    .unwrap();
                let expected = record(*number, &names);
                let answer = database.lookup(address).unwrap().unwrap();
                prop_assert_eq!(answer.place, expected.place);
                prop_assert_eq!(answer.autonomous_system, expected.autonomous_system);
                prop_assert_eq!(answer.connection, expected.connection);
                prop_assert_eq!(answer.flags, expected.flags);
            }
        }
        // Each range is there once more when the database is read whole.
        let mut whole = 0_usize;
        database.for_each_range(|range, answer| {
            whole += 1;
            assert_eq!(database.lookup(range.first()).unwrap().unwrap().place, answer.place);
        }).unwrap();
        prop_assert!(whole > 0);
    }
}

#[test]
fn any_reader_of_city_databases_reads_it() {
    let names = ["Île-de-France".into(), "Paris".into(), "Europe/Paris".into()];
    let mut writer = MmdbWriter::new("Test-City", 1_767_225_600);
    writer.insert(v4(0x0100_0000, 0x0100_02ff), &record(4, &names)).unwrap();
    let bytes = writer.finish().unwrap();
    let reader = Reader::from_source(bytes).unwrap();
    assert_eq!(reader.metadata().database_type, "Test-City");
    let mapped = ["1.0.2.3", "::ffff:1.0.2.3", "2002:100:203::1", "::1.0.2.3"];
    for address in mapped {
        let found = reader.lookup(address.parse().unwrap()).unwrap();
        let city: geoip2::City<'_> = found.decode().unwrap().unwrap();
        assert_eq!(city.city.names.english, Some("Paris"), "{address}");
        assert_eq!(city.country.iso_code, Some("DE"));
        assert_eq!(city.subdivisions[0].names.english, Some("Île-de-France"));
        assert_eq!(city.location.accuracy_radius, Some(801));
    }
    assert!(!reader.lookup("1.0.3.0".parse().unwrap()).unwrap().has_data());
}

#[test]
fn a_csv_becomes_a_compact_database() {
    let csv = "network,country,subdivision,city,latitude,longitude,asn,organization\n\
        1.0.0.0/24,FR,Rhône,Lyon,45.76,4.84,64496,Example\n\
        2001:db8::/32,NO,,Oslo,59.91,10.75,64497,Eksempel\n";
    let database = Database::from_bytes("x.csv", csv.as_bytes().to_vec()).unwrap();
    let source = CitySource::of(&database).unwrap();
    assert_eq!((source.places.len(), source.v4.len(), source.v6.len()), (2, 1, 1));
    let systems = AsnSource::of(&database).unwrap();
    assert_eq!(systems.systems[1], (64497, "Eksempel".into()));
    let provenance = Provenance {
        source: "x.csv".into(),
        build_epoch: 1_767_225_600,
        radius_km: 0,
        attribution: String::new(),
        attribution_url: String::new(),
        license: String::new(),
    };
    let compact = encode_cities(&source, provenance).unwrap();
    let compact = Database::from_bytes("x", compact).unwrap();
    for address in ["1.0.0.9", "2001:db8::9"] {
        let address = address.parse().unwrap();
        let city = |database: &Database| {
            let place = database.lookup(address).unwrap().unwrap().place.unwrap();
            (place.city.unwrap().to_owned(), place.country)
        };
        assert_eq!(city(&compact), city(&database));
    }
}
