//! Colon-separated groups: the strict parse around one colon, and the rules of context.

use std::net::Ipv6Addr;

use crate::bytes::{
    Ending, before, byte, decimal, digits_at, ends_cleanly, hex_digits_at,
    hex_digits_before, port, starts_cleanly, word_at,
};
use crate::processor::Processor;
use crate::rules::{Rule, Rules};
use crate::token::{Around, Token};
use crate::{v4, word};

/// An IPv6 address at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Groups {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) address: Ipv6Addr,
}

/// The address that the colon at `colon` belongs to, if the rules take one there.
///
/// `colon` is the second of a `::`, or the first colon of an address written in full.
pub(crate) fn at_colon(
    haystack: &[u8],
    colon: usize,
    rules: Rules,
    processor: impl Processor,
) -> Option<Groups> {
    match Around::colon(haystack, colon, processor) {
        Around::Token(token) => is_believable(&token, rules).then(|| Groups {
            start: token.start,
            end: token.start + token.length,
            address: token.address(haystack),
        }),
        Around::Nothing => None,
        Around::Unclear => at_unclear_colon(haystack, colon, rules),
    }
}

fn at_unclear_colon(haystack: &[u8], colon: usize, rules: Rules) -> Option<Groups> {
    let start = if before(haystack, colon) == b':' {
        let double = colon - 1;
        if byte(haystack, colon + 1) == b':' {
            return netstat(haystack, double, rules);
        }
        start_before_double_colon(haystack, double, rules)?
    } else {
        start_before_colon(haystack, colon, rules)?
    };
    let written = Written::parse(haystack, start, rules)?;
    let wanted = written.ends(haystack, rules)
        && if written.is_unspecified() {
            rules.has(Rule::Unspecified) || names_unspecified(haystack, start)
        } else {
            written.is_believable(haystack, rules)
        };
    if !wanted {
        return None;
    }
    Some(Groups { start, end: written.end, address: written.address()? })
}

/// Whether a token is an address rather than code or a hardware address, as
/// [`Written::is_believable`] has it.
fn is_believable(token: &Token, rules: Rules) -> bool {
    if token.has_double_colon() {
        token.count >= 6
            || token.has_long_group() && token.has_decimal
            || rules.has(Rule::Scopes)
    } else {
        !token.is_pairs() || rules.has(Rule::EuiAddresses)
    }
}

/// Where the group that ends at `end` starts, or why there is none.
enum Field {
    Group(usize),
    /// Nothing: `end` follows a colon or another boundary.
    Empty,
    /// Letters and digits that are no group: a label, or an error.
    Word,
}

fn field_before(haystack: &[u8], end: usize) -> Field {
    let length = hex_digits_before(haystack, end);
    let start = end - length;
    if length > 4 || before(haystack, start).is_ascii_alphanumeric() {
        Field::Word
    } else if length == 0 {
        Field::Empty
    } else {
        Field::Group(start)
    }
}

/// Whether an address may start at `start` although a colon stands before it.
///
/// It may after the colon of a label (`src:2001:db8::1`) or a lone one, and not where the
/// colon joins it to one more group or is itself the end of `::`.
fn starts_after_label(haystack: &[u8], start: usize, rules: Rules) -> bool {
    let colon = start - 1;
    match field_before(haystack, colon) {
        Field::Group(_) => false,
        Field::Word => {
            rules.has(Rule::Labels)
                && is_label((0..).map(|i| before(haystack, colon - i)))
        }
        Field::Empty => before(haystack, colon) != b':',
    }
}

/// Whether a word beside a colon is a label or number, and not a group with letters stuck
/// to it; the word is given from the colon outwards.
///
/// `ip6:2001:db8::1` has a label. In `m2001:db8::1` (a terminal's colour code has lost its
/// escape) one cannot know, and half an address would be worse than none.
fn is_label(outwards: impl Iterator<Item = u8>) -> bool {
    let (mut length, mut hex_length) = (0, 0);
    let (mut decimal, mut hex_has_digit) = (true, false);
    for byte in outwards.take(LONGEST_NUMBER + 1).take_while(|byte| is_word_byte(*byte)) {
        if hex_length == length && byte.is_ascii_hexdigit() {
            hex_length += 1;
            hex_has_digit |= byte.is_ascii_digit();
        }
        length += 1;
        decimal &= byte.is_ascii_digit();
    }
    decimal && length <= LONGEST_NUMBER || hex_length < 3 || !hex_has_digit
}

