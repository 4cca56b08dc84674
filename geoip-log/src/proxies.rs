//! The proxies whose word about a client is believed.

use std::net::IpAddr;
use std::str::FromStr;

use ipnetwork::IpNetwork;

/// Networks that no stranger can send from: loopback, private (RFC 1918, RFC 4193), shared
/// by a provider (RFC 6598), and link-local.
const PRIVATE: [&str; 9] = [
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
];

/// The networks of one's own proxies: who connects from them may say for whom.
///
/// The default trusts nobody.
///
/// # Examples
/// ```
/// use geoip_log::TrustedProxies;
///
/// let proxies: TrustedProxies = "private, 198.51.100.0/24, 2001:db8::7".parse()?;
/// assert!(proxies.contains("10.1.2.3".parse()?));
/// assert!(proxies.contains("::ffff:198.51.100.9".parse()?));
/// assert!(!proxies.contains("203.0.113.1".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies {
    /// First and last address of each, sorted and apart, IPv4 as mapped IPv6.
    ranges: Vec<(u128, u128)>,
}

impl TrustedProxies {
    /// Loopback, private, shared and link-local networks: proxies on the same machine or in
    /// the same house.
    ///
    /// Only right if no client is in such a network, or none that matters.
    pub fn private() -> Self {
        PRIVATE.iter().filter_map(|network| network.parse::<IpNetwork>().ok()).collect()
    }

    /// Whether nobody is trusted.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Whether an address is in one of the networks. A mapped address is the IPv4 address.
    ///
    /// # Complexity
    /// O(log n) for n networks.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = bits(address);
        let after = self.ranges.partition_point(|(first, _)| *first <= address);
        after > 0 && address <= self.ranges[after - 1].1
    }
}

/// IPv4 addresses are numbered among the mapped ones.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

impl FromIterator<IpNetwork> for TrustedProxies {
    fn from_iter<I: IntoIterator<Item = IpNetwork>>(networks: I) -> Self {
        let mut proxies = Self::default();
        proxies.extend(networks);
        proxies
    }
}

impl Extend<IpNetwork> for TrustedProxies {
    fn extend<I: IntoIterator<Item = IpNetwork>>(&mut self, networks: I) {
        let range =
            |network: IpNetwork| (bits(network.network()), bits(network.broadcast()));
        self.ranges.extend(networks.into_iter().map(range));
        self.ranges.sort_unstable();
        self.ranges.dedup_by(|next, kept| {
            let overlaps = next.0 <= kept.1;
            if overlaps {
                kept.1 = kept.1.max(next.1);
            }
            overlaps
        });
    }
}

/// Networks and addresses, separated by commas or spaces; `private` stands for
/// [`TrustedProxies::private`].
impl FromStr for TrustedProxies {
    type Err = InvalidTrustedProxies;

    fn from_str(text: &str) -> Result<Self, InvalidTrustedProxies> {
        let words = text.split([',', ' ', '\t', '\n']).filter(|word| !word.is_empty());
        let mut proxies = Self::default();
        for word in words {
            if word.eq_ignore_ascii_case("private") {
                proxies.ranges.extend(Self::private().ranges);
                proxies.extend([]);
            } else {
                let invalid = |_| InvalidTrustedProxies { text: word.into() };
                proxies.extend([word.parse::<IpNetwork>().map_err(invalid)?]);
            }
        }
        Ok(proxies)
    }
}

/// Text that names no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "invalid proxy `{text}`: must be an address, a network like `10.0.0.0/8`, or `private`"
)]
pub struct InvalidTrustedProxies {
    /// What was given.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn network() -> impl Strategy<Value = IpNetwork> {
        // Close together, so that they overlap.
        let v4 = (0_u32..1 << 12, 16_u8..=32).prop_map(|(bits, prefix)| {
            IpNetwork::new(Ipv4Addr::from_bits(0xc000_0000 | bits << 4).into(), prefix)
        });
        let v6 = (0_u128..1 << 12, 96_u8..=128).prop_map(|(bits, prefix)| {
            IpNetwork::new(Ipv6Addr::from_bits(0x2001_u128 << 112 | bits).into(), prefix)
        });
        prop_oneof![v4, v6].prop_map(|network| network.unwrap())
    }

    proptest! {
        #[test]
        fn holds_what_one_of_the_networks_holds(
            networks in vec(network(), 0..8), near in vec(network(), 1..8),
        ) {
            let proxies: TrustedProxies = networks.iter().copied().collect();
            for address in near.iter().chain(&networks).map(IpNetwork::ip) {
                let expected = networks.iter().any(|network| network.contains(address));
                prop_assert_eq!(proxies.contains(address), expected);
            }
        }
    }

    #[test]
    fn a_word_that_is_no_network_is_named() {
        let error = "10.0.0.0/8 10.0.0/8".parse::<TrustedProxies>().unwrap_err();
        assert_eq!(error.text, "10.0.0/8");
        assert!("".parse::<TrustedProxies>().unwrap().is_empty());
    }
}
