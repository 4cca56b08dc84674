//! Given places at one point become one place that knows them all.

use std::cmp::Reverse;

use geoip_core::{Count, CountryCode, LatLng, Tally};
use hashbrown::HashMap;

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

/// Everything that was given.
#[derive(Debug)]
pub(crate) struct Given {
    /// One place for each point, in the order in which the points came.
    pub(crate) places: Vec<MergedPlace>,
    /// How many places were given, and the sum of their weights.
    pub(crate) all: Count,
    pub(crate) by_places: Tally<CountryCode>,
    pub(crate) by_weight: Tally<CountryCode>,
}

/// Puts given places together as they come.
#[derive(Default)]
pub(super) struct Merger {
    positions: HashMap<(i64, i64), usize>,
    places: Vec<MergedPlace>,
    /// What weight each label has at each place.
    labels: HashMap<usize, HashMap<String, u64>>,
    all: Count,
    by_places: Tally<CountryCode>,
    by_weight: Tally<CountryCode>,
}

impl Merger {
    pub(super) fn add(&mut self, place: GivenPlace) {
        let GivenPlace { point, weight, label, country } = place;
        let index = self.add_plain(point, Count { addresses: 1, hits: weight });
        if let Some(country) = country {
            self.places[index].country.get_or_insert(country);
            self.by_places.add(country);
            self.by_weight.add_n(country, weight);
        }
        if let Some(label) = label {
            let sum = self.labels.entry(index).or_default().entry(label).or_default();
            *sum = sum.saturating_add(weight);
        }
    }

    /// Add so much at a point and tell where in the list that is.
    pub(super) fn add_plain(&mut self, point: LatLng, count: Count) -> usize {
        let index = *self.positions.entry(point.key()).or_insert(self.places.len());
        if index == self.places.len() {
            let (country, labels) = (None, Vec::new());
            let count = Count::default();
            self.places.push(MergedPlace { point, country, labels, count });
        }
        for sum in [&mut self.places[index].count, &mut self.all] {
            sum.addresses += count.addresses;
            sum.hits = sum.hits.saturating_add(count.hits);
        }
        index
    }

    pub(super) fn into_given(mut self) -> Given {
        for (index, place) in self.places.iter_mut().enumerate() {
            let Some(weights) = self.labels.remove(&index) else { continue };
            let mut labels: Vec<_> = weights.into_iter().collect();
            labels
                .sort_unstable_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
            place.labels = labels.into_iter().map(|(label, _)| label).collect();
        }
        let Self { places, all, by_places, by_weight, .. } = self;
        Given { places, all, by_places, by_weight }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(given: Vec<GivenPlace>) -> Vec<MergedPlace> {
        let mut merger = Merger::default();
        for place in given {
            merger.add(place);
        }
        merger.into_given().places
    }

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
