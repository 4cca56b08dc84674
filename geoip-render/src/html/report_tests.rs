//! A report read back as the page's script reads it.

use geoip_core::{Asn, Count, Flags, LatLng, Precision};
use proptest::prelude::*;
use serde_json::Value;

use crate::{
    FixedTable, Home, Listed, Login, Map, Offer, PlaceOfRows, Report, Row, TimeBars,
    Timeline, report,
};

/// What an element of the page holds.
fn unpacked(page: &str, id: &str) -> Value {
    let (_, from) = page.split_once(&format!("id=\"{id}\">")).unwrap();
    let (text, _) = from.split_once('<').unwrap();
    let letter = |byte: u8| {
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        letters.iter().position(|it| *it == byte).map(|at| u32::try_from(at).unwrap())
    };
    let mut bytes = Vec::new();
    for four in text.as_bytes().chunks(4) {
        let bits = four.iter().fold(0, |bits, it| bits << 6 | letter(*it).unwrap_or(0));
        let length = four.iter().filter(|it| **it != b'=').count() - 1;
        bytes.extend(bits.to_be_bytes()[1..].iter().take(length));
    }
    let json = miniz_oxide::inflate::decompress_to_vec_zlib(&bytes).unwrap();
    serde_json::from_slice(&json).unwrap()
}

fn numbers(value: &Value) -> Vec<i64> {
    value.as_array().unwrap().iter().map(|it| it.as_i64().unwrap_or(-1)).collect()
}

/// Running sums.
fn sums(value: &Value) -> Vec<i64> {
    numbers(value)
        .into_iter()
        .scan(0, |sum, step| {
            *sum += step;
            Some(*sum)
        })
        .collect()
}

fn degrees(steps: i64) -> f64 {
    f64::from(i32::try_from(steps).unwrap()) / 1e3
}

