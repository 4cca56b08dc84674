//! Lists of addresses, networks and autonomous systems that have something in common.

#[cfg(feature = "json")]
mod json;
mod lines;

use std::{fmt, net::IpAddr};

use ipnetwork::IpNetwork;

use crate::{
    AddressRange, Asn, Attribution, DatabaseInfo, Error, Facts, Flags, NetworkSet,
    database::appearance,
};

/// A list of addresses, networks and autonomous systems that share a mark: exits of Tor,
/// networks of a cloud, hosting companies.
///
/// What kind of list it is, is told from its content:
///
/// | list | marks |
/// |---|---|
/// | lines of addresses, networks (`192.0.2.0/24`), ranges (`192.0.2.1-192.0.2.9`) and AS numbers (`AS64496`); what follows them on the line, and `#` or `;` and what follows, is passed over: Tor's bulk exit list, `X4BNet`, `IPsum`, `FireHOL`, Cloudflare, Apple's relays | what the caller says |
/// | CSV with `asn` in its header: bad-asn-list | hosting |
/// | Tor's `exit-addresses` and `Onionoo` details | tor |
/// | the JSON of AWS, Google, Azure and Oracle [feature `json`] | hosting |
///
/// # Complexity
/// Reading is O(n log n). [`marks`](Self::marks) is a look-up in a [`NetworkSet`] and a
/// binary search among the AS numbers.
///
/// # Examples
/// ```
/// use geoip_core::{Flags, List};
///
/// let text = b"# of our own\n192.0.2.0/25\n198.51.100.7\nAS64496 # Example Hosting\n";
/// let list = List::parse("ours.txt", text)?.flagged(Flags::HOSTING);
/// assert!(list.contains("192.0.2.77".parse().unwrap()));
/// assert!(!list.contains("192.0.2.200".parse().unwrap()));
/// assert_eq!((list.networks(), list.systems().len()), (2, 1));
///
/// let error = List::parse("ours.txt", b"192.0.2.1\n192.0.2.256\n").unwrap_err();
/// assert!(error.to_string().starts_with("ours.txt, line 2: `192.0.2.256` is no address"));
/// # Ok::<(), geoip_core::Error>(())
/// ```
#[derive(Clone)]
pub struct List {
    info: DatabaseInfo,
    kind: ListKind,
    flags: Flags,
    networks: usize,
    set: NetworkSet,
    /// In order, each once.
    systems: Vec<Asn>,
}

/// What kind of list it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ListKind {
    /// Lines of addresses, networks, ranges and AS numbers.
    Lines,
    /// CSV whose first column is an AS number.
    Systems,
    /// Tor's `exit-addresses`.
    TorExitAddresses,
    /// Details of relays from Tor's `Onionoo`.
    Onionoo,
    /// Amazon's `ip-ranges.json`.
    Aws,
    /// Google's `cloud.json` or `goog.json`.
    Google,
    /// Microsoft's `ServiceTags_Public_….json`.
    Azure,
    /// Oracle's `public_ip_ranges.json`.
    Oracle,
}

impl ListKind {
    /// What a list of this kind says of what is in it; nothing if that is for the caller
    /// to say.
    pub fn flags(self) -> Flags {
        match self {
            Self::Lines => Flags::default(),
            Self::TorExitAddresses | Self::Onionoo => Flags::TOR,
            Self::Systems | Self::Aws | Self::Google | Self::Azure | Self::Oracle => {
                Flags::HOSTING
            }
        }
    }
}

/// What was read of a list.
struct Content {
    kind: ListKind,
    ranges: Vec<AddressRange>,
    systems: Vec<Asn>,
    /// The midnight before it was made, if it says when.
    day: Option<u64>,
}

impl Content {
    fn new(kind: ListKind) -> Self {
        Self { kind, ranges: Vec::new(), systems: Vec::new(), day: None }
    }
}

impl List {
    /// Read a list from its bytes; errors and sources call it by `name`.
    ///
    /// # Errors
    /// [`Error::NotAList`] if the bytes are something else, such as the error page of a
    /// download, or hold no entry at all; [`Error::Line`] for what is neither an address
    /// nor a network nor an AS number.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Self, Error> {
        let not_a_list =
            |found: &str| Error::NotAList { name: name.into(), found: found.into() };
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let content = match bytes.trim_ascii_start().first() {
            None => return Err(not_a_list("the file is empty")),
            Some(b'<' | 0x1f | b'P') => return Err(not_a_list(appearance(bytes))),
            #[cfg(feature = "json")]
            Some(b'{') => json::parse(name, bytes)?,
            #[cfg(not(feature = "json"))]
            Some(b'{') => {
                return Err(not_a_list("it is JSON, for which there is a feature"));
            }
            Some(_) => lines::parse(name, bytes)?,
        };
        let Content { kind, ranges, mut systems, day } = content;
        if ranges.is_empty() && systems.is_empty() {
            return Err(not_a_list("it holds no address, network or AS number"));
        }
        systems.sort_unstable();
        systems.dedup();
        let entries = ranges.len() + systems.len();
        Ok(Self {
            info: DatabaseInfo {
                name: name.into(),
                build_epoch: day,
                attribution: None,
                facts: Facts { flags: true, ..Facts::default() },
                entries: Some(entries as u64),
            },
            kind,
            flags: kind.flags(),
            networks: ranges.len(),
            set: NetworkSet::from_ranges(
                ranges.into_iter().map(|range| (range.first(), range.last())),
            ),
            systems,
        })
    }

    /// The same list with this mark, whatever its kind says.
    #[must_use]
    pub fn flagged(self, flags: Flags) -> Self {
        Self { flags, ..self }
    }

    /// The same list, of this day, in seconds since 1970-01-01, and with the credit that
    /// its licence asks for.
    #[must_use]
    pub fn provenance(
        mut self,
        build_epoch: Option<u64>,
        attribution: Option<Attribution>,
    ) -> Self {
        self.info.build_epoch = build_epoch.or(self.info.build_epoch);
        self.info.attribution = attribution;
        self
    }

    /// What it is called, when it was made, and how much it holds.
    pub fn info(&self) -> &DatabaseInfo {
        &self.info
    }

    /// What kind of list it is.
    pub fn kind(&self) -> ListKind {
        self.kind
    }

    /// The mark of what is in the list; empty if neither its kind nor the caller says.
    pub fn flags(&self) -> Flags {
        self.flags
    }

    /// How many addresses, networks and ranges are in the list, as it is written.
    pub fn networks(&self) -> usize {
        self.networks
    }

    /// The autonomous systems in the list, in order.
    pub fn systems(&self) -> &[Asn] {
        &self.systems
    }

    /// Whether an address is in one of the networks of the list.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.set.contains(address.to_canonical())
    }

    /// Whether an address, or the autonomous system that announces it, is in the list.
    ///
    /// Answers the network around the address in which that holds: that of the list, or
    /// `of_system`.
    pub fn marks(
        &self,
        address: IpAddr,
        system: Option<Asn>,
        of_system: Option<IpNetwork>,
    ) -> Option<Option<IpNetwork>> {
        if system.is_some_and(|system| self.systems.binary_search(&system).is_ok()) {
            return Some(of_system);
        }
        self.set.network_around(address.to_canonical()).map(Some)
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("name", &self.info.name)
            .field("kind", &self.kind)
            .field("flags", &self.flags)
            .field("networks", &self.networks)
            .field("systems", &self.systems.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
