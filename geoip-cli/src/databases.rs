//! Which databases answer.

use std::{
    env,
    ffi::OsString,
    panic,
    path::{Path, PathBuf},
    thread,
};

use anyhow::{Context, Result};
use geoip_core::{Answers, Database, Enricher, Error, Facts, Flags};
use geoip_fetch::GeoIpConf;

use crate::{args::Global, failure::Hinted, folders, lists, output, text::printable};

/// The databases that answer, see [`open_all`]; with the lists and places
/// that are named, and what a service answered.
///
/// `--db` comes before `GEOIP_DB`; what is named and cannot be read is an error, never a
/// reason to take another.
pub(crate) fn open(global: &Global, answers: Option<Answers>) -> Result<Enricher> {
    enricher_of(global, open_all(global)?, answers)
}

/// As [`open`], to look a few addresses up and end.
///
/// Large files are mapped then, which takes a millisecond where reading takes a hundred.
pub(crate) fn open_briefly(
    global: &Global,
    answers: Option<Answers>,
) -> Result<Enricher> {
    let map = |path: &Path| {
        #[expect(unsafe_code, reason = "a file can be changed while it is mapped")]
        // SAFETY: what updates databases renames a new file to the old name, which leaves the
        // mapped one whole, and this program ends within milliseconds; docs/decisions/062.
        unsafe {
            Database::open_mapped(path)
        }
    };
    enricher_of(global, open_all_by(global, map)?, answers)
}

/// As [`open`], of databases that are open already.
pub(crate) fn enricher_of(
    global: &Global,
    databases: Vec<Database>,
    answers: Option<Answers>,
) -> Result<Enricher> {
    let mut enricher = lists::with_places(global, Enricher::new())?;
    if let Some(answers) = answers {
        enricher = enricher.with_answers(answers);
    }
    let enricher = databases.into_iter().fold(enricher, Enricher::with);
    lists::with_lists(global, enricher)
}

/// The databases, in the order in which they are asked: those of `--db`, else of `GEOIP_DB`,
/// else those that `geoip db update` has put into the user's folder, and the embedded ones
/// for what none of these knows.
pub(crate) fn open_all(global: &Global) -> Result<Vec<Database>> {
    open_all_by(global, Database::open)
}

/// How a file is opened: read or mapped.
type Open = fn(&Path) -> Result<Database, Error>;

fn open_all_by(global: &Global, open: Open) -> Result<Vec<Database>> {
    let named = named(global, env::var_os("GEOIP_DB"));
    let mut databases = Vec::new();
    if named.is_empty() {
        for file in folders::of_user().map(|folder| files_in(&folder)).unwrap_or_default()
        {
            databases.push(open_file(&file, open)?);
        }
        let known = databases.iter().map(|database: &Database| database.info().facts);
        let known = known.fold(Facts::default(), Facts::or);
        databases.extend(embedded(known)?);
    }
    for path in &named {
        match path.to_str() {
            Some("embedded") => databases.extend(embedded(Facts::default())?),
            Some("system") => databases.extend(of_system(open)?),
            _ if path.is_dir() => databases.extend(of_folder(path, open)?),
            _ => databases.push(open_file(path, open)?),
        }
    }
    let databases = joined(databases);
    check_languages(global, &databases)?;
    let languages: Vec<_> = global.lang.iter().map(String::as_str).collect();
    let in_languages = |database: Database| database.with_languages(&languages);
    Ok(databases.into_iter().map(in_languages).collect())
}

fn open_file(path: &Path, open: Open) -> Result<Database> {
    open(path).map_err(|error| hinted(&error))
}

/// The databases in a folder that was named.
fn of_folder(folder: &Path, open: Open) -> Result<Vec<Database>> {
    let files = files_in(folder);
    if files.is_empty() {
        return Err(Hinted::error(
            format!("{} has no database in it", folder.display()),
            "of a folder the files named *.mmdb are taken, and where there are none GeoIP*.dat",
        ));
    }
    files.iter().map(|file| open_file(file, open)).collect()
}

/// The databases of the operating system: those in the folder of a `GeoIP.conf`, else in the
/// first of the usual folders that has any.
fn of_system(open: Open) -> Result<Vec<Database>> {
    let settings = folders::SETTINGS
        .iter()
        .filter_map(|path| GeoIpConf::open(Path::new(path)).ok()?.database_directory);
    let usual = folders::SYSTEM_FOLDERS.iter().map(PathBuf::from);
    let found = settings.chain(usual).map(|folder| files_in(&folder));
    let Some(files) = found.into_iter().find(|files| !files.is_empty()) else {
        return Err(Hinted::error(
            format!("there is no database in {}", folders::SYSTEM_FOLDERS.join(", ")),
            "`geoip db update` fetches one; a file called `system` is ./system",
        ));
    };
    files.iter().map(|file| open_file(file, open)).collect()
}

/// The databases in a folder, in the order of their names; none if there is no such folder.
///
/// Those are the files in MaxMind's format and the CSV that `geoip db update` installs; where
/// there are none, the legacy ones, which nobody has updated for years.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.path()).collect();
    files.sort();
    let of = |start: &str, extension: &str, path: &Path| {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        let begins = name.get(..start.len());
        // A hidden file is one that is still being fetched.
        !name.starts_with(b".")
            && begins.is_some_and(|name| name.eq_ignore_ascii_case(start.as_bytes()))
            && path.extension().is_some_and(|it| it.eq_ignore_ascii_case(extension))
            && path.is_file()
    };
    let (newer, older): (Vec<_>, Vec<_>) = files
        .into_iter()
        .filter(|path| {
            of("", "mmdb", path)
                || of("IP2LOCATION-", "csv", path)
                || of("Geo", "dat", path)
        })
        .partition(|path| !of("", "dat", path));
    if newer.is_empty() { older } else { newer }
}

/// Whether there is a file to write a database to.
pub(crate) fn check_output(global: &Global) -> Result<()> {
    if output::goes_to_terminal(global) {
        return Err(Hinted::error(
            "a database is nothing for a terminal",
            "name a file: --output FILE",
        ));
    }
    Ok(())
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

/// The embedded databases that know what is not known.
fn embedded(known: Facts) -> Result<Vec<Database>> {
    let open = |name, bytes: &'static [u8]| {
        Database::from_bytes(name, bytes).context("this program is damaged")
    };
    // Each unpacks its labels, which takes longer than all else that a look-up does.
    let (networks, cities) = thread::scope(|scope| {
        let networks = (!known.autonomous_system)
            .then(|| scope.spawn(|| open("embedded AS database", geoip_data_asn::ASN)));
        let cities =
            (!known.city).then(|| open("embedded city database", geoip_data_city::CITY));
        let networks = networks.map(|thread| {
            thread.join().unwrap_or_else(|panic| panic::resume_unwind(panic))
        });
        (networks, cities)
    });
    cities.into_iter().chain(networks).collect()
}

/// A database error with what to do about it.
fn hinted(error: &Error) -> anyhow::Error {
    let hint = match error {
        Error::Read { .. } => {
            "check the name after --db or in GEOIP_DB; without either, the embedded databases answer"
        }
        Error::NotADatabase { .. } => {
            "name a file of MaxMind's (.mmdb or .dat), a compact one, or CSV; docs/databases.md"
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
