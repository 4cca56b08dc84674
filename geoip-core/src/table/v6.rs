//! The networks of IPv6: by their first 64 bits, and a few deeper ones.

#![expect(clippy::cast_possible_truncation, reason = "addresses are cut to 64 bits")]

use super::{BATCH, Cell, NOTHING, ROW_DEEP};

/// Which cell holds for each address of IPv6.
///
/// # Complexity
/// A binary search among a sample that stays in the cache, then two waits for memory; twelve
/// bytes a network.
#[derive(Debug)]
pub(crate) struct V6 {
    /// Where each entry begins, by the first 64 bits; the first at 0.
    starts: Vec<u64>,
    cells: Vec<Cell>,
    /// Every 32nd of the starts, few enough to stay in the cache.
    samples: Vec<u64>,
    /// Where networks begin that do not end with the first 64 bits.
    deep: Vec<(u128, Cell)>,
}

/// Starts between two samples.
const SAMPLED: usize = 32;

impl V6 {
    /// From where networks begin, in order.
    pub(crate) fn new(starts: impl IntoIterator<Item = (u128, Cell)>) -> Self {
        let nothing = Cell::new(NOTHING, 0);
        let mut table = Self {
            starts: vec![0],
            cells: vec![nothing],
            samples: Vec::new(),
            deep: Vec::new(),
        };
        let mut current = nothing;
        // The first 64 bits in which a deep network begins or ends.
        let mut deep_key = None;
        for (start, cell) in starts {
            let key = (start >> 64) as u64;
            if let Some(after) = deep_key.filter(|deep| *deep < key).map(|deep| deep + 1)
            {
                // What came last there goes on behind.
                table.push(after, current);
                deep_key = None;
            }
            if start as u64 == 0 {
                table.push(key, cell);
            } else {
                if deep_key.is_none() {
                    table.deep.push((u128::from(key) << 64, current));
                    table.push(key, Cell::new(ROW_DEEP, 0));
                    deep_key = Some(key);
                }
                table.deep.push((start, cell));
            }
            current = cell;
        }
        if let Some(after) = deep_key.and_then(|deep| deep.checked_add(1)) {
            table.push(after, current);
        }
        table.samples = table.starts.iter().step_by(SAMPLED).copied().collect();
        table.starts.shrink_to_fit();
        table.cells.shrink_to_fit();
        table.deep.shrink_to_fit();
        table
    }

    fn push(&mut self, start: u64, cell: Cell) {
        if self.starts.last() == Some(&start) {
            self.starts.pop();
            self.cells.pop();
        }
        self.starts.push(start);
        self.cells.push(cell);
    }

    /// The cell of an address.
    #[inline]
    pub(super) fn cell(&self, address: u128) -> Cell {
        let key = (address >> 64) as u64;
        let cell = self.cells[self.position(self.sample(key), key)];
        if cell.row() == ROW_DEEP { self.deep_cell(address) } else { cell }
    }

    /// The cells of some addresses, at most as many as a batch has; each look in memory for
    /// all of them before the next for any.
    pub(super) fn cells(&self, addresses: &[u128], cells: &mut [Cell]) {
        let key = |address: u128| (address >> 64) as u64;
        let mut positions = [0; BATCH];
        for (position, &address) in positions.iter_mut().zip(addresses) {
            *position = self.sample(key(address));
        }
        for (position, &address) in positions.iter_mut().zip(addresses) {
            *position = self.position(*position, key(address));
        }
        for (cell, position) in cells.iter_mut().zip(positions).take(addresses.len()) {
            *cell = self.cells[position];
        }
        for (cell, &address) in cells.iter_mut().zip(addresses) {
            if cell.row() == ROW_DEEP {
                *cell = self.deep_cell(address);
            }
        }
    }

    /// The last sample before a key, or at it.
    #[inline]
    fn sample(&self, key: u64) -> usize {
        // The first start is 0, so that there always is one.
        self.samples.partition_point(|&start| start <= key).saturating_sub(1)
    }

    /// The last start before a key, or at it, which is behind a sample.
    #[inline]
    fn position(&self, sample: usize, key: u64) -> usize {
        let from = sample * SAMPLED;
        let to = self.starts.len().min(from + SAMPLED);
        let starts = self.starts[from..to].iter();
        from + starts.filter(|&&start| start <= key).count().saturating_sub(1)
    }

    #[cold]
    fn deep_cell(&self, address: u128) -> Cell {
        let at = self.deep.partition_point(|&(start, _)| start <= address);
        at.checked_sub(1).map_or(Cell::new(NOTHING, 0), |at| self.deep[at].1)
    }

    /// Where each cell begins to hold.
    pub(super) fn starts(&self) -> impl Iterator<Item = (u128, Cell)> {
        self.starts.iter().zip(&self.cells).flat_map(move |(&key, &cell)| {
            let base = u128::from(key) << 64;
            let is_deep = cell.row() == ROW_DEEP;
            let from = self.deep.partition_point(|&(start, _)| start < base);
            let deep = self.deep[from..]
                .iter()
                .take_while(move |(start, _)| is_deep && (start >> 64) as u64 == key);
            deep.copied().chain((!is_deep).then_some((base, cell)))
        })
    }

    #[cfg(feature = "mmdb")]
    pub(super) fn size(&self) -> usize {
        size_of_val(self.starts.as_slice())
            + size_of_val(self.cells.as_slice())
            + size_of_val(self.samples.as_slice())
            + size_of_val(self.deep.as_slice())
    }
}
