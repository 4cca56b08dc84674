//! Terminal escapes: colours, links and the like (ECMA-48).
//!
//! A sequence that colours stands for nothing, so that a colour within an address does not
//! break it. One that moves the cursor separates.

use super::{Escape, Plain, Reading};
use crate::bytes::byte;

pub(super) struct Ansi;

const ESCAPE: u8 = 0x1b;
const BELL: u8 = 0x07;

/// Parameters and intermediate bytes of the longest control sequence.
const LONGEST_SEQUENCE: usize = 64;
/// Bytes of the longest string: the title of a window, the target of a link.
const LONGEST_STRING: usize = 1024;

impl Reading for Ansi {
    const LOOKAHEAD: usize = LONGEST_STRING + 4;

    #[inline]
    fn is_trigger(byte: u8, _next: u8) -> bool {
        byte == ESCAPE
    }

    #[inline]
    fn escape_at(text: &[u8], start: usize) -> Option<Escape> {
        let (end, plain) = match byte(text, start + 1) {
            b'[' => {
                let end = control_sequence(text, start + 2)?;
                (
                    end,
                    if moves_cursor(text[end - 1]) {
                        Plain::Byte(b' ')
                    } else {
                        Plain::Nothing
                    },
                )
            }
            // Device control, operating system, privacy, application; and their end.
            b'P' | b'X' | b']' | b'^' | b'_' => {
                (string(text, start + 2)?, Plain::Nothing)
            }
            b'0'..=b'~' => (start + 2, Plain::Nothing),
            b' '..=b'/' => (intermediates(text, start + 2)?, Plain::Nothing),
            _ => return None,
        };
        Some(Escape { start, end, plain })
    }
}

/// The end of a control sequence whose parameters start at a place.
fn control_sequence(text: &[u8], start: usize) -> Option<usize> {
    let body = text[start..].iter().take(LONGEST_SEQUENCE);
    let end = start + body.take_while(|byte| matches!(byte, b' '..=b'?')).count();
    matches!(byte(text, end), b'@'..=b'~').then_some(end + 1)
}

/// The end of a short sequence, such as `ESC ( B`, which picks a set of characters.
fn intermediates(text: &[u8], start: usize) -> Option<usize> {
    let body = text[start..].iter().take(LONGEST_SEQUENCE);
    let end = start + body.take_while(|byte| matches!(byte, b' '..=b'/')).count();
    matches!(byte(text, end), b'0'..=b'~').then_some(end + 1)
}

/// The end of a string: behind a bell, or `ESC \`.
fn string(text: &[u8], start: usize) -> Option<usize> {
    let body = text[start..].iter().take(LONGEST_STRING);
    let end =
        start + body.take_while(|byte| !matches!(**byte, ESCAPE | BELL | b'\n')).count();
    match (byte(text, end), byte(text, end + 1)) {
        (BELL, _) => Some(end + 1),
        (ESCAPE, b'\\') => Some(end + 2),
        _ => None,
    }
}

/// Whether a control sequence with this final byte puts the cursor elsewhere.
fn moves_cursor(last: u8) -> bool {
    matches!(last, b'A'..=b'I' | b'Z' | b'`' | b'a' | b'd' | b'e' | b'f' | b'u')
}
