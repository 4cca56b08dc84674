//! Against a server of the test's own, which answers as servers and as liars do.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{TcpListener, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::JoinHandle,
    time::Instant,
};

use super::*;
use std::net::Ipv4Addr;

/// What the server does with a question.
#[derive(Clone)]
enum Behaviour {
    /// Answer with these records: kind and data.
    Answer(Vec<(u16, Vec<u8>)>),
    Code(u8),
    Silence,
    /// Answer first with another number, other text and garbage, then rightly.
    StrangersFirst(Vec<(u16, Vec<u8>)>),
    /// Only strangers, without an end.
    OnlyStrangers,
    /// Too long for a datagram.
    OverTcp(Vec<(u16, Vec<u8>)>),
    /// A name that points at itself.
    Loop,
    /// No answer to the first question, one to the second.
    SecondTime(Vec<(u16, Vec<u8>)>),
}

struct Server {
    address: SocketAddr,
    ends: Arc<AtomicBool>,
    questions: Arc<AtomicUsize>,
    threads: Vec<JoinHandle<()>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            thread.join().unwrap();
        }
    }
}

/// The reply to a question, with records that belong to the name asked for.
fn answer(question: &[u8], flags: [u8; 2], records: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let mut message = question.to_vec();
    (message[2], message[3]) = (0x80 | flags[0], flags[1]);
    message[7] = u8::try_from(records.len()).unwrap();
    for (kind, data) in records {
        // The name asked for stands behind the head.
        message.extend_from_slice(&[0xc0, 12]);
        message.extend_from_slice(&kind.to_be_bytes());
        message.extend_from_slice(&[0, 1, 0, 0, 0, 60]);
        message.extend_from_slice(&u16::try_from(data.len()).unwrap().to_be_bytes());
        message.extend_from_slice(data);
    }
    message
}

/// The name in a question, as text.
fn asked(question: &[u8]) -> String {
    let mut labels = Vec::new();
    let mut at = 12;
    while question[at] != 0 {
        let len = usize::from(question[at]);
        labels.push(String::from_utf8_lossy(&question[at + 1..][..len]).into_owned());
        at += 1 + len;
    }
    labels.join(".").to_lowercase()
}

fn wire(name: &str) -> Vec<u8> {
    let mut wire = Vec::new();
    for label in name.split('.') {
        wire.push(u8::try_from(label.len()).unwrap());
        wire.extend_from_slice(label.as_bytes());
    }
    wire.push(0);
    wire
}

fn serve(behaviours: &[(&str, Behaviour)]) -> Server {
    let behaviours: BTreeMap<String, Behaviour> = behaviours
        .iter()
        .map(|(name, behaviour)| ((*name).to_owned(), behaviour.clone()))
        .collect();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    let listener = TcpListener::bind(address).unwrap();
    listener.set_nonblocking(true).unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    let (ends, questions) = (Arc::new(AtomicBool::new(false)), Arc::default());
    let over_tcp = behaviours.clone();
    let (ends_tcp, ends_udp) = (Arc::clone(&ends), Arc::clone(&ends));
    let counter: Arc<AtomicUsize> = Arc::clone(&questions);
    let udp = std::thread::spawn(move || {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut bytes = [0; 512];
        while !ends_udp.load(Ordering::Relaxed) {
            let Ok((len, from)) = socket.recv_from(&mut bytes) else { continue };
            counter.fetch_add(1, Ordering::Relaxed);
            let question = &bytes[..len];
            let name = asked(question);
            let times = seen.entry(name.clone()).or_default();
            *times += 1;
            let send = |message: &[u8]| drop(socket.send_to(message, from));
            let strangers = || {
                let ptr = (12, wire("forged.example"));
                let mut other = answer(question, [0, 0], std::slice::from_ref(&ptr));
                other[1] ^= 1;
                send(&other);
                let mut other = answer(question, [0, 0], &[ptr]);
                other[13] ^= 1;
                send(&other);
                send(b"garbage");
                send(b"");
            };
            match behaviours.get(&name).unwrap_or(&Behaviour::Code(3)) {
                Behaviour::Answer(records) => send(&answer(question, [0, 0], records)),
                Behaviour::Code(code) => send(&answer(question, [0, *code], &[])),
                Behaviour::Silence => {}
                Behaviour::StrangersFirst(records) => {
                    strangers();
                    send(&answer(question, [0, 0], records));
                }
                Behaviour::OnlyStrangers => (0..50).for_each(|_| strangers()),
                Behaviour::OverTcp(_) => send(&answer(question, [2, 0], &[])),
                Behaviour::Loop => {
                    let at = u8::try_from(question.len() + 12).unwrap();
                    send(&answer(question, [0, 0], &[(12, vec![0xc0, at])]));
                }
                Behaviour::SecondTime(_) if *times == 1 => {}
                Behaviour::SecondTime(records) => {
                    send(&answer(question, [0, 0], records));
                }
            }
        }
    });
    let tcp = std::thread::spawn(move || {
        while !ends_tcp.load(Ordering::Relaxed) {
            let Ok((mut stream, _)) = listener.accept() else {
                std::thread::sleep(Duration::from_millis(5));
                continue;
            };
            stream.set_nonblocking(false).unwrap();
            let mut len = [0; 2];
            stream.read_exact(&mut len).unwrap();
            let mut question = vec![0; usize::from(u16::from_be_bytes(len))];
            stream.read_exact(&mut question).unwrap();
            let Some(Behaviour::OverTcp(records)) = over_tcp.get(&asked(&question))
            else {
                continue;
            };
            let message = answer(&question, [0, 0], records);
            let len = u16::try_from(message.len()).unwrap().to_be_bytes();
            // In two parts, as networks do.
            stream.write_all(&len).unwrap();
            stream.flush().unwrap();
            let (head, rest) = message.split_at(20);
            stream.write_all(head).unwrap();
            stream.flush().unwrap();
            stream.write_all(rest).unwrap();
        }
    });
    Server { address, ends, questions, threads: vec![udp, tcp] }
}

