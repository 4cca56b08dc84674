//! Databases that answer where an address is and who runs its network.

use std::{borrow::Cow, fmt, fs, net::IpAddr, path::Path};

#[cfg(feature = "compact")]
use crate::compact::{AsnTable, CityTable, Kind};
use crate::{
    Answer, DatabaseInfo, Error,
    table::{BATCH, Batch},
};

/// A database of one source, whole in memory.
///
/// Files are read, not mapped: a file that is overwritten in place would end a program
/// that has it mapped. For a few look-ups in a large file, a crate feature has
/// `Database::open_mapped`.
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

/// How a database is laid out for many look-ups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// Where networks begin, as bits that are counted: four to six bytes a network of IPv4,
    /// twelve of IPv6, and about 60 for each distinct record.
    #[default]
    Ranges,
    /// In addition a cell for every 256 addresses of IPv4, 64 MiB: for tens of millions of
    /// look-ups.
    Direct,
}

enum Content {
    #[cfg(feature = "mmdb")]
    Mmdb(crate::mmdb::Mmdb),
    /// One of IPv4 and one of IPv6.
    #[cfg(feature = "mmdb")]
    Joined(Box<[Database; 2]>),
    /// What was no database for look-ups, made one.
    Table(Box<crate::table::Table>),
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

    /// What this database is and where it comes from.
    pub fn info(&self) -> &DatabaseInfo {
        &self.info
    }

