//! Classes for any processor: eight bytes at a time in a 64-bit word.

use super::{BLOCK, Classes};
use crate::word::{bits, digits, equal, hex_digits};

pub(crate) fn classify(block: &[u8; BLOCK]) -> Classes {
    let mut classes = Classes::default();
    for (index, word) in block.as_chunks::<8>().0.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let shift = 8 * index;
        classes.hex |= bits(hex_digits(word)) << shift;
        classes.decimal |= bits(digits(word)) << shift;
        classes.colon |= bits(equal(word, b':')) << shift;
    }
    classes
}
