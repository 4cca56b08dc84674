//! Dotted quads: the strict parse around one dot, and the rules of context.

use std::net::Ipv4Addr;

use crate::bytes::{Ending, before, byte, digits_before, ends_cleanly, starts_cleanly};
use crate::rules::{Rule, Rules};
use crate::{products, quad};

/// A dotted quad at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quad {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) address: Ipv4Addr,
}

/// The address whose first dot is at `dot`, if one is there that the rules take.
#[inline]
pub(crate) fn at_dot(
    haystack: &[u8],
    dot: usize,
    rules: Rules,
    read: quad::Read,
) -> Option<Quad> {
    let length = digits_before(haystack, dot);
    if !(1..=3).contains(&length) {
        return None;
    }
    let start = dot - length;
    if !starts_cleanly(haystack, start, rules) {
        let letter = before(haystack, start).is_ascii_alphabetic();
        if !(letter && rules.has(Rule::GluedLetters)) {
            return None;
        }
    }
    let quad = parse(haystack, start, rules, read)?;
    match ends_cleanly(haystack, quad.end, rules) {
        Ending::Clean => {}
        Ending::Letter if rules.has(Rule::GluedLetters) => {}
        Ending::Letter | Ending::Cut => return None,
    }
    let unwanted = match before(haystack, start) {
        b'/' => {
            !rules.has(Rule::Versions) && is_version(haystack, quad)
                || !rules.has(Rule::Masks) && is_mask(haystack, quad)
        }
        b':' => {
            !rules.has(Rule::Labels)
                && before(haystack, start - 1).is_ascii_alphanumeric()
        }
        _ => false,
    };
    (!unwanted).then_some(quad)
}

/// Parses a quad at exactly `start`, without a look at what surrounds it.
#[inline]
pub(crate) fn parse(
    haystack: &[u8],
    start: usize,
    rules: Rules,
    read: quad::Read,
) -> Option<Quad> {
    let spelled = read(&quad::text_at(haystack, start), rules.has(Rule::LeadingZeros));
    let end = start + spelled.length as usize;
    let address = Ipv4Addr::from_bits(spelled.address);
    (spelled.length > 0).then_some(Quad { start, end, address })
}

/// Whether a quad after a slash is the version of a product, as in `Chrome/120.0.0.0`.
///
/// A word before the slash is not enough: Java writes `host/10.0.0.1` and firewalls write
/// `outside/8.8.8.8`. So the product must be a known one, or the quad of the shape to
/// which browsers freeze their versions, N.0.0.0, and no network by its prefix length.
fn is_version(haystack: &[u8], quad: Quad) -> bool {
    let slash = quad.start - 1;
    let frozen = quad.address.to_bits().trailing_zeros() >= 24
        && before(haystack, slash).is_ascii_alphabetic()
        && !(byte(haystack, quad.end) == b'/'
            && byte(haystack, quad.end + 1).is_ascii_digit());
    frozen || products::ends_with_product(&haystack[..slash])
}

/// Whether a quad after a slash is the mask of the address before it.
fn is_mask(haystack: &[u8], quad: Quad) -> bool {
    before(haystack, quad.start - 1).is_ascii_digit()
        && quad.address.to_bits().leading_ones() == quad.address.to_bits().count_ones()
}
