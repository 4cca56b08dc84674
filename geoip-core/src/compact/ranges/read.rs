//! From the columns of a file to a range table.

use super::columns::{RunColumns, length};
use super::recent::Recent;
use super::{Chunk, RangeTable};
use crate::compact::CompactError;
use crate::compact::cursor::Cursor;
use crate::compact::format::{
    BLOCK_BITS, FIRST_GROUP, NEW_LABEL, NO_LABEL, PALETTE_LIMIT, SAME_GROUP,
};
use crate::compact::labels::LabelOrder;

impl RangeTable {
    /// Makes a table of the columns of a family. The first `bucket_bits` of a key choose where
    /// to search.
    pub(in crate::compact) fn of_columns(
        columns: &RunColumns,
        bucket_bits: u32,
        order: &LabelOrder,
    ) -> Result<Self, CompactError> {
        let RunColumns { part, key_bits, lengths, factors, recencies, groups, ranks } =
            columns;
        let (part, key_bits) = (*part, *key_bits);
        let invalid = |reason| CompactError::Invalid { part, reason };
        if lengths.len() != recencies.len() {
            return Err(invalid("there are not as many lengths as labels"));
        }
        let named = named_labels(part, groups, ranks, order)?;
        let mut factors = Cursor::new(part, factors);
        let mut table = Builder::new(key_bits, lengths.len(), &named);
        let (mut key, end) = (0, 1 << key_bits);
        for (&symbol, &recency) in lengths.iter().zip(recencies) {
            if key >= end {
                return Err(invalid("there are runs past the address space"));
            }
            table
                .push_run(key, recency)
                .ok_or_else(|| invalid("a label is neither in the palette nor new"))?;
            key += length(symbol, &mut factors)?;
        }
        if key != end {
            return Err(invalid("the runs do not fill the address space"));
        }
        factors.expect_end()?;
        table
            .finish(bucket_bits)
            .ok_or_else(|| invalid("there are more labels than runs"))
    }
}

/// The labels that are new to the palettes, in order; three bytes each, the lowest first.
fn named_labels(
    part: &'static str,
    groups: &[u8],
    ranks: &[u8],
    order: &LabelOrder,
) -> Result<Vec<[u8; 3]>, CompactError> {
    let mut ranks = Cursor::new(part, ranks);
    let mut named = Vec::with_capacity(groups.len());
    let mut group_before = 0;
    for &group in groups {
        if group == NO_LABEL {
            named.push([0; 3]);
            continue;
        }
        if group != SAME_GROUP {
            group_before = group - FIRST_GROUP;
        }
        let label = order
            .label(group_before, ranks.number()?)
            .ok_or_else(|| ranks.invalid("a rank is beyond the labels of its group"))?;
        let [low, middle, high, _] = label.to_le_bytes();
        named.push([low, middle, high]);
    }
    ranks.expect_end()?;
    Ok(named)
}

/// A table whose chunks are still growing.
struct Builder<'n> {
    table: RangeTable,
    /// Block of the chunk that is growing; none before the first run.
    block: Option<u64>,
    /// The labels that are new to that chunk or come later.
    named: &'n [[u8; 3]],
    /// The palette of that chunk.
    recent: Recent,
    /// Palette entries that came into the chunk with the run before it, 0 or 1.
    carried: usize,
}

impl<'n> Builder<'n> {
    fn new(key_bits: u32, runs: usize, named: &'n [[u8; 3]]) -> Self {
        // One piece more for each of the blocks, a few per cent of the runs.
        let pieces = runs + runs / 16;
        let table = RangeTable {
            key_bits,
            bucket_shift: 0,
            first_bucket: 0,
            buckets: Vec::new(),
            chunks: Vec::new(),
            suffixes: Vec::with_capacity(pieces),
            indexes: Vec::with_capacity(pieces),
            palettes: Vec::with_capacity(named.len() + named.len() / 4),
        };
        Self { table, block: None, named, recent: Recent::default(), carried: 0 }
    }

    /// Adds a run that starts at a key, or refuses when its label is not there.
    #[inline]
    fn push_run(&mut self, key: u64, recency: u8) -> Option<()> {
        let block = key >> BLOCK_BITS;
        if self.block != Some(block) {
            self.block = Some(block);
            self.begin_block(key)?;
        }
        if recency == NEW_LABEL && self.recent.count() == PALETTE_LIMIT {
            self.end_chunk()?;
            self.begin_chunk(key);
        }
        let index = self.recent.next(recency)?;
        self.table.suffixes.push(key as u16);
        self.table.indexes.push(index);
        Some(())
    }

    /// Begins a chunk, with a piece for the run before if it reaches into the block.
    fn begin_block(&mut self, key: u64) -> Option<()> {
        self.end_chunk()?;
        let start = key >> BLOCK_BITS << BLOCK_BITS;
        let before = match (self.table.indexes.last(), self.table.chunks.last()) {
            (Some(&index), Some(chunk)) => {
                *self.table.palettes.get(chunk.palette as usize + usize::from(index))?
            }
            _ => [0; 3],
        };
        self.begin_chunk(start);
        if key != start {
            self.table.palettes.push(before);
            self.carried = 1;
            let index = self.recent.next(NEW_LABEL)?;
            self.table.suffixes.push(0);
            self.table.indexes.push(index);
        }
        Some(())
    }

    fn begin_chunk(&mut self, start: u64) {
        self.recent.clear();
        self.carried = 0;
        self.table.chunks.push(self.next_chunk(start));
    }

    /// A chunk that starts at a key, after all pieces and palette entries so far.
    fn next_chunk(&self, start: u64) -> Chunk {
        Chunk {
            start,
            piece: narrow(self.table.suffixes.len()),
            palette: narrow(self.table.palettes.len()),
        }
    }

    /// Takes the labels that were new to the chunk, or refuses when there are not enough.
    fn end_chunk(&mut self) -> Option<()> {
        let (new, later) =
            self.named.split_at_checked(self.recent.count() - self.carried)?;
        self.table.palettes.extend_from_slice(new);
        self.named = later;
        Some(())
    }

    /// The table, unless labels are left over.
    fn finish(mut self, bucket_bits: u32) -> Option<RangeTable> {
        self.end_chunk()?;
        let end = self.next_chunk(u64::MAX);
        let table = &mut self.table;
        let shift = table.key_bits - bucket_bits;
        table.bucket_shift = shift;
        // The chunk at key 0 holds for all buckets before that of the second chunk.
        let first = table.chunks.get(1).map_or(0, |chunk| chunk.start >> shift);
        let last = table.chunks.last().map_or(0, |chunk| chunk.start >> shift);
        table.first_bucket = first;
        let mut before = 0;
        for bucket in first..=last + 1 {
            let starts_before = |chunk: &Chunk| chunk.start >> shift < bucket;
            while table.chunks.get(before).is_some_and(starts_before) {
                before += 1;
            }
            table.buckets.push(narrow(before));
        }
        table.chunks.push(end);
        table.suffixes.shrink_to_fit();
        table.indexes.shrink_to_fit();
        table.palettes.shrink_to_fit();
        table.chunks.shrink_to_fit();
        self.named.is_empty().then_some(self.table)
    }
}

/// Pieces are fewer than the bytes of the columns, which are limited.
fn narrow(count: usize) -> u32 {
    u32::try_from(count).expect("the columns are limited to 64 MiB")
}
