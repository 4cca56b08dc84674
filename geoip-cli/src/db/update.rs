//! `geoip db update`: the one command that fetches.

mod keys;

use std::{path::PathBuf, time::SystemTime};

use anyhow::{Context, Result, anyhow};
use geoip_fetch::{
    Client, ClientOptions, Error, Folder, Progress, Source, Updated, Updater, installed,
    providers,
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use self::keys::Given;
use super::list;
use crate::{
    args::{DbUpdate, Global, TableFormat},
    failure::Hinted,
    folders,
    output::{self, Outcome},
    table::Table,
    text::{counted, printable, thousands},
};

/// What is fetched for those who ask for nothing and have nothing.
const AT_FIRST: [&str; 2] = ["dbip-city", "dbip-asn"];

/// What became of a source.
#[derive(Serialize)]
struct Row {
    name: String,
    /// `installed`, `current`, `failed`; or `planned`, if it was only asked for what would
    /// be.
    outcome: &'static str,
    file: PathBuf,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    credit: &'static str,
}

pub(super) fn run(global: &Global, options: &DbUpdate) -> Result<Outcome> {
    let folder =
        options.directory.clone().or_else(folders::of_user).ok_or_else(|| {
            Hinted::error("there is no folder to install in", "name one: --directory DIR")
        })?;
    let given = Given::new(options)?;
    let sources = sources(options, &given, &folder)?;
    let clients = Clients::new(&given)?;
    let updater = |source: &Source| -> Result<Updater<'_>> {
        let client = clients.of(source);
        let mut updater = Updater::new(client, SystemTime::now())
            .keys(given.keys.clone())
            .force(options.force);
        if let Some(host) = &given.host {
            updater = updater.mirror("maxmind", host);
        }
        for mirror in &options.mirror {
            let (provider, base) = mirror_of(mirror)?;
            updater = updater.mirror(provider, base);
        }
        Ok(updater)
    };
    let mut rows = Vec::new();
    let mut failures = Vec::new();
    let locked =
        if options.dry_run { None } else { Some(hinted(Folder::open(&folder))?) };
    for source in &sources {
        let updater = updater(source)?;
        let file = folder.join(source.file());
        let mut row = Row {
            name: source.name().to_owned(),
            outcome: "planned",
            file,
            bytes: None,
            url: None,
            error: None,
            credit: source.credit(),
        };
        let outcome = match &locked {
            None => plan(&updater, source, &mut row),
            Some(folder) => update(global, &updater, folder, source, &mut row),
        };
        if let Err(error) = outcome {
            row.outcome = "failed";
            row.error = Some(error.to_string());
            failures.push((source.name().to_owned(), error));
        }
        rows.push(row);
    }
    output::write_result(global, |out| match options.format {
        TableFormat::Table => {
            Ok(table(&rows).write(out, output::terminal_width(global))?)
        }
        TableFormat::Json => output::write_json_lines(out, &rows),
        TableFormat::Csv => write_csv(out, &rows),
    })?;
    report(failures, sources.len())
}

/// Say what failed: one after the other, and the last as the error of the whole.
fn report(mut failures: Vec<(String, Error)>, asked: usize) -> Result<Outcome> {
    let Some((name, last)) = failures.pop() else { return Ok(Outcome::Found) };
    let of = |name: &str, error: Error| {
        let advice = error.advice();
        Hinted::because(error, format!("cannot update {}", printable(name)), advice)
    };
    let failed = failures.len() as u64 + 1;
    for (name, error) in failures {
        output::report_failure(&of(&name, error));
    }
    let last = of(&name, last);
    if asked > 1 {
        output::report_failure(&last);
        let failed = counted(failed, "source", "sources");
        return Err(anyhow!(
            "{failed} of {} could not be updated",
            thousands(asked as u64)
        ));
    }
    Err(last)
}

/// An error of fetching with what to do about it.
fn hinted<T>(result: Result<T, Error>) -> Result<T> {
    result.map_err(|error| {
        let advice = error.advice();
        let cause = std::error::Error::source(&error).map(|cause| anyhow!("{cause}"));
        let message = error.to_string();
        match cause {
            Some(cause) => Hinted::because(cause, message, advice),
            None => Hinted::error(message, advice),
        }
    })
}

/// What to update: what is named, or what is there, or what to begin with.
fn sources(options: &DbUpdate, given: &Given, folder: &PathBuf) -> Result<Vec<Source>> {
    let named = |name: &String| {
        Source::named(name).map_err(|error| {
            let hint = "`geoip db list` names them; an edition of MaxMind is written like \
                        GeoIP2-City";
            Hinted::error(printable(&error.to_string()).into_owned(), hint)
        })
    };
    let mut sources: Vec<Source> = Vec::new();
    if options.names.is_empty() {
        let there = |source: &&Source| installed(folder, source).is_some();
        sources.extend(Source::all().iter().filter(there).cloned());
        sources.extend(list::others(std::slice::from_ref(folder)));
        for edition in &given.editions {
            sources.push(named(edition)?);
        }
        if sources.is_empty() {
            let first = AT_FIRST.map(Source::named);
            sources.extend(first.into_iter().collect::<Result<Vec<_>, _>>()?);
        }
    } else {
        sources = options.names.iter().map(named).collect::<Result<_>>()?;
    }
    let mut once: Vec<Source> = Vec::new();
    for source in sources {
        if !once.contains(&source) {
            once.push(source);
        }
    }
    Ok(once)
}

