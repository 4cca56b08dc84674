//! Where addresses may be: one bit a byte, computed 64 bytes at a time.
//!
//! A log is mostly not addresses. So before anything is parsed, every byte is classed (dot,
//! colon) and the classes of a block are combined, as 64-bit masks, to the few places that
//! can be
//!
//! * the last dot of a quad: a dot with two more before it, each two to four bytes before the
//!   next,
//! * the second colon of `::`, if no third stands before them,
//! * the first of six colons, each two to five bytes after the one before and none right
//!   after another: an address in full has seven, or six and a quad.
//!
//! The masks are exact: they depend on the bytes alone, not on where a block begins. The
//! classes of a block are what the processors differ in; the rest is shared, and all but free
//! of branches, since where dots stand is what no processor can predict.

#[cfg(target_arch = "x86_64")]
pub(crate) mod avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) mod avx512;
#[cfg(target_arch = "aarch64")]
pub(crate) mod neon;
pub(crate) mod portable;

use crate::bytes::block_before;

/// Bytes in a block.
pub(crate) const BLOCK: usize = 64;
/// Blocks whose candidates are computed in one go.
pub(crate) const BATCH: usize = 64;

/// The classes of the bytes of one block, a bit a byte, the first byte lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Classes {
    dot: u64,
    colon: u64,
}

/// The candidates of [`BATCH`] blocks.
#[derive(Clone)]
pub(crate) struct Candidates {
    /// Candidates of each block, a bit a byte, the first byte lowest.
    pub(crate) masks: [u64; BATCH],
    /// The blocks that have any, a bit a block.
    pub(crate) occupied: u64,
}

impl Candidates {
    pub(crate) const NONE: Self = Self { masks: [0; BATCH], occupied: 0 };
}

/// The shared part of every scan.
#[expect(
    clippy::inline_always,
    reason = "so that `classify` is compiled for its processor"
)]
#[inline(always)]
fn scan_with(
    haystack: &[u8],
    from: usize,
    candidates: &mut Candidates,
    classify: impl Fn(&[u8; BLOCK]) -> Classes,
) {
    let rest = haystack.get(from..).unwrap_or_default();
    let (blocks, tail) = rest.as_chunks::<BLOCK>();
    let (blocks, later) = blocks.split_at(blocks.len().min(BATCH));
    let mut padded = [0; BLOCK];
    padded[..tail.len()].copy_from_slice(tail);

    let mut run = Run::default();
    run.classes(classify(&block_before(haystack, from)));
    let mut lone_colons = [0; BATCH + 1];
    let (mut occupied, mut crowded) = (0, 0);
    let places = candidates.masks.iter_mut().zip(&mut lone_colons);
    for (index, (block, (mask, lone))) in blocks.iter().zip(places).enumerate() {
        let (found, is_crowded) = run.classes(classify(block));
        *mask = found;
        *lone = run.lone_colons;
        // Whether the block before may have the first of six colons, looked at apart.
        occupied |= u64::from(found != 0) << index;
        crowded |= u64::from(is_crowded) << index;
    }
    // What follows the last whole block: one that is not whole, or one of the next batch.
    let next = later.first().unwrap_or(&padded);
    let (found, is_crowded) = run.classes(classify(next));
    lone_colons[blocks.len()] = run.lone_colons;
    crowded >>= 1;
    if let Some(mask) = candidates.masks.get_mut(blocks.len()) {
        *mask = found;
        occupied |= u64::from(found != 0) << blocks.len();
        crowded |= u64::from(run.lone_count >= 6) << blocks.len();
    }
    if let Some(last) = blocks.len().checked_sub(1) {
        crowded |= u64::from(is_crowded) << last;
    }
    candidates.occupied = occupied;
    candidates.add_colons(&lone_colons, crowded);
}

impl Candidates {
    /// Adds the first of six colons in each crowded block and the one after it.
    fn add_colons(&mut self, lone_colons: &[u64; BATCH + 1], mut crowded: u64) {
        while crowded != 0 {
            let index = crowded.trailing_zeros() as usize;
            crowded &= crowded - 1;
            let found = first_of_six(lone_colons[index], lone_colons[index + 1]);
            self.masks[index] |= found;
            self.occupied |= u64::from(found != 0) << index;
        }
    }
}

/// What of the blocks before matters to the next: their last marks, the very last highest.
#[derive(Clone, Copy, Default)]
struct Run {
    /// The last four bytes that are dots.
    dots: u64,
    /// The last four dots that have another two to four bytes before them.
    pairs: u64,
    /// The last two bytes that are colons.
    colons: u64,
    /// The colons of the last block that follow no other, and how many they are.
    lone_colons: u64,
    lone_count: u32,
}

