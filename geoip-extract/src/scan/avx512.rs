//! Classes of bytes on x86-64 with AVX-512: a vector of 64 bytes a block.
//!
//! The safe twin is [`portable`](super::portable); tests compare the two.

#![expect(unsafe_code, reason = "vector loads")]

use std::arch::x86_64::{
    __m512i, _mm512_cmpeq_epi8_mask, _mm512_loadu_si512, _mm512_set1_epi8,
};

use super::{BLOCK, Candidates, Classes, scan_with};

#[target_feature(enable = "avx512f,avx512bw,bmi1,bmi2,lzcnt,popcnt")]
pub(crate) fn scan(haystack: &[u8], from: usize, candidates: &mut Candidates) {
    scan_with(haystack, from, candidates, |block| classify(block));
}

#[expect(clippy::cast_ptr_alignment, reason = "the load is made for unaligned bytes")]
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn classify(block: &[u8; BLOCK]) -> Classes {
    // SAFETY: these are 64 bytes that may be read, and the load asks for no alignment.
    let bytes = unsafe { _mm512_loadu_si512(block.as_ptr().cast::<__m512i>()) };
    Classes { dot: equal(bytes, b'.'), colon: equal(bytes, b':') }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn equal(bytes: __m512i, wanted: u8) -> u64 {
    _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(wanted.cast_signed()))
}
