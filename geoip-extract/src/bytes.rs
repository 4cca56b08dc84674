//! Bytes and their classes, with the world outside the haystack read as NUL.

use crate::rules::{Rule, Rules};

/// How far left of a candidate any rule looks: a label, eight groups and their separators,
/// which take up to five bytes each when they are defanged.
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

/// Length of the run of decimal digits at `index`, at most `limit`.
#[inline]
pub(crate) fn digits(haystack: &[u8], index: usize, limit: usize) -> usize {
    (0..limit).take_while(|&i| byte(haystack, index + i).is_ascii_digit()).count()
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
/// It is whole when neither another digit, nor a letter, nor a dot or colon that leads on
/// to more of either follows.
pub(crate) fn port(haystack: &[u8], index: usize) -> Option<u16> {
    let length = digits(haystack, index, 6);
    let end = index + length;
    let next = byte(haystack, end);
    let leads_on =
        matches!(next, b'.' | b':') && byte(haystack, end + 1).is_ascii_alphanumeric();
    if length == 0 || next.is_ascii_alphanumeric() || leads_on {
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
