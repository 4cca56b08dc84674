//! Databases that answer where an address is and who runs its network.

use std::{borrow::Cow, fmt, fs, net::IpAddr, path::Path};

#[cfg(feature = "compact")]
use crate::compact::{AsnTable, CityTable, Kind};
use crate::{Answer, DatabaseInfo, Error};

/// A database of one source, whole in memory.
///
/// Files are read, not mapped: a file that is overwritten in place would end a program
/// that has it mapped.
///
/// # Examples
/// ```
/// use geoip_core::Database;
///
/// let cities = Database::from_bytes("embedded", geoip_data_city::CITY)?;
/// let answer = cities.lookup("1.1.1.1".parse().unwrap())?.expect("1.1.1.1 is known");
/// assert_eq!(answer.place.unwrap().country.unwrap().name(), "Australia");
/// # Ok::<(), geoip_core::Error>(())
/// ```
pub struct Database {
    /// What errors call this database.
    name: String,
    info: DatabaseInfo,
    content: Content,
}

enum Content {
    #[cfg(feature = "mmdb")]
    Mmdb(crate::mmdb::Mmdb),
    #[cfg(feature = "compact")]
    City(CityTable),
    #[cfg(feature = "compact")]
    Asn(AsnTable),
}

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

    /// Take a database from its bytes; errors will call it by `name`.
    ///
    /// The format is told from the bytes: MaxMind's, with records of any vendor's
    /// layout [feature `mmdb`], or the compact one of the embedded databases [feature
    /// `compact`].
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
            return Self::from_mmdb(name, bytes);
        }
        Err(Error::NotADatabase { name: name.into(), found: appearance(&bytes) })
    }

    #[cfg(feature = "mmdb")]
    fn from_mmdb(name: &str, bytes: Cow<'static, [u8]>) -> Result<Self, Error> {
        let damaged = |source: maxminddb::MaxMindDbError| Error::Damaged {
            name: name.into(),
            source: Box::new(source),
        };
        let content = crate::mmdb::Mmdb::from_bytes(bytes).map_err(damaged)?;
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

    /// What this database is and where it comes from.
    pub fn info(&self) -> &DatabaseInfo {
        &self.info
    }

    /// What this database says of an address; `None` if it does not know it.
    ///
    /// An IPv4-mapped IPv6 address is looked up as the IPv4 address that it carries.
    ///
    /// # Errors
    /// [`Error::Lookup`] if the record of the address is damaged, [`Error::Damaged`] if
    /// the ranges of the address's family are: a compact database unpacks those of IPv4
    /// and of IPv6 when they are first asked for.
    #[cfg_attr(
        not(any(feature = "mmdb", feature = "compact")),
        expect(unused_variables, reason = "no format, no content, nothing to look up")
    )]
    pub fn lookup(&self, address: IpAddr) -> Result<Option<Answer<'_>>, Error> {
        let canonical = address.to_canonical();
        match self.content {
            #[cfg(feature = "mmdb")]
            Content::Mmdb(ref content) => {
                content.lookup(canonical).map_err(|source| Error::Lookup {
                    address,
                    name: self.name.clone(),
                    source: Box::new(source),
                })
            }
            #[cfg(feature = "compact")]
            Content::City(ref table) => match table.lookup(canonical) {
                Ok(answer) => Ok(answer.map(Answer::from)),
                Err(source) => Err(self.damaged(source)),
            },
            #[cfg(feature = "compact")]
            Content::Asn(ref table) => match table.lookup(canonical) {
                Ok(answer) => Ok(answer.map(Answer::from)),
                Err(source) => Err(self.damaged(source)),
            },
        }
    }

    /// What was found only when the ranges of an address family were first needed.
    #[cfg(feature = "compact")]
    #[cold]
    fn damaged(&self, source: crate::compact::CompactError) -> Error {
        Error::Damaged { name: self.name.clone(), source: Box::new(source) }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").field("name", &self.name).finish_non_exhaustive()
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