    /// What this database finds for an address, to be asked for what is wanted of it; `None`
    /// if it does not know the address.
    ///
    /// # Errors
    /// As [`lookup`](Self::lookup).
    #[inline]
    pub fn find(&self, address: IpAddr) -> Result<Option<crate::Found<'_>>, Error> {
        match self.content {
            Content::Table(ref table) => {
                Ok(crate::Found::in_table(table, address.to_canonical()))
            }
            #[cfg(feature = "mmdb")]
            Content::Mmdb(ref content) => content
                .find(address.to_canonical())
                .map_err(|source| self.lookup_failed(address, source)),
            #[cfg(feature = "mmdb")]
            Content::Joined(ref families) => {
                families[usize::from(address.to_canonical().is_ipv6())].find(address)
            }
            #[cfg(feature = "compact")]
            _ => Ok(self.lookup(address)?.map(crate::Found::answer_of)),
        }
    }

    /// What this database finds for each of many addresses, in their order; with the position
    /// of each.
    ///
    /// Each answer is that of [`find`](Self::find). But where a look-up waits for memory, as
    /// it does for addresses in any order, here it waits for that of some other addresses at
    /// the same time.
    ///
    /// # Errors
    /// As [`find`](Self::find), of the first address that has one; those before it have been
    /// visited.
    ///
    /// # Complexity
    /// Linear, as that many calls of [`find`](Self::find), in a third of their time or less
    /// if the database is larger than the caches of the processor; nothing is allocated.
    ///
    /// # Examples
    /// ```
    /// use geoip_core::{Database, Found};
    ///
    /// let cities = Database::from_bytes("embedded", geoip_data_city::CITY)?;
    /// let addresses = ["1.1.1.1", "10.0.0.1", "8.8.8.8"].map(|text| text.parse().unwrap());
    /// let mut countries = Vec::new();
    /// cities.find_each(&addresses, |_, found| {
    ///     countries.push(found.as_ref().and_then(Found::country));
    /// })?;
    /// assert_eq!(countries, ["AU".parse().ok(), None, "US".parse().ok()]);
    /// # Ok::<(), geoip_core::Error>(())
    /// ```
    pub fn find_each<'d>(
        &'d self,
        addresses: &[IpAddr],
        mut visit: impl FnMut(usize, Option<crate::Found<'d>>),
    ) -> Result<(), Error> {
        let mut batch = Batch::new();
        let mut done = 0;
        for some in addresses.chunks(BATCH) {
            if let Some(tables) = self.tables(addresses.len() - done) {
                crate::Found::in_tables(&mut batch, tables, some, |number, found| {
                    visit(done + number, found);
                });
            } else {
                for (number, &address) in some.iter().enumerate() {
                    visit(done + number, self.find(address)?);
                }
            }
            done += some.len();
        }
        Ok(())
    }

    /// The tables that answer for IPv4 and for IPv6, if both are there, or pay for so many
    /// look-ups.
    #[cfg_attr(
        not(any(feature = "mmdb", feature = "compact")),
        expect(clippy::unnecessary_wraps, reason = "what is left is a table")
    )]
    #[cfg_attr(
        not(feature = "mmdb"),
        expect(unused_variables, reason = "what is left is laid out as it is")
    )]
    fn tables(&self, lookups: usize) -> Option<[&crate::table::Table; 2]> {
        match self.content {
            Content::Table(ref table) => Some([table, table]),
            #[cfg(feature = "mmdb")]
            Content::Mmdb(ref content) => {
                content.table_for(lookups).map(|table| [table, table])
            }
            #[cfg(feature = "mmdb")]
            Content::Joined(ref families) => {
                let [v4, v6] = &**families;
                Some([v4.tables(lookups)?[0], v6.tables(lookups)?[1]])
            }
            #[cfg(feature = "compact")]
            Content::City(_) | Content::Asn(_) => None,
        }
    }

    /// Lay out this database for many look-ups now, and answer how many bytes of memory that
    /// takes beside the file; none if it stays as it is.
    ///
    /// A database in MaxMind's format does it by itself when as much time has gone into
    /// look-ups as it takes, with a thread for each processor, as [`Layout::Ranges`]. The
    /// embedded ones are laid out for look-ups as they are.
    #[cfg(feature = "mmdb")]
    pub fn flatten(
        &mut self,
        layout: Layout,
        threads: std::num::NonZero<usize>,
    ) -> Option<usize> {
        match &mut self.content {
            Content::Mmdb(content) => {
                content.flatten(layout == Layout::Direct, threads.get())
            }
            Content::Joined(families) => {
                let [v4, v6] = &mut **families;
                let v4 = v4.flatten(layout, threads)?;
                Some(v4 + v6.flatten(Layout::Ranges, threads)?)
            }
            #[cfg(feature = "compact")]
            Content::City(_) | Content::Asn(_) => None,
            Content::Table(_) => None,
        }
    }

    /// Visit all ranges of addresses that something is known of, in order, those of IPv4
    /// first; neighbours can have the same answer.
    ///
    /// # Errors
    /// [`Error::Damaged`] if not all of the database can be read.
    pub fn for_each_range<'d>(
        &'d self,
        mut visit: impl FnMut(crate::AddressRange, Answer<'d>),
    ) -> Result<(), Error> {
        self.visit_ranges(&mut visit)
    }

    #[cfg_attr(
        not(any(feature = "mmdb", feature = "compact")),
        expect(clippy::unnecessary_wraps, reason = "in a table nothing is damaged")
    )]
    fn visit_ranges<'d>(
        &'d self,
        visit: &mut dyn FnMut(crate::AddressRange, Answer<'d>),
    ) -> Result<(), Error> {
        match self.content {
            Content::Table(ref table) => table.for_each_range(visit),
            #[cfg(feature = "mmdb")]
            Content::Mmdb(ref content) => {
                let threads = std::thread::available_parallelism();
                let table = content.make_table(threads.map_or(1, usize::from));
                let table = table.ok_or_else(|| Error::Damaged {
                    name: self.name.clone(),
                    source: "not all of its records can be read".into(),
                })?;
                table.for_each_range(visit);
            }
            #[cfg(feature = "mmdb")]
            Content::Joined(ref families) => {
                for family in &**families {
                    family.visit_ranges(visit)?;
                }
            }
            #[cfg(feature = "compact")]
            Content::City(ref table) => table
                .for_each_range(|range, answer| {
                    visit(range, without_network(answer.into()));
                })
                .map_err(|source| self.damaged(source))?,
            #[cfg(feature = "compact")]
            Content::Asn(ref table) => table
                .for_each_range(|range, answer| {
                    visit(range, without_network(answer.into()));
                })
                .map_err(|source| self.damaged(source))?,
        }
        Ok(())
    }

    /// Answer with names in these languages: the first that a name is known in, else in
    /// English.
    ///
    /// A language is written as in the database, such as `de` or `pt-BR`; upper and lower
    /// case are the same, and `pt` takes `pt-BR`. A database that has names in one language
    /// only answers in that one.
    #[cfg(feature = "mmdb")]
    #[must_use]
    pub fn with_languages(mut self, languages: &[&str]) -> Self {
        match self.content {
            Content::Mmdb(ref mut content) => content.set_languages(languages),
            Content::Joined(families) => {
                let families = families.map(|family| family.with_languages(languages));
                self.content = Content::Joined(Box::new(families));
            }
            #[cfg(feature = "compact")]
            Content::City(_) | Content::Asn(_) => {}
            Content::Table(_) => {}
        }
        self
    }

    /// The languages that names can be asked for in, if there are several.
    #[cfg(feature = "mmdb")]
    pub fn languages(&self) -> &[String] {
        match self.content {
            Content::Mmdb(ref content) => content.languages(),
            Content::Joined(ref families) => families[0].languages(),
            #[cfg(feature = "compact")]
            Content::City(_) | Content::Asn(_) => &[],
            Content::Table(_) => &[],
        }
    }

    /// Makes one database of two that are each for one family of addresses, as
    /// ip-location-db publishes its own; or gives them back if they are not.
    ///
    /// They must be called the same but for the family, as `city ipv4` and `city ipv6` are.
    /// The result has the older of the two dates.
    ///
    /// # Errors
    /// Both databases, unchanged and in this order.
    #[cfg(feature = "mmdb")]
    pub fn join(self, other: Self) -> Result<Self, Box<[Self; 2]>> {
        if !self.joins(&other) {
            return Err(Box::new([self, other]));
        }
        let swapped = self.family() == Some(Family::V6);
        let (v4, v6) = if swapped { (&other, &self) } else { (&self, &other) };
        let (name, info) = (without_family(&v4.name), &v4.info);
        let info = DatabaseInfo {
            name: without_family(&info.name),
            facts: info.facts.or(v6.info.facts),
            build_epoch: info.build_epoch.min(v6.info.build_epoch),
            ..info.clone()
        };
        let families = if swapped { [other, self] } else { [self, other] };
        Ok(Self { name, info, content: Content::Joined(Box::new(families)) })
    }

    /// Whether [`join`](Self::join) makes one database of these two.
    #[cfg(feature = "mmdb")]
    pub fn joins(&self, other: &Self) -> bool {
        let families = (self.family(), other.family());
        let called = |database: &Self| without_family(&database.info.name);
        families.0.is_some()
            && families.1.is_some()
            && families.0 != families.1
            && called(self) == called(other)
    }

    /// The only family of which this database can know anything.
    #[cfg(feature = "mmdb")]
    fn family(&self) -> Option<Family> {
        match self.content {
            Content::Mmdb(ref content) => content.family(),
            _ => None,
        }
    }

    /// What this database says of an address; `None` if it does not know it.
    ///
    /// An IPv4-mapped IPv6 address is looked up as the IPv4 address that it carries.
    ///
    /// # Errors
    /// [`Error::Lookup`] if the record of the address is damaged, [`Error::Damaged`] if
    /// the ranges of the address's family are: a compact database unpacks those of IPv4
    /// and of IPv6 when they are first asked for.
    pub fn lookup(&self, address: IpAddr) -> Result<Option<Answer<'_>>, Error> {
        let canonical = address.to_canonical();
        match self.content {
            Content::Table(ref table) => Ok(table.lookup(canonical)),
            #[cfg(feature = "mmdb")]
            Content::Joined(ref families) => {
                families[usize::from(canonical.is_ipv6())].lookup(address)
            }
            #[cfg(feature = "mmdb")]
            Content::Mmdb(ref content) => content
                .lookup(canonical)
                .map_err(|source| self.lookup_failed(address, source)),
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

    #[cfg(feature = "mmdb")]
    #[cold]
    fn lookup_failed(&self, address: IpAddr, source: maxminddb::MaxMindDbError) -> Error {
        Error::Lookup { address, name: self.name.clone(), source: Box::new(source) }
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

/// An answer for a range, which need not be a network.
#[cfg(feature = "compact")]
fn without_network(answer: Answer<'_>) -> Answer<'_> {
    Answer { network: None, ..answer }
}

/// A family of addresses.
#[cfg(feature = "mmdb")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    V4,
    V6,
}

/// A name without the family in it: `city` of `city ipv4`.
#[cfg(feature = "mmdb")]
fn without_family(name: &str) -> String {
    let mut name = name.to_owned();
    for family in ["ipv4", "ipv6", "IPv4", "IPv6"] {
        let Some(at) = name.find(family) else { continue };
        name.replace_range(at..at + family.len(), "");
        // The blank or dash that stood before it goes too.
        if name[..at].ends_with([' ', '-', '_']) {
            name.remove(at - 1);
        }
        break;
    }
    name
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
