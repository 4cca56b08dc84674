//! The file around the columns: preamble, checksum, header, packed columns.

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};

use super::cursor::Cursor;
use super::format::{Kind, MAGIC, PREAMBLE_LENGTH, UNPACKED_LIMIT, VERSION, checksum};
use super::{CompactError, Provenance};

/// A file whose checksum is right, its columns still packed.
#[derive(Debug)]
pub(super) struct Container<'b> {
    pub(super) provenance: Provenance,
    /// Unpacked length and packed bytes of the columns not taken yet.
    columns: std::vec::IntoIter<(usize, &'b [u8])>,
}

impl<'b> Container<'b> {
    pub(super) fn read(bytes: &'b [u8], kind: Kind) -> Result<Self, CompactError> {
        if bytes.len() < MAGIC.len() || bytes[..MAGIC.len()] != MAGIC {
            return Err(CompactError::Magic);
        }
        let mut preamble = Cursor::new("preamble", &bytes[MAGIC.len()..]);
        let version = preamble.byte()?;
        if version != VERSION {
            return Err(CompactError::Version { found: version, expected: VERSION });
        }
        let found = preamble.byte()?;
        let written = preamble.bytes(8)?.try_into().expect("eight bytes were asked for");
        let body = &bytes[PREAMBLE_LENGTH..];
        if checksum(body) != u64::from_le_bytes(written) {
            return Err(CompactError::Checksum);
        }
        if found != kind as u8 {
            return Err(CompactError::Kind { found, expected: kind as u8 });
        }
        Self::read_body(body)
    }

    fn read_body(body: &'b [u8]) -> Result<Self, CompactError> {
        let mut header = Cursor::new("header", body);
        let provenance = Provenance::read(&mut header)?;
        // A byte counts the columns, so that no table of them can be large.
        let count = usize::from(header.byte()?);
        let mut lengths = Vec::with_capacity(count);
        let mut unpacked_total = 0_u64;
        for _ in 0..count {
            let (unpacked, packed): (u32, u32) = (header.number()?, header.number()?);
            unpacked_total += u64::from(unpacked);
            lengths.push((unpacked as usize, packed as usize));
        }
        if unpacked_total > UNPACKED_LIMIT {
            return Err(header.invalid("the columns would be too large"));
        }
        let mut columns = Vec::with_capacity(count);
        for (unpacked, packed) in lengths {
            columns.push((unpacked, header.bytes(packed)?));
        }
        header.expect_end()?;
        Ok(Self { provenance, columns: columns.into_iter() })
    }

    /// Unpacks the next column.
    pub(super) fn next_column(&mut self, part: &'static str) -> Result<Vec<u8>, CompactError> {
        let (length, packed) = self.columns.next().ok_or(CompactError::Truncated { part })?;
        unpack(part, packed, length)
    }

    pub(super) fn expect_end(&self) -> Result<(), CompactError> {
        match self.columns.as_slice() {
            [] => Ok(()),
            _ => Err(CompactError::Invalid { part: "header", reason: "there are more columns than known" }),
        }
    }
}

/// Unpacks brotli straight into a buffer of the length that is promised.
fn unpack(part: &'static str, packed: &[u8], length: usize) -> Result<Vec<u8>, CompactError> {
    let mut column = vec![0; length];
    let alloc = StandardAlloc::default;
    let mut state = BrotliState::new(alloc(), alloc(), alloc());
    let (mut packed_left, mut packed_done) = (packed.len(), 0);
    let (mut column_left, mut column_done, mut total) = (length, 0, 0);
    let result = BrotliDecompressStream(
        &mut packed_left,
        &mut packed_done,
        packed,
        &mut column_left,
        &mut column_done,
        &mut column,
        &mut total,
        &mut state,
    );
    let reason = match result {
        BrotliResult::ResultSuccess if column_left == 0 && packed_left == 0 => return Ok(column),
        BrotliResult::ResultSuccess => "its length is not the one promised",
        BrotliResult::NeedsMoreInput => return Err(CompactError::Truncated { part }),
        BrotliResult::NeedsMoreOutput => "it is longer than promised",
        BrotliResult::ResultFailure => "it is not brotli",
    };
    Err(CompactError::Invalid { part, reason })
}