fn row(place: Option<usize>, listed: bool, hits: u64, times: Vec<(u32, u64)>) -> Row {
    let listed =
        listed.then(|| Listed { address: format!("a{hits}"), ..Listed::default() });
    Row { place, listed, addresses: 1, hits, times, ..Row::default() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_row_comes_back(
        points in prop::collection::vec(prop::option::of((-90.0..90.0, -180.0..180.0)), 1..20),
        rows in prop::collection::vec(
            (prop::option::of(0_usize..20), any::<bool>(), 1_u64..1000,
             prop::collection::btree_map(0_u32..100, 1_u64..50, 0..5)),
            0..60,
        ),
    ) {
        let mut made = Report::new(Map::new(""));
        for (number, point) in points.iter().enumerate() {
            let point = point.map(|(lat, lng): (f64, f64)| LatLng::new(lat, lng).unwrap());
            made.places.push(PlaceOfRows::new(format!("p{number}"), point));
        }
        for (place, listed, hits, times) in rows {
            let place = place.filter(|place| *place < points.len());
            // No row has more hits at known times than in all.
            let hits = hits + times.values().sum::<u64>();
            made.rows.push(row(place, listed, hits, times.into_iter().collect()));
        }
        let page = report(&made).unwrap();
        let (data, words) = (unpacked(&page, "report-data"), unpacked(&page, "report-words"));
        let columns = &data["rows"];
        let (places, untimed) = (sums(&columns["place"]), numbers(&columns["hits"]));
        let slots = numbers(&columns["slots"]);
        let (mut slot, mut count) = (numbers(&columns["slot"]).into_iter(), numbers(&columns["slot_hits"]).into_iter());
        let listed = usize::try_from(columns["listed"].as_u64().unwrap()).unwrap();
        let mut found = Vec::new();
        for (i, &place) in places.iter().enumerate() {
            let name = usize::try_from(place).ok().map(|place| words["places"][place].as_str().unwrap().to_owned());
            let mut at = 0;
            let times: Vec<_> = (0..slots[i]).map(|_| { at += slot.next().unwrap(); (at, count.next().unwrap()) }).collect();
            let hits = untimed[i] + times.iter().map(|&(_, hits)| hits).sum::<i64>();
            found.push((name, i < listed, hits, times));
        }
        prop_assert_eq!((slot.next(), count.next()), (None, None));
        let mut wanted: Vec<_> = made.rows.iter().map(|row| (
            row.place.map(|place| format!("p{place}")),
            row.listed.is_some(),
            i64::try_from(row.hits).unwrap(),
            row.times.iter().map(|&(slot, hits)| (slot.into(), i64::try_from(hits).unwrap())).collect::<Vec<_>>(),
        )).collect();
        wanted.sort();
        found.sort();
        prop_assert_eq!(found, wanted);
        // Positions belong to the places with a point, which come first.
        let (lat, lng) = (sums(&data["places"]["lat"]), sums(&data["places"]["lng"]));
        for (i, name) in words["places"].as_array().unwrap().iter().enumerate() {
            let number: usize = name.as_str().unwrap()[1..].parse().unwrap();
            match points[number] {
                Some((south, west)) => {
                    prop_assert!((degrees(lat[i]) - south).abs() < 1e-3);
                    prop_assert!((degrees(lng[i]) - west).abs() < 1e-3);
                }
                None => prop_assert!(i >= lat.len()),
            }
        }
    }
}

#[test]
fn what_is_known_of_rows_comes_along() {
    let mut made = Report::new(Map::new("t"));
    let mut place = PlaceOfRows::new("Berlin", LatLng::new(52.5, 13.4).ok());
    place.country = "DE".parse().ok();
    place.precision = Precision::Region;
    place.radius_km = Some(25);
    made.places.push(place);
    made.systems.push((Asn(64_496), "</script>\u{202e}".into()));
    made.networks.push("192.0.2.0/24".into());
    made.known_flags = Flags::TOR | Flags::HOSTING;
    made.timeline = Some(Timeline {
        start: 100,
        width_seconds: 60,
        slots: 5,
        untimed: 1,
        outside: 2,
    });
    made.time_bars = Some(TimeBars { start: 90, width_seconds: 10, hits: vec![4, 0, 3] });
    made.apart = Count { addresses: 3, hits: 9 };
    made.rows.push(Row {
        place: Some(0),
        system: Some(0),
        network: Some(0),
        flags: Flags::TOR,
        listed: Some(Listed {
            address: "192.0.2.7".into(),
            prefix: Some(24),
            first_seen: Some(110),
            last_seen: Some(150),
            failed: 4,
            accepted: 0,
            users_tried: 12,
            users: vec![Login { user: "<root>".into(), failed: 3, accepted: 1 }],
        }),
        addresses: 1,
        hits: 7,
        times: vec![(0, 7)],
    });
    made.tables.push(FixedTable {
        title: "T".into(),
        columns: vec![("user".into(), false)],
        rows: vec![vec!["<b>".into()]],
        ..FixedTable::default()
    });
    let page = report(&made).unwrap();
    let data = unpacked(&page, "report-data");
    let rows = &data["rows"];
    assert_eq!((&rows["first"][0], &rows["last"][0]), (&10.into(), &40.into()));
    assert_eq!((&rows["failed"][0], &rows["prefix"][0]), (&4.into(), &24.into()));
    assert_eq!(data["flag_sets"][0][0], "tor");
    assert_eq!(data["known_flags"], serde_json::json!(["tor", "hosting"]));
    assert_eq!(data["places"]["codes"][0], "DE");
    assert_eq!(data["places"]["precision"][0], 1);
    assert_eq!(data["apart"], serde_json::json!([3, 9]));
    assert_eq!(data["tables"][0]["rows"][0][0], "<b>");
    let bars = serde_json::json!({ "start": 90, "width": 10, "hits": [4, 0, 3] });
    assert_eq!(data["bars"], bars);
    assert_eq!(rows["users_tried"][0], 12);
    let words = unpacked(&page, "report-words");
    assert_eq!(words["users"][0], "<root>");
    assert_eq!(words["logins"], serde_json::json!([[0, 3, 1]]));
    assert_eq!(words["systems"][0][1], "</script>\\u{202e}");
    assert!(page.contains("\"countries\":{"), "names of countries for codes");
}

#[test]
fn groups_and_the_home_of_arcs_come_along() {
    let mut made = Report::new(Map::new(""));
    for (lat, group) in [(50.0, Some(7)), (10.0, None), (30.0, Some(2)), (20.0, Some(7))]
    {
        let mut place = PlaceOfRows::new("", LatLng::new(lat, 0.0).ok());
        place.group = group;
        made.places.push(place);
    }
    made.within = "300 mi".into();
    made.home = Some(Home { point: LatLng::new(1.5, -2.0).unwrap(), name: "<b>".into() });
    made.layers.groups = Offer::Shown;
    let data = unpacked(&report(&made).unwrap(), "report-data");
    // From south to north, numbered as they are met.
    assert_eq!(sums(&data["places"]["group"]), [-1, 0, 1, 0]);
    assert_eq!((&data["groups"], &data["within"]), (&"shown".into(), &"300 mi".into()));
    let home = serde_json::json!({ "lat": 1.5, "lng": -2.0, "name": "<b>" });
    assert_eq!(data["home"], home);
    for place in &mut made.places {
        place.group = None;
    }
    let data = unpacked(&report(&made).unwrap(), "report-data");
    assert_eq!(data["places"]["group"], serde_json::json!([]));
}

#[test]
fn a_page_of_a_hundred_thousand_rows_stays_small() {
    let mut made = Report::new(Map::new(""));
    for number in 0..100_000_u32 {
        let turn = f64::from(number) * 0.618_034;
        let point = LatLng::new((turn % 140.0) - 70.0, (turn * 7.0 % 360.0) - 180.0).ok();
        made.places.push(PlaceOfRows::new(format!("Place {number}"), point));
        let times = vec![(number % 168, 3)];
        made.rows.push(row(Some(number as usize), false, 3, times));
    }
    let page = report(&made).unwrap();
    let bare = report(&Report::new(Map::new(""))).unwrap();
    let each = (page.len() - bare.len()) / 100_000;
    assert!(each < 25, "{each} bytes a row and its place");
}
