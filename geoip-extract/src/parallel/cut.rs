//! One input, cut into blocks as it is read.

use std::io::{self, ErrorKind, Read};

use super::block::Block;
use super::{LONG_LINE, READ};
use crate::bytes::{LEFT_CONTEXT, RIGHT_CONTEXT};
use crate::extractor::Extractor;
use crate::readings::Undone;

/// An input, and where cutting it has come.
pub(super) struct Cutter<R> {
    reader: R,
    input: usize,
    /// What was read but not cut yet, with the context before it.
    rest: Buffer,
    /// Bytes of `rest` that are context.
    context: usize,
    /// Where in `rest` the last address of the block before ends.
    last_end: usize,
    /// The readings of the block before, if that ended within a line.
    undone: Option<Box<Undone>>,
    /// Bytes of the input before `rest`.
    base: u64,
    lines: Option<u64>,
    starts_line: bool,
    ended: bool,
}

/// A block that owns its bytes: how it gets from the cutter to the search.
#[derive(Default)]
pub(super) struct Cut {
    window: Buffer,
    /// Bytes of `window` up to the end of the block; context follows.
    limit: usize,
    /// Bytes of context behind it.
    after: usize,
    context: usize,
    last_end: usize,
    undone: Option<Box<Undone>>,
    base: u64,
    first_line: u64,
    starts_line: bool,
    ends_line: bool,
}

impl Cut {
    pub(super) fn block<'b>(
        &'b self,
        extractor: &'b Extractor,
        input: usize,
    ) -> Block<'b> {
        Block {
            extractor,
            window: &self.window.filled()[..self.limit + self.after],
            own: self.context..self.limit,
            last_end: self.last_end,
            undone: self.undone.as_deref(),
            base: self.base,
            input,
            first_line: self.first_line,
            starts_line: self.starts_line,
            ends_line: self.ends_line,
        }
    }
}

impl<R: Read> Cutter<R> {
    pub(super) fn new(reader: R, input: usize, counts_lines: bool) -> Self {
        Self {
            reader,
            input,
            rest: Buffer::default(),
            context: 0,
            last_end: 0,
            undone: None,
            base: 0,
            lines: counts_lines.then_some(0),
            starts_line: true,
            ended: false,
        }
    }

    /// Reads the next block into `cut`, whose memory is used again. False at the end.
    ///
    /// A block is what one read gave, up to the last line feed: lines that come slowly are
    /// searched as they come.
    pub(super) fn next(
        &mut self,
        extractor: &Extractor,
        cut: &mut Cut,
    ) -> io::Result<bool> {
        std::mem::swap(&mut self.rest, &mut cut.window);
        self.rest.clear();
        loop {
            let seen = cut.window.filled().len();
            let read =
                if self.ended { 0 } else { cut.window.read_from(&mut self.reader)? };
            if read == 0 {
                self.ended = true;
                if seen == self.context {
                    return Ok(false);
                }
                self.take(extractor, cut, seen);
                return Ok(true);
            }
            let text = cut.window.filled();
            if let Some(feed) = memchr::memrchr(b'\n', &text[seen..]) {
                self.take(extractor, cut, seen + feed + 1);
                return Ok(true);
            }
            if text.len() > LONG_LINE + self.context {
                let limit = limit_within_line(text);
                self.take(extractor, cut, limit);
                return Ok(true);
            }
        }
    }

    /// Makes the window up to `limit` a block, and what follows it the rest.
    fn take(&mut self, extractor: &Extractor, cut: &mut Cut, limit: usize) {
        let text = cut.window.filled();
        let ends_line = self.ended || text[limit - 1] == b'\n';
        cut.limit = limit;
        cut.after = if ends_line { 0 } else { text.len() - limit };
        cut.context = self.context;
        cut.last_end = self.last_end;
        cut.undone = self.undone.take();
        cut.base = self.base;
        cut.starts_line = self.starts_line;
        cut.ends_line = ends_line;
        cut.first_line = self.lines.unwrap_or(0) + 1;
        if let Some(lines) = &mut self.lines {
            let own = &text[self.context..limit];
            *lines += memchr::memchr_iter(b'\n', own).count() as u64;
        }

        self.starts_line = ends_line;
        let dropped = if ends_line {
            (self.context, self.last_end) = (0, 0);
            limit
        } else {
            // The next block goes on within the line, behind the addresses of this one.
            let mut matches = cut.block(extractor, self.input).matches();
            matches.by_ref().for_each(drop);
            let mut dropped = limit.saturating_sub(LEFT_CONTEXT);
            self.last_end = matches.last_end().saturating_sub(dropped);
            self.undone = matches.into_undone();
            if let Some(undone) = &mut self.undone {
                let needed = undone.needed_from().saturating_sub(self.base);
                dropped =
                    usize::try_from(needed).map_or(limit, |needed| needed.min(limit));
            }
            self.context = limit - dropped;
            dropped
        };
        self.rest.extend(&text[dropped..]);
        self.base += dropped as u64;
    }
}

/// Where to cut a line that is too long: what follows may still change the end of what is
/// there; and best not where an address may stand.
fn limit_within_line(text: &[u8]) -> usize {
    let limit = text.len() - RIGHT_CONTEXT;
    let from = limit - LONG_LINE / 2;
    let separator = text[from..limit].iter().rposition(|byte| b" \t,;\"'".contains(byte));
    separator.map_or(limit, |separator| from + separator + 1)
}

/// Bytes that were read, in memory that is used again and again.
#[derive(Default)]
struct Buffer {
    bytes: Vec<u8>,
    filled: usize,
}

impl Buffer {
    fn filled(&self) -> &[u8] {
        &self.bytes[..self.filled]
    }

    fn clear(&mut self) {
        self.filled = 0;
    }

    fn extend(&mut self, bytes: &[u8]) {
        self.make_room(bytes.len());
        self.bytes[self.filled..][..bytes.len()].copy_from_slice(bytes);
        self.filled += bytes.len();
    }

    /// Appends what one read gives; 0 is the end.
    fn read_from(&mut self, reader: &mut impl Read) -> io::Result<usize> {
        self.make_room(READ);
        loop {
            match reader.read(&mut self.bytes[self.filled..][..READ]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
                Ok(read) => {
                    self.filled += read;
                    return Ok(read);
                }
            }
        }
    }

    fn make_room(&mut self, more: usize) {
        if self.bytes.len() < self.filled + more {
            self.bytes.resize(self.filled + more, 0);
        }
    }
}
