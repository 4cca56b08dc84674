//! sshd: every message that names a client, and user names made to mislead.

use geoip_log::Format::Sshd;
use geoip_log::{Options, Outcome, Parser};
use proptest::prelude::*;
use proptest::sample::select;

use crate::said::{check, said};

/// A message as RFC 3164 frames it, and what it says without the time.
fn of(message: &str) -> String {
    let said = said(Sshd, &format!("Nov 20 06:55:46 gate sshd[24200]: {message}"));
    said.replacen(" 2026-11-20T06:55:46Z", "", 1)
}

#[test]
fn what_openssh_5_wrote() {
    for (message, expected) in [
        (
            "reverse mapping checking getaddrinfo for ns.example.com [192.0.2.186] failed - POSSIBLE BREAK-IN ATTEMPT!",
            "192.0.2.186 Other",
        ),
        (
            "Invalid user webmaster from 192.0.2.186",
            "192.0.2.186 user=webmaster InvalidUser",
        ),
        ("input_userauth_request: invalid user webmaster [preauth]", "-"),
        ("pam_unix(sshd:auth): check pass; user unknown", "-"),
        (
            "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.186 ",
            "192.0.2.186 PamFailed",
        ),
        (
            "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=host.example.com  user=root",
            "host:host.example.com user=root PamFailed",
        ),
        (
            "PAM 5 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.186  user=root",
            "192.0.2.186 user=root PamFailed",
        ),
        (
            "Failed password for invalid user webmaster from 192.0.2.186 port 38926 ssh2",
            "192.0.2.186 user=webmaster Failed",
        ),
        (
            "message repeated 5 times: [ Failed password for root from 192.0.2.186 port 38926 ssh2]",
            "192.0.2.186 user=root Failed x5",
        ),
        ("Connection closed by 192.0.2.186 [preauth]", "192.0.2.186 Disconnected"),
        (
            "Received disconnect from 192.0.2.186: 11: Bye Bye [preauth]",
            "192.0.2.186 Disconnected",
        ),
        (
            "error: Received disconnect from 192.0.2.186: 3: com.jcraft.jsch.JSchException: Auth fail [preauth]",
            "192.0.2.186 Disconnected",
        ),
        ("Did not receive identification string from 192.0.2.186", "192.0.2.186 Probe"),
        ("Disconnecting: Too many authentication failures for root [preauth]", "-"),
        ("fatal: Write failed: Connection reset by peer [preauth]", "-"),
        ("refused connect from host.example.com (192.0.2.186)", "192.0.2.186 Refused"),
    ] {
        assert_eq!(of(message), expected, "{message}");
    }
}

