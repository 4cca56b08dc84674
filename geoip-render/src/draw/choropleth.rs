//! A colour a country.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "pixels of a picture whose sides are bounded"
)]

use std::collections::BTreeMap;

use geoip_core::CountryCode;

use super::{Canvas, Drawn, outside_note};
use crate::{
    Choropleth, basemap,
    legend::Legend,
    palette,
    scene::{Item, Path},
    text,
};

/// A country whose shapes fill less than this, in square pixels of a picture of 1600,
/// gets a circle.
const SMALL_AREA: f32 = 30.0;
const CIRCLE_RADIUS: f32 = 4.2;

pub(super) fn draw(choropleth: &Choropleth, canvas: &Canvas<'_>) -> Drawn {
    let mut counts: BTreeMap<CountryCode, u64> = BTreeMap::new();
    for &(country, count) in choropleth.counts.iter().filter(|(_, count)| *count > 0) {
        let sum = counts.entry(country).or_default();
        *sum = sum.saturating_add(count);
    }
    let all = counts.values().fold(0_u64, |sum, &count| sum.saturating_add(count));
    let Some(classes) = Classes::of(counts.values().copied()) else {
        return Drawn { empty: true, ..Drawn::default() };
    };
    let color =
        |index: usize| palette::class(canvas.map.theme, index, classes.breaks.len());
    let title = |country: CountryCode, count: u64| {
        let noun = choropleth.unit.noun(count);
        format!("{}: {} {noun}", country.name(), text::grouped(count))
    };

    let mut paths: BTreeMap<CountryCode, Path> = BTreeMap::new();
    for (country, path) in &canvas.base.shapes {
        if let Some(country) = country.filter(|country| counts.contains_key(country)) {
            paths.entry(country).or_default().lines.extend(path.lines.iter().cloned());
        }
    }
    let mut drawn = Drawn::default();
    let mut outside = 0_u64;
    let mut placeless = Vec::new();
    let unit = canvas.page.unit;
    for (&country, &count) in &counts {
        let fill = color(classes.index(count));
        let area = paths.get(&country).map_or(0.0, area);
        if area >= SMALL_AREA * unit * unit {
            let path = paths.remove(&country).unwrap_or_default();
            drawn.areas.push(Item::Fill {
                path,
                color: fill,
                title: title(country, count),
            });
            continue;
        }
        let Some(anchor) = basemap::anchor(country) else {
            placeless.push((country, count));
            continue;
        };
        if !canvas.frame.shows(anchor) {
            outside = outside.saturating_add(if area > 0.0 { 0 } else { count });
            continue;
        }
        let (x, y) = canvas.frame.place(anchor);
        drawn.marks.push(Item::Circle {
            x: x as f32,
            y: y as f32,
            radius: CIRCLE_RADIUS * unit,
            fill,
            outline: canvas.colors.ink.alpha(0.75),
            width: 0.9 * unit,
            title: title(country, count),
        });
    }
    drawn.notes.extend(outside_note(outside, all, choropleth.unit));
    drawn.notes.extend(
        placeless.iter().map(|&(country, count)| {
            format!("not on any map: {}", title(country, count))
        }),
    );
    drawn.legend = Some(Legend::Classes {
        caption: format!("{} a country (log classes)", choropleth.unit.noun(2)),
        colors: (0..classes.breaks.len()).map(color).collect(),
        labels: classes.breaks.iter().map(|&value| text::compact(value as f64)).collect(),
        last: text::compact(classes.largest as f64),
        none: canvas.colors.land,
        small: !drawn.marks.is_empty(),
    });
    drawn
}

/// Twice-signed area by the shoelace formula, without its sign, in square pixels; holes
/// run the other way and are taken off.
fn area(path: &Path) -> f32 {
    let rings = path.lines.iter().map(|(ring, _)| {
        let next = ring.iter().cycle().skip(1);
        ring.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f32>()
    });
    rings.sum::<f32>().abs() / 2.0
}

/// Where one class of counts ends and the next begins.
#[derive(Debug, PartialEq)]
struct Classes {
    /// The least count of each class, rising.
    breaks: Vec<u64>,
    largest: u64,
}

impl Classes {
    /// Classes that grow by about the same factor, at round numbers: the finest of
    /// three series that has no more than seven.
    fn of(counts: impl Iterator<Item = u64> + Clone) -> Option<Self> {
        let (least, largest) = (counts.clone().min()?, counts.max()?);
        let series = |steps: &'static [u64]| -> Vec<u64> {
            let all: Vec<u64> = (0..20)
                .flat_map(|decade| {
                    let power = 10_u64.saturating_pow(decade);
                    steps.iter().map(move |step| power.saturating_mul(*step))
                })
                .filter(|&value| value <= largest)
                .collect();
            let first = all.iter().rposition(|&value| value <= least).unwrap_or(0);
            all[first..].to_vec()
        };
        let mut candidates =
            [&[1, 2, 5][..], &[1, 3], &[1]].into_iter().map(series).collect::<Vec<_>>();
        let coarsest = candidates.pop()?;
        let mut breaks =
            candidates.into_iter().find(|breaks| breaks.len() <= 7).unwrap_or(coarsest);
        // More than seven decades: every third power of ten tells enough.
        if breaks.len() > 8 {
            breaks = breaks.into_iter().step_by(3).collect();
        }
        Some(Self { breaks, largest })
    }

    fn index(&self, count: u64) -> usize {
        self.breaks.partition_point(|&least| least <= count).saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn breaks(counts: &[u64]) -> Vec<u64> {
        Classes::of(counts.iter().copied()).unwrap().breaks
    }

    #[test]
    fn classes_are_round_and_few() {
        assert_eq!(breaks(&[1, 90]), [1, 2, 5, 10, 20, 50]);
        assert_eq!(breaks(&[4, 900]), [3, 10, 30, 100, 300]);
        assert_eq!(breaks(&[1, 57_000]), [1, 10, 100, 1000, 10_000]);
        assert_eq!(breaks(&[7, 7]), [5]);
        assert!(Classes::of([].into_iter()).is_none());
    }

    proptest! {
        #[test]
        fn every_count_has_its_class(counts in proptest::collection::vec(1_u64.., 1..40)) {
            let classes = Classes::of(counts.iter().copied()).unwrap();
            prop_assert!((1..=8).contains(&classes.breaks.len()), "{classes:?}");
            for count in counts {
                let index = classes.index(count);
                prop_assert!(classes.breaks[index] <= count);
                let next = classes.breaks.get(index + 1);
                prop_assert!(next.is_none_or(|&next| count < next));
            }
        }
    }
}
