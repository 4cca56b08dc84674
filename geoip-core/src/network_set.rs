//! Whether an address is in any of many networks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnetwork::IpNetwork;

use crate::AddressRange;

/// A set of addresses given as networks or ranges, hundreds of thousands of them if need be.
///
/// # Complexity
/// [`contains`](Self::contains) takes one step for most IPv4 addresses and O(log n) for the
/// others, where n counts only the ranges that share the first 16 bits. Overlapping and
/// adjacent networks are merged when the set is made, in O(n log n).
///
/// # Examples
/// ```
/// use geoip_core::NetworkSet;
///
/// let cdn: NetworkSet = ["192.0.2.0/25", "192.0.2.128/25", "2001:db8::/32"]
///     .into_iter()
///     .map(|network| network.parse().unwrap())
///     .collect();
/// assert_eq!(cdn.ranges(), 2);
/// assert!(cdn.contains("192.0.2.200".parse()?));
/// assert!(!cdn.contains("192.0.3.1".parse()?));
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct NetworkSet {
    v4: Ranges<u32>,
    /// For each first 16 bits, and once beyond: how many ranges of `v4` end before them.
    jump: Vec<u32>,
    v6: Ranges<u128>,
}

/// Disjoint inclusive ranges in order.
type Ranges<T> = Vec<(T, T)>;

impl NetworkSet {
    /// The set of some ranges; first and last address are in it.
    ///
    /// A range whose ends are of different families or in the wrong order holds nothing.
    pub fn from_ranges(ranges: impl IntoIterator<Item = (IpAddr, IpAddr)>) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for range in ranges {
            match range {
                (IpAddr::V4(first), IpAddr::V4(last)) if first <= last => {
                    v4.push((first.to_bits(), last.to_bits()));
                }
                (IpAddr::V6(first), IpAddr::V6(last)) if first <= last => {
                    v6.push((first.to_bits(), last.to_bits()));
                }
                _ => {}
            }
        }
        let v4 = merged(v4, |last, first| {
            last.checked_add(1).is_none_or(|next| first <= next)
        });
        let v6 = merged(v6, |last, first| {
            last.checked_add(1).is_none_or(|next| first <= next)
        });
        let jump = if v4.is_empty() { Vec::new() } else { jump(&v4) };
        Self { v4, jump, v6 }
    }

    /// Whether an address is in one of the networks.
    ///
    /// An IPv4-mapped IPv6 address is looked for as IPv6.
    #[inline]
    pub fn contains(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => self.contains_v4(address),
            IpAddr::V6(address) => self.contains_v6(address),
        }
    }

    /// The largest network around an address that is wholly in the set; none if the address
    /// is not.
    pub fn network_around(&self, address: IpAddr) -> Option<IpNetwork> {
        let (first, last): (IpAddr, IpAddr) = match address {
            IpAddr::V4(address) => {
                let (first, last) = self.range_v4(address)?;
                (Ipv4Addr::from_bits(first).into(), Ipv4Addr::from_bits(last).into())
            }
            IpAddr::V6(address) => {
                let (first, last) = self.range_v6(address)?;
                (Ipv6Addr::from_bits(first).into(), Ipv6Addr::from_bits(last).into())
            }
        };
        AddressRange::new(first, last)?.network_around(address)
    }

    fn contains_v4(&self, address: Ipv4Addr) -> bool {
        self.range_v4(address).is_some()
    }

    fn range_v4(&self, address: Ipv4Addr) -> Option<(u32, u32)> {
        let bits = address.to_bits();
        let high = (bits >> 16) as usize;
        let [from, to] = self.jump.get(high..)?.first_chunk()?;
        // One more than end here, since that may start here.
        let to = self.v4.len().min(*to as usize + 1);
        let ranges = &self.v4[*from as usize..to];
        let after = ranges.partition_point(|&(_, last)| last < bits);
        ranges.get(after).copied().filter(|&(first, _)| first <= bits)
    }

    fn contains_v6(&self, address: Ipv6Addr) -> bool {
        self.range_v6(address).is_some()
    }

    fn range_v6(&self, address: Ipv6Addr) -> Option<(u128, u128)> {
        let bits = address.to_bits();
        let after = self.v6.partition_point(|&(_, last)| last < bits);
        self.v6.get(after).copied().filter(|&(first, _)| first <= bits)
    }

    /// How many disjoint ranges the set consists of.
    pub fn ranges(&self) -> usize {
        self.v4.len() + self.v6.len()
    }

    /// Whether no address is in the set.
    pub fn is_empty(&self) -> bool {
        self.ranges() == 0
    }
}

