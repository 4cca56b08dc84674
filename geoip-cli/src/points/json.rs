//! Places as JSON: objects one after another or in an array, or GeoJSON points.

use anyhow::{Context, Result};
use geoip_core::LatLng;
use serde_json::{Map, Value};

use super::{
    merge::Merger,
    parse::{COUNTRY, GivenPlace, HINT, LABEL, LATITUDE, LONGITUDE, WEIGHT},
};
use crate::failure::Hinted;

/// Read places from one or more JSON texts.
pub(super) fn parse(text: &str, merger: &mut Merger) -> Result<()> {
    let mut number = 0;
    let mut add = |value: &Value| -> Result<()> {
        if let Some(place) = place(value, number + 1)? {
            number += 1;
            merger.add(place);
        }
        Ok(())
    };
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        match value.context("not JSON")? {
            Value::Array(list) => list.iter().try_for_each(&mut add)?,
            value => match value.get("features") {
                Some(Value::Array(features)) => features.iter().try_for_each(&mut add)?,
                _ => add(&value)?,
            },
        }
    }
    Ok(())
}

/// The place of an object; none for a shape that is no place.
fn place(value: &Value, number: usize) -> Result<Option<GivenPlace>> {
    let wrong = |what: &str| Hinted::error(format!("place {number}: {what}"), HINT);
    let Value::Object(object) = value else { return Err(wrong("not an object")) };
    let of = |names: &[&str]| find(object, names);
    let (lat, lng, facts) = match object.get("geometry") {
        Some(geometry) => {
            let shape = object.get("properties").and_then(|it| it.get("shape"));
            // Outlines and lines beside the points, such as `geoip cluster` writes; the
            // outline of one place is a point too.
            if geometry.get("type").and_then(Value::as_str) != Some("Point")
                || shape.and_then(Value::as_str) == Some("hull")
            {
                return Ok(None);
            }
            let coordinate = |index: usize| geometry.get("coordinates")?.get(index);
            // Longitude comes first (RFC 7946, section 3.1.1).
            (coordinate(1), coordinate(0), object.get("properties"))
        }
        None => (of(LATITUDE), of(LONGITUDE), Some(value)),
    };
    let degrees = |value: Option<&Value>, what: &str| match value {
        None => Err(wrong(&format!("no {what}"))),
        Some(value) => {
            value.as_f64().ok_or_else(|| wrong(&format!("`{value}` is no {what}")))
        }
    };
    let (lat, lng) = (degrees(lat, "latitude")?, degrees(lng, "longitude")?);
    let point = LatLng::new(lat, lng).with_context(|| format!("place {number}"))?;
    let facts = facts.and_then(Value::as_object);
    let fact = |names: &[&str]| facts.and_then(|facts| find(facts, names));
    let text = |names: &[&str]| fact(names).and_then(Value::as_str);
    let weight = match fact(WEIGHT) {
        None => 1,
        Some(value) => value.as_u64().ok_or_else(|| {
            wrong(&format!("`{value}` is no whole number for a weight"))
        })?,
    };
    let label = text(LABEL).filter(|label| !label.is_empty()).map(str::to_owned);
    let country = text(COUNTRY).and_then(|country| country.parse().ok());
    Ok(Some(GivenPlace { point, weight, label, country }))
}

/// The first of these keys that is there and not null, in any case.
fn find<'o>(object: &'o Map<String, Value>, names: &[&str]) -> Option<&'o Value> {
    names.iter().find_map(|name| {
        let found = object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value).filter(|value| !value.is_null())
    })
}

#[cfg(test)]
mod tests {
    use geoip_core::Count;

    use super::*;
    use crate::points::merge::MergedPlace;

    fn read(text: &str) -> Result<Vec<MergedPlace>> {
        let mut merger = Merger::default();
        parse(text, &mut merger)?;
        Ok(merger.into_given().places)
    }

    #[test]
    fn reads_objects_arrays_and_geojson() {
        let expected = |addresses, hits| MergedPlace {
            point: LatLng::new(51.5, -0.1).unwrap(),
            country: "GB".parse().ok(),
            labels: vec!["London".into()],
            count: Count { addresses, hits },
        };
        let object = r#"{"lat": 51.5, "Longitude": -0.1, "hits": 7, "city": "London", "country": "gb"}"#;
        assert_eq!(read(object).unwrap(), [expected(1, 7)]);
        let lines = format!("{object}\n{object}\n");
        assert_eq!(read(&lines).unwrap(), [expected(2, 14)]);
        assert_eq!(read(&format!(" [{object}]")).unwrap(), [expected(1, 7)]);
        let geojson = r#"{"type": "FeatureCollection", "features": [
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-0.1, 51.5]},
             "properties": {"name": "London", "country": "GB", "weight": null}},
            {"type": "Feature", "geometry": {"type": "LineString", "coordinates": []}}]}"#;
        assert_eq!(read(geojson).unwrap(), [expected(1, 1)]);
        assert_eq!(read("[]").unwrap(), []);
    }

    #[test]
    fn says_which_place_is_wrong() {
        for (text, message) in [
            (r#"[{"lat": 1, "lon": 2}, {"lat": 1}]"#, "place 2: no longitude"),
            (r#"{"lat": "x", "lon": 2}"#, "place 1: `\"x\"` is no latitude"),
            (r#"{"lat": 91, "lon": 2}"#, "place 1"),
            (r#"{"lat": 1e400, "lon": 2}"#, "not JSON"),
            (r#"{"lat": NaN, "lon": 2}"#, "not JSON"),
            (r#"{"lat": 1, "lon": 2, "weight": -3}"#, "`-3` is no whole number"),
            ("[1]", "place 1: not an object"),
            ("[{]", "not JSON"),
        ] {
            let error = format!("{:#}", read(text).unwrap_err());
            assert!(error.contains(message), "{text}: {error}");
        }
        let deep = "[".repeat(1_000_000);
        assert!(read(&deep).is_err());
    }
}
