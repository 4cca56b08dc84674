//! Hexadecimal digits and colons without a break: what an IPv6 address is written as.
//!
//! Whether such a token is an address, and how its groups are long, is in three masks of its
//! bytes. So the common case, an address that stands alone, is decided without a look at its
//! bytes one by one; whatever else there is to know is left to [`v6`](crate::v6).

#[cfg(target_arch = "x86_64")]
pub(crate) mod avx2;
pub(crate) mod portable;

use std::net::Ipv6Addr;

use crate::bytes::{before, block_at, block_before, byte, word_at};
use crate::processor::Processor;
use crate::word;

/// Bytes that are classed together; the longest token of an address has 39.
pub(crate) const BLOCK: usize = 64;

/// Classes of bytes, a bit a byte, the first byte lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Classes {
    /// Hexadecimal digits, either case.
    hex: u64,
    /// Those of them that are decimal.
    decimal: u64,
    colon: u64,
}

impl Classes {
    /// Whether the bytes before a candidate show that no address starts there: a group with a
    /// `::` before it, or, before a lone colon, a group with another before it. A long run of
    /// groups is left so quickly.
    fn is_within_groups(self) -> bool {
        let is_double = self.colon >> 63;
        let (hex, colon) = (self.hex << is_double, self.colon << is_double);
        let group = hex.leading_ones();
        if !(1..=4).contains(&group) {
            return false;
        }
        let (hex, colon) = (hex << group, colon << group);
        if is_double == 1 || colon >> 62 != 0b10 {
            return colon >> 62 == 0b11;
        }
        let group = (hex << 1).leading_ones();
        (1..=4).contains(&group) && colon << 1 << group >> 63 == 1
    }
}

/// What there is to know of a colon from the masks alone.
pub(crate) enum Around {
    /// It is in a token that stands alone, of two groups or more, and may be an address.
    Token(Token),
    /// It is in no address.
    Nothing,
    /// Somebody else must look.
    Unclear,
}

/// A token that stands alone and is written like an address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) start: usize,
    pub(crate) length: usize,
    /// Its colons, the first byte lowest.
    colons: u64,
    /// The first colon of its `::`, if there is one.
    double_colon: u64,
    /// Its other bytes.
    digits: u64,
    /// How many groups it has.
    pub(crate) count: u32,
    pub(crate) has_decimal: bool,
}

impl Around {
    /// Looks at a colon that is a candidate.
    #[inline]
    pub(crate) fn colon(
        haystack: &[u8],
        colon: usize,
        processor: impl Processor,
    ) -> Self {
        let left = processor.classify(&block_before(haystack, colon));
        let head = (left.hex | left.colon).leading_ones();
        let start = colon - head as usize;
        // The end of a word and `::`, as in `std::net`; nothing starts within a word.
        let colons = left.colon >> (64 - head).min(63);
        let ends_word = left.colon >> 63 == 1
            && colons.is_power_of_two()
            && before(haystack, start).is_ascii_alphanumeric();
        if ends_word || left.is_within_groups() {
            return Self::Nothing;
        }
        Token::at(haystack, start, processor).map_or(Self::Unclear, Self::Token)
    }
}

impl Token {
    /// The token that starts at a place, if it is all there is between two separators, and
    /// two groups or more that can be an address.
    #[inline]
    fn at(haystack: &[u8], start: usize, processor: impl Processor) -> Option<Self> {
        let classes = processor.classify(&block_at(haystack, start));
        let length = (classes.hex | classes.colon).trailing_ones() as usize;
        if !(1..=39).contains(&length)
            || !separates(before(haystack, start))
            || !separates(byte(haystack, start + length))
        {
            return None;
        }

        let all = (1 << length) - 1;
        let colons = classes.colon & all;
        let digits = all & !colons;
        let double_colon = colons & colons >> 1;
        let count = (digits & !(digits << 1)).count_ones();
        // A colon at either end is one of two.
        let ends = colons & (1 | 1 << (length - 1));
        let is_open = ends & !(double_colon | double_colon << 1) != 0;
        let too_long =
            digits & digits >> 1 & digits >> 2 & digits >> 3 & digits >> 4 != 0;
        let fits = match double_colon.count_ones() {
            0 => count == 8,
            1 => (2..=7).contains(&count),
            _ => false,
        };
        let has_decimal = classes.decimal & all != 0;
        (fits && !is_open && !too_long).then_some(Self {
            start,
            length,
            colons,
            double_colon,
            digits,
            count,
            has_decimal,
        })
    }

