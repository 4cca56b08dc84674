//! Classes of bytes on x86-64 with AVX2: two vectors of 32 bytes a block.
//!
//! The safe twin is [`portable`](super::portable); tests compare the two.

#![expect(unsafe_code, reason = "vector loads")]

use std::arch::x86_64::{
    __m256i, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_movemask_epi8,
    _mm256_set1_epi8,
};

use super::{BLOCK, Candidates, Classes, scan_with};

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
pub(crate) fn scan(haystack: &[u8], from: usize, candidates: &mut Candidates) {
    scan_with(haystack, from, candidates, |block| classify(block));
}

#[expect(clippy::cast_ptr_alignment, reason = "the load is made for unaligned bytes")]
#[inline]
#[target_feature(enable = "avx2")]
fn classify(block: &[u8; BLOCK]) -> Classes {
    let mut classes = Classes::default();
    for (index, half) in block.as_chunks::<32>().0.iter().enumerate() {
        // SAFETY: `half` is 32 bytes that may be read, and the load asks for no alignment.
        let bytes = unsafe { _mm256_loadu_si256(half.as_ptr().cast::<__m256i>()) };
        let shift = 32 * index;
        classes.dot |= bits(equal(bytes, b'.')) << shift;
        classes.colon |= bits(equal(bytes, b':')) << shift;
    }
    classes
}

#[inline]
#[target_feature(enable = "avx2")]
fn splat(byte: u8) -> __m256i {
    _mm256_set1_epi8(byte.cast_signed())
}

#[inline]
#[target_feature(enable = "avx2")]
fn equal(bytes: __m256i, wanted: u8) -> __m256i {
    _mm256_cmpeq_epi8(bytes, splat(wanted))
}

/// A bit for each byte of a comparison.
#[inline]
#[target_feature(enable = "avx2")]
fn bits(comparison: __m256i) -> u64 {
    u64::from(_mm256_movemask_epi8(comparison).cast_unsigned())
}
