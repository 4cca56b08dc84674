//! Records with the marks of lists and the places of the user.
#![cfg(all(feature = "compact", feature = "mmdb"))]
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use geoip_core::{
    Answers, Database, Enricher, Flags, HostingWords, LearntAnswer, List, PlaceList,
    Precision, Record,
};
use geoip_testkit::maxmind;

fn database(name: &str) -> Database {
    Database::open(&maxmind::file(name)).unwrap()
}

fn list(name: &str, text: &str, flags: Flags) -> List {
    List::parse(name, text.as_bytes()).unwrap().flagged(flags)
}

fn record<'e>(enricher: &'e Enricher, address: &str) -> Record<'e> {
    enricher.enrich(address.parse().unwrap()).unwrap()
}

fn sources(record: &Record<'_>) -> Vec<String> {
    record.sources.iter().map(ToString::to_string).collect()
}

#[test]
fn flags_name_the_lists_that_set_them() {
    let enricher = Enricher::new()
        .with(database("GeoLite2-ASN-Test.mmdb"))
        .with_list(list("exits", "89.160.20.128\n192.0.2.1\n", Flags::TOR))
        .with_list(list("vpn", "# date 2026-08-22\nAS29518\n", Flags::VPN))
        .with_list(list("other", "198.51.100.0/24\n", Flags::PROXY));
    let exit = record(&enricher, "89.160.20.128");
    assert_eq!(exit.flags, Flags::TOR | Flags::VPN);
    assert_eq!(sources(&exit), ["GeoLite2-ASN 2026-02-04", "exits", "vpn 2026-08-22"]);
    // The exit is one address; its autonomous system is many.
    assert_eq!(exit.network.unwrap().to_string(), "89.160.20.128/32");
    let neighbour = record(&enricher, "89.160.20.129");
    assert_eq!(neighbour.flags, Flags::VPN);
    assert_eq!(neighbour.network.unwrap().to_string(), "89.160.0.0/17");
    // No database knows it, but a list does.
    let unknown = record(&enricher, "::ffff:192.0.2.1");
    assert_eq!((unknown.flags, sources(&unknown)), (Flags::TOR, vec!["exits".into()]));
    assert!(record(&enricher, "192.0.2.2").sources.is_empty());
    assert_eq!(enricher.flags(), Flags::TOR | Flags::VPN | Flags::PROXY);
}

#[test]
fn answers_from_elsewhere_come_before_databases() {
    let mut answers = Answers::new("geo.example", None);
    let answer = LearntAnswer {
        country: Some("SE".parse().unwrap()),
        city: Some("Linköping".into()),
        flags: Flags::VPN,
        ..LearntAnswer::default()
    };
    answers.insert("::ffff:89.160.20.128".parse().unwrap(), answer);
    // The first answer about an address is kept.
    answers.insert("89.160.20.128".parse().unwrap(), LearntAnswer::default());
    assert_eq!(answers.info().entries, Some(1));
    let enricher =
        Enricher::new().with(database("GeoLite2-ASN-Test.mmdb")).with_answers(answers);
    let found = record(&enricher, "89.160.20.128");
    assert_eq!(found.place.unwrap().city, Some("Linköping"));
    assert_eq!(found.flags, Flags::VPN);
    // What was not learnt, a database knows.
    assert_eq!(found.autonomous_system.unwrap().number.to_string(), "AS29518");
    assert_eq!(found.network.unwrap().to_string(), "89.160.20.128/32");
    assert_eq!(sources(&found), ["GeoLite2-ASN 2026-02-04", "geo.example"]);
    assert_eq!(enricher.flags(), Flags::all());
    // What was learnt of one address holds for no other.
    let neighbour = record(&enricher, "89.160.20.129");
    assert_eq!((neighbour.place, neighbour.flags), (None, Flags::default()));
}

#[test]
fn organizations_are_marked_by_words() {
    let words = HostingWords::parse("words", b"bredband\n").unwrap();
    let enricher = Enricher::new()
        .with(database("GeoLite2-ASN-Test.mmdb"))
        .with_hosting_words(words);
    let found = record(&enricher, "89.160.20.128");
    assert_eq!(found.flags, Flags::HOSTING);
    assert_eq!(sources(&found), ["GeoLite2-ASN 2026-02-04", "words"]);
    assert!(record(&enricher, "1.128.0.0").flags.is_empty());
}

#[test]
fn places_of_the_user_come_before_databases() {
    let text = "10.1.0.0/16,Office Lyon,FR,,Lyon,45.76,4.84\n\
                89.160.20.0/24,Office Linköping,SE,,Linköping,,\n\
                2.125.160.0/20,,GB,,Elsewhere\n";
    let enricher = Enricher::new()
        .with(database("GeoIP2-City-Test.mmdb"))
        .with_places(PlaceList::parse("offices", text.as_bytes()).unwrap());

    let private = record(&enricher, "10.1.2.3");
    assert_eq!(private.place.unwrap().name, Some("Office Lyon"));
    assert_eq!(private.precision(), Some(Precision::City));
    assert_eq!(
        (private.network.unwrap().to_string(), sources(&private)),
        ("10.1.0.0/16".into(), vec!["offices".into()])
    );

    // Without a point of its own it gets that of the same city.
    let agreed = record(&enricher, "89.160.20.128");
    let place = agreed.place.unwrap();
    assert_eq!((place.name, place.city), (Some("Office Linköping"), Some("Linköping")));
    assert_eq!(place.location.unwrap().accuracy_radius_km, Some(76));
    assert_eq!(sources(&agreed), ["GeoIP2-City 2026-02-04", "offices"]);

    // Where names differ, nothing is mixed.
    let other = record(&enricher, "2.125.160.216");
    assert_eq!((other.place.unwrap().city, other.location()), (Some("Elsewhere"), None));
    assert_eq!(sources(&other), ["offices"]);
}
