//! Many alike values, side by side and short.

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
};

use geoip_core::LatLng;
use serde::Serialize;

use super::text::visible;

/// Steps in a degree: a step is eleven metres.
const STEPS: f64 = 1e4;
/// Steps in a degree for places of addresses, of which nobody knows more than the city.
const COARSE_STEPS: f64 = 1e3;

/// Positions as differences from one to the next, which are short numbers as long as
/// the positions are in order.
#[derive(Debug, Default, Serialize)]
pub(super) struct Positions {
    lat: Vec<i32>,
    lng: Vec<i32>,
}

impl Positions {
    pub(super) fn new(points: impl Iterator<Item = LatLng>) -> Self {
        Self::in_steps(points, STEPS)
    }

    /// The same to a hundred metres.
    pub(super) fn coarse(points: impl Iterator<Item = LatLng>) -> Self {
        Self::in_steps(points, COARSE_STEPS)
    }

    fn in_steps(points: impl Iterator<Item = LatLng>, steps_a_degree: f64) -> Self {
        let mut positions = Self::default();
        let mut last = [0, 0];
        for point in points {
            let here =
                [point.lat(), point.lng()].map(|degrees| steps(degrees * steps_a_degree));
            positions.lat.push(here[0] - last[0]);
            positions.lng.push(here[1] - last[1]);
            last = here;
        }
        positions
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a LatLng is at most 180 degrees")]
fn steps(steps: f64) -> i32 {
    steps.round() as i32
}

/// A text, or the number of one that occurs more often.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Text<'a> {
    Shared(usize),
    Once(Cow<'a, str>),
}

/// Texts of which many are the same: those that occur twice are written once.
#[derive(Debug, Default)]
pub(super) struct Texts<'a> {
    /// The number of each text that was noted more than once.
    numbers: HashMap<&'a str, Option<usize>>,
    shared: Vec<&'a str>,
}

impl<'a> Texts<'a> {
    /// Takes note of a text. All are noted before the first is asked for.
    pub(super) fn note(&mut self, text: &'a str) {
        match self.numbers.entry(text) {
            Entry::Vacant(entry) => {
                entry.insert(None);
            }
            Entry::Occupied(mut entry) => {
                if entry.get().is_none() {
                    entry.insert(Some(self.shared.len()));
                    self.shared.push(text);
                }
            }
        }
    }

    pub(super) fn get(&self, text: &'a str) -> Text<'a> {
        match self.numbers.get(text) {
            Some(&Some(number)) => Text::Shared(number),
            _ => Text::Once(visible(text)),
        }
    }

    /// The texts that are referred to by number.
    pub(super) fn into_shared(self) -> Vec<Cow<'a, str>> {
        self.shared.into_iter().map(visible).collect()
    }
}
