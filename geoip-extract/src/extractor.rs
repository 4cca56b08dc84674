//! The options of a search.

use std::io::{self, Read};
use std::ops::ControlFlow;

use crate::address_match::AddressMatch;
use crate::find::FindIter;
use crate::rules::{Rule, Rules};
use crate::stream;

/// Finds IPv4 and IPv6 addresses in bytes.
///
/// An extractor is a handful of switches: make one with [`Extractor::default`], turn what
/// you need to turn, and use it for as many haystacks as you like. The defaults are made
/// for logs; `docs/extraction.md` gives the reason for each.
///
/// # Examples
/// ```
/// use geoip_extract::Extractor;
///
/// let line = b"Failed password for root from 192.0.2.7 port 42393 ssh2";
/// let extractor = Extractor::default();
/// let found: Vec<_> = extractor.find_iter(line).map(|found| found.address()).collect();
/// assert_eq!(found, ["192.0.2.7".parse::<std::net::IpAddr>()?]);
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extractor {
    rules: Rules,
}

/// Rules by name; the methods below are the same, to be read.
impl Extractor {
    /// Turns one rule on or off.
    #[must_use]
    pub fn rule(self, rule: Rule, on: bool) -> Self {
        self.with(rule, on)
    }

    /// Whether a rule is on.
    pub fn has(&self, rule: Rule) -> bool {
        self.rules.has(rule)
    }
}

/// What to look for.
impl Extractor {
    /// Whether to report IPv4 addresses. On by default.
    ///
    /// An IPv4-mapped IPv6 address counts as the family it is reported as.
    #[must_use]
    pub fn ipv4(self, on: bool) -> Self {
        self.with(Rule::Ipv4, on)
    }

    /// Whether to report IPv6 addresses. On by default.
    ///
    /// When off, they are still recognised, so that the quad at the end of
    /// `64:ff9b::192.0.2.33` is not mistaken for an address by itself.
    #[must_use]
    pub fn ipv6(self, on: bool) -> Self {
        self.with(Rule::Ipv6, on)
    }

    /// Whether to report `::ffff:192.0.2.1` as IPv6. Off by default: it is IPv4 traffic
    /// through an IPv6 socket, and is reported as `192.0.2.1`.
    #[must_use]
    pub fn mapped_as_ipv6(self, on: bool) -> Self {
        self.with(Rule::MappedAsIpv6, on)
    }
}

/// Readings: text that is written with escapes. All are off by default, and any of them can be
/// on together.
///
/// The rules are asked about the text with its escapes undone; what a match says of its
/// [`text`](AddressMatch::text) and place is as it was written.
impl Extractor {
    /// Whether to read through the escapes of a terminal: `ESC[31m192.0.2.1ESC[0m`. Off by
    /// default.
    ///
    /// Colours and the like stand for nothing, even within an address. What moves the cursor
    /// separates.
    #[must_use]
    pub fn ansi_escapes(self, on: bool) -> Self {
        self.with(Rule::AnsiEscapes, on)
    }

    /// Whether to read addresses that were made unclickable: `192[.]0[.]2[.]1`,
    /// `2001[:]db8[::]1`, `192(dot)0(dot)2(dot)1`. Off by default.
    #[must_use]
    pub fn defanged(self, on: bool) -> Self {
        self.with(Rule::Defanged, on)
    }

    /// Whether to read the escapes in strings of JSON: `\n192.0.2.1`, `2001\u003adb8::1`; and
    /// nginx's `\x3a`. Off by default.
    #[must_use]
    pub fn json_escapes(self, on: bool) -> Self {
        self.with(Rule::JsonEscapes, on)
    }

    /// Whether to read percent-encoded text, as in URLs: `2001%3Adb8%3A%3A1`. Off by default.
    #[must_use]
    pub fn percent_encoded(self, on: bool) -> Self {
        self.with(Rule::PercentEncoded, on)
    }
}

/// What counts as an address: each switch lets one kind of text in, or keeps it out.
impl Extractor {
    /// Eight groups of two digits each, `00:1a:2b:3c:4d:5e:6f:70`. Off by default: that is
    /// how hardware addresses (EUI-64) are written, and no real IPv6 address. The same
    /// holds for six pairs and a quad, a MAC address with an IPv4 address after it.
    #[must_use]
    pub fn eui_addresses(self, on: bool) -> Self {
        self.with(Rule::EuiAddresses, on)
    }

    /// Quads with a letter before or after them, `ip192.0.2.1and`. Off by default: most
    /// are parts of names and versions.
    #[must_use]
    pub fn glued_letters(self, on: bool) -> Self {
        self.with(Rule::GluedLetters, on)
    }

    /// Addresses right after a label and a colon, `addr:192.0.2.1`, `src:2001:db8::1`. On
    /// by default.
    #[must_use]
    pub fn labels(self, on: bool) -> Self {
        self.with(Rule::Labels, on)
    }

    /// Addresses right after a single dot, `.1.3.6.1`. Off by default: they are object
    /// identifiers. (An ellipsis before an address is always fine.)
    #[must_use]
    pub fn leading_dots(self, on: bool) -> Self {
        self.with(Rule::LeadingDots, on)
    }

    /// Quads with zeros before the digits of a number, `192.168.001.001`, read as decimal.
    /// Off by default: some programs read them as octal, and thousands are grouped so.
    #[must_use]
    pub fn leading_zeros(self, on: bool) -> Self {
        self.with(Rule::LeadingZeros, on)
    }

