//! A circle a place.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixels of a picture whose sides are bounded"
)]

use super::{Canvas, Drawn, outside_note};
use crate::{
    Points,
    legend::{Legend, Size},
    scene::Item,
    text,
};

/// Radius of the heaviest place, in pixels of a picture of 1600.
const LARGEST: f32 = 24.0;
/// Every place is seen, though a dot can no longer tell how little is there.
const SMALLEST: f32 = 1.5;

pub(super) fn draw(points: &Points, canvas: &Canvas<'_>) -> Drawn {
    let frame = canvas.frame;
    let all = points.markers.iter().fold(0_u64, |sum, m| sum.saturating_add(m.weight));
    let mut shown: Vec<_> = points
        .markers
        .iter()
        .filter(|marker| marker.weight > 0 && frame.shows(marker.point))
        .collect();
    let inside = shown.iter().fold(0_u64, |sum, m| sum.saturating_add(m.weight));
    let notes: Vec<String> =
        outside_note(all - inside, all, points.unit).into_iter().collect();
    // The largest at the bottom, so that none hides another whole.
    shown.sort_by(|a, b| b.weight.cmp(&a.weight).then(a.title.cmp(&b.title)));
    let Some(heaviest) = shown.first().map(|marker| marker.weight) else {
        return Drawn { empty: true, notes, ..Drawn::default() };
    };
    let radius = |weight: u64| {
        let share = (weight as f64 / heaviest as f64).sqrt() as f32;
        (LARGEST * share).max(SMALLEST) * canvas.page.unit
    };
    let marks = shown
        .iter()
        .map(|marker| {
            let (x, y) = frame.place(marker.point);
            let radius = radius(marker.weight);
            let look = canvas.colors.circle(radius / canvas.page.unit, marker.coarse);
            let count = text::grouped(marker.weight);
            let noun = points.unit.noun(marker.weight);
            let title = format!("{}: {count} {noun}", text::clean(&marker.title));
            Item::Circle {
                x: x as f32,
                y: y as f32,
                radius,
                fill: look.fill,
                outline: look.outline,
                width: look.width * canvas.page.unit,
                title,
            }
        })
        .collect();
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
    let circles =
        round_values(heaviest).into_iter().filter(|&value| value / 4 >= dots.max(1));
    let circles = circles
        .map(|value| Size { radius: radius(value), label: text::compact(value as f64) });
    let sizes = std::iter::once(dot).chain(circles).collect();
    let coarse = shown.iter().any(|marker| marker.coarse);
    Drawn {
        marks,
        legend: Some(Legend::Sizes {
            caption: format!("{} a place (area by count)", points.unit.noun(2)),
            sizes,
            coarse,
        }),
        notes,
        ..Drawn::default()
    }
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
}
