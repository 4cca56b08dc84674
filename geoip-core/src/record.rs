//! Everything known about one address.

use std::{fmt, net::IpAddr};

use ipnetwork::IpNetwork;

use crate::{Asn, CountryCode, Flags, LatLng, Scope, Sources};

/// Everything known about one address, whatever the databases it came from.
///
/// Text is borrowed from the databases, so a record is small, `Copy`, and costs no
/// allocation. `None` means "not known", never "could not find out".
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Record<'a> {
    /// The address asked for.
    pub address: IpAddr,
    /// The largest network around the address in which all of this record holds.
    pub network: Option<IpNetwork>,
    /// Where the address is.
    pub place: Option<Place<'a>>,
    /// Which network operator announces it.
    pub autonomous_system: Option<AutonomousSystem<'a>>,
    /// By whom and by what it is connected.
    pub connection: Option<Connection<'a>>,
    /// Whether it hides who is behind it.
    pub flags: Flags,
    /// What it may be used for.
    pub scope: Scope,
    /// The databases that this record is made of.
    pub sources: Sources<'a>,
}

impl<'a> Record<'a> {
    /// A record that knows the address and its scope only.
    pub fn new(address: IpAddr) -> Self {
        Self {
            address,
            network: None,
            place: None,
            autonomous_system: None,
            connection: None,
            flags: Flags::default(),
            scope: Scope::of(address),
            sources: Sources::default(),
        }
    }

    /// The location of the place, if both are known.
    pub fn location(&self) -> Option<Location<'a>> {
        self.place?.location
    }

    /// How narrow the place is, if a place is known.
    pub fn precision(&self) -> Option<Precision> {
        self.place.map(|place| place.precision())
    }
}

/// Where an address is, as far as a database knows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Place<'a> {
    /// What the user calls it: only places of a [`PlaceList`](crate::PlaceList) have a name
    /// of their own.
    pub name: Option<&'a str>,
    /// The country or territory.
    pub country: Option<CountryCode>,
    /// The name of the country in the database's words.
    pub country_name: Option<&'a str>,
    /// The largest subdivision of the country: a state, province or region.
    pub subdivision: Option<&'a str>,
    /// The city.
    pub city: Option<&'a str>,
    /// The point that stands for all this.
    pub location: Option<Location<'a>>,
}

impl Place<'_> {
    /// How narrow this place is: by what is named, and by how large a circle the
    /// database draws around it.
    ///
    /// A circle of 200 km or more is no city, whatever name is on it: databases give
    /// such radii to the default point of a region or country.
    pub fn precision(&self) -> Precision {
        let radius_km = self.location.and_then(|location| location.accuracy_radius_km);
        let wide = radius_km.is_some_and(|radius_km| radius_km >= COARSE_RADIUS_KM);
        let named = match (self.name.or(self.city), self.subdivision) {
            (Some(_), _) if !wide => Precision::City,
            (Some(_), _) | (None, Some(_)) => Precision::Region,
            (None, None) => Precision::Country,
        };
        // A city can lie at the default point of its country, and is a city there.
        let default_of = self.location.and_then(|location| location.default_of);
        default_of.filter(|_| named != Precision::City).map_or(named, |of| of.max(named))
    }

    /// This place, with a radius that follows from its precision if its location has none.
    #[must_use]
    pub(crate) fn with_radius(mut self) -> Self {
        let derived_km = match self.precision() {
            Precision::City => CITY_RADIUS_KM,
            Precision::Region => COARSE_RADIUS_KM,
            Precision::Country => COUNTRY_RADIUS_KM,
        };
        if let Some(location) = &mut self.location {
            location.accuracy_radius_km.get_or_insert(derived_km);
        }
        self
    }
}

/// The radius of a city where a database gives none: what decision 001 says of the embedded
/// one.
const CITY_RADIUS_KM: u16 = 25;

/// The radius of a country where a database gives none: what MaxMind gives to large ones.
const COUNTRY_RADIUS_KM: u16 = 1000;

/// The accuracy radius from which on a location stands for more than a city.
///
/// In GeoLite2, default points of countries and regions carry 200 to 1000 km, cities
/// 1 to 100 km.
const COARSE_RADIUS_KM: u16 = 200;

/// A point, and how much to trust it.
///
/// A location of an address is the middle of a circle, mostly the centre of a city;
/// it is never a building.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Location<'a> {
    /// The middle of the circle.
    pub point: LatLng,
    /// The radius of the circle in kilometres.
    pub accuracy_radius_km: Option<u16>,
    /// The time zone by its IANA name, such as `Europe/Stockholm`.
    pub time_zone: Option<&'a str>,
    /// Whose default point this is, if it is one: where the database puts what it knows to
    /// be in this country or region, and nothing more.
    pub default_of: Option<Precision>,
}

impl Location<'_> {
    /// A location of which nothing but the point is known.
    pub fn new(point: LatLng) -> Self {
        Self { point, accuracy_radius_km: None, time_zone: None, default_of: None }
    }
}

/// What a location stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// A city or a part of one.
    City,
    /// A state, province or region.
    Region,
    /// A whole country.
    Country,
}

impl Precision {
    /// The name in the program's JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::Region => "region",
            Self::Country => "country",
        }
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A network under one routing policy, and who runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AutonomousSystem<'a> {
    /// Its number.
    pub number: Asn,
    /// The organization that it is registered to.
    pub organization: Option<&'a str>,
}

impl<'a> AutonomousSystem<'a> {
    /// An autonomous system by number and organization.
    pub fn new(number: Asn, organization: Option<&'a str>) -> Self {
        Self { number, organization }
    }
}

/// By whom and by what an address is connected, in the words of the database.
///
/// MaxMind's ISP, Domain, Connection-Type and Enterprise databases know it, and DB-IP's
/// paid ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connection<'a> {
    /// The internet service provider.
    pub isp: Option<&'a str>,
    /// The second-level domain that goes with the address, such as `example.net`.
    pub domain: Option<&'a str>,
    /// How it is connected, such as `Cable/DSL`, `Cellular` or `Corporate`.
    pub connection_type: Option<&'a str>,
    /// Who uses it, such as `residential`, `college` or `hosting`.
    pub user_type: Option<&'a str>,
}

impl Connection<'_> {
    /// This, with what is missing taken from another.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            isp: self.isp.or(other.isp),
            domain: self.domain.or(other.domain),
            connection_type: self.connection_type.or(other.connection_type),
            user_type: self.user_type.or(other.user_type),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_circle_is_no_city() {
        let point = LatLng::new(37.751, -97.822).unwrap();
        let place = |city, subdivision, accuracy_radius_km| Place {
            city,
            subdivision,
            location: Some(Location { accuracy_radius_km, ..Location::new(point) }),
            ..Place::default()
        };
        let precision = |city, subdivision, km| place(city, subdivision, km).precision();
        assert_eq!(precision(Some("Wichita"), Some("Kansas"), Some(20)), Precision::City);
        assert_eq!(precision(Some("Wichita"), None, None), Precision::City);
        assert_eq!(
            precision(Some("Wichita"), Some("Kansas"), Some(200)),
            Precision::Region
        );
        assert_eq!(precision(None, Some("Kansas"), Some(5)), Precision::Region);
        assert_eq!(precision(None, None, Some(1000)), Precision::Country);
    }
}
