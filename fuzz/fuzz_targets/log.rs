//! Any lines, in every format: text is where it is said to be, a line means the same whatever
//! came before it, and no user name or request moves the client or the time.

#![no_main]

use std::net::{IpAddr, Ipv4Addr};

use geoip_log::{Format, Options, Parser, TimeFinder, Timestamp};
use libfuzzer_sys::fuzz_target;

const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

fuzz_target!(|input: (u8, u8, i64, &[u8])| {
    let (format, switches, reference, text) = input;
    let options = options(switches, reference);
    any_lines(format, &options, text);
    forged_name(text);
    forged_request(text);
});

/// Options from bits; fields are only named for formats that have fields.
fn options(switches: u8, reference: i64) -> Options {
    let on = |bit: u8| switches >> bit & 1 == 1;
    let mut options = Options::default();
    if on(0) {
        options = options.trusted_proxies("private".parse().expect("a network"));
    }
    if on(1) {
        options = options.time_zone("Europe/Berlin".parse().expect("a zone"));
    }
    match Timestamp::new(reference, 0) {
        Some(reference) => options.reference(reference),
        None => options,
    }
}

fn any_lines(format: u8, options: &Options, text: &[u8]) {
    let format = Format::ALL[usize::from(format) % Format::ALL.len()];
    let mut parser = Parser::new(format, options).expect("no field is named");
    for line in text.split(|byte| *byte == b'\n') {
        let Some(entry) = parser.parse(line) else { continue };
        if let Some(span) = entry.client_span() {
            assert_eq!(Some(&line[span]), entry.client_text);
        }
        assert!(entry.client.is_none() || entry.client_text.is_some());
        if !parser.carries_state() {
            let mut fresh = Parser::new(format, options).expect("no field is named");
            assert_eq!(fresh.parse(line), Some(entry));
        }
    }
    if let Some((_, mut parser)) = Parser::detect(text, options) {
        parser.parse(text);
    }
    if let Some(mut finder) = TimeFinder::detect(text, options) {
        finder.time_of(text);
    }
}

/// What sshd would write about a user of that name.
fn forged_name(name: &[u8]) {
    // sshd cuts names, and writes bytes that cannot be printed as escapes.
    if name.len() > 100 || !name.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        return;
    }
    let name = String::from_utf8_lossy(name);
    let mut parser = Parser::new(Format::Sshd, &Options::default()).expect("no options");
    for message in [
        format!("Failed password for {name} from {CLIENT} port 4242 ssh2"),
        format!("Failed publickey for invalid user {name} from {CLIENT} port 4242 ssh2"),
        format!("Invalid user {name} from {CLIENT} port 4242"),
        format!("Connection closed by invalid user {name} {CLIENT} port 4242 [preauth]"),
    ] {
        let line = format!("2026-11-21T06:55:48Z gate sshd[1]: {message}");
        let entry = parser.parse(line.as_bytes()).expect("a line of sshd");
        assert_eq!(entry.client, Some(CLIENT), "{line}");
    }
}

/// What Apache would write about a request, by a user, with that text.
fn forged_request(text: &[u8]) {
    if !text.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        return;
    }
    let text = String::from_utf8_lossy(text).replace('\\', "\\\\").replace('"', "\\\"");
    let mut parser =
        Parser::new(Format::CombinedLog, &Options::default()).expect("no options");
    let line = format!(
        "{CLIENT} - u{text} [10/Oct/2000:13:55:36 +0000] \"{text}\" 404 5 \"{text}\" \"{text}\""
    );
    let entry = parser.parse(line.as_bytes()).expect("a line of an access log");
    let said = (entry.client, entry.time.map(Timestamp::seconds), entry.status);
    assert_eq!(said, (Some(CLIENT), Some(971_186_136), Some(404)), "{line}");
}