impl Run {
    /// Takes the classes of the next block; the candidates in it, but for the first of six
    /// colons, and whether there may be six colons in it and the block before.
    #[expect(clippy::inline_always, reason = "as `scan_with`")]
    #[inline(always)]
    fn classes(&mut self, block: Classes) -> (u64, bool) {
        let pairs = block.dot & after_dot(block.dot, self.dots);
        let quads = pairs & after_dot(pairs, self.pairs);
        let after_one = block.colon << 1 | self.colons >> 1;
        let after_two = block.colon << 2 | self.colons;
        let doubles = block.colon & after_one & !after_two;
        let lone_colons = block.colon & !after_one;
        let lone_count = lone_colons.count_ones();
        let is_crowded = self.lone_count + lone_count >= 6;
        *self = Self {
            dots: block.dot >> 60,
            pairs: pairs >> 60,
            colons: block.colon >> 62,
            lone_colons,
            lone_count,
        };
        (quads | doubles, is_crowded)
    }
}

/// Marks the places that have a dot two to four bytes before them; `before` has the last four
/// bytes of the block before.
///
/// What comes from there is kept apart and small: a shift of two words at a time, which the
/// compiler would make of it, is slow on many processors.
#[expect(clippy::inline_always, reason = "as `scan_with`")]
#[inline(always)]
fn after_dot(dots: u64, before: u64) -> u64 {
    let own = dots << 2 | dots << 3 | dots << 4;
    own | before | before >> 1 | before >> 2
}

/// Marks the colons with five more behind them, each two to five bytes after the one before.
#[inline(never)]
fn first_of_six(colons: u64, next_colons: u64) -> u64 {
    let (mut chain, mut next_chain) = (colons, next_colons);
    for _ in 0..5 {
        let own = chain >> 2 | chain >> 3 | chain >> 4 | chain >> 5;
        let next =
            next_chain << 59 | next_chain << 60 | next_chain << 61 | next_chain << 62;
        chain = colons & (own | next);
        next_chain &=
            next_chain >> 2 | next_chain >> 3 | next_chain >> 4 | next_chain >> 5;
        if chain == 0 {
            break;
        }
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::processor::{AnyProcessor, Processor, with_processor};
    use proptest::prelude::*;

    /// The candidates of a whole haystack, as places.
    fn places(processor: AnyProcessor, haystack: &[u8], from: usize) -> Vec<usize> {
        let mut places = Vec::new();
        let mut candidates = Candidates::NONE;
        for batch in (from..haystack.len()).step_by(BATCH * BLOCK) {
            with_processor!(processor, it => it.scan(haystack, batch, &mut candidates));
            for index in (0..BATCH).filter(|index| candidates.occupied >> index & 1 == 1)
            {
                let mask = candidates.masks[index];
                assert_ne!(mask, 0);
                let bits = (0..BLOCK).filter(|bit| mask >> bit & 1 == 1);
                places.extend(bits.map(|bit| batch + index * BLOCK + bit));
            }
        }
        places
    }

    /// Whether a candidate is at a place, said without masks.
    fn is_candidate(haystack: &[u8], place: usize) -> bool {
        let is = |index: usize, byte: u8| haystack.get(index) == Some(&byte);
        let dot_before = |place: usize, then: &dyn Fn(usize) -> bool| {
            (2..=4)
                .filter_map(|gap| place.checked_sub(gap))
                .any(|index| is(index, b'.') && then(index))
        };
        let quad =
            is(place, b'.') && dot_before(place, &|second| dot_before(second, &|_| true));
        let mut ends = vec![place];
        for _ in 0..5 {
            ends =
                ends.iter().flat_map(|end| (2..=5).map(move |gap| end + gap)).collect();
            ends.retain(|end| is(*end, b':') && !is(*end - 1, b':'));
            ends.dedup();
        }
        let double =
            place > 0 && is(place - 1, b':') && !(place > 1 && is(place - 2, b':'));
        let single = place == 0 || !is(place - 1, b':');
        quad || is(place, b':') && (double || single && !ends.is_empty())
    }

    proptest! {
        #[test]
        fn every_scan_gives_the_candidates_of_the_definition(
            haystack in "([0-9]{1,4}[.:]|[.:]{1,3}|[ -~]|[0-9a-f:.]{0,40}| {60}){0,60}",
            from in 0_usize..200,
        ) {
            let haystack = haystack.as_bytes();
            let expected = (from..haystack.len())
                .filter(|place| is_candidate(haystack, *place))
                .collect::<Vec<_>>();
            for processor in AnyProcessor::all_found() {
                prop_assert_eq!(&places(processor, haystack, from), &expected);
            }
        }
    }

    #[test]
    fn batches_join_without_a_seam() {
        let haystack = b"1.2.3.4 ::1 ".repeat(1000);
        for from in [0, 1, 63, 64, 65, BATCH * BLOCK] {
            let expected: Vec<_> =
                (from..haystack.len()).filter(|i| is_candidate(&haystack, *i)).collect();
            for processor in AnyProcessor::all_found() {
                assert_eq!(places(processor, &haystack, from), expected);
            }
        }
    }
}
