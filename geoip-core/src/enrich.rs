//! Records out of several databases.

use std::net::IpAddr;

use ipnetwork::IpNetwork;

use crate::{Database, DatabaseInfo, Error, Place, Record, Sources};

/// Asks several databases about an address, and makes one record of their answers.
///
/// Databases are asked in the order in which they were added. The first that knows a
/// fact is believed; later ones fill in what is missing, and never mix places: a place
/// is taken whole from one database, and gives way only to one that names the same
/// country and knows a location where the first does not.
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
    databases: Vec<Database>,
    infos: Vec<DatabaseInfo>,
}

impl Enricher {
    /// An enricher that knows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ask this database too, after those added before.
    #[must_use]
    pub fn with(mut self, database: Database) -> Self {
        self.infos.push(database.info().clone());
        self.databases.push(database);
        self
    }

    /// The databases, in the order in which they are asked.
    pub fn sources(&self) -> &[DatabaseInfo] {
        &self.infos
    }

    /// Everything that the databases know of an address.
    ///
    /// # Errors
    /// [`Error::Lookup`] if the record of the address is damaged in a database.
    pub fn enrich(&self, address: IpAddr) -> Result<Record<'_>, Error> {
        let mut record = Record::new(address);
        let mut place_from = None;
        let mut sources = Sources::none_of(&self.infos);
        for (position, database) in self.databases.iter().enumerate() {
            let Some(answer) = database.lookup(address)? else { continue };
            if answer.place.is_some_and(|place| adds_to(record.place, place)) {
                record.place = answer.place;
                place_from = Some((position, answer.network));
            }
            let mut used = false;
            if record.autonomous_system.is_none() && answer.autonomous_system.is_some() {
                record.autonomous_system = answer.autonomous_system;
                used = true;
            }
            if !record.flags.contains(answer.flags) {
                record.flags |= answer.flags;
                used = true;
            }
            if used {
                sources.note(position);
                record.network = narrower(record.network, answer.network);
            }
        }
        // A place can give way to a better one, so its source is known only now.
        if let Some((position, network)) = place_from {
            sources.note(position);
            record.network = narrower(record.network, network);
        }
        Ok(Record { sources, ..record })
    }
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
