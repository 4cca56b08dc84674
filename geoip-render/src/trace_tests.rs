#![expect(clippy::cast_precision_loss, reason = "cells of a small picture")]

use proptest::prelude::*;

use super::*;
use crate::{Extent, Projection, base::Base, frame::Region};

/// Which cells of a picture are land, by filling the outlines of countries.
struct Land {
    frame: Frame,
    columns: usize,
    rows: usize,
    cells: Vec<bool>,
}

impl Land {
    fn new(
        projection: Projection,
        middle: (f64, f64),
        (columns, rows): (u32, u32),
    ) -> Self {
        let (right, bottom) = (f64::from(columns), f64::from(rows));
        let rect = Rect { left: 0.0, top: 0.0, right, bottom };
        let middle = (Some(middle.0), Some(middle.1));
        let frame =
            Frame::fit(&Region::new(projection, middle, Extent::World).unwrap(), rect);
        let base = Base::new(&frame, 1.0);
        let (columns, rows) = (columns as usize, rows as usize);
        let mut cells = vec![false; columns * rows];
        for (_, path) in &base.shapes {
            for (index, inside) in fill(path, columns, rows).into_iter().enumerate() {
                cells[index] |= inside;
            }
        }
        Self { frame, columns, rows, cells }
    }

    /// Whether there is land at a place, unless a coast is near.
    fn at(&self, place: Point) -> Option<bool> {
        let (x, y) = self.frame.pixel(place);
        let (column, row) = (x.floor() as usize, y.floor() as usize);
        let inner =
            (2..self.columns - 2).contains(&column) && (2..self.rows - 2).contains(&row);
        let here = |dx: usize, dy: usize| {
            self.cells[(row + dy - 2) * self.columns + column + dx - 2]
        };
        let all = inner.then(|| (0..5).flat_map(|dy| (0..5).map(move |dx| (dx, dy))));
        let mut all = all?.map(|(dx, dy)| here(dx, dy));
        let first = all.next()?;
        all.all(|cell| cell == first).then_some(first)
    }
}

/// The cells whose middle lies inside of a path by the even-odd rule.
fn fill(path: &Path, columns: usize, rows: usize) -> Vec<bool> {
    let mut cells = vec![false; columns * rows];
    for (row, cells) in cells.chunks_exact_mut(columns).enumerate() {
        let y = row as f32 + 0.5;
        for (ring, _) in &path.lines {
            for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                if (a.1 > y) == (b.1 > y) {
                    continue;
                }
                let x = a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0);
                let first = (x - 0.5).ceil().max(0.0) as usize;
                cells.iter_mut().skip(first).for_each(|cell| *cell = !*cell);
            }
        }
    }
    cells
}

/// What lies inside of outlines must be what is found by asking each pixel for its
/// place: a streak, a turned-over country or a hole at the rim would differ.
fn assert_same_land(projection: Projection, middle: (f64, f64), reference: &Land) {
    let ours = Land::new(projection, middle, (160, 160));
    let (mut asked, mut wrong) = (0, 0);
    for row in 0..ours.rows {
        for column in 0..ours.columns {
            let pixel = (column as f64 + 0.5, row as f64 + 0.5);
            let Some((lng, lat)) = ours.frame.unplace(pixel) else { continue };
            let turned = cut::relative(lng + ours.frame.aspect.central, 0.0);
            let (Some(expected), Some(found)) =
                (reference.at((turned, lat)), ours.at((lng, lat)))
            else {
                continue;
            };
            asked += 1;
            wrong += i32::from(expected != found);
        }
    }
    assert!(asked > 1000, "{projection:?} {asked}");
    assert!(wrong <= asked / 500, "{projection:?} around {middle:?}: {wrong} of {asked}");
}

fn reference() -> Land {
    Land::new(Projection::Equirectangular, (0.0, 0.0), (700, 350))
}

#[test]
fn no_streak_from_russia_fiji_or_antarctica_at_any_central_meridian() {
    let reference = reference();
    for projection in Projection::ALL {
        for turn in 0..12 {
            let central = f64::from(turn) * 30.0 - 179.0;
            assert_same_land(projection, (0.0, central), &reference);
        }
    }
}

#[test]
fn poles_in_the_middle_and_opposite_to_it() {
    let reference = reference();
    for projection in [
        Projection::Orthographic,
        Projection::AzimuthalEqualArea,
        Projection::Stereographic,
        Projection::Albers,
    ] {
        for lat in [90.0, -90.0, 61.0] {
            assert_same_land(projection, (lat, -35.0), &reference);
        }
    }
}

#[test]
fn what_is_behind_the_globe_is_not_drawn() {
    let rect = Rect { left: 0.0, top: 0.0, right: 100.0, bottom: 100.0 };
    let region = Region::new(Projection::Orthographic, (None, None), Extent::World);
    let frame = Frame::fit(&region.unwrap(), rect);
    let mut path = Path::default();
    line(&frame, &[[170.0, 10.0], [179.0, 20.0], [-175.0, 30.0]], &mut path);
    assert!(path.lines.is_empty());
    line(&frame, &[[80.0, 0.0], [85.0, 0.0], [95.0, 0.0], [99.0, 0.0]], &mut path);
    let (last, _) = path.lines[0].0.last().copied().unwrap();
    assert!((99.0..=100.0).contains(&last), "{last}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn a_disk_around_any_place_is_whole(lat in -90.0..=90.0, lng in -180.0..=180.0) {
        let reference = reference();
        for projection in [Projection::Orthographic, Projection::AzimuthalEqualArea] {
            assert_same_land(projection, (lat, lng), &reference);
        }
    }
}
