//! Rows of databases in MaxMind's file format, whatever their vendor.
//!
//! Vendors lay out their records differently and their `database_type` cannot be
//! trusted, so there is no layout to choose: one row takes every known key, and each
//! value is read by its own shape. `country` is a map in GeoIP2, a code or a name in
//! IPinfo's files; `latitude` is a number here and a text there. A key that is absent,
//! or holds what makes no sense, is a fact not known.

mod value;

use serde::Deserialize;

use self::value::{Map, Named, Scalar};
use crate::{
    Answer, Asn, AutonomousSystem, Connection, CountryCode, Flags, LatLng, Location,
    Place,
};

/// Names longer than this come from a damaged or hostile database.
const LONGEST_NAME: usize = 256;

/// One record: the union of the keys of all layouts.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Row<'a> {
    #[serde(borrow)]
    country: Named<'a>,
    #[serde(borrow)]
    registered_country: Named<'a>,
    #[serde(borrow)]
    country_code: Scalar<'a>,
    #[serde(borrow)]
    country_name: Scalar<'a>,
    #[serde(borrow)]
    subdivisions: Named<'a>,
    #[serde(borrow)]
    region: Named<'a>,
    #[serde(borrow)]
    state1: Scalar<'a>,
    #[serde(borrow)]
    city: Named<'a>,
    #[serde(borrow)]
    location: Map<Position<'a>>,
    #[serde(borrow)]
    latitude: Scalar<'a>,
    #[serde(borrow)]
    longitude: Scalar<'a>,
    #[serde(borrow)]
    lat: Scalar<'a>,
    #[serde(borrow)]
    lng: Scalar<'a>,
    #[serde(borrow)]
    radius: Scalar<'a>,
    #[serde(borrow)]
    timezone: Scalar<'a>,
    #[serde(borrow)]
    time_zone: Scalar<'a>,
    #[serde(borrow)]
    traits: Map<Traits<'a>>,
    #[serde(borrow)]
    asn: Scalar<'a>,
    #[serde(borrow)]
    as_name: Scalar<'a>,
    #[serde(borrow)]
    autonomous_system_number: Scalar<'a>,
    #[serde(borrow)]
    autonomous_system_organization: Scalar<'a>,
    #[serde(borrow)]
    isp: Scalar<'a>,
    #[serde(borrow)]
    domain: Scalar<'a>,
    #[serde(borrow)]
    connection_type: Scalar<'a>,
    #[serde(borrow)]
    user_type: Scalar<'a>,
    is_anonymous: Scalar<'a>,
    is_anonymous_proxy: Scalar<'a>,
    is_anonymous_vpn: Scalar<'a>,
    is_hosting_provider: Scalar<'a>,
    is_public_proxy: Scalar<'a>,
    is_residential_proxy: Scalar<'a>,
    is_tor_exit_node: Scalar<'a>,
    // IPinfo's
    is_hosting: Scalar<'a>,
    is_proxy: Scalar<'a>,
    is_relay: Scalar<'a>,
    is_tor: Scalar<'a>,
    is_vpn: Scalar<'a>,
    // and those of its privacy database
    hosting: Scalar<'a>,
    proxy: Scalar<'a>,
    relay: Scalar<'a>,
    tor: Scalar<'a>,
    vpn: Scalar<'a>,
}

/// The key `location` of MaxMind's layout.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Position<'a> {
    #[serde(borrow)]
    latitude: Scalar<'a>,
    #[serde(borrow)]
    longitude: Scalar<'a>,
    #[serde(borrow)]
    accuracy_radius: Scalar<'a>,
    #[serde(borrow)]
    time_zone: Scalar<'a>,
}

