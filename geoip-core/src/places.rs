//! Records merged to places: what maps are drawn of and groups are made of.

use std::net::IpAddr;

use hashbrown::{HashMap, hash_map::Entry};

use crate::{CountryCode, LatLng, Place, Precision, Record, Scope, Tally, WeightedPoint};

/// Addresses and the hits on them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Distinct addresses.
    pub addresses: u64,
    /// How often they were seen.
    pub hits: u64,
}

impl Count {
    fn add(&mut self, hits: u64) {
        self.addresses += 1;
        self.hits = self.hits.saturating_add(hits);
    }
}

/// All addresses that a database puts on one point under one name.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MergedPlace<'a> {
    /// The point.
    pub point: LatLng,
    /// Country, subdivision and city, in the words of the database.
    pub place: Place<'a>,
    /// What the point stands for.
    pub precision: Precision,
    /// The addresses with the hits on each, in the order in which they were added.
    pub addresses: Vec<(IpAddr, u64)>,
    /// The sum of the hits.
    pub hits: u64,
}

impl MergedPlace<'_> {
    /// The point, weighted by distinct addresses.
    pub fn by_addresses(&self) -> WeightedPoint {
        WeightedPoint { point: self.point, weight: self.addresses.len() as u64 }
    }

    /// The point, weighted by hits.
    pub fn by_hits(&self) -> WeightedPoint {
        WeightedPoint { point: self.point, weight: self.hits }
    }
}

/// Merges records that share a place, and counts what has none.
///
/// The whole GeoIP world has a few hundred thousand distinct places, so everything
/// after this step is small, however large the log was.
///
/// # Examples
/// ```
/// use geoip_core::{Database, Enricher, Places};
///
/// let enricher =
///     Enricher::new().with(Database::from_bytes("embedded", geoip_data_city::CITY)?);
/// let mut places = Places::new();
/// for (address, hits) in [("1.1.1.1", 5), ("1.1.1.3", 2), ("10.0.0.1", 9)] {
///     places.add(&enricher.enrich(address.parse().unwrap())?, hits);
/// }
/// assert_eq!(places.merged().len(), 1);
/// assert_eq!(places.merged()[0].hits, 7);
/// assert_eq!(places.not_global().hits, 9);
/// # Ok::<(), geoip_core::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Places<'a> {
    merged: Vec<MergedPlace<'a>>,
    positions: HashMap<Key<'a>, usize>,
    countries_by_addresses: Tally<CountryCode>,
    countries_by_hits: Tally<CountryCode>,
    all: Count,
    not_global: Count,
    unknown: Count,
    without_point: Count,
}

/// What two records must share to be at one place.
type Key<'a> = ((i64, i64), Precision, Option<CountryCode>, [Option<&'a str>; 3]);

impl<'a> Places<'a> {
    /// No places yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Add the record of one distinct address and the hits on it.
    pub fn add(&mut self, record: &Record<'a>, hits: u64) {
        self.all.add(hits);
        let Some(place) = record.place else {
            let reason = match record.scope {
                Scope::Global => &mut self.unknown,
                _ => &mut self.not_global,
            };
            return reason.add(hits);
        };
        if let Some(country) = place.country {
            self.countries_by_addresses.add(country);
            self.countries_by_hits.add_n(country, hits);
        }
        let Some(location) = place.location else { return self.without_point.add(hits) };
        let precision = place.precision();
        let key = (
            location.point.key(),
            precision,
            place.country,
            [place.name, place.subdivision, place.city],
        );
        let position = match self.positions.entry(key) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                self.merged.push(MergedPlace {
                    point: location.point,
                    place,
                    precision,
                    addresses: Vec::new(),
                    hits: 0,
                });
                *entry.insert(self.merged.len() - 1)
            }
        };
        let merged = &mut self.merged[position];
        merged.addresses.push((record.address, hits));
        merged.hits = merged.hits.saturating_add(hits);
    }

    /// The places, in the order in which they were first met.
    pub fn merged(&self) -> &[MergedPlace<'a>] {
        &self.merged
    }

    /// The places that stand for a city: those that may be drawn as a point.
    pub fn precise(&self) -> impl Iterator<Item = &MergedPlace<'a>> {
        self.merged.iter().filter(|place| place.precision == Precision::City)
    }

    /// The places that stand for a region or a country.
    pub fn coarse(&self) -> impl Iterator<Item = &MergedPlace<'a>> {
        self.merged.iter().filter(|place| place.precision != Precision::City)
    }

    /// How many distinct addresses each country has.
    pub fn countries_by_addresses(&self) -> &Tally<CountryCode> {
        &self.countries_by_addresses
    }

    /// How many hits each country has.
    pub fn countries_by_hits(&self) -> &Tally<CountryCode> {
        &self.countries_by_hits
    }

    /// Everything that was added.
    pub fn all(&self) -> Count {
        self.all
    }

    /// What is in no database because it is private, reserved, or of the host itself.
    pub fn not_global(&self) -> Count {
        self.not_global
    }

    /// What could be anywhere, but is in no database.
    pub fn unknown(&self) -> Count {
        self.unknown
    }

    /// What has a country, but no point.
    pub fn without_point(&self) -> Count {
        self.without_point
    }
}
