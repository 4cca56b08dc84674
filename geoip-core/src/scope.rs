//! What an address may be used for.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

/// The scope of an address, after the IANA special-purpose address registries.
///
/// Only [`Global`](Self::Global) addresses have a place on a map: all others are used
/// in many networks at once or by none.
///
/// # References
/// RFC 6890 and the IANA IPv4 and IPv6 Special-Purpose Address Registries; multicast
/// by RFC 5771 and RFC 4291 section 2.7.
///
/// # Examples
/// ```
/// use geoip_core::Scope;
///
/// assert_eq!(Scope::of("10.1.2.3".parse()?), Scope::Private);
/// assert_eq!(Scope::of("2001:db8::1".parse()?), Scope::Documentation);
/// assert_eq!(Scope::of("1.1.1.1".parse()?), Scope::Global);
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Scope {
    /// Reachable from anywhere.
    Global,
    /// For use within a network: RFC 1918, unique local addresses of RFC 4193.
    Private,
    /// Between a carrier and its customers: 100.64.0.0/10 of RFC 6598.
    Shared,
    /// The host itself: RFC 1122, RFC 4291.
    Loopback,
    /// One link: RFC 3927, RFC 4291.
    LinkLocal,
    /// A group of hosts.
    Multicast,
    /// Every host of a network: 255.255.255.255.
    Broadcast,
    /// For examples in texts: RFC 5737, RFC 3849, RFC 9637.
    Documentation,
    /// For measuring network devices: RFC 2544, RFC 5180.
    Benchmarking,
    /// No address yet: 0.0.0.0/8, ::.
    Unspecified,
    /// Set aside for protocols or for the future.
    Reserved,
}

impl Scope {
    /// All scopes, in the order in which they are documented.
    pub const ALL: [Self; 11] = [
        Self::Global,
        Self::Private,
        Self::Shared,
        Self::Loopback,
        Self::LinkLocal,
        Self::Multicast,
        Self::Broadcast,
        Self::Documentation,
        Self::Benchmarking,
        Self::Unspecified,
        Self::Reserved,
    ];

