//! A reader for x86-64 with AVX2: all four numbers at once.
//!
//! The lengths of the numbers pick a permutation that puts hundreds, tens and ones of each
//! into four bytes of its own; two multiplications then add them up. The idea of a table of
//! permutations is that of Lemire, "Parsing IP addresses crazily fast" (2023).
//!
//! The safe twin is [`portable`](super::portable); tests compare the two.

#![expect(
    unsafe_code,
    reason = "vector loads, and functions for a processor found at run time"
)]

use std::arch::x86_64::{
    __m128i, _mm_cmpeq_epi8, _mm_cmpgt_epi32, _mm_cvtsi128_si32, _mm_loadu_si128,
    _mm_madd_epi16, _mm_maddubs_epi16, _mm_min_epu8, _mm_movemask_epi8, _mm_set1_epi8,
    _mm_set1_epi16, _mm_set1_epi32, _mm_setr_epi8, _mm_shuffle_epi8, _mm_sub_epi8,
};

use super::{LONGEST, Read, Spelled};

/// The reader, if this processor has what it needs.
pub(super) fn read() -> Option<Read> {
    let has_all = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi1");
    has_all.then_some(read_detected)
}

/// Private, so that it is handed out by [`read`] alone, after detection.
fn read_detected(text: &[u8; LONGEST], leading_zeros: bool) -> Spelled {
    // SAFETY: `read` gives this function away only where the processor has the features.
    unsafe { read_avx2(text, leading_zeros) }
}

#[target_feature(enable = "avx2,bmi1")]
fn read_avx2(text: &[u8; LONGEST], leading_zeros: bool) -> Spelled {
    let bytes = load(text);
    let values = _mm_sub_epi8(bytes, _mm_set1_epi8(b'0'.cast_signed()));
    let digits = bits(_mm_cmpeq_epi8(_mm_min_epu8(values, _mm_set1_epi8(9)), values));
    let dots = bits(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'.'.cast_signed())));
    let zeros = bits(_mm_cmpeq_epi8(values, _mm_set1_epi8(0)));

    // The first four bytes that are no digits end the numbers; past the text all are such.
    let others = [!digits, without_first(!digits)];
    let others = [others[0], others[1], without_first(others[1])];
    let others = [others[0], others[1], others[2], without_first(others[2])];
    let ends = others.map(u32::trailing_zeros);
    let lengths =
        [ends[0], ends[1] - ends[0] - 1, ends[2] - ends[1] - 1, ends[3] - ends[2] - 1];
    let separators = others[0] ^ others[3];
    let starts = separators << 1 | 1;

    let too_long = (lengths[0] | lengths[1] | lengths[2] | lengths[3]) > 3;
    let empty = starts & !digits != 0;
    let no_dots = separators & !dots != 0;
    let zero_first = !leading_zeros && starts & zeros & (digits >> 1) != 0;

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
    Spelled { address, length: if wrong { 0 } else { ends[3] } }
}

/// The mask without its lowest bit.
fn without_first(mask: u32) -> u32 {
    mask & mask.wrapping_sub(1)
}

#[expect(clippy::cast_ptr_alignment, reason = "the load is made for unaligned bytes")]
#[inline]
#[target_feature(enable = "avx2")]
fn load(bytes: &[u8; LONGEST]) -> __m128i {
    // SAFETY: these are 16 bytes that may be read, and the load asks for no alignment.
    unsafe { _mm_loadu_si128(bytes.as_ptr().cast::<__m128i>()) }
}

/// A bit for each byte of a comparison.
#[inline]
#[target_feature(enable = "avx2")]
fn bits(comparison: __m128i) -> u32 {
    _mm_movemask_epi8(comparison).cast_unsigned()
}

/// For each four lengths, two bits a length: where the four bytes of each number come from.
static PERMUTATIONS: [[u8; LONGEST]; 256] = permutations();

#[expect(clippy::cast_possible_truncation, reason = "places in a text of 16 bytes")]
const fn permutations() -> [[u8; LONGEST]; 256] {
    /// Makes the permutation put a zero here.
    const ZERO: u8 = 0x80;
    let mut permutations = [[ZERO; LONGEST]; 256];
    let mut shape = 0;
    while shape < 256 {
        let mut start = 0;
        let mut number = 0;
        while number < 4 {
            let length = shape >> (2 * number) & 3;
            let mut digit = 0;
            while digit < length {
                permutations[shape][4 * number + 4 - length + digit] =
                    (start + digit) as u8;
                digit += 1;
            }
            start += length + 1;
            number += 1;
        }
        shape += 1;
    }
    permutations
}
