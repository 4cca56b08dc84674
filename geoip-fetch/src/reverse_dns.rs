//! Names of addresses by reverse DNS, confirmed by asking for the addresses of the names.

mod ask;
mod cache;
mod message;

use std::{
    fs, io,
    net::{IpAddr, SocketAddr},
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

pub use self::cache::ReverseDnsCache;
use self::{
    ask::{Asked, ask},
    message::{Data, Kind, Name, Record},
};

/// What reverse DNS says of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostName {
    /// A name, and the name has the address: both who runs the address and who runs the
    /// name say so.
    Confirmed(String),
    /// A name that does not have the address, or of which that cannot be known. Whoever
    /// runs the address can claim any name.
    Unconfirmed(String),
    /// The address has no name.
    None,
    /// The servers did not answer, or would not.
    Unknown,
}

/// What reverse DNS says of an address, and for how long it says so.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReverseName {
    /// What it says.
    pub host: HostName,
    /// For how long, by the shortest time of all records that it is made of, but a minute at
    /// least and a day at most; no time for what is not known.
    pub holds_for: Duration,
}

/// Where and how to ask.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReverseDnsOptions {
    /// The servers, each of which does the whole work for whoever asks it.
    pub servers: Vec<SocketAddr>,
    /// For how long to wait for one reply.
    pub timeout: Duration,
    /// How often to ask in all, each time the next server.
    pub attempts: usize,
    /// How many questions are on their way at once.
    pub concurrency: usize,
}

impl ReverseDnsOptions {
    /// Ask these servers, twice if need be, and wait two seconds for each reply.
    pub fn new(servers: Vec<SocketAddr>) -> Self {
        Self { servers, timeout: Duration::from_secs(2), attempts: 2, concurrency: 32 }
    }
}

/// Asks servers of DNS for the names of addresses.
///
/// Each address that is asked for leaves the machine, and the server learns of it. Replies
/// are believed only if they come from the server that was asked, to the port that asked,
/// with the number and the text of the question. Names are text of printable ASCII, in which
/// whatever else a label holds is escaped.
///
/// # Examples
/// ```no_run
/// use geoip_fetch::reverse_dns::{HostName, ReverseDns, ReverseDnsOptions, dns_servers_of_system};
///
/// let options = ReverseDnsOptions::new(dns_servers_of_system()?);
/// let names = ReverseDns::new(options).names(&["1.1.1.1".parse().unwrap()], &|_| {});
/// assert_eq!(names[0].host, HostName::Confirmed("one.one.one.one".into()));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # References
/// RFC 1035; RFC 3596 for IPv6; RFC 2317 for networks smaller than /24; RFC 5452 for what
/// makes replies hard to forge.
#[derive(Clone, Debug)]
pub struct ReverseDns {
    options: ReverseDnsOptions,
}

/// When so many addresses in a row got no answer at all, the servers are taken for dead.
const MOST_SILENT: usize = 64;

/// Of the names that an address claims, so many are asked for.
const MOST_NAMES: usize = 4;

impl ReverseDns {
    /// Ask as these options say.
    pub fn new(options: ReverseDnsOptions) -> Self {
        Self { options }
    }

