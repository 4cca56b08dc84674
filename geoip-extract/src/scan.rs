//! Where addresses may be: one bit a byte, computed 64 bytes at a time.
//!
//! A log is mostly not addresses. So before anything is parsed, every byte is classed (digit,
//! dot, colon) and the classes of a block are combined, as 64-bit masks, to the few places
//! that can be
//!
//! * the first dot of a quad: a dot after a digit, with two more such dots behind it, each
//!   two to four bytes after the one before,
//! * the second colon of `::`, if no third stands before them,
//! * the first of six colons, each two to five bytes after the one before and none right
//!   after another: an address in full has seven, or six and a quad.
//!
//! The masks are exact: they depend on the bytes alone, not on where a block begins. The
//! classes of a block are what the processors differ in; the rest is shared.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;

/// Bytes in a block.
pub(crate) const BLOCK: usize = 64;
/// Blocks whose candidates are computed in one go.
pub(crate) const BATCH: usize = 64;

/// The classes of the bytes of one block, a bit a byte, the first byte lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Classes {
    digit: u64,
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

/// Finds the candidates of the blocks that start at an index.
pub(crate) type Scan = fn(&[u8], usize, &mut Candidates);

/// The fastest scan that this processor has.
pub(crate) fn fastest() -> Scan {
    #[cfg(target_arch = "x86_64")]
    if let Some(scan) = avx2::scan() {
        return scan;
    }
    #[cfg(target_arch = "aarch64")]
    if let Some(scan) = neon::scan() {
        return scan;
    }
    portable::scan
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
    let mut padded = [0; BLOCK];
    padded[..tail.len()].copy_from_slice(tail);
    let classes_of = |index: usize| match blocks.get(index) {
        Some(block) => classify(block),
        None if index == blocks.len() => classify(&padded),
        None => Classes::default(),
    };

    let total = blocks.len() + usize::from(!tail.is_empty());
    let at = |back: usize| from.checked_sub(back).and_then(|index| haystack.get(index));
    let mut before = Before {
        digit: u64::from(at(1).is_some_and(u8::is_ascii_digit)),
        colons: u64::from(at(2) == Some(&b':')) | u64::from(at(1) == Some(&b':')) << 1,
    };
    let mut current = classes_of(0);
    candidates.occupied = 0;
    for (index, mask) in candidates.masks[..total.min(BATCH)].iter_mut().enumerate() {
        let next = classes_of(index + 1);
        *mask = candidates_of(current, next, before);
        candidates.occupied |= u64::from(*mask != 0) << index;
        before = Before { digit: current.digit >> 63, colons: current.colon >> 62 };
        current = next;
    }
}

/// What stands before a block, the last byte highest.
#[derive(Clone, Copy)]
struct Before {
    /// Whether the last byte is a digit.
    digit: u64,
    /// Which of the last two bytes are colons.
    colons: u64,
}

/// The candidates of a block, given the next one and what stands before it.
#[expect(clippy::inline_always, reason = "as `scan_with`")]
#[inline(always)]
fn candidates_of(current: Classes, next: Classes, before: Before) -> u64 {
    let after_one = current.colon << 1 | before.colons >> 1;
    let after_two = current.colon << 2 | before.colons;
    let mut candidates = current.colon & after_one & !after_two;
    let dots = current.dot & (current.digit << 1 | before.digit);
    if dots != 0 {
        let next_dots = next.dot & (next.digit << 1 | current.digit >> 63);
        let pairs = dots & joined::<2, 4>(dots, next_dots);
        let next_pairs = next_dots & joined::<2, 4>(next_dots, 0);
        candidates |= dots & joined::<2, 4>(pairs, next_pairs);
    }
    // Only `::` has two in a row, and an address in full has none of those.
    let colons = current.colon & !after_one;
    let next_colons = next.colon & !(next.colon << 1 | current.colon >> 63);
    if colons.count_ones() + next_colons.count_ones() >= 6 {
        let (mut chain, mut next_chain) = (colons, next_colons);
        for _ in 0..5 {
            chain = colons & joined::<2, 5>(chain, next_chain);
            next_chain = next_colons & joined::<2, 5>(next_chain, 0);
            if chain == 0 {
                break;
            }
        }
        candidates |= chain;
    }
    candidates
}

/// Marks the places that have a mark `NEAREST` to `FARTHEST` places on, across two blocks.
///
/// What comes from the next block is gathered apart: a shift of two words at a time, which
/// the compiler would make of it, is slow on many processors.
#[expect(clippy::inline_always, reason = "as `scan_with`")]
#[inline(always)]
fn joined<const NEAREST: u32, const FARTHEST: u32>(marks: u64, next_marks: u64) -> u64 {
    let own = (NEAREST..=FARTHEST).fold(0, |joined, gap| joined | marks >> gap);
    let next =
        (NEAREST..=FARTHEST).fold(0, |joined, gap| joined | next_marks << (64 - gap));
    own | next
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The candidates of a whole haystack, as places.
    fn places(scan: Scan, haystack: &[u8], from: usize) -> Vec<usize> {
        let mut places = Vec::new();
        let mut candidates = Candidates::NONE;
        for batch in (from..haystack.len()).step_by(BATCH * BLOCK) {
            scan(haystack, batch, &mut candidates);
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
        let is_digit = |index: usize| haystack.get(index).is_some_and(u8::is_ascii_digit);
        let is_dot = |index: usize| is(index, b'.') && index > 0 && is_digit(index - 1);
        let third_dot = |second: usize| (2..=4).any(|gap| is_dot(second + gap));
        let quad = is_dot(place)
            && (2..=4).any(|gap| is_dot(place + gap) && third_dot(place + gap));
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
            haystack in "([0-9]{1,4}[.:]|[.:]{1,3}|[ -~]|[0-9a-f:.]{0,40}){0,60}",
            from in 0_usize..200,
        ) {
            let haystack = haystack.as_bytes();
            let expected = (from..haystack.len())
                .filter(|place| is_candidate(haystack, *place))
                .collect::<Vec<_>>();
            prop_assert_eq!(&places(fastest(), haystack, from), &expected);
            prop_assert_eq!(places(portable::scan, haystack, from), expected);
        }
    }

    #[test]
    fn batches_join_without_a_seam() {
        let haystack = b"1.2.3.4 ::1 ".repeat(1000);
        for from in [0, 1, 63, 64, 65, BATCH * BLOCK] {
            let expected: Vec<_> =
                (from..haystack.len()).filter(|i| is_candidate(&haystack, *i)).collect();
            assert_eq!(places(fastest(), &haystack, from), expected);
        }
    }
}