/// The names, of a server that always answers: a busy machine has all the time it needs.
fn names(server: &Server, addresses: &[&str]) -> Vec<HostName> {
    names_within(Duration::from_secs(10), server, addresses)
}

fn names_within(timeout: Duration, server: &Server, addresses: &[&str]) -> Vec<HostName> {
    let mut options = ReverseDnsOptions::new(vec![server.address]);
    options.timeout = timeout;
    let addresses: Vec<IpAddr> =
        addresses.iter().map(|text| text.parse().unwrap()).collect();
    let through = AtomicUsize::new(0);
    let count = |_| {
        through.fetch_add(1, Ordering::Relaxed);
    };
    let names = ReverseDns::new(options).names(&addresses, &count);
    assert_eq!(through.into_inner(), addresses.len());
    for name in &names {
        let seconds = name.holds_for.as_secs();
        let expected = match name.host {
            HostName::Unknown => 0,
            HostName::None => 900,
            _ => 60,
        };
        assert_eq!(seconds, expected, "{:?}", name.host);
    }
    names.into_iter().map(|name| name.host).collect()
}

fn ptr(name: &str) -> (u16, Vec<u8>) {
    (12, wire(name))
}

fn a(address: [u8; 4]) -> (u16, Vec<u8>) {
    (1, address.to_vec())
}

#[test]
fn a_name_counts_as_confirmed_only_if_it_has_the_address() {
    let server = serve(&[
        ("1.2.0.192.in-addr.arpa", Behaviour::Answer(vec![ptr("good.example")])),
        ("good.example", Behaviour::Answer(vec![a([192, 0, 2, 9]), a([192, 0, 2, 1])])),
        ("2.2.0.192.in-addr.arpa", Behaviour::Answer(vec![ptr("www.bank.example")])),
        ("www.bank.example", Behaviour::Answer(vec![a([198, 51, 100, 1])])),
        (
            "3.2.0.192.in-addr.arpa",
            Behaviour::Answer(vec![ptr("nowhere.example"), ptr("third.example")]),
        ),
        ("third.example", Behaviour::Answer(vec![a([192, 0, 2, 3])])),
        ("5.2.0.192.in-addr.arpa", Behaviour::Answer(vec![(12, vec![0])])),
    ]);
    let said = names(
        &server,
        &[
            "192.0.2.1",
            "::ffff:192.0.2.1",
            "192.0.2.2",
            "192.0.2.3",
            "192.0.2.4",
            "192.0.2.5",
        ],
    );
    let expected = [
        HostName::Confirmed("good.example".into()),
        HostName::Confirmed("good.example".into()),
        HostName::Unconfirmed("www.bank.example".into()),
        HostName::Confirmed("third.example".into()),
        HostName::None,
        HostName::None,
    ];
    assert_eq!(said, expected);
}

#[test]
fn addresses_of_version_6_have_names_too() {
    let reverse =
        "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa";
    let address: [u8; 16] = "2001:db8::1".parse::<std::net::Ipv6Addr>().unwrap().octets();
    let server = serve(&[
        (reverse, Behaviour::Answer(vec![ptr("six.example")])),
        ("six.example", Behaviour::Answer(vec![(28, address.to_vec())])),
    ]);
    let said = names(&server, &["2001:db8::1"]);
    assert_eq!(said, [HostName::Confirmed("six.example".into())]);
}

