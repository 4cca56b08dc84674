//! What is known about an address or a group of them, piece by piece, each with a name.

use crate::{failure::Hinted, text::printable};

/// A piece of a record or of a group. The names are those of the keys of the JSON and of
/// the columns of the CSV, and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    Address,
    Network,
    Name,
    Country,
    CountryAlpha3,
    CountryNumeric,
    CountryName,
    Subdivision,
    City,
    /// The name of the user's and the city.
    Place,
    Latitude,
    Longitude,
    /// Latitude and longitude.
    Location,
    AccuracyRadiusKm,
    Precision,
    /// Whether the point is the default one of a region or country.
    DefaultPoint,
    TimeZone,
    Asn,
    Organization,
    /// The number and the organization of the system.
    Operator,
    Isp,
    Domain,
    ConnectionType,
    UserType,
    Flags,
    Scope,
    Hits,
    FirstSeen,
    LastSeen,
    /// The name that DNS has of the address, and that has the address.
    ReverseDns,
    /// The name that DNS has of the address, and that may not have it.
    ReverseDnsUnconfirmed,
    /// What a scan found.
    HostNames,
    OpenPorts,
    OperatingSystem,
    Sources,
    /// One of the flags, one of the names, … : what groups can be by.
    Flag,
    HostName,
    OpenPort,
    Source,
    /// Of groups only.
    HitsShare,
    Addresses,
    AddressesShare,
}

/// What the values of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// Texts, any number of them.
    List,
    /// A whole number, 0 or more.
    Number,
    /// A number with a fraction.
    Fraction,
    /// A moment.
    Time,
}

impl Kind {
    /// Whether its values are aligned by their last digit.
    pub(crate) fn is_numeric(self) -> bool {
        matches!(self, Self::Number | Self::Fraction)
    }
}

/// What there is to say of a field.
struct About {
    field: Field,
    name: &'static str,
    /// What tables for people put over it.
    heading: &'static str,
    kind: Kind,
}

const fn about(
    field: Field,
    name: &'static str,
    heading: &'static str,
    kind: Kind,
) -> About {
    About { field, name, heading, kind }
}

/// All fields, in the order of their declaration.
#[rustfmt::skip]
static ALL: [About; 42] = [
    about(Field::Address, "address", "address", Kind::Text),
    about(Field::Network, "network", "network", Kind::Text),
    about(Field::Name, "name", "name", Kind::Text),
    about(Field::Country, "country", "country", Kind::Text),
    about(Field::CountryAlpha3, "country_alpha3", "alpha-3", Kind::Text),
    about(Field::CountryNumeric, "country_numeric", "numeric", Kind::Text),
    about(Field::CountryName, "country_name", "country name", Kind::Text),
    about(Field::Subdivision, "subdivision", "region", Kind::Text),
    about(Field::City, "city", "city", Kind::Text),
    about(Field::Place, "place", "city", Kind::Text),
    about(Field::Latitude, "latitude", "latitude", Kind::Fraction),
    about(Field::Longitude, "longitude", "longitude", Kind::Fraction),
    about(Field::Location, "location", "location", Kind::Text),
    about(Field::AccuracyRadiusKm, "accuracy_radius_km", "± km", Kind::Number),
    about(Field::Precision, "precision", "precision", Kind::Text),
    about(Field::DefaultPoint, "default_point", "default of", Kind::Text),
    about(Field::TimeZone, "time_zone", "time zone", Kind::Text),
    about(Field::Asn, "asn", "AS", Kind::Number),
    about(Field::Organization, "organization", "organization", Kind::Text),
    about(Field::Operator, "operator", "operator", Kind::Text),
    about(Field::Isp, "isp", "provider", Kind::Text),
    about(Field::Domain, "domain", "domain", Kind::Text),
    about(Field::ConnectionType, "connection_type", "connection", Kind::Text),
    about(Field::UserType, "user_type", "user", Kind::Text),
    about(Field::Flags, "flags", "flags", Kind::List),
    about(Field::Scope, "scope", "scope", Kind::Text),
    about(Field::Hits, "hits", "hits", Kind::Number),
    about(Field::FirstSeen, "first_seen", "first seen (UTC)", Kind::Time),
    about(Field::LastSeen, "last_seen", "last seen (UTC)", Kind::Time),
    about(Field::ReverseDns, "reverse_dns", "reverse DNS", Kind::Text),
    about(Field::ReverseDnsUnconfirmed, "reverse_dns_unconfirmed", "unconfirmed", Kind::Text),
    about(Field::HostNames, "host_names", "host names", Kind::List),
    about(Field::OpenPorts, "open_ports", "open ports", Kind::List),
    about(Field::OperatingSystem, "operating_system", "system", Kind::Text),
    about(Field::Sources, "sources", "sources", Kind::List),
    about(Field::Flag, "flag", "flag", Kind::Text),
    about(Field::HostName, "host_name", "host name", Kind::Text),
    about(Field::OpenPort, "open_port", "open port", Kind::Text),
    about(Field::Source, "source", "source", Kind::Text),
    about(Field::HitsShare, "hits_share", "of hits", Kind::Fraction),
    about(Field::Addresses, "addresses", "addresses", Kind::Number),
    about(Field::AddressesShare, "addresses_share", "of addresses", Kind::Fraction),
];

