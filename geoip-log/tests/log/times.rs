//! Times: random instants in every layout, and what is ambiguous or impossible.

use geoip_log::{Format, Options, Parser, TimeFinder, Timestamp};
use jiff::Span;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use proptest::prelude::*;
use proptest::sample::select;

use crate::said::{options, said_last};

/// The time of a line that begins with a time.
fn found(options: &Options, text: &str) -> Option<Timestamp> {
    let line = format!("{text} a line");
    TimeFinder::detect(line.as_bytes(), options)?.time_of(line.as_bytes())
}

fn timestamp(instant: jiff::Timestamp) -> Timestamp {
    let nanoseconds = instant.subsec_nanosecond().unsigned_abs();
    Timestamp::new(instant.as_second(), nanoseconds).expect("a year of four digits")
}

fn read(text: &str) -> String {
    found(&options(), text).map_or("none".into(), |time| time.to_string())
}

#[test]
fn layouts() {
    for (text, expected) in [
        ("[10/Oct/2000:13:55:36 -0700]", "2000-10-10T20:55:36Z"),
        ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00Z"),
        ("2024-05-01 10:00:00,123 -", "2024-05-01T10:00:00.123Z"),
        ("2024-05-01 10:00:00.1234567891 +02:00", "2024-05-01T08:00:00.123456789Z"),
        ("2024-05-01T10:00:00-05", "2024-05-01T15:00:00Z"),
        ("2024-05-01 10:00:00 GMT", "2024-05-01T10:00:00Z"),
        ("2024/05/01 10:00:00", "2024-05-01T10:00:00Z"),
        ("Sun Dec 04 04:47:44 2005", "2005-12-04T04:47:44Z"),
        ("Sun Dec  4 04:47:44.5 2005", "2005-12-04T04:47:44.5Z"),
        ("Sun, 04 Dec 2005 04:47:44 +0100", "2005-12-04T03:47:44Z"),
        ("4 Dec 2005 04:47:44 GMT", "2005-12-04T04:47:44Z"),
        ("Nov  9 06:55:46", "2026-11-09T06:55:46Z"),
        ("1286536309.450", "2010-10-08T11:11:49.45Z"),
        ("1700000000123", "2023-11-14T22:13:20.123Z"),
        ("<1700000000>", "2023-11-14T22:13:20Z"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn times_that_there_are_not() {
    for text in [
        "2023-02-29T10:00:00Z",
        "2024-13-01T10:00:00Z",
        "2024-00-01T10:00:00Z",
        "2024-05-01T24:00:00Z",
        "2024-05-01T10:60:00Z",
        "2024-05-01T10:00:61Z",
        "[31/Jun/2000:13:55:36 -0700]",
        "[10/Foo/2000:13:55:36 -0700]",
        "Feb 30 06:55:46",
        "Xov 20 06:55:46",
        "12345678",
        "12:34:56",
        "2024-05-01",
        "99999999999999999999",
        // Before the year 0 and after 9999, by the offset.
        "0000-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
    ] {
        assert_eq!(read(text), "none", "{text}");
    }
}

#[test]
fn the_ends_of_the_calendar_and_leap_seconds() {
    for (text, expected) in [
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
        ("[01/Jan/0000:00:00:00 +0000]", "0000-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"),
        // A leap second is the second before it.
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ("Dec 31 23:59:60", "2025-12-31T23:59:59Z"),
        ("2100-01-01T00:00:00Z", "2100-01-01T00:00:00Z"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
    // Names of places are not followed to the last hours of 9999.
    let far = options().time_zone("Europe/Berlin".parse().unwrap());
    assert_eq!(found(&far, "9999-12-31 23:59:59"), None);
}

#[test]
fn a_time_that_clocks_show_twice_or_never() {
    let berlin = options().time_zone("Europe/Berlin".parse().unwrap());
    let utc = |text| found(&berlin, text).unwrap().to_string();
    // Set back at 03:00 on 2024-10-27: the first of the two.
    assert_eq!(utc("2024-10-27 02:30:00"), "2024-10-27T00:30:00Z");
    assert_eq!(utc("2024-10-27 03:00:00"), "2024-10-27T02:00:00Z");
    // Set forward at 02:00 on 2024-03-31: as if it had not been.
    assert_eq!(utc("2024-03-31 02:30:00"), "2024-03-31T01:30:00Z");
    assert_eq!(utc("2024-03-31 01:59:59"), "2024-03-31T00:59:59Z");
    // A zone that is written wins.
    assert_eq!(utc("2024-03-31 02:30:00+00:00"), "2024-03-31T02:30:00Z");
}

#[test]
fn a_year_that_is_left_out_is_the_latest_possible() {
    let of = |reference: &str, lines: &[&str]| {
        let options = Options::default().reference(reference.parse().unwrap());
        let lines: Vec<_> =
            lines.iter().map(|time| format!("{time} host app: x")).collect();
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        said_last(Format::Syslog, &options, &lines).replace("- ", "")
    };
    let new_year = "2026-01-01T00:10:00Z";
    assert_eq!(of(new_year, &["Dec 31 23:59:59"]), "2025-12-31T23:59:59Z");
    assert_eq!(of(new_year, &["Jan  1 00:09:00"]), "2026-01-01T00:09:00Z");
    // A day of grace for clocks and zones, to the second.
    assert_eq!(of(new_year, &["Jan  2 00:10:00"]), "2026-01-02T00:10:00Z");
    assert_eq!(of(new_year, &["Jan  2 00:10:01"]), "2025-01-02T00:10:01Z");
    assert_eq!(
        of(new_year, &["Jan  2 00:10:01", "Jan  2 00:10:00"]),
        "2026-01-02T00:10:00Z"
    );
    assert_eq!(
        of(new_year, &["Jan  2 00:10:00", "Jan  2 00:10:01"]),
        "2025-01-02T00:10:01Z"
    );
    assert_eq!(of(new_year, &["Jan  3 00:00:00"]), "2025-01-03T00:00:00Z");
    // The 29th of February is years back.
    assert_eq!(of(new_year, &["Feb 29 12:00:00"]), "2024-02-29T12:00:00Z");
    assert_eq!(of("2102-01-01T00:00:00Z", &["Feb 29 12:00:00"]), "2096-02-29T12:00:00Z");
    assert_eq!(of("1904-02-28T11:00:00Z", &["Feb 29 12:00:00"]), "1896-02-29T12:00:00Z");
    assert_eq!(of("0000-01-01T00:00:00Z", &["Dec 29 12:00:00"]), "-");
    // Without a reference nobody knows.
    let mut parser = Parser::new(Format::Syslog, &Options::default()).unwrap();
    assert_eq!(parser.parse(b"Dec 31 23:59:59 host app: x").unwrap().time, None);
}

#[test]
fn the_finder_takes_the_first_time_of_a_line() {
    let log = b"x 2024-05-01 10:00:00 y 2020-01-01 00:00:00\nno time\nxx 2024-05-01 10:00:01 y\n";
    let mut finder = TimeFinder::detect(log, &options()).unwrap();
    let mut said =
        |line: &str| finder.time_of(line.as_bytes()).map(|time| time.to_string());
    assert_eq!(said("x 2024-05-01 10:00:02 y").as_deref(), Some("2024-05-01T10:00:02Z"));
    assert_eq!(
        said("longer 2024-05-01 10:00:03 y").as_deref(),
        Some("2024-05-01T10:00:03Z")
    );
    assert_eq!(said("v12024-05-01 10:00:03"), None);
    assert_eq!(said(""), None);
    assert!(!finder.carries_state());
    assert!(TimeFinder::detect(b"", &options()).is_none());
    assert!(TimeFinder::detect(b"nothing\nat all\n", &options()).is_none());
}

/// How a layout writes an instant, for jiff; whether it says the zone; and whether it has a
/// fraction of nine digits.
const LAYOUTS: [(&str, bool, bool); 9] = [
    ("[%d/%b/%Y:%H:%M:%S %z]", true, false),
    ("%Y-%m-%dT%H:%M:%S.%9f%:z", true, true),
    ("%Y-%m-%dT%H:%M:%S%z", true, false),
    ("%Y-%m-%d %H:%M:%S", false, false),
    ("%Y-%m-%d %H:%M:%S,%9f", false, true),
    ("%Y/%m/%d %H:%M:%S", false, false),
    ("%a %b %d %H:%M:%S.%9f %Y", false, true),
    ("%a, %d %b %Y %H:%M:%S %z", true, false),
    ("%b %e %H:%M:%S", false, false),
];

fn zone() -> impl Strategy<Value = TimeZone> {
    let names = [
        "UTC",
        "Europe/Berlin",
        "America/St_Johns",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "Africa/Monrovia",
    ];
    select(names.to_vec())
        .prop_map(|name| TimeZoneDatabase::bundled().get(name).expect("a zone"))
}

proptest! {
    #[test]
    fn an_instant_in_any_layout_is_read_back(
        seconds in 0_i64..4_102_444_800, nanoseconds in 0_i32..1_000_000_000, zone in zone(),
        (layout, has_zone, has_fraction) in select(LAYOUTS.to_vec()),
    ) {
        let nanoseconds = if has_fraction { nanoseconds } else { 0 };
        let zoned = jiff::Timestamp::new(seconds, nanoseconds).unwrap().to_zoned(zone.clone());
        // An offset of a few seconds, Monrovia's until 1972, cannot be written in these.
        prop_assume!(zoned.offset().seconds() % 60 == 0);
        let expected = if has_zone {
            zoned.timestamp()
        } else {
            // Of a time that comes twice, the first.
            zone.to_ambiguous_timestamp(zoned.datetime()).compatible().unwrap()
        };
        let options = Options::default()
            .time_zone(zone.iana_name().unwrap().parse().unwrap())
            .reference(timestamp(expected));
        let text = zoned.strftime(layout).to_string();
        prop_assert_eq!(found(&options, &text), Some(timestamp(expected)), "{}", text);
    }

    #[test]
    fn numbers_since_1970_are_told_apart_by_their_size(
        seconds in 100_000_000_i64..99_999_999_999, nanoseconds in 0_u32..1_000_000_000,
        digits in select(vec![0_u32, 3, 6]),
    ) {
        // From 3 March 1973 on, milliseconds cannot be taken for seconds.
        let scale = 10_u64.pow(digits);
        let unit = u64::from(nanoseconds) / (1_000_000_000 / scale);
        let text = (u64::try_from(seconds).unwrap() * scale + unit).to_string();
        let nanoseconds = u32::try_from(unit * (1_000_000_000 / scale)).unwrap();
        prop_assert_eq!(found(&Options::default(), &text), Timestamp::new(seconds, nanoseconds));
    }

    #[test]
    fn the_year_is_the_latest_by_trying_all(
        reference in 0_i64..4_102_444_800, month in 1_i8..=12, day in 1_i8..=31,
        second in 0_i64..86_400, zone in zone(),
    ) {
        let reference = jiff::Timestamp::from_second(reference).unwrap();
        let latest = reference.to_zoned(zone.clone()).datetime() + Span::new().hours(24);
        let clock = jiff::civil::time(0, 0, 0, 0) + Span::new().seconds(second);
        let expected = (1950..2105_i16).rev().find_map(|year| {
            let date = jiff::civil::Date::new(year, month, day).ok()?.to_datetime(clock);
            (date <= latest).then_some(date)
        });
        let expected = expected.map(|date| zone.to_ambiguous_timestamp(date).compatible().unwrap());
        let options = Options::default()
            .time_zone(zone.iana_name().unwrap().parse().unwrap())
            .reference(timestamp(reference));
        let name = jiff::civil::date(2000, month, 1).strftime("%b").to_string();
        let line = format!("{name} {day:>2} {clock} host app: x");
        let mut parser = Parser::new(Format::Syslog, &options).unwrap();
        let time = parser.parse(line.as_bytes()).and_then(|entry| entry.time);
        prop_assert_eq!(time, expected.map(timestamp));
    }

    #[test]
    fn a_zone_is_asked_as_if_no_line_had_been_before(
        seconds in proptest::collection::vec(1_700_000_000_i64..1_740_000_000, 1..20), zone in zone(),
    ) {
        let options = Options::default().time_zone(zone.iana_name().unwrap().parse().unwrap());
        let line = |second: i64| {
            let civil = jiff::Timestamp::from_second(second).unwrap().to_zoned(TimeZone::UTC);
            // Neighbouring seconds, so that what is remembered is used.
            format!("2{} x", &civil.strftime("%Y-%m-%d %H:%M:%S").to_string()[1..])
        };
        let mut finder = TimeFinder::detect(line(0).as_bytes(), &options).unwrap();
        for second in seconds.iter().flat_map(|second| [*second, second + 1, second + 59]) {
            let text = line(second);
            let alone = found(&options, &text[..19]);
            prop_assert_eq!(finder.time_of(text.as_bytes()), alone, "{}", text);
        }
    }
}
