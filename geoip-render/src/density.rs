//! Density on the ground: points to a grid, spread by Gaussian kernels.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "cells of a grid whose sides are bounded"
)]

use geoip_core::WeightedPoint;

use crate::{cut, frame::Frame};

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
    /// Standard deviations of the wide and the narrow kernel, in kilometres.
    pub(crate) bandwidth_km: (f64, f64),
    /// Sum of the weights that fall into the frame.
    pub(crate) inside: u64,
    /// Sum of the weights that fall beside it.
    pub(crate) outside: u64,
}

/// Cells laid over the frame, with a margin from which kernels reach into it.
struct Lattice {
    columns: usize,
    rows: usize,
    margin: usize,
    /// Pixels a cell.
    cell: (f64, f64),
    origin: (f64, f64),
}

impl DensityGrid {
    /// The density of points, by two kernels of which the wide one has a standard
    /// deviation of `bandwidth_km`; without one, of about five pixels of a picture of
    /// 1600, but not less than addresses are known to.
    ///
    /// Where the projection does not keep area, kernels and densities follow its local
    /// scale, so that both hold on the ground; where it does, kernels are as round on
    /// the picture as the ground's shapes are not.
    pub(crate) fn new(
        points: &[WeightedPoint],
        frame: &Frame,
        bandwidth_km: Option<f64>,
    ) -> Self {
        let nominal = frame.km_per_pixel(frame.middle_latitude());
        let default = (frame.rect.width() / 320.0 * nominal).max(KNOWN_TO_KM);
        let drawable = MIN_SIGMA_PX * nominal / NARROW;
        let wide = bandwidth_km.unwrap_or_else(|| rounded(default));
        let wide = if wide < drawable { rounded(drawable) } else { wide };
        let bandwidth_km = (wide, wide * NARROW);
        let lattice = Lattice::new(frame, wide, wide / nominal);
        let (bins, inside, outside) = lattice.bin(points, frame);

        let scales: Vec<f64> = (0..lattice.padded_rows())
            .map(|row| {
                let y = lattice.origin.1 + (row as f64 + 0.5) * lattice.cell.1;
                let nearest = y.clamp(frame.rect.top, frame.rect.bottom);
                frame.km_per_pixel(frame.latitude(nearest).unwrap_or(0.0))
            })
            .collect();
        let mut spread = vec![0.0; bins.len()];
        for sigma_km in [bandwidth_km.0, bandwidth_km.1] {
            let sigma = |row: usize, cell: f64| sigma_km / scales[row] / cell;
            let width = lattice.padded_columns();
            let across = blur_across(&bins, width, |row| sigma(row, lattice.cell.0));
            blur_down(&across, width, |row| sigma(row, lattice.cell.1), 0.5, &mut spread);
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
        Self { columns, rows, cells, bandwidth_km, inside, outside }
    }
}

/// A number with two significant digits.
pub(crate) fn rounded(value: f64) -> f64 {
    let unit = 10_f64.powf(value.log10().floor() - 1.0);
    (value / unit).round() * unit
}

impl Lattice {
    fn new(frame: &Frame, wide_km: f64, wide_px: f64) -> Self {
        let rect = frame.rect;
        // A kernel needs two cells a standard deviation, not more.
        let for_kernel = (wide_px * NARROW / 2.0).floor();
        let for_memory = (rect.width() * rect.height() / MAX_CELLS).sqrt().ceil();
        let size = for_kernel.max(for_memory).max(1.0);
        let columns = (rect.width() / size).ceil().max(1.0);
        let rows = (rect.height() / size).ceil().max(1.0);
        let cell = (rect.width() / columns, rect.height() / rows);
        // Near the poles some projections stretch without bound, and little is there.
        let scale_at = |y: f64| {
            frame.km_per_pixel(frame.latitude(y).unwrap_or(0.0).clamp(-70.0, 70.0))
        };
        let nearest_scale = [rect.top, rect.bottom, f64::midpoint(rect.top, rect.bottom)]
            .map(scale_at)
            .into_iter()
            .fold(f64::INFINITY, f64::min);
        let reach_px = REACH * wide_km / nearest_scale;
        // Beyond a picture's width a margin would hold nothing that matters.
        let margin = (reach_px / cell.0.min(cell.1)).ceil().min(columns.max(rows));
        let origin = (rect.left - margin * cell.0, rect.top - margin * cell.1);
        let [columns, rows, margin] = [columns, rows, margin].map(|value| value as usize);
        Self { columns, rows, margin, cell, origin }
    }

    /// The first cell of a row of the frame that lies in the world, and the one after
    /// the last.
    fn world(&self, frame: &Frame, row: usize) -> Option<(usize, usize)> {
        let (left, right) =
            frame.row(frame.rect.top + (row as f64 + 0.5) * self.cell.1)?;
        let column =
            |x: f64| ((x - frame.rect.left) / self.cell.0).round().max(0.0) as usize;
        let (first, last) = (column(left), column(right).min(self.columns));
        (first < last).then_some((first, last))
    }

    fn padded_columns(&self) -> usize {
        self.columns + 2 * self.margin
    }

    fn padded_rows(&self) -> usize {
        self.rows + 2 * self.margin
    }

