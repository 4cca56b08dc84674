//! Classes of bytes for any processor: eight at a time in a 64-bit word.

use super::{BLOCK, Candidates, Classes, scan_with};
use crate::word::{bits, equal};

pub(crate) fn scan(haystack: &[u8], from: usize, candidates: &mut Candidates) {
    scan_with(haystack, from, candidates, classify);
}

pub(super) fn classify(block: &[u8; BLOCK]) -> Classes {
    let mut classes = Classes::default();
    for (index, word) in block.as_chunks::<8>().0.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let shift = 8 * index;
        classes.dot |= bits(equal(word, b'.')) << shift;
        classes.colon |= bits(equal(word, b':')) << shift;
    }
    classes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mask(block: &[u8; BLOCK], class: impl Fn(u8) -> bool) -> u64 {
        block.iter().rev().fold(0, |mask, byte| mask << 1 | u64::from(class(*byte)))
    }

    proptest! {
        #[test]
        fn classes_are_those_of_each_byte(block in proptest::array::uniform::<_, BLOCK>(
            prop_oneof![any::<u8>(), (b'('..b'<')]
        )) {
            let expected = Classes {
                dot: mask(&block, |byte| byte == b'.'),
                colon: mask(&block, |byte| byte == b':'),
            };
            prop_assert_eq!(classify(&block), expected);
        }
    }

    #[test]
    fn every_byte_has_its_class_in_every_place() {
        for byte in 0..=u8::MAX {
            for place in 0..BLOCK {
                let mut block = [b' '; BLOCK];
                block[place] = byte;
                let classes = classify(&block);
                let bit = 1 << place;
                assert_eq!(classes.dot, if byte == b'.' { bit } else { 0 });
                assert_eq!(classes.colon, if byte == b':' { bit } else { 0 });
            }
        }
    }
}