    /// The names of these addresses, in their order. `done` is called with the number of
    /// addresses that are through, on any thread.
    ///
    /// When the servers say nothing 64 times in a row, the rest is not asked for.
    ///
    /// # Complexity
    /// At worst n ⋅ attempts ⋅ timeout / concurrency of time, and five times that if each
    /// address has four names that nobody answers for; memory of the order of the names.
    pub fn names(
        &self,
        addresses: &[IpAddr],
        done: &(dyn Fn(usize) + Sync),
    ) -> Vec<ReverseName> {
        let names = Mutex::new(vec![ReverseName::unknown(); addresses.len()]);
        let (next, through) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let silent = AtomicUsize::new(0);
        let work = || {
            while silent.load(Ordering::Relaxed) < MOST_SILENT {
                let position = next.fetch_add(1, Ordering::Relaxed);
                let Some(&address) = addresses.get(position) else { break };
                if let Some(name) = self.name(address) {
                    silent.store(0, Ordering::Relaxed);
                    names.lock().unwrap_or_else(PoisonError::into_inner)[position] = name;
                } else {
                    silent.fetch_add(1, Ordering::Relaxed);
                }
                done(through.fetch_add(1, Ordering::Relaxed) + 1);
            }
        };
        let threads = self.options.concurrency.clamp(1, addresses.len().max(1));
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(work);
            }
        });
        names.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// The name of an address; none if no server says anything.
    fn name(&self, address: IpAddr) -> Option<ReverseName> {
        let address = address.to_canonical();
        let records = match ask(&self.options, &Name::reverse(address), Kind::Ptr) {
            Asked::Records(records) => records,
            Asked::NoSuchName => return Some(ReverseName::none()),
            Asked::Refused => return Some(ReverseName::unknown()),
            Asked::NoAnswer => return None,
        };
        let names: Vec<_> = records.into_iter().filter_map(name_of).collect();
        let kind = if address.is_ipv4() { Kind::A } else { Kind::Aaaa };
        for (name, ttl_s) in names.iter().take(MOST_NAMES) {
            let Asked::Records(records) = ask(&self.options, name, kind) else {
                continue;
            };
            let is_address = |record: &&Record| record.data == Data::Address(address);
            if let Some(record) = records.iter().find(is_address) {
                let ttl_s = record.ttl_s.min(*ttl_s);
                let host = HostName::Confirmed(name.to_text());
                return Some(ReverseName::new(host, ttl_s));
            }
        }
        Some(match names.first() {
            Some((name, ttl_s)) => {
                ReverseName::new(HostName::Unconfirmed(name.to_text()), *ttl_s)
            }
            None => ReverseName::none(),
        })
    }
}

impl ReverseName {
    /// How long it holds that there is no name: what says so exactly is passed over.
    const NONE_FOR_S: u32 = 900;

    fn new(host: HostName, ttl_s: u32) -> Self {
        let holds_for = Duration::from_secs(ttl_s.clamp(60, 86_400).into());
        Self { host, holds_for }
    }

    fn none() -> Self {
        Self::new(HostName::None, Self::NONE_FOR_S)
    }

    fn unknown() -> Self {
        Self { host: HostName::Unknown, holds_for: Duration::ZERO }
    }
}

/// The name that a record holds, and for how many seconds. The root, which some use to say
/// that there is none, is none.
fn name_of(record: Record) -> Option<(Name, u32)> {
    match record.data {
        Data::Name(name) if !name.is_root() => Some((name, record.ttl_s)),
        _ => None,
    }
}

/// The servers that this machine asks, as `/etc/resolv.conf` names them.
///
/// # Errors
/// If that file cannot be read, as on systems that have none, or names no server.
pub fn dns_servers_of_system() -> io::Result<Vec<SocketAddr>> {
    let servers = servers_in(&fs::read_to_string(Path::new("/etc/resolv.conf"))?);
    if servers.is_empty() {
        return Err(io::Error::other("/etc/resolv.conf names no server"));
    }
    Ok(servers)
}

/// The port of DNS.
const PORT: u16 = 53;

fn servers_in(text: &str) -> Vec<SocketAddr> {
    let server = |line: &str| {
        let mut words = line.split_whitespace();
        let address = words.next().filter(|word| *word == "nameserver").and(words.next());
        // An address within a link (`fe80::1%eth0`) needs the number of the link, which
        // only the system knows.
        Some(SocketAddr::new(address?.parse().ok()?, PORT))
    };
    text.lines().filter_map(server).collect()
}

/// A reply as bytes of unknown origin: for fuzzing, where nothing but an end is expected.
#[doc(hidden)]
pub fn read_reply_of_anyone(bytes: &[u8]) {
    let name = Name::reverse(IpAddr::from([192, 0, 2, 1]));
    for kind in [Kind::Ptr, Kind::A, Kind::Aaaa] {
        let mut message = message::question(0, &name, kind);
        if let [flags, more @ ..] = bytes {
            message[2] |= 0x80;
            message[3] = *flags;
            message[7] = 16;
            message.extend_from_slice(more);
        }
        for message in [bytes, &message] {
            if let Some(message::Reply::Records(records)) =
                message::reply(message, 0, &name, kind)
            {
                for (name, _) in records.into_iter().filter_map(name_of) {
                    assert!(name.to_text().is_ascii());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
