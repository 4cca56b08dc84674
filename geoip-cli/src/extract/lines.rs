//! Line numbers of byte offsets, while a stream goes by.

use std::{
    cell::RefCell,
    collections::VecDeque,
    io::{self, Read},
};

/// The line breaks that were read but not passed yet.
///
/// A search reads ahead of the match that it reports, by a bounded number of bytes, so
/// this holds a bounded number of breaks.
#[derive(Debug, Default)]
pub(super) struct Lines {
    state: RefCell<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Bytes read so far.
    read: u64,
    /// Line breaks passed so far.
    passed: u64,
    /// Offsets of the breaks ahead.
    ahead: VecDeque<u64>,
}

impl Lines {
    /// A reader that takes note of the line breaks in what is read.
    pub(super) fn count<R: Read>(&self, inner: R) -> impl Read {
        Counted { inner, lines: self }
    }

    /// The number of the line that holds this offset; lines count from 1.
    ///
    /// Offsets must not decrease from call to call.
    pub(super) fn number_at(&self, offset: u64) -> u64 {
        let mut state = self.state.borrow_mut();
        while state.ahead.front().is_some_and(|&at| at < offset) {
            state.ahead.pop_front();
            state.passed += 1;
        }
        state.passed + 1
    }
}

struct Counted<'l, R> {
    inner: R,
    lines: &'l Lines,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let state = &mut *self.lines.state.borrow_mut();
        for (at, _) in
            (state.read..).zip(&buffer[..count]).filter(|(_, byte)| **byte == b'\n')
        {
            state.ahead.push_back(at);
        }
        state.read += count as u64;
        Ok(count)
    }
}
