//! Records out of several databases.

use std::{net::IpAddr, thread};

use ipnetwork::IpNetwork;

use crate::{
    AddressRange, Answer, Answers, Database, DatabaseInfo, Error, Flags, HostingWords,
    List, Place, PlaceList, Record, Sources,
    address_range::{address_of, bits},
};

/// Asks several databases about an address, and makes one record of their answers.
///
/// Databases are asked in the order in which they were added. The first that knows a
/// fact is believed; later ones fill in what is missing, and never mix places: a place
/// is taken whole from one database, and gives way only to one that names the same
/// country and knows a location where the first does not.
///
/// The user's own [`PlaceList`]s are believed before every database. Each [`List`] and
/// [`HostingWords`] adds its marks; all of them are asked.
///
/// # Examples
/// ```
/// use geoip_core::{Database, Enricher};
///
/// let enricher = Enricher::new()
///     .with(Database::from_bytes("embedded cities", geoip_data_city::CITY)?)
///     .with(Database::from_bytes("embedded AS", geoip_data_asn::ASN)?);
/// let record = enricher.enrich("1.1.1.1".parse().unwrap())?;
/// assert_eq!(record.autonomous_system.unwrap().number.to_string(), "AS13335");
/// assert_eq!(record.sources.iter().count(), 2);
/// # Ok::<(), geoip_core::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Enricher {
    /// What is known of all that is asked; the others say by position which of it is theirs.
    infos: Vec<DatabaseInfo>,
    place_lists: Vec<(usize, PlaceList)>,
    answers: Vec<(usize, Answers)>,
    databases: Vec<(usize, Database)>,
    lists: Vec<(usize, List)>,
    words: Vec<(usize, HostingWords)>,
}

impl Enricher {
    /// An enricher that knows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ask this database too, after those added before.
    #[must_use]
    pub fn with(mut self, database: Database) -> Self {
        let source = self.source(database.info());
        self.databases.push((source, database));
        self
    }

    /// Believe these answers before all databases, and after answers added before.
    #[must_use]
    pub fn with_answers(mut self, answers: Answers) -> Self {
        let source = self.source(answers.info());
        self.answers.push((source, answers));
        self
    }

    /// Believe these places before all databases, and after place lists added before.
    ///
    /// Where they have names, but no point, the point of a database is taken that names the
    /// same country and city.
    #[must_use]
    pub fn with_places(mut self, places: PlaceList) -> Self {
        let source = self.source(places.info());
        self.place_lists.push((source, places));
        self
    }

    /// Mark the addresses that are in this list, or whose autonomous system is.
    #[must_use]
    pub fn with_list(mut self, list: List) -> Self {
        let source = self.source(list.info());
        self.lists.push((source, list));
        self
    }

    /// Mark as hosting the addresses whose organization is called by one of these words.
    #[must_use]
    pub fn with_hosting_words(mut self, words: HostingWords) -> Self {
        let source = self.source(words.info());
        self.words.push((source, words));
        self
    }

    /// Take note of a source; answers its position.
    fn source(&mut self, info: &DatabaseInfo) -> usize {
        self.infos.push(info.clone());
        self.infos.len() - 1
    }

    /// The databases and lists, in the order in which they were added.
    pub fn sources(&self) -> &[DatabaseInfo] {
        &self.infos
    }

    /// The lists, in the order in which they are asked.
    pub fn lists(&self) -> impl Iterator<Item = &List> {
        self.lists.iter().map(|(_, list)| list)
    }

    /// The flags that can be set: those of the lists, hosting if there are words, and all if
    /// a database sets any.
    ///
    /// A flag that is not here says nothing by being absent from a record.
    pub fn flags(&self) -> Flags {
        let any = self.databases.iter().any(|(_, database)| database.info().facts.flags)
            || self.answers.iter().any(|(_, answers)| answers.info().facts.flags);
        let of_databases = if any { Flags::all() } else { Flags::default() };
        let of_words =
            if self.words.is_empty() { Flags::default() } else { Flags::HOSTING };
        self.lists().fold(of_databases | of_words, |flags, list| flags | list.flags())
    }

