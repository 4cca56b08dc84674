//! A mark a place.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixels of a picture whose sides are bounded"
)]

use std::{borrow::Cow, collections::BTreeMap};

use super::{Canvas, Drawn, Taken, label::Style, outside_note};
use crate::{
    Mark, Marker, PointColor, Points,
    cut::Point,
    legend::{Key, Legend, Size},
    palette,
    scene::{Color, Item, Path},
    text::{self, Weight},
};

/// Radius of the heaviest place, in pixels of a picture of 1600.
const LARGEST: f32 = 24.0;
/// Every place is seen, though a dot can no longer tell how little is there.
const SMALLEST: f32 = 1.5;
/// Radius of dots and crosses.
const DOT: f32 = 2.6;
/// Symbols of countries and regions that have their count beside them, at most.
const COUNTS: usize = 60;
/// Categories with a colour of their own.
const CATEGORIES: usize = 7;

pub(super) fn draw(points: &Points, canvas: &Canvas<'_>, taken: &mut Taken) -> Drawn {
    let frame = canvas.frame;
    let all = points.markers.iter().fold(0_u64, |sum, m| sum.saturating_add(m.weight));
    let mut shown: Vec<Spot<'_>> = points
        .markers
        .iter()
        .filter(|marker| marker.weight > 0 && frame.shows(marker.point))
        .map(|marker| Spot::new(marker, frame.place(marker.point)))
        .collect();
    let inside = shown.iter().fold(0_u64, |sum, m| sum.saturating_add(m.weight));
    let notes: Vec<String> =
        outside_note(all - inside, all, points.unit).into_iter().collect();
    let order = |a: &Spot<'_>, b: &Spot<'_>| {
        b.weight.cmp(&a.weight).then(a.marker.title.cmp(&b.marker.title))
    };
    // The largest at the bottom, so that none hides another whole.
    shown.sort_by(order);
    if let Some(pixels) = points.merge_px {
        shown = merged(shown, pixels);
        shown.sort_by(order);
    }
    let Some(heaviest) = shown.first().map(|spot| spot.weight) else {
        return Drawn { empty: true, notes, ..Drawn::default() };
    };
    let unit = canvas.page.unit;
    let radius = |weight: u64| {
        if points.mark != Mark::Circle {
            return DOT * unit;
        }
        let share = (weight as f64 / heaviest as f64).sqrt() as f32;
        (LARGEST * share).max(SMALLEST) * unit
    };
    let colors = Colors::of(points, &shown, canvas);
    let marks: Vec<Item> = shown
        .iter()
        .map(|spot| {
            let title = spot.title(points);
            mark(
                points.mark,
                spot,
                radius(spot.weight),
                colors.of_spot(spot),
                title,
                canvas,
            )
        })
        .collect();
    let names = names(points, &shown, radius, canvas, taken);
    Drawn {
        legends: legends(points, &shown, heaviest, radius, &colors, canvas),
        marks: marks.into_iter().chain(names).collect(),
        notes,
        method: points.merge_px.map(|pixels| {
            format!("places within {} pixels are drawn as one", text::compact(pixels))
        }),
        ..Drawn::default()
    }
}

/// A marker with what was merged into it.
struct Spot<'a> {
    marker: &'a Marker,
    at: Point,
    weight: u64,
    /// How many places were merged into this one.
    others: u64,
}

impl<'a> Spot<'a> {
    fn new(marker: &'a Marker, at: Point) -> Self {
        Self { marker, at, weight: marker.weight, others: 0 }
    }

    fn title(&self, points: &Points) -> String {
        let (name, noun) =
            (text::clean(&self.marker.title), points.unit.noun(self.weight));
        let count = text::grouped(self.weight);
        match self.others {
            0 => format!("{name}: {count} {noun}"),
            others => {
                let others = text::grouped(others);
                format!("{name} and {others} more nearby: {count} {noun}")
            }
        }
    }
}

/// Spots, heaviest first, with those that lie within a distance of a heavier one taken
/// into it. Coarse ones stay apart, for they say something else.
fn merged(spots: Vec<Spot<'_>>, pixels: f64) -> Vec<Spot<'_>> {
    let cell = |(x, y): Point| ((x / pixels).floor() as i64, (y / pixels).floor() as i64);
    let mut cells: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
    let mut kept: Vec<Spot<'_>> = Vec::new();
    for spot in spots {
        let (column, row) = cell(spot.at);
        let distance = |index: &usize| {
            let other = &kept[*index];
            (other.at.0 - spot.at.0).hypot(other.at.1 - spot.at.1)
        };
        let near = (column - 1..=column + 1)
            .flat_map(|column| (row - 1..=row + 1).map(move |row| (column, row)))
            .filter_map(|cell| cells.get(&cell))
            .flatten()
            .copied()
            .filter(|&index| kept[index].marker.coarse == spot.marker.coarse)
            .map(|index| (distance(&index), index))
            .filter(|&(distance, _)| distance <= pixels)
            .min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, index)) = near {
            kept[index].weight = kept[index].weight.saturating_add(spot.weight);
            kept[index].others += 1;
        } else {
            cells.entry((column, row)).or_default().push(kept.len());
            kept.push(spot);
        }
    }
    kept
}

