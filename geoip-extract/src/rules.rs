//! The switches of an [`Extractor`](crate::Extractor): their names, and sets of them.

use std::fmt;
use std::str::FromStr;

/// A switch of an [`Extractor`](crate::Extractor), for programs that let a user name it.
///
/// Each rule is also a method of `Extractor`, which says in full what it means and why it is
/// on or off by default.
///
/// # Examples
/// ```
/// use geoip_extract::{Extractor, Rule};
///
/// let rule: Rule = "tcpdump-ports".parse()?;
/// assert_eq!((rule, rule.is_default()), (Rule::TcpdumpPorts, false));
/// let extractor = Extractor::default().rule(rule, true);
/// assert_eq!(extractor, Extractor::default().tcpdump_ports(true));
/// assert_eq!(extractor.find_iter(b"IP 192.0.2.1.443 >").count(), 1);
/// # Ok::<(), geoip_extract::UnknownRule>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Rule {
    /// IPv4 addresses are reported.
    Ipv4,
    /// IPv6 addresses are reported.
    Ipv6,
    /// `::ffff:192.0.2.1` is reported as IPv6.
    MappedAsIpv6,
    /// `192.0.2.1` is read whatever the colours of a terminal in or around it.
    AnsiEscapes,
    /// `192[.]0[.]2[.]1` is read.
    Defanged,
    /// `\n192.0.2.1` and `2001\u003adb8::1` are read.
    JsonEscapes,
    /// `2001%3Adb8%3A%3A1` is read.
    PercentEncoded,
    /// `00:1a:2b:3c:4d:5e:6f:70` is an address.
    EuiAddresses,
    /// `ip192.0.2.1and` holds an address.
    GluedLetters,
    /// `addr:192.0.2.1` holds an address.
    Labels,
    /// `.1.3.6.1` holds an address.
    LeadingDots,
    /// `192.168.001.001` is an address.
    LeadingZeros,
    /// The mask in `10.0.0.0/255.0.0.0` is an address.
    Masks,
    /// `:::80` is `::` and a port.
    NetstatPorts,
    /// `A::B` and `12::34` are addresses.
    Scopes,
    /// `items[::2]` holds an address.
    Slices,
    /// `192.0.2.1.443` is an address and a port.
    TcpdumpPorts,
    /// `192.0.2.1_eth0` holds an address.
    Underscores,
    /// A lone `::` is an address.
    Unspecified,
    /// `Chrome/120.0.0.0` holds an address.
    Versions,
}

