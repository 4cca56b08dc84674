//! Addresses that were made unclickable: `192[.]0[.]2[.]1`, `2001[:]db8[::]1`.

use super::{Escape, Plain, Reading};
use crate::bytes::{before, byte};

pub(super) struct Defanged;

impl Reading for Defanged {
    /// `[dot]`, a space and a digit.
    const LOOKAHEAD: usize = 7;

    #[inline]
    fn is_trigger(byte: u8, next: u8) -> bool {
        let opens = byte == b'[' || byte == b'(' || byte == b'{';
        let holds = next == b'.' || next == b':' || next == b'd' || next == b'D';
        opens && holds || byte == b'\\' && next == b'.'
    }

    /// A disguised dot or colon, which stands where one is needed: between digits of an
    /// address, or beside one if it is `::`.
    #[inline]
    fn escape_at(text: &[u8], trigger: usize) -> Option<Escape> {
        let is_digit = |byte: u8| byte.is_ascii_hexdigit();
        let (plain, end) = separator(text, trigger)?;
        let (before_it, after_it) = (before(text, trigger), byte(text, end));
        let (touches_before, touches_after) = (is_digit(before_it), is_digit(after_it));
        let fits = |start, end| Some(Escape { start, end, plain });
        if let Plain::Pair(_) = plain {
            // Spaces around `[::]` are those around an address.
            return if touches_before || touches_after {
                fits(trigger, end)
            } else {
                None
            };
        }
        let space_after = after_it == b' ' && is_digit(byte(text, end + 1));
        if touches_before && touches_after {
            fits(trigger, end)
        } else if before_it == b' '
            && is_digit(before(text, trigger - 1))
            && (touches_after || space_after)
        {
            fits(trigger - 1, end + usize::from(space_after))
        } else {
            None
        }
    }
}

/// What the separator at a place stands for, and where it ends: `[.]`, `(.)`, `{.}`, `[dot]`,
/// `[:]`, `[::]` and the like, the half bracket of `[.`, and `\.` of regular expressions.
#[inline]
fn separator(text: &[u8], start: usize) -> Option<(Plain, usize)> {
    let closer = match byte(text, start) {
        b'[' => b']',
        b'(' => b')',
        b'{' => b'}',
        _ => return Some((Plain::Byte(b'.'), start + 2)),
    };
    let body = start + 1;
    let is_closed = |length: usize| byte(text, body + length) == closer;
    match byte(text, body) {
        b'.' if is_closed(1) => Some((Plain::Byte(b'.'), body + 2)),
        b'.' if closer == b']' => Some((Plain::Byte(b'.'), body + 1)),
        b':' if is_closed(1) => Some((Plain::Byte(b':'), body + 2)),
        b':' if is_closed(2) && byte(text, body + 1) == b':' => {
            Some((Plain::Pair(*b"::"), body + 3))
        }
        _ => {
            let word = text.get(body..body + 3)?;
            let is_dot = word.eq_ignore_ascii_case(b"dot") && is_closed(3);
            is_dot.then_some((Plain::Byte(b'.'), body + 4))
        }
    }
}
