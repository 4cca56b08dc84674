//! The whole lines that hold an address.

use anyhow::Result;
use serde::Serialize;

use super::{matches::Lines, spelling};
use crate::{
    args::{Extract, TextFormat},
    output::Out,
    search::{Part, Search},
    style::Style,
};

/// What JSON says of a line.
#[derive(Serialize)]
struct Row<'r> {
    addresses: Vec<String>,
    file: &'r str,
    line: u64,
    offset: u64,
    text: &'r str,
}

/// How lines are printed.
#[expect(clippy::struct_excessive_bools, reason = "what one can ask for or not")]
struct Printer {
    /// The names of the sources.
    names: Vec<String>,
    file: bool,
    line: bool,
    offset: bool,
    json: bool,
    style: Style,
}

pub(super) fn print(
    search: &Search<'_>,
    options: &Extract,
    style: Style,
    out: &mut Out<'_>,
) -> Result<bool> {
    let printer = Printer {
        names: search.names(),
        file: options.with_filename,
        line: options.line_number,
        offset: options.byte_offset,
        json: options.format == TextFormat::Json,
        style,
    };
    let mut found = false;
    search.run(
        || (),
        |(), part| printer.lines(part),
        |source, lines| {
            found |= !lines.is_empty();
            search.write(out, source, &lines)
        },
    )?;
    Ok(found)
}

impl Printer {
    /// The lines of a block that hold an address; a very long line comes in pieces.
    fn lines(&self, part: &Part<'_, '_>) -> Vec<u8> {
        let block = part.block;
        let bytes = block.bytes();
        let mut lines = Vec::new();
        let mut numbers = Lines::new(block);
        let mut wanted = Vec::new();
        part.each(|found| {
            let start = found.offset.saturating_sub(block.offset());
            let start = usize::try_from(start).unwrap_or(usize::MAX).min(bytes.len());
            let end = (start + found.text.len()).min(bytes.len());
            wanted.push((start..end, found));
        });
        let mut wanted = wanted.into_iter();
        let mut next = wanted.next();
        while let Some((span, _)) = &next {
            let before = memchr::memrchr(b'\n', &bytes[..span.start]);
            let start = before.map_or(0, |feed| feed + 1);
            let length = memchr::memchr(b'\n', &bytes[start..]);
            let end = length.map_or(bytes.len(), |length| start + length);
            let mut found = Vec::new();
            while let Some(this) = next.take_if(|(span, _)| span.start < end) {
                found.push(this);
                next = wanted.next();
            }
            let offset = block.offset() + start as u64;
            let number = numbers.number_at(offset);
            if self.json {
                let row = Row {
                    addresses: found
                        .iter()
                        .map(|(_, found)| spelling::as_written(found).into_owned())
                        .collect(),
                    file: &self.names[block.input()],
                    line: number,
                    offset,
                    text: &String::from_utf8_lossy(&bytes[start..end]),
                };
                let written = serde_json::to_writer(&mut lines, &row);
                written.expect("a vector can be written to");
            } else {
                if self.file {
                    self.style.file(&mut lines, &self.names[block.input()]);
                }
                for (asked, number) in [(self.line, number), (self.offset, offset)] {
                    if asked {
                        self.style.number(&mut lines, number);
                    }
                }
                let mut at = start;
                for (span, _) in &found {
                    self.style.text(&mut lines, &bytes[at..span.start]);
                    self.style.address(&mut lines, &bytes[span.clone()]);
                    at = span.end;
                }
                self.style.text(&mut lines, &bytes[at..end]);
            }
            lines.push(b'\n');
        }
        lines
    }
}
