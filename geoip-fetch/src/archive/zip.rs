//! One file of a zip archive.
//!
//! # References
//! PKWARE, APPNOTE.TXT 6.3.10. Archives over 4 GiB (zip64), in parts or encrypted are
//! refused, and so are methods other than stored and deflated.

use std::io::{self, Read, Seek, SeekFrom, Write};

use flate2::{CrcWriter, bufread::DeflateDecoder};

use super::{Failure, MOST_MEMBERS, copy, damaged, has_ending};

/// A zip archive whose list of members was read.
#[derive(Debug)]
pub(crate) struct Zip<R> {
    archive: R,
    members: Vec<Member>,
}

/// A file in a zip archive.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    name: Vec<u8>,
    method: u16,
    flags: u16,
    crc: u32,
    packed_bytes: u32,
    header_at: u32,
}

/// The end of the list of members: without its comment, and with the longest.
const END_BYTES: u64 = 22;
const LONGEST_END_BYTES: u64 = END_BYTES + 0xffff;

/// The most that the list of members may take.
const LONGEST_LIST_BYTES: u32 = 1 << 20;

impl<R: Read + Seek> Zip<R> {
    pub(crate) fn open(mut archive: R) -> Result<Self, Failure> {
        let length = archive.seek(SeekFrom::End(0)).map_err(damaged)?;
        let tail_at = length.saturating_sub(LONGEST_END_BYTES);
        archive.seek(SeekFrom::Start(tail_at)).map_err(damaged)?;
        let mut tail = Vec::new();
        archive
            .by_ref()
            .take(LONGEST_END_BYTES)
            .read_to_end(&mut tail)
            .map_err(damaged)?;
        let end = find_end(&tail).ok_or_else(|| wrong("it is no zip archive"))?;
        let (count, size, at) = (u16_at(end, 10), u32_at(end, 12), u32_at(end, 16));
        let (Some(count), Some(size), Some(at)) = (count, size, at) else {
            return Err(wrong("it is cut short"));
        };
        if usize::from(count) > MOST_MEMBERS || size > LONGEST_LIST_BYTES {
            return Err(wrong("it holds far too many files"));
        }
        archive.seek(SeekFrom::Start(at.into())).map_err(damaged)?;
        let mut list = Vec::new();
        archive.by_ref().take(size.into()).read_to_end(&mut list).map_err(damaged)?;
        let mut rest = list.as_slice();
        let mut members = Vec::new();
        for _ in 0..count {
            let (member, after) = Member::read(rest)
                .ok_or_else(|| wrong("its list of files is damaged"))?;
            members.push(member);
            rest = after;
        }
        Ok(Self { archive, members })
    }

    /// The first file with the first of these endings that any has.
    pub(crate) fn find(&self, endings: &[&str]) -> Option<Member> {
        endings.iter().find_map(|ending| {
            self.members.iter().find(|member| has_ending(&member.name, ending)).cloned()
        })
    }

    /// Write the content of a file.
    pub(crate) fn copy(
        &mut self,
        member: &Member,
        limit_bytes: u64,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        if member.flags & 1 == 1 {
            return Err(wrong("it is encrypted"));
        }
        let mut header = [0; 30];
        self.archive.seek(SeekFrom::Start(member.header_at.into())).map_err(damaged)?;
        self.archive.read_exact(&mut header).map_err(damaged)?;
        let lengths = u16_at(&header, 26).zip(u16_at(&header, 28));
        let (name, extra) = lengths.unwrap_or_default();
        if !header.starts_with(b"PK\x03\x04") {
            return Err(wrong("its list of files leads astray"));
        }
        let skipped = i64::from(name) + i64::from(extra);
        self.archive.seek(SeekFrom::Current(skipped)).map_err(damaged)?;
        let packed = self.archive.by_ref().take(member.packed_bytes.into());
        let mut summed = CrcWriter::new(out);
        match member.method {
            0 => copy(&mut { packed }, limit_bytes, &mut summed)?,
            8 => {
                let mut plain = DeflateDecoder::new(io::BufReader::new(packed));
                copy(&mut plain, limit_bytes, &mut summed)?;
            }
            _ => return Err(wrong("it is packed by a method not known here")),
        }
        if summed.crc().sum() != member.crc {
            return Err(wrong("its checksum is wrong"));
        }
        Ok(())
    }
}

impl Member {
    /// The member that a list of members begins with, and the rest of the list.
    fn read(list: &[u8]) -> Option<(Self, &[u8])> {
        if !list.starts_with(b"PK\x01\x02") {
            return None;
        }
        let [name, extra, comment] = [28, 30, 32].map(|at| u16_at(list, at));
        let name_end = 46 + usize::from(name?);
        let end = name_end + usize::from(extra?) + usize::from(comment?);
        let member = Self {
            name: list.get(46..name_end)?.to_vec(),
            method: u16_at(list, 10)?,
            flags: u16_at(list, 8)?,
            crc: u32_at(list, 16)?,
            packed_bytes: u32_at(list, 20)?,
            header_at: u32_at(list, 42)?,
        };
        Some((member, list.get(end..)?))
    }
}

/// The end of the list of members, which is the last thing in an archive but a comment.
fn find_end(tail: &[u8]) -> Option<&[u8]> {
    let last = tail.len().checked_sub(usize::try_from(END_BYTES).ok()?)?;
    (0..=last).rev().map(|at| &tail[at..]).find(|end| end.starts_with(b"PK\x05\x06"))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn wrong(reason: &str) -> Failure {
    Failure::Damaged(reason.into())
}