    /// Whether a group has three digits or more.
    pub(crate) fn has_long_group(&self) -> bool {
        self.digits & self.digits >> 1 & self.digits >> 2 != 0
    }

    pub(crate) fn has_double_colon(&self) -> bool {
        self.double_colon != 0
    }

    /// Whether it is eight groups of two digits each.
    pub(crate) fn is_pairs(&self) -> bool {
        self.length == 23 && self.colons == 0b100_100_100_100_100_100_100
    }

    pub(crate) fn address(&self, haystack: &[u8]) -> Ipv6Addr {
        let mut groups = [0; 8];
        let mut digits = self.digits;
        // Groups behind `::` are counted from the end.
        let head = self.double_colon.wrapping_sub(1);
        let in_head = (digits & !(digits << 1) & head).count_ones();
        let skipped = 8 - self.count;
        for index in 0..self.count {
            let start = digits.trailing_zeros();
            let length = (digits >> start).trailing_ones();
            digits &= digits + (1 << start);
            let word = word_at(haystack, self.start + start as usize);
            let place = if index < in_head { index } else { index + skipped };
            groups[place as usize & 7] = word::hexadecimal(word, length as usize);
        }
        Ipv6Addr::from(groups)
    }
}

/// Whether a byte beside a token lets it stand alone, whatever the rules.
fn separates(byte: u8) -> bool {
    SEPARATES[usize::from(byte)]
}

static SEPARATES: [bool; 256] = {
    let mut separates = [true; 256];
    let mut byte: u8 = 0;
    while byte < 0x80 {
        let has_rules = matches!(byte, b'.' | b':' | b'_');
        separates[byte as usize] = !(has_rules || byte.is_ascii_alphanumeric());
        byte += 1;
    }
    separates
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::processor::{AnyProcessor, with_processor};
    use proptest::prelude::*;

    fn mask(block: &[u8; BLOCK], class: impl Fn(&u8) -> bool) -> u64 {
        block.iter().rev().fold(0, |mask, byte| mask << 1 | u64::from(class(byte)))
    }

    fn expected(block: &[u8; BLOCK]) -> Classes {
        Classes {
            hex: mask(block, u8::is_ascii_hexdigit),
            decimal: mask(block, u8::is_ascii_digit),
            colon: mask(block, |byte| *byte == b':'),
        }
    }

    proptest! {
        #[test]
        fn classes_are_those_of_each_byte(block in prop::array::uniform::<_, BLOCK>(
            prop_oneof![any::<u8>(), b'/'..b'h', b'0'..b':']
        )) {
            for processor in AnyProcessor::all_found() {
                let classes = with_processor!(processor, it => it.classify(&block));
                prop_assert_eq!(classes, expected(&block));
            }
        }

        #[test]
        fn a_token_is_what_the_standard_library_parses(
            token in "([0-9a-fA-F]{1,4}:){0,8}:?([0-9a-f]{1,4}:){0,7}[0-9a-f]{0,5}",
            left in "[ -~]{0,70}[ =(\\[]|",
            right in "[ /%\\])][ -~]{0,70}|",
        ) {
            let text = format!("{left}{token}{right}");
            let parsed = token.parse::<Ipv6Addr>().ok();
            let groups = token.split(':').filter(|group| !group.is_empty()).count();
            for processor in AnyProcessor::all_found() {
                let (text, start) = (text.as_bytes(), left.len());
                let found = with_processor!(processor, it => Token::at(text, start, it));
                let address = found.map(|found| found.address(text));
                let span = found.map(|found| (found.start, found.length));
                prop_assert_eq!(address, parsed.filter(|_| groups > 1));
                prop_assert_eq!(span, address.map(|_| (start, token.len())));
            }
        }
    }
}
