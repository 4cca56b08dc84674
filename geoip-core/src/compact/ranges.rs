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
    reason = "keys are cut to their last 16 bits"
)]

mod columns;
mod read;
mod recent;

pub(super) use columns::RunColumns;

use super::format::BLOCK_BITS;

/// What is said about one address family.
#[derive(Debug)]
pub(super) struct RangeTable {
    key_bits: u32,
    /// Bits of a key below those that choose a bucket of chunks.
    bucket_shift: u32,
    first_bucket: u64,
    /// For each bucket from the first on, and one more, how many chunks start before it.
    buckets: Vec<u32>,
    /// The chunks by their first key, and one more, at which the last one ends.
    chunks: Vec<Chunk>,
    /// Start of each piece within its block, and its number in the palette of its chunk.
    suffixes: Vec<u16>,
    indexes: Vec<u8>,
    /// Labels in three bytes, the lowest first.
    palettes: Vec<[u8; 3]>,
}

/// Where a chunk begins. Its fields lie together because each lookup needs all of them.
#[derive(Debug, Clone, Copy)]
struct Chunk {
    /// Its first key.
    start: u64,
    /// Its first piece.
    piece: u32,
    /// The first entry of its palette.
    palette: u32,
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

    /// First key, last key and label of all runs that have a label, in order; a run can come
    /// in several pieces.
    pub(super) fn runs(&self) -> impl Iterator<Item = (u64, u64, u32)> {
        let pieces =
            self.chunks.windows(2).enumerate().flat_map(move |(number, ends)| {
                (ends[0].piece as usize..ends[1].piece as usize)
                    .map(move |piece| (self.piece_start(number, piece), number, piece))
            });
        let mut pieces = pieces.peekable();
        let end = 1 << self.key_bits;
        std::iter::from_fn(move || {
            let (start, chunk, piece) = pieces.next()?;
            let next = pieces.peek().map_or(end, |next| next.0);
            Some((start, next - 1, self.label(chunk, piece).unwrap_or(0)))
        })
        .filter(|&(.., label)| label != 0)
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
        let chunks = self.chunks.get(from..to)?;
        (from + chunks.partition_point(|chunk| chunk.start <= key)).checked_sub(1)
    }

    /// The last piece of the chunk that starts at the key or before it.
    fn piece_of(&self, key: u64, chunk: usize) -> Option<usize> {
        let (chunk, next) = (self.chunks.get(chunk)?, self.chunks.get(chunk + 1)?);
        let (from, to) = (chunk.piece as usize, next.piece as usize);
        if key >> BLOCK_BITS != chunk.start >> BLOCK_BITS {
            return to.checked_sub(1);
        }
        let suffixes = self.suffixes.get(from..to)?;
        (from + suffixes.partition_point(|&suffix| suffix <= key as u16)).checked_sub(1)
    }

    fn label(&self, chunk: usize, piece: usize) -> Option<u32> {
        let index = usize::from(*self.indexes.get(piece)?);
        let [low, middle, high] =
            *self.palettes.get(self.chunks.get(chunk)?.palette as usize + index)?;
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
            && self.chunks[chunk].piece as usize == piece
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
            if self.chunks[chunk + 1].piece as usize == piece {
                chunk += 1;
            }
            if self.label(chunk, piece) != Some(label) {
                return Some(self.piece_start(chunk, piece));
            }
        }
    }

    fn piece_start(&self, chunk: usize, piece: usize) -> u64 {
        let block = self.chunks[chunk].start >> BLOCK_BITS << BLOCK_BITS;
        block | u64::from(self.suffixes[piece])
    }
}
