//! A reader for x86-64 with AVX2: all four numbers at once.
//!
//! The lengths of the numbers pick a permutation that puts hundreds, tens and ones of each
//! into four bytes of its own; two multiplications then add them up. The idea of a table of
//! permutations is that of Lemire, "Parsing IP addresses crazily fast" (2023).
//!
//! The safe twin is [`portable`](super::portable); tests compare the two.

#![expect(unsafe_code, reason = "vector loads")]

use std::arch::x86_64::{
    __m128i, _mm_cmpeq_epi8, _mm_cmpgt_epi32, _mm_cvtsi128_si32, _mm_loadu_si128,
    _mm_madd_epi16, _mm_maddubs_epi16, _mm_min_epu8, _mm_movemask_epi8, _mm_set1_epi8,
    _mm_set1_epi16, _mm_set1_epi32, _mm_setr_epi8, _mm_shuffle_epi8, _mm_sub_epi8,
};

use super::{LAST_DOT, Spelled, WINDOW};

#[inline]
#[target_feature(enable = "avx2,bmi1,lzcnt")]
pub(crate) fn read(text: &[u8; WINDOW], leading_zeros: bool) -> Spelled {
    // From the back, so that the bytes before the last dot follow it, as bits that can be
    // taken off one after the other.
    let backwards = _mm_setr_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    let bytes = _mm_shuffle_epi8(load(text), backwards);
    let values = _mm_sub_epi8(bytes, _mm_set1_epi8(b'0'.cast_signed()));
    let digits = bits(_mm_cmpeq_epi8(_mm_min_epu8(values, _mm_set1_epi8(9)), values));
    let dots = bits(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'.'.cast_signed())));
    let zeros = bits(_mm_cmpeq_epi8(values, _mm_set1_epi8(0)));
    let others = !digits;

    // The three nearest bytes before the last dot that are no digits bound the numbers; past
    // the window all are such.
    let before = others >> BEFORE;
    let before_second = without_first(before);
    let before_first = without_first(before_second);
    let [second, first, start] =
        [before, before_second, before_first].map(u32::trailing_zeros);
    // The last number has the bits below that of the last dot, the highest first.
    let last_length = (others << 29 | 1 << 28).leading_zeros();
    let lengths = [
        start.wrapping_sub(first + 1),
        first.wrapping_sub(second + 1),
        second,
        last_length,
    ];
    let bounds = before ^ without_first(before_first);
    let starts = bounds << (BEFORE - 1) | 1 << (BEFORE - 2);

    let too_long = (lengths[0] | lengths[1] | lengths[2]) > 3;
    let empty = starts & others != 0;
    let no_dots = (before ^ before_first) & !(dots >> BEFORE) != 0;
    let zero_first = !leading_zeros && starts & zeros & (digits << 1) != 0;

    let shape = lengths[0] | lengths[1] << 2 | lengths[2] << 4 | lengths[3] << 6;
    let permutation = load(&PERMUTATIONS[(shape & 0xff) as usize]);
    let placed = _mm_shuffle_epi8(values, permutation);
    let weights =
        _mm_setr_epi8(0, 100, 10, 1, 0, 100, 10, 1, 0, 100, 10, 1, 0, 100, 10, 1);
    let sums = _mm_madd_epi16(_mm_maddubs_epi16(placed, weights), _mm_set1_epi16(1));
    let too_large = bits(_mm_cmpgt_epi32(sums, _mm_set1_epi32(255))) != 0;

    // The low byte of each sum, the last number lowest.
    let low_bytes =
        _mm_setr_epi8(12, 8, 4, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    let address = _mm_cvtsi128_si32(_mm_shuffle_epi8(sums, low_bytes)).cast_unsigned();
    let wrong = too_long | empty | no_dots | zero_first | too_large;
    let end = if wrong { 0 } else { LAST + 1 + last_length };
    Spelled { address, start: LAST.wrapping_sub(start), end }
}

#[expect(clippy::cast_possible_truncation, reason = "a place in the window")]
const LAST: u32 = LAST_DOT as u32;

/// Bits of a mask from the back up to the last dot: what stands before that follows.
const BEFORE: usize = WINDOW - LAST_DOT;

/// The mask without its lowest bit.
fn without_first(mask: u32) -> u32 {
    mask & mask.wrapping_sub(1)
}

#[expect(clippy::cast_ptr_alignment, reason = "the load is made for unaligned bytes")]
#[inline]
#[target_feature(enable = "avx2")]
fn load(bytes: &[u8; WINDOW]) -> __m128i {
    // SAFETY: these are 16 bytes that may be read, and the load asks for no alignment.
    unsafe { _mm_loadu_si128(bytes.as_ptr().cast::<__m128i>()) }
}

/// A bit for each byte of a comparison.
#[inline]
#[target_feature(enable = "avx2")]
fn bits(comparison: __m128i) -> u32 {
    _mm_movemask_epi8(comparison).cast_unsigned()
}

/// For each four lengths, two bits a length: where the four bytes of each number come from, in
/// a text from the back.
static PERMUTATIONS: [[u8; WINDOW]; 256] = permutations();

#[expect(clippy::cast_possible_truncation, reason = "places in a text of 16 bytes")]
const fn permutations() -> [[u8; WINDOW]; 256] {
    /// Makes the permutation put a zero here.
    const ZERO: u8 = 0x80;
    let mut permutations = [[ZERO; WINDOW]; 256];
    let mut shape = 0;
    while shape < 256 {
        let mut number = 4;
        // Of the last number its first digit, of the others their last digit is known.
        let mut last = BEFORE - 1 - (shape >> 6 & 3);
        while number > 0 {
            number -= 1;
            let length = shape >> (2 * number) & 3;
            let mut digit = 0;
            while digit < length {
                let place = last + digit;
                if place < WINDOW {
                    permutations[shape][4 * number + 3 - digit] = place as u8;
                }
                digit += 1;
            }
            last += length + 1;
        }
        shape += 1;
    }
    permutations
}
