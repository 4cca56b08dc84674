//! Counting.

mod address;
mod table;

use std::hash::Hash;

use hashbrown::HashMap;

pub use self::address::AddressTally;

/// How often each key was seen: streaming counts with an order that never varies.
///
/// Memory grows with distinct keys, never with what is counted. Keys of unknown
/// origin are safe: the hash is keyed anew in every process. For addresses there is
/// [`AddressTally`], which takes less.
///
/// # Complexity
/// Expected O(1) for [`add`](Self::add); O(n log n) for the ordered views of n keys.
///
/// # Examples
/// ```
/// use geoip_core::Tally;
///
/// let mut visits = Tally::new();
/// for country in ["BR", "SE", "BR"] {
///     visits.add(country);
/// }
/// assert_eq!(visits.total(), 3);
/// assert_eq!(visits.top(1), [("BR", 2)]);
/// ```
#[derive(Clone, Debug)]
pub struct Tally<K> {
    counts: HashMap<K, u64>,
    total: u64,
}

impl<K> Default for Tally<K> {
    fn default() -> Self {
        Self { counts: HashMap::default(), total: 0 }
    }
}

impl<K: Ord + Hash + Clone> Tally<K> {
    /// A tally of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Count one.
    pub fn add(&mut self, key: K) {
        self.add_n(key, 1);
    }

    /// Count `n` at once. Counts stop at `u64::MAX` rather than wrap.
    pub fn add_n(&mut self, key: K, n: u64) {
        let count = self.counts.entry(key).or_insert(0);
        *count = count.saturating_add(n);
        self.total = self.total.saturating_add(n);
    }

    /// Count everything that another tally counted.
    pub fn merge(&mut self, other: Self) {
        for (key, n) in other.counts {
            self.add_n(key, n);
        }
    }

    /// The count of one key; 0 for a key never seen.
    pub fn get(&self, key: &K) -> u64 {
        self.counts.get(key).copied().unwrap_or(0)
    }

    /// The sum of all counts.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many distinct keys were seen.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// All keys with their counts, in the order of the keys.
    pub fn sorted(&self) -> Vec<(K, u64)> {
        let mut all: Vec<_> =
            self.counts.iter().map(|(key, n)| (key.clone(), *n)).collect();
        all.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        all
    }

    /// The `n` keys with the highest counts, highest first, ties in the order of the
    /// keys.
    pub fn top(&self, n: usize) -> Vec<(K, u64)> {
        let mut all = self.sorted();
        // Stable: equal counts stay in the order of their keys.
        all.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        all.truncate(n);
        all
    }
}

impl<K: Ord + Hash + Clone> Extend<K> for Tally<K> {
    fn extend<I: IntoIterator<Item = K>>(&mut self, keys: I) {
        keys.into_iter().for_each(|key| self.add(key));
    }
}

impl<K: Ord + Hash + Clone> FromIterator<K> for Tally<K> {
    fn from_iter<I: IntoIterator<Item = K>>(keys: I) -> Self {
        let mut tally = Self::new();
        tally.extend(keys);
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[test]
    fn counts_stop_at_the_largest_number() {
        let mut tally = Tally::new();
        tally.add_n('a', u64::MAX);
        tally.add('a');
        assert_eq!((tally.get(&'a'), tally.total()), (u64::MAX, u64::MAX));
    }

    proptest! {
        #[test]
        fn agrees_with_an_ordered_map_however_it_is_split(
            keys in prop::collection::vec(0_u8..20, 0..200), cut in 0_usize..200, n in 0_usize..25,
        ) {
            let cut = cut.min(keys.len());
            let mut tally: Tally<u8> = keys[..cut].iter().copied().collect();
            tally.merge(keys[cut..].iter().copied().collect());

            let mut oracle = BTreeMap::new();
            for key in &keys {
                *oracle.entry(*key).or_insert(0_u64) += 1;
            }
            prop_assert_eq!(tally.sorted(), oracle.clone().into_iter().collect::<Vec<_>>());
            let mut top: Vec<_> = oracle.into_iter().collect();
            top.sort_by_key(|&(key, count)| (std::cmp::Reverse(count), key));
            top.truncate(n);
            prop_assert_eq!(tally.top(n), top);
            prop_assert_eq!(tally.total(), keys.len() as u64);
        }
    }
}
