//! Points counted in cells.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "pixels of a picture whose sides are bounded"
)]

use std::collections::BTreeMap;

use super::{
    Canvas, Drawn, heat, outside_note,
    scale::{AREA_KM2, Shades},
};
use crate::{
    Bins, Heat,
    cut::Point,
    palette,
    scene::{Item, Path},
    text,
};

/// No cell is narrower than this, in pixels.
const LEAST_PX: f64 = 2.0;

pub(super) fn draw(heat: &Heat, kind: Bins, total: u64, canvas: &Canvas<'_>) -> Drawn {
    let frame = canvas.frame;
    let nominal = frame.nominal_km_per_pixel();
    let (Bins::Hexagons(km) | Bins::Squares(km)) = kind;
    let lattice = Lattice { kind, width: (km / nominal).max(LEAST_PX) };

    let mut counts: BTreeMap<(i32, i32), u64> = BTreeMap::new();
    let mut outside = 0_u64;
    for point in &heat.points {
        if frame.shows(point.point) {
            let count = counts.entry(lattice.cell(frame.place(point.point))).or_default();
            *count = count.saturating_add(point.weight);
        } else {
            outside = outside.saturating_add(point.weight);
        }
    }
    counts.retain(|_, count| *count > 0);
    let notes = outside_note(outside, total, heat.unit).into_iter().collect();
    if counts.is_empty() {
        return Drawn { empty: true, notes, ..Drawn::default() };
    }
    let cells: Vec<_> = counts
        .into_iter()
        .map(|(cell, count)| {
            let middle = lattice.middle(cell);
            let km = frame.unplace(middle).map_or(nominal, |at| frame.km_per_pixel(at));
            (middle, count, count as f64 / (lattice.area() * km * km))
        })
        .collect();
    // Every cell that holds something is drawn.
    let least = cells.iter().map(|cell| cell.2).fold(f64::INFINITY, f64::min);
    let densities = cells.iter().map(|cell| cell.2 as f32);
    let shades = Shades::of(heat, densities, least * 0.999);
    let areas = cells
        .iter()
        .filter(|cell| cell.2 > shades.floor)
        .map(|&(middle, count, density)| {
            let share = 0.45 + 0.55 * shades.position(density);
            let color = palette::heat(canvas.map.theme, heat, shades.position(density));
            // Cells have an edge of their own, so none fades in.
            let alpha = color.alpha.max((heat.opacity * share) as f32);
            let noun = heat.unit.noun(count);
            let per_area = text::compact(density * AREA_KM2);
            Item::Fill {
                path: lattice.outline(middle, frame.rect),
                color: color.alpha(alpha),
                title: format!(
                    "{} {noun}, {per_area} per 10,000 km²",
                    text::grouped(count)
                ),
            }
        })
        .collect();
    let name = match kind {
        Bins::Hexagons(_) => "hexagons",
        Bins::Squares(_) => "squares",
    };
    let width = text::compact(lattice.width * nominal);
    Drawn {
        areas,
        legends: vec![heat::legend(heat, &shades, canvas)],
        notes,
        method: Some(format!("counted in {name} of {width} km across")),
        ..Drawn::default()
    }
}

/// Cells of equal size in the plane of the picture.
struct Lattice {
    kind: Bins,
    /// From side to side, in pixels.
    width: f64,
}

impl Lattice {
    /// The distance of rows.
    fn rise(&self) -> f64 {
        match self.kind {
            Bins::Hexagons(_) => self.width * 3_f64.sqrt() / 2.0,
            Bins::Squares(_) => self.width,
        }
    }

    fn area(&self) -> f64 {
        self.width * self.rise()
    }

    /// The cell in whose inside a pixel lies: of those nearby, the one whose middle is
    /// nearest.
    fn cell(&self, (x, y): Point) -> (i32, i32) {
        let row = (y / self.rise()).floor() as i32;
        let near = (row - 1..=row + 1).flat_map(|row| {
            let column = ((x - self.middle((0, row)).0) / self.width).round() as i32;
            (column - 1..=column + 1).map(move |column| (column, row))
        });
        let distance = |cell: &(i32, i32)| {
            let middle = self.middle(*cell);
            let (dx, dy) = ((middle.0 - x).abs(), (middle.1 - y).abs());
            if let Bins::Squares(_) = self.kind { dx.max(dy) } else { dx.hypot(dy) }
        };
        near.min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or((0, row))
    }

    fn middle(&self, (column, row): (i32, i32)) -> Point {
        let odd = matches!(self.kind, Bins::Hexagons(_)) && row.rem_euclid(2) == 1;
        let shift = if odd { 0.5 } else { 0.0 };
        ((f64::from(column) + shift) * self.width, (f64::from(row) + 0.5) * self.rise())
    }

    fn outline(&self, (x, y): Point, rect: crate::frame::Rect) -> Path {
        let half = self.width / 2.0;
        let corners: Vec<(f64, f64)> = match self.kind {
            Bins::Hexagons(_) => {
                let (long, short) = (half * 2.0 / 3_f64.sqrt(), half / 3_f64.sqrt());
                vec![
                    (x, y - long),
                    (x + half, y - short),
                    (x + half, y + short),
                    (x, y + long),
                    (x - half, y + short),
                    (x - half, y - short),
                ]
            }
            Bins::Squares(_) => vec![
                (x - half, y - half),
                (x + half, y - half),
                (x + half, y + half),
                (x - half, y + half),
            ],
        };
        let within = |(x, y): (f64, f64)| {
            let (x, y) = (x.clamp(rect.left, rect.right), y.clamp(rect.top, rect.bottom));
            (x as f32, y as f32)
        };
        Path { lines: vec![(corners.into_iter().map(within).collect(), true)] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The oracle looks at all cells around.
        #[test]
        fn a_point_is_in_the_nearest_hexagon(
            x in -500.0..500.0_f64, y in -500.0..500.0_f64, width in 2.0..90.0_f64,
        ) {
            let lattice = Lattice { kind: Bins::Hexagons(1.0), width };
            let distance = |cell| {
                let middle = lattice.middle(cell);
                (middle.0 - x).hypot(middle.1 - y)
            };
            let ours = lattice.cell((x, y));
            for column in ours.0 - 3..=ours.0 + 3 {
                for row in ours.1 - 3..=ours.1 + 3 {
                    prop_assert!(distance(ours) <= distance((column, row)) + 1e-9);
                }
            }
            prop_assert!(distance(ours) <= width / 3_f64.sqrt() + 1e-9);
        }
    }
}
