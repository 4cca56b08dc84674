//! A reader for any processor.

use super::{LONGEST, Spelled};
use crate::word;

pub(super) fn read(text: &[u8; LONGEST], leading_zeros: bool) -> Spelled {
    let (halves, _) = text.as_chunks::<8>();
    let [low, high] = [halves[0], halves[1]].map(u64::from_le_bytes);
    let mask =
        |marks: fn(u64) -> u64| word::bits(marks(low)) | word::bits(marks(high)) << 8;
    // Past the text there is no digit, so that each number has an end.
    let mut others = !mask(word::digits);
    let dots = mask(|word| word::equal(word, b'.'));

    let (mut address, mut start, mut end, mut wrong) = (0, 0, 0, false);
    for octet in 0..4 {
        end = others.trailing_zeros();
        let length = (end as usize).wrapping_sub(start);
        let mut digits = [0; 4];
        digits.copy_from_slice(&text[start..start + 4]);
        let value = word::decimal(digits, length & 3);
        wrong |= length.wrapping_sub(1) > 2;
        wrong |= value > 255;
        wrong |= !leading_zeros && length > 1 && digits[0] == b'0';
        wrong |= octet < 3 && dots >> end & 1 == 0;
        address = address << 8 | value & 255;
        others &= others.wrapping_sub(1);
        // A fourth number may start at the thirteenth byte at the latest.
        start = (end as usize + 1).min(LONGEST - 4);
    }
    Spelled { address, length: if wrong { 0 } else { end } }
}
