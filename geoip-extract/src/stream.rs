//! The search of a stream: a window that slides, with context kept on both sides.
//!
//! Every rule looks at no more than [`LEFT_CONTEXT`] bytes before a candidate and
//! [`RIGHT_CONTEXT`] after it, and none looks past the end of a line. So a candidate can be
//! decided once that much of what follows it, or the end of its line, is in the window; and
//! what was decided can be dropped but for the left context of what is left.

use std::io::{self, ErrorKind, Read};
use std::ops::ControlFlow;

use crate::address_match::AddressMatch;
use crate::bytes::{LEFT_CONTEXT, RIGHT_CONTEXT};
use crate::find::Search;
use crate::readings::{Part, Undone};
use crate::rules::Rules;

/// Bytes in the window: enough to make the context negligible, and within the L2 cache.
const WINDOW: usize = 256 * 1024;

pub(crate) fn for_each<R: Read, B>(
    rules: Rules,
    reader: R,
    found: impl FnMut(AddressMatch<'_>) -> ControlFlow<B>,
) -> io::Result<ControlFlow<B>> {
    let window = Window::new(reader);
    match Undone::new(rules, 0) {
        None => search(rules, window, found),
        Some(undone) => search_undone(undone, window, found),
    }
}

fn search<R: Read, B>(
    rules: Rules,
    mut window: Window<R>,
    mut found: impl FnMut(AddressMatch<'_>) -> ControlFlow<B>,
) -> io::Result<ControlFlow<B>> {
    // What of the window was searched, and where the last address in it ends.
    let (mut decided, mut last_end) = (0, 0);
    loop {
        let part = window.read()?;
        let text = part.bytes;
        let limit = if part.is_last { text.len() } else { decidable(text).max(decided) };
        let mut search = Search::new(decided, limit, last_end);
        let flow = search.try_for_each(text, part.start, rules, &mut found);
        if flow.is_break() {
            return Ok(flow);
        }
        if part.is_last {
            return Ok(ControlFlow::Continue(()));
        }
        let dropped = limit.saturating_sub(LEFT_CONTEXT);
        window.forget(dropped);
        decided = limit - dropped;
        last_end = search.last_end().saturating_sub(dropped);
    }
}

fn search_undone<R: Read, B>(
    mut undone: Undone,
    mut window: Window<R>,
    mut found: impl FnMut(AddressMatch<'_>) -> ControlFlow<B>,
) -> io::Result<ControlFlow<B>> {
    loop {
        let part = window.read()?;
        while let Some(address) = undone.next(part) {
            if let flow @ ControlFlow::Break(_) = found(address) {
                return Ok(flow);
            }
        }
        if part.is_last {
            return Ok(ControlFlow::Continue(()));
        }
        let needed = undone.needed_from().saturating_sub(part.start);
        window.forget(usize::try_from(needed).unwrap_or(usize::MAX));
    }
}

/// A part of a stream in memory.
struct Window<R> {
    reader: R,
    bytes: Vec<u8>,
    filled: usize,
    /// Bytes of the stream before `bytes`.
    start: u64,
}

impl<R: Read> Window<R> {
    fn new(reader: R) -> Self {
        Self { reader, bytes: vec![0; WINDOW], filled: 0, start: 0 }
    }

    /// Reads on; the part is the last if there is no more.
    fn read(&mut self) -> io::Result<Part<'_>> {
        if self.filled == self.bytes.len() {
            // Only escapes without end need so much before what they say is decided.
            self.bytes.resize(2 * self.filled, 0);
        }
        let read = loop {
            match self.reader.read(&mut self.bytes[self.filled..]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.filled += read;
        let bytes = &self.bytes[..self.filled];
        Ok(Part { bytes, start: self.start, is_last: read == 0 })
    }

    /// Drops bytes from the front.
    fn forget(&mut self, dropped: usize) {
        let dropped = dropped.min(self.filled);
        self.bytes.copy_within(dropped..self.filled, 0);
        self.filled -= dropped;
        self.start += dropped as u64;
    }
}

/// How many bytes of `text` can be decided whatever follows it.
pub(crate) fn decidable(text: &[u8]) -> usize {
    let certain = text.len().saturating_sub(RIGHT_CONTEXT);
    let line_end = text[certain..].iter().rposition(|byte| *byte == b'\n');
    line_end.map_or(certain, |line_end| certain + line_end + 1)
}
