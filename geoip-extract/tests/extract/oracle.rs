//! What the extractor should find with its default rules, said slowly.
//!
//! Every piece of the text that the standard library parses as an address is considered, the
//! leftmost first and of those the longest; the rules are predicates over a piece and the
//! text around it. No scan, no masks, no parser of our own.

use std::net::{IpAddr, Ipv6Addr};
use std::ops::Range;

/// The names of products, which are data and not logic.
const PRODUCTS: &[&str] = &include!("../../src/products.in");

/// The places and addresses of a text.
pub(crate) fn addresses(text: &[u8]) -> Vec<(Range<usize>, IpAddr)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        // The longest spelling of an address has 45 bytes.
        let longest = (at + 2..=text.len().min(at + 45))
            .rev()
            .find_map(|end| Some((at..end, address(text, at..end)?)));
        if let Some((span, address)) = longest {
            at = span.end;
            found.push((span, address));
        } else {
            at += 1;
        }
    }
    found
}

fn address(text: &[u8], span: Range<usize>) -> Option<IpAddr> {
    let piece = std::str::from_utf8(&text[span.clone()]).ok()?;
    let around = Around { before: &text[..span.start], piece, after: &text[span.end..] };
    match piece.parse().ok()? {
        IpAddr::V4(address) => around.takes_quad().then_some(IpAddr::V4(address)),
        IpAddr::V6(address) => {
            around.takes_groups(address).then(|| address.to_canonical())
        }
    }
}

struct Around<'t> {
    before: &'t [u8],
    piece: &'t str,
    after: &'t [u8],
}

impl Around<'_> {
    fn takes_quad(&self) -> bool {
        self.is_whole() && !self.is_version()
    }

    fn takes_groups(&self, address: Ipv6Addr) -> bool {
        if address.is_unspecified() && self.piece == "::" {
            return self.is_unspecified();
        }
        self.is_whole()
            && self.is_all_groups()
            && if self.piece.contains("::") {
                self.is_no_code()
            } else {
                self.groups().any(|group| group.len() != 2 && !group.contains('.'))
            }
    }

    /// Neither letters, digits nor dots make it a part of something longer.
    fn is_whole(&self) -> bool {
        let starts = match self.before {
            [.., b'.', b'.'] | [] => true,
            [.., b'.'] => false,
            [.., last] => !last.is_ascii_alphanumeric(),
        };
        let ends = match self.after {
            [b'.', next, ..] => !next.is_ascii_digit(),
            [next, ..] => !next.is_ascii_alphanumeric(),
            [] => true,
        };
        starts && ends
    }

    /// No group or `::` before or after belongs to it as well.
    fn is_all_groups(&self) -> bool {
        let starts = match self.before.strip_suffix(b":") {
            None => true,
            Some(rest) => {
                let from = rest.iter().rposition(|byte| !byte.is_ascii_alphanumeric());
                let word = &rest[from.map_or(0, |from| from + 1)..];
                let reversed: Vec<_> = word.iter().rev().copied().collect();
                !self.piece.starts_with(':')
                    && !rest.ends_with(b":")
                    && is_label(word, &reversed)
            }
        };
        let ends = match self.after.strip_prefix(b":") {
            None => true,
            Some(_) if self.piece.contains('.') => true,
            Some(rest) => {
                let to = rest.iter().position(|byte| !byte.is_ascii_alphanumeric());
                let word = &rest[..to.unwrap_or(rest.len())];
                !self.piece.ends_with(':')
                    && !rest.starts_with(b":")
                    && is_label(word, word)
            }
        };
        starts && ends
    }

    fn is_version(&self) -> bool {
        let Some(name) = self.before.strip_suffix(b"/") else { return false };
        let is_frozen = self.piece.ends_with(".0.0.0");
        let is_network =
            matches!(self.after, [b'/', digit, ..] if digit.is_ascii_digit());
        let after_letter = name.last().is_some_and(u8::is_ascii_alphabetic);
        let from = name.iter().rposition(|byte| {
            !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'.')
        });
        let word = &name[from.map_or(0, |from| from + 1)..];
        is_frozen && after_letter && !is_network
            || PRODUCTS.iter().any(|name| name.as_bytes() == word)
    }

    fn groups(&self) -> impl Iterator<Item = &str> {
        self.piece.split(':').filter(|group| !group.is_empty())
    }

    /// Whether `::` stands in an address rather than in code.
    fn is_no_code(&self) -> bool {
        if self.piece.contains('.') {
            return true;
        }
        let count = self.groups().count();
        let only_digits =
            self.piece.bytes().all(|byte| byte == b':' || byte.is_ascii_digit());
        let is_loopback = self
            .piece
            .strip_prefix("::")
            .is_some_and(|group| group.trim_start_matches('0') == "1");
        let is_element = match self.before {
            [.., last, b'['] => last.is_ascii_alphanumeric() || b"_)]".contains(last),
            _ => false,
        };
        let is_slice =
            count == 1 && only_digits && is_element && self.after.starts_with(b"]");
        let has_digit = self.piece.contains(|c: char| c.is_ascii_digit());
        let is_long = self.groups().any(|group| group.len() >= 3);
        let starts_with_digit = self
            .groups()
            .next()
            .is_some_and(|group| group.as_bytes()[0].is_ascii_digit());
        (!is_slice || is_loopback)
            && (count >= 6 || has_digit && is_long || count == 1 && starts_with_digit)
    }

    /// Whether a lone `::` is an address.
    fn is_unspecified(&self) -> bool {
        let whole_before = match self.before {
            [.., b'.', b'.'] | [] => true,
            [.., last] => !last.is_ascii_alphanumeric() && !b".:".contains(last),
        };
        let after = String::from_utf8_lossy(self.after);
        let number = |text: &str| {
            let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
            let rest = text[digits.len()..].to_owned();
            Some((digits.parse::<u64>().ok()?, rest))
        };
        let bracketed = match self.before {
            [.., last, b'['] => !last.is_ascii_alphanumeric() && !b"_)]".contains(last),
            [b'['] => true,
            _ => false,
        };
        let is_network =
            after.strip_prefix('/').and_then(number).is_some_and(|(bits, rest)| {
                let length = after.len() - 1 - rest.len();
                bits <= 128
                    && length <= 3
                    && !rest.starts_with(|c: char| c.is_ascii_alphanumeric())
            });
        let is_socket = after.strip_prefix(':').is_some_and(|port| {
            port.starts_with('*')
                || number(port).is_some_and(|(value, rest)| {
                    let length = port.len() - rest.len();
                    let leads_on = rest.starts_with(['.', ':'])
                        && rest[1..].starts_with(|c: char| c.is_ascii_alphanumeric());
                    value <= 65535
                        && length <= 5
                        && !leads_on
                        && !rest.starts_with(|c: char| c.is_ascii_alphanumeric())
                })
        });
        whole_before && (bracketed && after.starts_with(']') || is_network || is_socket)
    }
}

/// Whether a word beside a colon is a label or number and not a group: `outwards` is the word
/// as read away from the colon, of which eleven bytes are looked at.
fn is_label(word: &[u8], outwards: &[u8]) -> bool {
    let outwards = &outwards[..outwards.len().min(11)];
    let is_group = matches!(word.len(), 1..=4) && word.iter().all(u8::is_ascii_hexdigit);
    let is_number = word.len() <= 10 && word.iter().all(u8::is_ascii_digit);
    let hex = outwards.iter().take_while(|byte| byte.is_ascii_hexdigit());
    let near = hex.clone().count() >= 3 && hex.clone().any(u8::is_ascii_digit);
    !is_group && (is_number || !near)
}
