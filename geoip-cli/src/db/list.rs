//! `geoip db list`: what can be installed, and what is.

use std::{
    path::PathBuf,
    time::{Duration, SystemTime},
};

use anyhow::Result;
use geoip_fetch::{Content, GeoIpConf, Installed, Source, installed};
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    args::{DbList, Global, TableFormat},
    folders,
    output::{self, Outcome},
    table::Table,
};

/// A source, and where it is installed if it is.
#[derive(Serialize)]
struct Row {
    name: String,
    about: &'static str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edition: Option<String>,
    /// Of the file, as its owner dated it.
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    age_days: Option<u64>,
    licence: &'static str,
    credit: &'static str,
    url: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    needs: Option<&'static str>,
}

impl Row {
    fn new(source: &Source, found: Option<Installed>, now: SystemTime) -> Self {
        let modified = found.as_ref().and_then(|found| found.modified);
        let age = modified.and_then(|modified| now.duration_since(modified).ok());
        Self {
            name: source.name().to_owned(),
            about: source.about(),
            kind: match source.content() {
                Content::List(_) => "list",
                _ => "database",
            },
            bytes: found.as_ref().map(|found| found.bytes),
            edition: found.as_ref().and_then(|found| found.edition.clone()),
            date: modified.and_then(day),
            age_days: age.map(days),
            file: found.map(|found| found.path),
            licence: source.licence(),
            credit: source.credit(),
            url: source.home(),
            needs: source.key(),
        }
    }
}

/// The day of a time, in UTC.
fn day(time: SystemTime) -> Option<String> {
    Some(Timestamp::try_from(time).ok()?.strftime("%Y-%m-%d").to_string())
}

pub(super) fn days(age: Duration) -> u64 {
    age.as_secs() / (24 * 60 * 60)
}

pub(super) fn run(global: &Global, options: &DbList) -> Result<Outcome> {
    let now = SystemTime::now();
    let folders = match &options.directory {
        Some(folder) => vec![folder.clone()],
        None => searched(),
    };
    let row = |source: &Source| {
        let found = folders.iter().find_map(|folder| installed(folder, source));
        Row::new(source, found, now)
    };
    let mut rows: Vec<_> = Source::all().iter().map(row).collect();
    rows.extend(others(&folders).iter().map(row));
    rows.retain(|row| !options.installed || row.file.is_some());
    let found = !rows.is_empty();
    output::write_result(global, |out| match options.format {
        TableFormat::Table => {
            Ok(table(&rows).write(out, output::terminal_width(global))?)
        }
        TableFormat::Json => output::write_json_lines(out, &rows),
        TableFormat::Csv => {
            let mut writer = csv::Writer::from_writer(out);
            writer.write_record([
                "name", "about", "kind", "file", "bytes", "edition", "date", "age_days",
                "licence", "credit", "url", "needs",
            ])?;
            for row in rows {
                let path = row.file.map(|file| file.display().to_string());
                writer.write_record([
                    output::csv_text(&row.name),
                    row.about.into(),
                    row.kind.into(),
                    output::csv_text(&path.unwrap_or_default()),
                    row.bytes.map(|bytes| bytes.to_string()).unwrap_or_default(),
                    output::csv_text(&row.edition.unwrap_or_default()),
                    row.date.unwrap_or_default(),
                    row.age_days.map(|days| days.to_string()).unwrap_or_default(),
                    row.licence.into(),
                    row.credit.into(),
                    row.url.into(),
                    row.needs.unwrap_or_default().into(),
                ])?;
            }
            Ok(writer.flush()?)
        }
    })?;
    Ok(Outcome::of(found))
}

/// The folders that are looked into unless one is named.
fn searched() -> Vec<PathBuf> {
    let mut folders: Vec<_> = folders::of_user().into_iter().collect();
    let settings = folders::SETTINGS.map(|path| GeoIpConf::open(path.as_ref()).ok());
    folders.extend(settings.into_iter().flatten().filter_map(|it| it.database_directory));
    folders.extend(folders::SYSTEM_FOLDERS.map(PathBuf::from));
    folders
}

/// What is installed and known by a name, though it is not among the sources with a name
/// of their own: other editions of MaxMind, other codes of IP2Location.
pub(super) fn others(folders: &[PathBuf]) -> Vec<Source> {
    let mut found: Vec<Source> = Vec::new();
    for entry in
        folders.iter().filter_map(|folder| folder.read_dir().ok()).flatten().flatten()
    {
        let name = entry.file_name();
        let stem = |name: &str| {
            let stem = name.strip_suffix(".mmdb").or_else(|| name.strip_suffix(".csv"));
            stem.map(str::to_owned)
        };
        let Some(stem) = name.to_str().and_then(stem) else {
            continue;
        };
        let code =
            stem.strip_prefix("IP2LOCATION-").map(|code| format!("ip2location:{code}"));
        let Ok(source) = Source::named(&code.unwrap_or(stem)) else { continue };
        // A name can be known that has another ending.
        if Some(source.file()) != name.to_str() {
            continue;
        }
        if !Source::all().contains(&source) && !found.contains(&source) {
            found.push(source);
        }
    }
    found.sort_by(|a, b| a.name().cmp(b.name()));
    found
}

fn table(rows: &[Row]) -> Table {
    let mut table = Table::new()
        .text("name")
        .text("holds")
        .text("edition")
        .number("days old")
        .text("file")
        .text("licence")
        .text("only with");
    for row in rows {
        let dated = row.edition.clone().or_else(|| row.date.clone());
        table.row(vec![
            row.name.clone(),
            row.about.into(),
            dated.unwrap_or_default(),
            row.age_days.map(|days| days.to_string()).unwrap_or_default(),
            row.file.as_ref().map(|file| file.display().to_string()).unwrap_or_default(),
            row.licence.into(),
            row.needs.unwrap_or_default().into(),
        ]);
    }
    table
}
