//! Dotted quads: the strict parse around one dot, and the rules of context.

use std::net::Ipv4Addr;

use crate::bytes::{Ending, before, byte, ends_cleanly, starts_cleanly};
use crate::processor::{Portable, Processor};
use crate::rules::{Rule, Rules};
use crate::{products, quad};

/// A dotted quad at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quad {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) address: Ipv4Addr,
}

/// The address whose last dot is at `dot`, if one is there that the rules take.
#[expect(clippy::inline_always, reason = "so that it is compiled for the processor")]
#[inline(always)]
pub(crate) fn at_dot(
    haystack: &[u8],
    dot: usize,
    rules: Rules,
    processor: impl Processor,
) -> Option<Quad> {
    let quad = parse(haystack, dot, rules, processor)?;
    let (left, right) = (before(haystack, quad.start), byte(haystack, quad.end));
    // Five numbers or more, whatever the rules: told at once where they go on without end.
    if left == b'.' && before(haystack, quad.start - 1).is_ascii_digit() {
        return None;
    }
    if left == b'/' && !rules.has(Rule::Versions) && is_frozen_version(haystack, quad) {
        return None;
    }
    let separate = SEPARATES[usize::from(left)] && SEPARATES[usize::from(right)];
    (separate || is_taken(haystack, quad, rules)).then_some(quad)
}

/// Bytes that may stand beside a quad whatever the rules, and whatever is beyond them.
static SEPARATES: [bool; 256] = {
    let mut separates = [true; 256];
    let mut byte: u8 = 0;
    while byte < 0x80 {
        let has_rules = matches!(byte, b'.' | b':' | b'/' | b'_');
        separates[byte as usize] = !(has_rules || byte.is_ascii_alphanumeric());
        byte += 1;
    }
    separates
};

/// Whether the rules take a quad with what stands beside it.
#[inline(never)]
fn is_taken(haystack: &[u8], quad: Quad, rules: Rules) -> bool {
    let start = quad.start;
    if !starts_cleanly(haystack, start, rules) {
        let letter = before(haystack, start).is_ascii_alphabetic();
        if !(letter && rules.has(Rule::GluedLetters)) {
            return false;
        }
    }
    match ends_cleanly(haystack, quad.end, rules) {
        Ending::Clean => {}
        Ending::Letter if rules.has(Rule::GluedLetters) => {}
        Ending::Letter | Ending::Cut => return false,
    }
    let unwanted = match before(haystack, start) {
        b'/' => {
            !rules.has(Rule::Versions)
                && products::ends_with_product(&haystack[..start - 1])
                || !rules.has(Rule::Masks) && is_mask(haystack, quad)
        }
        b':' => {
            !rules.has(Rule::Labels)
                && before(haystack, start - 1).is_ascii_alphanumeric()
        }
        _ => false,
    };
    !unwanted
}

/// Parses the quad whose last dot is at `dot`, without a look at what surrounds it.
#[expect(clippy::inline_always, reason = "as `at_dot`")]
#[inline(always)]
fn parse(
    haystack: &[u8],
    dot: usize,
    rules: Rules,
    processor: impl Processor,
) -> Option<Quad> {
    let spelled =
        processor.read_quad(&quad::window(haystack, dot), rules.has(Rule::LeadingZeros));
    // What the reader finds starts within the haystack: before it there is no digit.
    let window = dot.wrapping_sub(quad::LAST_DOT);
    let start = window.wrapping_add(spelled.start as usize);
    let end = window.wrapping_add(spelled.end as usize);
    let address = Ipv4Addr::from_bits(spelled.address);
    (spelled.end > 0).then_some(Quad { start, end, address })
}

/// Parses a quad that starts at exactly `start`.
pub(crate) fn starting_at(haystack: &[u8], start: usize, rules: Rules) -> Option<Quad> {
    let dots =
        (start..start + quad::WINDOW).filter(|index| byte(haystack, *index) == b'.');
    let quad = parse(haystack, dots.into_iter().nth(2)?, rules, Portable)?;
    (quad.start == start).then_some(quad)
}

/// Whether a quad after a slash is the version of a product, as in `Chrome/120.0.0.0`.
///
/// A word before the slash is not enough: Java writes `host/10.0.0.1` and firewalls write
/// `outside/8.8.8.8`. So the product must be a known one, or the quad of the shape to
/// which browsers freeze their versions, N.0.0.0, and no network by its prefix length.
#[inline]
fn is_frozen_version(haystack: &[u8], quad: Quad) -> bool {
    quad.address.to_bits().trailing_zeros() >= 24
        && before(haystack, quad.start - 1).is_ascii_alphabetic()
        && !(byte(haystack, quad.end) == b'/'
            && byte(haystack, quad.end + 1).is_ascii_digit())
}

/// Whether a quad after a slash is the mask of the address before it.
fn is_mask(haystack: &[u8], quad: Quad) -> bool {
    before(haystack, quad.start - 1).is_ascii_digit()
        && quad.address.to_bits().leading_ones() == quad.address.to_bits().count_ones()
}
