//! Density on the ground: points to a grid, spread by Gaussian kernels.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "cells of a grid whose sides are bounded"
)]

mod blur;
mod lattice;

use std::{borrow::Cow, collections::BTreeMap};

use geoip_core::WeightedPoint;

use self::{
    blur::{blur_across, blur_down},
    lattice::Lattice,
};
use crate::{Projection, frame::Frame, projection::Aspect};

/// How far a kernel reaches, in standard deviations: beyond lies less than a millionth.
const REACH: f64 = 5.0;
/// No grid is finer than this; larger pictures are enlarged from it.
const MAX_CELLS: f64 = 4.0e6;
/// The narrow kernel, as a share of the wide one.
pub(crate) const NARROW: f64 = 0.3;
/// Locations of addresses are hardly better known than this, so that a finer picture of
/// them would be finer than the truth.
const KNOWN_TO_KM: f64 = 25.0;
/// A kernel narrower than this, in pixels, cannot be drawn.
const MIN_SIGMA_PX: f64 = 0.7;

/// Density over the frame of a map.
#[derive(Clone, Debug)]
pub(crate) struct DensityGrid {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    /// Weight a square kilometre, row by row from the top left; nothing off the world.
    pub(crate) cells: Vec<f32>,
    /// Standard deviations of the wide kernel and of the narrow one, if there is one,
    /// in kilometres.
    pub(crate) bandwidth_km: (f64, Option<f64>),
    /// Sum of the weights that fall into the frame.
    pub(crate) inside: u64,
    /// Sum of the weights that fall beside it.
    pub(crate) outside: u64,
}

/// How far each weight is spread.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spread<'a> {
    /// Standard deviation of the wide kernel; without one, about five pixels of a
    /// picture of 1600, but not less than addresses are known to.
    pub(crate) bandwidth: Option<Bandwidth>,
    /// Whether there is the wide kernel only.
    pub(crate) single: bool,
    /// The radius in kilometres to which each point is known, in the same order; what
    /// is known less well than the kernel is wide is spread as far as that.
    pub(crate) radii_km: Option<&'a [f64]>,
}

/// A standard deviation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Bandwidth {
    /// In kilometres on the ground.
    Kilometres(f64),
    /// In pixels of the picture, wherever on it.
    Pixels(f64),
}

/// Two of three lie within the radius that databases tell, as they define it: it is so
/// many standard deviations of a Gaussian in the plane.
const RADIUS_IN_SIGMAS: f64 = 1.49;