    /// The scope of an address. An IPv4-mapped IPv6 address has the scope of the IPv4
    /// address that it carries.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::of_v4(address),
            IpAddr::V6(address) => Self::of_v6(address),
        }
    }

    #[expect(clippy::match_same_arms, reason = "in the order of the registry")]
    fn of_v4(address: Ipv4Addr) -> Self {
        match address.octets() {
            [0, ..] => Self::Unspecified,
            [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Self::Private,
            [100, 64..=127, ..] => Self::Shared,
            [127, ..] => Self::Loopback,
            [169, 254, ..] => Self::LinkLocal,
            [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Self::Documentation,
            // PCP and TURN anycast are the two of this block that are global.
            [192, 0, 0, 9 | 10] => Self::Global,
            [192, 0, 0, _] => Self::Reserved,
            [198, 18 | 19, ..] => Self::Benchmarking,
            [224..=239, ..] => Self::Multicast,
            [255, 255, 255, 255] => Self::Broadcast,
            [240..=255, ..] => Self::Reserved,
            _ => Self::Global,
        }
    }

    #[expect(clippy::match_same_arms, reason = "in the order of the registry")]
    fn of_v6(address: Ipv6Addr) -> Self {
        match address.segments() {
            [0, 0, 0, 0, 0, 0, 0, 0] => Self::Unspecified,
            [0, 0, 0, 0, 0, 0, 0, 1] => Self::Loopback,
            // The well-known prefix of NAT64 is global, the local one of RFC 8215 not.
            [0x64, 0xff9b, 0, 0, 0, 0, ..] => Self::Global,
            [0x64, 0xff9b, 1, ..] => Self::Private,
            [0x100, 0, 0, 0 | 1, ..] => Self::Reserved,
            [0x2001, 0x2, 0, ..] => Self::Benchmarking,
            [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Self::Documentation,
            [0x2001, rest, ..] if rest < 0x200 => Self::of_v6_protocol(address),
            [0x5f00, ..] => Self::Reserved,
            [0xfc00..=0xfdff, ..] => Self::Private,
            [0xfe80..=0xfebf, ..] => Self::LinkLocal,
            // Site-local addresses, deprecated by RFC 3879, but still local.
            [0xfec0..=0xfeff, ..] => Self::Private,
            [0xff00..=0xffff, ..] => Self::Multicast,
            // Only 2000::/3 is global unicast so far (RFC 4291 section 2.4).
            [0x2000..=0x3fff, ..] => Self::Global,
            _ => Self::Reserved,
        }
    }

    /// `2001::/23`, IETF protocol assignments, of which a few are global.
    #[expect(clippy::match_same_arms, reason = "in the order of the registry")]
    fn of_v6_protocol(address: Ipv6Addr) -> Self {
        match address.segments() {
            // Anycast for PCP, TURN and DNS-SD, AMT, AS112, ORCHIDv2, drone IDs.
            [0x2001, 1, 0, 0, 0, 0, 0, 1..=3]
            | [0x2001, 3 | 0x20..=0x3f, ..]
            | [0x2001, 4, 0x112, ..] => Self::Global,
            // Teredo tunnels from anywhere: the registry leaves it open, and packets
            // from it do arrive.
            [0x2001, 0, ..] => Self::Global,
            _ => Self::Reserved,
        }
    }

    /// The name in the program's options and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Private => "private",
            Self::Shared => "shared",
            Self::Loopback => "loopback",
            Self::LinkLocal => "link-local",
            Self::Multicast => "multicast",
            Self::Broadcast => "broadcast",
            Self::Documentation => "documentation",
            Self::Benchmarking => "benchmarking",
            Self::Unspecified => "unspecified",
            Self::Reserved => "reserved",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Scope {
    type Err = InvalidScope;

    fn from_str(text: &str) -> Result<Self, InvalidScope> {
        let known = Self::ALL.into_iter().find(|scope| scope.name() == text);
        known.ok_or_else(|| InvalidScope { text: text.into() })
    }
}

/// Text that names no scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown scope `{text}`: must be one of {}", Scope::ALL.map(Scope::name).join(", "))]
pub struct InvalidScope {
    /// What was given.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_registries() {
        let cases = [
            ("1.1.1.1", Scope::Global),
            ("100.63.255.255", Scope::Global),
            ("100.64.0.0", Scope::Shared),
            ("172.15.255.255", Scope::Global),
            ("172.31.255.255", Scope::Private),
            ("192.0.0.8", Scope::Reserved),
            ("192.0.0.9", Scope::Global),
            ("192.88.99.1", Scope::Global),
            ("198.19.255.255", Scope::Benchmarking),
            ("198.20.0.0", Scope::Global),
            ("223.255.255.255", Scope::Global),
            ("224.0.0.1", Scope::Multicast),
            ("240.0.0.1", Scope::Reserved),
            ("255.255.255.255", Scope::Broadcast),
            ("0.1.2.3", Scope::Unspecified),
            ("::", Scope::Unspecified),
            ("::1", Scope::Loopback),
            ("::2", Scope::Reserved),
            ("::ffff:10.0.0.1", Scope::Private),
            ("::ffff:8.8.8.8", Scope::Global),
            ("64:ff9b::808:808", Scope::Global),
            ("64:ff9b:1::1", Scope::Private),
            ("100::1", Scope::Reserved),
            ("2001::1", Scope::Global),
            ("2001:1::1", Scope::Global),
            ("2001:1::4", Scope::Reserved),
            ("2001:2::1", Scope::Benchmarking),
            ("2001:20::1", Scope::Global),
            ("2001:db8::1", Scope::Documentation),
            ("2001:4860:4860::8888", Scope::Global),
            ("2002:808:808::1", Scope::Global),
            ("3fff:fff::1", Scope::Documentation),
            ("3fff:1000::1", Scope::Global),
            ("4000::1", Scope::Reserved),
            ("fc00::1", Scope::Private),
            ("fe80::1", Scope::LinkLocal),
            ("fec0::1", Scope::Private),
            ("ff02::1", Scope::Multicast),
        ];
        for (text, scope) in cases {
            assert_eq!(Scope::of(text.parse().unwrap()), scope, "{text}");
        }
    }

    #[test]
    fn names_read_back() {
        for scope in Scope::ALL {
            assert_eq!(scope.name().parse(), Ok(scope));
        }
        let error = "globl".parse::<Scope>().unwrap_err().to_string();
        assert!(
            error.starts_with("unknown scope `globl`: must be one of global, private")
        );
    }
}
