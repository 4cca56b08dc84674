//! Which format a log has.

use geoip_log::{Format, Options, Parser, TimeFinder};
use geoip_testkit::sample_logs;
use geoip_testkit::weblog::WebLog;

use crate::said::options;

fn detected(log: &str) -> Option<Format> {
    Parser::detect(log.as_bytes(), &options()).map(|(format, parser)| {
        assert_eq!(parser.format(), format);
        format
    })
}

#[test]
fn each_format_is_known_by_its_lines() {
    let access =
        r#"192.0.2.7 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 2326"#;
    let sshd = "Nov 20 06:55:46 gate sshd[1]: Invalid user eve from 192.0.2.7";
    let cron = "Nov 20 06:55:46 gate CRON[1]: session opened";
    for (log, format) in [
        (access.to_string(), Format::CommonLog),
        (format!(r#"{access} "-" "curl""#), Format::CombinedLog),
        (format!(r#"{access} "-" "curl" "203.0.113.9""#), Format::CombinedLog),
        (
            "#Software: IIS\n#Fields: date time c-ip\n2020-01-01 12:00:00 192.0.2.7\n"
                .into(),
            Format::W3cExtended,
        ),
        ("2023/01/02 03:04:05 [notice] 1#1: start".into(), Format::NginxError),
        ("[Sun Dec 04 04:47:44 2005] [notice] x".into(), Format::ApacheError),
        (format!("{sshd}\n{sshd}\n"), Format::Sshd),
        // Other programs name clients too.
        (format!("{sshd}\n{cron}\n{sshd}\n"), Format::Syslog),
        (format!("{cron}\n{cron}\n{cron}\n{sshd}\n"), Format::Syslog),
        ("<34>1 2003-10-11T22:14:15.003Z host su - ID47 - x".into(), Format::Syslog),
        ("{\"ip\":\"192.0.2.7\",\"ts\":1700000000}\n".into(), Format::JsonLines),
        ("time,client_ip\nx,192.0.2.7\nx,192.0.2.8\n".into(), Format::Csv),
        ("a;b;c\nx;192.0.2.7;y\nx;192.0.2.7;y\nx;192.0.2.7;y\n".into(), Format::Csv),
        ("x|192.0.2.7\ny|2001:db8::7\n".into(), Format::Csv),
        ("x\t192.0.2.7\ny\t192.0.2.7\n".into(), Format::Tsv),
    ] {
        assert_eq!(detected(&log), Some(format), "{log}");
    }
}

#[test]
fn other_text_has_no_format() {
    for log in [
        "",
        "\n\n",
        "hello\nworld\n",
        "192.0.2.7\n192.0.2.8\n",
        "2015-07-29 17:41:44,747 - INFO - from /192.0.2.7:1\n",
        "{\"message\":\"no field that is known\"}\n",
        "a,b\n1,2\n",
    ] {
        assert_eq!(detected(log), None, "{log}");
    }
}

#[test]
fn whole_samples() {
    let weblog = WebLog::generate(1, 100_000);
    let (format, mut parser) =
        Parser::detect(&weblog.text[..65_536], &options()).unwrap();
    assert_eq!(format, Format::CombinedLog);
    let text = std::str::from_utf8(&weblog.text).unwrap();
    for line in text.lines() {
        let entry = parser.parse(line.as_bytes()).unwrap();
        let first = line.split(' ').next().unwrap();
        assert_eq!(entry.client, first.parse().ok(), "{line}");
        assert_eq!(entry.client_span(), Some(0..first.len()));
        assert!(entry.time.is_some() && entry.status.is_some());
    }

    let hosts = ["192.0.2.7", "192.0.2.8"];
    let log = sample_logs::auth_log(&hosts);
    let (format, mut parser) = Parser::detect(log.as_bytes(), &options()).unwrap();
    assert_eq!(format, Format::Sshd);
    assert!(
        log.lines().all(|line| parser.parse(line.as_bytes()).unwrap().client.is_some())
    );
}

#[test]
fn half_of_the_lines_may_be_something_else() {
    let access =
        r#"192.0.2.7 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 2326"#;
    assert_eq!(detected(&format!("# comment\n{access}\n")), Some(Format::CommonLog));
    assert_eq!(detected(&format!("# comment\n# comment\n{access}\n")), None);
    // A last line that is cut does not count.
    assert_eq!(
        detected(&format!("{access}\n{}", &access[..20])),
        Some(Format::CommonLog)
    );
}

#[test]
fn the_parser_begins_at_the_first_line() {
    let log = "time,client_ip\n2020-01-01T00:00:00Z,192.0.2.7\n";
    let (_, mut parser) = Parser::detect(log.as_bytes(), &Options::default()).unwrap();
    let entries: Vec<_> = log.lines().map(|line| parser.parse(line.as_bytes())).collect();
    assert!(entries[0].is_none() && entries[1].unwrap().client.is_some());
    let mut finder = TimeFinder::detect(log.as_bytes(), &Options::default()).unwrap();
    assert!(finder.carries_state());
    let times: Vec<_> = log.lines().map(|line| finder.time_of(line.as_bytes())).collect();
    assert!(times[0].is_none() && times[1].is_some());
}

#[test]
fn named_fields_count_where_there_are_fields() {
    let options = options().client_field("who");
    let json = "{\"ip\":\"198.51.100.1\",\"who\":\"192.0.2.7\"}\n";
    let (format, mut parser) = Parser::detect(json.as_bytes(), &options).unwrap();
    assert_eq!(format, Format::JsonLines);
    assert_eq!(
        parser.parse(json.as_bytes()).unwrap().client.unwrap().to_string(),
        "192.0.2.7"
    );
    let access =
        r#"192.0.2.7 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 2326"#;
    let (format, _) = Parser::detect(access.as_bytes(), &options).unwrap();
    assert_eq!(format, Format::CommonLog);
}