/// The key `traits` of MaxMind's Enterprise layout and of DB-IP's paid editions.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Traits<'a> {
    #[serde(borrow)]
    autonomous_system_number: Scalar<'a>,
    #[serde(borrow)]
    autonomous_system_organization: Scalar<'a>,
    #[serde(borrow)]
    isp: Scalar<'a>,
    #[serde(borrow)]
    domain: Scalar<'a>,
    #[serde(borrow)]
    connection_type: Scalar<'a>,
    #[serde(borrow)]
    user_type: Scalar<'a>,
    is_anonymous: Scalar<'a>,
    is_anonymous_proxy: Scalar<'a>,
    is_anonymous_vpn: Scalar<'a>,
    is_hosting_provider: Scalar<'a>,
    is_public_proxy: Scalar<'a>,
    is_residential_proxy: Scalar<'a>,
    is_tor_exit_node: Scalar<'a>,
}

impl<'a> Row<'a> {
    /// What this row says, without the network, which the row does not know.
    pub(crate) fn answer(&self) -> Answer<'a> {
        Answer {
            network: None,
            place: self.place(),
            autonomous_system: self.autonomous_system(),
            connection: self.connection(),
            flags: self.flags(),
        }
    }

    fn place(&self) -> Option<Place<'a>> {
        let country = self.country();
        // IPinfo's `country` is a name where `country_code` holds the code.
        let text_of_country =
            self.country.text().filter(|text| text.parse::<CountryCode>().is_err());
        let place = Place {
            name: None,
            country,
            country_name: name(self.country.name())
                .or(name(self.country_name.text()))
                .or(name(text_of_country))
                .or(country.map(CountryCode::name)),
            subdivision: name(self.subdivisions.name())
                .or(name(self.region.text()))
                .or(name(self.state1.text())),
            city: name(self.city.name()).or(name(self.city.text())),
            location: self.location(),
        };
        (place != Place::default()).then_some(place)
    }

    fn country(&self) -> Option<CountryCode> {
        // An address without a country of its own is registered in one: anycast.
        let codes = [
            self.country.code(),
            self.country_code.text(),
            self.country.text(),
            self.registered_country.code(),
        ];
        codes.into_iter().flatten().find_map(|code| code.parse().ok())
    }

    fn location(&self) -> Option<Location<'a>> {
        let nested = self.location.get();
        let number = |of_nested: Option<f64>, flat: [&Scalar<'_>; 2]| {
            of_nested.or_else(|| flat.iter().find_map(|value| value.number()))
        };
        let lat = number(
            nested.and_then(|nested| nested.latitude.number()),
            [&self.latitude, &self.lat],
        )?;
        let lng = number(
            nested.and_then(|nested| nested.longitude.number()),
            [&self.longitude, &self.lng],
        )?;
        let radius_km = nested
            .and_then(|nested| nested.accuracy_radius.number())
            .or(self.radius.number());
        let time_zone = nested
            .and_then(|nested| nested.time_zone.text())
            .or(self.time_zone.text())
            .or(self.timezone.text());
        Some(Location {
            point: LatLng::new(lat, lng).ok()?,
            accuracy_radius_km: radius_km.and_then(whole_km),
            time_zone: name(time_zone),
            default_of: None,
        })
    }

    fn autonomous_system(&self) -> Option<AutonomousSystem<'a>> {
        let of_traits = self.traits.get();
        let numbers = [
            Some(&self.autonomous_system_number),
            of_traits.map(|traits| &traits.autonomous_system_number),
            Some(&self.asn),
        ];
        let number = numbers.into_iter().flatten().find_map(as_number)?;
        let organization = name(self.autonomous_system_organization.text())
            .or(name(
                of_traits.and_then(|traits| traits.autonomous_system_organization.text()),
            ))
            .or(name(self.as_name.text()));
        Some(AutonomousSystem { number, organization })
    }

    fn connection(&self) -> Option<Connection<'a>> {
        let none = Traits::default();
        let traits = self.traits.get().unwrap_or(&none);
        let either = |own: &Scalar<'a>, nested: &Scalar<'a>| {
            name(own.text()).or(name(nested.text()))
        };
        let connection = Connection {
            isp: either(&self.isp, &traits.isp),
            domain: either(&self.domain, &traits.domain),
            connection_type: either(&self.connection_type, &traits.connection_type),
            user_type: either(&self.user_type, &traits.user_type),
        };
        (connection != Connection::default()).then_some(connection)
    }

    fn flags(&self) -> Flags {
        let none = Traits::default();
        let traits = self.traits.get().unwrap_or(&none);
        let marks = [
            (Flags::TOR, &self.is_tor_exit_node, &traits.is_tor_exit_node),
            (Flags::VPN, &self.is_anonymous_vpn, &traits.is_anonymous_vpn),
            (Flags::HOSTING, &self.is_hosting_provider, &traits.is_hosting_provider),
            (Flags::PROXY, &self.is_public_proxy, &traits.is_public_proxy),
            (Flags::PROXY, &self.is_residential_proxy, &traits.is_residential_proxy),
            (Flags::ANONYMOUS, &self.is_anonymous, &traits.is_anonymous),
            (Flags::ANONYMOUS, &self.is_anonymous_proxy, &traits.is_anonymous_proxy),
        ];
        let of_ipinfo = [
            (Flags::TOR, &self.is_tor, &self.tor),
            (Flags::VPN, &self.is_vpn, &self.vpn),
            (Flags::HOSTING, &self.is_hosting, &self.hosting),
            (Flags::PROXY, &self.is_proxy, &self.proxy),
            (Flags::RELAY, &self.is_relay, &self.relay),
        ];
        let mut flags = Flags::default();
        for (flag, one, other) in marks.into_iter().chain(of_ipinfo) {
            if one.is_true() || other.is_true() {
                flags |= flag;
            }
        }
        flags
    }
}

