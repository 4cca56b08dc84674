//! What the encoder and the decoder must agree on.

/// First bytes of every file.
pub const MAGIC: [u8; 8] = *b"GEOIPCMP";

/// The version of the layout that follows the magic.
pub const VERSION: u8 = 1;

/// Bytes before the part that the checksum covers: magic, version, kind and checksum.
pub const PREAMBLE_LENGTH: usize = MAGIC.len() + 1 + 1 + 8;

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

/// The columns of the labels of a city file, which come first.
pub const CITY_COLUMNS: [&str; 5] =
    ["regions", "city names", "coordinates", "city classes", "radii"];

/// The columns of the labels of an AS file, which come first.
pub const ASN_COLUMNS: [&str; 3] = ["AS numbers", "organizations", "AS classes"];

/// The columns of each address family, IPv4 before IPv6, after those of the labels.
pub const FAMILY_COLUMNS: [&str; 5] =
    ["lengths", "factors", "recencies", "groups", "ranks"];

/// Bits of a length symbol that hold the exponent `e` of a length `f << e`, `f` odd.
pub const EXPONENT_BITS: u32 = 6;

/// In the bits above the exponent: the factor is 1, 3 or 5, or follows in the column of
/// factors, as a variable-length `f >> 1`.
pub const FACTOR_FOLLOWS: u8 = 3;

/// Bits of a key below a block; the table stores only these of a run's start.
pub const BLOCK_BITS: u32 = 16;

/// Most labels that a chunk can name.
pub const PALETTE_LIMIT: usize = 255;

/// Recency of a label that is new to its chunk's palette. The label of the run before has
/// recency 0 too, but cannot come again.
pub const NEW_LABEL: u8 = 0;

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

/// How a column is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Packing {
    /// By brotli.
    Brotli = 1,
    /// By asymmetric numeral systems, with contexts.
    Entropy = 2,
}

/// Base-two logarithm of the sum of the frequencies of a context.
pub const FREQUENCY_BITS: u32 = 11;

/// Coders that take turns at the stream of a column, each for a part of it.
pub const LANES: usize = 4;

/// Least state of a coder: below, it takes a word of 16 bits from the stream.
pub const STATE_MIN: u32 = 1 << 16;

/// Most clusters into which bytes are sorted to choose a context.
pub const CLUSTER_LIMIT: usize = 16;

/// Most contexts of a column.
pub const CONTEXT_LIMIT: usize = 64;

/// Bytes of a model before its frequencies: clusters, and contexts of pairs of clusters.
pub const MODEL_FIXED_LENGTH: usize = 256 + CLUSTER_LIMIT * CLUSTER_LIMIT;

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
