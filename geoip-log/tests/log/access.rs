//! Access logs.

use geoip_log::Format::{CombinedLog, CommonLog};
use geoip_log::{Options, Parser};
use proptest::prelude::*;

use crate::said::{check, said};

#[test]
fn common_log() {
    check(
        CommonLog,
        &[
            (
                r#"192.0.2.7 - - [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326"#,
                "192.0.2.7 2000-10-10T20:55:36Z 200",
            ),
            (
                r#"2001:db8::7 - frank [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.0" 404 -"#,
                "2001:db8::7 2000-10-10T13:55:36Z user=frank 404",
            ),
            (
                r#"::ffff:192.0.2.7 - - [10/Oct/2000:13:55:36.250 +0530] "-" 408 -"#,
                "192.0.2.7 2000-10-10T08:25:36.25Z 408",
            ),
            (
                r#"crawl.example.com - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 1"#,
                "host:crawl.example.com 2000-10-10T20:55:36Z 200",
            ),
            (
                r#"- - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 1"#,
                "- 2000-10-10T20:55:36Z 200",
            ),
            // Impossible dates leave the client.
            (
                r#"192.0.2.7 - - [31/Feb/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 1"#,
                "192.0.2.7 - 200",
            ),
            // A line that is still being written.
            (
                r#"192.0.2.7 - - [10/Oct/2000:13:55:36 -0700] "GET / HT"#,
                "192.0.2.7 2000-10-10T20:55:36Z",
            ),
            (
                "192.0.2.7 - - [10/Oct/2000:13:55:36 -0700]",
                "192.0.2.7 2000-10-10T20:55:36Z",
            ),
            ("192.0.2.7 - - [10/Oct/2000:13:5", "192.0.2.7 -"),
            ("192.0.2.7", "no entry"),
            ("", "no entry"),
            ("[Sun Dec 04 04:47:44 2005] [error] [client 192.0.2.7] \"x\"", "no entry"),
        ],
    );
}

#[test]
fn a_virtual_host_before_the_client_is_never_the_client() {
    check(
        CombinedLog,
        &[
            (
                r#"www.example.com:443 192.0.2.7 - - [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "curl""#,
                "192.0.2.7 2000-10-10T13:55:36Z 200",
            ),
            // Who names an address as the host does not become it.
            (
                r#"198.51.100.1:80 192.0.2.7 - eve [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "-""#,
                "192.0.2.7 2000-10-10T13:55:36Z user=eve 200",
            ),
        ],
    );
}

#[test]
fn what_the_client_wrote_is_not_taken_for_the_time_or_the_client() {
    check(
        CombinedLog,
        &[
            // Apache logs the user also of a log-in that failed, with quotes escaped.
            (
                r#"192.0.2.7 - x [01/Jan/1999:00:00:00 +0000] \"GET / HTTP/1.1\" 200 [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 401 5 "-" "-""#,
                r#"192.0.2.7 2000-10-10T13:55:36Z user=x [01/Jan/1999:00:00:00 +0000] \"GET / HTTP/1.1\" 200 401"#,
            ),
            (
                r#"192.0.2.7 - John Doe [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "-""#,
                "192.0.2.7 2000-10-10T13:55:36Z user=John Doe 200",
            ),
            (
                r#"192.0.2.7 - - [10/Oct/2000:13:55:36 +0000] "GET /\"x\" 500 [11/Nov/2011:11:11:11 +0000] \\" 200 5 "-" "-""#,
                "192.0.2.7 2000-10-10T13:55:36Z 200",
            ),
            (
                r#"192.0.2.7 - - [10/Oct/2000:13:55:36 +0000] "\x16\x03\x01\x22" 400 0 "-" "-""#,
                "192.0.2.7 2000-10-10T13:55:36Z 400",
            ),
        ],
    );
}

/// nginx's format `main`, in which the chain comes last.
fn main_line(peer: &str, agent: &str, chain: &str) -> String {
    format!(
        r#"{peer} - - [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "{agent}" "{chain}""#
    )
}

#[test]
fn a_chain_counts_only_behind_a_trusted_proxy() {
    let client = |peer, agent, chain| {
        let said = said(CombinedLog, &main_line(peer, agent, chain));
        said.replace(" 2000-10-10T13:55:36Z", "").replace(" 200", "")
    };
    assert_eq!(client("10.0.0.1", "-", "203.0.113.9"), "203.0.113.9 forwarded");
    assert_eq!(
        client("10.0.0.1", "-", "1.1.1.1, 203.0.113.9, 10.0.0.2"),
        "203.0.113.9 forwarded"
    );
    assert_eq!(
        client("10.0.0.1", "a \\\" b", "[2001:db8::1]:9"),
        "2001:db8::1 forwarded"
    );
    assert_eq!(client("10.0.0.1", "-", "unknown"), "host:unknown forwarded");
    assert_eq!(client("10.0.0.1", "-", "-"), "10.0.0.1");
    // A stranger's word, and an agent that looks like a chain.
    assert_eq!(client("198.51.100.1", "-", "203.0.113.9"), "198.51.100.1");
    let combined = r#"10.0.0.1 - - [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "203.0.113.1" "203.0.113.9""#;
    assert_eq!(said(CombinedLog, combined), "10.0.0.1 2000-10-10T13:55:36Z 200");

    let line = main_line("10.0.0.1", "-", "203.0.113.9");
    let mut trusts_nobody = Parser::new(CombinedLog, &Options::default()).unwrap();
    let entry = trusts_nobody.parse(line.as_bytes()).unwrap();
    assert_eq!(
        (entry.client.unwrap().to_string().as_str(), entry.forwarded),
        ("10.0.0.1", false)
    );
}

#[test]
fn a_chain_in_the_place_of_the_client_is_read_from_the_right() {
    check(
        CombinedLog,
        &[(
            r#"1.1.1.1, 203.0.113.9, 10.0.0.3 - - [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "-""#,
            "203.0.113.9 2000-10-10T13:55:36Z forwarded 200",
        )],
    );
}

/// Escapes as Apache does it.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

proptest! {
    #[test]
    fn no_field_of_the_client_moves_another_field(
        client: std::net::IpAddr, seconds in 0_i64..4_000_000_000,
        user in "[ -~]{1,30}", request in "[ -~]{0,40}", agent in "[ -~]{0,40}",
        status in 100_u16..600, with_host: bool,
    ) {
        let user = user.trim();
        prop_assume!(!user.is_empty() && user != "-");
        let host = if with_host { "www.example.com:80 " } else { "" };
        let time = geoip_log::Timestamp::new(seconds, 0).unwrap();
        let utc = time.to_string();
        let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
            [utc[5..7].parse::<usize>().unwrap() - 1];
        let line = format!(
            "{host}{client} - {} [{}/{month}/{}:{} +0000] \"{}\" {status} 5 \"-\" \"{}\"",
            escaped(user), &utc[8..10], &utc[..4], &utc[11..19], escaped(&request), escaped(&agent),
        );
        let mut parser = Parser::new(CombinedLog, &Options::default()).unwrap();
        let entry = parser.parse(line.as_bytes()).unwrap();
        prop_assert_eq!(entry.client, Some(client.to_canonical()));
        prop_assert_eq!(entry.time, Some(time));
        prop_assert_eq!(entry.user.map(<[u8]>::to_vec), Some(escaped(user).into_bytes()));
        prop_assert_eq!(entry.status, Some(status));
    }
}
