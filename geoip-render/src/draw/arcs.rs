//! The shortest ways between places.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "pixels of a picture whose sides are bounded"
)]

use geoip_core::LatLng;

use super::{Canvas, Drawn, Taken, label::Style};
use crate::{
    Arc, Arcs,
    basemap::Corner,
    legend::{Key, Legend},
    scene::{Item, Path},
    text::{self, Weight},
    trace,
};

/// Steps of brightness from the start of a line to its end.
const FADES: usize = 10;
/// Points of a line for each of them.
const POINTS: usize = 6;
/// Rings at more ends than this would be no more than a pattern.
const MOST_ENDS: usize = 50;
/// Width of the heaviest line, in pixels of a picture of 1600.
const WIDEST: f32 = 4.0;
const THINNEST: f32 = 0.6;

pub(super) fn draw(arcs: &Arcs, canvas: &Canvas<'_>, taken: &mut Taken) -> Drawn {
    let mut shown: Vec<&Arc> = arcs.arcs.iter().filter(|arc| arc.weight > 0).collect();
    shown.sort_by(|a, b| b.weight.cmp(&a.weight).then(a.title.cmp(&b.title)));
    let rest = shown.split_off(shown.len().min(arcs.most));
    let Some(heaviest) = shown.first().map(|arc| arc.weight) else {
        return Drawn { empty: true, ..Drawn::default() };
    };
    let mut notes = Vec::new();
    if !rest.is_empty() {
        let weight = rest.iter().fold(0_u64, |sum, arc| sum.saturating_add(arc.weight));
        notes.push(format!(
            "{} lighter arcs with {} {} are not drawn",
            text::grouped(rest.len() as u64),
            text::grouped(weight),
            arcs.unit.noun(weight)
        ));
    }
    let unit = canvas.page.unit;
    let color = canvas.colors.arc;
    let width = |weight: u64| {
        let share = (weight as f64 / heaviest as f64).sqrt() as f32;
        (WIDEST * share).max(THINNEST) * unit
    };
    let mut marks = Vec::new();
    // The heaviest on top.
    for arc in shown.iter().rev() {
        let points = great_circle(arc.from, arc.to);
        for (fade, part) in parts(&points).enumerate() {
            let mut path = Path::default();
            trace::line(canvas.frame, part, &mut path);
            let share = (fade + 1) as f32 / FADES as f32;
            let alpha = 0.08 + 0.72 * share * share;
            let width = width(arc.weight) * (0.55 + 0.45 * share);
            marks.push(Item::Stroke {
                path,
                color: color.alpha(alpha),
                width,
                dash: 0.0,
            });
        }
        if canvas.frame.shows(arc.from) {
            let (x, y) = canvas.frame.place(arc.from);
            let noun = arcs.unit.noun(arc.weight);
            let count = text::grouped(arc.weight);
            marks.push(Item::Circle {
                x: x as f32,
                y: y as f32,
                radius: 1.8 * unit,
                fill: color.alpha(0.8),
                outline: color,
                width: 0.0,
                title: format!("{}: {count} {noun}", text::clean(&arc.title)),
            });
        }
    }
    marks.extend(ends(&shown, arcs, canvas, taken));
    let keys = [heaviest, (heaviest / 100).max(1)].into_iter();
    let mut keys: Vec<Key> = keys
        .map(|weight| Key::Line {
            color: color.alpha(0.8),
            width: width(weight),
            label: text::compact(weight as f64),
        })
        .collect();
    if heaviest <= 1 {
        keys.truncate(1);
    }
    Drawn {
        marks,
        legends: vec![Legend::Keys {
            caption: format!(
                "{} an arc (by width), brighter towards where it leads",
                arcs.unit.noun(2)
            ),
            keys,
        }],
        notes,
        method: Some("arcs are the shortest ways on the globe".to_owned()),
        ..Drawn::default()
    }
}

/// A ring at each place where arcs end, and the name of the home at the one where most
/// do.
fn ends(
    shown: &[&Arc],
    arcs: &Arcs,
    canvas: &Canvas<'_>,
    taken: &mut Taken,
) -> Vec<Item> {
    let mut ends: Vec<((i64, i64), LatLng, u64)> = Vec::new();
    for arc in shown {
        let known = ends.iter().position(|end| end.0 == arc.to.key());
        if let Some(index) = known {
            ends[index].2 = ends[index].2.saturating_add(arc.weight);
        } else if ends.len() < MOST_ENDS {
            ends.push((arc.to.key(), arc.to, arc.weight));
        }
    }
    ends.sort_by_key(|end| (std::cmp::Reverse(end.2), end.0));
    let unit = canvas.page.unit;
    let mut items = Vec::new();
    for (index, (_, place, _)) in ends.iter().enumerate() {
        if !canvas.frame.shows(*place) {
            continue;
        }
        let (x, y) = canvas.frame.place(*place);
        let radius = 5.5 * unit;
        items.push(Item::Circle {
            x: x as f32,
            y: y as f32,
            radius,
            fill: canvas.colors.background,
            outline: canvas.colors.ink,
            width: 2.0 * unit,
            title: if index == 0 { text::clean(&arcs.home) } else { String::new() },
        });
        if index == 0 {
            let style = Style {
                size: 15.0 * canvas.page.text,
                weight: Weight::SemiBold,
                color: canvas.colors.ink,
                halo: canvas.colors.halo,
                longest: 240.0 * unit,
            };
            items.extend(taken.beside((x, y), radius, &arcs.home, &style));
        }
    }
    items
}

