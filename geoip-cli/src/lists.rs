//! The lists and places that the user names.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use anyhow::{Context, Result};
use geoip_core::{Attribution, Enricher, Error, Flags, HostingWords, List, PlaceList};
use geoip_data_lists::Snapshot;

use crate::{args::Global, failure::Hinted, text::printable};

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

/// A list as it is named: `tor=exits.txt`, or only a file if it says itself what it marks.
fn list(given: &str) -> Result<List> {
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
