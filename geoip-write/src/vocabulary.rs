//! Cities: the places of the source without their districts.

use hashbrown::HashMap;

use crate::geo;
use crate::source::{CitySource, SourcePlace as Place};

/// A city, with what all its districts weigh together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct City {
    pub(crate) country: [u8; 2],
    pub(crate) subdivision: String,
    pub(crate) name: String,
    /// Degrees, rounded to what the file can hold.
    pub(crate) lat: f64,
    pub(crate) lng: f64,
    pub(crate) weight: f64,
}

/// The cities, and which of them each place of the source belongs to.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    pub(crate) cities: Vec<City>,
    /// City number by place number.
    pub(crate) city_of_place: Vec<u32>,
}

/// Districts farther than this from the heaviest one are namesakes, not part of the town.
const SAME_TOWN_KM: f64 = 60.0;

impl Vocabulary {
    /// Joins districts; a city lies at the weighted middle of its districts.
    pub(crate) fn new(source: &CitySource) -> Self {
        let weights = place_weights(source);
        let mut numbers: HashMap<([u8; 2], &str, &str), u32> = HashMap::new();
        let mut heaviest: Vec<usize> = Vec::new();
        let mut city_of_place = Vec::with_capacity(source.places.len());
        for (number, place) in source.places.iter().enumerate() {
            let key = (
                place.country,
                place.subdivision.as_str(),
                without_district(&place.city),
            );
            let next = u32::try_from(heaviest.len()).expect("fewer cities than places");
            let city = *numbers.entry(key).or_insert_with(|| {
                heaviest.push(number);
                next
            });
            let best = &mut heaviest[city as usize];
            if weights[number] > weights[*best] {
                *best = number;
            }
            city_of_place.push(city);
        }
        let cities = locate(source, &weights, &heaviest, &city_of_place);
        Self { cities, city_of_place }
    }
}

fn locate(
    source: &CitySource,
    weights: &[f64],
    heaviest: &[usize],
    city_of_place: &[u32],
) -> Vec<City> {
    let mut middles = vec![geo::Middle::default(); heaviest.len()];
    let mut totals = vec![0.0; heaviest.len()];
    for ((place, &weight), &city) in source.places.iter().zip(weights).zip(city_of_place)
    {
        let main: &Place = &source.places[heaviest[city as usize]];
        let point = (place.lat, place.lng);
        if geo::distance_km((main.lat, main.lng), point) < SAME_TOWN_KM {
            middles[city as usize].add(point, weight);
        }
        totals[city as usize] += weight;
    }
    heaviest
        .iter()
        .zip(middles)
        .zip(totals)
        .map(|((&number, middle), weight)| {
            let main = &source.places[number];
            let (lat, lng) = geo::rounded(middle.point().unwrap_or((main.lat, main.lng)));
            City {
                country: main.country,
                subdivision: main.subdivision.clone(),
                name: without_district(&main.city).to_owned(),
                lat,
                lng,
                weight,
            }
        })
        .collect()
}

/// What a place weighs: a point for each range, and one for each 256 IPv4 addresses.
fn place_weights(source: &CitySource) -> Vec<f64> {
    let mut weights = vec![0.0; source.places.len()];
    for range in &source.v4 {
        let addresses = (range.end - range.start + 1) as f64;
        weights[range.label as usize] += 1.0 + addresses / 256.0;
    }
    for range in &source.v6 {
        weights[range.label as usize] += 1.0;
    }
    weights
}

/// "Cologne" of "Cologne (Lindenthal, Cologne)".
pub fn without_district(city: &str) -> &str {
    city.split_once(" (").map_or(city, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_district_off() {
        assert_eq!(without_district("Cologne (Lindenthal, Cologne)"), "Cologne");
        assert_eq!(without_district("Paris"), "Paris");
        assert_eq!(without_district(""), "");
    }
}