/// The number of an autonomous system; 0 is reserved (RFC 7607) and means none.
fn as_number(value: &Scalar<'_>) -> Option<Asn> {
    let asn = match value.text() {
        Some(text) => text.parse().ok()?,
        None => Asn(whole(value.number()?)?),
    };
    (asn.0 != 0).then_some(asn)
}

/// A name without surrounding blanks and not longer than names are, or nothing.
pub(crate) fn name(text: Option<&str>) -> Option<&str> {
    let text = text?.trim();
    let end = text.floor_char_boundary(LONGEST_NAME);
    Some(&text[..end]).filter(|name| !name.is_empty())
}

/// A whole number of kilometres that covers the radius.
fn whole_km(radius_km: f64) -> Option<u16> {
    let whole_km: u32 = whole(radius_km.ceil())?;
    u16::try_from(whole_km).ok().filter(|&km| km > 0)
}

/// A float that is a whole number in range, as that number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be whole and in range"
)]
fn whole(value: f64) -> Option<u32> {
    (value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value))
        .then_some(value as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(json: &str) -> Flags {
        serde_json::from_str::<Row<'_>>(json).unwrap().answer().flags
    }

    #[test]
    fn flags_of_every_generation_are_read() {
        let all = Flags::TOR | Flags::VPN | Flags::HOSTING | Flags::PROXY | Flags::RELAY;
        let names = ["tor", "vpn", "hosting", "proxy", "relay"];
        for (before, value) in [("is_", "true"), ("", "true"), ("", "\"true\"")] {
            let pairs = names.map(|name| format!("\"{before}{name}\": {value}"));
            assert_eq!(
                flags(&format!("{{{}}}", pairs.join(", "))),
                all,
                "{before}{value}"
            );
            let pairs = names.map(|name| format!("\"{before}{name}\": \"\""));
            assert!(flags(&format!("{{{}}}", pairs.join(", "))).is_empty());
        }
        let maxmind =
            r#"{"is_anonymous": true, "traits": {"is_residential_proxy": true}}"#;
        assert_eq!(flags(maxmind), Flags::ANONYMOUS | Flags::PROXY);
    }
}
