//! Databases laid out for look-ups, against the same as they are in the file.
#![cfg(feature = "mmdb")]
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::{net::IpAddr, num::NonZero};

use geoip_core::{Database, Found, IpNetwork, Layout};
use geoip_testkit::maxmind;

/// Addresses next to which something changes: the ends of the networks that answer, and
/// what is just outside; then the same around those.
fn boundaries(database: &Database) -> Vec<IpAddr> {
    let first: IpAddr = "0.0.0.0".parse().unwrap();
    let mut all = Vec::new();
    for number in 0..=255_u8 {
        all.extend([[number, 0, 0, 0], [number, 255, 255, 255]].map(IpAddr::from));
        let six = u128::from(number);
        all.extend(
            [six << 120, six << 104 | 0x20 << 120, six]
                .map(|bits| IpAddr::from(bits.to_be_bytes())),
        );
    }
    all.extend(
        ["2002:5102:458e::1", "::81.2.69.142", "64:ff9b::5102:458e"]
            .map(|text| text.parse::<IpAddr>().unwrap()),
    );
    all.push(first);
    let mut at = 0;
    while at < all.len() && all.len() < 60_000 {
        if let Some(network) =
            database.lookup(all[at]).unwrap().and_then(|answer| answer.network)
        {
            for outside in around(network) {
                if !all.contains(&outside) {
                    all.push(outside);
                }
            }
        }
        at += 1;
    }
    all
}

/// First and last address of a network, and the ones beside it.
fn around(network: IpNetwork) -> Vec<IpAddr> {
    let beside = |address: IpAddr, step: i8| match address {
        IpAddr::V4(address) => {
            let bits = address.to_bits().checked_add_signed(step.into());
            bits.map(|bits| IpAddr::from(bits.to_be_bytes()))
        }
        IpAddr::V6(address) => {
            let bits = address.to_bits().checked_add_signed(step.into());
            bits.map(|bits| IpAddr::from(bits.to_be_bytes()))
        }
    };
    let (first, last) = (network.network(), network.broadcast());
    [Some(first), Some(last), beside(first, -1), beside(last, 1)]
        .into_iter()
        .flatten()
        .collect()
}

#[test]
fn answers_are_those_of_the_file() {
    for name in [
        "GeoIP2-City-Test",
        "GeoIP2-Enterprise-Test",
        "GeoIP2-ISP-Test",
        "GeoIP2-Domain-Test",
        "GeoIP2-Connection-Type-Test",
        "GeoIP2-Country-Test",
        "GeoLite2-ASN-Test",
        "GeoIP2-Anonymous-IP-Test",
        "GeoIP-Anonymous-Plus-Test",
    ] {
        let open = || {
            let path = maxmind::file(&format!("{name}.mmdb"));
            Database::open(&path).unwrap().with_languages(&["de"])
        };
        // As many look-ups as would make the table are too few.
        let addresses = boundaries(&open());
        assert!(addresses.len() > 300);
        for (layout, threads) in
            [(Layout::Ranges, 1), (Layout::Ranges, 3), (Layout::Direct, 2)]
        {
            let mut flat = open();
            let bytes = flat.flatten(layout, NonZero::new(threads).unwrap());
            assert!(bytes.unwrap() > 1000, "{name}");
            assert_batches_agree(&flat, &addresses);
            for chunk in addresses.chunks(20) {
                // A new one each time, before it is laid out by itself.
                let in_file = open();
                for &address in chunk {
                    let expected = in_file.lookup(address).unwrap();
                    assert_eq!(
                        flat.lookup(address).unwrap(),
                        expected,
                        "{name} {address}"
                    );
                    let found = flat.find(address).unwrap();
                    assert_eq!(found.as_ref().map(geoip_core::Found::answer), expected);
                    let place = expected.and_then(|answer| answer.place);
                    let country = found.as_ref().and_then(geoip_core::Found::country);
                    assert_eq!(country, place.and_then(|place| place.country));
                    let point = found.as_ref().and_then(geoip_core::Found::point);
                    let location = place.and_then(|place| place.location);
                    assert_eq!(point, location.map(|location| location.point));
                }
            }
        }
    }
}

/// Every batch must find what single look-ups find, each address in its place.
fn assert_batches_agree(database: &Database, addresses: &[IpAddr]) {
    let facts = |found: Option<Found<'_>>| {
        found.map(|found| {
            (found.country(), found.point(), format!("{:?}", found.answer()))
        })
    };
    for some in [addresses, &addresses[..1], &addresses[1..64], &addresses[3..68], &[]] {
        let mut next = 0;
        database
            .find_each(some, |position, found| {
                assert_eq!(position, next);
                let expected = database.find(some[position]).unwrap();
                assert_eq!(facts(found), facts(expected), "{}", some[position]);
                next += 1;
            })
            .unwrap();
        assert_eq!(next, some.len());
    }
}

#[test]
fn batches_agree_where_nothing_is_laid_out() {
    let open = |name: &str| Database::open(&maxmind::file(name)).unwrap();
    // Neither is asked often enough to be laid out.
    let few = boundaries(&open("GeoIP2-City-Test.mmdb"));
    assert_batches_agree(&open("GeoIP2-City-Test.mmdb"), &few[..70]);
    let cities = Database::from_bytes("cities", geoip_data_city::CITY).unwrap();
    assert_batches_agree(&cities, &few);
}

#[test]
fn what_is_damaged_says_so_laid_out_or_not() {
    let mut flat = 0;
    for path in maxmind::damaged() {
        let Ok(mut database) = Database::open(&path) else { continue };
        let asked: Vec<IpAddr> =
            ["1.1.1.1", "89.160.20.128", "2001:218::1", "81.2.69.142"]
                .map(|text| text.parse().unwrap())
                .to_vec();
        let answers = |database: &Database| -> Vec<String> {
            asked
                .iter()
                .map(|&address| format!("{:?}", database.lookup(address)))
                .collect()
        };
        let before = answers(&database);
        flat += usize::from(
            database.flatten(Layout::Ranges, NonZero::<usize>::MIN).is_some(),
        );
        assert_eq!(answers(&database), before, "{}", path.display());
    }
    // What no record is damaged in can be laid out.
    assert!(flat < 5);
}
