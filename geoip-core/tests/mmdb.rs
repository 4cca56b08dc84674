//! Databases in MaxMind's format, against MaxMind's own data.
#![cfg(feature = "mmdb")]
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::{
    fs,
    net::IpAddr,
    time::{Duration, Instant},
};

use geoip_core::{CountryCode, Database, Enricher, Error, Flags, IpNetwork, Precision};
use geoip_testkit::{maxmind, mmdb};
use serde_json::Value;

fn open(name: &str) -> Database {
    Database::open(&maxmind::file(name)).unwrap()
}

/// The networks of a test database and the record that each must answer.
fn expected(name: &str) -> Vec<(IpNetwork, Value)> {
    let text = fs::read_to_string(maxmind::file(name)).unwrap();
    let rows: Vec<serde_json::Map<String, Value>> = serde_json::from_str(&text).unwrap();
    let flat = rows.into_iter().flatten();
    flat.map(|(network, record)| (network.parse().unwrap(), record)).collect()
}

/// The addresses of a network that a mistake by one would confuse.
fn ends(network: IpNetwork) -> [IpAddr; 2] {
    [network.network(), network.broadcast()]
}

#[test]
fn answers_every_network_of_the_city_database() {
    for name in ["GeoIP2-City-Test", "GeoIP2-Enterprise-Test"] {
        let database = open(&format!("{name}.mmdb"));
        let mut cities = 0;
        for (network, row) in expected(&format!("{name}.json")) {
            for address in ends(network) {
                let place = database.lookup(address).unwrap().unwrap_or_default().place;
                let text = |path: &str| row.pointer(path).and_then(Value::as_str);
                let number = |path: &str| row.pointer(path).and_then(Value::as_f64);

                let code =
                    text("/country/iso_code").or(text("/registered_country/iso_code"));
                assert_eq!(
                    place.and_then(|place| place.country).map(CountryCode::as_str),
                    code,
                    "{network}"
                );
                let Some(place) = place else { continue };
                assert_eq!(place.city, text("/city/names/en"), "{network}");
                assert_eq!(
                    place.subdivision,
                    text("/subdivisions/0/names/en"),
                    "{network}"
                );
                let location = place.location;
                let point =
                    location.map(|location| (location.point.lat(), location.point.lng()));
                assert_eq!(
                    point,
                    number("/location/latitude").zip(number("/location/longitude")),
                    "{network}"
                );
                assert_eq!(
                    location.and_then(|location| location.time_zone),
                    text("/location/time_zone"),
                    "{network}"
                );
                cities += usize::from(place.city.is_some());
            }
        }
        assert!(cities > 10, "{name} has cities to compare");
    }
}

#[test]
fn answers_every_network_of_the_as_database() {
    let database = open("GeoLite2-ASN-Test.mmdb");
    for (network, row) in expected("GeoLite2-ASN-Test.json") {
        for address in ends(network) {
            let answer = database.lookup(address).unwrap().unwrap();
            let system = answer.autonomous_system.unwrap();
            assert_eq!(
                u64::from(system.number.0),
                row["autonomous_system_number"].as_u64().unwrap()
            );
            assert_eq!(
                system.organization,
                row["autonomous_system_organization"].as_str()
            );
        }
    }
}

#[test]
fn answers_every_network_of_the_anonymous_database() {
    let database = open("GeoIP2-Anonymous-IP-Test.mmdb");
    let mut flagged = 0;
    for (network, row) in expected("GeoIP2-Anonymous-IP-Test.json") {
        for address in ends(network) {
            let flags = database.lookup(address).unwrap().unwrap_or_default().flags;
            let is = |key: &str| row.get(key).and_then(Value::as_bool) == Some(true);
            assert_eq!(flags.contains(Flags::TOR), is("is_tor_exit_node"), "{network}");
            assert_eq!(flags.contains(Flags::VPN), is("is_anonymous_vpn"), "{network}");
            assert_eq!(flags.contains(Flags::HOSTING), is("is_hosting_provider"));
            assert_eq!(
                flags.contains(Flags::PROXY),
                is("is_public_proxy") || is("is_residential_proxy")
            );
            assert_eq!(flags.contains(Flags::ANONYMOUS), is("is_anonymous"));
            flagged += usize::from(!flags.is_empty());
        }
    }
    assert!(flagged > 10);
}

