//! Where a match stands, as grep says it: `file:line:offset:`.

use crate::{args::Extract, search::Search, style::Style};

/// Which of file, line and offset are said, and how.
pub(super) struct Whereabouts {
    /// The names of the sources.
    names: Vec<String>,
    pub(super) file: bool,
    pub(super) line: bool,
    pub(super) offset: bool,
    style: Style,
}

impl Whereabouts {
    /// What the options ask for.
    pub(super) fn asked(search: &Search<'_>, options: &Extract, style: Style) -> Self {
        Self {
            names: search.names(),
            file: options.with_filename,
            line: options.line_number,
            offset: options.byte_offset,
            style,
        }
    }

    /// Everything there is to say.
    pub(super) fn all(self) -> Self {
        Self { file: true, line: true, offset: true, ..self }
    }

    pub(super) fn is_nothing(&self) -> bool {
        !(self.file || self.line || self.offset)
    }

    /// The name of a source, by its index.
    pub(super) fn name(&self, input: usize) -> &str {
        &self.names[input]
    }

    /// Append what is asked for, each with a colon.
    pub(super) fn push(&self, to: &mut Vec<u8>, input: usize, line: u64, offset: u64) {
        if self.file {
            self.style.file(to, self.name(input));
        }
        for (asked, number) in [(self.line, line), (self.offset, offset)] {
            if asked {
                self.style.number(to, number);
            }
        }
    }
}