    /// Get the databases ready for addresses like this one, all of them at the same time.
    ///
    /// The embedded ones unpack the ranges of a family when an address of it is first asked
    /// for. Then [`enrich`](Self::enrich) waits for one after the other; here there is a thread
    /// for each, if there are processors for several.
    pub fn prepare(&self, address: IpAddr) {
        let ask = |(_, database): &(usize, Database)| {
            // What is wrong will be said when it is asked for.
            drop(database.lookup(address));
        };
        let threads = thread::available_parallelism().map_or(1, usize::from);
        if threads < 2 {
            return;
        }
        let Some((first, others)) = self.databases.split_first() else { return };
        thread::scope(|scope| {
            for database in others {
                scope.spawn(move || ask(database));
            }
            ask(first);
        });
    }

    /// Everything that the databases and lists know of an address.
    ///
    /// # Errors
    /// [`Error::Lookup`] if the record of the address is damaged in a database.
    pub fn enrich(&self, address: IpAddr) -> Result<Record<'_>, Error> {
        let mut record = Record::new(address);
        record.sources = Sources::none_of(&self.infos);
        let mut place_from = None;
        for (source, answers) in &self.answers {
            if let Some(answer) = answers.lookup(address) {
                take(&mut record, &mut place_from, *source, answer);
            }
        }
        for (source, database) in &self.databases {
            if let Some(answer) = database.lookup(address)? {
                take(&mut record, &mut place_from, *source, answer);
            }
        }
        // The network in which the AS was found, which is where marks of it hold.
        let of_system = record.network;
        self.place(&mut record, place_from);
        record.place = record.place.map(Place::with_radius);
        self.mark(&mut record, of_system);
        Ok(record)
    }

    /// Visit ranges of addresses with the record of each, in order, those of IPv4 first; only
    /// ranges of which a database knows something.
    ///
    /// What lists, places of the user's and learnt answers say holds for the first address of
    /// a range, and is meant for an enricher that has none of them.
    ///
    /// # Errors
    /// [`Error::Damaged`] if not all of a database can be read, else as
    /// [`enrich`](Self::enrich).
    pub fn for_each_range<'e>(
        &'e self,
        mut visit: impl FnMut(AddressRange, Record<'e>),
    ) -> Result<(), Error> {
        // Where anything begins, or ends before.
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for (_, database) in &self.databases {
            database.for_each_range(|range, _| {
                let seams = if range.first().is_ipv4() { &mut v4 } else { &mut v6 };
                seams.extend([
                    Some(bits(range.first())),
                    bits(range.last()).checked_add(1),
                ]);
            })?;
        }
        for (mut seams, is_v4) in [(v4, true), (v6, false)] {
            seams.sort_unstable();
            seams.dedup();
            let seams: Vec<u128> = seams.into_iter().flatten().collect();
            let end = if is_v4 { u32::MAX.into() } else { u128::MAX };
            for (position, &first) in
                seams.iter().enumerate().filter(|seam| *seam.1 <= end)
            {
                let last = seams.get(position + 1).map_or(end, |next| next - 1);
                let (first, last) = (address_of(first, is_v4), address_of(last, is_v4));
                let record = self.enrich(first)?;
                if let Some(range) = AddressRange::new(first, last)
                    && !record.sources.is_empty()
                {
                    visit(range, record);
                }
            }
        }
        Ok(())
    }

    /// Settle the place: of the user, of a database, or of both where they agree.
    fn place<'a>(&'a self, record: &mut Record<'a>, place_from: PlaceFrom) {
        let own = self.place_lists.iter().find_map(|(source, places)| {
            places
                .lookup(record.address)
                .map(|(place, network)| (*source, place, network))
        });
        if let Some((source, place, network)) = own {
            note(record, source, Some(network));
            let Some(completed) = completed(place, record.place) else {
                // The database says nothing that is kept, so it is no source.
                record.place = Some(place).filter(|place| *place != Place::default());
                return;
            };
            record.place = Some(completed);
        }
        // A place can give way to a better one, so its source is known only now.
        if let Some((source, network)) = place_from {
            note(record, source, network);
        }
    }

    /// Set the flags of lists and words.
    fn mark(&self, record: &mut Record<'_>, of_system: Option<IpNetwork>) {
        let system = record.autonomous_system;
        let number = system.map(|system| system.number);
        for (source, list) in &self.lists {
            if let Some(network) = list.marks(record.address, number, of_system) {
                record.flags |= list.flags();
                note(record, *source, network);
            }
        }
        let Some(organization) = system.and_then(|system| system.organization) else {
            return;
        };
        for (source, words) in &self.words {
            if words.matches(organization) {
                record.flags |= Flags::HOSTING;
                note(record, *source, of_system);
            }
        }
    }
}

