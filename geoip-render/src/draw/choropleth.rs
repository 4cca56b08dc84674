//! A colour a country.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "pixels of a picture whose sides are bounded"
)]

use std::collections::BTreeMap;

use geoip_core::CountryCode;

use super::{Canvas, Drawn, Taken, classes::Breaks, outside_note, table};
use crate::{
    Choropleth, Classes, basemap,
    legend::{Key, Legend, Tick},
    palette,
    scene::{Color, Item, Path},
    text,
};

/// A country whose shapes fill less than this, in square pixels of a picture of 1600,
/// gets a circle.
const SMALL_AREA: f32 = 30.0;
const CIRCLE_RADIUS: f32 = 4.2;
/// Countries with a colour of their own.
const DISTINCT: usize = 8;

pub(super) fn draw(
    choropleth: &Choropleth,
    canvas: &Canvas<'_>,
    taken: &mut Taken,
) -> Drawn {
    let mut counts: BTreeMap<CountryCode, u64> = BTreeMap::new();
    for &(country, count) in choropleth.counts.iter().filter(|(_, count)| *count > 0) {
        let sum = counts.entry(country).or_default();
        *sum = sum.saturating_add(count);
    }
    let all = counts.values().fold(0_u64, |sum, &count| sum.saturating_add(count));
    let Some(coloring) = Coloring::of(choropleth, &counts, canvas) else {
        return Drawn { empty: true, ..Drawn::default() };
    };
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
        let color = coloring.color(country, count);
        let area = paths.get(&country).map_or(0.0, Path::area);
        if area >= SMALL_AREA * unit * unit {
            let path = paths.remove(&country).unwrap_or_default();
            drawn.areas.push(Item::Fill { path, color, title: title(country, count) });
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
            fill: color,
            outline: canvas.colors.ink.alpha(0.75),
            width: 0.9 * unit,
            title: title(country, count),
        });
    }
    // Lakes belong to no country.
    drawn.areas.push(canvas.base.lakes(canvas.colors));
    drawn.notes.extend(outside_note(outside, all, choropleth.unit));
    drawn.notes.extend(
        placeless.iter().map(|&(country, count)| {
            format!("not on any map: {}", title(country, count))
        }),
    );
    drawn.legends.push(coloring.legend(choropleth, &counts, !drawn.marks.is_empty()));
    if choropleth.table > 0 {
        let mut rows: Vec<_> = counts.into_iter().collect();
        rows.sort_by_key(|&(country, count)| (std::cmp::Reverse(count), country));
        let rows: Vec<_> = rows
            .into_iter()
            .take(choropleth.table)
            .map(|(country, count)| {
                (country.name(), count, coloring.color(country, count))
            })
            .collect();
        drawn.marks.extend(table::draw(&rows, all, choropleth.unit, canvas, taken));
    }
    drawn
}

/// What colour a count has.
enum Coloring<'a> {
    Classes { breaks: Breaks, range: (u64, u64), color: Box<dyn Fn(usize) -> Color + 'a> },
    Linear { range: (u64, u64), color: Box<dyn Fn(f64) -> Color + 'a> },
    Distinct { countries: Vec<CountryCode>, other: Color },
}

impl<'a> Coloring<'a> {
    fn of(
        choropleth: &'a Choropleth,
        counts: &BTreeMap<CountryCode, u64>,
        canvas: &'a Canvas<'_>,
    ) -> Option<Self> {
        let (&least, &most) = (counts.values().min()?, counts.values().max()?);
        let range = choropleth.range.unwrap_or((least, most));
        let clamped = counts.values().map(|&count| within(count, range));
        let theme = canvas.map.theme;
        Some(match choropleth.classes {
            Classes::Linear => Self::Linear {
                range: (choropleth.range.map_or(0, |range| range.0), range.1),
                color: Box::new(move |share| {
                    palette::share(theme, &choropleth.palette, share)
                }),
            },
            Classes::Distinct => {
                let mut order: Vec<_> = counts.iter().collect();
                order.sort_by_key(|&(&country, &count)| {
                    (std::cmp::Reverse(count), country)
                });
                let countries = order.into_iter().take(DISTINCT);
                let countries = countries.map(|(&country, _)| country).collect();
                Self::Distinct { countries, other: canvas.colors.quiet.alpha(0.5) }
            }
            kind => {
                let breaks = Breaks::of(kind, clamped)?;
                let classes = breaks.least.len();
                let color = move |index| {
                    palette::class(theme, &choropleth.palette, index, classes)
                };
                Self::Classes { breaks, range, color: Box::new(color) }
            }
        })
    }

    fn color(&self, country: CountryCode, count: u64) -> Color {
        match self {
            Self::Classes { breaks, range, color } => {
                color(breaks.index(within(count, *range)))
            }
            Self::Linear { range: (least, most), color } => {
                let above = count.saturating_sub(*least) as f64;
                color(above / most.saturating_sub(*least).max(1) as f64)
            }
            Self::Distinct { countries, other } => {
                let index = countries.iter().position(|&of| of == country);
                index.map_or(*other, palette::category)
            }
        }
    }

    fn legend(
        &self,
        choropleth: &Choropleth,
        counts: &BTreeMap<CountryCode, u64>,
        small: bool,
    ) -> Legend {
        let noun = choropleth.unit.noun(2);
        let compact = |value: u64| text::compact(value as f64);
        match self {
            Self::Classes { breaks, range, color } => {
                let classes = breaks.least.len();
                let mut countries = vec![0_usize; classes];
                for &count in counts.values() {
                    countries[breaks.index(within(count, *range))] += 1;
                }
                let most = counts.values().max().copied().unwrap_or_default();
                let name = match choropleth.classes {
                    Classes::Equal => "equal classes",
                    Classes::Quantile => "as many countries in each class",
                    Classes::Jenks => "natural breaks",
                    Classes::Log | Classes::Linear | Classes::Distinct => "log classes",
                };
                Legend::Classes {
                    caption: format!("{noun} a country ({name})"),
                    colors: (0..classes).map(color).collect(),
                    labels: breaks.least.iter().map(|&value| compact(value)).collect(),
                    countries,
                    last: compact(most),
                    small,
                }
            }
            Self::Linear { range: (least, most), color } => {
                let span = most.saturating_sub(*least).max(1) as f64;
                let tick = |index: u32| {
                    let share = f64::from(index) / 4.0;
                    Tick {
                        position: share as f32,
                        label: text::compact((*least as f64 + share * span).round()),
                    }
                };
                Legend::Ramp {
                    caption: format!("{noun} a country (linear scale)"),
                    colors: (0..=64)
                        .map(|index| color(f64::from(index) / 64.0))
                        .collect(),
                    ticks: (0..=4).map(tick).collect(),
                }
            }
            Self::Distinct { countries, other } => {
                let key = |(index, country): (usize, &CountryCode)| Key::Dot {
                    color: palette::category(index),
                    label: country.name().to_owned(),
                };
                let mut keys: Vec<Key> = countries.iter().enumerate().map(key).collect();
                if counts.len() > countries.len() {
                    keys.push(Key::Dot { color: *other, label: "other".to_owned() });
                }
                Legend::Keys { caption: format!("countries with most {noun}"), keys }
            }
        }
    }
}

fn within(count: u64, (least, most): (u64, u64)) -> u64 {
    count.clamp(least, most.max(least))
}
