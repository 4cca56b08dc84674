//! The cells that points fall into.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "cells of a grid whose sides are bounded"
)]

use geoip_core::WeightedPoint;

use super::{MAX_CELLS, NARROW, REACH};
use crate::frame::Frame;

/// Cells laid over the frame, with a margin from which kernels reach into it.
pub(super) struct Lattice {
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) margin: usize,
    /// Pixels a cell.
    pub(super) cell: (f64, f64),
    pub(super) origin: (f64, f64),
}

impl Lattice {
    /// Cells for a kernel of a width in kilometres and pixels, with a margin for the
    /// widest.
    pub(super) fn new(frame: &Frame, widest_km: f64, wide_px: f64) -> Self {
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
            let Some(rows) = frame.rows() else { return frame.nominal_km_per_pixel() };
            let lat = rows.latitude(y).unwrap_or(0.0).clamp(-70.0, 70.0);
            frame.km_per_pixel((0.0, lat))
        };
        let nearest_scale = [rect.top, rect.bottom, f64::midpoint(rect.top, rect.bottom)]
            .map(scale_at)
            .into_iter()
            .fold(f64::INFINITY, f64::min);
        let reach_px = REACH * widest_km / nearest_scale;
        // Beyond a picture's width a margin would hold nothing that matters.
        let margin = (reach_px / cell.0.min(cell.1)).ceil().min(columns.max(rows));
        let origin = (rect.left - margin * cell.0, rect.top - margin * cell.1);
        let [columns, rows, margin] = [columns, rows, margin].map(|value| value as usize);
        Self { columns, rows, margin, cell, origin }
    }

    /// The first cell of a row of the frame that lies in the world, and the one after
    /// the last.
    pub(super) fn world(&self, frame: &Frame, row: usize) -> Option<(usize, usize)> {
        let Some(rows) = frame.rows() else { return Some((0, self.columns)) };
        let (left, right) =
            rows.world(frame.rect.top + (row as f64 + 0.5) * self.cell.1)?;
        let column =
            |x: f64| ((x - frame.rect.left) / self.cell.0).round().max(0.0) as usize;
        let (first, last) = (column(left), column(right).min(self.columns));
        (first < last).then_some((first, last))
    }

    pub(super) fn padded_columns(&self) -> usize {
        self.columns + 2 * self.margin
    }

    pub(super) fn padded_rows(&self) -> usize {
        self.rows + 2 * self.margin
    }

    /// Shares each point among the four cells around it, and adds up what falls into
    /// the frame and beside it.
    ///
    /// A point near the edge of the world is also put where it would fall a turn
    /// further on, so that what its kernel loses over one edge comes in at the other.
    pub(super) fn bin(
        &self,
        points: &[WeightedPoint],
        frame: &Frame,
    ) -> (Vec<f32>, u64, u64) {
        let (columns, rows) = (self.padded_columns(), self.padded_rows());
        let mut bins = vec![0.0_f64; columns * rows];
        let (mut inside, mut outside) = (0_u64, 0_u64);
        let mut put = |(x, y): (f64, f64), weight: f64| {
            let column = (x - self.origin.0) / self.cell.0 - 0.5;
            let row = (y - self.origin.1) / self.cell.1 - 0.5;
            let last = ((columns - 1) as f64, (rows - 1) as f64);
            if column < 0.0 || row < 0.0 || column >= last.0 || row >= last.1 {
                return;
            }
            let (u, v) = (column.fract(), row.fract());
            let at = row as usize * columns + column as usize;
            bins[at] += weight * (1.0 - u) * (1.0 - v);
            bins[at + 1] += weight * u * (1.0 - v);
            bins[at + columns] += weight * (1.0 - u) * v;
            bins[at + columns + 1] += weight * u * v;
        };
        let straight = frame.rows();
        for WeightedPoint { point, weight } in points {
            let place = frame.relative(*point);
            let (at, turn) = match &straight {
                Some(rows) => rows.with_turn(place),
                None => (frame.pixel(place), None),
            };
            let drawn = frame.aspect.shows(place);
            let shown = drawn && frame.rect.contains(at);
            let sum = if shown { &mut inside } else { &mut outside };
            *sum = sum.saturating_add(*weight);
            if !drawn {
                continue;
            }
            let weight = *weight as f64;
            put(at, weight);
            if let Some(turn) = turn {
                put((at.0 - turn, at.1), weight);
                put((at.0 + turn, at.1), weight);
            }
        }
        (bins.into_iter().map(|value| value as f32).collect(), inside, outside)
    }
}
