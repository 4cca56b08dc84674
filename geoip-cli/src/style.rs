//! Colours, as grep gives them, where somebody is there to see them.

use std::env;

use crate::{
    args::{Color, Global},
    output,
    text::printable,
};

/// How results for people are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    colors: bool,
    /// Whether a terminal would act on what is written.
    terminal: bool,
}

impl Style {
    pub(crate) fn new(global: &Global) -> Self {
        let terminal = output::goes_to_terminal(global);
        let wanted = || {
            env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                && env::var_os("TERM").is_some_and(|term| term != "dumb")
        };
        let colors = match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && wanted(),
        };
        Self { colors, terminal }
    }

    /// The name of a file and a colon.
    pub(crate) fn file(self, to: &mut Vec<u8>, name: &str) {
        self.paint(to, b"35", |to| to.extend_from_slice(name.as_bytes()));
        self.separator(to);
    }

    /// A line number or offset, and a colon.
    pub(crate) fn number(self, to: &mut Vec<u8>, number: u64) {
        self.paint(to, b"32", |to| to.extend_from_slice(number.to_string().as_bytes()));
        self.separator(to);
    }

    fn separator(self, to: &mut Vec<u8>) {
        self.paint(to, b"36", |to| to.push(b':'));
    }

    /// An address, or what stands for it, among other text.
    pub(crate) fn address(self, to: &mut Vec<u8>, text: &[u8]) {
        self.paint(to, b"1;31", |to| self.text(to, text));
    }

    /// Text of unknown origin: as it is, but for a terminal, which must not act on it.
    pub(crate) fn text(self, to: &mut Vec<u8>, text: &[u8]) {
        if !self.terminal {
            to.extend_from_slice(text);
            return;
        }
        for part in text.split_inclusive(|byte| matches!(byte, b'\n' | b'\t')) {
            let (plain, end) = match part {
                [plain @ .., end @ (b'\n' | b'\t')] => (plain, Some(*end)),
                plain => (plain, None),
            };
            let plain = plain.strip_suffix(b"\r").unwrap_or(plain);
            to.extend_from_slice(printable(&String::from_utf8_lossy(plain)).as_bytes());
            to.extend(end);
        }
    }

    fn paint(self, to: &mut Vec<u8>, code: &[u8], write: impl FnOnce(&mut Vec<u8>)) {
        if self.colors {
            to.extend_from_slice(b"\x1b[");
            to.extend_from_slice(code);
            to.push(b'm');
        }
        write(to);
        if self.colors {
            to.extend_from_slice(b"\x1b[m");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_does_not_act_on_text_and_a_file_gets_it_as_it_is() {
        let text = b"a\x1b[2J\tb\xff\r\nc\x07";
        let written = |terminal| {
            let mut to = Vec::new();
            Style { colors: false, terminal }.text(&mut to, text);
            to
        };
        assert_eq!(written(false), text);
        let safe = "a\\u{1b}[2J\tb\u{fffd}\nc\\u{7}";
        assert_eq!(String::from_utf8(written(true)).unwrap(), safe);
    }
}
