//! Records as the program's JSON has them.

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{CountryCode, Precision, Record};

/// One flat map; a fact that is not known is a key that is not there.
///
/// The keys are a promise: `address`, `network`, `name` (of a place of the user's),
/// `country` (alpha-2), `country_name`, `subdivision`, `city`, `latitude`, `longitude`, `accuracy_radius_km`, `precision`,
/// `default_point` (`region` or `country`, of which it is the default point), `time_zone`, `asn` (number), `organization`, `isp`, `domain`, `connection_type`,
/// `user_type`, `flags` (array), `scope`, `sources` (array). A location comes with a `precision`; no `flags` means that none is known.
impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// Writes a key only if there is a value.
        fn entry<M: SerializeMap>(
            map: &mut M,
            key: &str,
            value: Option<impl Serialize>,
        ) -> Result<(), M::Error> {
            value.map_or(Ok(()), |value| map.serialize_entry(key, &value))
        }

        let place = self.place.unwrap_or_default();
        let location = place.location;
        let system = self.autonomous_system;
        let connection = self.connection.unwrap_or_default();
        let flags: Vec<_> = self.flags.names().collect();
        let sources: Vec<_> = self.sources.iter().map(ToString::to_string).collect();

        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("address", &self.address.to_string())?;
        entry(&mut map, "network", self.network.map(|network| network.to_string()))?;
        entry(&mut map, "name", place.name)?;
        entry(&mut map, "country", place.country.map(CountryCode::as_str))?;
        entry(&mut map, "country_name", place.country_name)?;
        entry(&mut map, "subdivision", place.subdivision)?;
        entry(&mut map, "city", place.city)?;
        entry(&mut map, "latitude", location.map(|location| location.point.lat()))?;
        entry(&mut map, "longitude", location.map(|location| location.point.lng()))?;
        let radius_km = location.and_then(|location| location.accuracy_radius_km);
        entry(&mut map, "accuracy_radius_km", radius_km)?;
        entry(&mut map, "precision", self.precision().map(Precision::name))?;
        let default_of = location.and_then(|location| location.default_of);
        entry(&mut map, "default_point", default_of.map(Precision::name))?;
        let time_zone = location.and_then(|location| location.time_zone);
        entry(&mut map, "time_zone", time_zone)?;
        entry(&mut map, "asn", system.map(|system| system.number.0))?;
        entry(&mut map, "organization", system.and_then(|system| system.organization))?;
        entry(&mut map, "isp", connection.isp)?;
        entry(&mut map, "domain", connection.domain)?;
        entry(&mut map, "connection_type", connection.connection_type)?;
        entry(&mut map, "user_type", connection.user_type)?;
        entry(&mut map, "flags", Some(flags).filter(|flags| !flags.is_empty()))?;
        map.serialize_entry("scope", self.scope.name())?;
        entry(&mut map, "sources", Some(sources).filter(|sources| !sources.is_empty()))?;
        map.end()
    }
}
