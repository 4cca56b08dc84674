//! The file around the columns, and the small codings inside them.

use std::io::Write as _;

use geoip_core::compact::Provenance;
use geoip_core::compact::format::{Kind, MAGIC, Packing, VERSION, checksum};

use super::entropy;
use crate::Error;

/// Base-two logarithm of brotli's window: what a column can repeat lies this near. A
/// larger window saves 1 % and would cost the loader its size in memory.
const WINDOW_BITS: u32 = 22;

/// A file that is being put together.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) kind: Kind,
    pub(crate) provenance: Provenance,
    /// Columns in the order in which the decoder takes them, not yet packed.
    pub(crate) columns: Vec<Vec<u8>>,
}

impl File {
    /// Packs the columns and puts the header and the checksum before them.
    pub(crate) fn pack(&self) -> Result<Vec<u8>, Error> {
        let packed: Vec<(Packing, Vec<u8>)> = self
            .columns
            .iter()
            .map(|column| pack_column(column))
            .collect::<Result<_, _>>()?;
        let mut body = Vec::new();
        let provenance = &self.provenance;
        put_varint(&mut body, provenance.build_epoch);
        put_varint(&mut body, provenance.radius_km.into());
        put_text(&mut body, &provenance.source);
        put_text(&mut body, &provenance.attribution);
        put_text(&mut body, &provenance.attribution_url);
        put_text(&mut body, &provenance.license);
        body.push(packed.len() as u8);
        for (column, (packing, packed)) in self.columns.iter().zip(&packed) {
            body.push(*packing as u8);
            put_varint(&mut body, column.len() as u64);
            put_varint(&mut body, packed.len() as u64);
        }
        body.extend(packed.into_iter().flat_map(|(_, packed)| packed));
        Ok(signed(self.kind, &body))
    }
}

/// The body with magic, version, kind and checksum before it.
pub(crate) fn signed(kind: Kind, body: &[u8]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend([VERSION, kind as u8]);
    bytes.extend(checksum(body).to_le_bytes());
    bytes.extend(body);
    bytes
}

/// Packs a column in the better way.
///
/// The entropy coder is loaded much faster than brotli, which therefore has to be smaller
/// by an eighth to be taken.
fn pack_column(column: &[u8]) -> Result<(Packing, Vec<u8>), Error> {
    let by_brotli = brotli(column)?;
    let by_entropy = entropy::pack(column)?;
    Ok(if by_brotli.len() < by_entropy.len() / 8 * 7 {
        (Packing::Brotli, by_brotli)
    } else {
        (Packing::Entropy, by_entropy)
    })
}

pub(super) fn brotli(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut packed = Vec::new();
    // A window beyond the column would only cost time: the encoder's tables grow with it.
    let window_bits = (usize::BITS - bytes.len().leading_zeros()).clamp(10, WINDOW_BITS);
    let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, 11, window_bits);
    writer.write_all(bytes)?;
    writer.flush()?;
    drop(writer);
    Ok(packed)
}

/// Appends a number in groups of seven bits, lowest first.
pub(crate) fn put_varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put_varint(bytes, text.len() as u64);
    bytes.extend(text.as_bytes());
}

/// A column of texts, each as what it does not share with the one before.
pub(crate) fn front_coded<'t>(
    texts: impl IntoIterator<Item = &'t str>,
) -> Result<Vec<u8>, Error> {
    let mut column = Vec::new();
    let mut before: &str = "";
    for text in texts {
        no_nul(text)?;
        let shared = text.bytes().zip(before.bytes()).take_while(|(a, b)| a == b).count();
        let shared = shared.min(usize::from(u8::MAX));
        column.push(shared as u8);
        column.extend(&text.as_bytes()[shared..]);
        column.push(0);
        before = text;
    }
    Ok(column)
}

/// Texts end with a NUL in the file.
pub(crate) fn no_nul(text: &str) -> Result<(), Error> {
    if text.contains('\0') {
        return Err(Error::compact(format!("{text:?} contains a NUL")));
    }
    Ok(())
}
