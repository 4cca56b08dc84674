//! Each address where it is found.

use std::borrow::Cow;

use anyhow::Result;
use geoip_extract::{NetworkForms, parallel::Block};
use serde::Serialize;

use super::{spelling, whereabouts::Whereabouts};
use crate::{
    args::{Extract, TextFormat},
    output::Out,
    search::{Part, Search},
    style::Style,
};

/// What is printed of a match.
#[derive(Serialize)]
struct Row<'r> {
    #[serde(flatten)]
    what: What<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
}

/// What was found.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum What<'r> {
    Address(Cow<'r, str>),
    Network(String),
}

impl What<'_> {
    fn text(&self) -> &str {
        match self {
            Self::Address(address) => address,
            Self::Network(network) => network,
        }
    }
}

/// How matches are printed.
struct Printer {
    whereabouts: Whereabouts,
    forms: NetworkForms,
    /// Whether a row is the address as it is written and nothing else.
    is_bare: bool,
    format: TextFormat,
}

pub(super) fn print(
    search: &Search<'_>,
    options: &Extract,
    style: Style,
    out: &mut Out<'_>,
) -> Result<bool> {
    let format = options.format;
    let forms = NetworkForms { prefixes: options.cidr, ranges: options.range };
    let mut whereabouts = Whereabouts::asked(search, options, style);
    let is_bare = format == TextFormat::Text
        && whereabouts.is_nothing()
        && forms == NetworkForms::default()
        && search.has_plain_texts();
    if format == TextFormat::Json {
        // Where a match stands costs nothing to say there.
        whereabouts = whereabouts.all();
    }
    let printer = Printer { whereabouts, forms, is_bare, format };
    out.write_all(printer.header().as_bytes())?;
    search.print(out, |part| printer.rows(part))
}

impl Printer {
    fn header(&self) -> String {
        if self.format != TextFormat::Csv {
            return String::new();
        }
        let said = &self.whereabouts;
        let columns = [(said.file, "file"), (said.line, "line"), (said.offset, "offset")];
        let asked = columns.iter().filter(|column| column.0).map(|column| column.1);
        let plain = self.forms == NetworkForms::default();
        let first = if plain { "address" } else { "network" };
        let names: Vec<_> = std::iter::once(first).chain(asked).collect();
        names.join(",") + "\n"
    }

    /// The rows of a part.
    fn rows(&self, part: &Part<'_, '_>) -> Vec<u8> {
        let mut rows = Vec::new();
        if self.is_bare {
            part.each(|found| {
                rows.extend_from_slice(found.text);
                rows.push(b'\n');
            });
            return rows;
        }
        let mut lines = Lines::new(part.block);
        if self.forms == NetworkForms::default() {
            part.each(|found| {
                let what = What::Address(spelling::as_written(&found));
                self.push(&mut rows, part, &mut lines, found.offset, what);
            });
        } else {
            part.each_network(self.forms, |found| {
                for network in found.networks() {
                    let what = What::Network(spelling::of_network(network));
                    self.push(&mut rows, part, &mut lines, found.found.offset(), what);
                }
            });
        }
        rows
    }

    fn push(
        &self,
        rows: &mut Vec<u8>,
        part: &Part<'_, '_>,
        lines: &mut Lines<'_>,
        offset: u64,
        what: What<'_>,
    ) {
        let (said, input) = (&self.whereabouts, part.block.input());
        let line = said.line.then(|| lines.number_at(offset));
        let row = Row {
            what,
            file: said.file.then(|| said.name(input)),
            line,
            offset: said.offset.then_some(offset),
        };
        match self.format {
            TextFormat::Text => {
                said.push(rows, input, line.unwrap_or_default(), offset);
                rows.extend_from_slice(row.what.text().as_bytes());
                rows.push(b'\n');
            }
            TextFormat::Json => {
                let written = serde_json::to_writer(&mut *rows, &row);
                written.expect("a vector can be written to");
                rows.push(b'\n');
            }
            TextFormat::Csv => push_csv(rows, &row),
        }
    }
}

fn push_csv(rows: &mut Vec<u8>, row: &Row<'_>) {
    let numbers = [row.line, row.offset].map(|number| number.map(|n| n.to_string()));
    let cells =
        [Some(row.what.text()), row.file, numbers[0].as_deref(), numbers[1].as_deref()];
    let mut writer = csv::WriterBuilder::new().from_writer(rows);
    let written = writer.write_record(cells.into_iter().flatten());
    written.expect("a vector can be written to");
}

/// Line numbers of offsets that do not decrease, within a block.
pub(super) struct Lines<'b> {
    bytes: &'b [u8],
    start: u64,
    /// Bytes of the block that were passed.
    passed: usize,
    line: u64,
}

impl<'b> Lines<'b> {
    pub(super) fn new(block: &Block<'b>) -> Self {
        let (bytes, start) = (block.bytes(), block.offset());
        Self { bytes, start, passed: 0, line: block.first_line() }
    }

    /// The number of the line that holds this offset; lines count from 1.
    pub(super) fn number_at(&mut self, offset: u64) -> u64 {
        let at = usize::try_from(offset.saturating_sub(self.start)).unwrap_or(usize::MAX);
        let at = at.min(self.bytes.len());
        let between = self.bytes.get(self.passed..at).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', between).count() as u64;
        self.passed = self.passed.max(at);
        self.line
    }
}