/// Digits of the longest number that is taken for a line number, a port or a time.
const LONGEST_NUMBER: usize = 10;

fn may_start(haystack: &[u8], start: usize, rules: Rules) -> bool {
    if before(haystack, start) == b':' {
        starts_after_label(haystack, start, rules)
    } else {
        starts_cleanly(haystack, start, rules)
    }
}

/// The start of an address in full whose first colon is at `colon`.
fn start_before_colon(haystack: &[u8], colon: usize, rules: Rules) -> Option<usize> {
    match field_before(haystack, colon) {
        Field::Group(start) if may_start(haystack, start, rules) => Some(start),
        _ => None,
    }
}

/// The start of the address whose `::` is at `double`: up to seven groups to the left.
fn start_before_double_colon(
    haystack: &[u8],
    double: usize,
    rules: Rules,
) -> Option<usize> {
    let mut start = match field_before(haystack, double) {
        Field::Group(start) => start,
        // A third colon, or a word: `Foo::1`.
        Field::Empty if before(haystack, double) == b':' => return None,
        Field::Empty => return starts_cleanly(haystack, double, rules).then_some(double),
        Field::Word => return None,
    };
    for _ in 1..8 {
        if before(haystack, start) != b':' {
            return starts_cleanly(haystack, start, rules).then_some(start);
        }
        match field_before(haystack, start - 1) {
            Field::Group(earlier) => start = earlier,
            _ => return starts_after_label(haystack, start, rules).then_some(start),
        }
    }
    // Eight groups and a `::` are more than an address holds.
    None
}

/// Groups as they were written, before anybody asks whether they are an address.
#[derive(Debug, Default)]
struct Written {
    groups: [u16; 8],
    /// How many of `groups` are filled; a dotted tail fills two.
    count: usize,
    /// How many stood before the `::`.
    double_colon: Option<usize>,
    /// Length of the longest group in digits.
    longest: usize,
    /// Whether every group has exactly two digits, as those of a hardware address have.
    all_pairs: bool,
    has_quad: bool,
    start: usize,
    end: usize,
}

impl Written {
    /// Reads groups from `start` for as long as they go on.
    fn parse(haystack: &[u8], start: usize, rules: Rules) -> Option<Self> {
        let mut written = Self { all_pairs: true, start, end: start, ..Self::default() };
        let mut at = start;
        if byte(haystack, at) == b':' {
            at += 2;
            written.double_colon = Some(0);
            written.end = at;
        }
        while written.count < 8 {
            let length = hex_digits_at(haystack, at);
            if length == 0 || length > 4 || is_word_byte(byte(haystack, at + length)) {
                break;
            }
            let leads_to_digit = byte(haystack, at + length) == b'.'
                && byte(haystack, at + length + 1).is_ascii_digit();
            if leads_to_digit
                && written.count <= 6
                && let Some(quad) = v4::starting_at(haystack, at, rules)
            {
                written.push_quad(quad);
                break;
            }
            written.push_group(word::hexadecimal(word_at(haystack, at), length), length);
            at += length;
            written.end = at;
            if byte(haystack, at) != b':' {
                break;
            }
            at += 1;
            if byte(haystack, at) == b':' {
                if written.double_colon.is_some() {
                    return None;
                }
                at += 1;
                written.double_colon = Some(written.count);
                written.end = at;
            }
        }
        Some(written)
    }

    fn push_group(&mut self, value: u16, length: usize) {
        self.longest = self.longest.max(length);
        self.all_pairs &= length == 2;
        self.groups[self.count] = value;
        self.count += 1;
    }

    fn push_quad(&mut self, quad: v4::Quad) {
        let [a, b, c, d] = quad.address.octets();
        self.groups[self.count] = u16::from_be_bytes([a, b]);
        self.groups[self.count + 1] = u16::from_be_bytes([c, d]);
        self.count += 2;
        self.has_quad = true;
        self.end = quad.end;
    }

