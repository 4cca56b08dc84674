//! A reader for any processor.

use super::{LAST_DOT, Spelled, WINDOW};
use crate::word;

pub(crate) fn read(text: &[u8; WINDOW], leading_zeros: bool) -> Spelled {
    let (halves, _) = text.as_chunks::<8>();
    let [low, high] = [halves[0], halves[1]].map(u64::from_le_bytes);
    let mask =
        |marks: fn(u64) -> u64| word::bits(marks(low)) | word::bits(marks(high)) << 8;
    let digits = mask(word::digits);
    let dots = mask(|word| word::equal(word, b'.'));
    // A place is that of a byte in the window and one more, so that the byte before it has one.
    let others = !digits << 1 | 1;
    let last_dot = LAST_DOT + 1;
    let end = last_dot + 1 + (others >> (last_dot + 1)).trailing_zeros() as usize;

    let (mut address, mut boundary, mut wrong) = (0, end.min(WINDOW + 1), false);
    let mut start = boundary;
    for octet in 0..4 {
        // The last place before `boundary` that has no digit; there always is one.
        let before = others & ((1 << boundary) - 1);
        let separator = before.checked_ilog2().unwrap_or(0) as usize;
        start = separator + 1;
        let length = boundary.wrapping_sub(start);
        let mut number = [0; 4];
        let from = (start - 1).min(WINDOW - 4);
        number.copy_from_slice(&text[from..from + 4]);
        let skipped = start - 1 - from;
        let number = u32::from_le_bytes(number) >> (8 * (skipped & 3));
        let value = word::decimal(number.to_le_bytes(), length & 3);
        wrong |= length.wrapping_sub(1) > 2;
        wrong |= value > 255;
        wrong |= !leading_zeros && length > 1 && number & 0xff == u32::from(b'0');
        wrong |= octet < 3 && dots << 1 >> separator & 1 == 0;
        address |= (value & 255) << (8 * octet);
        boundary = separator;
    }
    let place = |index: usize| u32::try_from(index - 1).unwrap_or(0);
    let end = if wrong { 0 } else { place(end) };
    Spelled { address, start: place(start), end }
}
