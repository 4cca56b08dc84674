//! Counting addresses, ten million of them if need be.

use std::cmp::Reverse;
use std::iter::Peekable;
use std::net::IpAddr;

use crate::AddressMap;

/// How often each address was seen, in a fraction of the memory of a `Tally<IpAddr>`.
///
/// # Complexity
/// As [`AddressMap`] with values of four bytes; counts beyond that take more, for the few
/// addresses that have them. The ordered views take eight bytes an IPv4 address and twenty
/// an IPv6 address for n log n steps.
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
    /// The low halves of the counts.
    low: AddressMap<u32>,
    /// The high halves of those counts that have one.
    high: AddressMap<u32>,
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
        let low = self.low.or_insert_with(address, || 0);
        match *low {
            0 => {
                *low = 1;
                self.high.get(address).is_none()
            }
            u32::MAX => {
                self.add_wide(address, 1);
                false
            }
            _ => {
                *low += 1;
                false
            }
        }
    }

    /// Count `n` at once. Counts stop at `u64::MAX` rather than wrap.
    pub fn add_n(&mut self, address: IpAddr, n: u64) {
        self.total = self.total.saturating_add(n);
        self.add_wide(address, n);
    }

    #[expect(clippy::cast_possible_truncation, reason = "the halves of a count")]
    fn add_wide(&mut self, address: IpAddr, n: u64) {
        let sum = self.get(address).saturating_add(n);
        *self.low.or_insert_with(address, || 0) = sum as u32;
        if sum >> 32 != 0 {
            *self.high.or_insert_with(address, || 0) = (sum >> 32) as u32;
        }
    }

    /// Count everything that another tally counted.
    pub fn merge(&mut self, other: Self) {
        let Self { low, high, total } = other;
        let total = self.total.saturating_add(total);
        // The rare counts that may overflow one by one, the others at a stroke.
        for (address, &high) in high.iter() {
            self.add_wide(address, u64::from(high) << 32);
        }
        let mut carries = Vec::new();
        self.low.merge_with(low, |address, own, more| match own.checked_add(more) {
            Some(sum) => *own = sum,
            None => carries.push((address, more)),
        });
        for (address, more) in carries {
            self.add_wide(address, u64::from(more));
        }
        self.total = total;
    }

    /// The count of one address; 0 for an address never seen.
    pub fn get(&self, address: IpAddr) -> u64 {
        let half =
            |half: &AddressMap<u32>| half.get(address).copied().map_or(0, u64::from);
        // Hardly ever is there a high half to ask for.
        let high = if self.high.is_empty() { 0 } else { half(&self.high) };
        high << 32 | half(&self.low)
    }

    /// The sum of all counts.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many distinct addresses were counted.
    pub fn len(&self) -> usize {
        self.low.len()
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.low.is_empty()
    }

    /// All addresses with their counts, in the order of the addresses.
    pub fn sorted(&self) -> impl Iterator<Item = (IpAddr, u64)> {
        let mut v4: Vec<_> = self.low.v4().map(|(address, _)| address).collect();
        let mut v6: Vec<_> = self.low.v6().map(|(address, _)| address).collect();
        v4.sort_unstable();
        v6.sort_unstable();
        let v4 = v4.into_iter().map(IpAddr::V4);
        let v6 = v6.into_iter().map(IpAddr::V6);
        v4.chain(v6).map(|address| (address, self.get(address)))
    }

    /// All addresses with their counts, highest counts first, ties in the order of the
    /// addresses.
    pub fn most_frequent(&self) -> impl Iterator<Item = (IpAddr, u64)> {
        let mut wide: Vec<_> =
            self.high.iter().map(|(address, _)| (address, self.get(address))).collect();
        wide.sort_unstable_by_key(|&(address, count)| (Reverse(count), address));
        let is_narrow = |address: IpAddr| wide.is_empty() || self.get(address) >> 32 == 0;

        let v4 = self.low.v4().filter(|&(address, _)| is_narrow(address.into()));
        let mut v4: Vec<_> =
            v4.map(|(address, &count)| (Reverse(count), address)).collect();
        let v6 = self.low.v6().filter(|&(address, _)| is_narrow(address.into()));
        let mut v6: Vec<_> =
            v6.map(|(address, &count)| (Reverse(count), address.octets())).collect();
        v4.sort_unstable();
        v6.sort_unstable();
        let v4 = v4.into_iter().map(|(count, address)| (IpAddr::V4(address), count.0));
        let v6 = v6.into_iter().map(|(count, octets)| (IpAddr::from(octets), count.0));
        let narrow = HighestFirst { left: v4.peekable(), right: v6.peekable() };
        wide.into_iter().chain(narrow.map(|(address, count)| (address, u64::from(count))))
    }
}

impl Extend<IpAddr> for AddressTally {
    fn extend<I: IntoIterator<Item = IpAddr>>(&mut self, addresses: I) {
        for address in addresses {
            self.add(address);
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
        prop::collection::vec((prop_oneof![v4, v6], count), 0..60)
    }

    proptest! {
        #[test]
        fn agrees_with_an_ordered_map_however_it_is_split(
            counts in counts(), cut in 0_usize..60,
        ) {
            let mut oracle: BTreeMap<IpAddr, u64> = BTreeMap::new();
            let mut halves = [AddressTally::new(), AddressTally::new()];
            let mut total = 0_u64;
            for (index, &(address, n)) in counts.iter().enumerate() {
                let half = &mut halves[usize::from(index >= cut)];
                if n == 1 {
                    let is_new = half.get(address) == 0;
                    prop_assert_eq!(half.add(address), is_new);
                } else {
                    half.add_n(address, n);
                }
                let count = oracle.entry(address).or_default();
                *count = count.saturating_add(n);
                total = total.saturating_add(n);
            }
            let [mut tally, other] = halves;
            tally.merge(other);
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
    fn an_address_of_all_low_halves_is_not_new() {
        let address = "192.0.2.1".parse().unwrap();
        let mut tally = AddressTally::new();
        tally.add_n(address, 1 << 32);
        assert!(!tally.add(address));
        assert_eq!(tally.get(address), (1 << 32) + 1);
    }
}
