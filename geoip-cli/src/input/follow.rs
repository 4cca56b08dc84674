//! Files that are still being written, read as `tail -F` does.

mod growing;

use std::{io::Read, thread, time::Duration};

use anyhow::Result;

use self::growing::Growing;
use super::{Input, Progress, Source, decode::Encoding, open};
use crate::failure::Hinted;

/// How long to wait before looking for more. Only what is at its end is looked at so
/// seldom; nothing is waited for while there is something to read.
const INTERVAL: Duration = Duration::from_millis(250);

/// How much is read at once, in bytes.
const CHUNK: usize = 64 << 10;

/// A line longer than this is handed out in pieces, in bytes.
const LONGEST_LINE: usize = 1 << 20;

/// Whole lines of one source.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lines<'f> {
    /// The index of the source.
    pub(crate) source: usize,
    pub(crate) bytes: &'f [u8],
    /// Where the lines begin in the file as it is now, in bytes.
    pub(crate) offset: u64,
    /// The number of the first line, counted from 1.
    pub(crate) line: u64,
}

/// Several files that grow, or one pipe.
///
/// A file is read from its start, then whatever is added. One that is renamed is read to
/// its end, and then the new one of its name; one that is truncated is read from its
/// start again; one that is not there is waited for.
#[derive(Debug)]
pub(crate) struct Follow<'a> {
    progress: &'a Progress<'a>,
    followed: Followed,
    interval: Duration,
}

#[derive(Debug)]
enum Followed {
    Files {
        files: Vec<Growing>,
        /// The last one that had lines; the others are asked before it is again.
        last: usize,
    },
    Pipe(Pipe),
}

impl<'a> Follow<'a> {
    /// Follow these sources, which [`super::sources_to_follow`] found.
    pub(crate) fn new(sources: &[Source], progress: &'a Progress<'a>) -> Result<Self> {
        let followed = match sources {
            [source] if source.is_live() => match open(source, progress)? {
                Some(input) => Followed::Pipe(Pipe::new(input)),
                None => Followed::Files { files: vec![], last: 0 },
            },
            _ => {
                let files = sources.iter().map(growing).collect::<Result<_>>()?;
                Followed::Files { files, last: 0 }
            }
        };
        Ok(Self { progress, followed, interval: INTERVAL })
    }

    /// The next lines of any source, as soon as there are some; none at the end of a
    /// pipe, while files have no end.
    pub(crate) fn next_lines(&mut self) -> Result<Option<Lines<'_>>> {
        let (files, last) = match &mut self.followed {
            Followed::Pipe(pipe) => return pipe.next_lines(),
            Followed::Files { files, last } => (files, last),
        };
        if files.is_empty() {
            return Ok(None);
        }
        loop {
            for step in 1..=files.len() {
                let at = (*last + step) % files.len();
                if files[at].poll(self.progress)? {
                    *last = at;
                    return Ok(Some(files[at].lines(at)));
                }
            }
            thread::sleep(self.interval);
        }
    }
}

fn growing(source: &Source) -> Result<Growing> {
    let refused = |reason, hint| {
        Hinted::error(format!("cannot follow {}: {reason}", source.name()), hint)
    };
    if matches!(source.encoding, Encoding::Named(_)) {
        return Err(refused(
            "only UTF-8 and its like can be followed",
            "pipe it in: tail -F FILE | geoip … --encoding …",
        ));
    }
    match source.path() {
        Some(path) if !source.is_live() => Ok(Growing::new(path, source.name())),
        _ => Err(refused(
            "a pipe can be followed only alone",
            "name it alone, or let it be written to a file",
        )),
    }
}

/// A pipe, whose end is the end.
#[derive(Debug)]
struct Pipe {
    input: Input,
    buffer: Buffer,
    ended: bool,
}

impl Pipe {
    fn new(input: Input) -> Self {
        Self { input, buffer: Buffer::default(), ended: false }
    }

    fn next_lines(&mut self) -> Result<Option<Lines<'_>>> {
        self.buffer.release();
        while !self.ended && self.buffer.whole == 0 {
            let read = self.buffer.read(&mut self.input);
            if read.map_err(|error| self.input.explain(error))? == 0 {
                self.buffer.end_line();
                self.ended = true;
            }
        }
        Ok((self.buffer.whole > 0).then(|| self.buffer.lines(0)))
    }
}

/// Lines that were read but not handed out, and where they are in the file.
#[derive(Debug, Default)]
struct Buffer {
    bytes: Vec<u8>,
    /// So many of the bytes are whole lines; they are handed out.
    whole: usize,
    offset: u64,
    /// Line breaks before the bytes.
    breaks: u64,
}

impl Buffer {
    /// Read on, once; 0 bytes at the end.
    fn read(&mut self, from: &mut impl Read) -> std::io::Result<usize> {
        let length = self.bytes.len();
        self.bytes.resize(length + CHUNK, 0);
        let result = loop {
            match from.read(&mut self.bytes[length..]) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                result => break result,
            }
        };
        let count = *result.as_ref().unwrap_or(&0);
        self.bytes.truncate(length + count);
        // What was there before holds no end of a line, or it would be handed out.
        let new = &self.bytes[length..];
        if let Some(at) = new.iter().rposition(|byte| *byte == b'\n') {
            self.whole = length + at + 1;
        } else if self.bytes.len() >= LONGEST_LINE {
            // Between words, so that no address is cut.
            let space = self.bytes.iter().rposition(u8::is_ascii_whitespace);
            self.whole = space.map_or(self.bytes.len(), |at| at + 1);
        }
        result
    }

    /// What there is of the last line is all that will ever come.
    fn end_line(&mut self) {
        self.whole = self.bytes.len();
    }

    /// Let go of the lines that were handed out.
    fn release(&mut self) {
        let lines = &self.bytes[..self.whole];
        self.breaks += lines.split(|byte| *byte == b'\n').count() as u64 - 1;
        self.offset += self.whole as u64;
        self.bytes.drain(..self.whole);
        self.whole = 0;
    }

    /// Begin with another file; all of the last one must be let go.
    fn restart(&mut self) {
        *self = Self { bytes: std::mem::take(&mut self.bytes), ..Self::default() };
    }

    fn lines(&self, source: usize) -> Lines<'_> {
        let bytes = &self.bytes[..self.whole];
        Lines { source, bytes, offset: self.offset, line: self.breaks + 1 }
    }
}

#[cfg(test)]
#[path = "follow/follow_tests.rs"]
mod tests;
