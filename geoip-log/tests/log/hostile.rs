//! Lines made to break a parser.

use std::time::{Duration, Instant};

use geoip_log::{Format, Options, Parser, TimeFinder};
use proptest::prelude::*;
use proptest::sample::select;

use crate::said::options;

fn parsers() -> Vec<Parser> {
    let named = options().client_field("1").time_field("2");
    let parser = |format, options: &Options| {
        Parser::new(format, options).expect("the options are valid")
    };
    let mut parsers: Vec<_> =
        Format::ALL.iter().map(|format| parser(*format, &options())).collect();
    parsers.push(parser(Format::Csv, &named));
    parsers.push(parser(Format::JsonLines, &named));
    parsers.push(parser(
        Format::Syslog,
        &options().time_zone("Africa/Cairo".parse().expect("a zone")),
    ));
    parsers
}

#[test]
fn long_lines_take_linear_time() {
    // Each was slow, or could have been, in one format: what repeats is what is looked for.
    let units = [
        "\"",
        "\\",
        "\\\"",
        "[",
        "[[1",
        " from ",
        " ssh2: ",
        " port ",
        ", client: ",
        ": [client ",
        "{\"a\":",
        "{\"ip\":\"",
        "[",
        "\\u0031",
        ",",
        "for=",
        "<1>",
        "1.",
        "::",
        "1 ",
        "\t",
        " - ",
        "-",
        "\u{feff}",
        "\0",
        "10.0.0.1,",
    ];
    let starts = [
        "",
        "192.0.2.7 - - [10/Oct/2000:13:55:36 -0700] \"",
        "10.0.0.1 - - [10/Oct/2000:13:55:36 -0700] \"\" 200 1 \"\" \"\" \"",
        "2024-05-01T10:00:00Z gate sshd[1]: Failed publickey for ",
        "2024-05-01T10:00:00Z gate sshd[1]: Disconnecting ",
        "2023/01/02 03:04:05 [error] 1#1: *1 ",
        "[Sun Dec 04 04:47:44 2005] [error] ",
        "{\"ip\":\"",
        "{\"ip\":[",
        "<34>1 - h a p m [",
        "192.0.2.7 - ",
        "\"",
    ];
    let began = Instant::now();
    for start in starts {
        for unit in units {
            let line = format!("{start}{}", unit.repeat(20_000 / unit.len()));
            for mut parser in parsers() {
                parser.parse(line.as_bytes());
            }
            if let Some(mut finder) = TimeFinder::detect(line.as_bytes(), &options()) {
                finder.time_of(line.as_bytes());
            }
        }
    }
    // 100 MB at a rate that the slowest build reaches; squares would take minutes.
    assert!(began.elapsed() < Duration::from_mins(1), "{:?}", began.elapsed());
}

/// Pieces of lines of all formats.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known = select(vec![
        "192.0.2.7",
        "2001:db8::7",
        "[2001:db8::7]:1",
        " - - ",
        "[10/Oct/2000:13:55:36 -0700]",
        " \"GET / HTTP/1.0\" ",
        "200 5",
        "\"",
        "\\",
        "\\\"",
        "Nov 20 06:55:46 ",
        "2024-05-01T10:00:00.5+02:00 ",
        "gate ",
        "sshd[1]: ",
        "Failed password for ",
        "Invalid user ",
        " from ",
        " port 22",
        " ssh2",
        ": ",
        "[preauth]",
        "<34>1 ",
        "<34>",
        "2023/01/02 03:04:05 [error] ",
        ", client: ",
        "[Sun Dec 04 04:47:44 2005] [error] ",
        "[client ",
        "]",
        "{\"client_ip\":",
        "\"ts\":",
        "1700000000",
        "1e9",
        "}",
        "{",
        ",",
        "#Fields: c-ip date time",
        "#Date: ",
        "\t",
        "-",
        "\\u0031",
        "for=",
        "10.0.0.1",
        "\r",
        "\u{feff}",
        "é",
        "rhost=",
        "message repeated 2 times: [ ",
        "9999-12-31 23:59:60",
        "0000-01-01 00:00:00 +23:59",
        "Feb 29 ",
        "client_ip,time",
    ]);
    prop_oneof![
        8 => known.prop_map(|text| text.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..4),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_lines_are_read_or_not_and_text_is_where_it_is_said_to_be(
        pieces in proptest::collection::vec(piece(), 0..16), reference in any::<i32>(),
    ) {
        let log = pieces.concat();
        let reference = geoip_log::Timestamp::new(i64::from(reference) * 20, 0).unwrap();
        for mut parser in parsers() {
            for line in log.split(|byte| *byte == b'\n').chain([&log[..]]) {
                let Some(entry) = parser.parse(line) else { continue };
                if let Some(span) = entry.client_span() {
                    prop_assert_eq!(Some(&line[span]), entry.client_text);
                }
                prop_assert!(entry.client.is_none() || entry.client_text.is_some());
                prop_assert!(entry.count >= 1);
                if !parser.carries_state() {
                    prop_assert_eq!(parser.clone().parse(line), Some(entry));
                }
            }
        }
        let options = Options::default().reference(reference);
        if let Some((format, mut parser)) = Parser::detect(&log, &options) {
            prop_assert_eq!(parser.format(), format);
            parser.parse(&log);
        }
        if let Some(mut finder) = TimeFinder::detect(&log, &options) {
            finder.time_of(&log);
        }
    }
}
