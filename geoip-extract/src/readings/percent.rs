//! Percent-encoded text, as in URLs: `2001%3Adb8%3A%3A1` (RFC 3986, section 2.1).

use super::{Escape, Plain, Reading};

pub(super) struct Percent;

impl Reading for Percent {
    const LOOKAHEAD: usize = 3;

    #[inline]
    fn is_trigger(byte: u8, _next: u8) -> bool {
        byte == b'%'
    }

    #[inline]
    fn escape_at(text: &[u8], start: usize) -> Option<Escape> {
        let digits = text.get(start + 1..start + 3)?;
        let plain = Plain::Byte(pair([digits[0], digits[1]])?);
        Some(Escape { start, end: start + 3, plain })
    }
}

/// The value of two hexadecimal digits.
#[inline]
pub(super) fn pair(digits: [u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(|digit| VALUES[usize::from(digit)]);
    (high | low != NONE).then_some(high << 4 | low & 0xf)
}

/// The values of hexadecimal digits.
static VALUES: [u8; 256] = values();
/// Stands for no value: all bits, so that a value with it is it.
const NONE: u8 = 0xff;

const fn values() -> [u8; 256] {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < 16 {
        let digit = b"0123456789abcdef"[value as usize];
        values[digit as usize] = value;
        values[digit.to_ascii_uppercase() as usize] = value;
        value += 1;
    }
    values
}
