//! Given places at one point become one place that knows them all.

use std::{
    cmp::Reverse,
    collections::hash_map::{Entry, HashMap},
};

use geoip_core::{Count, CountryCode, LatLng};

use super::GivenPlace;

/// How many of the labels at one point its name has.
const NAMED: usize = 3;

/// All given places at one point.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MergedPlace {
    pub(crate) point: LatLng,
    /// That of the first place that has one.
    pub(crate) country: Option<CountryCode>,
    /// Each label once, the heaviest first.
    pub(crate) labels: Vec<String>,
    /// How many places, and the sum of their weights.
    pub(crate) count: Count,
}

impl MergedPlace {
    /// What stands there: `Ann, Bob, Cid and 4 more`.
    pub(crate) fn name(&self) -> Option<String> {
        let named = self.labels.get(..NAMED).unwrap_or(&self.labels).join(", ");
        match self.labels.len() {
            0 => None,
            count if count > NAMED => Some(format!("{named} and {} more", count - NAMED)),
            _ => Some(named),
        }
    }
}

/// One place for each point, in the order in which the points come.
pub(crate) fn merged(given: Vec<GivenPlace>) -> Vec<MergedPlace> {
    let mut positions = HashMap::new();
    let mut places: Vec<MergedPlace> = Vec::new();
    let mut weights: Vec<HashMap<String, u64>> = Vec::new();
    for place in given {
        let index = match positions.entry(place.point.key()) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                places.push(MergedPlace {
                    point: place.point,
                    country: None,
                    labels: Vec::new(),
                    count: Count::default(),
                });
                weights.push(HashMap::new());
                *entry.insert(places.len() - 1)
            }
        };
        let merged = &mut places[index];
        merged.country = merged.country.or(place.country);
        merged.count.addresses += 1;
        merged.count.hits = merged.count.hits.saturating_add(place.weight);
        if let Some(label) = place.label {
            let weight = weights[index].entry(label).or_default();
            *weight = weight.saturating_add(place.weight);
        }
    }
    for (place, weights) in places.iter_mut().zip(weights) {
        let mut labels: Vec<_> = weights.into_iter().collect();
        labels.sort_unstable_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
        place.labels = labels.into_iter().map(|(label, _)| label).collect();
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(lat: f64, lng: f64, weight: u64, label: &str) -> GivenPlace {
        let point = LatLng::new(lat, lng).unwrap();
        let label = (!label.is_empty()).then(|| label.to_owned());
        GivenPlace { point, weight, label, country: None }
    }

    #[test]
    fn places_at_one_point_are_one_and_keep_their_labels() {
        let places = merged(vec![
            given(1.0, 2.0, 1, "Ann"),
            given(3.0, 4.0, 1, ""),
            given(1.0, 2.0, 5, "Bob"),
            given(1.0, 2.0, 2, "Ann"),
            given(-0.0, 2.0, 1, "Cid"),
            given(0.0, 2.0, u64::MAX, "Cid"),
        ]);
        let told: Vec<_> = places
            .iter()
            .map(|it| (it.name(), it.count.addresses, it.count.hits))
            .collect();
        let name = |text: &str| Some(text.to_owned());
        let expected =
            [(name("Bob, Ann"), 3, 8), (None, 1, 1), (name("Cid"), 2, u64::MAX)];
        assert_eq!(told, expected);
    }

    #[test]
    fn many_labels_are_named_in_part() {
        let all = "edcba".chars().map(|letter| given(0.0, 0.0, 1, &letter.to_string()));
        let places = merged(all.collect());
        assert_eq!(places[0].name().unwrap(), "a, b, c and 2 more");
        assert_eq!(places[0].labels.len(), 5);
    }
}
