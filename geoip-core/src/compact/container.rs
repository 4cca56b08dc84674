//! The file around the columns: preamble, checksum, header, packed columns.

use std::borrow::Cow;
use std::ops::Range;

use brotli_decompressor::{
    BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc,
};

use super::cursor::Cursor;
use super::format::{Kind, MAGIC, Packing, UNPACKED_LIMIT, VERSION, checksum};
use super::{CompactError, Provenance, entropy};

/// A file whose checksum is right, its columns still packed.
pub(super) struct Container {
    pub(super) provenance: Provenance,
    bytes: Cow<'static, [u8]>,
    columns: Vec<Column>,
}

/// A packed column.
#[derive(Debug)]
struct Column {
    packing: Packing,
    unpacked_length: usize,
    /// Where the column lies in the file.
    packed: Range<usize>,
}

impl Container {
    /// Reads the header of a file that has as many columns as `columns` says.
    pub(super) fn read(
        bytes: Cow<'static, [u8]>,
        kind: Kind,
        columns: usize,
    ) -> Result<Self, CompactError> {
        if !bytes.starts_with(&MAGIC) {
            return Err(CompactError::Magic);
        }
        let mut preamble = Cursor::new("preamble", &bytes[MAGIC.len()..]);
        let version = preamble.byte()?;
        if version != VERSION {
            return Err(CompactError::Version { found: version, expected: VERSION });
        }
        let found = preamble.byte()?;
        let written = preamble.bytes(8)?.try_into().expect("eight bytes were asked for");
        if checksum(preamble.remaining()) != u64::from_le_bytes(written) {
            return Err(CompactError::Checksum);
        }
        if found != kind as u8 {
            return Err(CompactError::Kind { found, expected: kind as u8 });
        }
        let mut header = Cursor::new("header", preamble.remaining());
        let provenance = Provenance::read(&mut header)?;
        let columns = read_columns(&mut header, columns, bytes.len())?;
        Ok(Self { provenance, bytes, columns })
    }

    /// Some of the columns, to be unpacked one after the other.
    pub(super) fn columns(&self, which: Range<usize>) -> Columns<'_> {
        Columns { bytes: &self.bytes, columns: self.columns[which].iter() }
    }
}

impl std::fmt::Debug for Container {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Container")
            .field("provenance", &self.provenance)
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}

/// Reads the lengths of columns that fill the rest of a file of `file_length` bytes.
fn read_columns(
    header: &mut Cursor<'_>,
    expected: usize,
    file_length: usize,
) -> Result<Vec<Column>, CompactError> {
    if usize::from(header.byte()?) != expected {
        return Err(header.invalid("there are not as many columns as there have to be"));
    }
    let mut columns = Vec::with_capacity(expected);
    let mut unpacked_total = 0;
    for _ in 0..expected {
        let packing = match header.byte()? {
            packing if packing == Packing::Brotli as u8 => Packing::Brotli,
            packing if packing == Packing::Entropy as u8 => Packing::Entropy,
            _ => return Err(header.invalid("a column is packed in an unknown way")),
        };
        let (unpacked, packed): (u32, u32) = (header.number()?, header.number()?);
        unpacked_total += u64::from(unpacked);
        let packed = 0..packed as usize;
        columns.push(Column { packing, unpacked_length: unpacked as usize, packed });
    }
    if unpacked_total > UNPACKED_LIMIT {
        return Err(header.invalid("the columns would be too large"));
    }
    for column in &mut columns {
        let start = file_length - header.remaining().len();
        let length = header.bytes(column.packed.end)?.len();
        column.packed = start..start + length;
    }
    header.expect_end()?;
    Ok(columns)
}

/// Columns of a file that are still to be unpacked.
#[derive(Clone, Debug)]
pub(super) struct Columns<'f> {
    bytes: &'f [u8],
    columns: std::slice::Iter<'f, Column>,
}

impl Columns<'_> {
    /// The columns after some of them, which others unpack.
    pub(super) fn after(&self, count: usize) -> Self {
        let columns = self.columns.as_slice().get(count..).unwrap_or_default().iter();
        Self { columns, ..*self }
    }

    /// Unpacks the next column, which errors call `part`.
    pub(super) fn next(&mut self, part: &'static str) -> Result<Vec<u8>, CompactError> {
        let column = self.columns.next().ok_or(CompactError::Truncated { part })?;
        let unpack = match column.packing {
            Packing::Brotli => unpack_brotli,
            Packing::Entropy => entropy::unpack,
        };
        unpack(part, &self.bytes[column.packed.clone()], column.unpacked_length)
    }
}

/// Unpacks brotli straight into a buffer of the length that is promised.
pub(super) fn unpack_brotli(
    part: &'static str,
    packed: &[u8],
    length: usize,
) -> Result<Vec<u8>, CompactError> {
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
        BrotliResult::ResultSuccess if column_left == 0 && packed_left == 0 => {
            return Ok(column);
        }
        BrotliResult::ResultSuccess => "its length is not the one promised",
        BrotliResult::NeedsMoreInput => return Err(CompactError::Truncated { part }),
        BrotliResult::NeedsMoreOutput => "it is longer than promised",
        BrotliResult::ResultFailure => "it is not brotli",
    };
    Err(CompactError::Invalid { part, reason })
}
