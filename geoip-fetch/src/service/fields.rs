//! Where in an answer each fact stands.

use crate::Error;

/// A fact of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// The country: two letters of ISO 3166-1, or its name.
    Country,
    /// The name of the country.
    CountryName,
    /// The name of the region.
    Subdivision,
    /// The city.
    City,
    /// Degrees to the north, as a number or text; or both degrees with a comma between them.
    Latitude,
    /// Degrees to the east, as a number or text.
    Longitude,
    /// How far off the point may be, in kilometres.
    RadiusKm,
    /// The time zone by its IANA name.
    TimeZone,
    /// The autonomous system: a number, `AS64496`, or that and its organization.
    Asn,
    /// The organization of the autonomous system, or `AS64496` and it.
    Organization,
    /// Whether it is an exit of Tor.
    Tor,
    /// Whether it is an exit of a VPN.
    Vpn,
    /// Whether it is a proxy.
    Proxy,
    /// Whether it is a privacy relay.
    Relay,
    /// Whether it is in a datacenter.
    Hosting,
}

/// Each fact, its name, and where services put it; the first that is there is taken.
#[rustfmt::skip]
const USUAL: &[(Field, &str, &[&str])] = &[
    (Field::Country, "country", &[
        "/country_code", "/countryCode", "/location/country", "/country_code2", "/country/iso_code",
        "/location/country_code", "/location/country_code2", "/geo/country_code", "/country",
    ]),
    (Field::CountryName, "country_name", &[
        "/country_name", "/countryName", "/country/names/en", "/location/country_name",
        "/geo/country", "/country",
    ]),
    (Field::Subdivision, "region", &[
        "/region_name", "/regionName", "/location/region", "/subdivisions/0/names/en",
        "/state_prov", "/location/state_prov", "/geo/region", "/region",
    ]),
    (Field::City, "city", &[
        "/city/names/en", "/location/city", "/cityName", "/city_name", "/geo/city", "/city",
    ]),
    (Field::Latitude, "latitude", &[
        "/latitude", "/lat", "/location/lat", "/location/latitude", "/geo/latitude", "/loc",
    ]),
    (Field::Longitude, "longitude", &[
        "/longitude", "/lon", "/lng", "/location/lng", "/location/longitude", "/location/lon",
        "/geo/longitude",
    ]),
    (Field::RadiusKm, "radius_km", &["/location/accuracy_radius", "/radius", "/geo/radius"]),
    (Field::TimeZone, "time_zone", &[
        "/time_zone", "/timezone", "/timeZone", "/location/time_zone", "/timezone/id",
        "/time_zone/id", "/time_zone/name", "/geo/timezone",
    ]),
    (Field::Asn, "asn", &[
        "/asn", "/as/asn", "/asn/asn", "/connection/asn", "/traits/autonomous_system_number",
        "/as",
    ]),
    (Field::Organization, "organization", &[
        "/as/name", "/asn/name", "/as_name", "/connection/org",
        "/traits/autonomous_system_organization", "/org", "/organization", "/isp",
    ]),
    (Field::Tor, "tor", &["/is_tor", "/privacy/tor", "/security/is_tor", "/threat/is_tor", "/proxy/tor"]),
    (Field::Vpn, "vpn", &["/is_vpn", "/privacy/vpn", "/security/is_vpn", "/proxy/vpn"]),
    (Field::Proxy, "proxy", &[
        "/is_proxy", "/privacy/proxy", "/security/is_proxy", "/threat/is_proxy", "/proxy/proxy", "/proxy",
    ]),
    (Field::Relay, "relay", &["/is_relay", "/privacy/relay"]),
    (Field::Hosting, "hosting", &["/is_hosting", "/privacy/hosting", "/hosting"]),
];

/// Where in an answer each fact stands, as JSON pointers (RFC 6901).
///
/// The default knows where the usual services have it. Whoever has an unusual one says
/// where things are, and what is not said is looked for as usual.
///
/// # Examples
/// ```
/// use geoip_fetch::service::Fields;
///
/// let fields = Fields::default().with("city", "/data/0/town")?;
/// assert!(Fields::default().with("colour", "/x").is_err());
/// # Ok::<(), geoip_fetch::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    own: Vec<(Field, String)>,
}

impl Fields {
    /// The same, but for this fact, by its name: `country`, `country_name`, `region`, `city`,
    /// `latitude`, `longitude`, `radius_km`, `time_zone`, `asn`, `organization`, `tor`,
    /// `vpn`, `proxy`, `relay` or `hosting`.
    ///
    /// # Errors
    /// [`Error::InvalidField`] if there is no such fact, or the pointer is none.
    pub fn with(mut self, name: &str, pointer: &str) -> Result<Self, Error> {
        let invalid = |reason| Error::InvalidField { field: name.into(), reason };
        let known = USUAL.iter().find(|(_, known, _)| *known == name);
        let (field, ..) = known.ok_or_else(|| invalid("there is no such fact"))?;
        if !pointer.starts_with('/') {
            return Err(invalid("a JSON pointer begins with /"));
        }
        self.own.push((*field, pointer.into()));
        Ok(self)
    }

    /// The names of all facts.
    pub fn names() -> impl Iterator<Item = &'static str> {
        USUAL.iter().map(|(_, name, _)| *name)
    }

    /// Where a fact may stand, the likeliest first.
    pub(super) fn pointers(&self, field: Field) -> impl Iterator<Item = &str> {
        let own = self.own.iter().filter(move |(known, _)| *known == field);
        let own: Vec<_> = own.map(|(_, pointer)| pointer.as_str()).collect();
        let usual = USUAL.iter().find(|(known, ..)| *known == field);
        let usual = usual.filter(|_| own.is_empty()).map_or(&[][..], |(.., usual)| usual);
        own.into_iter().chain(usual.iter().copied())
    }
}
