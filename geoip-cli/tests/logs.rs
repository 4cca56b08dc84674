//! Who and when, in logs of known formats.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod program;

use std::fs;

use program::{Run, folder, geoip, geoip_reading};
use serde_json::Value;

/// The client is the first address, or what a proxy says; others are what strangers write.
const ACCESS: &str = "\
192.0.2.7 - - [10/Oct/2000:13:55:36 -0700] \"GET /?from=198.51.100.1 HTTP/1.0\" 200 2326 \"http://198.51.100.2/\" \"a\" \"203.0.113.9\"
10.0.0.1 - - [10/Oct/2000:13:55:38 -0700] \"GET / HTTP/1.0\" 200 2326 \"-\" \"b\" \"198.51.100.77, 203.0.113.5\"
192.0.2.7 - - [10/Oct/2000:13:55:30 -0700] \"GET / HTTP/1.0\" 200 2326 \"-\" \"c\" \"-\"
- this line is no line of the log 198.51.100.3
";

fn stdout(arguments: &[&str], input: &str) -> String {
    let run = geoip_reading(arguments, input.as_bytes());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

fn json(run: &Run) -> Vec<Value> {
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_client_is_taken_and_no_other_address() {
    for log in ["combined", "auto"] {
        let run = geoip_reading(["extract", "-nb", "--log", log], ACCESS.as_bytes());
        assert_eq!(run.stdout, "1:0:192.0.2.7\n2:128:10.0.0.1\n3:233:192.0.2.7\n");
        assert_eq!(run.stderr, "geoip: 1 of 4 lines names no client (combined)\n");
    }
    assert_eq!(
        stdout(&["extract", "-c", "--log", "combined", "-q"], ACCESS),
        "2 192.0.2.7\n1 10.0.0.1\n"
    );
    let tagged =
        stdout(&["extract", "--log", "auto", "--replace", "<{address}>", "-q"], ACCESS);
    assert_eq!(tagged.matches('<').count(), 3);
    assert!(tagged.contains("<10.0.0.1> - - "), "{tagged}");
    // Without --log it is any text.
    assert_eq!(stdout(&["extract"], ACCESS).lines().count(), 9);
}

#[test]
fn a_proxy_is_believed_only_if_it_is_trusted() {
    let clients = |proxy: &str| {
        let arguments = ["extract", "--log", "combined", "-q", "--trusted-proxy", proxy];
        stdout(&arguments, ACCESS)
    };
    assert_eq!(clients("10.0.0.1"), "192.0.2.7\n203.0.113.5\n192.0.2.7\n");
    assert_eq!(
        clients("private,203.0.113.0/24"),
        "192.0.2.7\n198.51.100.77\n192.0.2.7\n"
    );
}

#[test]
fn first_and_last_seen_are_those_of_the_lines() {
    let seen = |arguments: &[&str], input: &str| {
        let run = geoip_reading(arguments, input.as_bytes());
        let rows = json(&run);
        let row = rows.iter().find(|row| row["address"] == "192.0.2.7").unwrap().clone();
        (row["first_seen"].clone(), row["last_seen"].clone(), row["hits"].clone())
    };
    let expected =
        ("2000-10-10T20:55:30Z".into(), "2000-10-10T20:55:36Z".into(), 2.into());
    assert_eq!(seen(&["enrich", "--format", "json"], ACCESS), expected);
    assert_eq!(seen(&["enrich", "--format", "json", "--log", "auto"], ACCESS), expected);

    // A time without a zone is one of the machine's, or of the zone that is given.
    let syslog = "2026-03-01T12:00:00 host sshd[7]: Failed password for root from 192.0.2.7 port 22 ssh2\n";
    let (first, ..) = seen(
        &["enrich", "--format", "json", "--log", "sshd", "--time-zone", "Europe/Berlin"],
        syslog,
    );
    assert_eq!(first, "2026-03-01T11:00:00Z");
    // No time, no claim.
    let run = geoip_reading(["enrich", "--format", "json"], b"192.0.2.7\n");
    assert_eq!(json(&run)[0].get("first_seen"), None);
}

#[test]
fn forged_user_names_are_not_believed() {
    let forged = "Dec 10 06:55:48 host sshd[24200]: Failed password for invalid user \
        x from 198.51.100.1 port 22 ssh2 from 192.0.2.7 port 42393 ssh2\n";
    assert_eq!(stdout(&["extract", "--log", "sshd"], forged), "192.0.2.7\n");
    let repeated = "Dec 10 06:55:48 host sshd[24200]: message repeated 5 times: \
        [ Failed password for root from 192.0.2.7 port 42393 ssh2]\n";
    assert_eq!(stdout(&["extract", "-c", "--log", "sshd"], repeated), "5 192.0.2.7\n");
}

#[test]
fn keys_and_columns() {
    let lines = "{\"client\":{\"ip\":\"192.0.2.1:55\"},\"msg\":\"from 198.51.100.1\"}\n\
        {\"client\":{\"ip\":\"2001:db8::1\"}}\n";
    let arguments = ["extract", "--log", "json", "--field", "client.ip"];
    assert_eq!(stdout(&arguments, lines), "192.0.2.1\n2001:db8::1\n");
    let table = "time;who;whom\n2026-01-01 00:00:00;192.0.2.1;198.51.100.1\n";
    let arguments =
        ["extract", "--log", "csv", "--delimiter", ";", "--field", "whom", "-q"];
    assert_eq!(stdout(&arguments, table), "198.51.100.1\n");
}

/// A heading far up decides about every line, whichever thread reads it.
#[test]
fn a_heading_counts_for_all_that_follows() {
    let mut log = String::from("#Version: 1.0\n#Fields: date time c-ip s-ip\n");
    for index in 0..40_000 {
        if index == 20_000 {
            log.push_str("#Fields: date time s-ip c-ip\n");
        }
        log.push_str(if index < 20_000 {
            "2026-01-01 00:00:00 192.0.2.1 198.51.100.1\n"
        } else {
            "2026-01-01 00:00:00 198.51.100.1 192.0.2.1\n"
        });
    }
    let folder = folder("logs-heading");
    let path = folder.join("iis.log");
    fs::write(&path, &log).unwrap();
    for threads in ["1", "2", "4"] {
        let log = path.to_str().unwrap();
        let run = geoip(["extract", "-c", "--log", "auto", "--threads", threads, log]);
        assert_eq!(run.stdout, "40000 192.0.2.1\n", "{}", run.stderr);
    }
}

#[test]
fn what_looks_like_no_log_is_said() {
    let run =
        geoip_reading(["extract", "--log", "auto"], b"just some text with 192.0.2.1\n");
    assert_eq!(run.stdout, "192.0.2.1\n");
    assert_eq!(
        run.stderr,
        "geoip: standard input looks like no log that is known, so every address is taken\n"
    );
    for (option, value, said) in [
        ("--log", "apache3", "unknown log format `apache3`"),
        ("--time-zone", "Mars/Dome", "unknown time zone `Mars/Dome`"),
    ] {
        let run = geoip_reading(["extract", option, value], b"192.0.2.1");
        assert_eq!((run.code, run.stdout.as_str()), (2, ""));
        assert!(run.stderr.contains(said), "{}", run.stderr);
    }
    let run = geoip_reading(["extract", "--log", "sshd", "--cidr"], b"192.0.2.1");
    assert!(run.stderr.contains("leave out --log, or --cidr"), "{}", run.stderr);
}
