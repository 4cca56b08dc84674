//! Classes of bytes on x86-64 with AVX2: two vectors of 32 bytes a block.
//!
//! The safe twin is [`portable`](super::portable); tests compare the two.

use super::{BLOCK, Candidates, Classes, scan_with};
use crate::avx2::{bits, equal, load};

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
pub(crate) fn scan(haystack: &[u8], from: usize, candidates: &mut Candidates) {
    scan_with(haystack, from, candidates, |block| classify(block));
}

#[inline]
#[target_feature(enable = "avx2")]
fn classify(block: &[u8; BLOCK]) -> Classes {
    let mut classes = Classes::default();
    for (index, half) in block.as_chunks::<32>().0.iter().enumerate() {
        let (half, shift) = (load(half), 32 * index);
        classes.dot |= bits(equal(half, b'.')) << shift;
        classes.colon |= bits(equal(half, b':')) << shift;
    }
    classes
}