/// The keys of the ISP, Domain and Connection-Type databases, also where those of the
/// Enterprise database are.
#[test]
fn answers_every_network_of_the_databases_of_connections() {
    let names = ["GeoIP2-ISP", "GeoIP2-Domain", "GeoIP2-Connection-Type"];
    for (name, before) in
        names.map(|name| (name, "")).into_iter().chain([("GeoIP2-Enterprise", "/traits")])
    {
        let database = open(&format!("{name}-Test.mmdb"));
        assert!(database.info().facts.connection, "{name}");
        let mut known = 0;
        for (network, row) in expected(&format!("{name}-Test.json")) {
            let text = |key: &str| {
                row.pointer(&format!("{before}/{key}")).and_then(Value::as_str)
            };
            for address in ends(network) {
                let answer = database.lookup(address).unwrap().unwrap_or_default();
                let connection = answer.connection.unwrap_or_default();
                assert_eq!(connection.isp, text("isp"), "{network}");
                assert_eq!(connection.domain, text("domain"), "{network}");
                assert_eq!(
                    connection.connection_type,
                    text("connection_type"),
                    "{network}"
                );
                assert_eq!(connection.user_type, text("user_type"), "{network}");
                known += usize::from(answer.connection.is_some());
            }
        }
        assert!(known > 10, "{name} has connections to compare");
    }
}

#[test]
fn connections_of_several_databases_complete_each_other() {
    let enricher = Enricher::new()
        .with(open("GeoIP2-Domain-Test.mmdb"))
        .with(open("GeoIP2-Connection-Type-Test.mmdb"))
        .with(open("GeoIP2-ISP-Test.mmdb"));
    let record = enricher.enrich("1.2.0.1".parse().unwrap()).unwrap();
    let json = serde_json::to_value(record).unwrap();
    assert_eq!(json["domain"], "maxmind.com");
    assert_eq!(record.sources.iter().count(), 1);
    let record = enricher.enrich("67.43.156.1".parse().unwrap()).unwrap();
    let json = serde_json::to_value(record).unwrap();
    assert_eq!(json["connection_type"], "Cellular", "{json}");
    assert_eq!(json["isp"], "Loud Packet", "{json}");
    assert_eq!(json["domain"], "shoesfin.NET", "{json}");
    assert_eq!(record.sources.iter().count(), 3);
}

#[test]
fn names_are_in_the_first_language_that_is_known() {
    let named = |languages: &[&str], address: &str| {
        let database = open("GeoIP2-City-Test.mmdb").with_languages(languages);
        let place = database.lookup(address.parse().unwrap()).unwrap().unwrap().place;
        let place = place.unwrap();
        [place.country_name, place.city].map(|name| name.unwrap_or("").to_owned())
    };
    let london = "81.2.69.142";
    assert_eq!(named(&[], london), ["United Kingdom", "London"]);
    assert_eq!(named(&["de"], london), ["Vereinigtes Königreich", "London"]);
    assert_eq!(named(&["xx", "ru", "de"], london)[1], "Лондон");
    // Written otherwise, or the main language only.
    assert_eq!(named(&["ZH"], london), named(&["zh-CN"], london));
    assert_ne!(named(&["PT"], london), named(&["en"], london));
    // After English, nothing else is asked for.
    assert_eq!(named(&["en", "de"], london), named(&[], london));
    // No network has a German name for this city, but one for its country.
    assert_eq!(named(&["de"], "2.125.160.216"), ["Vereinigtes Königreich", "Boxford"]);
    assert!(open("GeoIP2-City-Test.mmdb").languages().contains(&"en".into()));
}

#[test]
fn every_location_has_a_radius() {
    let database = open("GeoIP2-City-Test.mmdb");
    let mut located = 0;
    for (network, row) in expected("GeoIP2-City-Test.json") {
        let place = database.lookup(network.ip()).unwrap().unwrap_or_default().place;
        let Some(location) = place.and_then(|place| place.location) else { continue };
        let radius_km = row.pointer("/location/accuracy_radius").and_then(Value::as_u64);
        assert!(location.accuracy_radius_km.is_some(), "{network}");
        if radius_km.is_some() {
            assert_eq!(location.accuracy_radius_km.map(u64::from), radius_km);
        }
        located += 1;
    }
    assert!(located > 100);
}