#[test]
fn whoever_guesses_is_not_believed() {
    let server = serve(&[
        ("1.2.0.192.in-addr.arpa", Behaviour::StrangersFirst(vec![ptr("good.example")])),
        ("good.example", Behaviour::StrangersFirst(vec![a([192, 0, 2, 1])])),
        ("2.2.0.192.in-addr.arpa", Behaviour::OnlyStrangers),
        ("3.2.0.192.in-addr.arpa", Behaviour::Loop),
    ]);
    let addresses = ["192.0.2.1", "192.0.2.2", "192.0.2.3"];
    let said = names_within(Duration::from_millis(800), &server, &addresses);
    let good = HostName::Confirmed("good.example".into());
    assert_eq!(said, [good, HostName::Unknown, HostName::Unknown]);
}

#[test]
fn silence_and_failure_are_waited_for_only_so_long() {
    let server = serve(&[
        ("1.2.0.192.in-addr.arpa", Behaviour::Silence),
        ("2.2.0.192.in-addr.arpa", Behaviour::Code(2)),
        ("3.2.0.192.in-addr.arpa", Behaviour::SecondTime(vec![ptr("late.example")])),
        ("late.example", Behaviour::Code(5)),
    ]);
    let start = Instant::now();
    let addresses = ["192.0.2.1", "192.0.2.2", "192.0.2.3"];
    let said = names_within(Duration::from_millis(800), &server, &addresses);
    let late = HostName::Unconfirmed("late.example".into());
    assert_eq!(said, [HostName::Unknown, HostName::Unknown, late]);
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    // Two each, and two for the name.
    assert_eq!(server.questions.load(Ordering::Relaxed), 8);
}

#[test]
fn what_is_too_long_for_a_datagram_comes_over_tcp() {
    let mut records = vec![ptr("long.example")];
    records.extend((0..60).map(|n| ptr(&format!("one-of-many-names-{n}.example"))));
    let server = serve(&[
        ("1.2.0.192.in-addr.arpa", Behaviour::OverTcp(records)),
        ("long.example", Behaviour::Answer(vec![a([192, 0, 2, 1])])),
    ]);
    let said = names(&server, &["192.0.2.1"]);
    assert_eq!(said, [HostName::Confirmed("long.example".into())]);
}

#[test]
fn many_are_asked_for_at_once_and_answers_stay_with_their_addresses() {
    let texts: Vec<_> = (1..=100).map(|n| format!("192.0.2.{n}")).collect();
    let behaviours: Vec<_> = (1..=100)
        .map(|n| {
            let name = format!("{n}.2.0.192.in-addr.arpa");
            (name, Behaviour::Answer(vec![ptr(&format!("h{n}.example"))]))
        })
        .collect();
    let behaviours: Vec<_> =
        behaviours.iter().map(|(name, b)| (name.as_str(), b.clone())).collect();
    let server = serve(&behaviours);
    let addresses: Vec<_> = texts.iter().map(String::as_str).collect();
    for (n, name) in (1..).zip(names(&server, &addresses)) {
        assert_eq!(name, HostName::Unconfirmed(format!("h{n}.example")));
    }
    assert!(names(&server, &[]).is_empty());
}

#[test]
fn servers_that_are_dead_are_not_asked_for_ever() {
    // Bound and never read: no answer, and no refusal by the system either.
    let dead = UdpSocket::bind("127.0.0.1:0").unwrap();
    let mut options = ReverseDnsOptions::new(vec![dead.local_addr().unwrap()]);
    options.timeout = Duration::from_millis(30);
    let addresses: Vec<IpAddr> =
        (0..20_000_u32).map(|n| Ipv4Addr::from(0xc000_0200 + n).into()).collect();
    let start = Instant::now();
    let names = ReverseDns::new(options).names(&addresses, &|_| {});
    assert!(names.iter().all(|name| name.host == HostName::Unknown));
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}

#[test]
fn servers_are_those_that_the_system_names() {
    let text = "# made\nsearch example\nnameserver 192.0.2.53\n nameserver\t2001:db8::53 # x\n\
        nameserver fe80::1%eth0\nnameserver\noptions edns0\n";
    let servers: Vec<_> = servers_in(text).iter().map(ToString::to_string).collect();
    assert_eq!(servers, ["192.0.2.53:53", "[2001:db8::53]:53"]);
}
