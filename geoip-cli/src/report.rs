//! `geoip report`: everything about a log on one page.

mod fold;
mod groups;
mod json;
mod map;
mod page;
mod rows;
mod scan;
mod span;
mod tables;

use anyhow::Result;
use geoip_core::{Enricher, Flags};
use geoip_render::Home;

use crate::{
    args::{self, Facts, Global, Inputs, Redact, ReportFormat, ThemeKind},
    cluster::Distance,
    failure::Hinted,
    home,
    output::{self, Outcome},
    wanted::Wanted,
};

pub(crate) use self::map::of_map;
use self::{rows::Gathered, scan::Scan, span::Span};

/// What is read, and what is looked for in it.
struct Question<'a> {
    inputs: &'a Inputs,
    facts: &'a Facts,
    asked: Span,
    /// Whether what looks like a log is read as one, if not said otherwise.
    reads_logs: bool,
    within: Distance,
    home: Option<&'a str>,
    home_name: &'a str,
}

/// All that a page or a JSON is made of.
struct Findings {
    scan: Scan,
    gathered: Gathered,
    groups: groups::Found,
    home: Option<Home>,
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
    let now = span::now();
    let question = Question {
        inputs: &options.inputs,
        facts: &options.facts,
        asked: Span::new(options.since.as_deref(), options.until.as_deref(), now)?,
        reads_logs: true,
        within: options.within.parse()?,
        home: options.home.as_deref(),
        home_name: &options.home_name,
    };
    let wishes = Wishes {
        title: options.title.clone(),
        theme: options.theme,
        redact: options.telling.redact,
        listed: options.telling.addresses,
    };
    let (findings, enricher) = find(global, &question, &wishes)?;
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

/// Read everything, look it up, and put what belongs together into rows and groups.
fn find(
    global: &Global,
    question: &Question<'_>,
    wishes: &Wishes,
) -> Result<(Findings, Enricher)> {
    let wanted = Wanted::new(question.facts, &question.inputs.selection)?;
    let asked = question.asked;
    let scan = scan::scan(global, question.inputs, asked, question.reads_logs)?;
    let enricher = wanted.open_with(global, &scan.tally, Flags::all())?;
    let home = question
        .home
        .map(|place| home::find(place, question.home_name, Some(&enricher)))
        .transpose()?;
    let limits = rows::Limits { listed: wishes.listed, redact: wishes.redact };
    let gathered = rows::gather(&scan, &enricher, &wanted, limits)?;
    let groups = groups::find(&gathered, question.within)?;
    Ok((Findings { scan, gathered, groups, home, asked }, enricher))
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