    /// The mask in `10.0.0.0/255.0.0.0`. On by default: it has the form of an address.
    #[must_use]
    pub fn masks(self, on: bool) -> Self {
        self.with(Rule::Masks, on)
    }

    /// `::` in `:::80` and `:::*`, as netstat writes a socket that listens everywhere. On
    /// by default.
    #[must_use]
    pub fn netstat_ports(self, on: bool) -> Self {
        self.with(Rule::NetstatPorts, on)
    }

    /// Short forms that are more often code or times: `A::B`, `face::bad`, `12::34`. Off by
    /// default.
    ///
    /// An address with `::` is believed without this switch if it ends in a quad; has six
    /// groups or more; has a decimal digit and a group of three digits or more; or is a
    /// single group that starts with a decimal digit, `::1` or `1::`.
    #[must_use]
    pub fn scopes(self, on: bool) -> Self {
        self.with(Rule::Scopes, on)
    }

    /// `::2` in `items[::2]`. Off by default: it is a slice in Python and its kin.
    #[must_use]
    pub fn slices(self, on: bool) -> Self {
        self.with(Rule::Slices, on)
    }

    /// An address, a dot and a port, `192.0.2.1.443`, as tcpdump writes them. Off by
    /// default: five numbers are also a version or an object identifier.
    #[must_use]
    pub fn tcpdump_ports(self, on: bool) -> Self {
        self.with(Rule::TcpdumpPorts, on)
    }

    /// Whether an address may touch an underscore, `192.0.2.1_eth0`. On by default.
    #[must_use]
    pub fn underscores(self, on: bool) -> Self {
        self.with(Rule::Underscores, on)
    }

    /// A lone `::`. Off by default: it is punctuation of C++, Rust and Perl. Without this
    /// switch it is reported where its surroundings say that it is an address: `[::]`,
    /// `::/0` and, see [`netstat_ports`](Self::netstat_ports), `:::80`.
    #[must_use]
    pub fn unspecified(self, on: bool) -> Self {
        self.with(Rule::Unspecified, on)
    }

    /// Quads that are the version of a product, `Chrome/120.0.0.0`. Off by default: they
    /// are the most frequent false addresses in any access log.
    ///
    /// A version is a quad after a slash and the name of a browser or the like, or the
    /// frozen shape N.0.0.0 after a slash and any letter.
    #[must_use]
    pub fn versions(self, on: bool) -> Self {
        self.with(Rule::Versions, on)
    }
}

/// Searching.
impl Extractor {
    /// The addresses of `haystack`, in order and without overlap.
    ///
    /// The end of `haystack` is taken for the end of the text: cut a text where an address
    /// stands and you get another address. [`Extractor::for_each`] reads a text in parts.
    ///
    /// # Complexity
    /// O(n), whatever the bytes. Nothing is allocated, but for a window of constant size if
    /// a reading is on.
    ///
    /// # Examples
    /// ```
    /// # use geoip_extract::Extractor;
    /// let extractor = Extractor::default();
    /// let text = b"std::vector at 12:34:56, Chrome/120.0.0.0 from [2001:db8::1]:443";
    /// let found: Vec<_> = extractor.find_iter(text).map(|found| found.text()).collect();
    /// assert_eq!(found, [b"2001:db8::1"]);
    /// ```
    pub fn find_iter<'h>(&self, haystack: &'h [u8]) -> FindIter<'_, 'h> {
        FindIter::new(self, haystack)
    }

    /// Calls `found` with each address of a stream, in order, until it breaks.
    ///
    /// The answer is that of [`Extractor::find_iter`] over all bytes at once: addresses are
    /// whole wherever the parts that the reader delivers begin and end. An address is
    /// reported as soon as its line is there, so a stream that is still being written, a
    /// log that is followed, works as one would like.
    ///
    /// # Errors
    /// The reader's, except that a read that was interrupted is tried again.
    ///
    /// # Complexity
    /// O(n) time and constant memory, about a quarter of a mebibyte, whatever the length of
    /// the lines. Only text made of escapes and little else takes more, up to a few.
    ///
    /// # Examples
    /// ```
    /// # use std::ops::ControlFlow;
    /// # use geoip_extract::Extractor;
    /// let log = std::io::repeat(b'.'); // Endless, and not an address in it,
    /// let log = std::io::Read::chain(&b"192.0.2.1 - 2001:db8::1 - "[..], log); // but here.
    /// let mut offsets = Vec::new();
    /// let flow = Extractor::default().for_each(log, |found| {
    ///     offsets.push(found.offset());
    ///     if offsets.len() < 2 { ControlFlow::Continue(()) } else { ControlFlow::Break("two") }
    /// })?;
    /// assert_eq!((flow, offsets), (ControlFlow::Break("two"), vec![0, 12]));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn for_each<R: Read, B>(
        &self,
        reader: R,
        found: impl FnMut(AddressMatch<'_>) -> ControlFlow<B>,
    ) -> io::Result<ControlFlow<B>> {
        stream::for_each(self.rules, reader, found)
    }

    pub(crate) fn rules(&self) -> Rules {
        self.rules
    }

    fn with(self, rule: Rule, on: bool) -> Self {
        Self { rules: self.rules.with(rule, on) }
    }
}
