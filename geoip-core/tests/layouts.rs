//! Records of every vendor's layout, in files that say nothing true about their type.
#![cfg(feature = "mmdb")]
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use geoip_core::{Answer, Asn, CountryCode, Database, Flags};
use geoip_testkit::mmdb;
use serde_json::{Value, json};

/// The type that an IP2Location file is reported to claim.
const FALSE_TYPE: &str = "GeoLite2-City";

fn database_of(record: &Value) -> Database {
    let bytes = mmdb::database(FALSE_TYPE, 6, &[("192.0.2.0/24", record.clone())]);
    Database::from_bytes("test", bytes).unwrap()
}

/// What is answered from a record, before and after the database is laid out for look-ups.
fn answered(record: &Value, check: impl Fn(Answer<'_>)) {
    let mut database = database_of(record);
    let address = "192.0.2.7".parse().unwrap();
    check(database.lookup(address).unwrap().unwrap());
    database.flatten(geoip_core::Layout::Ranges, std::num::NonZero::<usize>::MIN);
    check(database.lookup(address).unwrap().unwrap());
    assert_eq!(database.lookup("192.0.3.7".parse().unwrap()).unwrap(), None);
}

/// Country, its name, subdivision, city; and the point.
fn place(answer: &Answer<'_>) -> ([Option<String>; 4], Option<(f64, f64)>) {
    let place = answer.place.unwrap();
    let code = place.country.map(CountryCode::as_str);
    let texts = [code, place.country_name, place.subdivision, place.city];
    let point = place.location.map(|it| (it.point.lat(), it.point.lng()));
    (texts.map(|text| text.map(str::to_owned)), point)
}

/// As [`place`], empty for what is not known.
fn expected(
    texts: [&str; 4],
    point: Option<(f64, f64)>,
) -> ([Option<String>; 4], Option<(f64, f64)>) {
    let known = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    (texts.map(known), point)
}

#[test]
fn ipinfo_lite_says_the_country_by_name_and_the_system_by_text() {
    let record = json!({
        "as_domain": "cloudflare.com", "as_name": "Cloudflare, Inc.", "asn": "AS13335",
        "continent": "Oceania", "continent_code": "OC",
        "country": "Australia", "country_code": "AU",
    });
    answered(&record, |answer| {
        assert_eq!(place(&answer), expected(["AU", "Australia", "", ""], None));
        let system = answer.autonomous_system.unwrap();
        assert_eq!(system.number, Asn(13335));
        assert_eq!(system.organization, Some("Cloudflare, Inc."));
    });
}

#[test]
fn ipinfo_of_before_says_the_country_by_code() {
    let record = json!({
        "as_domain": "dtag.de", "as_name": "Deutsche Telekom AG", "asn": "AS3320",
        "continent": "EU", "continent_name": "Europe",
        "country": "DE", "country_name": "Germany",
    });
    answered(&record, |answer| {
        assert_eq!(place(&answer), expected(["DE", "Germany", "", ""], None));
        assert_eq!(answer.autonomous_system.unwrap().number, Asn(3320));
    });
}

#[test]
fn ipinfo_locations_have_numbers_as_text_or_as_numbers() {
    let of_before = json!({
        "city": "Lyon", "country": "FR", "geoname_id": "2996944", "lat": "45.74846",
        "lng": "4.84671", "postal_code": "69001", "region": "Rhône-Alpes",
        "region_code": "ARA", "timezone": "Europe/Paris",
    });
    let of_now = json!({
        "city": "Lyon", "country": "France", "country_code": "FR", "latitude": 45.74846,
        "longitude": 4.84671, "region": "Rhône-Alpes", "timezone": "Europe/Paris",
        "radius": 20,
    });
    for (record, radius_km) in [(of_before, 25), (of_now, 20)] {
        answered(&record, |answer| {
            let point = Some((45.74846, 4.84671));
            let expected = expected(["FR", "France", "Rhône-Alpes", "Lyon"], point);
            assert_eq!(place(&answer), expected);
            let location = answer.place.unwrap().location.unwrap();
            assert_eq!(location.time_zone, Some("Europe/Paris"));
            assert_eq!(location.accuracy_radius_km, Some(radius_km));
        });
    }
}

#[test]
fn ipinfo_core_has_flags_beside_the_rest() {
    let record = json!({
        "asn": "AS63949", "as_name": "Akamai Connected Cloud", "as_type": "hosting",
        "country": "United States", "country_code": "US",
        "is_anonymous": true, "is_anycast": false, "is_hosting": true, "is_proxy": false,
        "is_relay": false, "is_tor": false, "is_vpn": true,
    });
    answered(&record, |answer| {
        assert_eq!(answer.flags, Flags::ANONYMOUS | Flags::HOSTING | Flags::VPN);
        assert_eq!(place(&answer), expected(["US", "United States", "", ""], None));
    });
}

#[test]
fn ipinfo_privacy_says_no_by_an_empty_text() {
    let of_before = json!({
        "hosting": "true", "proxy": "", "relay": "", "service": "", "tor": "", "vpn": "true",
    });
    let of_now = json!({
        "hosting": true, "proxy": false, "relay": false, "tor": false, "vpn": true,
    });
    for record in [of_before, of_now] {
        answered(&record, |answer| {
            assert_eq!(answer.flags, Flags::HOSTING | Flags::VPN);
            assert_eq!(answer.place, None);
        });
    }
}

#[test]
fn ip2location_in_the_layout_of_maxmind_is_read_by_its_shape() {
    let record = json!({
        "city": { "names": { "en": "Lyon" } },
        "country": { "iso_code": "FR", "names": { "en": "France" } },
        "location": { "latitude": 45.74846, "longitude": 4.84671, "time_zone": "+01:00" },
        "postal": { "code": "69001" },
        "subdivisions": [{ "names": { "en": "Auvergne-Rhone-Alpes" } }],
    });
    answered(&record, |answer| {
        let point = Some((45.74846, 4.84671));
        let expected = expected(["FR", "France", "Auvergne-Rhone-Alpes", "Lyon"], point);
        assert_eq!(place(&answer), expected);
    });
}

/// A record of ip-location-db, which is flat and has empty texts.
fn flat(code: &str, city: &str, lat: f64, lng: f64) -> Value {
    json!({
        "city": city, "country_code": code, "latitude": lat, "longitude": lng,
        "postcode": "", "state1": "", "state2": "", "timezone": "",
    })
}

#[test]
fn two_files_of_one_family_each_answer_as_one() {
    let v4 = [("192.0.2.0/24", flat("FR", "Lyon", 45.75, 4.85))];
    let v6 = [("2001:db8::/32", flat("JP", "Osaka", 34.69, 135.5))];
    let open = |name: &str, bytes| Database::from_bytes(name, bytes).unwrap();
    let v4 = || open("city ipv4", mmdb::database("city ipv4", 4, &v4));
    let v6 = || open("city ipv6", mmdb::database("city ipv6", 6, &v6));
    for mut database in [v4().join(v6()).unwrap(), v6().join(v4()).unwrap()] {
        for _ in 0..2 {
            let city = |address: &str| {
                let answer = database.lookup(address.parse().unwrap()).unwrap();
                answer.and_then(|answer| answer.place?.city)
            };
            assert_eq!(city("192.0.2.1"), Some("Lyon"));
            assert_eq!(city("::ffff:192.0.2.1"), Some("Lyon"));
            assert_eq!(city("2001:db8::1"), Some("Osaka"));
            assert_eq!(city("192.0.3.1"), None);
            assert_eq!(city("2001:db9::1"), None);
            assert_eq!(database.info().name, "city");
            let threads = std::num::NonZero::<usize>::MIN;
            assert!(database.flatten(geoip_core::Layout::Direct, threads).is_some());
        }
    }
}

#[test]
fn what_is_not_of_one_family_each_is_not_joined() {
    let record = || flat("FR", "Lyon", 45.75, 4.85);
    let of = |kind: &str, version, network| {
        let bytes = mmdb::database(kind, version, &[(network, record())]);
        Database::from_bytes(kind, bytes).unwrap()
    };
    let v4 = || of("city ipv4", 4, "192.0.2.0/24");
    assert!(v4().join(v4()).is_err(), "both of IPv4");
    assert!(v4().join(of("country ipv6", 6, "2001:db8::/32")).is_err(), "other names");
    assert!(v4().join(of("city ipv6", 6, "192.0.2.0/24")).is_err(), "has IPv4 itself");
}

#[test]
fn default_points_are_known_where_there_is_no_ipv4() {
    // A city, and what is put in the middle of the country for want of one.
    let middle =
        |number: u128| (format!("2a00:{number:x}::/32"), flat("FR", "", 46.0, 2.0));
    let mut records: Vec<_> = (0..0x1000).map(middle).collect();
    records.push(("2001:db8::/32".into(), flat("FR", "Lyon", 46.0, 2.0)));
    let records: Vec<_> =
        records.iter().map(|(network, record)| (&**network, record.clone())).collect();
    let bytes = mmdb::database("city ipv6", 6, &records);
    let database = Database::from_bytes("city ipv6", bytes).unwrap();
    let default_of = |address: &str| {
        let answer = database.lookup(address.parse().unwrap()).unwrap().unwrap();
        answer.place.unwrap().location.unwrap().default_of
    };
    assert_eq!(default_of("2a00:7::1"), Some(geoip_core::Precision::Country));
    assert_eq!(default_of("2001:db8::1"), None);
}
