//! The text of a quad to its value: four numbers of one to three digits, dots between.
//!
//! This is most of the work on a log full of addresses. The lengths of the numbers are as
//! good as random, so no branch may depend on them: the places of the dots come from masks,
//! and one question at the end asks whether all was well.

#[cfg(target_arch = "x86_64")]
pub(crate) mod avx2;
pub(crate) mod portable;

use crate::bytes::byte;

/// Bytes of the text around the last dot of a quad that a reader looks at: as far as
/// `255.255.255.255` goes, and one byte before it.
pub(crate) const WINDOW: usize = 16;

/// Where in the window the last dot is.
pub(crate) const LAST_DOT: usize = 12;

/// A quad that was read: its value, and where in the window it starts and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spelled {
    pub(crate) address: u32,
    pub(crate) start: u32,
    /// Zero if there was no quad.
    pub(crate) end: u32,
}

/// The text around a dot, NUL outside of the haystack.
#[inline]
pub(crate) fn window(haystack: &[u8], dot: usize) -> [u8; WINDOW] {
    let inside = dot.checked_sub(LAST_DOT).and_then(|start| haystack.get(start..));
    let whole = inside.and_then(|rest| rest.first_chunk().copied());
    whole.unwrap_or_else(|| window_at_the_edge(haystack, dot))
}

#[cold]
fn window_at_the_edge(haystack: &[u8], dot: usize) -> [u8; WINDOW] {
    std::array::from_fn(|index| byte(haystack, (dot + index).wrapping_sub(LAST_DOT)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::processor::{AnyProcessor, Processor, with_processor};
    use proptest::prelude::*;

    /// What a reader should answer, by splitting and parsing.
    fn expected(text: &[u8; WINDOW], leading_zeros: bool) -> Spelled {
        const NONE: Spelled = Spelled { address: 0, start: 0, end: 0 };
        let is_number = |byte: &&u8| byte.is_ascii_digit();
        let (head, tail) = text.split_at(LAST_DOT);
        let last = tail[1..].iter().take_while(is_number).count();
        let mut start = LAST_DOT;
        let mut numbers = vec![&tail[1..=last]];
        for left in (0..3).rev() {
            let length = head[..start].iter().rev().take_while(is_number).count();
            numbers.insert(0, &head[start - length..start]);
            start -= length;
            if left > 0 {
                if start == 0 || head[start - 1] != b'.' {
                    return NONE;
                }
                start -= 1;
            }
        }
        let octets: Vec<u32> = numbers
            .iter()
            .map(|text| std::str::from_utf8(text).unwrap())
            .filter(|text| (1..=3).contains(&text.len()))
            .filter(|text| leading_zeros || text.len() == 1 || !text.starts_with('0'))
            .filter_map(|text| text.parse().ok().filter(|value| *value <= 255))
            .collect();
        match octets[..] {
            [a, b, c, d] => Spelled {
                address: a << 24 | b << 16 | c << 8 | d,
                start: u32::try_from(start).unwrap(),
                end: u32::try_from(LAST_DOT + 1 + last).unwrap(),
            },
            _ => NONE,
        }
    }

    /// What the readers answer, if all of them answer the same.
    fn answer(text: &[u8; WINDOW], leading_zeros: bool) -> Spelled {
        let answers = AnyProcessor::all_found().into_iter().map(|processor| {
            with_processor!(processor, it => match it.read_quad(text, leading_zeros) {
                Spelled { end: 0, .. } => Spelled { address: 0, start: 0, end: 0 },
                spelled => spelled,
            })
        });
        answers
            .reduce(|one, other| {
                assert_eq!(one, other, "{text:?}");
                one
            })
            .unwrap()
    }

    /// The window around the third dot of a text, or around its end.
    fn around(text: &str) -> [u8; WINDOW] {
        let dot = text.match_indices('.').nth(2).map_or(text.len(), |(index, _)| index);
        let mut window = window(text.as_bytes(), dot);
        window[LAST_DOT] = b'.';
        window
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5000))]

        #[test]
        fn every_reader_gives_what_splitting_gives(
            written in "[ -~]{0,4}([0-9]{1,3}[.]){2,4}[0-9]{0,4}[ -~]{0,8}|[0-9.]{0,16}",
            leading_zeros in any::<bool>(),
        ) {
            let text = around(&written);
            let expected = expected(&text, leading_zeros);
            prop_assert_eq!(answer(&text, leading_zeros), expected);
        }

        #[test]
        fn every_reader_takes_any_window(
            mut text in prop::array::uniform16(prop_oneof![4 => b'0'..=b'9', 2 => Just(b'.'), 1 => any::<u8>()]),
            leading_zeros in any::<bool>(),
        ) {
            text[LAST_DOT] = b'.';
            let expected = expected(&text, leading_zeros);
            prop_assert_eq!(answer(&text, leading_zeros), expected);
        }
    }

    #[test]
    fn numbers_that_fill_the_window_are_no_quad() {
        for written in
            ["123456789012.456", "12345678.1.2.3", "1234.1.2.3", "1.2.3456789.4"]
        {
            let text = around(written);
            let none = Spelled { address: 0, start: 0, end: 0 };
            assert_eq!(answer(&text, true), none, "{written}");
        }
        assert_eq!(expected(&around("1.2.3.4"), false).address, 0x0102_0304);
    }

    #[test]
    fn every_number_is_read_in_every_place() {
        for number in 0..=999_u32 {
            for place in 0..4 {
                let mut numbers =
                    ["7".to_owned(), "42".to_owned(), "0".to_owned(), "9".to_owned()];
                for spelling in [number.to_string(), format!("{number:03}")] {
                    numbers[place] = spelling;
                    let text = around(&numbers.join("."));
                    for leading_zeros in [false, true] {
                        let expected = expected(&text, leading_zeros);
                        assert_eq!(answer(&text, leading_zeros), expected, "{text:?}");
                    }
                }
            }
        }
    }
}