fn mirror_of(text: &str) -> Result<(&str, &str)> {
    let known = |name: &str| providers().any(|provider| provider == name);
    let parted = text.split_once('=').filter(|(provider, _)| known(provider));
    parted.ok_or_else(|| {
        let names: Vec<_> = providers().collect();
        Hinted::error(
            format!("`{}` names no mirror of a provider", printable(text)),
            format!("PROVIDER=URL, where the provider is one of {}", names.join(", ")),
        )
    })
}

/// Who asks: MaxMind may be asked through a proxy of its own.
struct Clients {
    usual: Client,
    maxmind: Option<Client>,
}

impl Clients {
    fn new(given: &Given) -> Result<Self> {
        let options = ClientOptions::default().user_agent(concat!(
            "geoip/",
            env!("CARGO_PKG_VERSION"),
            " (+",
            env!("CARGO_PKG_REPOSITORY"),
            ")"
        ));
        let proxied = given.proxy.as_ref().map(|proxy| options.clone().proxy(proxy));
        let maxmind = proxied.map(|options| Client::new(&options)).transpose();
        Ok(Self { usual: hinted(Client::new(&options))?, maxmind: hinted(maxmind)? })
    }

    fn of(&self, source: &Source) -> &Client {
        let own = self.maxmind.as_ref().filter(|_| source.provider() == "maxmind");
        own.unwrap_or(&self.usual)
    }
}

fn plan(updater: &Updater<'_>, source: &Source, row: &mut Row) -> Result<(), Error> {
    let plan = updater.plan(source)?;
    row.url = Some(plan.url);
    match plan.missing_key {
        None => Ok(()),
        Some(needed) => Err(Error::NoKey { name: source.name().into(), needed }),
    }
}

fn update(
    global: &Global,
    updater: &Updater<'_>,
    folder: &Folder,
    source: &Source,
    row: &mut Row,
) -> Result<(), Error> {
    let bar = bar(global, source.name());
    let mut watch = |progress: Progress<'_>| match progress {
        Progress::Received { bytes, total } => {
            if let Some(total) = total {
                bar.set_length(total);
            }
            bar.set_position(bytes);
        }
        Progress::Waiting { wait, reason } => bar.suspend(|| {
            let seconds = wait.as_secs_f64();
            let again = format!("{source}: {reason}; trying again in {seconds:.0} s");
            output::note(global, &again);
        }),
        _ => bar.set_message(", checking"),
    };
    let outcome = updater.update(folder, source, &mut watch);
    bar.finish_and_clear();
    match outcome? {
        Updated::Installed { bytes } => {
            row.outcome = "installed";
            row.bytes = Some(bytes);
        }
        _ => row.outcome = "current",
    }
    Ok(())
}

/// How far it has come, on a terminal and nowhere else.
fn bar(global: &Global, name: &str) -> ProgressBar {
    let target = if global.quiet {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr_with_hz(5)
    };
    let template = "{prefix} {bar:24} {binary_bytes} of {binary_total_bytes}, \
                    {binary_bytes_per_sec}{msg}";
    let style = ProgressStyle::with_template(template);
    ProgressBar::with_draw_target(None, target)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        .with_prefix(name.to_owned())
}

fn table(rows: &[Row]) -> Table {
    let mut table = Table::new()
        .text("name")
        .text("outcome")
        .number("bytes")
        .text("file")
        .text("from")
        .text("credit");
    for row in rows {
        table.row(vec![
            row.name.clone(),
            row.outcome.into(),
            row.bytes.map(thousands).unwrap_or_default(),
            row.file.display().to_string(),
            row.url.clone().unwrap_or_default(),
            row.credit.into(),
        ]);
    }
    table
}

fn write_csv(out: &mut output::Out<'_>, rows: &[Row]) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer
        .write_record(["name", "outcome", "file", "bytes", "url", "error", "credit"])?;
    for row in rows {
        writer.write_record([
            output::csv_text(&row.name),
            row.outcome.into(),
            output::csv_text(&row.file.display().to_string()),
            row.bytes.map(|bytes| bytes.to_string()).unwrap_or_default(),
            row.url.clone().unwrap_or_default(),
            output::csv_text(row.error.as_deref().unwrap_or_default()),
            row.credit.into(),
        ])?;
    }
    writer.flush().context("cannot write the result")
}
