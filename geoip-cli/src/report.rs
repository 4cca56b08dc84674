//! `geoip report`: everything about a log on one page.

mod fold;
mod groups;
mod json;
mod page;
mod rows;
mod scan;
mod span;
mod tables;

use anyhow::Result;
use geoip_core::Flags;

use crate::{
    args::{self, Global, Redact, ReportFormat, ThemeKind},
    cluster::Distance,
    failure::Hinted,
    output::{self, Outcome},
    wanted::Wanted,
};

use self::{rows::Gathered, scan::Scan, span::Span};

/// All that a page or a JSON is made of.
struct Findings {
    scan: Scan,
    gathered: Gathered,
    groups: groups::Found,
    asked: Span,
}

/// How the reader is to see it.
struct Wishes {
    title: Option<String>,
    theme: ThemeKind,
    redact: Option<Redact>,
    /// How many addresses are listed one by one.
    listed: usize,
}

pub(crate) fn run(global: &Global, options: &args::Report) -> Result<Outcome> {
    let format = format(global, options)?;
    let within: Distance = options.within.parse()?;
    let now = span::now();
    let asked = Span::new(options.since.as_deref(), options.until.as_deref(), now)?;
    let wanted = Wanted::new(&options.facts, &options.inputs.selection)?;

    let scan = scan::scan(global, &options.inputs, asked)?;
    let enricher = wanted.open_with(global, &scan.tally, Flags::all())?;
    let limits = rows::Limits { listed: options.addresses, redact: options.redact };
    let gathered = rows::gather(&scan, &enricher, &wanted, limits)?;
    let groups = groups::find(&gathered, within)?;
    let wishes = Wishes {
        title: options.title.clone(),
        theme: options.theme,
        redact: options.redact,
        listed: options.addresses,
    };
    let findings = Findings { scan, gathered, groups, asked };
    let report = page::describe(&wishes, &findings, &enricher, now);

    match format {
        ReportFormat::Html => {
            let page = geoip_render::report(&report)?;
            output::write_result(global, |out| Ok(out.write_all(page.as_bytes())?))?;
        }
        ReportFormat::Json => {
            let document = json::document(&wishes, &findings, &report, &enricher, now);
            output::write_result(global, |out| {
                serde_json::to_writer_pretty(&mut *out, &document)?;
                Ok(out.write_all(b"\n")?)
            })?;
        }
    }
    for note in &report.map.notes {
        output::note(global, note);
    }
    // A page that says that nothing happened is what was asked for.
    Ok(Outcome::Found)
}

/// What to write: said by `--format`, or by the extension of the file.
fn format(global: &Global, options: &args::Report) -> Result<ReportFormat> {
    if let Some(format) = options.format {
        return Ok(format);
    }
    let Some(path) = &global.output else {
        return Err(Hinted::error(
            "no file to write to: --output is missing",
            "for example: -o report.html; or --format json for standard output",
        ));
    };
    let extension = path.extension().and_then(|extension| extension.to_str());
    match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("html" | "htm") => Ok(ReportFormat::Html),
        Some("json") => Ok(ReportFormat::Json),
        _ => Err(Hinted::error(
            format!("cannot tell what to write from {}", path.display()),
            "end the name in .html or .json, or say --format",
        )),
    }
}
