//! Sets as bits of words.

/// Positions of the bits that are set, in ascending order.
pub(super) fn ones(words: &[u64]) -> impl Iterator<Item = usize> + '_ {
    words
        .iter()
        .enumerate()
        .flat_map(|(index, &word)| word_ones(word).map(move |bit| index * 64 + bit))
}

/// Positions of the bits that are set in one word, in ascending order.
pub(super) fn word_ones(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros() as usize)?;
        word &= word - 1;
        Some(bit)
    })
}

/// How many bits are set.
pub(super) fn count(words: &[u64]) -> u32 {
    words.iter().map(|word| word.count_ones()).sum()
}

/// How many bits are set in both.
pub(super) fn count_common(a: &[u64], b: &[u64]) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a & b).count_ones()).sum()
}

/// Whether no bit is set.
pub(super) fn is_empty(words: &[u64]) -> bool {
    words.iter().all(|&word| word == 0)
}

/// Sets one bit.
pub(super) fn insert(words: &mut [u64], bit: usize) {
    words[bit / 64] |= 1 << (bit % 64);
}

/// Clears one bit.
pub(super) fn remove(words: &mut [u64], bit: usize) {
    words[bit / 64] &= !(1 << (bit % 64));
}

/// Clears the first bit that is set, and says which it was.
pub(super) fn pop_first(words: &mut [u64]) -> Option<usize> {
    let index = words.iter().position(|&word| word != 0)?;
    let bit = words[index].trailing_zeros() as usize;
    words[index] &= words[index] - 1;
    Some(index * 64 + bit)
}

/// Clears the bits of `a` that are not set in `b`.
pub(super) fn intersect(a: &mut [u64], b: &[u64]) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a &= b);
}

/// Sets `target` to the bits that are set in both.
pub(super) fn set_common(target: &mut [u64], a: &[u64], b: &[u64]) {
    for (target, (a, b)) in target.iter_mut().zip(a.iter().zip(b)) {
        *target = a & b;
    }
}

/// Sets the first `count` bits.
pub(super) fn insert_first(words: &mut [u64], count: usize) {
    let (whole, rest) = (count / 64, count % 64);
    words[..whole].fill(!0);
    if rest > 0 {
        words[whole] |= (1 << rest) - 1;
    }
}

/// Moves the bits of a word that a mask selects together at its low end, in order:
/// the instruction PEXT, for every processor.
///
/// Each selected bit travels down by the number of unselected bits below it, one
/// binary digit of that number at a time.
///
/// # References
/// H. S. Warren, *Hacker's Delight*, 2nd ed., section 7-4, "Compress".
#[derive(Clone, Copy, Default)]
pub(super) struct Gather {
    mask: u64,
    /// The bits that travel by 1, 2, 4, 8, 16 and 32 places, where they then are.
    moves: [u64; 6],
}

impl Gather {
    pub(super) fn new(mask: u64) -> Self {
        let mut moves = [0; 6];
        let mut left = mask;
        let mut unselected_below = !mask << 1;
        for (digit, moving) in moves.iter_mut().enumerate() {
            let mut odd = unselected_below;
            for shift in [1, 2, 4, 8, 16, 32] {
                odd ^= odd << shift;
            }
            *moving = odd & left;
            left = (left ^ *moving) | (*moving >> (1 << digit));
            unselected_below &= !odd;
        }
        Self { mask, moves }
    }

    pub(super) fn mask(&self) -> u64 {
        self.mask
    }

    pub(super) fn gather(&self, word: u64) -> u64 {
        let mut word = word & self.mask;
        for (digit, moving) in self.moves.iter().enumerate() {
            let travelling = word & moving;
            word = (word ^ travelling) | (travelling >> (1 << digit));
        }
        word
    }
}

/// Writes gathered bits from a position on, over the end of a word if need be.
pub(super) fn deposit(words: &mut [u64], position: usize, bits: u64) {
    // Without bits, the position may be past the end.
    if bits == 0 {
        return;
    }
    let (word, shift) = (position / 64, position % 64);
    words[word] |= bits << shift;
    if shift > 0 {
        let high = bits >> (64 - shift);
        if high != 0 {
            words[word + 1] |= high;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn gathers_as_bit_by_bit(mask: u64, other: u64, word: u64) {
            for mask in [mask, mask & other, mask | other, 0, !0, 1 << 63] {
                let expected = word_ones(mask)
                    .enumerate()
                    .fold(0, |sum, (to, from)| sum | ((word >> from & 1) << to));
                prop_assert_eq!(Gather::new(mask).gather(word), expected);
            }
        }

        #[test]
        fn deposits_across_words(position in 0_usize..64, bits: u64) {
            let mut words = [0; 2];
            deposit(&mut words, position, bits);
            let expected: Vec<usize> = word_ones(bits).map(|bit| bit + position).collect();
            prop_assert_eq!(ones(&words).collect::<Vec<_>>(), expected);
        }
    }
}
