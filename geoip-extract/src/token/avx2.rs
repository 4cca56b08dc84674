//! Classes on x86-64 with AVX2: two vectors of 32 bytes a block.
//!
//! The safe twin is [`portable`](super::portable); tests compare the two.

use std::arch::x86_64::{
    __m256i, _mm256_cmpeq_epi8, _mm256_min_epu8, _mm256_or_si256, _mm256_sub_epi8,
};

use super::{BLOCK, Classes};
use crate::avx2::{bits, equal, load, splat};

#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn classify(block: &[u8; BLOCK]) -> Classes {
    let mut classes = Classes::default();
    for (index, half) in block.as_chunks::<32>().0.iter().enumerate() {
        let (half, shift) = (load(half), 32 * index);
        let decimal = between(half, b'0', 9);
        // With this bit either case of a letter is the lower one, and nothing else becomes
        // one.
        let letter = between(_mm256_or_si256(half, splat(0x20)), b'a', 5);
        classes.hex |= bits(_mm256_or_si256(decimal, letter)) << shift;
        classes.decimal |= bits(decimal) << shift;
        classes.colon |= bits(equal(half, b':')) << shift;
    }
    classes
}

/// Marks the bytes from `first` up to so many more.
#[inline]
#[target_feature(enable = "avx2")]
fn between(bytes: __m256i, first: u8, more: u8) -> __m256i {
    let value = _mm256_sub_epi8(bytes, splat(first));
    _mm256_cmpeq_epi8(_mm256_min_epu8(value, splat(more)), value)
}
