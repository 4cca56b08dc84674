//! Text of unknown origin made safe for a terminal, and numbers for people.

use std::borrow::Cow;

/// The text with everything that could move the cursor, reverse the direction or hide
/// replaced by its code: what a log or database says must not act on a terminal.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_active) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_active(character) {
            safe.extend(character.escape_unicode());
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

/// Controls, line separators, and the invisible characters that change how others look
/// (Unicode, "Bidirectional Algorithm", category Cf and the blank letters of Hangul).
fn is_active(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// A count with its thousands apart: `1,234,567`.
pub(crate) fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A count and its noun: `1 hit`, `2 hits`.
pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(count), if count == 1 { one } else { many })
}

/// `12 addresses`.
pub(crate) fn addresses(count: u64) -> String {
    counted(count, "address", "addresses")
}

/// `12 hits`.
pub(crate) fn hits(count: u64) -> String {
    counted(count, "hit", "hits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_a_terminal_is_spelled_out() {
        assert_eq!(printable("São Paulo"), "São Paulo");
        assert_eq!(printable("\x1b[2J\u{202e}x\u{9b}"), "\\u{1b}[2J\\u{202e}x\\u{9b}");
        assert_eq!(printable("a\nb"), "a\\u{a}b");
    }

    #[test]
    fn numbers_are_written_for_people() {
        for (count, text) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")]
        {
            assert_eq!(thousands(count), text);
        }
        assert_eq!(hits(1), "1 hit");
    }
}
