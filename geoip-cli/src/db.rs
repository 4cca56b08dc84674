//! `geoip db`: about the databases themselves.

mod build;
mod export;
mod list;
mod update;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use geoip_core::{Database, DatabaseInfo, Enricher};
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

/// What is said of a database or list.
#[derive(Serialize)]
struct Row {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    build_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    age_days: Option<u64>,
    facts: String,
    /// How many networks and autonomous systems it names, if that was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<u64>,
    #[serde(flatten)]
    contents: Contents,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribution: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    licence: Option<String>,
}

/// What is in a database, as far as it was looked into; nothing for a list.
#[derive(Clone, Default, Serialize)]
struct Contents {
    /// The languages of its names, if there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    languages: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ipv4_ranges: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ipv6_ranges: Option<u64>,
}

impl Contents {
    fn new(database: &Database, count: bool) -> Result<Self> {
        let mut contents =
            Self { languages: database.languages().to_vec(), ..Self::default() };
        if count {
            let (mut v4, mut v6) = (0, 0);
            database.for_each_range(|range, _| {
                *if range.first().is_ipv4() { &mut v4 } else { &mut v6 } += 1;
            })?;
            (contents.ipv4_ranges, contents.ipv6_ranges) = (Some(v4), Some(v6));
        }
        Ok(contents)
    }
}

impl Row {
    fn new(info: &DatabaseInfo, enricher: &Enricher, contents: Contents) -> Self {
        let date = |(year, month, day)| format!("{year:04}-{month:02}-{day:02}");
        let age = info.build_epoch.and_then(|built| {
            let built = UNIX_EPOCH.checked_add(Duration::from_secs(built))?;
            SystemTime::now().duration_since(built).ok()
        });
        let list = enricher.lists().find(|list| list.info() == info);
        let credit = info.attribution.as_ref();
        Self {
            name: info.name.clone(),
            build_date: info.build_date().map(date),
            age_days: age.map(list::days),
            facts: list
                .map_or_else(|| info.facts.to_string(), |list| list.flags().to_string()),
            entries: info.entries,
            contents,
            attribution: credit.map(|credit| credit.text.clone()),
            url: credit.map(|credit| credit.url.clone()),
            licence: credit.map(|credit| credit.licence.clone()),
        }
    }
}

fn info(global: &Global, options: &DbInfo) -> Result<Outcome> {
    let databases = databases::open_all(global)?;
    let contents = databases.iter().map(|database| {
        Ok((database.info().clone(), Contents::new(database, options.count)?))
    });
    let contents: Vec<_> = contents.collect::<Result<_>>()?;
    let enricher = databases::enricher_of(global, databases, None)?;
    let row = |info: &DatabaseInfo| {
        let found = contents.iter().find(|(of, _)| of == info);
        let contents = found.map(|(_, contents)| contents.clone());
        Row::new(info, &enricher, contents.unwrap_or_default())
    };
    let rows: Vec<_> = enricher.sources().iter().map(row).collect();
    output::write_result(global, |out| {
        match options.format {
            TableFormat::Table => {
                let mut table = Table::new()
                    .text("database")
                    .text("built")
                    .number("days old")
                    .text("facts")
                    .number("entries")
                    .number("IPv4 ranges")
                    .number("IPv6 ranges")
                    .text("languages")
                    .text("credit")
                    .text("link")
                    .text("licence");
                for row in rows {
                    table.row(vec![
                        row.name,
                        row.build_date.unwrap_or_default(),
                        row.age_days.map(text::thousands).unwrap_or_default(),
                        row.facts,
                        row.entries.map(text::thousands).unwrap_or_default(),
                        row.contents.ipv4_ranges.map(text::thousands).unwrap_or_default(),
                        row.contents.ipv6_ranges.map(text::thousands).unwrap_or_default(),
                        row.contents.languages.join(" "),
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
                    "age_days",
                    "facts",
                    "entries",
                    "ipv4_ranges",
                    "ipv6_ranges",
                    "languages",
                    "attribution",
                    "url",
                    "licence",
                ])?;
                for row in rows {
                    let number = |count: Option<u64>| {
                        count.map(|count| count.to_string()).unwrap_or_default()
                    };
                    let text = |text: Option<String>| {
                        output::csv_text(&text.unwrap_or_default())
                    };
                    writer.write_record([
                        output::csv_text(&row.name),
                        row.build_date.unwrap_or_default(),
                        number(row.age_days),
                        row.facts,
                        number(row.entries),
                        number(row.contents.ipv4_ranges),
                        number(row.contents.ipv6_ranges),
                        output::csv_text(&row.contents.languages.join(" ")),
                        text(row.attribution),
                        text(row.url),
                        text(row.licence),
                    ])?;
                }
                writer.flush()?;
            }
        }
        Ok(())
    })?;
    Ok(Outcome::Found)
}
