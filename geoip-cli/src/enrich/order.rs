//! The order that is asked for.

use std::cmp::Reverse;

use anyhow::Result;

use super::{field::Field, row::Fields, value::Value};
use crate::{failure::Hinted, text::printable};

/// By which fields to sort, the first of them first.
#[derive(Debug)]
pub(crate) struct Order(Vec<(Field, Direction)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Ascending,
    Descending,
}

/// A value to sort by; what is not known comes last in either direction.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Ascending(Value<'a>),
    Descending(Reverse<Value<'a>>),
    Unknown,
}

impl Order {
    /// From texts such as `country`, `hits:asc` and `last_seen:desc`.
    pub(crate) fn parse(given: &[String], available: &[Field]) -> Result<Self> {
        let one = |text: &String| {
            let (name, direction) = match text.split_once(':') {
                None => (text.as_str(), None),
                Some((name, "asc")) => (name, Some(Direction::Ascending)),
                Some((name, "desc")) => (name, Some(Direction::Descending)),
                Some((name, direction)) => {
                    return Err(Hinted::error(
                        format!("`{}` is no direction", printable(direction)),
                        format!("say {name}:asc or {name}:desc"),
                    ));
                }
            };
            let field = Field::parse(name, available)?;
            let usual = if field.is_count() {
                Direction::Descending
            } else {
                Direction::Ascending
            };
            Ok((field, direction.unwrap_or(usual)))
        };
        Ok(Self(given.iter().map(one).collect::<Result<_>>()?))
    }

    /// Whether the order stays as it is.
    pub(crate) fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// Sort; equal ones stay as they are.
    pub(crate) fn sort<T: Fields>(&self, items: Vec<T>) -> Vec<T> {
        if self.is_none() {
            return items;
        }
        let mut order: Vec<usize> = (0..items.len()).collect();
        {
            let keys: Vec<_> = items.iter().map(|item| self.key(item)).collect();
            order.sort_by(|&a, &b| keys[a].cmp(&keys[b]));
        }
        let mut items: Vec<_> = items.into_iter().map(Some).collect();
        order.into_iter().filter_map(|position| items[position].take()).collect()
    }

    fn key<'i, T: Fields>(&self, item: &'i T) -> Vec<Key<'i>> {
        let key = |&(field, direction): &(Field, Direction)| match item.value(field) {
            None => Key::Unknown,
            Some(value) if direction == Direction::Ascending => Key::Ascending(value),
            Some(value) => Key::Descending(Reverse(value)),
        };
        self.0.iter().map(key).collect()
    }

    /// The order of two items.
    #[cfg(test)]
    fn compare<T: Fields>(&self, a: &T, b: &T) -> std::cmp::Ordering {
        self.key(a).cmp(&self.key(b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A city and hits, of which the city may not be known.
    #[derive(Clone, Debug, PartialEq)]
    struct Item(Option<String>, u64);

    impl Fields for Item {
        fn value(&self, field: Field) -> Option<Value<'_>> {
            match field {
                Field::City => self.0.as_deref().map(Value::from),
                _ => Some(Value::Number(self.1)),
            }
        }
    }

    fn order(given: &[&str]) -> Result<Order> {
        let given: Vec<_> = given.iter().map(ToString::to_string).collect();
        Order::parse(&given, &[Field::City, Field::Hits])
    }

    #[test]
    fn counts_go_down_names_go_up_and_the_unknown_is_last() {
        let items = [(Some("Oslo"), 1), (None, 9), (Some("Bern"), 1), (Some("Lima"), 2)];
        let items: Vec<_> =
            items.map(|(city, hits)| Item(city.map(Into::into), hits)).into();
        let sorted = |given: &[&str]| -> Vec<_> {
            let sorted = order(given).unwrap().sort(items.clone());
            sorted.into_iter().map(|item| item.0.unwrap_or_default()).collect()
        };
        assert_eq!(sorted(&["hits", "city"]), ["", "Lima", "Bern", "Oslo"]);
        assert_eq!(sorted(&["city"]), ["Bern", "Lima", "Oslo", ""]);
        assert_eq!(sorted(&["city:desc"]), ["Oslo", "Lima", "Bern", ""]);
        assert_eq!(sorted(&["hits:asc"]), ["Oslo", "Bern", "Lima", ""]);
        assert!(order(&["town"]).is_err() && order(&["hits:up"]).is_err());
    }

    proptest! {
        #[test]
        fn sorting_is_stable_and_loses_nothing(
            items in prop::collection::vec((prop::option::of("[a-c]"), 0_u64..3), 0..30),
            down in any::<bool>(),
        ) {
            let items: Vec<_> = items.into_iter().map(|(a, b)| Item(a, b)).collect();
            let order = order(&[if down { "city:desc" } else { "city" }]).unwrap();
            let mut expected = items.clone();
            // The oracle: an ordinary stable sort by comparison.
            expected.sort_by(|a, b| order.compare(a, b));
            prop_assert_eq!(order.sort(items), expected);
        }
    }
}