impl DensityGrid {
    /// The density of points, half of each by a wide kernel and half by a narrow one.
    ///
    /// Where the projection does not keep area, kernels and densities follow its local
    /// scale, so that both hold on the ground; where it does, kernels are as round on
    /// the picture as the ground's shapes are not.
    pub(crate) fn new(
        points: &[WeightedPoint],
        frame: &Frame,
        spread: &Spread<'_>,
    ) -> Self {
        let aspect = frame.aspect;
        if frame.rows().is_none() && !aspect.projection.keeps_area() {
            return Self::by_equal_area(points, frame, spread);
        }
        let nominal = frame.nominal_km_per_pixel();
        let default = (frame.rect.width() / 320.0 * nominal).max(KNOWN_TO_KM);
        let drawable = MIN_SIGMA_PX * nominal / if spread.single { 1.0 } else { NARROW };
        let (wide, by_pixels) = match spread.bandwidth {
            None => (rounded(default), false),
            Some(Bandwidth::Kilometres(km)) => (km, false),
            Some(Bandwidth::Pixels(pixels)) => (pixels * nominal, true),
        };
        let wide = if wide < drawable { rounded(drawable) } else { wide };
        let narrow = (!spread.single).then_some(wide * NARROW);
        let classes = Class::of(points, spread.radii_km, wide);
        let widest = classes.iter().map(|class| class.sigma_km).fold(wide, f64::max);
        let lattice = Lattice::new(frame, widest, wide / nominal);

        let scales: Vec<f64> = (0..lattice.padded_rows())
            .map(|row| {
                let Some(rows) = frame.rows() else { return nominal };
                let y = lattice.origin.1 + (row as f64 + 0.5) * lattice.cell.1;
                let nearest = y.clamp(frame.rect.top, frame.rect.bottom);
                frame.km_per_pixel((0.0, rows.latitude(nearest).unwrap_or(0.0)))
            })
            .collect();
        let width = lattice.padded_columns();
        let mut spread = vec![0.0; width * lattice.padded_rows()];
        let (mut inside, mut outside) = (0_u64, 0_u64);
        for class in &classes {
            let (bins, within, beside) = lattice.bin(&class.points, frame);
            inside = inside.saturating_add(within);
            outside = outside.saturating_add(beside);
            let second = narrow.filter(|_| class.sigma_km <= wide);
            let share = if second.is_some() { 0.5 } else { 1.0 };
            for sigma_km in std::iter::once(class.sigma_km).chain(second) {
                let sigma = |row: usize, cell: f64| {
                    let scale = if by_pixels { nominal } else { scales[row] };
                    sigma_km / scale / cell
                };
                let across = blur_across(&bins, width, |row| sigma(row, lattice.cell.0));
                let down = |row| sigma(row, lattice.cell.1);
                blur_down(&across, width, down, share, &mut spread);
            }
        }

        let (columns, rows, margin) = (lattice.columns, lattice.rows, lattice.margin);
        // What lies beyond the edge of the world stays empty.
        let mut cells = vec![0.0; columns * rows];
        for (row, cells) in cells.chunks_exact_mut(columns).enumerate() {
            let padded = row + margin;
            let Some((first, last)) = lattice.world(frame, row) else { continue };
            let area_km2 = scales[padded].powi(2) * lattice.cell.0 * lattice.cell.1;
            let share = 1.0 / area_km2 as f32;
            let start = padded * lattice.padded_columns() + margin;
            let values = spread[start + first..start + last].iter();
            let cells = cells[first..last].iter_mut().zip(values);
            cells.for_each(|(cell, value)| *cell = value * share);
        }
        let bandwidth_km = (wide, narrow);
        let mut grid = Self { columns, rows, cells, bandwidth_km, inside, outside };
        grid.mask(frame);
        grid
    }

    /// The density in the equal-area projection around the same middle, from where
    /// each cell of the frame takes that of its place on the ground.
    fn by_equal_area(
        points: &[WeightedPoint],
        frame: &Frame,
        spread: &Spread<'_>,
    ) -> Self {
        let middle = frame.aspect.inverse((0.0, 0.0)).unwrap_or((0.0, 0.0));
        let middle = (middle.1, frame.aspect.central);
        let aspect = Aspect::new(Projection::AzimuthalEqualArea, middle, None);
        let even = frame.with_aspect(aspect);
        let source = Self::new(points, &even, spread);
        let size = (frame.rect.width() * frame.rect.height() / MAX_CELLS).sqrt().ceil();
        let size = size.max(even.rect.width() / source.columns as f64).max(1.0);
        let columns = (frame.rect.width() / size).ceil().max(1.0) as usize;
        let rows = (frame.rect.height() / size).ceil().max(1.0) as usize;
        let mut grid = Self { columns, rows, cells: vec![0.0; columns * rows], ..source };
        for (row, cells) in grid.cells.chunks_exact_mut(columns).enumerate() {
            let y = (row as f64 + 0.5) / rows as f64 * frame.rect.height();
            for (column, cell) in cells.iter_mut().enumerate() {
                let x = (column as f64 + 0.5) / columns as f64 * frame.rect.width();
                let at = (frame.rect.left + x, frame.rect.top + y);
                if let Some(place) = frame.unplace(at) {
                    *cell = source_at(&even, &source, even.pixel(place));
                }
            }
        }
        (grid.inside, grid.outside) = (0, 0);
        for WeightedPoint { point, weight } in points {
            let shown = frame.shows(*point);
            let sum = if shown { &mut grid.inside } else { &mut grid.outside };
            *sum = sum.saturating_add(*weight);
        }
        grid
    }

