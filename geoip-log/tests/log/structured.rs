//! Formats with named fields: JSON lines, CSV, W3C extended.

use geoip_log::Format::{Csv, JsonLines, Tsv, W3cExtended};
use geoip_log::{Error, Options, Parser};
use proptest::prelude::*;
use serde_json::json;

use crate::said::{check, options, said, said_last, spelled};

#[test]
fn json_of_well_known_programs() {
    check(
        JsonLines,
        &[
            // Caddy
            (
                r#"{"level":"info","ts":1646861401.5241024,"logger":"http.log.access","request":{"remote_ip":"192.0.2.7","remote_port":"41342","client_ip":"192.0.2.8","headers":{"User-Agent":["curl/7.82.0"]}},"status":200}"#,
                "192.0.2.8 2022-03-09T21:30:01.5241024Z",
            ),
            // Cloudflare
            (
                r#"{"ClientIP":"2001:db8::7","EdgeStartTimestamp":1700000000123456789,"EdgeResponseStatus":200}"#,
                "2001:db8::7 2023-11-14T22:13:20.123456789Z",
            ),
            // CloudTrail
            (
                r#"{"eventTime":"2014-03-06T21:22:54Z","sourceIPAddress":"192.0.2.7","userIdentity":{"type":"IAMUser"}}"#,
                "192.0.2.7 2014-03-06T21:22:54Z",
            ),
            (
                r#"{"eventTime":"2014-03-06T21:22:54Z","sourceIPAddress":"ec2.amazonaws.com"}"#,
                "host:ec2.amazonaws.com 2014-03-06T21:22:54Z",
            ),
            // Elastic Common Schema, nested and flat
            (
                r#"{"@timestamp":"2020-01-01T00:00:00.5Z","client":{"ip":"192.0.2.7"}}"#,
                "192.0.2.7 2020-01-01T00:00:00.5Z",
            ),
            (
                r#"{"@timestamp":"2020-01-01T00:00:00.5Z","client.ip":"192.0.2.7"}"#,
                "192.0.2.7 2020-01-01T00:00:00.5Z",
            ),
            // Zeek
            (
                r#"{"ts":1591367999.305988,"uid":"C","id.orig_h":"192.0.2.7","id.resp_h":"198.51.100.1"}"#,
                "192.0.2.7 2020-06-05T14:39:59.305988Z",
            ),
            // nginx
            (
                r#"{"msec":"1700000000.123","remote_addr":"192.0.2.7","time_local":"14/Nov/2023:22:13:20 +0000"}"#,
                "192.0.2.7 2023-11-14T22:13:20Z",
            ),
            // Traefik, with a port
            (
                r#"{"ClientAddr":"[2001:db8::7]:4711","StartUTC":"2023-11-14T22:13:20.1Z"}"#,
                "2001:db8::7 2023-11-14T22:13:20.1Z",
            ),
            (
                r#"{ "ip" : "192.0.2.7" , "ts" : 1.7e9 }"#,
                "192.0.2.7 2023-11-14T22:13:20Z",
            ),
            (r#"{"ip":null,"ts":-5}"#, "- -"),
            ("{}", "- -"),
        ],
    );
}

#[test]
fn the_journal_as_json() {
    check(
        JsonLines,
        &[
            (
                r#"{"__REALTIME_TIMESTAMP":"1700000000123456","SYSLOG_IDENTIFIER":"sshd-session","MESSAGE":"Failed password for invalid user \"x from 198.51.100.1 port 22 ssh2 from 192.0.2.7 port 4242 ssh2","_COMM":"sshd"}"#,
                r#"192.0.2.7 2023-11-14T22:13:20.123456Z user=\"x from 198.51.100.1 port 22 ssh2 Failed"#,
            ),
            (
                r#"{"__REALTIME_TIMESTAMP":"1700000000123456","_COMM":"kernel","MESSAGE":"IN=eth0 SRC=192.0.2.7 DST=198.51.100.1"}"#,
                "192.0.2.7 2023-11-14T22:13:20.123456Z",
            ),
            (r#"{"MESSAGE":[70,97],"_COMM":"sshd"}"#, "- -"),
        ],
    );
}

#[test]
fn json_that_is_none_or_wants_to_do_harm() {
    let deep = format!(
        "{{\"a\":{}{},\"ip\":\"192.0.2.7\"}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    assert_eq!(said(JsonLines, &deep), "192.0.2.7 -");
    let deep = "{\"a\":".repeat(100_000);
    assert_eq!(said(JsonLines, &deep), "no entry");
    check(
        JsonLines,
        &[
            ("", "no entry"),
            ("[]", "no entry"),
            (r#"{"ip":"192.0.2.7""#, "no entry"),
            (r#"{"ip":"192.0.2.7}"#, "no entry"),
            // The same key twice: the later, as in most readers.
            (r#"{"ip":"198.51.100.1","ip":"192.0.2.7"}"#, "192.0.2.7 -"),
            // A key inside a string, or inside another object, is not the key.
            (r#"{"path":"\",\"ip\":\"198.51.100.1\"","ip":"192.0.2.7"}"#, "192.0.2.7 -"),
            (r#"{"x":{"ip":"198.51.100.1"},"ip":"192.0.2.7"}"#, "192.0.2.7 -"),
            (r#"{"ip":"192.0.2.7 "}"#, "192.0.2.7 -"),
            (r#"{"ip":1234}"#, "- -"),
        ],
    );
    // Escapes are undone; the text is as it stands in the line.
    let line = br#"{"ip":"\u0031\u00392.0.2.7"}"#;
    let mut parser = Parser::new(JsonLines, &options()).unwrap();
    let entry = parser.parse(line).unwrap();
    assert_eq!(entry.client.unwrap().to_string(), "192.0.2.7");
    assert_eq!(&line[entry.client_span().unwrap()], br"\u0031\u00392.0.2.7");
}

#[test]
fn json_fields_can_be_named_and_chains_walked() {
    let named = options().client_field("a.b").time_field("when").forwarded_field("a.via");
    let of = |line| said_last(JsonLines, &named, &[line]);
    assert_eq!(
        of(r#"{"ip":"198.51.100.1","a":{"b":"192.0.2.7"},"when":"2020-01-01 00:00:00"}"#),
        "192.0.2.7 2020-01-01T00:00:00Z"
    );
    assert_eq!(
        of(r#"{"a":{"b":"10.0.0.1","via":"1.1.1.1, 192.0.2.7"}}"#),
        "192.0.2.7 - forwarded"
    );
    assert_eq!(
        of(r#"{"a":{"via":["1.1.1.1","192.0.2.7, 10.0.0.9"],"b":"10.0.0.1"}}"#),
        "192.0.2.7 - forwarded"
    );
    assert_eq!(
        of(r#"{"a":{"b":"10.0.0.1","via":"for=\"[2001:db8::7]\""}}"#),
        "2001:db8::7 - forwarded".to_string()
    );
    assert_eq!(of(r#"{"a":{"b":"198.51.100.1","via":"192.0.2.7"}}"#), "198.51.100.1 -");
    assert_eq!(of(r#"{"a":{"b":["192.0.2.7"]}}"#), "192.0.2.7 -");
    assert_eq!(
        of(r#"{"a":{"b":"1.1.1.1, 192.0.2.7, 10.0.0.1"}}"#),
        "192.0.2.7 - forwarded"
    );
}

#[test]
fn csv_by_name_and_by_number() {
    let of = |options: &Options, lines: &[&str]| said_last(Csv, options, lines);
    let header = "time,path,client_ip,status,user";
    let row = r#"2020-01-01T00:00:00Z,"/a,""b""",192.0.2.7,200,eve"#;
    assert_eq!(of(&options(), &[header]), "no entry");
    assert_eq!(
        of(&options(), &[header, row]),
        "192.0.2.7 2020-01-01T00:00:00Z user=eve 200"
    );
    assert_eq!(
        of(
            &options(),
            &["\u{feff}\"IP\",\"Date\"", "\"192.0.2.7\",\"2020-01-01 00:00:00\""]
        ),
        "192.0.2.7 2020-01-01T00:00:00Z"
    );
    assert_eq!(
        of(&options(), &["date,time,ip", "2020-01-01,12:00:00.5,192.0.2.7"]),
        "192.0.2.7 2020-01-01T12:00:00.5Z"
    );

    let by_number = options().client_field("3").time_field("1");
    assert_eq!(of(&by_number, &[row]), "192.0.2.7 2020-01-01T00:00:00Z");
    let semicolons = options().client_field("2").delimiter(b';');
    assert_eq!(of(&semicolons, &["x;192.0.2.7"]), "192.0.2.7 -");
    let by_name = options().client_field("Who").forwarded_field("via");
    assert_eq!(
        of(&by_name, &["who,via", "10.0.0.1,\"1.1.1.1, 192.0.2.7\""]),
        "192.0.2.7 - forwarded"
    );

    assert_eq!(said_last(Tsv, &options(), &["a\tip", "x\t192.0.2.7"]), "192.0.2.7 -");
    for column in ["0", ""] {
        let options = options().client_field(column);
        assert!(matches!(Parser::new(Csv, &options), Err(Error::InvalidField { .. })));
    }
    let letter = Parser::new(Csv, &options().delimiter(b'x')).unwrap_err();
    assert_eq!(letter, Error::InvalidDelimiter { delimiter: b'x' });
}

#[test]
fn a_cell_of_several_lines_forges_no_row() {
    let lines = [
        "ip,agent",
        "192.0.2.7,\"a",
        "198.51.100.1,b",
        "198.51.100.2,\"\"",
        "\"",
        "192.0.2.8,c",
    ];
    let mut parser = Parser::new(Csv, &options()).unwrap();
    assert!(parser.carries_state());
    let said: Vec<_> = lines
        .iter()
        .map(|line| {
            parser.parse(line.as_bytes()).map(|entry| spelled(line.as_bytes(), &entry))
        })
        .collect();
    let clients: Vec<_> = said.into_iter().flatten().collect();
    assert_eq!(clients, ["192.0.2.7 -", "192.0.2.8 -"]);
}

#[test]
fn w3c_takes_its_columns_from_the_last_heading() {
    let of = |lines: &[&str]| said_last(W3cExtended, &options(), lines);
    let fields = "#Fields: date time s-ip cs-username c-ip sc-status";
    let row = "2020-01-01 12:00:00 198.51.100.1 - 192.0.2.7 200";
    assert_eq!(of(&[fields]), "no entry");
    assert_eq!(of(&[row]), "no entry");
    assert_eq!(of(&[fields, row]), "192.0.2.7 2020-01-01T12:00:00Z 200");
    let other = "#Fields: c-ip date time";
    assert_eq!(
        of(&[fields, row, other, "2001:db8::7 2020-01-01 12:00:01"]),
        "2001:db8::7 2020-01-01T12:00:01Z"
    );
    // Only a time: the date is that of the heading.
    assert_eq!(
        of(&["#Date: 2020-01-01 00:00:00", "#Fields: time c-ip", "12:00:00 192.0.2.7"]),
        "192.0.2.7 2020-01-01T12:00:00Z"
    );
    // CloudFront
    assert_eq!(
        of(&[
            "#Fields: date time x-edge-location c-ip cs(X-Forwarded-For)",
            "2020-01-01\t12:00:00\tFRA\t10.0.0.1\t192.0.2.7"
        ]),
        "192.0.2.7 2020-01-01T12:00:00Z forwarded"
    );
    // Exchange
    assert_eq!(
        of(&[
            "#Fields: date-time,client-ip,subject",
            "2020-01-01T12:00:00.123Z,192.0.2.7,\"a,b\""
        ]),
        "192.0.2.7 2020-01-01T12:00:00.123Z"
    );
    // The times of these logs are in UTC whatever the zone of the machine.
    let zoned = options().time_zone("Asia/Tokyo".parse().unwrap());
    assert_eq!(
        said_last(W3cExtended, &zoned, &[fields, row]),
        "192.0.2.7 2020-01-01T12:00:00Z 200"
    );
}

#[test]
fn fields_cannot_be_named_where_they_are_fixed() {
    let error =
        Parser::new(geoip_log::Format::Sshd, &options().client_field("x")).unwrap_err();
    assert_eq!(error.to_string(), "format sshd has no field `x`: its fields are fixed");
}

proptest! {
    #[test]
    fn json_values_are_those_of_serde_json(
        ip: std::net::IpAddr, text in "\\PC{0,20}", key in "\\PC{0,6}", number: f64, depth in 0_usize..4,
    ) {
        let mut value = json!({ "a": text, key: number, "when": "2020-01-01T00:00:00Z" });
        for level in 0..depth {
            value = json!({ "x": [text, { "ip": "198.51.100.1" }], format!("k{level}"): value });
        }
        value["client_ip"] = json!(ip.to_string());
        for line in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            let mut parser = Parser::new(JsonLines, &Options::default()).unwrap();
            let entry = parser.parse(line.as_bytes()).unwrap();
            prop_assert_eq!(entry.client, Some(ip.to_canonical()));
        }
    }

    #[test]
    fn csv_cells_are_those_of_the_csv_crate(
        cells in proptest::collection::vec("[ -~]{0,8}", 0..6), at in 0_usize..6, ip: std::net::IpAddr,
    ) {
        let mut cells = cells;
        let at = at.min(cells.len());
        cells.insert(at, ip.to_string());
        let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
        writer.write_record(&cells).unwrap();
        let line = writer.into_inner().unwrap();
        let options = Options::default().client_field((at + 1).to_string());
        let mut parser = Parser::new(Csv, &options).unwrap();
        let entry = parser.parse(&line).unwrap();
        prop_assert_eq!(entry.client, Some(ip.to_canonical()));
    }

    #[test]
    fn csv_records_are_those_of_the_csv_crate(
        records in proptest::collection::vec(proptest::collection::vec("[a,\"\n]{0,4}", 3), 1..6),
    ) {
        // Each record begins with its number as an address: those that are read are those
        // that were written, and no line inside a cell is one.
        let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
        for (number, record) in records.iter().enumerate() {
            let record = [&[format!("192.0.2.{number}")], &record[..]].concat();
            writer.write_record(&record).unwrap();
        }
        let log = writer.into_inner().unwrap();
        let mut parser = Parser::new(Csv, &Options::default().client_field("1")).unwrap();
        let found: Vec<_> = log
            .split(|byte| *byte == b'\n')
            .filter_map(|line| parser.parse(line)?.client)
            .map(|client| client.to_string())
            .collect();
        let expected: Vec<_> = (0..records.len()).map(|n| format!("192.0.2.{n}")).collect();
        prop_assert_eq!(found, expected);
    }
}
