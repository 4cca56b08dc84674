//! Text that can only be text, whoever wrote it.

use std::{borrow::Cow, io, ops::RangeInclusive};

use serde_json::ser::{CompactFormatter, Formatter};

/// The most characters of one text.
const MAX_CHARS: usize = 4000;

/// Writes out the characters that would hide or reorder the text around them:
/// controls, bidirectional overrides and isolates, zero-width spaces.
///
/// Line feeds and tabs stay. So do joiners (U+200C, U+200D), which names in Persian
/// and in Indic scripts need.
///
/// What is longer than [`MAX_CHARS`] is cut there: no reader wants more, and browsers
/// take seconds to lay out a word of a hundred thousand letters.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    let end = text.char_indices().nth(MAX_CHARS).map_or(text.len(), |(at, _)| at);
    let (text, is_cut) = (&text[..end], end < text.len());
    if !is_cut && !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_hidden(character) {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    if is_cut {
        out.push('…');
    }
    Cow::Owned(out)
}

/// Characters that are not controls and yet hide or reorder.
const HIDDEN: [RangeInclusive<char>; 7] = [
    '\u{200b}'..='\u{200b}',
    '\u{200e}'..='\u{200f}',
    '\u{2028}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{feff}'..='\u{feff}',
    '\u{fff9}'..='\u{fffb}',
    '\u{e0000}'..='\u{e007f}',
];

fn is_hidden(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        // Most text is below all of these but the controls.
        '\u{200b}'.. => HIDDEN.iter().any(|range| range.contains(&character)),
        _ => character.is_control(),
    }
}

/// Appends text to a page, in an element or in a quoted attribute.
pub(super) fn push_html(page: &mut String, text: &str) {
    for character in visible(text).chars() {
        match character {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            _ => page.push(character),
        }
    }
}

/// Writes JSON that can stand in a script element: nothing in it ends the element,
/// opens a comment, or is a line end to one parser and not to another.
#[derive(Debug, Default)]
pub(super) struct InScript(CompactFormatter);

impl Formatter for InScript {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(['<', '>', '&', '\u{2028}', '\u{2029}']) {
            let (before, from) = rest.split_at(at);
            self.0.write_string_fragment(writer, before)?;
            let mut characters = from.chars();
            if let Some(character) = characters.next() {
                write!(writer, "\\u{:04x}", u32::from(character))?;
            }
            rest = characters.as_str();
        }
        self.0.write_string_fragment(writer, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Serialize;

    fn json(text: &str) -> String {
        let mut out = Vec::new();
        let mut serializer =
            serde_json::Serializer::with_formatter(&mut out, InScript::default());
        text.serialize(&mut serializer).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_script_element_cannot_be_ended_from_within() {
        let escaped = json("</script><!--<script>&\u{2028}\u{2029}é");
        assert_eq!(
            escaped,
            r#""\u003c/script\u003e\u003c!--\u003cscript\u003e\u0026\u2028\u2029é""#
        );
    }

    #[test]
    fn what_would_hide_or_reorder_is_written_out() {
        assert_eq!(visible("a\u{202e}b\u{1b}[2J\0"), r"a\u{202e}b\u{1b}[2J\u{0}");
        assert_eq!(
            visible("two\nlines\tand می\u{200c}خواهم"),
            "two\nlines\tand می\u{200c}خواهم"
        );
    }

    #[test]
    fn markup_becomes_text() {
        let mut page = String::new();
        push_html(&mut page, "<img src=x onerror='alert(1)'>\"&");
        assert_eq!(page, "&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&quot;&amp;");
    }

    proptest! {
        #[test]
        fn json_reads_back_as_it_was(text in "\\PC*|[<>&\u{2028}\u{2029}\"\\\\/a]*") {
            let written = json(&text);
            let bare = written.find(['<', '>', '&', '\u{2028}', '\u{2029}']);
            prop_assert_eq!(bare, None);
            prop_assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
    }
}
