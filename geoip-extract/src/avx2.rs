//! What vectors of AVX2 are used for here: 32 bytes, compared, as bits.

#![expect(unsafe_code, reason = "vector loads")]

use std::arch::x86_64::{
    __m256i, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_movemask_epi8,
    _mm256_set1_epi8,
};

/// Half a block.
#[expect(clippy::cast_ptr_alignment, reason = "the load is made for unaligned bytes")]
#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn load(half: &[u8; 32]) -> __m256i {
    // SAFETY: these are 32 bytes that may be read, and the load asks for no alignment.
    unsafe { _mm256_loadu_si256(half.as_ptr().cast::<__m256i>()) }
}

#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn splat(byte: u8) -> __m256i {
    _mm256_set1_epi8(byte.cast_signed())
}

#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn equal(bytes: __m256i, wanted: u8) -> __m256i {
    _mm256_cmpeq_epi8(bytes, splat(wanted))
}

/// A bit for each byte of a comparison.
#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn bits(comparison: __m256i) -> u64 {
    u64::from(_mm256_movemask_epi8(comparison).cast_unsigned())
}
