//! What a file is, told from its bytes.

use std::{borrow::Cow, fs, path::Path};

use super::{Content, Database};
use crate::Error;
#[cfg(feature = "compact")]
use crate::compact::{AsnTable, CityTable, Kind};

impl Database {
    /// Read a database from a file.
    ///
    /// # Errors
    /// [`Error::Read`] if the file cannot be read, else as [`from_bytes`](Self::from_bytes).
    pub fn open(path: &Path) -> Result<Self, Error> {
        let read = |source| Error::Read { path: path.to_owned(), source };
        let bytes = fs::read(path).map_err(read)?;
        Self::from_bytes(&path.display().to_string(), bytes)
    }

    /// Open a file in MaxMind's format without reading more of it than look-ups need; any
    /// other is read, as by [`open`](Self::open).
    ///
    /// The first answer from a file of 63 MB comes after a millisecond rather than after 75.
    /// Once look-ups are so many that the file is laid out for them, all of it is read, and
    /// nothing is gained.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    ///
    /// # Safety
    /// The file must not be changed or cut short while the database, or anything that it
    /// answered, is in use: text that was checked could then be none, and the system ends a
    /// program that reads behind the end of a file. A file that is replaced, by renaming
    /// another to its name as `geoip db update` and `geoipupdate` do, stays as it was for those
    /// who have it open.
    #[cfg(feature = "mmap")]
    #[expect(unsafe_code, reason = "a file can be changed while it is mapped")]
    pub unsafe fn open_mapped(path: &Path) -> Result<Self, Error> {
        let read = |source| Error::Read { path: path.to_owned(), source };
        let file = fs::File::open(path).map_err(read)?;
        // SAFETY: the caller promises that the file is not changed.
        let Ok(bytes) = (unsafe { memmap2::Mmap::map(&file) }) else {
            // A pipe cannot be mapped, but perhaps read.
            return Self::open(path);
        };
        #[cfg(feature = "compact")]
        if Kind::of(&bytes).is_some() {
            return Self::open(path);
        }
        if !contains_metadata_marker(&bytes) {
            return Self::open(path);
        }
        Self::from_mmdb(&path.display().to_string(), || {
            crate::mmdb::Mmdb::from_mapped(bytes)
        })
    }

    /// Take a database from its bytes; errors will call it by `name`.
    ///
    /// The format is told from the bytes: MaxMind's, with records of any vendor's
    /// layout [feature `mmdb`]; the compact one of the embedded databases [feature
    /// `compact`]; CSV, with a header or as DB-IP, IP2Location and ip-location-db write it; or
    /// MaxMind's legacy one (`.dat`) of countries, cities and autonomous systems.
    ///
    /// # Errors
    /// [`Error::NotADatabase`], [`Error::Damaged`], or [`Error::NoKnownFacts`] for a
    /// sound database of something else.
    pub fn from_bytes(
        name: &str,
        bytes: impl Into<Cow<'static, [u8]>>,
    ) -> Result<Self, Error> {
        let bytes = bytes.into();
        #[cfg(feature = "compact")]
        if let Some(kind) = Kind::of(&bytes) {
            return Self::from_compact(name, kind, bytes);
        }
        #[cfg(feature = "mmdb")]
        if contains_metadata_marker(&bytes) {
            return Self::from_mmdb(name, || crate::mmdb::Mmdb::from_bytes(bytes));
        }
        let read = crate::csv::parse(name, &bytes);
        if let Some(read) = read.or_else(|| crate::legacy::parse(name, &bytes)) {
            let (table, info) = read?;
            let content = Content::Table(Box::new(table));
            return Ok(Self { name: name.into(), info, content });
        }
        Err(Error::NotADatabase { name: name.into(), found: appearance(&bytes) })
    }

    #[cfg(feature = "mmdb")]
    fn from_mmdb(
        name: &str,
        open: impl FnOnce() -> Result<crate::mmdb::Mmdb, maxminddb::MaxMindDbError>,
    ) -> Result<Self, Error> {
        let damaged = |source: maxminddb::MaxMindDbError| Error::Damaged {
            name: name.into(),
            source: Box::new(source),
        };
        let content = open().map_err(damaged)?;
        let info = content.info().map_err(damaged)?;
        if info.facts == crate::Facts::default() {
            return Err(Error::NoKnownFacts {
                name: name.into(),
                database_type: info.name,
            });
        }
        Ok(Self { name: name.into(), info, content: Content::Mmdb(content) })
    }

    #[cfg(feature = "compact")]
    fn from_compact(
        name: &str,
        kind: Kind,
        bytes: Cow<'static, [u8]>,
    ) -> Result<Self, Error> {
        let damaged = |source: crate::compact::CompactError| Error::Damaged {
            name: name.into(),
            source: Box::new(source),
        };
        let (content, info) = match kind {
            Kind::City => {
                let table = CityTable::from_bytes(bytes).map_err(damaged)?;
                let info = table.provenance().info(kind);
                (Content::City(table), info)
            }
            Kind::Asn => {
                let table = AsnTable::from_bytes(bytes).map_err(damaged)?;
                let info = table.provenance().info(kind);
                (Content::Asn(table), info)
            }
        };
        Ok(Self { name: name.into(), info, content })
    }
}

/// Whether the bytes hold the marker that precedes the metadata of MaxMind's format.
#[cfg(feature = "mmdb")]
fn contains_metadata_marker(bytes: &[u8]) -> bool {
    const MARKER: &[u8] = b"\xab\xcd\xefMaxMind.com";
    // The format puts the marker into the last 128 KiB.
    let tail = &bytes[bytes.len().saturating_sub(128 * 1024)..];
    tail.windows(MARKER.len()).any(|window| window == MARKER)
}

/// What bytes that are no database look like, for people.
pub(crate) fn appearance(bytes: &[u8]) -> &'static str {
    let text = bytes.get(..1024).unwrap_or(bytes).trim_ascii_start();
    let begins = |start: &str| {
        text.get(..start.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
    };
    match bytes {
        [] => "the file is empty",
        [0x1f, 0x8b, ..] => "it is a gzip archive, which must be unpacked first",
        [b'P', b'K', 3 | 5, ..] => "it is a zip archive, which must be unpacked first",
        _ if begins("<!doctype html") || begins("<html") => {
            "it is a web page, perhaps the error page of a download"
        }
        _ if begins("{") => "it is JSON, perhaps the error message of a download",
        _ if str::from_utf8(text).is_ok() => "it is a text file",
        _ => "the bytes are of no format known here, or the file is cut short",
    }
}