/// The points of a line in as many parts as there are steps of brightness, each
/// starting where the one before ends.
fn parts(points: &[Corner]) -> impl Iterator<Item = &[Corner]> {
    (0..FADES).filter_map(|fade| points.get(fade * POINTS..=(fade + 1) * POINTS))
}

/// Points along the great circle between two places. Between opposite ones any would
/// do; it is the one over the north pole.
fn great_circle(from: LatLng, to: LatLng) -> Vec<Corner> {
    let vector = |place: LatLng| {
        let (sin_lat, cos_lat) = place.lat().to_radians().sin_cos();
        let (sin_lng, cos_lng) = place.lng().to_radians().sin_cos();
        [cos_lat * cos_lng, cos_lat * sin_lng, sin_lat]
    };
    let (start, end) = (vector(from), vector(to));
    let along: f64 = start.iter().zip(end).map(|(a, b)| a * b).sum();
    let mut side = [0, 1, 2].map(|axis| end[axis] - along * start[axis]);
    let mut length = side.iter().map(|part| part * part).sum::<f64>().sqrt();
    let angle = length.atan2(along);
    if length < 1e-9 {
        let up = if start[2].abs() > 0.9 { [1.0, 0.0, 0.0] } else { [0.0, 0.0, 1.0] };
        let along: f64 = start.iter().zip(up).map(|(a, b)| a * b).sum();
        side = [0, 1, 2].map(|axis| up[axis] - along * start[axis]);
        length = side.iter().map(|part| part * part).sum::<f64>().sqrt();
    }
    (0..=FADES * POINTS)
        .map(|step| {
            let (sin, cos) = (angle * step as f64 / (FADES * POINTS) as f64).sin_cos();
            let [x, y, z] =
                [0, 1, 2].map(|axis| cos * start[axis] + sin * side[axis] / length);
            let lat = z.atan2(x.hypot(y)).to_degrees();
            [y.atan2(x).to_degrees() as f32, lat as f32]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place((lat, lng): (f64, f64)) -> LatLng {
        LatLng::new(lat, lng).unwrap()
    }

    #[test]
    fn known_ways() {
        let along = great_circle(place((0.0, 0.0)), place((0.0, 90.0)));
        assert!(along.iter().all(|corner| corner[1].abs() < 1e-4));
        let over = great_circle(place((60.0, -90.0)), place((60.0, 90.0)));
        assert!(over.iter().any(|corner| corner[1] > 89.0), "over the pole");
    }

    proptest! {
        #[test]
        fn ways_start_and_end_where_they_should_and_have_even_steps(
            from in (-89.0..89.0, -180.0..180.0), to in (-89.0..89.0, -180.0..180.0),
        ) {
            let way = great_circle(place(from), place(to));
            prop_assert_eq!(way.len(), FADES * POINTS + 1);
            prop_assert!(parts(&way).count() == FADES);
            let unit = |corner: &Corner| {
                let (sin_lat, cos_lat) = f64::from(corner[1]).to_radians().sin_cos();
                let (sin_lng, cos_lng) = f64::from(corner[0]).to_radians().sin_cos();
                [cos_lat * cos_lng, cos_lat * sin_lng, sin_lat]
            };
            let apart = |a: &Corner, b: &Corner| {
                let parts = unit(a).into_iter().zip(unit(b));
                parts.map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
            };
            let corner = |(lat, lng): (f64, f64)| [lng as f32, lat as f32];
            prop_assert!(apart(&way[0], &corner(from)) < 1e-5);
            prop_assert!(apart(&way[way.len() - 1], &corner(to)) < 1e-5);
            let steps: Vec<f64> = way.windows(2).map(|pair| apart(&pair[0], &pair[1])).collect();
            let (least, most) = steps.iter().fold((9.0_f64, 0.0_f64), |(low, high), &step| {
                (low.min(step), high.max(step))
            });
            prop_assert!(most - least < 1e-5, "{least} {most}");
        }
    }
}
