//! The first file of a kind in a tar archive.
//!
//! # References
//! POSIX.1-2024, pax, "ustar Interchange Format". Long names of pax and GNU are members
//! of their own here, and passed over: what is wanted has a short name.

use std::io::{self, Read};

use super::{Failure, MOST_MEMBERS, damaged, has_ending, nothing};

const BLOCK_BYTES: usize = 512;

/// What is left of a member of an archive.
#[derive(Debug)]
pub(crate) struct Member<R> {
    archive: R,
    left: u64,
}

impl<R> Member<R> {
    /// How many bytes were announced and not read.
    pub(crate) fn left(&self) -> u64 {
        self.left
    }
}

impl<R: Read> Read for Member<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = (&mut self.archive).take(self.left).read(buffer)?;
        self.left -= count as u64;
        Ok(count)
    }
}

/// The first regular file whose name ends in one of these.
pub(crate) fn find<R: Read>(
    mut archive: R,
    endings: &[&str],
) -> Result<Member<R>, Failure> {
    for _ in 0..MOST_MEMBERS {
        let mut header = [0; BLOCK_BYTES];
        archive.read_exact(&mut header).map_err(damaged)?;
        if header.iter().all(|byte| *byte == 0) {
            return Err(nothing(endings));
        }
        if !has_sound_checksum(&header) {
            return Err(Failure::Damaged("it is no tar archive".into()));
        }
        let size = number(&header[124..136])
            .ok_or_else(|| Failure::Damaged("a size in it is no number".into()))?;
        let name = header[..100].split(|byte| *byte == 0).next().unwrap_or_default();
        let regular = matches!(header[156], b'0' | 0);
        if regular && endings.iter().any(|ending| has_ending(name, ending)) {
            return Ok(Member { archive, left: size });
        }
        let padded = size.next_multiple_of(BLOCK_BYTES as u64);
        let skipped = io::copy(&mut (&mut archive).take(padded), &mut io::sink());
        if skipped.map_err(damaged)? < padded {
            return Err(Failure::Damaged("it is cut short".into()));
        }
    }
    Err(nothing(endings))
}

/// The sum of all bytes, those of the checksum taken for spaces.
fn has_sound_checksum(header: &[u8; BLOCK_BYTES]) -> bool {
    let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
    let own: u64 = header[148..156].iter().map(|byte| u64::from(*byte)).sum();
    number(&header[148..156]) == Some(sum - own + 8 * u64::from(b' '))
}

/// Octal digits between spaces and zeros. No file wanted is so large that its size would
/// be written in another way.
fn number(field: &[u8]) -> Option<u64> {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    let text = str::from_utf8(&field[..end]).ok()?.trim();
    let octal = text.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
    let value = if octal { u64::from_str_radix(text, 8).ok()? } else { return None };
    Some(value)
}
