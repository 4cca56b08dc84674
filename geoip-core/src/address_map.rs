//! A value for each address, in as little memory as that takes.

use std::hash::{Hash, Hasher};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use hashbrown::{HashMap, hash_map::Entry};

/// A map from addresses to values: one table for each family, so that an IPv4 address takes
/// four bytes and not the seventeen of an [`IpAddr`].
///
/// Addresses of unknown origin are safe: the hash is keyed anew in every process.
///
/// # Complexity
/// Expected O(1) for each access. With values of four bytes an IPv4 address takes 9 to 21
/// bytes and an IPv6 address 21 to 48, depending on how full the table is; while a table
/// grows, half as much again.
///
/// # Examples
/// ```
/// use geoip_core::AddressMap;
///
/// let mut users = AddressMap::new();
/// users.or_insert_with("192.0.2.1".parse()?, Vec::new).push("root");
/// users.or_insert_with("192.0.2.1".parse()?, Vec::new).push("admin");
/// assert_eq!(users.get("192.0.2.1".parse()?), Some(&vec!["root", "admin"]));
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct AddressMap<V> {
    v4: HashMap<u32, V>,
    v6: HashMap<Groups, V>,
}

/// An IPv6 address as bytes, which need no alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Groups([u8; 16]);

impl Hash for Groups {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u128(u128::from_ne_bytes(self.0));
    }
}

impl<V> Default for AddressMap<V> {
    fn default() -> Self {
        Self { v4: HashMap::default(), v6: HashMap::default() }
    }
}

impl<V> AddressMap<V> {
    /// A map of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many addresses have a value.
    pub fn len(&self) -> usize {
        self.v4.len() + self.v6.len()
    }

    /// Whether no address has a value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of an address.
    pub fn get(&self, address: IpAddr) -> Option<&V> {
        match address {
            IpAddr::V4(address) => self.v4.get(&address.to_bits()),
            IpAddr::V6(address) => self.v6.get(&Groups(address.octets())),
        }
    }

    /// The value of an address, made if there is none.
    #[inline]
    pub fn or_insert_with(
        &mut self,
        address: IpAddr,
        make: impl FnOnce() -> V,
    ) -> &mut V {
        match address {
            IpAddr::V4(address) => self.v4.entry(address.to_bits()).or_insert_with(make),
            IpAddr::V6(address) => {
                self.v6.entry(Groups(address.octets())).or_insert_with(make)
            }
        }
    }

    /// All addresses with their values, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (IpAddr, &V)> {
        let v4 = self.v4.iter().map(|(&bits, value)| (of_bits(bits), value));
        let v6 = self.v6.iter().map(|(&groups, value)| (of_groups(groups), value));
        v4.chain(v6)
    }

    /// Takes in all of another map; `merge` is asked where both have a value.
    pub fn merge(&mut self, other: Self, mut merge: impl FnMut(&mut V, V)) {
        // Room for the larger of the two at once, rather than step by step.
        self.v4.reserve(other.v4.len().saturating_sub(self.v4.len()));
        self.v6.reserve(other.v6.len().saturating_sub(self.v6.len()));
        for (bits, value) in other.v4 {
            match self.v4.entry(bits) {
                Entry::Occupied(mut own) => merge(own.get_mut(), value),
                Entry::Vacant(own) => drop(own.insert(value)),
            }
        }
        for (groups, value) in other.v6 {
            match self.v6.entry(groups) {
                Entry::Occupied(mut own) => merge(own.get_mut(), value),
                Entry::Vacant(own) => drop(own.insert(value)),
            }
        }
    }
}

fn of_bits(bits: u32) -> IpAddr {
    IpAddr::V4(Ipv4Addr::from_bits(bits))
}

fn of_groups(groups: Groups) -> IpAddr {
    IpAddr::V6(Ipv6Addr::from(groups.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn agrees_with_an_ordered_map(
            entries in prop::collection::vec((any::<bool>(), 0_u8..30, any::<u8>()), 0..200),
            cut in 0_usize..200,
        ) {
            let address = |v4: bool, last: u8| -> IpAddr {
                if v4 { [192, 0, 2, last].into() } else { [0x2001, 0xdb8, 0, 0, 0, 0, 0, u16::from(last)].into() }
            };
            let mut oracle: BTreeMap<IpAddr, Vec<u8>> = BTreeMap::new();
            let mut halves = [AddressMap::new(), AddressMap::new()];
            for (index, &(v4, last, value)) in entries.iter().enumerate() {
                oracle.entry(address(v4, last)).or_default().push(value);
                halves[usize::from(index >= cut)]
                    .or_insert_with(address(v4, last), Vec::new)
                    .push(value);
            }
            let [mut map, other] = halves;
            map.merge(other, Vec::extend);
            prop_assert_eq!(map.len(), oracle.len());
            prop_assert_eq!(map.is_empty(), oracle.is_empty());
            for (address, values) in &oracle {
                prop_assert_eq!(map.get(*address), Some(values));
            }
            let all: BTreeMap<_, _> = map.iter().map(|(key, value)| (key, value.clone())).collect();
            prop_assert_eq!(all, oracle);
        }
    }
}
