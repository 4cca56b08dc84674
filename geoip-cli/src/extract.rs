//! `geoip extract`: the addresses found.

mod lines;

use std::{io::Write, ops::ControlFlow};

use anyhow::Result;
use geoip_core::{Scope, Tally};
use geoip_extract::{AddressMatch, Extractor};
use serde::Serialize;

use self::lines::Lines;
use crate::{
    args::{Extract, Global, TextFormat},
    failure::Hinted,
    input::{self, Progress, Source},
    output::{self, Outcome},
};

pub(crate) fn run(global: &Global, options: &Extract) -> Result<Outcome> {
    let wanted = Wanted::new(options)?;
    let sources = input::sources(global, &options.inputs)?;
    let mut found = false;
    output::write_result(global, |out| {
        found = if options.count {
            count(global, options, &wanted, &sources, out)?
        } else {
            matches(global, options, &wanted, &sources, out)?
        };
        Ok(())
    })?;
    Ok(Outcome::of(found))
}

/// Which addresses are wanted.
struct Wanted {
    extractor: Extractor,
    ipv4: bool,
    ipv6: bool,
    scopes: Option<Vec<Scope>>,
}

impl Wanted {
    fn new(options: &Extract) -> Result<Self> {
        let all = options.scope.iter().any(|scope| scope == "all");
        let parse = |scope: &String| {
            scope.parse::<Scope>().map_err(|error| {
                Hinted::error(error.to_string(), "`all` takes every address there is")
            })
        };
        let scopes = options.scope.iter().filter(|scope| *scope != "all").map(parse);
        let scopes = scopes.collect::<Result<_>>()?;
        Ok(Self {
            extractor: Extractor::default().defanged(options.inputs.defang),
            ipv4: !options.ipv6,
            ipv6: !options.ipv4,
            scopes: (!all).then_some(scopes),
        })
    }

    fn takes(&self, found: &AddressMatch<'_>) -> bool {
        let address = found.address();
        let family = if address.is_ipv4() { self.ipv4 } else { self.ipv6 };
        let in_scope = |scopes: &Vec<Scope>| scopes.contains(&Scope::of(address));
        family && self.scopes.as_ref().is_none_or(in_scope)
    }
}

/// What `--count` prints of an address.
#[derive(Serialize)]
struct CountRow {
    address: String,
    hits: u64,
}

fn count(
    global: &Global,
    options: &Extract,
    wanted: &Wanted,
    sources: &[Source],
    out: &mut dyn Write,
) -> Result<bool> {
    let mut tally = Tally::new();
    let progress = Progress::new(global, sources);
    for source in sources {
        input::read(source, &progress, |reader| {
            let flow = wanted.extractor.for_each(reader, |found| {
                if wanted.takes(&found) {
                    tally.add(found.address());
                }
                ControlFlow::<()>::Continue(())
            });
            flow.map(|_| ())
        })?;
    }
    progress.finish();

    let rows = tally.top(usize::MAX);
    let most = rows.first().map_or(0, |&(_, hits)| hits).to_string().len();
    let mut printer = Printer::new(options.format, out);
    for (address, hits) in &rows {
        let row = CountRow { address: address.to_string(), hits: *hits };
        printer.print(&row, |out| writeln!(out, "{hits:>most$} {address}"))?;
    }
    printer.finish()?;
    Ok(!rows.is_empty())
}

/// What is printed of a match.
#[derive(Serialize)]
struct MatchRow {
    address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
}

fn matches(
    global: &Global,
    options: &Extract,
    wanted: &Wanted,
    sources: &[Source],
    out: &mut dyn Write,
) -> Result<bool> {
    let mut seen = Tally::new();
    let mut found_any = false;
    let mut printer = Printer::new(options.format, out);
    let progress = Progress::hidden(global);
    // Where a match stands costs nothing to say in JSON, unless each address is said once.
    let everything = options.format == TextFormat::Json && !options.unique;
    for source in sources {
        let name = source.name();
        let mut failed = None;
        input::read(source, &progress, |reader| {
            let lines = Lines::default();
            let mut print = |found: AddressMatch<'_>| {
                if !wanted.takes(&found) {
                    return Ok(());
                }
                found_any = true;
                if options.unique {
                    let address = found.address();
                    if seen.get(&address) > 0 {
                        return Ok(());
                    }
                    seen.add(address);
                }
                let said = |asked: bool| asked || everything;
                let row = MatchRow {
                    address: spelling(&found, options.unique),
                    file: said(options.with_filename).then(|| name.clone()),
                    line: said(options.line_number)
                        .then(|| lines.number_at(found.offset())),
                    offset: said(options.byte_offset).then(|| found.offset()),
                };
                printer.print(&row, |out| write_text(&row, out))
            };
            let flow =
                wanted.extractor.for_each(lines.count(reader), |found| {
                    match print(found) {
                        Ok(()) => ControlFlow::Continue(()),
                        Err(error) => ControlFlow::Break(error),
                    }
                })?;
            failed = flow.break_value();
            Ok(())
        })?;
        if let Some(error) = failed {
            return Err(error);
        }
    }
    progress.finish();
    printer.finish()?;
    Ok(found_any)
}

/// The address as it is written, if that is an address to any reader; else, and where
/// one spelling must stand for all, in the form of RFC 5952.
fn spelling(found: &AddressMatch<'_>, one_for_all: bool) -> String {
    let plain = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':');
    match str::from_utf8(found.text()) {
        Ok(text) if !one_for_all && text.bytes().all(|byte| plain(&byte)) => text.into(),
        _ => found.address().to_string(),
    }
}

/// As grep does: `file:line:offset:address`, as far as asked for.
fn write_text(row: &MatchRow, out: &mut dyn Write) -> std::io::Result<()> {
    if let Some(file) = &row.file {
        write!(out, "{file}:")?;
    }
    for number in [row.line, row.offset].into_iter().flatten() {
        write!(out, "{number}:")?;
    }
    writeln!(out, "{}", row.address)
}

/// Prints rows in one format.
enum Printer<'o> {
    Text(&'o mut dyn Write),
    Json(&'o mut dyn Write),
    Csv(Box<csv::Writer<&'o mut dyn Write>>),
}

impl<'o> Printer<'o> {
    fn new(format: TextFormat, out: &'o mut dyn Write) -> Self {
        match format {
            TextFormat::Text => Self::Text(out),
            TextFormat::Json => Self::Json(out),
            TextFormat::Csv => Self::Csv(Box::new(csv::Writer::from_writer(out))),
        }
    }

    fn print(
        &mut self,
        row: &impl Serialize,
        as_text: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
    ) -> Result<()> {
        match self {
            Self::Text(out) => as_text(*out)?,
            Self::Json(out) => {
                serde_json::to_writer(&mut **out, row)?;
                out.write_all(b"\n")?;
            }
            Self::Csv(writer) => writer.serialize(row)?,
        }
        Ok(())
    }

    fn finish(self) -> Result<()> {
        if let Self::Csv(mut writer) = self {
            writer.flush()?;
        }
        Ok(())
    }
}
