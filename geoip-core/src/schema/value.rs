//! Values that are read by their own shape, never by an expected one.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};

/// A text, number or truth value; anything else is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Scalar<'a> {
    #[default]
    Nothing,
    Bool(bool),
    Number(f64),
    Text(&'a str),
}

impl<'a> Scalar<'a> {
    pub(super) fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// A number, also one that is written as text.
    pub(super) fn number(self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Nothing | Self::Bool(_) => None,
        }
        .filter(|number: &f64| number.is_finite())
    }

    pub(super) fn is_true(self) -> bool {
        match self {
            Self::Bool(value) => value,
            Self::Number(number) => number != 0.0,
            Self::Text(text) => matches!(text, "true" | "1"),
            Self::Nothing => false,
        }
    }
}

/// A plain text, or a map with a code and names; of an array, its first element.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Named<'a> {
    text: Option<&'a str>,
    code: Option<&'a str>,
    name: Option<&'a str>,
}

impl<'a> Named<'a> {
    /// The value itself, where it is a text.
    pub(super) fn text(self) -> Option<&'a str> {
        self.text
    }

    /// `iso_code` of a map.
    pub(super) fn code(self) -> Option<&'a str> {
        self.code
    }

    /// The English one of the `names` of a map.
    pub(super) fn name(self) -> Option<&'a str> {
        self.name
    }
}

/// A map of a known layout; anything else is nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Map<T>(Option<T>);

impl<T> Map<T> {
    pub(super) fn get(&self) -> Option<&T> {
        self.0.as_ref()
    }
}

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Named<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NamedVisitor)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Map<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MapVisitor(PhantomData))
    }
}

/// The methods for shapes that a visitor has no use for: the value is skipped.
macro_rules! skip {
    ($($method:ident($kind:ty)),*) => {$(
        fn $method<E>(self, _: $kind) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    )*};
    (seq) => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok(Self::Value::default())
        }
    };
    (map) => {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok(Self::Value::default())
        }
    };
}

struct ScalarVisitor;

#[expect(
    clippy::cast_precision_loss,
    reason = "coordinates, radii and AS numbers are small"
)]
impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(value as f64))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(value))
    }

    skip!(visit_str(&str), visit_bytes(&[u8]));
    skip!(seq);
    skip!(map);
}

struct NamedVisitor;

impl<'de> Visitor<'de> for NamedVisitor {
    type Value = Named<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a map with names, or an array of those")
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Named<'de>, E> {
        let text = Some(value).filter(|text| !text.is_empty());
        Ok(Named { text, ..Named::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Named<'de>, A::Error> {
        let map = NamedMap::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Named {
            text: None,
            code: map.iso_code.text(),
            name: map.names.get().and_then(|names| names.en.text()),
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Named<'de>, A::Error> {
        let first = seq.next_element::<Map<NamedMap<'de>>>()?;
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        let first = first.unwrap_or_default();
        let names = first.get().and_then(|map| map.names.get());
        Ok(Named {
            text: None,
            code: first.get().and_then(|map| map.iso_code.text()),
            name: names.and_then(|names| names.en.text()),
        })
    }

    skip!(
        visit_bool(bool),
        visit_i64(i64),
        visit_u64(u64),
        visit_u128(u128),
        visit_f64(f64),
        visit_str(&str),
        visit_bytes(&[u8])
    );
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NamedMap<'a> {
    #[serde(borrow)]
    iso_code: Scalar<'a>,
    #[serde(borrow)]
    names: Map<Names<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Names<'a> {
    #[serde(borrow)]
    en: Scalar<'a>,
}

struct MapVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for MapVisitor<T> {
    type Value = Map<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Map<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|value| Map(Some(value)))
    }

    skip!(
        visit_bool(bool),
        visit_i64(i64),
        visit_u64(u64),
        visit_u128(u128),
        visit_f64(f64),
        visit_str(&str),
        visit_bytes(&[u8])
    );
    skip!(seq);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Row<'a> {
        #[serde(borrow)]
        scalar: Scalar<'a>,
        #[serde(borrow)]
        named: Named<'a>,
        #[serde(borrow)]
        map: Map<Names<'a>>,
    }

    fn row(json: &str) -> Row<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn values_are_read_by_their_own_shape() {
        let shapes = ["1", "-1", "1.5", "true", "\"x\"", "[]", "[1,[2]]", "{\"a\":{}}"];
        for shape in shapes {
            for key in ["scalar", "named", "map"] {
                row(&format!("{{\"{key}\": {shape}, \"other\": {shape}}}"));
            }
        }
        assert_eq!(row(r#"{"scalar": "12.5"}"#).scalar.number(), Some(12.5));
        assert_eq!(row(r#"{"scalar": "NaN"}"#).scalar.number(), None);
        assert!(row(r#"{"scalar": "true"}"#).scalar.is_true());
        assert_eq!(row(r#"{"named": "SE"}"#).named.text(), Some("SE"));
        let nested =
            r#"{"named": {"iso_code": "SE", "names": {"de": "S", "en": "Sweden"}}}"#;
        assert_eq!(row(nested).named.code(), Some("SE"));
        assert_eq!(row(nested).named.name(), Some("Sweden"));
        let list = r#"{"named": [{"names": {"en": "Scania"}}, {"names": 1}]}"#;
        assert_eq!(row(list).named.name(), Some("Scania"));
        assert_eq!(
            row(r#"{"map": {"en": "x"}}"#).map.get().unwrap().en.text(),
            Some("x")
        );
    }
}