#[test]
fn what_openssh_9_writes() {
    for (message, expected) in [
        (
            "Accepted password for eve from 192.0.2.7 port 4242 ssh2",
            "192.0.2.7 user=eve Accepted",
        ),
        (
            "Accepted publickey for deploy from 2001:db8::7 port 4242 ssh2: ED25519 SHA256:AAAA",
            "2001:db8::7 user=deploy Accepted",
        ),
        (
            "Failed publickey for root from 192.0.2.7 port 4242 ssh2: RSA SHA256:AAAA",
            "192.0.2.7 user=root Failed",
        ),
        (
            "Failed keyboard-interactive/pam for invalid user a b from 192.0.2.7 port 4242 ssh2",
            "192.0.2.7 user=a b Failed",
        ),
        (
            "Failed none for invalid user  0101 from 192.0.2.7 port 1 ssh2",
            "192.0.2.7 user= 0101 Failed",
        ),
        ("Invalid user eve from 192.0.2.7 port 4242", "192.0.2.7 user=eve InvalidUser"),
        ("Invalid user  from 192.0.2.7 port 4242", "192.0.2.7 user= InvalidUser"),
        (
            "Connection closed by authenticating user root 192.0.2.7 port 4242 [preauth]",
            "192.0.2.7 user=root Disconnected",
        ),
        (
            "Connection closed by invalid user eve 192.0.2.7 port 4242 [preauth]",
            "192.0.2.7 user=eve Disconnected",
        ),
        ("Connection reset by 192.0.2.7 port 4242 [preauth]", "192.0.2.7 Disconnected"),
        (
            "Disconnected from user eve 192.0.2.7 port 4242",
            "192.0.2.7 user=eve Disconnected",
        ),
        ("Disconnected from 192.0.2.7 port 4242 [preauth]", "192.0.2.7 Disconnected"),
        (
            "Received disconnect from 192.0.2.7 port 4242:11: Bye Bye [preauth]",
            "192.0.2.7 Disconnected",
        ),
        (
            "Received disconnect from 2001:db8::7: 11: disconnected by user",
            "2001:db8::7 Disconnected",
        ),
        (
            "Disconnecting invalid user eve 192.0.2.7 port 4242: Too many authentication failures [preauth]",
            "192.0.2.7 Disconnected",
        ),
        (
            "error: maximum authentication attempts exceeded for invalid user eve from 192.0.2.7 port 4242 ssh2 [preauth]",
            "192.0.2.7 user=eve Refused",
        ),
        (
            "error: PAM: Authentication failure for illegal user eve from 192.0.2.7",
            "192.0.2.7 PamFailed",
        ),
        (
            "User eve from 192.0.2.7 not allowed because not listed in AllowUsers",
            "192.0.2.7 user=eve Refused",
        ),
        (
            "Did not receive identification string from 192.0.2.7 port 4242",
            "192.0.2.7 Probe",
        ),
        (
            "Bad protocol version identification 'GET / from 198.51.100.1 port 1' from 192.0.2.7 port 4242",
            "192.0.2.7 Probe",
        ),
        (
            "Unable to negotiate with 192.0.2.7 port 4242: no matching key exchange method found. Their offer: x 198.51.100.1 port 1 [preauth]",
            "192.0.2.7 Probe",
        ),
    ] {
        assert_eq!(of(message), expected, "{message}");
    }
}

#[test]
fn what_openssh_9_writes_of_connections() {
    for (message, expected) in [
        (
            "banner exchange: Connection from 192.0.2.7 port 4242: invalid format",
            "192.0.2.7 Probe",
        ),
        (
            "fatal: Timeout before authentication for 192.0.2.7 port 4242",
            "192.0.2.7 Probe",
        ),
        (
            "Timeout before authentication for connection from 192.0.2.7 to 198.51.100.1, pid = 7",
            "192.0.2.7 Probe",
        ),
        (
            "drop connection #11 from [192.0.2.7]:4242 on [198.51.100.1]:22 past MaxStartups",
            "192.0.2.7 Refused",
        ),
        (
            "Connection from 192.0.2.7 port 4242 on 198.51.100.1 port 22 rdomain \"\"",
            "192.0.2.7 Other",
        ),
        (
            "Starting session: shell on pts/0 for eve from 192.0.2.7 port 4242 id 0",
            "192.0.2.7 Other",
        ),
        (
            "Address 192.0.2.7 maps to a.example, but this does not map back to the address.",
            "192.0.2.7 Other",
        ),
        ("Server listening on 0.0.0.0 port 22.", "-"),
        ("error: kex_exchange_identification: Connection closed by remote host", "-"),
    ] {
        assert_eq!(of(message), expected, "{message}");
    }
}