    /// Empties the cells that lie off the world in a frame whose rows do not tell.
    fn mask(&mut self, frame: &Frame) {
        if frame.rows().is_some() {
            return;
        }
        let at = |column: f64, row: f64| {
            let x = frame.rect.left + column * frame.rect.width();
            (x, frame.rect.top + row * frame.rect.height())
        };
        let step = |step: u32| f64::from(step) / 32.0;
        let whole = (0..=32).all(|row| {
            (0..=32).all(|column| frame.unplace(at(step(column), step(row))).is_some())
        });
        if whole {
            return;
        }
        let (columns, rows) = (self.columns as f64, self.rows as f64);
        for (row, cells) in self.cells.chunks_exact_mut(self.columns).enumerate() {
            for (column, cell) in cells.iter_mut().enumerate() {
                let share = ((column as f64 + 0.5) / columns, (row as f64 + 0.5) / rows);
                if *cell > 0.0 && frame.unplace(at(share.0, share.1)).is_none() {
                    *cell = 0.0;
                }
            }
        }
    }
}

/// The density of a grid at a pixel of its frame, between the four cells around it.
fn source_at(frame: &Frame, grid: &DensityGrid, (x, y): (f64, f64)) -> f32 {
    let column = (x - frame.rect.left) / frame.rect.width() * grid.columns as f64 - 0.5;
    let row = (y - frame.rect.top) / frame.rect.height() * grid.rows as f64 - 0.5;
    let last = ((grid.columns - 1) as f64, (grid.rows - 1) as f64);
    let (column, row) = (column.clamp(0.0, last.0), row.clamp(0.0, last.1));
    let (u, v) = (column.fract() as f32, row.fract() as f32);
    let (left, top) = (column as usize, row as usize);
    let (right, bottom) =
        ((left + 1).min(grid.columns - 1), (top + 1).min(grid.rows - 1));
    let cell = |column: usize, row: usize| grid.cells[row * grid.columns + column];
    (cell(left, top) * (1.0 - u) + cell(right, top) * u) * (1.0 - v)
        + (cell(left, bottom) * (1.0 - u) + cell(right, bottom) * u) * v
}

/// Points that are spread alike.
struct Class<'a> {
    sigma_km: f64,
    points: Cow<'a, [WeightedPoint]>,
}

impl<'a> Class<'a> {
    /// One class of all points, or those by how well they are known: a class for each
    /// doubling, the narrowest as wide as the kernel.
    fn of(points: &'a [WeightedPoint], radii_km: Option<&[f64]>, wide: f64) -> Vec<Self> {
        const WIDEST_KM: f64 = 3000.0;
        let Some(radii_km) = radii_km else {
            return vec![Self { sigma_km: wide, points: Cow::Borrowed(points) }];
        };
        let mut classes: BTreeMap<i32, Vec<WeightedPoint>> = BTreeMap::new();
        for (index, point) in points.iter().enumerate() {
            let sigma = radii_km.get(index).copied().unwrap_or(0.0) / RADIUS_IN_SIGMAS;
            // A radius that is no number says nothing.
            let doublings =
                (sigma.clamp(wide, WIDEST_KM.max(wide)) / wide).log2().round();
            classes.entry(doublings as i32).or_default().push(*point);
        }
        let class = |(doublings, points)| Self {
            sigma_km: wide * 2_f64.powi(doublings),
            points: Cow::Owned(points),
        };
        classes.into_iter().map(class).collect()
    }
}

/// A number with two significant digits.
pub(crate) fn rounded(value: f64) -> f64 {
    let unit = 10_f64.powf(value.log10().floor() - 1.0);
    (value / unit).round() * unit
}

#[cfg(test)]
#[path = "density_tests.rs"]
mod tests;
