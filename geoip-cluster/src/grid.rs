//! All pairs of points within a chord, by a sweep over sorted columns.
//!
//! Space is cut into columns parallel to the axis of the Earth, square in the plane
//! of the equator, and the points of each column are sorted along it. A point's
//! neighbours then lie in its own column and the few around it, between two heights;
//! as the sweep goes up a column those windows only move up. There is no tree to
//! walk, no pole, no antimeridian, and each pair is met once.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "cells and positions are small, and checked where they are made"
)]

use crate::par;
use crate::sphere::{ChordLimits, unit_vector};
use geoip_core::{LatLng, WeightedPoint};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// Cells per chord. Finer cells test fewer pairs in vain and touch more columns.
const CELLS_PER_CHORD: f64 = 2.0;

/// Columns are never thinner than this (6 m), so that their number fits a key.
const THINNEST: f64 = 1e-6;

/// Points sorted by column, then by height.
pub(crate) struct Grid {
    limits: ChordLimits,
    columns: Vec<Column>,
    /// From the key of a column to those of the neighbours that follow it in order.
    ahead: Vec<u64>,
    x: Vec<f64>,
    y: Vec<f64>,
    z: Vec<f64>,
    points: Vec<LatLng>,
    /// The index in the input of each sorted point.
    ids: Vec<u32>,
}

struct Column {
    key: u64,
    start: usize,
    end: usize,
}

/// The part of a neighbouring column within reach of a point of the swept one.
struct Window {
    low: usize,
    high: usize,
    end: usize,
}

impl Grid {
    pub(crate) fn new(points: &[WeightedPoint], limits: ChordLimits) -> Self {
        // A little more than a share of the chord: rounding never puts two points in
        // reach of each other more columns apart than that.
        let side = (limits.possible / CELLS_PER_CHORD * (1.0 + 1e-9)).max(THINNEST);
        let reach = (limits.possible / side).ceil();
        let row = (2.0 / side).ceil() + 2.0 * reach + 1.0;
        let cell = |value: f64| ((value + 1.0) / side).floor() + reach;
        let mut sorted: Vec<(u64, [f64; 3], u32)> = points
            .iter()
            .zip(0..)
            .map(|(point, id)| {
                let at = unit_vector(point.point);
                ((cell(at[0]) * row + cell(at[1])) as u64, at, id)
            })
            .collect();
        sorted.sort_unstable_by(|a, b| {
            (a.0.cmp(&b.0)).then(a.1[2].total_cmp(&b.1[2])).then(a.2.cmp(&b.2))
        });
        let mut columns: Vec<Column> = Vec::new();
        for (position, &(key, ..)) in sorted.iter().enumerate() {
            match columns.last_mut() {
                Some(last) if last.key == key => last.end = position + 1,
                _ => columns.push(Column { key, start: position, end: position + 1 }),
            }
        }
        Self {
            limits,
            columns,
            ahead: keys_ahead(reach as u64, row as u64, limits.possible / side),
            x: sorted.iter().map(|(_, at, _)| at[0]).collect(),
            y: sorted.iter().map(|(_, at, _)| at[1]).collect(),
            z: sorted.iter().map(|(_, at, _)| at[2]).collect(),
            points: sorted.iter().map(|&(.., id)| points[id as usize].point).collect(),
            ids: sorted.iter().map(|&(.., id)| id).collect(),
        }
    }

    /// The index in the input of the point at each sorted position.
    pub(crate) fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// All pairs of sorted positions within the radius, or `None` as soon as they are
    /// more than `limit`.
    pub(crate) fn pairs(&self, limit: u64) -> Option<Vec<Vec<[u32; 2]>>> {
        let found = AtomicU64::new(0);
        let parts = par::map(self.parts(), |columns| {
            let mut pairs = Vec::new();
            self.sweep(columns, |position, hits| {
                pairs.extend(hits.iter().map(|&hit| [position, hit]));
                let hits = hits.len() as u64;
                found.fetch_add(hits, Ordering::Relaxed) + hits <= limit
            });
            pairs
        });
        (found.into_inner() <= limit).then_some(parts)
    }

    /// How many pairs there are, judged from the neighbours of every so many points.
    pub(crate) fn estimate_pairs(&self) -> f64 {
        const SAMPLES: usize = 256;
        let step = self.ids.len().div_ceil(SAMPLES).max(1);
        let sample: Vec<usize> = (0..self.ids.len()).step_by(step).collect();
        let count = sample.len().max(1) as f64;
        let neighbors: usize =
            par::map(sample, |position| self.count_possible(position)).iter().sum();
        neighbors as f64 / count * self.ids.len() as f64 / 2.0
    }

