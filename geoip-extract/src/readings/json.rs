//! Strings of JSON: `\n192.0.2.1`, `2001\u003adb8::1`, `\/` (RFC 8259, section 7).
//!
//! `\x3a` is read as well: it is how nginx escapes what it logs. What else follows a
//! backslash is left as it is.

use super::percent;
use super::{Escape, Plain, Reading};
use crate::bytes::byte;

pub(super) struct Json;

/// Stands for any character beyond ASCII: all of them separate, whichever they are.
const BEYOND_ASCII: u8 = 0xff;

impl Reading for Json {
    const LOOKAHEAD: usize = 6;

    #[inline]
    fn is_trigger(byte: u8, _next: u8) -> bool {
        byte == b'\\'
    }

    #[inline]
    fn escape_at(text: &[u8], start: usize) -> Option<Escape> {
        let (plain, length) = match byte(text, start + 1) {
            same @ (b'"' | b'\\' | b'/') => (same, 2),
            b'b' => (0x08, 2),
            b'f' => (0x0c, 2),
            b'n' => (b'\n', 2),
            b'r' => (b'\r', 2),
            b't' => (b'\t', 2),
            b'u' => (code_unit(text, start + 2)?, 6),
            b'x' => (pair(text, start + 2)?, 4),
            _ => return None,
        };
        Some(Escape { start, end: start + length, plain: Plain::Byte(plain) })
    }
}

/// The UTF-16 code unit written at a place, as a byte.
fn code_unit(text: &[u8], start: usize) -> Option<u8> {
    let (high, low) = (pair(text, start)?, pair(text, start + 2)?);
    Some(if high == 0 && low.is_ascii() { low } else { BEYOND_ASCII })
}

fn pair(text: &[u8], start: usize) -> Option<u8> {
    let digits = text.get(start..start + 2)?;
    percent::pair([digits[0], digits[1]])
}
