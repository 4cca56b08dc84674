//! Percent-encoded text, as in URLs: `2001%3Adb8%3A%3A1` (RFC 3986, section 2.1).

use super::{Escape, Plain, Reading};
use crate::bytes::byte;

pub(super) struct Percent;

impl Reading for Percent {
    const LOOKAHEAD: usize = 3;

    fn is_trigger(byte: u8, _next: u8) -> bool {
        byte == b'%'
    }

    fn escape_at(text: &[u8], start: usize) -> Option<Escape> {
        let value = hexadecimal(byte(text, start + 1))? << 4
            | hexadecimal(byte(text, start + 2))?;
        Some(Escape { start, end: start + 3, plain: Plain::Byte(value) })
    }
}

/// The value of a hexadecimal digit.
pub(super) fn hexadecimal(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}
