//! Text as it may be drawn: cleaned, measured and broken into lines.

#![expect(
    clippy::cast_possible_truncation,
    reason = "lengths of text on a picture are small"
)]

use std::{borrow::Cow, sync::OnceLock};

use ab_glyph::{Font, FontRef};

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// For all but headings.
    Regular,
    /// For headings.
    SemiBold,
}

/// The embedded font.
pub(crate) fn font(weight: Weight) -> &'static FontRef<'static> {
    static FONTS: [OnceLock<FontRef<'static>>; 2] = [const { OnceLock::new() }; 2];
    let (index, bytes): (usize, &'static [u8]) = match weight {
        Weight::Regular => (0, include_bytes!("../assets/Inter-Regular.otf")),
        Weight::SemiBold => (1, include_bytes!("../assets/Inter-SemiBold.otf")),
    };
    FONTS[index].get_or_init(|| {
        FontRef::try_from_slice(bytes).expect("the embedded font is sound")
    })
}

/// Width of a line of text in pixels, at a size of `size` pixels an em.
pub(crate) fn width(text: &str, size: f32, weight: Weight) -> f32 {
    let font = font(weight);
    let units: f32 = text.chars().map(|letter| advance(font, letter)).sum();
    units * size
}

/// Whether the embedded font has a letter.
pub(crate) fn has(letter: char) -> bool {
    letter.is_whitespace() || font(Weight::Regular).glyph_id(letter).0 != 0
}

/// How far a letter moves the pen, in ems. What the font lacks is taken to be a full
/// em wide, as most scripts that it lacks are.
fn advance(font: &FontRef<'_>, letter: char) -> f32 {
    let id = font.glyph_id(letter);
    if id.0 == 0 {
        return 1.0;
    }
    font.h_advance_unscaled(id) / font.units_per_em().unwrap_or(1000.0)
}

/// One line of text without anything that could leave its place: control characters
/// and line breaks become spaces, marks that reorder or hide text are dropped, and
/// what is longer than any heading is cut.
pub(crate) fn clean(text: &str) -> String {
    const LONGEST: usize = 2000;
    let mut cleaned = String::new();
    let visible = text.chars().filter(|&letter| !is_hidden(letter));
    for (count, letter) in visible.enumerate() {
        if count == LONGEST {
            cleaned.push('…');
            break;
        }
        let space = letter.is_whitespace() || letter.is_control();
        if !space {
            cleaned.push(letter);
        } else if !cleaned.is_empty() && !cleaned.ends_with(' ') {
            cleaned.push(' ');
        }
    }
    cleaned.truncate(cleaned.trim_end().len());
    cleaned
}

/// Whether a character has no look of its own: marks of direction, joiners, byte-order
/// marks, tags, variation selectors and code points that XML forbids.
fn is_hidden(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Breaks text into at most `lines` lines no wider than `limit` pixels; what does not
/// fit ends in an ellipsis. A word wider than a line is broken where the line ends.
pub(crate) fn wrap(
    text: &str,
    size: f32,
    weight: Weight,
    limit: f32,
    lines: usize,
) -> Vec<String> {
    let mut broken: Vec<String> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() && broken.len() < lines {
        let fits = fitting(rest, size, weight, limit);
        if fits == rest.len() {
            broken.push(rest.to_owned());
            return broken;
        }
        if broken.len() + 1 == lines {
            broken.push(shorten(rest, size, weight, limit).into_owned());
            return broken;
        }
        // At the last space that fits, or inside of the word if there is none.
        let end = if rest[fits..].starts_with(' ') {
            fits
        } else {
            rest[..fits].rfind(' ').unwrap_or(fits)
        };
        broken.push(rest[..end].to_owned());
        rest = rest[end..].trim_start();
    }
    broken
}

/// Text that is no wider than `limit` pixels, if need be by an ellipsis at its end.
pub(crate) fn shorten(text: &str, size: f32, weight: Weight, limit: f32) -> Cow<'_, str> {
    if width(text, size, weight) <= limit {
        return Cow::Borrowed(text);
    }
    let room = limit - width("…", size, weight);
    let end = fitting(text, size, weight, room);
    Cow::Owned(format!("{}…", text[..end].trim_end()))
}

/// Bytes of the longest start of the text that fits; at least one letter, so that
/// breaking always goes on.
fn fitting(text: &str, size: f32, weight: Weight, limit: f32) -> usize {
    let font = font(weight);
    let mut used = 0.0;
    for (index, letter) in text.char_indices() {
        used += advance(font, letter) * size;
        if used > limit && index > 0 {
            return index;
        }
    }
    text.len()
}

/// Text for XML, between tags or inside of quotes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

/// A number with a comma between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A round number in few letters: 0.2, 50, 2k, 3M.
pub(crate) fn compact(number: f64) -> String {
    for (size, suffix) in
        [(1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
    {
        if number >= size * 0.999_999 {
            return format!("{}{suffix}", rounded(number / size));
        }
    }
    rounded(number)
}

/// Three significant digits, without zeros at the end.
fn rounded(number: f64) -> String {
    if number <= 0.0 || !number.is_finite() {
        return "0".to_owned();
    }
    let digits = (2 - number.log10().floor() as i32).clamp(0, 12);
    let text = format!("{number:.*}", digits.unsigned_abs() as usize);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hostile_text_becomes_one_harmless_line() {
        assert_eq!(
            clean(" a\r\n\tb\u{0}\u{7f}c \u{202e}gnp.exe\u{feff} "),
            "a b c gnp.exe"
        );
        assert_eq!(escape(r#"<a b="c">&'"#), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
        assert_eq!(clean(&"x".repeat(5000)).chars().count(), 2001);
    }

    #[test]
    fn numbers_are_short() {
        let texts = [0.02, 0.5, 1.0, 20.0, 200.0, 2e3, 5e4, 1e6, 3e9].map(compact);
        assert_eq!(texts, ["0.02", "0.5", "1", "20", "200", "2k", "50k", "1M", "3G"]);
        assert_eq!(
            [1, 999, 1000, 1_234_567].map(grouped),
            ["1", "999", "1,000", "1,234,567"]
        );
    }

    #[test]
    fn letters_of_three_scripts_are_in_the_font() {
        for letter in "Łódź Αθήνα Київ São · – …".chars().filter(|l| *l != ' ')
        {
            for weight in [Weight::Regular, Weight::SemiBold] {
                assert_ne!(font(weight).glyph_id(letter).0, 0, "{letter}");
            }
        }
    }

    proptest! {
        #[test]
        fn wrapped_lines_fit_and_lose_no_word(text in "[ a-zé<漢]{0,200}", limit in 40_f32..400.0) {
            let text = clean(&text);
            let lines = wrap(&text, 16.0, Weight::Regular, limit, 1000);
            for line in &lines {
                prop_assert!(width(line, 16.0, Weight::Regular) <= limit, "{line}");
            }
            let squeeze = |text: &str| text.replace(' ', "");
            prop_assert_eq!(squeeze(&lines.concat()), squeeze(&text));
        }

        #[test]
        fn wrapping_keeps_to_its_lines(text in ".{0,300}", limit in 1_f32..400.0, lines in 1..4_usize) {
            let text = clean(&text);
            prop_assert!(wrap(&text, 16.0, Weight::SemiBold, limit, lines).len() <= lines);
        }
    }
}
