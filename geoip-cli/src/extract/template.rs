//! What `--replace` puts in the place of an address.

use std::borrow::Cow;

use anyhow::Result;
use geoip_core::Record;

use crate::{failure::Hinted, text::printable};

/// Text with fields to fill in: `{address} [{country|unknown}]`.
#[derive(Debug)]
pub(super) struct Template {
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Text(String),
    /// The address, as it is written.
    Address,
    /// A field, and what is written where it is not known.
    Field(Field, String),
}

/// Gives a field of a record, if it is known.
type Field = fn(&Record<'_>) -> Option<String>;

/// What is written where a field is not known and the template has no word for that.
const UNKNOWN: &str = "-";

/// The fields by name, beside the address: the keys of the program's JSON.
const FIELDS: [(&str, Field); 14] = [
    ("network", |record| Some(record.network?.to_string())),
    ("country", |record| Some(record.place?.country?.to_string())),
    ("country_name", |record| Some(record.place?.country_name?.to_string())),
    ("subdivision", |record| Some(record.place?.subdivision?.to_string())),
    ("name", |record| Some(record.place?.name?.to_string())),
    ("city", |record| Some(record.place?.city?.to_string())),
    ("latitude", |record| Some(record.location()?.point.lat().to_string())),
    ("longitude", |record| Some(record.location()?.point.lng().to_string())),
    ("accuracy_radius_km", |record| {
        Some(record.location()?.accuracy_radius_km?.to_string())
    }),
    ("precision", |record| Some(record.precision()?.to_string())),
    ("asn", |record| Some(record.autonomous_system?.number.0.to_string())),
    ("organization", |record| Some(record.autonomous_system?.organization?.to_string())),
    ("flags", |record| Some(record.flags.to_string()).filter(|flags| !flags.is_empty())),
    ("scope", |record| Some(record.scope.to_string())),
];

impl Template {
    pub(super) fn parse(template: &str) -> Result<Self> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = template;
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                plain.push_str(brace);
                rest = after;
            } else if brace == "{" {
                let Some((field, after)) = rest.split_once('}') else {
                    return Err(unbalanced("{ has no } after it"));
                };
                parts.push(Part::Text(std::mem::take(&mut plain)));
                parts.push(parse_field(field)?);
                rest = after;
            } else {
                return Err(unbalanced("} has no { before it"));
            }
        }
        plain.push_str(rest);
        parts.push(Part::Text(plain));
        Ok(Self { parts })
    }

    /// The text for an address that is written as it is here.
    pub(super) fn fill(&self, record: &Record<'_>, address: &str) -> String {
        let mut filled = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Address => filled.push_str(address),
                Part::Field(field, unknown) => match field(record) {
                    Some(value) => filled.push_str(&printable(&value)),
                    None => filled.push_str(unknown),
                },
            }
        }
        filled
    }
}

fn parse_field(field: &str) -> Result<Part> {
    let (name, unknown) = field.split_once('|').unwrap_or((field, UNKNOWN));
    if name == "address" {
        return Ok(Part::Address);
    }
    if let Some((_, field)) = FIELDS.iter().find(|(known, _)| *known == name) {
        return Ok(Part::Field(*field, unknown.to_owned()));
    }
    let names: Vec<_> = FIELDS.iter().map(|(name, _)| *name).collect();
    Err(Hinted::error(
        format!("--replace has no field {{{}}}", printable(name)),
        format!("the fields are address, {}; write {{{{ for a brace", names.join(", ")),
    ))
}

fn unbalanced(message: &str) -> anyhow::Error {
    Hinted::error(format!("--replace: {message}"), "write {{ or }} for a brace itself")
}

/// What `--tag` puts behind an address: country, city and AS, as far as known; or why
/// nothing is.
pub(super) fn tag(record: &Record<'_>) -> String {
    let place = record.place.unwrap_or_default();
    let system = record.autonomous_system;
    let known: Vec<Cow<'_, str>> = [
        place.country.map(|country| country.to_string().into()),
        place.name.or(place.city).map(printable),
        system.map(|system| system.number.to_string().into()),
    ]
    .into_iter()
    .flatten()
    .collect();
    match known.as_slice() {
        [] if record.scope == geoip_core::Scope::Global => "unknown".into(),
        [] => record.scope.to_string(),
        known => known.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geoip_core::{Asn, AutonomousSystem};

    fn record() -> Record<'static> {
        let mut record = Record::new("192.0.2.1".parse().unwrap());
        record.autonomous_system =
            Some(AutonomousSystem::new(Asn(64496), Some("Evil\x1b[2J Inc")));
        record
    }

    fn filled(template: &str) -> String {
        Template::parse(template).unwrap().fill(&record(), "192.0.2.001")
    }

    #[test]
    fn fields_are_filled_in_and_made_safe() {
        assert_eq!(filled("{address} AS{asn}"), "192.0.2.001 AS64496");
        assert_eq!(filled("{city}/{city|?}/{city|}/{{{asn}}}"), "-/?//{64496}");
        assert_eq!(filled("<{organization}>"), "<Evil\\u{1b}[2J Inc>");
        assert_eq!(filled("São {flags|none}"), "São none");
        assert_eq!(filled(""), "");
    }

    #[test]
    fn mistakes_are_told() {
        for (template, message) in [
            ("{town}", "--replace has no field {town}"),
            ("{address", "--replace: { has no } after it"),
            ("address}", "--replace: } has no { before it"),
        ] {
            assert_eq!(Template::parse(template).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn a_tag_says_what_is_known_or_why_nothing_is() {
        assert_eq!(tag(&record()), "AS64496");
        assert_eq!(tag(&Record::new("10.0.0.1".parse().unwrap())), "private");
        assert_eq!(tag(&Record::new("1.1.1.1".parse().unwrap())), "unknown");
    }
}
