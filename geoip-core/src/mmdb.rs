//! Databases in MaxMind's file format.

mod flatten;
mod tree;

use std::{
    borrow::Cow,
    net::IpAddr,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
};

use hashbrown::HashSet;
use ipnetwork::IpNetwork;
use maxminddb::{LookupResult, MaxMindDbError, PathElement, Reader, WithinOptions};

use crate::{
    Answer, Attribution, DatabaseInfo, Facts, Found, Place,
    database::Family,
    default_points::{DefaultPoints, spread_v4, spread_v6},
    schema,
    schema::Row,
    table::Table,
};

/// How many networks are read on opening to learn what a database holds.
const NETWORKS_PROBED: usize = 1000;

/// Nodes of the tree that go into a table in the time of one look-up in the file.
const NODES_A_LOOKUP: u32 = 8;

/// The languages of the names of MaxMind and DB-IP.
const LANGUAGES: [&str; 10] =
    ["de", "en", "es", "fr", "ja", "pt-BR", "ru", "zh-CN", "fa", "ko"];

/// A database in MaxMind's file format, of any vendor.
pub(crate) struct Mmdb {
    bytes: Bytes,
    reader: Reader<Bytes>,
    /// The languages to take names in before English.
    languages: Vec<String>,
    /// Learned when a location without a city is first met.
    default_points: OnceLock<DefaultPoints>,
    /// Made when it pays; none if it could not be.
    table: OnceLock<Option<Table>>,
    /// Whether a thread makes the table.
    is_making: AtomicBool,
    /// Look-ups so far without the table.
    lookups: AtomicU32,
}

/// The bytes of a file, which the reader and the maker of the table share.
#[derive(Clone)]
pub(crate) struct Bytes(Arc<Source>);

enum Source {
    Read(Cow<'static, [u8]>),
    #[cfg(feature = "mmap")]
    Mapped(memmap2::Mmap),
}

impl AsRef<[u8]> for Bytes {
    #[inline]
    fn as_ref(&self) -> &[u8] {
        match &*self.0 {
            Source::Read(bytes) => bytes,
            #[cfg(feature = "mmap")]
            Source::Mapped(bytes) => bytes,
        }
    }
}

impl Mmdb {
    pub(crate) fn from_bytes(bytes: Cow<'static, [u8]>) -> Result<Self, MaxMindDbError> {
        Self::new(Source::Read(bytes))
    }

    #[cfg(feature = "mmap")]
    pub(crate) fn from_mapped(bytes: memmap2::Mmap) -> Result<Self, MaxMindDbError> {
        Self::new(Source::Mapped(bytes))
    }

    fn new(source: Source) -> Result<Self, MaxMindDbError> {
        let bytes = Bytes(Arc::new(source));
        Ok(Self {
            reader: Reader::from_source(bytes.clone())?,
            bytes,
            languages: Vec::new(),
            default_points: OnceLock::new(),
            table: OnceLock::new(),
            is_making: AtomicBool::new(false),
            lookups: AtomicU32::new(0),
        })
    }

    pub(crate) fn lookup(
        &self,
        address: IpAddr,
    ) -> Result<Option<Answer<'_>>, MaxMindDbError> {
        match self.table() {
            Some(table) => Ok(table.lookup(address)),
            None => self.lookup_in_file(address),
        }
    }

