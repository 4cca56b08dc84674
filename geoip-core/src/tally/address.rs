//! Counting addresses, ten million of them if need be.

use std::cmp::Reverse;
use std::iter::Peekable;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::table::CountTable;
use crate::AddressMap;

/// How often each address was seen, in a fraction of the memory of a `Tally<IpAddr>`.
///
/// # Complexity
/// Expected O(1) for each count. An IPv4 address takes 11 to 21 bytes and an IPv6 address 27
/// to 53, depending on how full the table is; while a table grows, half as much again. Counts
/// from 2³² on take more, for the few addresses that have them. The ordered views take eight
/// bytes an IPv4 address and twenty an IPv6 address for n log n steps.
///
/// [`extend`](Self::extend) with many addresses at once is faster than
/// [`add`](Self::add) one by one: it waits for memory for all of them together.
///
/// # Examples
/// ```
/// use geoip_core::AddressTally;
///
/// let mut visits = AddressTally::new();
/// for address in ["192.0.2.1", "2001:db8::1", "192.0.2.1"] {
///     visits.add(address.parse()?);
/// }
/// assert_eq!(visits.total(), 3);
/// let top: Vec<_> = visits.most_frequent().collect();
/// assert_eq!(top, [("192.0.2.1".parse()?, 2), ("2001:db8::1".parse()?, 1)]);
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct AddressTally {
    v4: CountTable<u32>,
    v6: CountTable<[u8; 16]>,
    /// What goes beyond the largest count that fits into those tables.
    beyond: AddressMap<u64>,
    total: u64,
}

impl AddressTally {
    /// A tally of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Count one. True if the address was never counted before.
    #[inline]
    pub fn add(&mut self, address: IpAddr) -> bool {
        self.total = self.total.saturating_add(1);
        match self.add_narrow(address, 1) {
            Ok(before) => before == 0,
            Err(left) => {
                self.add_beyond(address, left.into());
                false
            }
        }
    }

    /// Count `n` at once. Counts stop at `u64::MAX` rather than wrap.
    pub fn add_n(&mut self, address: IpAddr, n: u64) {
        self.total = self.total.saturating_add(n);
        let narrow = u32::try_from(n).unwrap_or(u32::MAX);
        let left = match self.add_narrow(address, narrow) {
            Ok(_) => 0,
            Err(left) => u64::from(left),
        };
        self.add_beyond(address, (n - u64::from(narrow)).saturating_add(left));
    }

    #[inline]
    fn add_narrow(&mut self, address: IpAddr, n: u32) -> Result<u32, u32> {
        match address {
            IpAddr::V4(address) => self.v4.add(address.to_bits(), n),
            IpAddr::V6(address) => self.v6.add(address.octets(), n),
        }
    }

    fn add_beyond(&mut self, address: IpAddr, mut n: u64) {
        // The table takes what it can first, so that one place says how much is beyond it.
        while let Ok(narrow) = u32::try_from(n.min(u64::from(u32::MAX)))
            && narrow > 0
        {
            n -= u64::from(narrow);
            if let Err(left) = self.add_narrow(address, narrow) {
                n += u64::from(left);
                let beyond = self.beyond.or_insert_with(address, || 0);
                *beyond = beyond.saturating_add(n);
                return;
            }
        }
    }

    /// Count everything that another tally counted.
    pub fn merge(&mut self, other: &Self) {
        let total = self.total.saturating_add(other.total);
        for (bits, count) in other.v4.iter() {
            self.add_n(Ipv4Addr::from_bits(bits).into(), count.into());
        }
        for (octets, count) in other.v6.iter() {
            self.add_n(Ipv6Addr::from(octets).into(), count.into());
        }
        for (address, &count) in other.beyond.iter() {
            self.add_n(address, count);
        }
        self.total = total;
    }

    /// The count of one address; 0 for an address never seen.
    pub fn get(&self, address: IpAddr) -> u64 {
        let narrow = match address {
            IpAddr::V4(address) => self.v4.get(address.to_bits()),
            IpAddr::V6(address) => self.v6.get(address.octets()),
        };
        let beyond = if narrow == u32::MAX { self.beyond.get(address) } else { None };
        u64::from(narrow).saturating_add(beyond.copied().unwrap_or(0))
    }

