//! The whole lines that hold an address.

use anyhow::Result;
use serde::Serialize;

use super::{matches::Lines, spelling, whereabouts::Whereabouts};
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
struct Printer {
    whereabouts: Whereabouts,
    json: bool,
    style: Style,
}

pub(super) fn print(
    search: &Search<'_>,
    options: &Extract,
    style: Style,
    out: &mut Out<'_>,
) -> Result<bool> {
    let whereabouts = Whereabouts::asked(search, options, style);
    let json = options.format == TextFormat::Json;
    let printer = Printer { whereabouts, json, style };
    search.print(out, |part| printer.lines(part))
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
                    file: self.whereabouts.name(block.input()),
                    line: number,
                    offset,
                    text: &String::from_utf8_lossy(&bytes[start..end]),
                };
                let written = serde_json::to_writer(&mut lines, &row);
                written.expect("a vector can be written to");
            } else {
                self.whereabouts.push(&mut lines, block.input(), number, offset);
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
