//! Databases that answer where an address is and who runs its network.

#[cfg(feature = "mmdb")]
mod families;
mod open;

use std::{fmt, net::IpAddr};

#[cfg(feature = "mmdb")]
pub(crate) use self::families::Family;
pub(crate) use self::open::appearance;
#[cfg(feature = "compact")]
use crate::compact::{AsnTable, CityTable};
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
