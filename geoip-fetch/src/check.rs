//! Whether what came is what was asked for, before anything depends on it.

use std::{error, fs, path::Path};

use geoip_core::{Database, List};

use crate::{Content, Error, Source};

/// Open a fresh file as it will be opened later.
pub(crate) fn usable(source: &Source, url: &str, fresh: &Path) -> Result<(), Error> {
    let bytes = fs::read(fresh).map_err(|source| Error::File {
        doing: "read",
        path: fresh.to_owned(),
        source,
    })?;
    let outcome = match source.content() {
        Content::Database => Database::from_bytes(source.name(), bytes).map(drop),
        Content::List(_) => List::parse(source.name(), &bytes).map(drop),
    };
    outcome.map_err(|error| Error::Unusable { url: url.into(), reason: chain(&error) })
}

/// An error and its causes on one line.
fn chain(error: &dyn error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

/// What came instead of an archive, if it is a message for people.
pub(crate) fn message_instead(packed: &Path) -> Option<String> {
    /// Pages are longer, and what is longer is no message either.
    const LONGEST_MESSAGE_BYTES: usize = 1 << 20;

    let length = fs::metadata(packed).ok()?.len();
    if length > LONGEST_MESSAGE_BYTES as u64 {
        return None;
    }
    let bytes = fs::read(packed).ok()?;
    let text = str::from_utf8(&bytes).ok()?.trim();
    if text.is_empty() {
        return Some("the file is empty".into());
    }
    if text.starts_with('<') {
        return Some("it is a web page, perhaps the error page of a download".into());
    }
    let line = text.lines().next().unwrap_or_default();
    let clean = line.chars().filter(|character| !character.is_control());
    Some(format!("it is a message: {}", clean.take(200).collect::<String>()))
}
