//! The example logs of the repository: invented lines about real hosts.

use std::fmt::Write as _;

use crate::random::Random;

/// How many lines each log has.
const LINES: usize = 6000;

/// Hosts with IPv6: public resolvers, so that the examples have both families.
const IPV6_HOSTS: [&str; 6] = [
    "2606:4700:4700::1111",
    "2001:4860:4860::8888",
    "2620:fe::fe",
    "2a10:50c0::ad1:ff",
    "2400:3200::1",
    "2a02:6b8::feed:0ff",
];

/// An access log in Combined Log Format, of visits by these hosts.
pub fn access_log(hosts: &[&str]) -> String {
    const PATHS: [&str; 8] = [
        "/",
        "/about",
        "/blog/maps",
        "/img/logo.svg",
        "/login",
        "/robots.txt",
        "/search?q=10.0.0",
        "/wp-login.php",
    ];
    const AGENTS: [&str; 4] = [
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Mobile/15E148",
        "curl/8.14.1",
    ];
    let mut random = Random::new(2026);
    let mut log = String::new();
    for line in 0..LINES {
        let host = host(hosts, &mut random);
        let (hour, minute, second) = time_of(line);
        let path = random.pick(&PATHS);
        let status = random.pick(&[200, 200, 200, 301, 304, 403, 404]);
        let size = random.below(40_000);
        let agent = random.pick(&AGENTS);
        writeln!(
            log,
            "{host} - - [20/Nov/2026:{hour:02}:{minute:02}:{second:02} +0000] \
             \"GET {path} HTTP/1.1\" {status} {size} \"-\" \"{agent}\""
        )
        .expect("a string takes every write");
    }
    log
}

/// The log of an OpenSSH server as syslog writes it (RFC 3164), of attempts by these
/// hosts.
pub fn auth_log(hosts: &[&str]) -> String {
    const USERS: [&str; 8] =
        ["admin", "oracle", "test", "ubuntu", "pi", "git", "postgres", "user"];
    let mut random = Random::new(22);
    let mut log = String::new();
    for line in 0..LINES {
        let host = host(hosts, &mut random);
        let (hour, minute, second) = time_of(line);
        let process = 1000 + random.below(30_000);
        let port = 1024 + random.below(60_000);
        let user = random.pick(&USERS);
        let message = match random.below(20) {
            0..=7 => format!("Failed password for root from {host} port {port} ssh2"),
            8..=12 => {
                format!(
                    "Failed password for invalid user {user} from {host} port {port} ssh2"
                )
            }
            13..=15 => format!("Invalid user {user} from {host} port {port}"),
            16 => format!(
                "Connection closed by authenticating user root {host} port {port} [preauth]"
            ),
            17 => format!(
                "Received disconnect from {host} port {port}:11: Bye Bye [preauth]"
            ),
            18 => format!(
                "Accepted publickey for deploy from 10.0.{}.{} port {port} ssh2",
                random.below(4),
                random.below(250) + 1
            ),
            _ => format!(
                "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={host}  user=root"
            ),
        };
        writeln!(
            log,
            "Nov 20 {hour:02}:{minute:02}:{second:02} gateway sshd[{process}]: {message}"
        )
        .expect("a string takes every write");
    }
    log
}

/// A host: a few of them come again and again, most once.
fn host<'h>(hosts: &[&'h str], random: &mut Random) -> &'h str {
    if random.below(50) == 0 {
        return random.pick(&IPV6_HOSTS);
    }
    // The cube of a uniform number is small most of the time.
    let skewed = random.unit().powi(3);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "an index of a list that fits in memory"
    )]
    let index = (skewed * hosts.len() as f64) as usize;
    hosts[index]
}

/// Lines are spread over one day.
fn time_of(line: usize) -> (usize, usize, usize) {
    let second = line * 86_400 / LINES;
    (second / 3600, second / 60 % 60, second % 60)
}
