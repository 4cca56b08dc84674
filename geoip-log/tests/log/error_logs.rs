//! The error logs of nginx and Apache.

use geoip_log::Format::{ApacheError, NginxError};

use crate::said::check;

#[test]
fn nginx() {
    check(
        NginxError,
        &[
            (
                r#"2023/01/02 03:04:05 [error] 12#34: *5 open() "/srv/x" failed (2: No such file or directory), client: 192.0.2.7, server: example.com, request: "GET /x HTTP/1.1", host: "example.com""#,
                "192.0.2.7 2023-01-02T03:04:05Z",
            ),
            (
                "2023/01/02 03:04:05 [info] 12#34: *5 client timed out (110: Connection timed out) while waiting for request, client: 2001:db8::7, server: [::]:443",
                "2001:db8::7 2023-01-02T03:04:05Z",
            ),
            (
                "2023/01/02 03:04:05 [info] 12#34: *5 client 192.0.2.7 closed keepalive connection",
                "192.0.2.7 2023-01-02T03:04:05Z",
            ),
            (
                "2023/01/02 03:04:05 [notice] 1#1: start worker processes",
                "- 2023-01-02T03:04:05Z",
            ),
            (
                "2023/01/02 03:04:05 [error] 1#1: *1 x, client: unix:, server: y",
                "- 2023-01-02T03:04:05Z",
            ),
            // The same client twice is one.
            (
                r#"2023/01/02 03:04:05 [error] 1#1: *1 "/a, client: 192.0.2.7, server: b" is forbidden, client: 192.0.2.7, server: c"#,
                "192.0.2.7 2023-01-02T03:04:05Z",
            ),
            ("2023/01/02 03:04:05 started", "no entry"),
        ],
    );
}

#[test]
fn an_nginx_line_that_names_two_clients_names_none() {
    check(
        NginxError,
        &[
            (
                r#"2023/01/02 03:04:05 [error] 1#1: *1 open() "/srv/a, client: 198.51.100.1, server: b" failed, client: 192.0.2.7, server: c, request: "GET / HTTP/1.1""#,
                "- 2023-01-02T03:04:05Z",
            ),
            (
                r#"2023/01/02 03:04:05 [error] 1#1: *1 x, client: 192.0.2.7, server: c, referrer: "http://a, client: 198.51.100.1, ""#,
                "- 2023-01-02T03:04:05Z",
            ),
        ],
    );
}

#[test]
fn apache() {
    check(
        ApacheError,
        &[
            (
                "[Sun Dec 04 05:15:09 2005] [error] [client 192.0.2.7] Directory index forbidden by rule: /var/www/html/",
                "192.0.2.7 2005-12-04T05:15:09Z",
            ),
            (
                "[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok",
                "- 2005-12-04T04:47:44Z",
            ),
            (
                "[Fri Sep 09 10:42:29.902022 2011] [core:error] [pid 35708:tid 4328636416] [client 192.0.2.7:60000] AH00135: Invalid method",
                "192.0.2.7 2011-09-09T10:42:29.902022Z",
            ),
            (
                "[Fri Sep 09 10:42:29.902022 2011] [authz_core:error] [pid 1:tid 2] (13)Permission denied: [client 192.0.2.7:60000] AH01630: denied",
                "192.0.2.7 2011-09-09T10:42:29.902022Z",
            ),
            // 2.4 puts a port behind everything, 2.2 behind nothing.
            (
                "[Fri Sep 09 10:42:29.902022 2011] [core:error] [pid 1] [client 2001:db8::7:6000] x",
                "2001:db8::7 2011-09-09T10:42:29.902022Z",
            ),
            (
                "[Fri Sep 09 10:42:29.000000 2011] [core:error] [client ::1:6000] x",
                "::1 2011-09-09T10:42:29Z",
            ),
            (
                "[Fri Sep 09 10:42:29 2011] [error] [client 2001:db8::7:6000] x",
                "2001:db8::7:6000 2011-09-09T10:42:29Z",
            ),
            (
                "[Fri Sep 09 10:42:29.902022 2011] [core:error] [pid 1] [client [2001:db8::7]:6000] x",
                "2001:db8::7 2011-09-09T10:42:29.902022Z",
            ),
            (
                "[Fri Sep 09 10:42:29 2011] [error] [client host.example] x",
                "host:host.example 2011-09-09T10:42:29Z",
            ),
            ("[Fri Sep 09 10:42:29 2011] no level", "no entry"),
        ],
    );
}

#[test]
fn only_the_first_client_of_an_apache_line_counts() {
    check(
        ApacheError,
        &[
            (
                "[Fri Sep 09 10:42:29 2011] [error] [client 192.0.2.7] no such file: /[client 198.51.100.1] x",
                "192.0.2.7 2011-09-09T10:42:29Z",
            ),
            (
                "[Fri Sep 09 10:42:29 2011] [error] cannot serve \"/(a): [client 198.51.100.1] x\"",
                "- 2011-09-09T10:42:29Z",
            ),
            (
                "[Fri Sep 09 10:42:29 2011] [error] script said: [client 198.51.100.1] x",
                "- 2011-09-09T10:42:29Z",
            ),
        ],
    );
}
