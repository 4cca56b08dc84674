//! Classes of bytes on 64-bit ARM with NEON: four vectors of 16 bytes a block.
//!
//! The safe twin is [`portable`](super::portable); tests compare the two.

#![expect(unsafe_code, reason = "vector loads")]

use std::arch::aarch64::{
    uint8x16_t, vaddv_u8, vandq_u8, vceqq_u8, vdupq_n_u8, vget_high_u8, vget_low_u8,
    vld1q_u8,
};

use super::{BLOCK, Candidates, Classes, scan_with};

#[target_feature(enable = "neon")]
pub(crate) fn scan(haystack: &[u8], from: usize, candidates: &mut Candidates) {
    scan_with(haystack, from, candidates, |block| classify(block));
}

#[inline]
#[target_feature(enable = "neon")]
fn classify(block: &[u8; BLOCK]) -> Classes {
    let mut classes = Classes::default();
    for (index, quarter) in block.as_chunks::<16>().0.iter().enumerate() {
        // SAFETY: `quarter` is 16 bytes that may be read, and the load asks for no alignment.
        let bytes = unsafe { vld1q_u8(quarter.as_ptr()) };
        let shift = 16 * index;
        classes.dot |= bits(equal(bytes, b'.')) << shift;
        classes.colon |= bits(equal(bytes, b':')) << shift;
    }
    classes
}

#[inline]
#[target_feature(enable = "neon")]
fn equal(bytes: uint8x16_t, wanted: u8) -> uint8x16_t {
    vceqq_u8(bytes, vdupq_n_u8(wanted))
}

/// A bit for each byte of a comparison: each keeps the bit of its place, the halves add up.
#[inline]
#[target_feature(enable = "neon")]
fn bits(comparison: uint8x16_t) -> u64 {
    const PLACES: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128];
    // SAFETY: `PLACES` is 16 bytes that may be read.
    let bit_of_place = unsafe { vld1q_u8(PLACES.as_ptr()) };
    let placed = vandq_u8(comparison, bit_of_place);
    let low = vaddv_u8(vget_low_u8(placed));
    let high = vaddv_u8(vget_high_u8(placed));
    u64::from(low) | u64::from(high) << 8
}
