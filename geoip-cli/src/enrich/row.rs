//! A record of an address, as fields.

use std::borrow::Cow;

use geoip_core::{CountryCode, Place, Record};
use geoip_fetch::reverse_dns::HostName;

use super::{field::Field, value::Value};
use crate::{hosts::HostFacts, search::Seen};

/// Whatever can be asked for its fields.
pub(crate) trait Fields {
    /// What a field says; none if that is not known.
    fn value(&self, field: Field) -> Option<Value<'_>>;
}

/// A record, and how often and when its address was seen, if that was counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    pub(crate) record: Record<'a>,
    pub(crate) hits: Option<u64>,
    pub(crate) seen: Option<Seen>,
    pub(crate) host: HostFacts<'a>,
}

impl<'a> Row<'a> {
    pub(crate) fn lookup(record: Record<'a>, host: HostFacts<'a>) -> Self {
        Self { record, hits: None, seen: None, host }
    }

    /// Whether any database, scan or DNS knows the address.
    pub(crate) fn is_known(&self) -> bool {
        let by_databases = !self.record.sources.is_empty();
        by_databases || self.host.scanned.is_some() || self.has_name()
    }

    fn has_name(&self) -> bool {
        let name = self.host.name;
        matches!(name, Some(HostName::Confirmed(_) | HostName::Unconfirmed(_)))
    }

    /// What a field says, for as long as the databases are there.
    pub(crate) fn fact(&self, field: Field) -> Option<Value<'a>> {
        let record = &self.record;
        let place = record.place.unwrap_or_default();
        let location = place.location;
        let connection = record.connection.unwrap_or_default();
        let system = record.autonomous_system;
        let organization = system.and_then(|system| system.organization);
        match field {
            Field::Address => Some(Value::Address(record.address)),
            Field::Network => record.network.map(Value::Network),
            Field::Name => place.name.map(Value::from),
            Field::Country
            | Field::CountryAlpha3
            | Field::CountryNumeric
            | Field::CountryName => of_country(place, field),
            Field::Subdivision => place.subdivision.map(Value::from),
            Field::City => place.city.map(Value::from),
            Field::Place => match (place.name, place.city) {
                // An office has a name of its own, perhaps beside that of its city.
                (Some(name), Some(city)) => Some(Value::from(format!("{name}, {city}"))),
                (name, city) => name.or(city).map(Value::from),
            },
            Field::Latitude => {
                location.map(|location| Value::Fraction(location.point.lat()))
            }
            Field::Longitude => {
                location.map(|location| Value::Fraction(location.point.lng()))
            }
            Field::Location => {
                location.map(|location| Value::from(location.point.to_string()))
            }
            Field::AccuracyRadiusKm => location
                .and_then(|location| location.accuracy_radius_km)
                .map(|km| Value::Number(km.into())),
            Field::Precision => {
                record.precision().map(|precision| Value::from(precision.name()))
            }
            Field::DefaultPoint => location
                .and_then(|location| location.default_of)
                .map(|precision| Value::from(precision.name())),
            Field::Isp => connection.isp.map(Value::from),
            Field::Domain => connection.domain.map(Value::from),
            Field::ConnectionType => connection.connection_type.map(Value::from),
            Field::UserType => connection.user_type.map(Value::from),
            Field::TimeZone => {
                location.and_then(|location| location.time_zone).map(Value::from)
            }
            Field::Asn => system.map(|system| Value::Number(system.number.0.into())),
            Field::Organization => organization.map(Value::from),
            Field::Operator => system.map(|system| match organization {
                Some(organization) => {
                    Value::from(format!("{} {organization}", system.number))
                }
                None => Value::from(system.number.to_string()),
            }),
            Field::Flags | Field::Flag => list(record.flags.names().map(Cow::Borrowed)),
            Field::Scope => Some(Value::from(record.scope.name())),
            Field::Hits => self.hits.map(Value::Number),
            Field::FirstSeen => self.seen.map(|seen| Value::Time(seen.first)),
            Field::LastSeen => self.seen.map(|seen| Value::Time(seen.last)),
            Field::ReverseDns => match self.host.name? {
                HostName::Confirmed(name) => Some(Value::from(name.as_str())),
                _ => None,
            },
            Field::ReverseDnsUnconfirmed => match self.host.name? {
                HostName::Unconfirmed(name) => Some(Value::from(name.as_str())),
                _ => None,
            },
            Field::HostNames | Field::HostName => {
                let (_, host) = self.host.scanned?;
                list(host.host_names.iter().map(|name| Cow::Borrowed(name.as_str())))
            }
            Field::OpenPorts | Field::OpenPort => {
                let (_, host) = self.host.scanned?;
                list(host.open_ports.iter().map(|port| Cow::Owned(port.to_string())))
            }
            Field::OperatingSystem => {
                let (_, host) = self.host.scanned?;
                host.operating_system.as_deref().map(Value::from)
            }
            Field::Sources | Field::Source => {
                let scan = self.host.scanned.map(|(scan, _)| scan);
                let sources = record.sources.iter().chain(scan);
                let sources = sources.map(|source| Cow::Owned(source.to_string()));
                list(sources.chain(self.has_name().then_some("reverse DNS".into())))
            }
            Field::HitsShare | Field::Addresses | Field::AddressesShare => None,
        }
    }
}

impl Fields for Row<'_> {
    fn value(&self, field: Field) -> Option<Value<'_>> {
        self.fact(field)
    }
}

/// The codes of a country, and its name in the words of the database, or in ours if it has
/// none.
pub(crate) fn of_country(place: Place<'_>, field: Field) -> Option<Value<'_>> {
    let country = place.country;
    match field {
        Field::Country => country.map(|country| Value::from(country.as_str())),
        Field::CountryAlpha3 => country.map(|country| Value::from(country.alpha3())),
        // Three digits, as the standard writes them: a code, not a number.
        Field::CountryNumeric => country
            .and_then(CountryCode::numeric)
            .map(|code| Value::from(format!("{code:03}"))),
        Field::CountryName => {
            place.country_name.or(country.map(CountryCode::name)).map(Value::from)
        }
        _ => None,
    }
}

/// Texts, if there are any.
fn list<'a>(items: impl Iterator<Item = Cow<'a, str>>) -> Option<Value<'a>> {
    let items: Vec<_> = items.collect();
    (!items.is_empty()).then_some(Value::List(items))
}
