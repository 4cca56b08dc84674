//! `geoip db`: about the databases themselves.

use anyhow::Result;
use geoip_core::DatabaseInfo;
use serde::Serialize;

use crate::{
    args::{Db, DbCommand, DbInfo, Global, TableFormat},
    databases,
    output::{self, Outcome},
    table::Table,
};

pub(crate) fn run(global: &Global, options: &Db) -> Result<Outcome> {
    match &options.command {
        DbCommand::Info(options) => info(global, options),
    }
}

/// What is said of a database.
#[derive(Serialize)]
struct Row {
    name: String,
    build_date: String,
    facts: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribution: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    licence: Option<String>,
}

impl Row {
    fn new(info: &DatabaseInfo) -> Self {
        let (year, month, day) = info.build_date();
        let credit = info.attribution.as_ref();
        Self {
            name: info.name.clone(),
            build_date: format!("{year:04}-{month:02}-{day:02}"),
            facts: info.facts.to_string(),
            attribution: credit.map(|credit| credit.text.clone()),
            url: credit.map(|credit| credit.url.clone()),
            licence: credit.map(|credit| credit.licence.clone()),
        }
    }
}

fn info(global: &Global, options: &DbInfo) -> Result<Outcome> {
    let enricher = databases::open(global)?;
    let rows: Vec<_> = enricher.sources().iter().map(Row::new).collect();
    output::write_result(global, |out| {
        match options.format {
            TableFormat::Table => {
                let mut table = Table::new()
                    .text("database")
                    .text("built")
                    .text("facts")
                    .text("credit")
                    .text("link")
                    .text("licence");
                for row in rows {
                    table.row(vec![
                        row.name,
                        row.build_date,
                        row.facts,
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
                rows.iter().try_for_each(|row| writer.serialize(row))?;
                writer.flush()?;
            }
        }
        Ok(())
    })?;
    Ok(Outcome::Found)
}
