//! Which databases answer.

use std::{env, ffi::OsString, path::PathBuf};

use anyhow::{Context, Result};
use geoip_core::{Answers, Database, Enricher, Error, Flags};

use crate::{args::Global, failure::Hinted, lists, text::printable};

/// The databases that the user names, or else the embedded ones; with the lists and places
/// that are named, and what a service answered.
///
/// `--db` comes before `GEOIP_DB`; what is named and cannot be read is an error, never a
/// reason to take another.
pub(crate) fn open(global: &Global, answers: Option<Answers>) -> Result<Enricher> {
    let mut enricher = lists::with_places(global, Enricher::new())?;
    if let Some(answers) = answers {
        enricher = enricher.with_answers(answers);
    }
    let named = named(global, env::var_os("GEOIP_DB"));
    if named.is_empty() {
        enricher = with_embedded(enricher)?;
    }
    let databases =
        named.iter().map(|path| Database::open(path).map_err(|error| hinted(&error)));
    let databases = joined(databases.collect::<Result<_>>()?);
    check_languages(global, &databases)?;
    let languages: Vec<_> = global.lang.iter().map(String::as_str).collect();
    for database in databases {
        enricher = enricher.with(database.with_languages(&languages));
    }
    lists::with_lists(global, enricher)
}

/// The databases, those that are each for one family of addresses made one.
///
/// A joined database stands where the first of its two stood.
fn joined(databases: Vec<Database>) -> Vec<Database> {
    let mut all: Vec<Database> = Vec::new();
    for database in databases {
        let Some(position) = all.iter().position(|earlier| earlier.joins(&database))
        else {
            all.push(database);
            continue;
        };
        match all.remove(position).join(database) {
            Ok(both) => all.insert(position, both),
            Err(apart) => all.extend(*apart),
        }
    }
    all
}

/// Whether there are names in any language but English, if one is asked for.
///
/// English without a word would look as if there were no other names.
fn check_languages(global: &Global, databases: &[Database]) -> Result<()> {
    let known = |database: &Database| {
        database.languages().iter().any(|language| language != "en")
    };
    let english = global.lang.first().is_none_or(|language| language == "en");
    if english || databases.iter().any(known) {
        return Ok(());
    }
    Err(Hinted::error(
        format!("no database here has names in `{}`", printable(&global.lang.join(","))),
        "the embedded ones are in English; name one of MaxMind or DB-IP: --db FILE",
    ))
}

/// As [`open`], for a question about these flags: those that nothing named can set, but lists
/// that are installed or embedded can, they set.
pub(crate) fn open_for(
    global: &Global,
    asked: Flags,
    answers: Option<Answers>,
) -> Result<Enricher> {
    let enricher = open(global, answers)?;
    let known = enricher.flags();
    let enricher = lists::with_installed(enricher, asked, known)?;
    lists::with_embedded(enricher, asked, known)
}

fn named(global: &Global, variable: Option<OsString>) -> Vec<PathBuf> {
    if !global.db.is_empty() {
        return global.db.clone();
    }
    let variable = variable.unwrap_or_default();
    env::split_paths(&variable).filter(|path| !path.as_os_str().is_empty()).collect()
}

fn with_embedded(enricher: Enricher) -> Result<Enricher> {
    let open = |name, bytes: &'static [u8]| {
        Database::from_bytes(name, bytes).context("this program is damaged")
    };
    Ok(enricher
        .with(open("embedded city database", geoip_data_city::CITY)?)
        .with(open("embedded AS database", geoip_data_asn::ASN)?))
}

/// A database error with what to do about it.
fn hinted(error: &Error) -> anyhow::Error {
    let hint = match error {
        Error::Read { .. } => {
            "check the name after --db or in GEOIP_DB; without either, the embedded databases answer"
        }
        Error::NotADatabase { .. } => {
            "name a file in MaxMind's format (.mmdb); without --db, the embedded databases answer"
        }
        Error::Damaged { .. } => "download the database again",
        Error::NoKnownFacts { .. } => {
            "name a City, Country, ASN or Anonymous-IP database"
        }
        _ => "",
    };
    let message = error.to_string();
    match std::error::Error::source(error) {
        Some(cause) => {
            let cause = anyhow::anyhow!("{cause}");
            Hinted::because(cause, message, hint)
        }
        None => Hinted::error(message, hint),
    }
}