impl FromIterator<IpNetwork> for NetworkSet {
    fn from_iter<I: IntoIterator<Item = IpNetwork>>(networks: I) -> Self {
        let range = |network: IpNetwork| (network.network(), network.broadcast());
        Self::from_ranges(networks.into_iter().map(range))
    }
}

/// Sorts ranges and joins those that overlap or touch.
fn merged<T: Ord + Copy>(
    mut ranges: Ranges<T>,
    touches: impl Fn(T, T) -> bool,
) -> Ranges<T> {
    ranges.sort_unstable();
    ranges.dedup_by(|range, before| {
        let joins = touches(before.1, range.0);
        if joins {
            before.1 = before.1.max(range.1);
        }
        joins
    });
    ranges
}

/// For each first 16 bits, and once beyond: how many ranges end before them.
fn jump(ranges: &Ranges<u32>) -> Vec<u32> {
    let ends_before = |high: u32| {
        let bits = u64::from(high) << 16;
        ranges.partition_point(|&(_, last)| u64::from(last) < bits)
    };
    let ends_before = |high| u32::try_from(ends_before(high)).unwrap_or(u32::MAX);
    (0..=1 << 16).map(ends_before).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn v4(bits: u32) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(bits))
    }

    fn v6(bits: u128) -> IpAddr {
        IpAddr::V6(Ipv6Addr::from_bits(bits))
    }

    /// Addresses that are near each other, and near the ends and the seams of the table.
    fn bits() -> impl Strategy<Value = u32> {
        let near = prop_oneof![
            Just(0_u32),
            Just(0x0001_0000),
            Just(0x7fff_fff0),
            Just(u32::MAX - 40)
        ];
        prop_oneof![(near, 0_u32..40).prop_map(|(base, more)| base + more), any::<u32>()]
    }

    proptest! {
        #[test]
        fn holds_what_any_of_its_ranges_holds(
            ranges in prop::collection::vec((bits(), bits()), 0..20),
            asked in prop::collection::vec(bits(), 1..40),
        ) {
            let wide = |bits: u32| u128::from(bits) << 64;
            let all = ranges.iter().flat_map(|&(first, last)| {
                [(v4(first), v4(last)), (v6(wide(first)), v6(wide(last)))]
            });
            let set = NetworkSet::from_ranges(all);
            let ends = ranges.iter().flat_map(|&(first, last)| {
                [first, last, first.wrapping_sub(1), last.wrapping_add(1)]
            });
            for bits in asked.into_iter().chain(ends) {
                let expected = ranges.iter().any(|&(first, last)| first <= bits && bits <= last);
                prop_assert_eq!(set.contains(v4(bits)), expected);
                prop_assert_eq!(set.contains(v6(wide(bits))), expected);
            }
        }
    }

    #[test]
    fn everything_and_nothing() {
        let everything: NetworkSet = ["0.0.0.0/0", "::/0"]
            .into_iter()
            .map(|network| network.parse().unwrap())
            .collect();
        let nothing = NetworkSet::from_ranges([(v4(2), v4(1)), (v4(1), v6(1))]);
        assert_eq!(
            (everything.ranges(), nothing.ranges(), nothing.is_empty()),
            (2, 0, true)
        );
        for address in [v4(0), v4(u32::MAX), v6(0), v6(u128::MAX)] {
            assert!(everything.contains(address));
            assert!(!nothing.contains(address));
        }
    }
}