#[test]
fn lines_are_framed_in_many_ways() {
    let message = "Invalid user eve from 192.0.2.7 port 4242";
    let said = "user=eve InvalidUser";
    for (frame, time) in [
        ("Nov 20 06:55:46 gate sshd[1]: ", "2026-11-20T06:55:46Z"),
        ("<38>Nov  9 06:55:46 gate sshd[1]: ", "2026-11-09T06:55:46Z"),
        ("Nov 20 06:55:46.123456 gate sshd[1]: ", "2026-11-20T06:55:46.123456Z"),
        ("Nov 20 06:55:46 gate sshd-session[1]: ", "2026-11-20T06:55:46Z"),
        ("Nov 20 06:55:46 gate /usr/sbin/sshd[1]: ", "2026-11-20T06:55:46Z"),
        ("Nov 20 06:55:46 sshd[1]: ", "2026-11-20T06:55:46Z"),
        (
            "2024-05-01T10:00:00.123456+02:00 gate sshd[1]: ",
            "2024-05-01T08:00:00.123456Z",
        ),
        ("2024-05-01T10:00:00+0200 gate sshd-auth[1]: ", "2024-05-01T08:00:00Z"),
        ("Wed 2024-05-01 10:00:00 UTC gate sshd[1]: ", "2024-05-01T10:00:00Z"),
        ("Wed 2024-05-01 10:00:00 CEST gate sshd[1]: ", "2024-05-01T10:00:00Z"),
        ("1714557600.500000 gate sshd[1]: ", "2024-05-01T10:00:00.5Z"),
        ("<38>1 2024-05-01T10:00:00Z gate sshd 1 - - ", "2024-05-01T10:00:00Z"),
        ("<38>1 - gate sshd 1 ID [a b=\"\\\"]\\]\"][c] \u{feff}", "-"),
    ] {
        let expected = format!("192.0.2.7 {time} {said}");
        assert_eq!(
            crate::said::said(Sshd, &format!("{frame}{message}")),
            expected,
            "{frame}"
        );
    }
    check(
        Sshd,
        &[
            (
                "Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=192.0.2.4 ",
                "192.0.2.4 2026-06-14T15:16:01Z PamFailed",
            ),
            (
                "Nov 20 06:55:46 gate CRON[1]: pam_unix(cron:session): session opened",
                "no entry",
            ),
            (
                "Nov 20 06:55:46 gate sudo: eve : Invalid user eve from 192.0.2.7",
                "no entry",
            ),
            ("Invalid user eve from 192.0.2.7 port 4242", "no entry"),
        ],
    );
}

#[test]
fn a_user_name_that_looks_like_an_address_is_a_user_name() {
    for (message, expected) in [
        (
            "Failed password for invalid user x from 198.51.100.1 port 22 ssh2 from 192.0.2.7 port 4242 ssh2",
            "192.0.2.7 user=x from 198.51.100.1 port 22 ssh2 Failed",
        ),
        (
            "Invalid user x from 198.51.100.1 port 22 from 192.0.2.7 port 4242",
            "192.0.2.7 user=x from 198.51.100.1 port 22 InvalidUser",
        ),
        (
            "Connection closed by invalid user 198.51.100.1 port 22 192.0.2.7 port 4242 [preauth]",
            "192.0.2.7 user=198.51.100.1 port 22 Disconnected",
        ),
        (
            "User x from 198.51.100.1 not allowed because y from 192.0.2.7 not allowed because not listed in AllowUsers",
            "192.0.2.7 user=x from 198.51.100.1 not allowed because y Refused",
        ),
        // Not at the start of a message, and so no message.
        (
            "Failed password for Accepted password for root from 198.51.100.1 port 1 ssh2 from 192.0.2.7 port 4 ssh2",
            "192.0.2.7 user=Accepted password for root from 198.51.100.1 port 1 ssh2 Failed",
        ),
        (
            "pam_sss(sshd:auth): received for user x: authentication failure; rhost=198.51.100.1: 10",
            "-",
        ),
    ] {
        assert_eq!(of(message), expected, "{message}");
    }
}

