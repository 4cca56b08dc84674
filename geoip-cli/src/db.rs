//! `geoip db`: about the databases themselves.

mod build;
mod export;
mod list;
mod update;

use anyhow::Result;
use geoip_core::{DatabaseInfo, Enricher};
use serde::Serialize;

use crate::{
    args::{Db, DbCommand, DbInfo, Global, TableFormat},
    databases,
    output::{self, Outcome},
    table::Table,
    text,
};

pub(crate) fn run(global: &Global, options: &Db) -> Result<Outcome> {
    match &options.command {
        DbCommand::Info(options) => info(global, options),
        DbCommand::Export(options) => export::run(global, options),
        DbCommand::Build(options) => build::run(global, options),
        DbCommand::List(options) => list::run(global, options),
        DbCommand::Update(options) => update::run(global, options),
    }
}

/// What is said of a database.
#[derive(Serialize)]
struct Row {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    build_date: Option<String>,
    facts: String,
    /// How many networks and autonomous systems it names, if that was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribution: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    licence: Option<String>,
}

impl Row {
    fn new(info: &DatabaseInfo, enricher: &Enricher) -> Self {
        let date = |(year, month, day)| format!("{year:04}-{month:02}-{day:02}");
        let list = enricher.lists().find(|list| list.info() == info);
        let credit = info.attribution.as_ref();
        Self {
            name: info.name.clone(),
            build_date: info.build_date().map(date),
            facts: list
                .map_or_else(|| info.facts.to_string(), |list| list.flags().to_string()),
            entries: info.entries,
            attribution: credit.map(|credit| credit.text.clone()),
            url: credit.map(|credit| credit.url.clone()),
            licence: credit.map(|credit| credit.licence.clone()),
        }
    }
}

fn info(global: &Global, options: &DbInfo) -> Result<Outcome> {
    let enricher = databases::open(global, None)?;
    let rows: Vec<_> =
        enricher.sources().iter().map(|info| Row::new(info, &enricher)).collect();
    output::write_result(global, |out| {
        match options.format {
            TableFormat::Table => {
                let mut table = Table::new()
                    .text("database")
                    .text("built")
                    .text("facts")
                    .number("entries")
                    .text("credit")
                    .text("link")
                    .text("licence");
                for row in rows {
                    table.row(vec![
                        row.name,
                        row.build_date.unwrap_or_default(),
                        row.facts,
                        row.entries.map(text::thousands).unwrap_or_default(),
                        row.attribution.unwrap_or_default(),
                        row.url.unwrap_or_default(),
                        row.licence.unwrap_or_default(),
                    ]);
                }
                table.write(out, output::terminal_width(global))?;
            }
            TableFormat::Json => {
                for row in rows {
                    serde_json::to_writer(&mut *out, &row)?;
                    out.write_all(b"\n")?;
                }
            }
            TableFormat::Csv => {
                let mut writer = csv::Writer::from_writer(out);
                writer.write_record([
                    "name",
                    "build_date",
                    "facts",
                    "entries",
                    "attribution",
                    "url",
                    "licence",
                ])?;
                for row in rows {
                    let entries = row.entries.map(|entries| entries.to_string());
                    let texts = [row.attribution, row.url, row.licence]
                        .map(|text| output::csv_text(&text.unwrap_or_default()));
                    writer.write_record(
                        [
                            output::csv_text(&row.name),
                            row.build_date.unwrap_or_default(),
                            row.facts,
                            entries.unwrap_or_default(),
                        ]
                        .iter()
                        .chain(&texts),
                    )?;
                }
                writer.flush()?;
            }
        }
        Ok(())
    })?;
    Ok(Outcome::Found)
}
