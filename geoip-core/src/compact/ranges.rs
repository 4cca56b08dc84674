//! The range table of an address family: pieces of the key space and their labels.
//!
//! A key is an IPv4 address, or the first 48 bits of an IPv6 address. Keys that share all
//! but their last 16 bits form a *block*. A run of keys with one label becomes a *piece*;
//! a block in which a run starts begins with a piece of its own for the run that comes in
//! from before. The pieces of a block form a *chunk* (several, where a block has more
//! than 255 labels) with a *palette* of the labels in it. So a piece takes two bytes for
//! its start within the block and one for its label within the palette.

#![expect(
    clippy::cast_possible_truncation,
    reason = "keys are cut to their last 16 bits, and indexes fit a byte"
)]

use super::CompactError;
use super::container::Columns;
use super::cursor::Cursor;
use super::format::{
    BLOCK_BITS, EXPONENT_BITS, FACTOR_FOLLOWS, FIRST_GROUP, NEW_LABEL, NO_LABEL,
    PALETTE_LIMIT, SAME_GROUP,
};
use super::labels::LabelOrder;

/// What is said about one address family.
#[derive(Debug)]
pub(super) struct RangeTable {
    key_bits: u32,
    /// Bits of a key below those that choose a bucket of chunks.
    bucket_shift: u32,
    first_bucket: u64,
    /// For each bucket from the first on, and one more, how many chunks start before it.
    buckets: Vec<u32>,
    /// First key, first piece and first palette entry of each chunk; then the ends.
    chunk_starts: Vec<u64>,
    chunk_pieces: Vec<u32>,
    chunk_palettes: Vec<u32>,
    /// Start of each piece within its block, and its number in the palette of its chunk.
    suffixes: Vec<u16>,
    indexes: Vec<u8>,
    /// Labels in three bytes, the lowest first.
    palettes: Vec<[u8; 3]>,
}

/// A label, and the largest network of it around the key that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// 1, 2, …
    pub(super) label: u32,
    /// Bits of a key below the network's prefix.
    pub(super) host_bits: u32,
}

