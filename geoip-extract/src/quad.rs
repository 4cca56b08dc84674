//! The text of a quad to its value: four numbers of one to three digits, dots between.
//!
//! This is most of the work on a log full of addresses. The lengths of the numbers are as
//! good as random, so no branch may depend on them: the places of the dots come from masks,
//! and one question at the end asks whether all was well.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod portable;

/// Bytes of the longest quad, `255.255.255.255`, and the one after it.
pub(crate) const LONGEST: usize = 16;

/// A quad that was read: its value and how many bytes it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spelled {
    pub(crate) address: u32,
    /// Zero if there was no quad.
    pub(crate) length: u32,
}

/// Reads the quad at the start of a text; the flag says whether numbers may have zeros before
/// them. What follows the quad is not looked at.
pub(crate) type Read = fn(&[u8; LONGEST], bool) -> Spelled;

/// The fastest reader that this processor has.
pub(crate) fn fastest() -> Read {
    #[cfg(target_arch = "x86_64")]
    if let Some(read) = avx2::read() {
        return read;
    }
    portable::read
}

/// The bytes from `start` on, NUL after the end of the haystack.
#[inline]
pub(crate) fn text_at(haystack: &[u8], start: usize) -> [u8; LONGEST] {
    let rest = haystack.get(start..).unwrap_or_default();
    rest.first_chunk().copied().unwrap_or_else(|| {
        let mut text = [0; LONGEST];
        text[..rest.len()].copy_from_slice(rest);
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a reader should answer, by splitting and parsing.
    fn expected(text: &[u8; LONGEST], leading_zeros: bool) -> Spelled {
        let quad = text.split(|byte| !byte.is_ascii_digit() && *byte != b'.').next();
        let quad = std::str::from_utf8(quad.unwrap_or_default()).unwrap();
        let mut numbers: Vec<&str> = quad.split('.').collect();
        numbers.truncate(4);
        let octets: Vec<u32> = numbers
            .iter()
            .filter(|text| (1..=3).contains(&text.len()))
            .filter(|text| leading_zeros || text.len() == 1 || !text.starts_with('0'))
            .filter_map(|text| text.parse().ok().filter(|value| *value <= 255))
            .collect();
        match octets[..] {
            [a, b, c, d] => Spelled {
                address: a << 24 | b << 16 | c << 8 | d,
                length: u32::try_from(numbers.join(".").len()).unwrap(),
            },
            _ => Spelled { address: 0, length: 0 },
        }
    }

    fn answers(text: &[u8; LONGEST], leading_zeros: bool) -> [Spelled; 2] {
        [fastest(), portable::read].map(|read| match read(text, leading_zeros) {
            Spelled { length: 0, .. } => Spelled { address: 0, length: 0 },
            spelled => spelled,
        })
    }

    fn text(text: &str) -> [u8; LONGEST] {
        text_at(text.as_bytes(), 0)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5000))]

        #[test]
        fn every_reader_gives_what_splitting_gives(
            written in "([0-9]{1,3}[.]){2,4}[0-9]{0,4}[ -~]{0,8}|[0-9.]{0,16}",
            leading_zeros in any::<bool>(),
        ) {
            let text = text(&written);
            let expected = expected(&text, leading_zeros);
            prop_assert_eq!(answers(&text, leading_zeros), [expected; 2]);
        }
    }

    #[test]
    fn numbers_that_fill_the_text_are_no_quad() {
        for written in
            ["1234567890123456", "1.34567890123456", "1.2.567890123456", "1.2.3."]
        {
            let none = Spelled { address: 0, length: 0 };
            assert_eq!(answers(&text(written), true), [none; 2], "{written}");
        }
        for written in ["1.2.3.4567890123", "................"] {
            let text = text(written);
            assert_eq!(answers(&text, false), [expected(&text, false); 2], "{written}");
        }
    }

    #[test]
    fn every_number_is_read_in_every_place() {
        for number in 0..=999_u32 {
            for place in 0..4 {
                let mut numbers =
                    ["7".to_owned(), "42".to_owned(), "0".to_owned(), "9".to_owned()];
                for spelling in [number.to_string(), format!("{number:03}")] {
                    numbers[place] = spelling;
                    let text = text(&numbers.join("."));
                    for leading_zeros in [false, true] {
                        let expected = expected(&text, leading_zeros);
                        assert_eq!(
                            answers(&text, leading_zeros),
                            [expected; 2],
                            "{text:?}"
                        );
                    }
                }
            }
        }
    }
}
