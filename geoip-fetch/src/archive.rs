//! The one file that is wanted out of what came.

mod tar;
mod zip;

use std::{
    fs::File,
    io::{self, BufReader, Read, Write},
    path::Path,
};

use flate2::bufread::MultiGzDecoder;

pub(crate) use self::zip::Zip;

/// How a file comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    TarGzip,
    Zip,
}

/// Why nothing comes out of an archive.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What is wrong with it.
    Damaged(String),
    /// It holds more than is taken.
    TooLarge,
    /// What comes out cannot be written.
    Write(io::Error),
}

/// The most files that are looked at in an archive.
const MOST_MEMBERS: usize = 1000;

/// Write what is wanted of a file to another: all of a plain or packed one, or the first
/// member of an archive whose name ends in one of these, tried in this order.
///
/// Names in archives are compared and nothing else: no path of this machine is ever made
/// of them.
pub(crate) fn unpack(
    packing: Packing,
    packed: &Path,
    endings: &[&str],
    limit_bytes: u64,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let file = File::open(packed).map_err(damaged)?;
    match packing {
        Packing::Plain => copy(&mut BufReader::new(file), limit_bytes, out),
        Packing::Gzip => {
            copy(&mut MultiGzDecoder::new(BufReader::new(file)), limit_bytes, out)
        }
        Packing::TarGzip => {
            // Members before the wanted one count too.
            let plain = MultiGzDecoder::new(BufReader::new(file));
            let mut member = tar::find(plain.take(limit_bytes), endings)?;
            copy(&mut member, limit_bytes, out)?;
            if member.left() > 0 {
                return Err(Failure::Damaged("it is cut short".into()));
            }
            Ok(())
        }
        Packing::Zip => {
            let mut zip = Zip::open(BufReader::new(file))?;
            let member = zip.find(endings).ok_or_else(|| nothing(endings))?;
            zip.copy(&member, limit_bytes, out)
        }
    }
}

/// All that is unpacked of bytes that may be an archive of any kind, for fuzzing.
#[doc(hidden)]
pub fn probe(bytes: &[u8], limit_bytes: u64) -> Vec<Vec<u8>> {
    let endings = &[".mmdb", ".csv"];
    let mut found = Vec::new();
    let mut out = Vec::new();
    if let Ok(mut member) = tar::find(bytes.take(limit_bytes), endings)
        && copy(&mut member, limit_bytes, &mut out).is_ok()
    {
        found.push(std::mem::take(&mut out));
    }
    out.clear();
    if let Ok(mut zip) = Zip::open(io::Cursor::new(bytes))
        && let Some(member) = zip.find(endings)
        && zip.copy(&member, limit_bytes, &mut out).is_ok()
    {
        found.push(out);
    }
    found
}

/// Copy all, unless it is too much.
fn copy(
    from: &mut dyn Read,
    limit_bytes: u64,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let mut buffer = vec![0; 64 << 10];
    let mut copied = 0;
    loop {
        let count = match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(damaged(error)),
        };
        copied += count as u64;
        if copied > limit_bytes {
            return Err(Failure::TooLarge);
        }
        out.write_all(&buffer[..count]).map_err(Failure::Write)?;
    }
}

#[expect(clippy::needless_pass_by_value, reason = "given to `map_err`")]
fn damaged(error: io::Error) -> Failure {
    Failure::Damaged(error.to_string())
}

fn nothing(endings: &[&str]) -> Failure {
    Failure::Damaged(format!("there is no {} in it", endings.join(" or ")))
}

/// Whether a name ends so, in upper or lower case.
fn has_ending(name: &[u8], ending: &str) -> bool {
    name.len() >= ending.len()
        && name[name.len() - ending.len()..].eq_ignore_ascii_case(ending.as_bytes())
}