/// The source of a place, and the network in which the place holds.
type PlaceFrom = Option<(usize, Option<IpNetwork>)>;

/// Take from the answer of a source what is not known yet.
fn take<'a>(
    record: &mut Record<'a>,
    place_from: &mut PlaceFrom,
    source: usize,
    answer: Answer<'a>,
) {
    if answer.place.is_some_and(|place| adds_to(record.place, place)) {
        record.place = answer.place;
        *place_from = Some((source, answer.network));
    }
    let mut used = false;
    if record.autonomous_system.is_none() && answer.autonomous_system.is_some() {
        record.autonomous_system = answer.autonomous_system;
        used = true;
    }
    if let Some(connection) = answer.connection {
        let known = record.connection.unwrap_or_default();
        let all = known.or(connection);
        used |= all != known;
        record.connection = Some(all);
    }
    if !record.flags.contains(answer.flags) {
        record.flags |= answer.flags;
        used = true;
    }
    if used {
        note(record, source, answer.network);
    }
}

/// Note that a source gave a fact, which holds in a network.
fn note(record: &mut Record<'_>, source: usize, network: Option<IpNetwork>) {
    record.sources.note(source);
    record.network = narrower(record.network, network);
}

/// A place of the user's with what a database adds to it; none if that adds nothing.
///
/// The database must name the country and the city that the user names; then it may add
/// what is missing, and the point. A place with a point of its own needs nothing.
fn completed<'a>(own: Place<'a>, database: Option<Place<'a>>) -> Option<Place<'a>> {
    let database = database?;
    let same_country = own.country.is_some() && own.country == database.country;
    let same_city = match (own.city, database.city) {
        (None, _) => own.name.is_none() && own.subdivision.is_none(),
        (Some(own), Some(city)) => own.to_lowercase() == city.to_lowercase(),
        (Some(_), None) => false,
    };
    (own.location.is_none() && same_country && same_city).then(|| Place {
        name: own.name,
        country: own.country,
        country_name: database.country_name.or(own.country_name),
        subdivision: own.subdivision.or(database.subdivision),
        city: own.city.or(database.city),
        location: database.location,
    })
}

/// The narrower of two networks around one address: all facts hold only there.
fn narrower(a: Option<IpNetwork>, b: Option<IpNetwork>) -> Option<IpNetwork> {
    [a, b].into_iter().flatten().max_by_key(IpNetwork::prefix)
}

/// Whether a place says more than the one known, and does not contradict it.
fn adds_to(known: Option<Place<'_>>, offered: Place<'_>) -> bool {
    let Some(known) = known else { return true };
    let agrees = known.country.is_none() || known.country == offered.country;
    let locates = known.location.is_none() && offered.location.is_some();
    agrees && locates
}
