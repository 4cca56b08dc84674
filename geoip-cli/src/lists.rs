//! The lists and places that the user names.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
    time::UNIX_EPOCH,
};

use anyhow::{Context, Result};
use geoip_core::{Attribution, Enricher, Error, Flags, HostingWords, List, PlaceList};
use geoip_data_lists::Snapshot;
use geoip_fetch::{Content, Source, installed};

use crate::{args::Global, failure::Hinted, folders, text::printable};

/// More than any list has: the largest known one has two million lines.
const LARGEST_LIST_BYTES: u64 = 256 << 20;

/// The list that `--list` takes for those of the program.
const EMBEDDED: &str = "embedded";

/// The words that `--hosting-words` takes for those of the program.
const DEFAULT_WORDS: &str = "default";

/// The places that databases are to be asked after.
pub(crate) fn with_places(global: &Global, mut enricher: Enricher) -> Result<Enricher> {
    for path in &global.places {
        let places = PlaceList::parse(&name(path), &read(path, "--places")?);
        enricher = enricher.with_places(places.map_err(|error| {
            hinted(
                &error,
                "a line is `network,name,country,region,city,latitude,longitude`, of which \
                 two are enough, or `network,country,region,city` of a geofeed (RFC 8805)",
            )
        })?);
    }
    Ok(enricher)
}

/// The lists and words that set flags.
pub(crate) fn with_lists(global: &Global, mut enricher: Enricher) -> Result<Enricher> {
    for given in &global.list {
        if given == EMBEDDED {
            let known = Flags::default();
            enricher = with_embedded(enricher, Flags::all(), known)?;
        } else {
            enricher = enricher.with_list(list(given)?);
        }
    }
    if let Some(path) = &global.hosting_words {
        let words = if path == Path::new(DEFAULT_WORDS) {
            HostingWords::default()
        } else {
            let words = HostingWords::parse(&name(path), &read(path, "--hosting-words")?);
            words.map_err(|error| {
                hinted(
                    &error,
                    "one a line, such as `amazon`; `default` takes the known ones",
                )
            })?
        };
        enricher = enricher.with_hosting_words(words);
    }
    Ok(enricher)
}

/// The lists that `geoip db update` installed, of what is asked for and not known yet.
pub(crate) fn with_installed(
    mut enricher: Enricher,
    asked: Flags,
    known: Flags,
) -> Result<Enricher> {
    for source in Source::all() {
        let flags = flags_of(source);
        if asked.intersects(flags)
            && !known.intersects(flags)
            && let Some(list) = installed_list(source)?
        {
            enricher = enricher.with_list(list);
        }
    }
    Ok(enricher)
}

/// What a source marks; nothing if it is no list.
fn flags_of(source: &Source) -> Flags {
    match source.content() {
        Content::List(flag) => Flags::from_name(flag).unwrap_or_default(),
        _ => Flags::default(),
    }
}

/// The list of a source, if it is installed in the user's folder, with the day of its file.
fn installed_list(source: &Source) -> Result<Option<List>> {
    let found = folders::of_user().and_then(|folder| installed(&folder, source));
    let Some(found) = found else { return Ok(None) };
    let bytes = read(&found.path, "--list")?;
    let list = List::parse(source.name(), &bytes).map_err(|error| {
        hinted(&error, &format!("`geoip db update --force {source}` fetches it again"))
    })?;
    let day = found.modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let credit = Attribution::new(source.credit(), source.home(), source.licence());
    let list = list.flagged(flags_of(source));
    // A date in the list is nearer to the truth than that of its file.
    let day = list.info().build_epoch.or(day.map(|day| day.as_secs()));
    Ok(Some(list.provenance(day, Some(credit))))
}

/// A list of a known source by its name, such as `tor-exits`.
fn named_list(name: &str) -> Option<Result<List>> {
    let known = |source: &&Source| source.name() == name && !flags_of(source).is_empty();
    let source = Source::all().iter().find(known)?;
    Some(installed_list(source).and_then(|list| {
        list.ok_or_else(|| {
            Hinted::error(
                format!("the list {name} is not installed"),
                format!(
                    "`geoip db update {name}` fetches it; a file called so is ./{name}"
                ),
            )
        })
    }))
}

/// The embedded lists of what is asked for and not known yet.
pub(crate) fn with_embedded(
    mut enricher: Enricher,
    asked: Flags,
    known: Flags,
) -> Result<Enricher> {
    for snapshot in geoip_data_lists::ALL {
        let flags = Flags::from_name(snapshot.flag).unwrap_or_default();
        if asked.intersects(flags) && !known.intersects(flags) {
            enricher = enricher.with_list(embedded(snapshot)?);
        }
    }
    Ok(enricher)
}

fn embedded(snapshot: Snapshot) -> Result<List> {
    let list = List::parse(snapshot.name, snapshot.text.as_bytes());
    let flags = Flags::from_name(snapshot.flag).unwrap_or_default();
    let credit = Attribution::new(snapshot.attribution, snapshot.url, snapshot.license);
    let list = list.context("this program is damaged")?.flagged(flags);
    Ok(list.provenance(Some(snapshot.build_epoch), Some(credit)))
}

/// A list as it is named: `tor=exits.txt`, only a file if it says itself what it marks, or
/// what `geoip db update` calls it.
fn list(given: &str) -> Result<List> {
    if let Some(list) = named_list(given).filter(|_| !Path::new(given).exists()) {
        return list;
    }
    let (flags, path) = match given.split_once('=') {
        Some((flag, path)) => match Flags::from_name(flag) {
            Some(flags) => (flags, path),
            // A name of a file can have `=` in it.
            None if Path::new(given).exists() => (Flags::default(), given),
            None => return Err(unknown_flag(flag)),
        },
        None => (Flags::default(), given),
    };
    let path = Path::new(path);
    let list = List::parse(&name(path), &read(path, "--list")?).map_err(|error| {
        hinted(
            &error,
            "a line is an address, a network, a range or `AS64496`; docs/lists.md",
        )
    })?;
    let list = if flags.is_empty() { list } else { list.flagged(flags) };
    if list.flags().is_empty() {
        return Err(Hinted::error(
            format!("{} does not say what its addresses are", printable(given)),
            format!("say it: --list {}=FILE", flag_names("|")),
        ));
    }
    Ok(list)
}

/// An error that names the flags there are.
pub(crate) fn unknown_flag(flag: &str) -> anyhow::Error {
    Hinted::error(
        format!("`{}` is no flag", printable(flag)),
        format!("the flags are {}", flag_names(", ")),
    )
}

fn flag_names(between: &str) -> String {
    Flags::all().names().collect::<Vec<_>>().join(between)
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

/// A file that an option names, if it is no larger than any list.
pub(crate) fn read(path: &Path, option: &str) -> Result<Vec<u8>> {
    let read = || {
        let mut bytes = Vec::new();
        File::open(path)?.take(LARGEST_LIST_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LARGEST_LIST_BYTES {
            return Err(io::Error::other("it has more than 256 MiB, which no list has"));
        }
        Ok(bytes)
    };
    read().map_err(|error| {
        let message = format!("cannot read {}", path.display());
        Hinted::because(error, message, format!("check the name after {option}"))
    })
}

fn hinted(error: &Error, hint: &str) -> anyhow::Error {
    Hinted::error(error.to_string(), hint)
}
