//! Addresses and hits by any field.

use std::{cmp::Reverse, collections::BTreeMap, iter};

use geoip_core::{Count, CountryCode, Place};

use super::{
    field::{COUNTS, Field},
    row::{Fields, Row, of_country},
    value::Value,
};

/// Counts of addresses that have some fields in common.
#[derive(Debug)]
pub(crate) struct Groups<'a> {
    by: Vec<Field>,
    counts: BTreeMap<Key<'a>, Count>,
    all: Count,
}

/// The values that the addresses of a group have in common.
type Key<'a> = Vec<Option<Value<'a>>>;

/// One of the groups, and what all of them come to.
#[derive(Debug)]
pub(crate) struct Group<'g, 'a> {
    by: &'g [Field],
    key: &'g [Option<Value<'a>>],
    count: Count,
    all: Count,
}

impl<'a> Groups<'a> {
    /// No groups yet; they are to be by these fields, and by what these mean nothing
    /// without: a city without its country.
    pub(crate) fn new(fields: &[Field]) -> Self {
        let mut by = Vec::new();
        for &field in fields {
            let needed = match field {
                Field::City => &[Field::Country, Field::Subdivision][..],
                Field::Subdivision => &[Field::Country],
                _ => &[],
            };
            for &field in needed.iter().chain([&field]) {
                if !by.contains(&field) {
                    by.push(field);
                }
            }
            if field == Field::Asn {
                by.push(Field::Organization);
            }
        }
        Self { by, counts: BTreeMap::new(), all: Count::default() }
    }

    /// Count an address.
    ///
    /// One that has several values, such as two flags, is in the group of each of them.
    pub(crate) fn add(&mut self, row: &Row<'a>) {
        let hits = row.hits.unwrap_or(0);
        add(&mut self.all, hits);
        for key in keys(&self.by, row) {
            add(self.counts.entry(key).or_default(), hits);
        }
    }

    /// The fields that a group has.
    pub(crate) fn fields(&self) -> Vec<Field> {
        let keys = self.by.iter().flat_map(|&field| {
            let also: &[_] = match field {
                Field::Country => {
                    &[Field::CountryAlpha3, Field::CountryNumeric, Field::CountryName]
                }
                _ => &[],
            };
            iter::once(field).chain(also.iter().copied())
        });
        let mut fields = Vec::new();
        for field in keys.chain(COUNTS) {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        fields
    }

    /// The groups, those with the most hits first.
    pub(crate) fn most_hits_first(&self) -> Vec<Group<'_, 'a>> {
        let mut groups: Vec<_> = self
            .counts
            .iter()
            .map(|(key, &count)| Group { by: &self.by, key, count, all: self.all })
            .collect();
        // Stable: equal counts stay in the order of their keys, the unknown last.
        groups.sort_by_key(|group| {
            let unknown = group.key.iter().all(Option::is_none);
            (Reverse((group.count.hits, group.count.addresses)), unknown)
        });
        groups
    }
}

fn add(count: &mut Count, hits: u64) {
    count.addresses += 1;
    count.hits = count.hits.saturating_add(hits);
}

/// The keys of the groups that an address is in: one, or one for each item of a list.
fn keys<'a>(by: &[Field], row: &Row<'a>) -> Vec<Key<'a>> {
    let mut keys: Vec<Key<'a>> = vec![Vec::with_capacity(by.len())];
    for &field in by {
        let values: Vec<_> = match row.fact(field) {
            Some(Value::List(mut items)) => {
                // An address is counted once in a group, however often it is said.
                items.sort_unstable();
                items.dedup();
                items.into_iter().map(|item| Some(Value::Text(item))).collect()
            }
            value => vec![value],
        };
        keys = keys
            .into_iter()
            .flat_map(|key| {
                values.iter().map(move |value| {
                    let mut key = key.clone();
                    key.push(value.clone());
                    key
                })
            })
            .collect();
    }
    keys
}

impl Fields for Group<'_, '_> {
    fn value(&self, field: Field) -> Option<Value<'_>> {
        let of_key = |field| {
            let position = self.by.iter().position(|&by| by == field)?;
            self.key.get(position)?.clone()
        };
        match field {
            Field::Hits => Some(Value::Number(self.count.hits)),
            Field::HitsShare => share(self.count.hits, self.all.hits),
            Field::Addresses => Some(Value::Number(self.count.addresses)),
            Field::AddressesShare => share(self.count.addresses, self.all.addresses),
            Field::CountryAlpha3 | Field::CountryNumeric | Field::CountryName
                if !self.by.contains(&field) =>
            {
                let Some(Value::Text(code)) = of_key(Field::Country) else { return None };
                let country = code.parse::<CountryCode>().ok()?;
                // In our words: those of several databases may differ.
                let mut place = Place::default();
                place.country = Some(country);
                of_country(place, field)
            }
            _ => of_key(field),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share to a few digits")]
fn share<'a>(part: u64, all: u64) -> Option<Value<'a>> {
    (all > 0).then(|| {
        // More digits would say more than the counts do.
        let share = part as f64 / all as f64;
        Value::Fraction((share * 1e6).round() / 1e6)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosts::HostFacts;
    use geoip_core::{Flags, Record};

    fn row(address: &str, hits: u64, flags: Flags) -> Row<'static> {
        let mut record = Record::new(address.parse().unwrap());
        record.flags = flags;
        Row { record, hits: Some(hits), seen: None, host: HostFacts::default() }
    }

    #[test]
    fn an_address_with_two_flags_is_in_the_group_of_each_and_once_in_the_sum() {
        let mut groups = Groups::new(&[Field::Flag]);
        groups.add(&row("192.0.2.1", 3, Flags::TOR | Flags::VPN));
        groups.add(&row("192.0.2.2", 1, Flags::VPN));
        groups.add(&row("192.0.2.3", 4, Flags::default()));
        let said: Vec<_> = groups
            .most_hits_first()
            .iter()
            .map(|group| {
                let value = |field| {
                    group.value(field).map_or_else(String::new, |value| value.csv(field))
                };
                (value(Field::Flag), value(Field::Hits), value(Field::HitsShare))
            })
            .collect();
        let expected = [("vpn", "4", "0.5"), ("", "4", "0.5"), ("tor", "3", "0.375")];
        let expected =
            expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
        assert_eq!(said, expected);
        assert_eq!((groups.all.addresses, groups.all.hits), (3, 8));
    }

    #[test]
    fn a_city_stands_with_its_country_and_a_country_with_its_codes() {
        let names = |by: &[Field]| -> Vec<_> {
            Groups::new(by).fields().into_iter().map(Field::name).collect()
        };
        let counts = ["hits", "hits_share", "addresses", "addresses_share"];
        let country = ["country", "country_alpha3", "country_numeric", "country_name"];
        let city = [&country[..], &["subdivision", "city"], &counts].concat();
        assert_eq!(names(&[Field::City]), city);
        assert_eq!(names(&[Field::City, Field::Country]), city);
        assert_eq!(
            names(&[Field::Scope, Field::Asn]),
            [&["scope", "asn", "organization"][..], &counts].concat()
        );
    }
}
