//! Names by DNS, of a server on this machine that knows a few.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod databases;
mod program;

use std::{
    fs,
    net::UdpSocket,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use databases::{json_lines, with_test_databases};
use program::{folder, geoip};
use serde_json::json;

/// The name asked for, as text.
fn asked(question: &[u8]) -> String {
    let (mut name, mut rest) = (String::new(), &question[12..]);
    while rest[0] > 0 {
        let (label, after) = rest[1..].split_at(usize::from(rest[0]));
        name.push_str(str::from_utf8(label).unwrap());
        name.push('.');
        rest = after;
    }
    name
}

fn wire(name: &[u8]) -> Vec<u8> {
    let mut wire = Vec::new();
    for label in name.split(|byte| *byte == b'.') {
        wire.push(u8::try_from(label.len()).unwrap());
        wire.extend_from_slice(label);
    }
    wire.push(0);
    wire
}

/// A server that runs to the end of the test, and how often it was asked.
fn serve() -> (String, Arc<AtomicUsize>) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap().to_string();
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    std::thread::spawn(move || {
        let mut bytes = [0; 512];
        while let Ok((len, from)) = socket.recv_from(&mut bytes) {
            counter.fetch_add(1, Ordering::Relaxed);
            let mut message = bytes[..len].to_vec();
            message[2] |= 0x80;
            let (kind, data) = match asked(&bytes[..len]).as_str() {
                "128.20.160.89.in-addr.arpa." => (12, wire(b"good.example")),
                "good.example." => (1, vec![89, 160, 20, 128]),
                "144.69.2.81.in-addr.arpa." => (12, wire(b"x\x1b[2J.bank.example")),
                "7.0.1.10.in-addr.arpa." => (12, wire(b"nas.office.example")),
                _ => {
                    message[3] = 3;
                    (0, Vec::new())
                }
            };
            if kind > 0 {
                message[7] = 1;
                message.extend_from_slice(&[0xc0, 12, 0, kind, 0, 1, 0, 0, 1, 0, 0]);
                message.push(u8::try_from(data.len()).unwrap());
                message.extend_from_slice(&data);
            }
            socket.send_to(&message, from).unwrap();
        }
    });
    (address, count)
}

const LOG: &[u8] =
    b"89.160.20.128 89.160.20.128 81.2.69.144 10.1.0.7 127.0.0.1 81.2.69.160";

#[test]
fn names_are_confirmed_escaped_kept_and_only_asked_for_when_told() {
    let folder = folder("names_are_confirmed");
    let cache = folder.join("names");
    let (server, count) = serve();
    let enrich = |options: &[&str]| {
        let common = ["enrich", "--reverse-dns", "--dns-server", &server, "-f", "json"];
        let fields = ["--fields", "address,reverse_dns,reverse_dns_unconfirmed"];
        with_test_databases(&[&common, &fields[..], options].concat(), LOG)
    };
    let expected = [
        json!({"address": "89.160.20.128", "reverse_dns": "good.example"}),
        json!({"address": "10.1.0.7", "reverse_dns_unconfirmed": "nas.office.example"}),
        json!({"address": "81.2.69.144",
            "reverse_dns_unconfirmed": "x\\027[2J.bank.example"}),
        json!({"address": "81.2.69.160"}),
        json!({"address": "127.0.0.1"}),
    ];
    let run = enrich(&["--dns-cache", cache.to_str().unwrap(), "--sort", "address"]);
    let mut sorted = expected.to_vec();
    sorted.sort_by_key(|row| {
        row["address"].as_str().unwrap().parse::<std::net::IpAddr>().unwrap()
    });
    assert_eq!(json_lines(&run), sorted);
    let said = format!("4 addresses leave this machine, to {server}; 1 is not asked for");
    assert!(run.stderr.contains(&said), "{}", run.stderr);
    // Four pointers, and the names of three.
    assert_eq!(count.load(Ordering::Relaxed), 7);

    let again = enrich(&["--dns-cache", cache.to_str().unwrap(), "--sort", "address"]);
    assert_eq!(again.stdout, run.stdout);
    assert!(again.stderr.contains("0 addresses leave this machine"), "{}", again.stderr);
    assert!(again.stderr.contains("4 known from before"), "{}", again.stderr);
    assert_eq!(count.load(Ordering::Relaxed), 7);
    let kept = fs::read_to_string(&cache).unwrap();
    assert!(kept.contains(" confirmed good.example\n"), "{kept}");

    // What is not printed is not asked for.
    let top = enrich(&["--top", "1"]);
    assert_eq!(json_lines(&top), expected[..1]);
    assert!(top.stderr.contains("1 address leaves this machine"), "{}", top.stderr);
    assert_eq!(count.load(Ordering::Relaxed), 9);
    let filtered = enrich(&["--country", "GB", "--dns-most", "1"]);
    assert!(filtered.stderr.contains("1 address leaves"), "{}", filtered.stderr);
    assert!(filtered.stderr.contains("1 is not asked for"), "{}", filtered.stderr);
}

#[test]
fn a_name_stands_in_the_record_with_its_source() {
    let (server, _) = serve();
    let lookup = ["lookup", "--reverse-dns", "--dns-server", &server, "89.160.20.128"];
    let run = with_test_databases(&[&lookup[..], &["-f", "json"]].concat(), b"");
    let row = &json_lines(&run)[0];
    assert_eq!(row["reverse_dns"], "good.example");
    let sources = row["sources"].as_array().unwrap();
    assert_eq!(sources.last().unwrap(), "reverse DNS");
    let table = with_test_databases(&lookup, b"");
    assert!(table.stdout.contains("reverse DNS"), "{}", table.stdout);
}

#[test]
fn servers_are_checked() {
    let run =
        geoip(["lookup", "--reverse-dns", "--dns-server", "dns.example", "192.0.2.1"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("`dns.example` is no address of a server"));
    let alone = geoip(["lookup", "--dns-server", "192.0.2.53", "192.0.2.1"]);
    assert!(alone.stderr.contains("--reverse-dns"), "{}", alone.stderr);
}
