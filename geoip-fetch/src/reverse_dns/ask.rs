//! A question, until it is answered or nobody will.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    io::{self, Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket},
    time::{Duration, Instant},
};

use super::{
    ReverseDnsOptions,
    message::{Kind, Name, Record, Reply, question, reply},
};

/// What became of a question.
#[derive(Debug)]
pub(super) enum Asked {
    Records(Vec<Record>),
    NoSuchName,
    /// A server answered that it cannot or will not.
    Refused,
    /// No server answered in time.
    NoAnswer,
}

/// The largest datagram that there is to be without more being asked for.
const LONGEST_DATAGRAM: usize = 512;

/// How many datagrams that are no reply are read before one gives up: whoever sends more
/// tries to guess.
const MOST_STRANGERS: usize = 100;

/// Ask the servers in turn.
pub(super) fn ask(options: &ReverseDnsOptions, name: &Name, kind: Kind) -> Asked {
    let mut asked = Asked::NoAnswer;
    for server in options.servers.iter().cycle().take(options.attempts) {
        // A server that does not answer is one thing with one that cannot be reached.
        let replied =
            over_udp(*server, options.timeout, name, kind).and_then(|replied| {
                if replied == Some(Reply::Truncated) {
                    over_tcp(*server, options.timeout, name, kind)
                } else {
                    Ok(replied)
                }
            });
        match replied {
            Ok(Some(Reply::Records(records))) => return Asked::Records(records),
            Ok(Some(Reply::NoSuchName)) => return Asked::NoSuchName,
            Ok(Some(Reply::Truncated | Reply::Refused)) => asked = Asked::Refused,
            Ok(None) | Err(_) => {}
        }
    }
    asked
}

/// A number that nobody else can guess: the keys of a hash are drawn at random.
fn unpredictable_id() -> u16 {
    let bits = RandomState::new().build_hasher().finish().to_be_bytes();
    u16::from_be_bytes([bits[0], bits[1]])
}

fn over_udp(
    server: SocketAddr,
    timeout: Duration,
    name: &Name,
    kind: Kind,
) -> io::Result<Option<Reply>> {
    let any: IpAddr = match server {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    // A socket of its own for each question, so that the system draws a port of its own; and
    // connected, so that the system keeps away what does not come from the server.
    let socket = UdpSocket::bind((any, 0))?;
    socket.connect(server)?;
    let id = unpredictable_id();
    socket.send(&question(id, name, kind))?;
    let end = Instant::now() + timeout;
    let mut message = [0; LONGEST_DATAGRAM];
    for _ in 0..MOST_STRANGERS {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        socket.set_read_timeout(Some(left))?;
        let len = socket.recv(&mut message)?;
        let replied = reply(message.get(..len).unwrap_or_default(), id, name, kind);
        if replied.is_some() {
            return Ok(replied);
        }
    }
    Ok(None)
}

/// The same over TCP, for what is too long for a datagram (RFC 7766).
fn over_tcp(
    server: SocketAddr,
    timeout: Duration,
    name: &Name,
    kind: Kind,
) -> io::Result<Option<Reply>> {
    let end = Instant::now() + timeout;
    let mut stream = TcpStream::connect_timeout(&server, timeout)?;
    stream.set_write_timeout(Some(timeout))?;
    let id = unpredictable_id();
    let question = question(id, name, kind);
    let len = u16::try_from(question.len()).unwrap_or(u16::MAX);
    stream.write_all(&[&len.to_be_bytes(), &question[..]].concat())?;
    let mut len = [0; 2];
    read_before(end, &mut stream, &mut len)?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(len))];
    read_before(end, &mut stream, &mut message)?;
    Ok(reply(&message, id, name, kind).filter(|replied| *replied != Reply::Truncated))
}

/// Fill the bytes before a moment: a server that sends one byte at a time must not make one
/// wait for each.
fn read_before(end: Instant, stream: &mut TcpStream, bytes: &mut [u8]) -> io::Result<()> {
    let mut filled = 0;
    while filled < bytes.len() {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut bytes[filled..])? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => filled += read,
        }
    }
    Ok(())
}
