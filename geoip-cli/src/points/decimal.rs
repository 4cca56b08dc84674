//! Decimal numbers as most files of places have them, read fast and exactly.

/// Digits that always fit into the 53 bits of a float's significand.
const MOST_DIGITS: usize = 15;
/// All of these are exact as floats.
const POWERS_OF_TEN: [f64; MOST_DIGITS + 1] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/// The number that a text begins with, up to its end or a space, tab or line break, and how
/// many bytes it has; none for what this does not read, which may be a number all the same.
///
/// # References
/// W. D. Clinger, How to Read Floating Point Numbers Accurately, 1990: a quotient of two
/// integers that are exact as floats is rounded once, and so as well as can be.
pub(super) fn leading(text: &[u8]) -> Option<(f64, usize)> {
    let is_negative = text.first() == Some(&b'-');
    let start = usize::from(is_negative);
    let (mut significand, mut digits, mut at) = (0_u64, 0, start);
    let mut whole_digits = None;
    loop {
        match text.get(at) {
            Some(digit @ b'0'..=b'9') => {
                significand = significand.wrapping_mul(10) + u64::from(digit - b'0');
                digits += 1;
            }
            Some(b'.') if whole_digits.is_none() => whole_digits = Some(digits),
            None | Some(b' ' | b'\t' | b'\r' | b'\n') => break,
            Some(_) => return None,
        }
        at += 1;
    }
    if digits == 0 || digits > MOST_DIGITS {
        return None;
    }
    let decimals = digits - whole_digits.unwrap_or(digits);
    #[expect(clippy::cast_precision_loss, reason = "it is below 10^15")]
    let value = significand as f64 / POWERS_OF_TEN[decimals];
    Some((if is_negative { -value } else { value }, at))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_not_plain_is_left_to_others() {
        for text in ["", "-", ".", "-.", "1e3", "1,5", "+1", "1.2.3", "0x1", "nan", "--1"]
        {
            assert_eq!(leading(text.as_bytes()), None, "{text}");
        }
        assert_eq!(leading(b"1234567890123456"), None, "more digits than are exact");
        assert_eq!(leading(&b"9".repeat(100_000)), None);
        assert_eq!(leading(b"-12.50\t3"), Some((-12.5, 6)));
        assert_eq!(leading(b"5."), Some((5.0, 2)));
        assert_eq!(leading(b".5\n"), Some((0.5, 2)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// To the last bit what the standard library reads.
        #[test]
        fn numbers_are_those_of_the_standard_library(
            text in "-?[0-9]{0,9}\\.?[0-9]{0,9}", rest in "([ \t\r\n].{0,9})?",
        ) {
            let whole = format!("{text}{rest}");
            if let Some((value, length)) = leading(whole.as_bytes()) {
                prop_assert_eq!(length, text.len());
                prop_assert_eq!(value.to_bits(), text.parse::<f64>().unwrap().to_bits());
            } else {
                let digits = text.bytes().filter(u8::is_ascii_digit).count();
                prop_assert!(digits == 0 || digits > MOST_DIGITS, "{}", text);
            }
        }
    }
}
