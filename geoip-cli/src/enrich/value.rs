//! Values of fields, with one order and one spelling for each format.

use std::{borrow::Cow, cmp::Ordering, net::IpAddr};

use geoip_core::IpNetwork;
use geoip_log::Timestamp;
use serde::{Serialize, Serializer};

use super::field::Field;
use crate::{output, text};

/// What a field says.
#[derive(Clone, Debug)]
pub(crate) enum Value<'a> {
    Address(IpAddr),
    Network(IpNetwork),
    /// Text that may come from anyone.
    Text(Cow<'a, str>),
    List(Vec<Cow<'a, str>>),
    Number(u64),
    Fraction(f64),
    Time(Timestamp),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

/// The order of an address book: whatever the case, then by case. Kinds are never mixed
/// within a field, so their own order is of no meaning.
impl Ord for Value<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Address(a), Self::Address(b)) => a.cmp(b),
            (Self::Network(a), Self::Network(b)) => {
                (a.network(), a.prefix()).cmp(&(b.network(), b.prefix()))
            }
            (Self::Text(a), Self::Text(b)) => text_order(a, b),
            (Self::List(a), Self::List(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::Fraction(a), Self::Fraction(b)) => a.total_cmp(b),
            (Self::Time(a), Self::Time(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Value<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Value<'_> {}

fn text_order(a: &str, b: &str) -> Ordering {
    let folded =
        |text: &str| -> Vec<char> { text.chars().flat_map(char::to_lowercase).collect() };
    let (a_folded, b_folded) = (folded(a), folded(b));
    a_folded.cmp(&b_folded).then_with(|| a.cmp(b))
}

impl Value<'_> {
    fn rank(&self) -> u8 {
        match self {
            Self::Address(_) => 0,
            Self::Network(_) => 1,
            Self::Text(_) => 2,
            Self::List(_) => 3,
            Self::Number(_) => 4,
            Self::Fraction(_) => 5,
            Self::Time(_) => 6,
        }
    }

    /// The text of a cell of CSV.
    pub(crate) fn csv(&self, field: Field) -> String {
        match self {
            Self::Text(text) => output::csv_text(text),
            Self::List(items) => output::csv_text(&joined(items, field)),
            _ => self.plain(field),
        }
    }

    /// The text of a cell in a table for people; whatever acts on a terminal is escaped by
    /// the table.
    pub(crate) fn for_people(&self, field: Field) -> String {
        match self {
            Self::Number(count) if field.is_count() => text::thousands(*count),
            Self::Fraction(share) if field.is_count() => {
                format!("{:.1} %", share * 100.0)
            }
            Self::Fraction(degrees) => format!("{degrees:.4}"),
            Self::Time(time) => {
                let text = time.to_string();
                text.get(..19).unwrap_or(&text).replace('T', " ")
            }
            _ => self.plain(field),
        }
    }

    /// The text of it, as it is.
    pub(crate) fn plain(&self, field: Field) -> String {
        match self {
            Self::Address(address) => address.to_string(),
            Self::Network(network) => network.to_string(),
            Self::Text(text) => text.clone().into_owned(),
            Self::List(items) => joined(items, field),
            Self::Number(number) => number.to_string(),
            Self::Fraction(number) => number.to_string(),
            Self::Time(time) => time.to_string(),
        }
    }
}

fn joined(items: &[Cow<'_, str>], field: Field) -> String {
    // Flags are given to options like this; names of files can have commas in them.
    items.join(if field == Field::Flags { "," } else { "; " })
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Address(address) => serializer.collect_str(address),
            Self::Network(network) => serializer.collect_str(network),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Number(number) => serializer.serialize_u64(*number),
            Self::Fraction(number) => serializer.serialize_f64(*number),
            Self::Time(time) => serializer.collect_str(time),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_in_the_order_of_an_address_book() {
        let mut texts = ["Zürich", "älmhult", "berlin", "Berlin", "Ärla", "Bern"];
        texts.sort_by(|a, b| text_order(a, b));
        assert_eq!(texts, ["Berlin", "berlin", "Bern", "Zürich", "älmhult", "Ärla"]);
    }

    #[test]
    fn numbers_of_people_have_units() {
        let share = Value::Fraction(0.125);
        assert_eq!(share.for_people(Field::HitsShare), "12.5 %");
        assert_eq!(share.csv(Field::HitsShare), "0.125");
        assert_eq!(Value::Number(1234).for_people(Field::Hits), "1,234");
        assert_eq!(Value::Number(1234).for_people(Field::Asn), "1234");
        assert_eq!(Value::from("=1+1").csv(Field::City), "'=1+1");
    }
}