/// What is counted: the first part of a group's row in a table, the last one elsewhere.
pub(crate) const COUNTS: [Field; 4] =
    [Field::Hits, Field::HitsShare, Field::Addresses, Field::AddressesShare];

impl Field {
    fn about(self) -> &'static About {
        // The order is that of the declaration, which a test holds on to.
        &ALL[self as usize]
    }

    pub(crate) fn name(self) -> &'static str {
        self.about().name
    }

    pub(crate) fn heading(self) -> &'static str {
        self.about().heading
    }

    pub(crate) fn kind(self) -> Kind {
        self.about().kind
    }

    /// Whether it says how much there is, so that one looks for the most first.
    pub(crate) fn is_count(self) -> bool {
        COUNTS.contains(&self)
    }

    /// Whether half of it would be misleading: an address cut short is another address.
    pub(crate) fn is_whole(self) -> bool {
        matches!(self, Self::Address | Self::Network | Self::Country)
            || !matches!(self.kind(), Kind::Text | Kind::List)
    }

    /// The fields of an address.
    pub(crate) fn of_records() -> Vec<Self> {
        let counted = [Self::HitsShare, Self::Addresses, Self::AddressesShare];
        let single = [Self::Flag, Self::HostName, Self::OpenPort, Self::Source];
        let all = ALL.iter().map(|about| about.field);
        all.filter(|field| !counted.contains(field) && !single.contains(field)).collect()
    }

    /// What addresses can be counted by.
    pub(crate) fn to_group_by() -> Vec<Self> {
        Self::of_records().into_iter().map(Self::single).collect()
    }

    /// One item of it, if it is a list of them.
    fn single(self) -> Self {
        match self {
            Self::Flags => Self::Flag,
            Self::HostNames => Self::HostName,
            Self::OpenPorts => Self::OpenPort,
            Self::Sources => Self::Source,
            other => other,
        }
    }

    /// What JSON and CSV have of an address if nothing else is asked for.
    pub(crate) fn of_plain_records() -> Vec<Self> {
        let of_people = [
            Self::CountryAlpha3,
            Self::CountryNumeric,
            Self::Place,
            Self::Location,
            Self::Operator,
        ];
        let mut fields = Self::of_records();
        fields.retain(|field| !of_people.contains(field));
        fields
    }

    /// What a table has of an address if nothing else is asked for.
    pub(crate) fn of_record_tables() -> Vec<Self> {
        vec![
            Self::Hits,
            Self::Address,
            Self::Country,
            Self::Subdivision,
            Self::Place,
            Self::Location,
            Self::AccuracyRadiusKm,
            Self::Network,
            Self::Operator,
            Self::Flags,
            Self::Scope,
            Self::ReverseDns,
            Self::ReverseDnsUnconfirmed,
            Self::HostNames,
            Self::OpenPorts,
            Self::OperatingSystem,
            Self::FirstSeen,
            Self::LastSeen,
        ]
    }

    /// The same fields, those first that a narrow table must not do without.
    pub(crate) fn by_importance() -> Vec<Self> {
        vec![
            Self::Address,
            Self::Hits,
            Self::Country,
            Self::Place,
            Self::ReverseDns,
            Self::ReverseDnsUnconfirmed,
            Self::HostNames,
            Self::OpenPorts,
            Self::Operator,
            Self::Flags,
            Self::Scope,
            Self::OperatingSystem,
            Self::Subdivision,
            Self::LastSeen,
            Self::Network,
            Self::FirstSeen,
            Self::Location,
            Self::AccuracyRadiusKm,
        ]
    }

    /// The fields with these names, all of which must be among those available.
    pub(crate) fn parse_all(
        names: &[String],
        available: &[Self],
    ) -> anyhow::Result<Vec<Self>> {
        names.iter().map(|name| Self::parse(name, available)).collect()
    }

    /// The field with this name.
    pub(crate) fn parse(name: &str, available: &[Self]) -> anyhow::Result<Self> {
        let is_meant = |field: &Self| field.name() == name;
        // Whoever sees `flags` in a record also says `--by flags`.
        let single =
            || ALL.iter().map(|about| about.field).find(is_meant).map(Self::single);
        let exact = available.iter().copied().find(is_meant);
        let found = exact.or_else(|| single().filter(|field| available.contains(field)));
        found.ok_or_else(|| {
            let names: Vec<_> = available.iter().map(|field| field.name()).collect();
            Hinted::error(
                format!("`{}` is no field here", printable(name)),
                format!("the fields are {}", names.join(", ")),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_in_the_order_of_their_declaration_and_have_names_of_their_own() {
        for (position, about) in ALL.iter().enumerate() {
            assert_eq!(about.field as usize, position, "{}", about.name);
            let all: Vec<_> = ALL.iter().map(|about| about.field).collect();
            assert_eq!(Field::parse(about.name, &all).unwrap(), about.field);
        }
        let mut important = Field::by_importance();
        let mut shown = Field::of_record_tables();
        important.sort();
        shown.sort();
        assert_eq!(important, shown);
    }
}
