//! A hash table of counts that is made for filling: keys and counts side by side, nothing
//! else, and many looked up at a time.
//!
//! A table of many addresses does not fit into the caches, so that each count waits for
//! memory. [`CountTable::add_all`] touches the places of many keys before it counts them:
//! the waits then overlap.

use std::hash::{BuildHasher, RandomState};

/// Something small to count.
pub(super) trait Key: Copy + Eq + Default {
    /// All bits of the key, folded into one word with the help of secret ones.
    fn fold(self, secrets: [u64; 2]) -> u64;
}

impl Key for u32 {
    fn fold(self, secrets: [u64; 2]) -> u64 {
        folded_product(u64::from(self) ^ secrets[0], secrets[1])
    }
}

impl Key for [u8; 16] {
    fn fold(self, secrets: [u64; 2]) -> u64 {
        let bits = u128::from_ne_bytes(self);
        let low = folded_product(low(bits) ^ secrets[0], secrets[1]);
        folded_product(low ^ low_of_high(bits), secrets[1])
    }
}

/// Both halves of a product, each bit of which depends on many of the factors.
fn folded_product(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    low(product) ^ low_of_high(product)
}

#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
fn low(bits: u128) -> u64 {
    bits as u64
}

fn low_of_high(bits: u128) -> u64 {
    low(bits >> 64)
}

/// Counts by key; a count of 0 marks a place that is free.
#[derive(Clone, Debug)]
pub(super) struct CountTable<K> {
    /// A power of two of them, at least a quarter of which is free; or none.
    places: Vec<(K, u32)>,
    len: usize,
    /// Keyed anew for each table, so that nobody can make keys that all collide.
    secrets: [u64; 2],
}

impl<K: Key> Default for CountTable<K> {
    fn default() -> Self {
        let random = RandomState::new();
        // The factor must be odd, so that no bit of a key is lost.
        let secrets = [random.hash_one(0), random.hash_one(1) | 1];
        Self { places: Vec::new(), len: 0, secrets }
    }
}

impl<K: Key> CountTable<K> {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The count of a key; 0 if it was never counted.
    pub(super) fn get(&self, key: K) -> u32 {
        if self.places.is_empty() { 0 } else { self.places[self.place_of(key)].1 }
    }

    /// The keys with their counts, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (K, u32)> {
        self.places.iter().copied().filter(|&(_, count)| count > 0)
    }

    /// Adds to the count of a key, and returns what it was, unless the sum does not fit:
    /// then the count becomes the largest there is, and what is left of `n` is returned as
    /// an error.
    #[inline]
    pub(super) fn add(&mut self, key: K, n: u32) -> Result<u32, u32> {
        self.make_room(1);
        self.add_with_room(key, n)
    }

    /// Counts each key once. Returned are the keys that could not be, for their counts are
    /// the largest there are.
    pub(super) fn add_all(&mut self, keys: &[K]) -> Vec<K> {
        /// So many that their waits overlap, and their places stay in the first cache.
        const AT_ONCE: usize = 64;
        let mut full = Vec::new();
        for keys in keys.chunks(AT_ONCE) {
            self.make_room(keys.len());
            let touch = |sum: u32, key: &K| sum ^ self.places[self.start_of(*key)].1;
            std::hint::black_box(keys.iter().fold(0, touch));
            full.extend(
                keys.iter().copied().filter(|key| self.add_with_room(*key, 1).is_err()),
            );
        }
        full
    }

    #[inline]
    fn add_with_room(&mut self, key: K, n: u32) -> Result<u32, u32> {
        let place = self.place_of(key);
        let (own, count) = &mut self.places[place];
        let before = *count;
        *own = key;
        self.len += usize::from(before == 0);
        let room = u32::MAX - before;
        *count += n.min(room);
        if n > room { Err(n - room) } else { Ok(before) }
    }

    /// Where the search for a key starts.
    #[inline]
    fn start_of(&self, key: K) -> usize {
        // The high bits are the best; the places are at most as many as there are indices.
        let bits = self.places.len().trailing_zeros();
        let hash = key.fold(self.secrets) >> (u64::BITS - bits.max(1));
        usize::try_from(hash).unwrap_or(0) & (self.places.len() - 1)
    }

    /// The place of a key, or the free one where it belongs.
    #[inline]
    fn place_of(&self, key: K) -> usize {
        let mut place = self.start_of(key);
        loop {
            let (own, count) = self.places[place];
            if count == 0 || own == key {
                return place;
            }
            place = (place + 1) & (self.places.len() - 1);
        }
    }

    /// Makes sure that a quarter is still free after so many more keys.
    #[inline]
    fn make_room(&mut self, more: usize) {
        if (self.len + more) * 4 > self.places.len() * 3 {
            self.grow(more);
        }
    }

    #[cold]
    fn grow(&mut self, more: usize) {
        let wanted = ((self.len + more) * 4 / 3 + 1).next_power_of_two();
        let places = wanted.max(self.places.len() * 2).max(16);
        let old = std::mem::replace(&mut self.places, vec![(K::default(), 0); places]);
        for (key, count) in old.into_iter().filter(|&(_, count)| count > 0) {
            let place = self.place_of(key);
            self.places[place] = (key, count);
        }
    }
}