    /// How many other points are about within the radius of this one.
    fn count_possible(&self, position: usize) -> usize {
        let here = self.columns.partition_point(|column| column.end <= position);
        let key = self.columns[here].key;
        let ahead = self.ahead.iter().map(|step| key + step);
        let behind = self.ahead.iter().map(|step| key - step);
        let mut count = 0;
        for key in ahead.chain(behind).chain([key]) {
            if let Ok(index) = self.columns.binary_search_by_key(&key, |it| it.key) {
                let column = &self.columns[index];
                let heights = &self.z[column.start..column.end];
                let (z, reach) = (self.z[position], self.limits.possible);
                let low = column.start + heights.partition_point(|&it| it < z - reach);
                let high = column.start + heights.partition_point(|&it| it <= z + reach);
                let within = |&other: &usize| {
                    self.chord_squared(position, other) <= self.limits.possible_squared
                };
                count += (low..high).filter(within).count();
            }
        }
        count - 1
    }

    /// Runs of columns with about as many points each.
    fn parts(&self) -> Vec<Range<usize>> {
        let size = self.ids.len().div_ceil(par::parts()).max(1);
        let mut parts = Vec::new();
        let mut start = 0;
        for (index, column) in self.columns.iter().enumerate() {
            if column.end - self.columns[start].start >= size {
                parts.push(start..index + 1);
                start = index + 1;
                if start == self.columns.len() {
                    break;
                }
            }
        }
        if start < self.columns.len() {
            parts.push(start..self.columns.len());
        }
        parts
    }

    /// Calls `visit` with each point of these columns and the points within the
    /// radius that come after it in order, until it answers false.
    fn sweep(&self, columns: Range<usize>, mut visit: impl FnMut(u32, &[u32]) -> bool) {
        let Some(first) = self.columns.get(columns.start) else { return };
        let mut next: Vec<usize> = (self.ahead.iter())
            .map(|step| self.columns.partition_point(|it| it.key < first.key + step))
            .collect();
        let mut windows = Vec::with_capacity(next.len());
        let mut hits = Vec::new();
        for column in &self.columns[columns] {
            windows.clear();
            for (next, step) in next.iter_mut().zip(&self.ahead) {
                let key = column.key + step;
                while self.columns.get(*next).is_some_and(|it| it.key < key) {
                    *next += 1;
                }
                if let Some(other) = self.columns.get(*next).filter(|it| it.key == key) {
                    windows.push(Window {
                        low: other.start,
                        high: other.start,
                        end: other.end,
                    });
                }
            }
            let mut own_high = column.start;
            for position in column.start..column.end {
                hits.clear();
                let top = self.z[position] + self.limits.possible;
                let bottom = self.z[position] - self.limits.possible;
                own_high = self.climb(own_high, column.end, |z| z <= top);
                self.collect_hits(position, position + 1..own_high, &mut hits);
                for window in &mut windows {
                    window.low = self.climb(window.low, window.end, |z| z < bottom);
                    window.high =
                        self.climb(window.high.max(window.low), window.end, |z| z <= top);
                    self.collect_hits(position, window.low..window.high, &mut hits);
                }
                if !hits.is_empty() && !visit(position as u32, &hits) {
                    return;
                }
            }
        }
    }

    /// The first position of `from..end` whose height is not `below`.
    fn climb(&self, from: usize, end: usize, below: impl Fn(f64) -> bool) -> usize {
        let heights = &self.z[from..end];
        from + heights.iter().position(|&z| !below(z)).unwrap_or(heights.len())
    }

    fn collect_hits(&self, position: usize, window: Range<usize>, hits: &mut Vec<u32>) {
        for other in window {
            let squared = self.chord_squared(position, other);
            if squared <= self.limits.possible_squared
                && self.limits.decide(squared, self.points[position], self.points[other])
            {
                hits.push(other as u32);
            }
        }
    }

    fn chord_squared(&self, from: usize, to: usize) -> f64 {
        let x = self.x[to] - self.x[from];
        let y = self.y[to] - self.y[from];
        let z = self.z[to] - self.z[from];
        x * x + y * y + z * z
    }
}

/// The steps from a column's key to those of the columns after it, in order of keys,
/// that may hold points within `chord` cells.
fn keys_ahead(reach: u64, row: u64, chord: f64) -> Vec<u64> {
    let mut keys = Vec::new();
    for x in 0..=reach {
        for y in 0..=2 * reach {
            let (x_gap, y_gap) = (x as f64 - 1.0, (y as f64 - reach as f64).abs() - 1.0);
            let key = (x * row + y).checked_sub(reach).filter(|&key| key > 0);
            let in_reach = x_gap.max(0.0).hypot(y_gap.max(0.0)) <= chord * (1.0 + 1e-6);
            keys.extend(key.filter(|_| in_reach));
        }
    }
    keys
}