impl Rule {
    /// Every rule: what to report, how to read it, and what counts as an address.
    pub const ALL: &'static [Self] = &[
        Self::Ipv4,
        Self::Ipv6,
        Self::MappedAsIpv6,
        Self::AnsiEscapes,
        Self::Defanged,
        Self::JsonEscapes,
        Self::PercentEncoded,
        Self::EuiAddresses,
        Self::GluedLetters,
        Self::Labels,
        Self::LeadingDots,
        Self::LeadingZeros,
        Self::Masks,
        Self::NetstatPorts,
        Self::Scopes,
        Self::Slices,
        Self::TcpdumpPorts,
        Self::Underscores,
        Self::Unspecified,
        Self::Versions,
    ];

    /// The name as a command line spells it, `tcpdump-ports`.
    pub const fn name(self) -> &'static str {
        self.words().0
    }

    /// What the rule does when it is on, in a line without a full stop.
    pub const fn description(self) -> &'static str {
        self.words().1
    }

    /// Whether the rule is on in [`Extractor::default`](crate::Extractor::default).
    pub const fn is_default(self) -> bool {
        Rules::DEFAULT.has(self)
    }

    /// Whether the rule is a reading: a way to see through escapes, and not a rule of what
    /// is an address.
    pub const fn is_reading(self) -> bool {
        matches!(
            self,
            Self::AnsiEscapes | Self::Defanged | Self::JsonEscapes | Self::PercentEncoded
        )
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Ipv4 => ("ipv4", "report IPv4 addresses"),
            Self::Ipv6 => ("ipv6", "report IPv6 addresses"),
            Self::MappedAsIpv6 => {
                ("mapped-as-ipv6", "report ::ffff:192.0.2.1 as IPv6, not as 192.0.2.1")
            }
            Self::AnsiEscapes => {
                ("ansi-escapes", "read through the colours and links of a terminal")
            }
            Self::JsonEscapes => (
                "json-escapes",
                r"read \n192.0.2.1 and 2001\u003adb8::1, as strings of JSON have them",
            ),
            Self::PercentEncoded => {
                ("percent-encoded", "read 2001%3Adb8%3A%3A1, as URLs have it")
            }
            Self::Defanged => (
                "defanged",
                "read 192[.]0[.]2[.]1, 2001[:]db8[::]1, 192(dot)0(dot)2(dot)1",
            ),
            Self::EuiAddresses => (
                "eui-addresses",
                "take eight pairs, 00:1a:2b:3c:4d:5e:6f:70, for IPv6 instead of hardware",
            ),
            Self::GluedLetters => {
                ("glued-letters", "take quads that touch letters, ip192.0.2.1and")
            }
            Self::Labels => {
                ("labels", "take addresses after a label and a colon, addr:192.0.2.1")
            }
            Self::LeadingDots => {
                ("leading-dots", "take quads after a dot, .1.3.6.1, object identifiers")
            }
            Self::LeadingZeros => (
                "leading-zeros",
                "take zeros before numbers, 192.168.001.001, as decimal",
            ),
            Self::Masks => ("masks", "take the mask in 10.0.0.0/255.0.0.0"),
            Self::NetstatPorts => {
                ("netstat-ports", "take :::80 and :::* for :: and a port")
            }
            Self::Scopes => (
                "scopes",
                "take short forms that are more often code or times, A::B, 12::34",
            ),
            Self::Slices => ("slices", "take the slice in items[::2]"),
            Self::TcpdumpPorts => {
                ("tcpdump-ports", "take 192.0.2.1.443 for an address and a port")
            }
            Self::Underscores => {
                ("underscores", "take addresses that touch an underscore, 192.0.2.1_eth0")
            }
            Self::Unspecified => ("unspecified", "take a lone ::"),
            Self::Versions => ("versions", "take versions of products, Chrome/120.0.0.0"),
        }
    }
}

/// Writes the [`name`](Rule::name).
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Reads a [`name`](Rule::name), or that of the method, `tcpdump_ports`.
impl FromStr for Rule {
    type Err = UnknownRule;

    fn from_str(name: &str) -> Result<Self, UnknownRule> {
        let wanted = name.replace('_', "-");
        let rule = Self::ALL.iter().find(|rule| rule.name() == wanted);
        rule.copied().ok_or_else(|| UnknownRule { name: name.to_owned() })
    }
}

/// A name that no [`Rule`] has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule {
    name: String,
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no rule is called {:?}", self.name)
    }
}

impl std::error::Error for UnknownRule {}

/// A set of [`Rule`]s that are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rules(u32);

impl Rules {
    const DEFAULT: Self = Self(0)
        .with(Rule::Ipv4, true)
        .with(Rule::Ipv6, true)
        .with(Rule::Labels, true)
        .with(Rule::Masks, true)
        .with(Rule::NetstatPorts, true)
        .with(Rule::Underscores, true);

    pub(crate) const fn with(self, rule: Rule, on: bool) -> Self {
        let bit = 1 << rule as u32;
        Self(if on { self.0 | bit } else { self.0 & !bit })
    }

    pub(crate) const fn has(self, rule: Rule) -> bool {
        self.0 & (1 << rule as u32) != 0
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self::DEFAULT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_listed_once_and_read_by_its_name() {
        let mut names: Vec<_> = Rule::ALL.iter().map(|rule| rule.name()).collect();
        for rule in Rule::ALL {
            assert_eq!(rule.to_string().parse(), Ok(*rule));
            assert_eq!(rule.name().replace('-', "_").parse(), Ok(*rule));
            assert!(!rule.description().ends_with('.') && rule.description().len() < 80);
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Rule::ALL.len());
        // The last variant, so that none is missing from the list.
        assert_eq!(Rule::ALL.len(), Rule::Versions as usize + 1);
    }

    #[test]
    fn an_unknown_name_is_said_as_it_was_written() {
        let error = "tcp_dump".parse::<Rule>().unwrap_err();
        assert_eq!(error.to_string(), "no rule is called \"tcp_dump\"");
        assert!("".parse::<Rule>().is_err());
        assert!("IPv4".parse::<Rule>().is_err());
    }
}
