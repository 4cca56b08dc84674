//! What a search finds.

use std::fmt;
use std::net::IpAddr;
use std::ops::Range;

use crate::bytes::{before, byte, decimal, digits_at, port};

/// One address found in a haystack.
///
/// It borrows the haystack, so that making it costs nothing; what stands after the address
/// (a prefix length, a port) is read when asked for.
///
/// # Examples
/// ```
/// use geoip_extract::Extractor;
///
/// let extractor = Extractor::default();
/// let found = extractor.find_iter(b"listen [2001:db8::1]:443").next().unwrap();
/// assert_eq!(found.address().to_string(), "2001:db8::1");
/// assert_eq!((found.text(), found.span()), (&b"2001:db8::1"[..], 8..19));
/// assert_eq!(found.port(), Some(443));
/// ```
#[derive(Clone, Copy)]
pub struct AddressMatch<'h> {
    pub(crate) haystack: &'h [u8],
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) address: IpAddr,
    /// Bytes of the whole input before `haystack`.
    pub(crate) base: u64,
    /// What stands after an address that was written with escapes, read in plain text.
    pub(crate) said: Option<Said>,
}

/// What was written with an address.
#[derive(Clone, Copy)]
pub(crate) struct Said {
    pub(crate) prefix: Option<u8>,
    pub(crate) port: Option<u16>,
    /// Where the zone is: how many bytes after the end of the address, and how long.
    pub(crate) zone: Option<(u32, u32)>,
}

impl<'h> AddressMatch<'h> {
    /// The address.
    ///
    /// An IPv4-mapped IPv6 address is the IPv4 address it stands for, unless
    /// [`Extractor::mapped_as_ipv6`](crate::Extractor::mapped_as_ipv6) says otherwise.
    #[inline]
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// The address as it was written, without brackets, zone, port or prefix length; with
    /// its escapes or its disguise, if it was found by a reading.
    #[inline]
    pub fn text(&self) -> &'h [u8] {
        &self.haystack[self.start..self.end]
    }

    /// Where [`text`](Self::text) is in the haystack.
    ///
    /// For a match of [`Extractor::for_each`](crate::Extractor::for_each) the haystack is
    /// whichever part of the stream was in memory; there, [`offset`](Self::offset) is what
    /// you want.
    #[inline]
    pub fn span(&self) -> Range<usize> {
        self.start..self.end
    }

    /// How many bytes of the whole input precede [`text`](Self::text).
    #[inline]
    pub fn offset(&self) -> u64 {
        self.base + self.start as u64
    }

    /// The prefix length, if the address was written as a network: `192.0.2.0/24`.
    ///
    /// `None` after an address that is followed by a slash and something else: a path, a
    /// netmask, or a number too large for a prefix length (firewalls write `address/port`).
    ///
    /// # Examples
    /// ```
    /// # use geoip_extract::Extractor;
    /// let extractor = Extractor::default();
    /// let text = b"192.0.2.0/24 2001:db8::/32 192.0.2.7/51234 10.0.0.0/255.0.0.0";
    /// let prefixes: Vec<_> = extractor.find_iter(text).map(|found| found.prefix()).collect();
    /// assert_eq!(prefixes, [Some(24), Some(32), None, None, None]);
    /// ```
    pub fn prefix(&self) -> Option<u8> {
        if let Some(said) = self.said {
            return said.prefix;
        }
        let slash = self.after_zone();
        if byte(self.haystack, slash) != b'/' {
            return None;
        }
        let length = digits_at(self.haystack, slash + 1);
        let end = slash + 1 + length;
        let next = byte(self.haystack, end);
        let leads_on =
            next == b'.' && byte(self.haystack, end + 1).is_ascii_alphanumeric();
        let is_whole = !next.is_ascii_alphanumeric() && next != b'/' && !leads_on;
        if !(1..=3).contains(&length) || !is_whole {
            return None;
        }
        let written_as_v6 = self.text().contains(&b':');
        let longest = if written_as_v6 { 128 } else { 32 };
        let bits = decimal(&self.haystack[slash + 1..end])?;
        u8::try_from(bits).ok().filter(|bits| *bits <= longest)
    }

    /// The port, if one was written: `192.0.2.1:443`, `[2001:db8::1]:443`.
    ///
    /// After an IPv6 address without brackets a port cannot be told from one more group,
    /// unless it has five digits or the address ends in a dotted quad.
    pub fn port(&self) -> Option<u16> {
        if let Some(said) = self.said {
            return said.port;
        }
        let mut at = self.after_zone();
        if byte(self.haystack, at) == b']' && before(self.haystack, self.start) == b'[' {
            at += 1;
        }
        match byte(self.haystack, at) {
            // A dot leads to a digit only where the tcpdump form was asked for.
            b':' | b'.' => port(self.haystack, at + 1),
            _ => None,
        }
    }

    /// The zone of a link-local address, as in `fe80::1%eth0`.
    pub fn zone(&self) -> Option<&'h [u8]> {
        if let Some(said) = self.said {
            let (after, length) = said.zone?;
            return self.haystack[self.end..]
                .get(after as usize..)?
                .get(..length as usize);
        }
        let end = self.after_zone();
        self.haystack.get(self.end + 1..end).filter(|zone| !zone.is_empty())
    }

    /// Where the zone ends, or the address if it has none.
    ///
    /// Interface names have at most 15 bytes on Linux and macOS; 32 leaves room.
    fn after_zone(&self) -> usize {
        if byte(self.haystack, self.end) != b'%' || !self.text().contains(&b':') {
            return self.end;
        }
        let is_name =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let zone = self.end + 1;
        zone + (0..32).take_while(|i| is_name(byte(self.haystack, zone + i))).count()
    }
}

impl fmt::Debug for AddressMatch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AddressMatch")
            .field("address", &self.address)
            .field("text", &String::from_utf8_lossy(self.text()))
            .field("offset", &self.offset())
            .finish()
    }
}