#[test]
fn several_databases_make_one_record() {
    let enricher = Enricher::new()
        .with(open("GeoIP2-Country-Test.mmdb"))
        .with(open("GeoIP2-City-Test.mmdb"))
        .with(open("GeoLite2-ASN-Test.mmdb"));
    let record = enricher.enrich("89.160.20.128".parse().unwrap()).unwrap();
    let place = record.place.unwrap();
    assert_eq!((place.country_name, place.city), (Some("Sweden"), Some("Linköping")));
    assert_eq!(record.precision(), Some(Precision::City));
    assert_eq!(record.autonomous_system.unwrap().number.to_string(), "AS29518");
    assert_eq!(record.network.unwrap().to_string(), "89.160.20.128/25");
    // The country database knew the country first, but gave way to the city.
    let sources: Vec<_> = record.sources.iter().map(|info| info.name.as_str()).collect();
    assert_eq!(sources, ["GeoIP2-City", "GeoLite2-ASN"]);

    let mapped = enricher.enrich("::ffff:89.160.20.128".parse().unwrap()).unwrap();
    assert_eq!(mapped.place, record.place);
    let private = enricher.enrich("10.0.0.1".parse().unwrap()).unwrap();
    assert!(private.place.is_none() && private.sources.is_empty());
}

#[test]
fn damaged_databases_are_errors_that_name_the_file() {
    let paths = maxmind::damaged();
    assert!(paths.len() > 20);
    let mut refused = 0;
    for path in paths {
        let answers = Database::open(&path).and_then(|database| {
            ["1.1.1.1", "89.160.20.128", "2001:218::1", "255.255.255.255"]
                .into_iter()
                .try_for_each(|address| {
                    database.lookup(address.parse().unwrap()).map(|_| ())
                })
        });
        if let Err(error) = answers {
            assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
            refused += 1;
        }
    }
    assert!(refused > 15, "only {refused} refused");
}

#[test]
fn a_few_bytes_that_stand_for_a_trillion_values_are_refused() {
    let begun = Instant::now();
    for key in ["country", "subdivisions", "city", "location", "asn", "unknown"] {
        let error = Database::from_bytes("bomb", mmdb::fan_out(key, 40)).unwrap_err();
        assert!(error.to_string().contains("bomb"), "{error}");
    }
    // What is not read is skipped, and what is read is counted.
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn what_is_no_database_is_told_by_its_looks() {
    let cases: [(&[u8], &str); 6] = [
        (b"", "the file is empty"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"PK\x03\x04", "zip"),
        (b" <!DOCTYPE html><title>429</title>", "web page"),
        (b"{\"code\":\"LIMIT_EXCEEDED\"}", "JSON"),
        (b"\xff\x00\xff", "no format known"),
    ];
    for (bytes, looks) in cases {
        let error = Database::from_bytes("x.mmdb", bytes).unwrap_err();
        assert!(matches!(error, Error::NotADatabase { .. }));
        assert!(error.to_string().contains(looks), "{error}");
    }
    let path = maxmind::file("bad-data/GeoIP2-DensityIncome-Test.mmdb");
    let error = Database::open(&path).unwrap_err();
    assert!(matches!(error, Error::NoKnownFacts { .. }), "{error}");
}

#[test]
fn a_record_in_json_has_the_promised_keys() {
    let enricher = Enricher::new()
        .with(open("GeoIP2-City-Test.mmdb"))
        .with(open("GeoLite2-ASN-Test.mmdb"))
        .with(open("GeoIP2-Anonymous-IP-Test.mmdb"));
    let json = |address: &str| {
        let record = enricher.enrich(address.parse().unwrap()).unwrap();
        serde_json::to_string_pretty(&record).unwrap()
    };
    let expected = r#"{
  "address": "89.160.20.128",
  "network": "89.160.20.128/25",
  "country": "SE",
  "country_name": "Sweden",
  "subdivision": "Östergötland County",
  "city": "Linköping",
  "latitude": 58.4167,
  "longitude": 15.6167,
  "accuracy_radius_km": 76,
  "precision": "city",
  "time_zone": "Europe/Stockholm",
  "asn": 29518,
  "organization": "Bredband2 AB",
  "scope": "global",
  "sources": [
    "GeoIP2-City 2026-02-04",
    "GeoLite2-ASN 2026-02-04"
  ]
}"#;
    assert_eq!(json("89.160.20.128"), expected);
    assert!(json("65.0.0.0").contains(r#""flags": ["#), "{}", json("65.0.0.0"));
    let private = "{\n  \"address\": \"10.0.0.1\",\n  \"scope\": \"private\"\n}";
    assert_eq!(json("10.0.0.1"), private);
}
