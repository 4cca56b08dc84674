//! Runs as columns: lengths, indexes into palettes, and the labels new to a palette.

use geoip_core::compact::format::{
    BLOCK_BITS, EXPONENT_BITS, FACTOR_FOLLOWS, FIRST_GROUP, NEW_LABEL, NO_LABEL,
    PALETTE_LIMIT, SAME_GROUP,
};

use super::put_varint;
use crate::runs::Runs;

/// The columns of run lengths and of factors.
pub(super) fn lengths(runs: &Runs) -> [Vec<u8>; 2] {
    let (mut lengths, mut factors) = (Vec::with_capacity(runs.len()), Vec::new());
    for (start, end, _) in runs.iter() {
        let length = end - start;
        let exponent = length.trailing_zeros();
        let half = length >> exponent >> 1;
        let factor = u8::try_from(half).unwrap_or(FACTOR_FOLLOWS).min(FACTOR_FOLLOWS);
        if factor == FACTOR_FOLLOWS {
            put_varint(&mut factors, half);
        }
        lengths.push(factor << EXPONENT_BITS | exponent as u8);
    }
    [lengths, factors]
}

/// Runs as places in the palettes of their chunks.
#[derive(Debug)]
pub(super) struct Palettes {
    /// For each run how many labels of the palette came since its own came last, or that
    /// its label is new.
    recencies: Vec<u8>,
    /// The labels that are new, in order.
    pub(super) named: Vec<u32>,
}

impl Palettes {
    /// Follows the decoder's rules for when a chunk begins and what is in its palette.
    pub(super) fn new(runs: &Runs) -> Self {
        let mut out =
            Self { recencies: Vec::with_capacity(runs.len()), named: Vec::new() };
        // The newest label last.
        let mut palette: Vec<u32> = Vec::new();
        let mut block = None;
        for (start, _, label) in runs.iter() {
            if block != Some(start >> BLOCK_BITS) {
                block = Some(start >> BLOCK_BITS);
                let before = palette.last().copied();
                palette.clear();
                if start % (1 << BLOCK_BITS) != 0 {
                    palette.extend(before);
                }
            }
            if let Some(recency) = palette.iter().rev().position(|&other| other == label)
            {
                palette.remove(palette.len() - 1 - recency);
                out.recencies.push(recency as u8);
            } else {
                if palette.len() == PALETTE_LIMIT {
                    palette.clear();
                }
                out.recencies.push(NEW_LABEL);
                out.named.push(label);
            }
            palette.push(label);
        }
        out
    }

    /// The columns of recencies, of groups and of ranks.
    pub(super) fn columns(self, groups: &[u16], ranks: &[u32]) -> [Vec<u8>; 3] {
        let (mut group_column, mut rank_column) = (Vec::new(), Vec::new());
        let mut group_before = 0;
        for &label in &self.named {
            let Some(number) = label.checked_sub(1) else {
                group_column.push(NO_LABEL);
                continue;
            };
            let group = groups[number as usize];
            group_column.push(if group == group_before {
                SAME_GROUP
            } else {
                FIRST_GROUP + group as u8
            });
            group_before = group;
            put_varint(&mut rank_column, ranks[number as usize].into());
        }
        [self.recencies, group_column, rank_column]
    }
}

/// The class of a label that palettes name so often: the number of bits of the count.
pub(super) fn class(uses: u32) -> u8 {
    (u32::BITS - uses.leading_zeros()) as u8
}

/// The rank of each label in its group, by class, highest first, then by number.
pub(super) fn ranks(groups: &[u16], classes: &[u8]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by_key(|&number| {
        (groups[number], std::cmp::Reverse(classes[number]), number)
    });
    let mut ranks = vec![0; groups.len()];
    let mut group_start = 0;
    for (position, &number) in order.iter().enumerate() {
        if groups[order[group_start]] != groups[number] {
            group_start = position;
        }
        ranks[number] = (position - group_start) as u32;
    }
    ranks
}
