//! Addresses that were made unclickable: `192[.]0[.]2[.]1`, `2001[:]db8[::]1`.
//!
//! There is no second set of rules. Around a candidate the text is written anew with each
//! disguised dot and colon plain, the ordinary rules are asked about that, and what they find
//! is mapped back to where it stands.

use std::net::IpAddr;

use crate::bytes::{LEFT_CONTEXT, RIGHT_CONTEXT, before, byte};
use crate::rules::Rules;
use crate::{find, quad};

/// Start, end and value of the address at a candidate that may be in disguise.
pub(crate) fn address_at(
    haystack: &[u8],
    candidate: usize,
    rules: Rules,
    read: quad::Read,
) -> Option<(usize, usize, IpAddr)> {
    if matches!(byte(haystack, candidate), b'.' | b':') {
        let (start, end, address) = find::address_at(haystack, candidate, rules, read)?;
        let in_disguise =
            separator(haystack, end).is_some() || separator_ends_at(haystack, start);
        if !in_disguise {
            return Some((start, end, address));
        }
    } else {
        separator(haystack, candidate)?;
    }
    Plain::around(haystack, candidate).address_over(candidate, rules, read)
}

/// A disguised dot or colon.
struct Separator {
    plain: &'static [u8],
    length: usize,
}

const BODIES: [(&[u8], &[u8]); 5] =
    [(b"::", b"::"), (b":", b":"), (b".", b"."), (b"dot", b"."), (b"DOT", b".")];

/// The disguised separator at `start`, which stands where one is needed: behind a digit of an
/// address, or before one if it is `::`.
fn separator(haystack: &[u8], start: usize) -> Option<Separator> {
    if !matches!(byte(haystack, start), b' ' | b'[' | b'(' | b'{' | b'\\') {
        return None;
    }
    let spaced = usize::from(byte(haystack, start) == b' ');
    let opener = start + spaced;
    let digit_before = |index| before(haystack, index).is_ascii_hexdigit();
    let after_digit = digit_before(start)
        || spaced == 0 && before(haystack, start) == b' ' && digit_before(start - 1);
    let (plain, mut end) =
        bracketed(haystack, opener).or_else(|| escaped(haystack, opener))?;
    let space_after =
        byte(haystack, end) == b' ' && (spaced == 1 || before(haystack, start) == b' ');
    let before_digit = byte(haystack, end + usize::from(space_after)).is_ascii_hexdigit();
    end += usize::from(space_after && before_digit);
    let fits = if plain == b"::" {
        after_digit || before_digit
    } else {
        after_digit && before_digit
    };
    fits.then_some(Separator { plain, length: end - start })
}

/// `[.]`, `(.)`, `{.}`, `[dot]`, `[:]`, `[::]` and the like, and the half bracket of `[.`.
fn bracketed(haystack: &[u8], start: usize) -> Option<(&'static [u8], usize)> {
    let closer = match byte(haystack, start) {
        b'[' => b']',
        b'(' => b')',
        b'{' => b'}',
        _ => return None,
    };
    let rest = &haystack[start + 1..];
    let (body, plain) = BODIES.into_iter().find(|(body, _)| rest.starts_with(body))?;
    let end = start + 1 + body.len();
    if byte(haystack, end) == closer {
        Some((plain, end + 1))
    } else {
        (closer == b']' && body == b".").then_some((plain, end))
    }
}

/// `\.`, as in a regular expression.
fn escaped(haystack: &[u8], start: usize) -> Option<(&'static [u8], usize)> {
    (byte(haystack, start) == b'\\' && byte(haystack, start + 1) == b'.')
        .then_some((b".".as_slice(), start + 2))
}

/// Whether a separator in disguise ends where an address in plain text starts.
fn separator_ends_at(haystack: &[u8], end: usize) -> bool {
    matches!(before(haystack, end), b']' | b')' | b'}' | b' ')
        && (3..=7).filter_map(|length| end.checked_sub(length)).any(|start| {
            separator(haystack, start).is_some_and(|found| start + found.length == end)
        })
}

/// Bytes of the text around a candidate.
const EXTENT: usize = LEFT_CONTEXT + RIGHT_CONTEXT;

/// The text around a candidate with its separators plain, and where each byte came from.
struct Plain {
    text: [u8; EXTENT],
    /// Where in the haystack the byte of the same index is, and one place more.
    origin: [usize; EXTENT + 1],
    length: usize,
}

impl Plain {
    fn around(haystack: &[u8], candidate: usize) -> Self {
        let mut plain = Self { text: [0; EXTENT], origin: [0; EXTENT + 1], length: 0 };
        let mut at = candidate.saturating_sub(LEFT_CONTEXT);
        let end = haystack.len().min(candidate + RIGHT_CONTEXT);
        while at < end {
            if let Some(found) = separator(haystack, at) {
                for &byte in found.plain {
                    plain.push(byte, at);
                }
                at += found.length;
            } else {
                plain.push(haystack[at], at);
                at += 1;
            }
        }
        plain.origin[plain.length] = at;
        plain
    }

    fn push(&mut self, byte: u8, origin: usize) {
        self.text[self.length] = byte;
        self.origin[self.length] = origin;
        self.length += 1;
    }

    /// The address that the rules find over a place of the haystack.
    fn address_over(
        &self,
        candidate: usize,
        rules: Rules,
        read: quad::Read,
    ) -> Option<(usize, usize, IpAddr)> {
        let text = &self.text[..self.length];
        let mut last_end = 0;
        for index in 0..text.len() {
            if self.origin[index] > candidate {
                break;
            }
            if index < last_end || !matches!(text[index], b'.' | b':') {
                continue;
            }
            let Some((start, end, address)) = find::address_at(text, index, rules, read)
            else {
                continue;
            };
            last_end = end;
            let (start, end) = (self.origin[start], self.origin[end]);
            if (start..end).contains(&candidate) {
                return Some((start, end, address));
            }
        }
        None
    }
}