impl RangeTable {
    /// Unpacks the columns of a family into a table.
    ///
    /// `part` names the family in errors; every key has `key_bits` bits, of which the
    /// first `bucket_bits` choose where to search.
    pub(super) fn read(
        columns: &mut Columns<'_>,
        part: &'static str,
        key_bits: u32,
        bucket_bits: u32,
        order: &LabelOrder,
    ) -> Result<Self, CompactError> {
        let lengths = columns.next(part)?;
        let factors = columns.next(part)?;
        let recencies = columns.next(part)?;
        let groups = columns.next(part)?;
        let ranks = columns.next(part)?;
        let invalid = |reason| CompactError::Invalid { part, reason };
        if lengths.len() != recencies.len() {
            return Err(invalid("there are not as many lengths as labels"));
        }
        let named = named_labels(part, &groups, &ranks, order)?;
        let mut factors = Cursor::new(part, &factors);
        let mut table = Builder::new(key_bits, lengths.len(), &named);
        let (mut key, end) = (0, 1 << key_bits);
        for (&symbol, &recency) in lengths.iter().zip(&recencies) {
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

    /// Finds the label of a key, if it has one.
    ///
    /// # Complexity
    /// A binary search among the chunks of a bucket and one among the pieces of a chunk.
    #[inline]
    pub(super) fn lookup(&self, key: u64) -> Option<Found> {
        let chunk = self.chunk_of(key)?;
        let piece = self.piece_of(key, chunk)?;
        let label = self.label(chunk, piece).filter(|&label| label != 0)?;
        let host_bits = self.host_bits(key, chunk, piece, label);
        Some(Found { label, host_bits })
    }

    /// The last chunk that starts at the key or before it.
    fn chunk_of(&self, key: u64) -> Option<usize> {
        let bucket = key >> self.bucket_shift;
        let (from, to) = match bucket.checked_sub(self.first_bucket) {
            None => (0, *self.buckets.first()? as usize),
            Some(position) => {
                let position =
                    usize::try_from(position).ok()?.min(self.buckets.len() - 1);
                let after = (position + 1).min(self.buckets.len() - 1);
                (self.buckets[position] as usize, self.buckets[after] as usize)
            }
        };
        let chunks = self.chunk_starts.get(from..to)?;
        (from + chunks.partition_point(|&start| start <= key)).checked_sub(1)
    }

    /// The last piece of the chunk that starts at the key or before it.
    fn piece_of(&self, key: u64, chunk: usize) -> Option<usize> {
        let (from, to) =
            (*self.chunk_pieces.get(chunk)?, *self.chunk_pieces.get(chunk + 1)?);
        let (from, to) = (from as usize, to as usize);
        if key >> BLOCK_BITS != self.chunk_starts[chunk] >> BLOCK_BITS {
            return to.checked_sub(1);
        }
        let suffixes = self.suffixes.get(from..to)?;
        (from + suffixes.partition_point(|&suffix| suffix <= key as u16)).checked_sub(1)
    }

    fn label(&self, chunk: usize, piece: usize) -> Option<u32> {
        let index = usize::from(*self.indexes.get(piece)?);
        let [low, middle, high] =
            *self.palettes.get(*self.chunk_palettes.get(chunk)? as usize + index)?;
        Some(u32::from_le_bytes([low, middle, high, 0]))
    }

    /// How many low bits of the key can change without leaving the run of the piece.
    fn host_bits(&self, key: u64, chunk: usize, piece: usize, label: u32) -> u32 {
        let bits = |outside: u64| (key ^ outside).checked_ilog2().unwrap_or(0);
        let after = match self.start_after(chunk, piece, label) {
            Some(after) => bits(after),
            None => self.key_bits,
        };
        match self.start(chunk, piece, label).checked_sub(1) {
            Some(before) => after.min(bits(before)),
            None => after,
        }
    }

    /// First key of the run that a piece is part of.
    fn start(&self, chunk: usize, piece: usize, label: u32) -> u64 {
        // A run that comes into a block from before has two pieces with one label.
        if let Some(before) = chunk.checked_sub(1)
            && self.chunk_pieces[chunk] as usize == piece
            && self.label(before, piece - 1) == Some(label)
        {
            return self.piece_start(before, piece - 1);
        }
        self.piece_start(chunk, piece)
    }

    /// First key after the run that a piece is part of, unless it is the last run.
    fn start_after(&self, chunk: usize, piece: usize, label: u32) -> Option<u64> {
        let (mut chunk, mut piece) = (chunk, piece);
        loop {
            piece += 1;
            if piece == self.suffixes.len() {
                return None;
            }
            if self.chunk_pieces[chunk + 1] as usize == piece {
                chunk += 1;
            }
            if self.label(chunk, piece) != Some(label) {
                return Some(self.piece_start(chunk, piece));
            }
        }
    }

    fn piece_start(&self, chunk: usize, piece: usize) -> u64 {
        let block = self.chunk_starts[chunk] >> BLOCK_BITS << BLOCK_BITS;
        block | u64::from(self.suffixes[piece])
    }
}

/// The length of a run: a power of two, times 1, 3, 5 or a factor from its own column.
#[inline]
fn length(symbol: u8, factors: &mut Cursor<'_>) -> Result<u64, CompactError> {
    let half = match symbol >> EXPONENT_BITS {
        FACTOR_FOLLOWS => factors.varint()?,
        half => u64::from(half),
    };
    let exponent = u32::from(symbol % (1 << EXPONENT_BITS));
    // No run is as long as 2^49, so that adding its length to a key cannot overflow.
    if exponent > 48 || half >> (48 - exponent) != 0 {
        return Err(factors.invalid("a run is longer than the address space"));
    }
    Ok((half * 2 + 1) << exponent)
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
            chunk_starts: Vec::new(),
            chunk_pieces: Vec::new(),
            chunk_palettes: Vec::new(),
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
        if recency == NEW_LABEL && self.recent.count == PALETTE_LIMIT {
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
        let before = match (self.table.indexes.last(), self.table.chunk_palettes.last()) {
            (Some(&index), Some(&from)) => {
                *self.table.palettes.get(from as usize + usize::from(index))?
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
        self.table.chunk_starts.push(start);
        self.table.chunk_pieces.push(narrow(self.table.suffixes.len()));
        self.table.chunk_palettes.push(narrow(self.table.palettes.len()));
    }

    /// Takes the labels that were new to the chunk, or refuses when there are not enough.
    fn end_chunk(&mut self) -> Option<()> {
        let (new, later) =
            self.named.split_at_checked(self.recent.count - self.carried)?;
        self.table.palettes.extend_from_slice(new);
        self.named = later;
        Some(())
    }

    /// The table, unless labels are left over.
    fn finish(mut self, bucket_bits: u32) -> Option<RangeTable> {
        self.end_chunk()?;
        let table = &mut self.table;
        let shift = table.key_bits - bucket_bits;
        table.bucket_shift = shift;
        // The chunk at key 0 holds for all buckets before that of the second chunk.
        let first = table.chunk_starts.get(1).map_or(0, |start| start >> shift);
        let last = table.chunk_starts.last().map_or(0, |start| start >> shift);
        table.first_bucket = first;
        let mut before = 0;
        for bucket in first..=last + 1 {
            while table.chunk_starts.get(before).is_some_and(|&s| s >> shift < bucket) {
                before += 1;
            }
            table.buckets.push(narrow(before));
        }
        table.chunk_pieces.push(narrow(table.suffixes.len()));
        table.chunk_palettes.push(narrow(table.palettes.len()));
        table.suffixes.shrink_to_fit();
        table.indexes.shrink_to_fit();
        table.palettes.shrink_to_fit();
        table.chunk_starts.shrink_to_fit();
        self.named.is_empty().then_some(self.table)
    }
}

/// The palette of a chunk in the order in which its labels came last, the newest first.
///
/// Nearly every run has a new label or one of the newest, so the first eight are kept in
/// a word, in which both are done without a branch that the processor could not foresee.
#[derive(Debug)]
struct Recent {
    /// Palette indexes, the newest in the lowest byte.
    newest: u64,
    /// Those that follow, the newest of them last.
    older: [u8; 256],
    count: usize,
}

/// Places in the word of the newest.
const NEWEST: usize = 8;

impl Default for Recent {
    fn default() -> Self {
        Self { newest: 0, older: [0; 256], count: 0 }
    }
}

impl Recent {
    fn clear(&mut self) {
        self.count = 0;
    }

    /// Brings the index of a recency to the front, or a new one; there must be place.
    #[inline]
    fn next(&mut self, recency: u8) -> Option<u8> {
        let is_new = recency == NEW_LABEL;
        let position = usize::from(recency);
        if position >= self.count && !is_new {
            return None;
        }
        if position >= NEWEST {
            return Some(self.next_older(position));
        }
        // A new index pushes all the others back, as if it came from behind the word.
        let from = if is_new { NEWEST } else { position };
        let index =
            if is_new { self.count as u8 } else { (self.newest >> (8 * position)) as u8 };
        let pushed_back = MASKS[from];
        let kept = !MASKS[(from + 1).min(NEWEST)];
        self.older[self.count.saturating_sub(NEWEST) % 256] = (self.newest >> 56) as u8;
        self.newest =
            self.newest & kept | (self.newest & pushed_back) << 8 | u64::from(index);
        self.count += usize::from(is_new);
        Some(index)
    }

    fn next_older(&mut self, position: usize) -> u8 {
        let older = &mut self.older[..self.count - NEWEST];
        let at = older.len() - 1 - (position - NEWEST);
        let index = older[at];
        older.copy_within(at + 1.., at);
        older[older.len() - 1] = (self.newest >> 56) as u8;
        self.newest = self.newest << 8 | u64::from(index);
        index
    }
}

/// Masks of the first bytes of a word.
const MASKS: [u64; NEWEST + 1] = [
    0,
    0xff,
    0xffff,
    0xff_ffff,
    0xffff_ffff,
    0xff_ffff_ffff,
    0xffff_ffff_ffff,
    0xff_ffff_ffff_ffff,
    u64::MAX,
];

/// Pieces are fewer than the bytes of the columns, which are limited.
fn narrow(count: usize) -> u32 {
    u32::try_from(count).expect("the columns are limited to 64 MiB")
}
