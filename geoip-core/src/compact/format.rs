//! What the encoder and the decoder must agree on.

/// First bytes of every file.
pub const MAGIC: [u8; 8] = *b"GEOIPCMP";

/// The version of the layout that follows the magic.
pub const VERSION: u8 = 1;

/// Bytes before the part that the checksum covers: magic, version, kind and checksum.
pub const PREAMBLE_LENGTH: usize = 8 + 1 + 1 + 8;

/// What the labels of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Cities, with coordinates.
    City = 1,
    /// Autonomous systems, with organizations.
    Asn = 2,
}

impl Kind {
    /// What a file is by its first bytes, if it has this format at all. A kind that is not
    /// known is taken for a city file, whose reader then says what it found instead.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(&MAGIC)?;
        Some(match rest.get(1) {
            Some(&kind) if kind == Self::Asn as u8 => Self::Asn,
            _ => Self::City,
        })
    }
}

/// The columns that the labels of a city file fill.
pub const CITY_COLUMNS: [&str; 5] =
    ["regions", "city names", "coordinates", "city classes", "radii"];

/// The columns that the labels of an AS file fill.
pub const ASN_COLUMNS: [&str; 3] = ["AS numbers", "organizations", "AS classes"];

/// Columns of each address family after those of the labels: run lengths by the
/// alignment of the run's start, factors, indexes, groups and ranks.
pub const FAMILY_COLUMNS: usize = LENGTH_CLASSES + 4;

/// Number of columns over which run lengths are spread.
pub const LENGTH_CLASSES: usize = 12;

/// The column of run lengths for a run that starts at `key`.
///
/// How long a run is depends above all on how its start is aligned, so that lengths
/// after like starts compress better together.
#[inline]
pub const fn length_class(key: u64) -> usize {
    match key.trailing_zeros() {
        0 => 0,
        1..=2 => 1,
        3..=5 => 2,
        6..=7 => 3,
        8 => 4,
        9 => 5,
        10 => 6,
        11 => 7,
        12 => 8,
        13..=15 => 9,
        16 => 10,
        _ => 11,
    }
}

/// Bits of a length symbol that hold the exponent `e` of a length `f << e`, `f` odd.
pub const EXPONENT_BITS: u32 = 6;

/// In the bits above the exponent: the factor is 1, 3 or 5, or follows in the column of
/// factors, as a variable-length `f >> 1`.
pub const FACTOR_FOLLOWS: u8 = 3;

/// Bits of a key below a block; the table stores only these of a run's start.
pub const BLOCK_BITS: u32 = 16;

/// Most labels that a chunk can name; an index byte of 0 says that a new one comes.
pub const PALETTE_LIMIT: usize = 255;

/// Group byte: the label is of the same group as the label before.
pub const SAME_GROUP: u8 = 0;

/// Group byte: nothing is known of the run, and no rank follows.
pub const NO_LABEL: u8 = 1;

/// Group byte of group 0; the others follow.
pub const FIRST_GROUP: u8 = 2;

/// Most groups that a byte can tell apart.
pub const GROUP_LIMIT: usize = 256 - FIRST_GROUP as usize;

/// Hundredths of a degree added to latitudes and longitudes to make them positive.
pub const LAT_OFFSET: u16 = 9_000;
/// See [`LAT_OFFSET`].
pub const LNG_OFFSET: u16 = 18_000;

/// Most bytes that all the columns of a file may unpack to.
pub const UNPACKED_LIMIT: u64 = 64 << 20;

/// Checksum of the bytes after the preamble.
///
/// FNV-1a over words of eight bytes (the last one filled up with zeros), begun with the
/// length: eight times as fast as by bytes, and any one damaged word is still noticed,
/// since each step is a bijection.
pub fn checksum(bytes: &[u8]) -> u64 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let mut hash = 0xcbf2_9ce4_8422_2325 ^ bytes.len() as u64;
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        hash = (hash ^ u64::from_le_bytes(*word)).wrapping_mul(PRIME).rotate_left(23);
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    (hash ^ u64::from_le_bytes(last)).wrapping_mul(PRIME)
}
