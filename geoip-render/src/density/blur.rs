//! Gaussian kernels over a grid, first along rows, then along columns.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "cells of a grid whose sides are bounded"
)]

use super::REACH;

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
pub(super) fn blur_across(
    bins: &[f32],
    width: usize,
    sigma: impl Fn(usize) -> f64,
) -> Vec<f32> {
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
pub(super) fn blur_down(
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