#[test]
fn a_certificate_that_names_an_address_does_not_become_it() {
    // The client made the certificate, and its name follows the address. No name of a user
    // is so long that the second address could be sshd's.
    let print = "A".repeat(43);
    let message = format!(
        "Failed publickey for root from 192.0.2.7 port 42424 ssh2: RSA-CERT SHA256:{print} \
         ID x from 198.51.100.1 port 22 ssh2: y (serial 0) CA RSA SHA256:{print}"
    );
    assert_eq!(of(&message), "192.0.2.7 user=root Failed");
    // A user whose name could be followed by a certificate: either address may be true.
    let message = "Failed publickey for x from 198.51.100.1 port 1 ssh2: RSA from 192.0.2.7 port 4 ssh2: RSA SHA256:A";
    assert_eq!(of(message), "- Failed");
}

#[test]
fn two_addresses_between_which_nothing_decides_are_none() {
    let message = "Disconnecting invalid user 198.51.100.1 port 22: x 192.0.2.7 port 4242: Change of username";
    assert_eq!(of(message), "- Disconnected");
}

/// Pieces of messages, so that random names look like the rest of the line.
fn forged_name() -> impl Strategy<Value = String> {
    let piece = select(vec![
        "x",
        "from",
        "198.51.100.1",
        "port",
        "22",
        "ssh2",
        "ssh2:",
        "for",
        "invalid",
        "user",
        "[preauth]",
        "not allowed because",
        "rhost=198.51.100.1",
        "]",
        "",
        ":",
        "'",
        "times: [",
    ]);
    proptest::collection::vec(piece, 1..9)
        .prop_map(|pieces| pieces.join(" "))
        .prop_filter("sshd cuts names to 100 bytes", |name| name.len() <= 100)
}

proptest! {
    #[test]
    fn no_user_name_moves_the_address(name in forged_name(), form in 0..8, address: std::net::IpAddr) {
        let (message, outcome) = match form {
            0 => (format!("Failed password for {name} from {address} port 4242 ssh2"), Outcome::Failed),
            1 => (format!("Failed none for invalid user {name} from {address} port 1 ssh2"), Outcome::Failed),
            2 => (format!("Invalid user {name} from {address} port 4242"), Outcome::InvalidUser),
            3 => (format!("Invalid user {name} from {address}"), Outcome::InvalidUser),
            4 => (
                format!("Connection closed by invalid user {name} {address} port 4242 [preauth]"),
                Outcome::Disconnected,
            ),
            5 => (format!("Disconnected from invalid user {name} {address} port 4242"), Outcome::Disconnected),
            6 => (
                format!("maximum authentication attempts exceeded for {name} from {address} port 4 ssh2 [preauth]"),
                Outcome::Refused,
            ),
            _ => (
                format!("User {name} from {address} not allowed because not listed in AllowUsers"),
                Outcome::Refused,
            ),
        };
        let line = format!("2024-05-01T10:00:00Z gate sshd[1]: {message}");
        let mut parser = Parser::new(Sshd, &Options::default()).unwrap();
        let entry = parser.parse(line.as_bytes()).unwrap();
        prop_assert_eq!(entry.client, Some(address.to_canonical()), "{}", message);
        prop_assert_eq!(entry.outcome, Some(outcome));
        if form != 1 && !name.starts_with("invalid user ") {
            prop_assert_eq!(entry.user, Some(name.as_bytes()));
        }
    }

    #[test]
    fn no_key_behind_the_address_moves_it(
        name in "[a-z]{1,30}", id in forged_name(), address: std::net::Ipv4Addr,
    ) {
        // A print of 43 letters is before the name of the certificate.
        let print = "A".repeat(43);
        let line = format!(
            "2024-05-01T10:00:00Z gate sshd[1]: Failed publickey for {name} from {address} port \
             42424 ssh2: ED25519-CERT SHA256:{print} ID {id} (serial 0) CA RSA SHA256:{print}"
        );
        let mut parser = Parser::new(Sshd, &Options::default()).unwrap();
        let entry = parser.parse(line.as_bytes()).unwrap();
        prop_assert!(entry.client.is_none_or(|client| client == address));
    }
}