    /// As [`lookup`](Self::lookup), but nothing is read that is not asked for.
    #[inline]
    pub(crate) fn find(
        &self,
        address: IpAddr,
    ) -> Result<Option<Found<'_>>, MaxMindDbError> {
        match self.table() {
            Some(table) => Ok(Found::in_table(table, address)),
            None => Ok(self.lookup_in_file(address)?.map(Found::answer_of)),
        }
    }

    /// The table, if there is one by now.
    ///
    /// Whether there will be enough look-ups for a table to pay is not known before, so it is
    /// made when as much time has gone into look-ups as making it takes: that is never more
    /// than twice the least possible.
    #[inline]
    pub(crate) fn table(&self) -> Option<&Table> {
        if let Some(made) = self.table.get() {
            return made.as_ref();
        }
        let lookups = self.lookups.fetch_add(1, Ordering::Relaxed);
        self.table_if_it_pays(lookups)
    }

    /// As [`table`](Self::table), when it is known how many look-ups there will be at least,
    /// from this one on.
    pub(crate) fn table_for(&self, lookups: usize) -> Option<&Table> {
        if let Some(made) = self.table.get() {
            return made.as_ref();
        }
        let lookups = u32::try_from(lookups).unwrap_or(u32::MAX);
        let before = self.lookups.load(Ordering::Relaxed);
        self.table_if_it_pays(before.saturating_add(lookups))
    }

    #[cold]
    fn table_if_it_pays(&self, lookups: u32) -> Option<&Table> {
        if lookups < self.reader.metadata().node_count / NODES_A_LOOKUP {
            return None;
        }
        self.make_table(thread::available_parallelism().map_or(1, usize::from))
    }

    /// Make the table now, unless another thread is at it.
    #[cold]
    pub(crate) fn make_table(&self, threads: usize) -> Option<&Table> {
        if self.table.get().is_none() && !self.is_making.swap(true, Ordering::Acquire) {
            self.table.get_or_init(|| self.flattened(threads));
        }
        self.table.get()?.as_ref()
    }

    /// Make the table now, perhaps with one look in memory for most addresses of IPv4;
    /// answers its bytes, none if it could not be made.
    pub(crate) fn flatten(&mut self, direct: bool, threads: usize) -> Option<usize> {
        self.make_table(threads);
        let table = self.table.get_mut()?.as_mut()?;
        if direct {
            table.v4.make_direct();
        }
        Some(table.size())
    }

    /// What the file itself says, tree and record.
    fn lookup_in_file(
        &self,
        address: IpAddr,
    ) -> Result<Option<Answer<'_>>, MaxMindDbError> {
        // A file of IPv4 networks knows nothing of IPv6; that is no error.
        if address.is_ipv6() && self.reader.metadata().ip_version == 4 {
            return Ok(None);
        }
        let found = self.reader.lookup(address)?;
        let Some(mut answer) = self.answer(&found)? else { return Ok(None) };
        // A record of nothing but what is not known here is none.
        if answer == Answer::default() {
            return Ok(None);
        }
        answer.network = Some(found.network()?);
        Ok(Some(answer))
    }

    /// What the record of a result says, without the network.
    fn answer<'a>(
        &'a self,
        found: &LookupResult<'a, Bytes>,
    ) -> Result<Option<Answer<'a>>, MaxMindDbError> {
        let Some(row) = found.decode::<Row<'_>>()? else { return Ok(None) };
        let mut answer = row.answer();
        if let Some(place) = &mut answer.place {
            self.translate(found, place);
            if place.city.is_none()
                && let Some(location) = &mut place.location
            {
                location.default_of = self.default_points().get(location.point);
            }
            *place = place.with_radius();
        }
        Ok(Some(answer))
    }

    /// The default points, learned from addresses all over IPv4, or all over IPv6 where there
    /// is no IPv4.
    fn default_points(&self) -> &DefaultPoints {
        self.default_points.get_or_init(|| {
            // What cannot be read says nothing here, and is an error when it is asked for.
            let answer = |address: IpAddr| {
                let found = self.reader.lookup(address).ok()?;
                let row = found.decode::<Row<'_>>().ok()??;
                Some(Answer { network: found.network().ok(), ..row.answer() })
            };
            if self.family() == Some(Family::V6) {
                DefaultPoints::learn(spread_v6().filter_map(answer))
            } else {
                DefaultPoints::learn(spread_v4().filter_map(answer))
            }
        })
    }

    /// Put in the names of a place in the languages that are asked for, where there are any.
    fn translate<'a>(&'a self, found: &LookupResult<'a, Bytes>, place: &mut Place<'a>) {
        use PathElement::{Index, Key};
        for language in self.languages.iter().rev() {
            let named = |path: &[PathElement<'_>]| {
                let path = [path, &[Key("names"), Key(language)]].concat();
                // Where another layout has something else at the path, there is no name.
                let name = found.decode_path::<&str>(&path).ok().flatten();
                schema::name(name)
            };
            let of_country = ["country", "registered_country"].into_iter().find(|key| {
                let code = found.decode_path::<&str>(&[Key(key), Key("iso_code")]);
                let code = code.ok().flatten().and_then(|code| code.parse().ok());
                code.is_some() && code == place.country
            });
            place.country_name =
                of_country.and_then(|key| named(&[Key(key)])).or(place.country_name);
            place.subdivision =
                named(&[Key("subdivisions"), Index(0)]).or(place.subdivision);
            place.city = named(&[Key("city")]).or(place.city);
        }
    }

    /// Take names in these languages before English, the first first.
    pub(crate) fn set_languages(&mut self, languages: &[&str]) {
        // The list of languages in the file is not always that of its names.
        let in_file = self.languages().iter().map(String::as_str);
        let known: Vec<&str> = in_file.chain(LANGUAGES).collect();
        let spellings = |asked: &&str| {
            let same = known.iter().filter(|known| known.eq_ignore_ascii_case(asked));
            let kin = known.iter().filter(|known| {
                let main = known.split_once('-').map(|(main, _)| main);
                main.is_some_and(|main| main.eq_ignore_ascii_case(asked))
            });
            let mut found: Vec<_> =
                same.chain(kin).map(|&known| known.to_owned()).collect();
            if found.is_empty() {
                found.push((*asked).to_owned());
            }
            found
        };
        let mut all: Vec<String> = languages.iter().flat_map(spellings).collect();
        let mut seen = HashSet::new();
        all.retain(|language| seen.insert(language.clone()));
        self.languages = all;
        // It has the names of other languages.
        self.table = OnceLock::new();
        self.is_making = AtomicBool::new(false);
        // What comes after English is never asked for.
        if let Some(english) = self.languages.iter().position(|language| language == "en")
        {
            self.languages.truncate(english);
        }
    }

    /// The languages that the file says its names are in.
    pub(crate) fn languages(&self) -> &[String] {
        &self.reader.metadata().languages
    }

    /// The only family that there are networks of, if there is one.
    pub(crate) fn family(&self) -> Option<Family> {
        if self.reader.metadata().ip_version == 4 {
            return Some(Family::V4);
        }
        let all_v4 = IpNetwork::new(IpAddr::from([0; 4]), 0).ok()?;
        let mut networks = self.reader.within(all_v4, WithinOptions::default()).ok()?;
        networks.next().is_none().then_some(Family::V6)
    }

    /// What this database is, from its metadata and a probe of its records.
    pub(crate) fn info(&self) -> Result<DatabaseInfo, MaxMindDbError> {
        let metadata = self.reader.metadata();
        Ok(DatabaseInfo {
            name: metadata.database_type.clone(),
            build_epoch: Some(metadata.build_epoch),
            attribution: attribution(&metadata.database_type),
            facts: self.facts()?,
            entries: None,
        })
    }

    fn facts(&self) -> Result<Facts, MaxMindDbError> {
        let mut facts = Facts::default();
        let networks = self.reader.networks(WithinOptions::default())?;
        for network in networks.take(NETWORKS_PROBED) {
            let Some(row) = network?.decode::<Row<'_>>()? else { continue };
            facts = facts.or(row.answer().facts());
        }
        Ok(facts)
    }
}
/// The credit that a vendor's licence asks for.
///
/// Only a hint can be had from the type of a database, so this credits where the name
/// is unmistakable, and stays silent elsewhere.
fn attribution(database_type: &str) -> Option<Attribution> {
    let credit = Attribution::new;
    if database_type.starts_with("GeoLite") {
        return Some(credit(
            "This product includes GeoLite Data created by MaxMind",
            "https://www.maxmind.com",
            "LicenseRef-GeoLite-EULA",
        ));
    }
    if database_type.starts_with("DBIP") {
        return Some(credit("IP Geolocation by DB-IP", "https://db-ip.com", "CC-BY-4.0"));
    }
    if database_type.starts_with("ipinfo") {
        return Some(credit(
            "IP address data powered by IPinfo",
            "https://ipinfo.io",
            "CC-BY-SA-4.0",
        ));
    }
    None
}
