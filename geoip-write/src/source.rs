//! What the compact format is made from: ranges of addresses, each with a place or a system.

use std::net::IpAddr;

use geoip_core::{AddressRange, Database};
use hashbrown::HashMap;

use crate::Error;

/// A range of addresses, both ends included, and the number of what is said about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The first address, as a number.
    pub start: u128,
    /// The last address.
    pub end: u128,
    /// Which of the places or systems it is.
    pub label: u32,
}

/// A place as the source writes it.
#[derive(Debug, Clone, PartialEq)]
pub struct SourcePlace {
    /// ISO 3166-1 alpha-2 code.
    pub country: [u8; 2],
    /// State, province or region; empty if it is not known.
    pub subdivision: String,
    /// City, perhaps with a district in parentheses behind it; empty if it is not known.
    pub city: String,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lng: f64,
}

/// Both families of a city database.
#[derive(Debug, Default)]
pub struct CitySource {
    /// The places that ranges name.
    pub places: Vec<SourcePlace>,
    /// Disjoint ranges of IPv4, in order.
    pub v4: Vec<Range>,
    /// The same of IPv6.
    pub v6: Vec<Range>,
    /// Seconds since 1970 at which the source was built.
    pub build_epoch: u64,
}

/// Both families of a database of autonomous systems.
#[derive(Debug, Default)]
pub struct AsnSource {
    /// Number and organization.
    pub systems: Vec<(u32, String)>,
    /// Disjoint ranges of IPv4, in order.
    pub v4: Vec<Range>,
    /// The same of IPv6.
    pub v6: Vec<Range>,
}

/// Country, subdivision, city and the bits of the coordinates.
type PlaceKey = ([u8; 2], Option<String>, Option<String>, (i64, i64));

impl CitySource {
    /// The places of a database: those with a country and a point.
    ///
    /// # Errors
    /// [`Error::Source`] if the database cannot be read whole.
    pub fn of(database: &Database) -> Result<Self, Error> {
        let mut source = Self {
            build_epoch: database.info().build_epoch.unwrap_or_default(),
            ..Self::default()
        };
        let mut known: HashMap<PlaceKey, u32> = HashMap::new();
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        database.for_each_range(|range, answer| {
            let place = answer.place.unwrap_or_default();
            let (Some(country), Some(location)) = (place.country, place.location) else {
                return;
            };
            let letters = country.as_str().as_bytes();
            let country = [letters[0], letters[1]];
            let key = (
                country,
                place.subdivision.map(str::to_owned),
                place.city.map(str::to_owned),
                location.point.key(),
            );
            let label = *known.entry(key).or_insert_with(|| {
                source.places.push(SourcePlace {
                    country,
                    subdivision: place.subdivision.unwrap_or_default().to_owned(),
                    city: place.city.unwrap_or_default().to_owned(),
                    lat: location.point.lat(),
                    lng: location.point.lng(),
                });
                (source.places.len() - 1) as u32
            });
            push(if range.first().is_ipv4() { &mut v4 } else { &mut v6 }, range, label);
        })?;
        (source.v4, source.v6) = (v4, v6);
        Ok(source)
    }
}

impl AsnSource {
    /// The autonomous systems of a database.
    ///
    /// # Errors
    /// [`Error::Source`] if the database cannot be read whole.
    pub fn of(database: &Database) -> Result<Self, Error> {
        let mut source = Self::default();
        let mut known: HashMap<(u32, &str), u32> = HashMap::new();
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        database.for_each_range(|range, answer| {
            let Some(system) = answer.autonomous_system else { return };
            let organization = system.organization.unwrap_or_default();
            let label =
                *known.entry((system.number.0, organization)).or_insert_with(|| {
                    source.systems.push((system.number.0, organization.to_owned()));
                    (source.systems.len() - 1) as u32
                });
            push(if range.first().is_ipv4() { &mut v4 } else { &mut v6 }, range, label);
        })?;
        (source.v4, source.v6) = (v4, v6);
        Ok(source)
    }
}

/// Add a range, joined with the one before where that says the same.
fn push(ranges: &mut Vec<Range>, range: AddressRange, label: u32) {
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits(),
    };
    let (start, end) = (bits(range.first()), bits(range.last()));
    match ranges.last_mut() {
        Some(last) if last.label == label && last.end.checked_add(1) == Some(start) => {
            last.end = end;
        }
        _ => ranges.push(Range { start, end, label }),
    }
}