/// What colour a spot has.
enum Colors {
    One,
    Count { theme: crate::Theme, palette: crate::Palette, largest: f64 },
    Category { names: Vec<String>, other: Color },
}

impl Colors {
    fn of(points: &Points, shown: &[Spot<'_>], canvas: &Canvas<'_>) -> Self {
        match points.color {
            PointColor::One => Self::One,
            PointColor::Count => Self::Count {
                theme: canvas.map.theme,
                palette: points.palette.clone(),
                largest: shown.first().map_or(1.0, |spot| spot.weight as f64),
            },
            PointColor::Category => {
                let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
                for spot in shown.iter().filter(|spot| !spot.marker.category.is_empty()) {
                    let sum = sums.entry(&spot.marker.category).or_default();
                    *sum = sum.saturating_add(spot.weight);
                }
                let mut sums: Vec<_> = sums.into_iter().collect();
                sums.sort_by_key(|&(name, sum)| (std::cmp::Reverse(sum), name));
                let names = sums.into_iter().take(CATEGORIES);
                let names = names.map(|(name, _)| name.to_owned()).collect();
                Self::Category { names, other: canvas.colors.quiet }
            }
        }
    }

    /// The colour of a spot, if it is not that of the theme.
    fn of_spot(&self, spot: &Spot<'_>) -> Option<Color> {
        match self {
            Self::One => None,
            Self::Count { theme, palette, largest } => {
                let share = (spot.weight as f64).ln() / largest.max(2.0).ln();
                Some(palette::count(*theme, palette, share))
            }
            Self::Category { names, other } => {
                let index = names.iter().position(|name| *name == spot.marker.category);
                Some(index.map_or(*other, palette::category))
            }
        }
    }
}

fn mark(
    kind: Mark,
    spot: &Spot<'_>,
    radius: f32,
    color: Option<Color>,
    title: String,
    canvas: &Canvas<'_>,
) -> Item {
    let unit = canvas.page.unit;
    let (x, y) = (spot.at.0 as f32, spot.at.1 as f32);
    // A country is no point, whatever the mark.
    if kind == Mark::Cross && !spot.marker.coarse {
        let (left, right) = (x - radius, x + radius);
        let (top, bottom) = (y - radius, y + radius);
        let lines = vec![
            (vec![(left, top), (right, bottom)], false),
            (vec![(left, bottom), (right, top)], false),
        ];
        let color = color.unwrap_or(canvas.colors.mark).alpha(0.85);
        return Item::Stroke {
            path: Path { lines },
            color,
            width: 1.2 * unit,
            dash: 0.0,
        };
    }
    let mut look = canvas.colors.circle(radius / unit, spot.marker.coarse);
    if let Some(color) = color {
        look.fill = color.alpha(look.fill.alpha);
        look.outline = color.alpha(look.outline.alpha);
    }
    Item::Circle {
        x,
        y,
        radius,
        fill: look.fill,
        outline: look.outline,
        width: look.width * unit,
        title,
    }
}

/// The names of the heaviest places, and how much is known to no more than a country or
/// region. What a title has after its first comma is left out: Lyon, not Lyon,
/// Auvergne-Rhône-Alpes, France.
fn names(
    points: &Points,
    shown: &[Spot<'_>],
    radius: impl Fn(u64) -> f32,
    canvas: &Canvas<'_>,
    taken: &mut Taken,
) -> Vec<Item> {
    let style = Style {
        size: 13.0 * canvas.page.text,
        weight: Weight::Regular,
        color: canvas.colors.ink,
        halo: canvas.colors.halo,
        longest: 200.0 * canvas.page.text,
    };
    let mut names: Vec<Item> = shown
        .iter()
        .take(points.labels)
        .filter_map(|spot| {
            let title = &spot.marker.title;
            let name = title.split(',').next().unwrap_or_default();
            let mut name: Cow<'_, str> = match spot.others {
                0 => name.into(),
                others => format!("{name} +{}", text::grouped(others)).into(),
            };
            if spot.marker.coarse {
                name = format!("{name} {}", text::grouped(spot.weight)).into();
            }
            taken.beside(spot.at, radius(spot.weight), &name, &style)
        })
        .collect();
    let quiet = Style { size: 11.0 * canvas.page.text, ..style };
    let unnamed = shown.iter().skip(points.labels).filter(|spot| spot.marker.coarse);
    names.extend(unnamed.take(COUNTS).filter_map(|spot| {
        let count = text::grouped(spot.weight);
        taken.beside(spot.at, radius(spot.weight), &count, &quiet)
    }));
    names
}

fn legends(
    points: &Points,
    shown: &[Spot<'_>],
    heaviest: u64,
    radius: impl Fn(u64) -> f32,
    colors: &Colors,
    canvas: &Canvas<'_>,
) -> Vec<Legend> {
    let noun = points.unit.noun(2);
    let mut legends = Vec::new();
    if points.mark == Mark::Circle {
        // All counts up to this are dots of the same size.
        let dots = (f64::from(SMALLEST / LARGEST).powi(2) * heaviest as f64) as u64;
        let dot = Size {
            radius: SMALLEST * canvas.page.unit,
            label: if dots > 1 {
                format!("1–{}", text::compact(dots as f64))
            } else {
                "1".to_owned()
            },
        };
        let values = round_values(heaviest).into_iter();
        let circles = values.filter(|&value| value / 4 >= dots.max(1)).map(|value| {
            Size { radius: radius(value), label: text::compact(value as f64) }
        });
        legends.push(Legend::Sizes {
            caption: format!("{noun} a place (area by count)"),
            sizes: std::iter::once(dot).chain(circles).collect(),
            coarse: shown.iter().any(|spot| spot.marker.coarse),
        });
    }
    if points.mark != Mark::Circle && matches!(colors, Colors::One) {
        let color = canvas.colors.mark;
        legends.push(Legend::Keys {
            caption: format!("places, however many {noun} each has"),
            keys: vec![Key::Dot { color, label: "known to the city".to_owned() }],
        });
    }
    match colors {
        Colors::One => {}
        Colors::Count { theme, palette, largest } => {
            let share = |index: u32| f64::from(index) / 64.0;
            let decades = (0..20).map(|decade| 10_f64.powi(decade));
            legends.push(Legend::Ramp {
                caption: format!("{noun} a place (log scale)"),
                colors: (0..=64)
                    .map(|index| palette::count(*theme, palette, share(index)))
                    .collect(),
                ticks: decades
                    .filter(|value| value <= largest)
                    .map(|value| crate::legend::Tick {
                        position: (value.ln() / largest.max(2.0).ln()) as f32,
                        label: text::compact(value),
                    })
                    .collect(),
            });
        }
        Colors::Category { names, other } => {
            let mut keys: Vec<Key> = names
                .iter()
                .enumerate()
                .map(|(index, name)| Key::Dot {
                    color: palette::category(index),
                    label: text::clean(name),
                })
                .collect();
            let is_other = |spot: &Spot<'_>| !names.contains(&spot.marker.category);
            if shown.iter().any(is_other) {
                keys.push(Key::Dot { color: *other, label: "other".to_owned() });
            }
            legends.push(Legend::Keys { caption: "colours".to_owned(), keys });
        }
    }
    legends
}

/// Up to three round numbers up to the largest, each a tenth of the one before.
fn round_values(largest: u64) -> Vec<u64> {
    let decade = 10_u64.pow(largest.max(1).ilog10());
    let lead = [5, 2, 1].into_iter().find(|step| decade.saturating_mul(*step) <= largest);
    let top = decade.saturating_mul(lead.unwrap_or(1));
    let mut values: Vec<u64> = [1, 10, 100].iter().map(|part| top / part).collect();
    values.retain(|&value| value > 0);
    values.reverse();
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legend_values_are_round_and_at_most_the_largest() {
        assert_eq!(round_values(1), [1]);
        assert_eq!(round_values(57), [5, 50]);
        assert_eq!(round_values(4321), [20, 200, 2000]);
        assert!(round_values(u64::MAX).iter().all(|&value| value > 0));
    }

    #[test]
    fn places_nearby_are_merged_into_the_heaviest() {
        let origin = geoip_core::LatLng::new(0.0, 0.0).unwrap();
        let markers: Vec<_> =
            [90, 50, 7, 3].map(|weight| Marker::new(origin, weight, "x")).into();
        let at = [(0.0, 0.0), (100.0, 0.0), (108.0, 3.0), (-9.0, -1.0)];
        let spots: Vec<_> =
            markers.iter().zip(at).map(|(marker, at)| Spot::new(marker, at)).collect();
        let merged = merged(spots, 10.0);
        let weights: Vec<_> =
            merged.iter().map(|spot| (spot.weight, spot.others)).collect();
        assert_eq!(weights, [(93, 1), (57, 1)]);
    }
}
