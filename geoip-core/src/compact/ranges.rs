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
use super::container::Container;
use super::cursor::Cursor;
use super::format::{
    BLOCK_BITS, EXPONENT_BITS, FACTOR_FOLLOWS, FIRST_GROUP, LENGTH_CLASSES, NO_LABEL,
    PALETTE_LIMIT, SAME_GROUP, length_class,
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
    /// Unpacks the next columns of a file into a table.
    ///
    /// `part` names the family in errors; every key has `key_bits` bits, of which the
    /// first `bucket_bits` choose where to search.
    pub(super) fn read(
        file: &mut Container<'_>,
        part: &'static str,
        key_bits: u32,
        bucket_bits: u32,
        order: &LabelOrder,
    ) -> Result<Self, CompactError> {
        let mut lengths = Vec::with_capacity(LENGTH_CLASSES);
        for _ in 0..LENGTH_CLASSES {
            lengths.push(file.next_column(part)?);
        }
        let factors = file.next_column(part)?;
        let indexes = file.next_column(part)?;
        let groups = file.next_column(part)?;
        let ranks = file.next_column(part)?;
        let mut lengths = Lengths {
            classes: std::array::from_fn(|class| Cursor::new(part, &lengths[class])),
            factors: Cursor::new(part, &factors),
        };
        let mut named = NamedLabels {
            groups: Cursor::new(part, &groups),
            ranks: Cursor::new(part, &ranks),
            order,
            group: 0,
        };
        let mut table = Builder::new(key_bits, indexes.len());
        let (mut key, end) = (0, 1 << key_bits);
        for &index in &indexes {
            if key == end {
                return Err(CompactError::Invalid { part, reason: "runs go past the end" });
            }
            table.begin_run(key);
            match index.checked_sub(1) {
                Some(index) => table.push_known(key, index).ok_or(CompactError::Invalid {
                    part,
                    reason: "an index is not in the palette",
                })?,
                None => table.push_new(key, named.next()?),
            }
            key = lengths.after(key)?.filter(|&next| next <= end).ok_or(
                CompactError::Invalid { part, reason: "a run is longer than the address space" },
            )?;
        }
        if key != end {
            return Err(CompactError::Truncated { part });
        }
        lengths.expect_end()?;
        named.expect_end()?;
        Ok(table.finish(bucket_bits))
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
                let position = usize::try_from(position).ok()?.min(self.buckets.len() - 1);
                let after = (position + 1).min(self.buckets.len() - 1);
                (self.buckets[position] as usize, self.buckets[after] as usize)
            }
        };
        let chunks = self.chunk_starts.get(from..to)?;
        (from + chunks.partition_point(|&start| start <= key)).checked_sub(1)
    }

    /// The last piece of the chunk that starts at the key or before it.
    fn piece_of(&self, key: u64, chunk: usize) -> Option<usize> {
        let (from, to) = (*self.chunk_pieces.get(chunk)?, *self.chunk_pieces.get(chunk + 1)?);
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

/// The lengths of runs, spread over columns by the alignment of the run's start.
struct Lengths<'c> {
    classes: [Cursor<'c>; LENGTH_CLASSES],
    factors: Cursor<'c>,
}

impl Lengths<'_> {
    /// The key after the run that starts at `key`, if it is a key at all.
    #[inline]
    fn after(&mut self, key: u64) -> Result<Option<u64>, CompactError> {
        let symbol = self.classes[length_class(key)].byte()?;
        let half = match symbol >> EXPONENT_BITS {
            FACTOR_FOLLOWS => self.factors.varint()?,
            half => u64::from(half),
        };
        let exponent = u32::from(symbol & ((1 << EXPONENT_BITS) - 1));
        let length = u128::from(half * 2 + 1) << exponent;
        Ok(u64::try_from(u128::from(key) + length).ok())
    }

    fn expect_end(&self) -> Result<(), CompactError> {
        self.classes.iter().try_for_each(Cursor::expect_end)?;
        self.factors.expect_end()
    }
}

/// The labels that are new to their chunk's palette.
struct NamedLabels<'c> {
    groups: Cursor<'c>,
    ranks: Cursor<'c>,
    order: &'c LabelOrder,
    group: u8,
}

impl NamedLabels<'_> {
    #[inline]
    fn next(&mut self) -> Result<u32, CompactError> {
        match self.groups.byte()? {
            NO_LABEL => return Ok(0),
            SAME_GROUP => {}
            group => self.group = group - FIRST_GROUP,
        }
        let rank = self.ranks.number()?;
        self.order
            .label(self.group, rank)
            .ok_or_else(|| self.ranks.invalid("a rank is beyond the labels of its group"))
    }

    fn expect_end(&self) -> Result<(), CompactError> {
        self.groups.expect_end()?;
        self.ranks.expect_end()
    }
}

/// A table whose chunks are still growing.
struct Builder {
    table: RangeTable,
    /// Block of the chunk that is growing; none before the first run.
    block: Option<u64>,
    /// Palette entries before that chunk.
    palette_start: usize,
    last_label: u32,
}

impl Builder {
    fn new(key_bits: u32, runs: usize) -> Self {
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
            palettes: Vec::new(),
        };
        Self { table, block: None, palette_start: 0, last_label: 0 }
    }

    /// Begins a chunk when a run starts in another block than the run before.
    #[inline]
    fn begin_run(&mut self, key: u64) {
        let block = key >> BLOCK_BITS;
        if self.block != Some(block) {
            self.block = Some(block);
            let start = block << BLOCK_BITS;
            self.begin_chunk(start);
            if key != start {
                self.push_entry(self.last_label);
                self.push_piece(start, 0);
            }
        }
    }

    fn begin_chunk(&mut self, start: u64) {
        self.palette_start = self.table.palettes.len();
        self.table.chunk_starts.push(start);
        self.table.chunk_pieces.push(narrow(self.table.suffixes.len()));
        self.table.chunk_palettes.push(narrow(self.palette_start));
    }

    /// Adds a piece with a label of the palette, or refuses when it has not that many.
    #[inline]
    fn push_known(&mut self, key: u64, index: u8) -> Option<()> {
        let [low, middle, high] =
            *self.table.palettes.get(self.palette_start + usize::from(index))?;
        self.last_label = u32::from_le_bytes([low, middle, high, 0]);
        self.push_piece(key, index);
        Some(())
    }

    /// Adds a piece with a label that is new to the palette.
    #[inline]
    fn push_new(&mut self, key: u64, label: u32) {
        if self.table.palettes.len() - self.palette_start == PALETTE_LIMIT {
            self.begin_chunk(key);
        }
        let index = self.table.palettes.len() - self.palette_start;
        self.push_entry(label);
        self.push_piece(key, index as u8);
        self.last_label = label;
    }

    fn push_entry(&mut self, label: u32) {
        let [low, middle, high, _] = label.to_le_bytes();
        self.table.palettes.push([low, middle, high]);
    }

    #[inline]
    fn push_piece(&mut self, key: u64, index: u8) {
        self.table.suffixes.push(key as u16);
        self.table.indexes.push(index);
    }

    fn finish(mut self, bucket_bits: u32) -> RangeTable {
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
        self.table
    }
}

/// Pieces are fewer than the bytes of the columns, which are limited.
fn narrow(count: usize) -> u32 {
    u32::try_from(count).expect("the columns are limited to 64 MiB")
}
