//! What was learnt of single addresses elsewhere.

use std::net::IpAddr;

use ipnetwork::IpNetwork;

use crate::{
    AddressMap, Answer, Asn, Attribution, AutonomousSystem, CountryCode, DatabaseInfo,
    Facts, Flags, LatLng, Location, Place,
};

/// What was learnt of single addresses elsewhere, such as from a geolocation service; a
/// source for an [`Enricher`](crate::Enricher).
///
/// # Examples
/// ```
/// use geoip_core::{Answers, Enricher, LearntAnswer};
///
/// let mut answers = Answers::new("geo.example", None);
/// let lyon = LearntAnswer { city: Some("Lyon".into()), ..LearntAnswer::default() };
/// answers.insert("192.0.2.7".parse()?, lyon);
///
/// let enricher = Enricher::new().with_answers(answers);
/// let record = enricher.enrich("192.0.2.7".parse()?).unwrap();
/// assert_eq!(record.place.unwrap().city, Some("Lyon"));
/// assert_eq!(record.network.unwrap().to_string(), "192.0.2.7/32");
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Answers {
    info: DatabaseInfo,
    by_address: AddressMap<LearntAnswer>,
}

/// An [`Answer`] about one address that owns its words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LearntAnswer {
    /// The country or territory.
    pub country: Option<CountryCode>,
    /// Its name in the words of whoever answered.
    pub country_name: Option<String>,
    /// The largest subdivision of the country.
    pub subdivision: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The point that stands for all this.
    pub point: Option<LatLng>,
    /// How far off the point may be, in kilometres.
    pub accuracy_radius_km: Option<u16>,
    /// The time zone by its IANA name.
    pub time_zone: Option<String>,
    /// The autonomous system.
    pub asn: Option<Asn>,
    /// The organization that it is registered to; said only beside its number.
    pub organization: Option<String>,
    /// Whether it hides who is behind it.
    pub flags: Flags,
}

impl LearntAnswer {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn place(&self) -> Option<Place<'_>> {
        let location = self.point.map(|point| Location {
            accuracy_radius_km: self.accuracy_radius_km,
            time_zone: self.time_zone.as_deref(),
            ..Location::new(point)
        });
        let place = Place {
            name: None,
            country: self.country,
            country_name: self.country_name.as_deref(),
            subdivision: self.subdivision.as_deref(),
            city: self.city.as_deref(),
            location,
        };
        (place != Place::default()).then_some(place)
    }
}

impl Answers {
    /// No answers yet; sources of records will call them by `name`, and credit them.
    pub fn new(name: &str, attribution: Option<Attribution>) -> Self {
        let info = DatabaseInfo {
            name: name.into(),
            build_epoch: None,
            attribution,
            facts: Facts::default(),
            entries: Some(0),
        };
        Self { info, by_address: AddressMap::new() }
    }

    /// Take an answer; the first about an address is kept.
    pub fn insert(&mut self, address: IpAddr, answer: LearntAnswer) {
        let facts = &mut self.info.facts;
        facts.country |= answer.country.is_some();
        facts.city |= answer.city.is_some() || answer.point.is_some();
        facts.autonomous_system |= answer.asn.is_some();
        facts.flags |= !answer.flags.is_empty();
        self.by_address.or_insert_with(address.to_canonical(), || answer);
        self.info.entries = Some(self.by_address.len() as u64);
    }

    /// What was learnt of an address. It holds for this address, and for no other.
    pub fn lookup(&self, address: IpAddr) -> Option<Answer<'_>> {
        let address = address.to_canonical();
        let answer = self.by_address.get(address)?;
        let organization = answer.organization.as_deref();
        Some(Answer {
            network: Some(IpNetwork::from(address)),
            place: answer.place(),
            autonomous_system: answer
                .asn
                .map(|number| AutonomousSystem::new(number, organization)),
            connection: None,
            flags: answer.flags,
        })
    }

    /// What they are called, and how many there are.
    pub fn info(&self) -> &DatabaseInfo {
        &self.info
    }
}