    fn is_unspecified(&self) -> bool {
        self.count == 0
    }

    /// Whether what follows lets the address end where it does.
    fn ends(&self, haystack: &[u8], rules: Rules) -> bool {
        if ends_cleanly(haystack, self.end, rules) != Ending::Clean {
            return false;
        }
        if byte(haystack, self.end) != b':' || self.has_quad {
            return true;
        }
        // A colon may follow as punctuation, before a port that is no group because of
        // its five digits, or before a label; not before another group or colon.
        let ends_in_double = self.double_colon == Some(self.count);
        let next = self.end + 1;
        let length = hex_digits_at(haystack, next);
        let group =
            (1..=4).contains(&length) && !is_word_byte(byte(haystack, next + length));
        let label = is_label((0..).map(|i| byte(haystack, next + i)));
        !ends_in_double && !group && label && byte(haystack, next) != b':'
    }

    /// Whether these groups are an address rather than code, a slice or a hardware address.
    fn is_believable(&self, haystack: &[u8], rules: Rules) -> bool {
        if self.double_colon.is_none() {
            // Eight pairs are an EUI-64, six before a quad a MAC and its address.
            return !self.all_pairs || rules.has(Rule::EuiAddresses);
        }
        if self.has_quad {
            return true;
        }
        if !rules.has(Rule::Slices) && self.is_slice(haystack) {
            return false;
        }
        let text = &haystack[self.start..self.end];
        let single_starts_with_digit = || {
            let first = text.iter().find(|byte| **byte != b':');
            self.count == 1 && first.is_some_and(u8::is_ascii_digit)
        };
        rules.has(Rule::Scopes)
            || self.count >= 6
            || self.longest >= 3 && text.iter().any(u8::is_ascii_digit)
            || single_starts_with_digit()
    }

    /// `items[::2]` and `items[100::]`, but not `localhost[::1]` as mail servers write it.
    fn is_slice(&self, haystack: &[u8]) -> bool {
        let is_loopback = self.double_colon == Some(0) && self.groups[0] == 1;
        let text = &haystack[self.start..self.end];
        self.count == 1
            && !is_loopback
            && byte(haystack, self.end) == b']'
            && before(haystack, self.start) == b'['
            && is_indexable(before(haystack, self.start - 1))
            && text.iter().all(|byte| byte.is_ascii_digit() || *byte == b':')
    }

    fn address(&self) -> Option<Ipv6Addr> {
        let mut groups = [0; 8];
        match self.double_colon {
            None if self.count == 8 => groups = self.groups,
            Some(head) if self.count <= 7 => {
                let tail = self.count - head;
                groups[..head].copy_from_slice(&self.groups[..head]);
                groups[8 - tail..].copy_from_slice(&self.groups[head..self.count]);
            }
            _ => return None,
        }
        Some(Ipv6Addr::from(groups))
    }
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// Whether a bracket after this byte takes an element out of something.
fn is_indexable(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b')' | b']')
}

/// Whether a lone `::` at `start` is an address by what stands around it: `[::]`, `::/0`.
fn names_unspecified(haystack: &[u8], start: usize) -> bool {
    let end = start + 2;
    match byte(haystack, end) {
        b']' => {
            before(haystack, start) == b'[' && !is_indexable(before(haystack, start - 1))
        }
        b'/' => {
            let length = digits_at(haystack, end + 1);
            let after = end + 1 + length;
            (1..=3).contains(&length)
                && !is_word_byte(byte(haystack, after))
                && decimal(&haystack[end + 1..after]).is_some_and(|bits| bits <= 128)
        }
        _ => false,
    }
}

/// `:::80` and `:::*`, as netstat writes a listening socket: `::`, a colon and a port.
fn netstat(haystack: &[u8], start: usize, rules: Rules) -> Option<Groups> {
    let starts = starts_cleanly(haystack, start, rules);
    let after = start + 3;
    let has_port = byte(haystack, after) == b'*' || port(haystack, after).is_some();
    (rules.has(Rule::NetstatPorts) && starts && has_port).then_some(Groups {
        start,
        end: start + 2,
        address: Ipv6Addr::UNSPECIFIED,
    })
}