    /// Shares each point among the four cells around it, and adds up what falls into
    /// the frame and beside it.
    ///
    /// A point near the edge of the world is also put where it would fall a turn
    /// further on, so that what its kernel loses over one edge comes in at the other.
    fn bin(&self, points: &[WeightedPoint], frame: &Frame) -> (Vec<f32>, u64, u64) {
        let (columns, rows) = (self.padded_columns(), self.padded_rows());
        let mut bins = vec![0.0_f64; columns * rows];
        let (mut inside, mut outside) = (0_u64, 0_u64);
        for WeightedPoint { point, weight } in points {
            let (middle, per_degree, y) = frame.parallel(point.lat());
            let x = middle + cut::relative(point.lng(), frame.central) * per_degree;
            let turn = 360.0 * per_degree;
            let beyond = point.lat().abs() > frame.projection.max_latitude();
            let shown = !beyond && frame.rect.contains((x, y));
            let sum = if shown { &mut inside } else { &mut outside };
            *sum = sum.saturating_add(*weight);
            if beyond {
                continue;
            }
            for x in [x - turn, x, x + turn] {
                let column = (x - self.origin.0) / self.cell.0 - 0.5;
                let row = (y - self.origin.1) / self.cell.1 - 0.5;
                let last = ((columns - 1) as f64, (rows - 1) as f64);
                if column < 0.0 || row < 0.0 || column >= last.0 || row >= last.1 {
                    continue;
                }
                let (u, v) = (column.fract(), row.fract());
                let at = row as usize * columns + column as usize;
                let weight = *weight as f64;
                bins[at] += weight * (1.0 - u) * (1.0 - v);
                bins[at + 1] += weight * u * (1.0 - v);
                bins[at + columns] += weight * (1.0 - u) * v;
                bins[at + columns + 1] += weight * u * v;
            }
        }
        (bins.into_iter().map(|value| value as f32).collect(), inside, outside)
    }
}

/// Half of a Gaussian, from its middle outwards, whose whole has a sum of one.
fn kernel(sigma: f64, longest: usize) -> Vec<f32> {
    let reach = ((REACH * sigma).ceil().max(1.0) as usize).min(longest);
    let half: Vec<f64> = (0..=reach)
        .map(|i| (-0.5 * (i as f64 / sigma.max(1e-3)).powi(2)).exp())
        .collect();
    let sum = half[0] + 2.0 * half[1..].iter().sum::<f64>();
    half.into_iter().map(|value| (value / sum) as f32).collect()
}

/// Spreads every cell along its row. Most cells are empty, so each that is not hands
/// out its own, at a cost by the number of places rather than of cells.
fn blur_across(bins: &[f32], width: usize, sigma: impl Fn(usize) -> f64) -> Vec<f32> {
    let mut spread = vec![0.0; bins.len()];
    let mut kernels = Kernels::default();
    for (row, (from, to)) in
        bins.chunks_exact(width).zip(spread.chunks_exact_mut(width)).enumerate()
    {
        if from.iter().all(|&value| value == 0.0) {
            continue;
        }
        let half = kernels.of(sigma(row), width);
        for (column, &value) in
            from.iter().enumerate().filter(|(_, value)| **value != 0.0)
        {
            let right = half.iter().zip(&mut to[column..]);
            right.for_each(|(share, cell)| *cell += value * share);
            let left = half[1..].iter().zip(to[..column].iter_mut().rev());
            left.for_each(|(share, cell)| *cell += value * share);
        }
    }
    spread
}

/// Spreads every cell along its column and adds a share of the result. Whole blocks
/// of a row move at once, and blocks in which nothing is are skipped.
fn blur_down(
    bins: &[f32],
    width: usize,
    sigma: impl Fn(usize) -> f64,
    share: f32,
    spread: &mut [f32],
) {
    const BLOCK: usize = 64;
    let rows = bins.len() / width;
    let mut kernels = Kernels::default();
    let mut occupied = Vec::new();
    for (row, from) in bins.chunks_exact(width).enumerate() {
        occupied.clear();
        let blocks = from.chunks(BLOCK).enumerate();
        occupied.extend(
            blocks
                .filter(|(_, block)| block.iter().any(|&value| value != 0.0))
                .map(|(index, block)| (index * BLOCK, index * BLOCK + block.len())),
        );
        if occupied.is_empty() {
            continue;
        }
        let half = kernels.of(sigma(row), rows);
        let reach = half.len() - 1;
        for target in row.saturating_sub(reach)..(row + reach + 1).min(rows) {
            let factor = half[target.abs_diff(row)] * share;
            let to = &mut spread[target * width..(target + 1) * width];
            for &(start, end) in &occupied {
                let cells = to[start..end].iter_mut().zip(&from[start..end]);
                cells.for_each(|(cell, value)| *cell += factor * value);
            }
        }
    }
}

/// The kernel of the row before, which mostly serves the next one too.
#[derive(Default)]
struct Kernels {
    sigma: f64,
    half: Vec<f32>,
}

impl Kernels {
    fn of(&mut self, sigma: f64, longest: usize) -> &[f32] {
        if self.half.is_empty() || sigma.to_bits() != self.sigma.to_bits() {
            *self = Self { sigma, half: kernel(sigma, longest) };
        }
        &self.half
    }
}

#[cfg(test)]
#[path = "density_tests.rs"]
mod tests;
