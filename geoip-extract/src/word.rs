//! Eight bytes at a time in a 64-bit word, for any processor.
//!
//! Each function marks bytes by their top bit. No branch depends on the bytes: the lengths of
//! the numbers in addresses are what no processor can predict.

/// The top bit of every byte.
pub(crate) const TOPS: u64 = repeat(0x80);
const LOW_SEVEN: u64 = repeat(0x7f);

const fn repeat(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// Marks each byte that is `wanted`.
#[inline]
pub(crate) fn equal(word: u64, wanted: u8) -> u64 {
    at_most(word ^ repeat(wanted), 0)
}

/// Marks each ASCII digit.
#[inline]
pub(crate) fn digits(word: u64) -> u64 {
    // A digit, and only a digit, becomes 0 to 9.
    at_most(word ^ repeat(b'0'), 9)
}

/// Marks each ASCII digit and each of the letters a to f, either case.
#[inline]
pub(crate) fn hex_digits(word: u64) -> u64 {
    // With 0x20 set both cases are one; 0x60 removed, and only then, a to f become 1 to 6.
    let letters = (word | repeat(0x20)) ^ repeat(0x60);
    digits(word) | at_most(letters, 6) & !at_most(letters, 0)
}

/// Marks each byte that is at most `most`, which is less than 0x80.
#[inline]
fn at_most(word: u64, most: u8) -> u64 {
    // Lifted so that what is above `most` gets a top bit. Top bits that are there already
    // are put back afterwards, so that no sum carries into the next byte.
    let lifted = (word & LOW_SEVEN) + repeat(0x7f - most);
    !(lifted | word) & TOPS
}

/// Gathers the marks of eight bytes, the lowest byte's first.
#[inline]
pub(crate) fn bits(marks: u64) -> u64 {
    (marks >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// The number that the first `length` bytes write in decimal, at most three digits.
#[inline]
pub(crate) fn decimal(text: [u8; 4], length: usize) -> u32 {
    // The digits are moved to the end of four bytes, zeros before them.
    let digits = u64::from(u32::from_le_bytes(text) ^ 0x3030_3030) << (8 * (4 - length));
    let digits = low(digits);
    let [_, hundreds, tens, ones] = digits.to_le_bytes().map(u32::from);
    hundreds * 100 + tens * 10 + ones
}

/// The number that the first `length` bytes write in hexadecimal, at most four digits.
#[inline]
pub(crate) fn hexadecimal(word: u64, length: usize) -> u16 {
    let digits = low(word) << (8 * (4 - length));
    // The low four bits of a letter, either case, count from 1; it has the bit 0x40.
    let nibbles = (digits & 0x0f0f_0f0f) + ((digits >> 6) & 0x0101_0101) * 9;
    let [a, b, c, d] = nibbles.to_le_bytes();
    u16::from_be_bytes([a << 4 | b, c << 4 | d])
}

#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
#[inline]
fn low(word: u64) -> u32 {
    word as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks a marking function for every byte beside bytes that could carry into it.
    fn marks(marked: fn(u64) -> u64, class: fn(u8) -> bool) {
        for byte in 0..=u8::MAX {
            for neighbour in [0, b'0', b'9', b'f', 0x7f, 0x80, 0xff] {
                for place in 0..8 {
                    let mut bytes = [neighbour; 8];
                    bytes[place] = byte;
                    let expected = bytes.map(|byte| if class(byte) { 0x80 } else { 0 });
                    let word = u64::from_le_bytes(bytes);
                    assert_eq!(marked(word).to_le_bytes(), expected, "{bytes:?}");
                }
            }
        }
    }

    #[test]
    fn marks_are_exact() {
        marks(digits, |byte| byte.is_ascii_digit());
        marks(hex_digits, |byte| byte.is_ascii_hexdigit());
        marks(|word| equal(word, b'.'), |byte| byte == b'.');
        marks(|word| equal(word, 0xff), |byte| byte == 0xff);
    }

    #[test]
    fn numbers_have_their_values() {
        let word = |text: &str| {
            let mut bytes = [b'.'; 8];
            bytes[..text.len()].copy_from_slice(text.as_bytes());
            u64::from_le_bytes(bytes)
        };
        for number in 0..1000 {
            for text in [number.to_string(), format!("{number:03}")] {
                let [a, b, c, d, ..] = word(&text).to_le_bytes();
                assert_eq!(decimal([a, b, c, d], text.len()), number, "{text}");
            }
        }
        for number in 0..=u16::MAX {
            for text in [format!("{number:x}"), format!("{number:04X}")] {
                assert_eq!(hexadecimal(word(&text), text.len()), number, "{text}");
            }
        }
    }
}