    /// The sum of all counts.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many distinct addresses were counted.
    pub fn len(&self) -> usize {
        self.v4.len() + self.v6.len()
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All addresses with their counts, in the order of the addresses.
    pub fn sorted(&self) -> impl Iterator<Item = (IpAddr, u64)> {
        let v4 = self.v4.iter().map(|(bits, _)| Ipv4Addr::from_bits(bits));
        let v6 = self.v6.iter().map(|(octets, _)| Ipv6Addr::from(octets));
        let (mut v4, mut v6): (Vec<_>, Vec<_>) = (v4.collect(), v6.collect());
        v4.sort_unstable();
        v6.sort_unstable();
        let v4 = v4.into_iter().map(IpAddr::V4);
        let v6 = v6.into_iter().map(IpAddr::V6);
        v4.chain(v6).map(|address| (address, self.get(address)))
    }

    /// All addresses with their counts, highest counts first, ties in the order of the
    /// addresses.
    pub fn most_frequent(&self) -> impl Iterator<Item = (IpAddr, u64)> {
        let wide = self.beyond.iter().map(|(address, _)| (address, self.get(address)));
        let mut wide: Vec<_> = wide.collect();
        wide.sort_unstable_by_key(|&(address, count)| (Reverse(count), address));
        let is_wide = |address: IpAddr| self.beyond.get(address).is_some();

        let v4 = self.v4.iter().map(|(bits, count)| (Reverse(count), bits));
        let v6 = self.v6.iter().map(|(octets, count)| (Reverse(count), octets));
        let (mut v4, mut v6): (Vec<_>, Vec<_>) = (v4.collect(), v6.collect());
        if !wide.is_empty() {
            v4.retain(|&(_, bits)| !is_wide(Ipv4Addr::from_bits(bits).into()));
            v6.retain(|&(_, octets)| !is_wide(Ipv6Addr::from(octets).into()));
        }
        v4.sort_unstable();
        v6.sort_unstable();
        let v4 = v4
            .into_iter()
            .map(|(count, bits)| (Ipv4Addr::from_bits(bits).into(), count.0));
        let v6 = v6.into_iter().map(|(count, octets)| (IpAddr::from(octets), count.0));
        let narrow = HighestFirst { left: v4.peekable(), right: v6.peekable() };
        wide.into_iter().chain(narrow.map(|(address, count)| (address, u64::from(count))))
    }
}

impl Extend<IpAddr> for AddressTally {
    fn extend<I: IntoIterator<Item = IpAddr>>(&mut self, addresses: I) {
        const AT_ONCE: usize = 1024;
        let mut addresses = addresses.into_iter().peekable();
        let (mut v4, mut v6) = (Vec::with_capacity(AT_ONCE), Vec::with_capacity(AT_ONCE));
        while addresses.peek().is_some() {
            for address in addresses.by_ref().take(AT_ONCE) {
                match address {
                    IpAddr::V4(address) => v4.push(address.to_bits()),
                    IpAddr::V6(address) => v6.push(address.octets()),
                }
            }
            self.total = self.total.saturating_add((v4.len() + v6.len()) as u64);
            for bits in self.v4.add_all(&v4) {
                self.add_beyond(Ipv4Addr::from_bits(bits).into(), 1);
            }
            for octets in self.v6.add_all(&v6) {
                self.add_beyond(Ipv6Addr::from(octets).into(), 1);
            }
            v4.clear();
            v6.clear();
        }
    }
}

impl FromIterator<IpAddr> for AddressTally {
    fn from_iter<I: IntoIterator<Item = IpAddr>>(addresses: I) -> Self {
        let mut tally = Self::new();
        tally.extend(addresses);
        tally
    }
}

/// Two lists of falling counts as one; the left goes first where they are equal.
struct HighestFirst<L: Iterator, R: Iterator> {
    left: Peekable<L>,
    right: Peekable<R>,
}

impl<A, L, R> Iterator for HighestFirst<L, R>
where
    L: Iterator<Item = (A, u32)>,
    R: Iterator<Item = (A, u32)>,
{
    type Item = (A, u32);

    fn next(&mut self) -> Option<(A, u32)> {
        match (self.left.peek(), self.right.peek()) {
            (Some(left), Some(right)) if left.1 < right.1 => self.right.next(),
            (Some(_), _) => self.left.next(),
            (None, _) => self.right.next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn counts() -> impl Strategy<Value = Vec<(IpAddr, u64)>> {
        let v4 = (0_u8..12).prop_map(|last| IpAddr::from([192, 0, 2, last]));
        let v6 = (0_u16..12)
            .prop_map(|last| IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, last]));
        let edge = u64::from(u32::MAX);
        let count = prop_oneof![
            4 => 1_u64..5,
            1 => edge - 3..edge + 3,
            1 => any::<u64>().prop_map(|count| count.max(1)),
        ];
        prop::collection::vec((prop_oneof![v4, v6], count), 0..200)
    }

    proptest! {
        #[test]
        fn agrees_with_an_ordered_map_however_it_is_split(
            counts in counts(), cut in 0_usize..200,
        ) {
            let mut oracle: BTreeMap<IpAddr, u64> = BTreeMap::new();
            let mut halves = [AddressTally::new(), AddressTally::new()];
            let mut total = 0_u64;
            for (index, &(address, n)) in counts.iter().enumerate() {
                let half = &mut halves[usize::from(index >= cut)];
                if n == 1 {
                    let is_new = half.get(address) == 0;
                    prop_assert_eq!(half.add(address), is_new);
                } else if n < 4 {
                    half.extend((0..n).map(|_| address));
                } else {
                    half.add_n(address, n);
                }
                let count = oracle.entry(address).or_default();
                *count = count.saturating_add(n);
                total = total.saturating_add(n);
            }
            let [mut tally, other] = halves;
            tally.merge(&other);
            prop_assert_eq!(tally.total(), total);
            prop_assert_eq!(tally.len(), oracle.len());
            prop_assert_eq!(tally.is_empty(), oracle.is_empty());
            for (&address, &count) in &oracle {
                prop_assert_eq!(tally.get(address), count);
            }
            prop_assert!(tally.sorted().eq(oracle.clone()));
            let mut top: Vec<_> = oracle.into_iter().collect();
            top.sort_by_key(|&(address, count)| (Reverse(count), address));
            prop_assert_eq!(tally.most_frequent().collect::<Vec<_>>(), top);
        }
    }

    #[test]
    fn an_address_counted_beyond_the_table_is_not_new() {
        let address = "192.0.2.1".parse().unwrap();
        let mut tally = AddressTally::new();
        tally.add_n(address, 1 << 32);
        assert!(!tally.add(address));
        tally.extend([address; 3]);
        assert_eq!(tally.get(address), (1 << 32) + 4);
        assert_eq!((tally.len(), tally.total()), (1, (1 << 32) + 4));
    }
}
