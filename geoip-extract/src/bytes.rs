//! Bytes and their classes, with the world outside the haystack read as NUL.

use crate::rules::{Rule, Rules};
use crate::word;

/// How far left of a candidate any rule looks, and more: a label, eight groups and their
/// separators.
pub(crate) const LEFT_CONTEXT: usize = 128;
/// How far right of a candidate any rule looks: the same, and a zone and port.
pub(crate) const RIGHT_CONTEXT: usize = 192;

/// The byte at `index`, or NUL outside; NUL is a boundary to every rule.
#[inline]
pub(crate) fn byte(haystack: &[u8], index: usize) -> u8 {
    haystack.get(index).copied().unwrap_or(0)
}

/// The byte before `index`, or NUL at the start.
#[inline]
pub(crate) fn before(haystack: &[u8], index: usize) -> u8 {
    byte(haystack, index.wrapping_sub(1))
}

/// Length of the run of decimal digits at `index`, as far as eight bytes show it.
#[inline]
pub(crate) fn digits_at(haystack: &[u8], index: usize) -> usize {
    first_other(word::digits(word_at(haystack, index)))
}

/// Length of the run of hexadecimal digits at `index`, as far as eight bytes show it.
#[inline]
pub(crate) fn hex_digits_at(haystack: &[u8], index: usize) -> usize {
    first_other(word::hex_digits(word_at(haystack, index)))
}

/// Length of the run of hexadecimal digits that ends at `end`, as far as eight
/// bytes show it.
#[inline]
pub(crate) fn hex_digits_before(haystack: &[u8], end: usize) -> usize {
    last_other(word::hex_digits(word_before(haystack, end)))
}

/// The eight bytes from `index` on, the first lowest, NUL after the end of the haystack.
#[inline]
pub(crate) fn word_at(haystack: &[u8], index: usize) -> u64 {
    u64::from_le_bytes(block_at(haystack, index))
}

/// The eight bytes up to `end`, the last highest, NUL before the start of the haystack.
#[inline]
fn word_before(haystack: &[u8], end: usize) -> u64 {
    u64::from_le_bytes(block_before(haystack, end))
}

/// The bytes from `start` on, NUL after the end of the haystack.
#[inline]
pub(crate) fn block_at<const N: usize>(haystack: &[u8], start: usize) -> [u8; N] {
    let rest = haystack.get(start..).unwrap_or_default();
    rest.first_chunk().copied().unwrap_or_else(|| {
        let mut block = [0; N];
        block[..rest.len()].copy_from_slice(rest);
        block
    })
}

/// The bytes up to `end`, NUL before the start of the haystack.
#[inline]
pub(crate) fn block_before<const N: usize>(haystack: &[u8], end: usize) -> [u8; N] {
    let head = haystack.get(..end).unwrap_or_default();
    head.last_chunk().copied().unwrap_or_else(|| {
        let mut block = [0; N];
        block[N - head.len()..].copy_from_slice(head);
        block
    })
}

/// How many bytes are marked before the first that is not.
fn first_other(marks: u64) -> usize {
    (!marks & word::TOPS).trailing_zeros() as usize / 8
}

/// How many bytes are marked after the last that is not.
fn last_other(marks: u64) -> usize {
    (!marks & word::TOPS).leading_zeros() as usize / 8
}

/// Whether an address may start at `start`, as far as the byte before it can say.
///
/// A letter or digit there would make the address the tail of a longer word, and a single
/// dot the tail of an object identifier (`.1.3.6.1`); an ellipsis is punctuation. A colon
/// is left to the caller: it means one thing before a quad and another before a group.
#[inline]
pub(crate) fn starts_cleanly(haystack: &[u8], start: usize, rules: Rules) -> bool {
    match before(haystack, start) {
        b'.' => match before(haystack, start - 1) {
            b'.' => true,
            other => rules.has(Rule::LeadingDots) && !other.is_ascii_digit(),
        },
        b'_' => rules.has(Rule::Underscores),
        other => !other.is_ascii_alphanumeric(),
    }
}

/// What the bytes after an address say about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It ends there.
    Clean,
    /// It goes on, so this is no address: `1.2.3.4a`, `1.2.3.4.5`.
    Cut,
    /// It goes on with a letter only: `1.2.3.4and`.
    Letter,
}

/// Whether an address may end at `end`; colons are again the caller's business.
#[inline]
pub(crate) fn ends_cleanly(haystack: &[u8], end: usize, rules: Rules) -> Ending {
    match byte(haystack, end) {
        b'.' if byte(haystack, end + 1).is_ascii_digit() => {
            if rules.has(Rule::TcpdumpPorts) && port(haystack, end + 1).is_some() {
                Ending::Clean
            } else {
                Ending::Cut
            }
        }
        b'_' if !rules.has(Rule::Underscores) => Ending::Letter,
        b'0'..=b'9' => Ending::Cut,
        other if other.is_ascii_alphabetic() => Ending::Letter,
        _ => Ending::Clean,
    }
}

/// The port number written at `index`, if a whole one is written there.
///
/// It is whole when it has five digits at most and neither a letter, nor a dot or colon that leads on
/// to more of either follows.
pub(crate) fn port(haystack: &[u8], index: usize) -> Option<u16> {
    let length = digits_at(haystack, index);
    let end = index + length;
    let next = byte(haystack, end);
    let leads_on =
        matches!(next, b'.' | b':') && byte(haystack, end + 1).is_ascii_alphanumeric();
    if !(1..=5).contains(&length) || next.is_ascii_alphanumeric() || leads_on {
        return None;
    }
    decimal(&haystack[index..end]).and_then(|value| u16::try_from(value).ok())
}

/// The value of at most nine decimal digits.
pub(crate) fn decimal(text: &[u8]) -> Option<u32> {
    if text.len() > 9 {
        return None;
    }
    text.iter().try_fold(0, |value, digit| {
        digit.is_ascii_digit().then(|| value * 10 + u32::from(digit - b'0'))
    })
}
