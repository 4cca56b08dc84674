//! `geoip extract`: the addresses found.

mod annotate;
mod distinct;
mod lines;
mod matches;
mod spelling;
mod template;
mod whereabouts;

use anyhow::Result;
use geoip_extract::{NetworkForms, Rule};
use serde::Serialize;

use self::{annotate::Note, template::Template};
use crate::{
    args::{Extract, Global, TextFormat},
    databases,
    failure::Hinted,
    output::{self, Outcome},
    search::{Search, Wants},
    style::Style,
    table::Table,
    wanted::excluded_flags,
};

pub(crate) fn run(global: &Global, options: &Extract) -> Result<Outcome> {
    if options.list_rules {
        return list_rules(global, options.format);
    }
    check_format(options)?;
    check_no_flags(options)?;
    let note = note(options)?;
    let wants = Wants {
        logs: false,
        times: false,
        line_numbers: options.line_number || options.format == TextFormat::Json,
        prints: !options.count,
        follows: options.follow,
    };
    let search = Search::new(global, &options.inputs, wants)?;
    let mut found = false;
    output::write_result(global, |out| {
        let format = options.format;
        let forms = NetworkForms { prefixes: options.cidr, ranges: options.range };
        found = if options.count {
            distinct::print_counts(&search, forms, format, out)?
        } else if options.unique {
            distinct::print_once(&search, forms, format, out)?
        } else if options.only_line {
            lines::print(&search, options, Style::new(global), out)?
        } else if let Some(note) = note {
            let enricher = databases::open(global, None)?;
            annotate::print(&search, &note, &enricher, Style::new(global), out)?
        } else {
            matches::print(&search, options, Style::new(global), out)?
        };
        Ok(())
    })?;
    search.finish();
    Ok(Outcome::of(found))
}

/// Addresses are taken as they come, before anything is known about them.
fn check_no_flags(options: &Extract) -> Result<()> {
    match excluded_flags(&options.inputs.selection).names().next() {
        None => Ok(()),
        Some(flag) => Err(Hinted::error(
            format!("--exclude {flag} needs to know more than the address"),
            format!(
                "use `geoip enrich --exclude {flag}`; a file of that name is ./{flag}"
            ),
        )),
    }
}

/// Some things have one form only.
fn check_format(options: &Extract) -> Result<()> {
    let is_text = options.tag || options.replace.is_some();
    let what = if options.tag { "--tag" } else { "--replace" };
    if is_text && options.format != TextFormat::Text {
        return Err(Hinted::error(
            format!("{what} prints the text that it reads, and has no other format"),
            "`geoip enrich` prints what is known about the addresses as JSON or CSV",
        ));
    }
    if (options.cidr || options.range) && options.inputs.lines.log.is_some() {
        return Err(Hinted::error(
            "--log takes the client of each line, which is an address and no network",
            "leave out --log, or --cidr and --range",
        ));
    }
    if options.only_line && options.format == TextFormat::Csv {
        return Err(Hinted::error(
            "--only-line prints lines as text or JSON, not CSV",
            "use --format json",
        ));
    }
    Ok(())
}

/// What is written in the place of addresses, if anything is.
fn note(options: &Extract) -> Result<Option<Note>> {
    if options.tag {
        return Ok(Some(Note::Tag));
    }
    let template = options.replace.as_deref().map(Template::parse).transpose()?;
    Ok(template.map(Note::Template))
}

/// A rule as `--list-rules` prints it.
#[derive(Serialize)]
struct RuleRow {
    rule: &'static str,
    default: bool,
    description: &'static str,
}

fn list_rules(global: &Global, format: TextFormat) -> Result<Outcome> {
    let mut rows = Rule::ALL.iter().map(|rule| RuleRow {
        rule: rule.name(),
        default: rule.is_default(),
        description: rule.description(),
    });
    output::write_result(global, |out| match format {
        TextFormat::Text => {
            let mut table = Table::new().text("rule").text("").text("what it does");
            for row in rows {
                let on = if row.default { "on" } else { "off" };
                table.row(vec![row.rule.into(), on.into(), row.description.into()]);
            }
            Ok(table.write(out, output::terminal_width(global))?)
        }
        TextFormat::Json => {
            for row in rows {
                serde_json::to_writer(&mut *out, &row)?;
                out.write_all(b"\n")?;
            }
            Ok(())
        }
        TextFormat::Csv => {
            let mut writer = csv::Writer::from_writer(out);
            rows.try_for_each(|row| writer.serialize(row))?;
            Ok(writer.flush()?)
        }
    })?;
    Ok(Outcome::Found)
}
