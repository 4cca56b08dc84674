//! A part of a stream, to be searched by one thread.

use std::ops::Range;

use crate::address_match::AddressMatch;
use crate::extractor::Extractor;
use crate::find::Cursor;
use crate::readings::Undone;

/// A part of an input: whole lines, or a piece of a very long one.
#[derive(Debug)]
pub struct Block<'b> {
    pub(super) extractor: &'b Extractor,
    /// The part with its context on both sides.
    pub(super) window: &'b [u8],
    /// Where in `window` the part itself is.
    pub(super) own: Range<usize>,
    /// Where in `window` the last address of the part before ends.
    pub(super) last_end: usize,
    /// The readings of the part before, if that ended within a line.
    pub(super) undone: Option<&'b Undone>,
    /// Bytes of the input before `window`.
    pub(super) base: u64,
    pub(super) input: usize,
    pub(super) first_line: u64,
    pub(super) starts_line: bool,
    pub(super) ends_line: bool,
}

impl<'b> Block<'b> {
    /// A block of whole lines, for a program that cuts its input itself: part of this input,
    /// with so many bytes before it, and the number of its first line.
    pub fn of_lines(
        extractor: &'b Extractor,
        lines: &'b [u8],
        input: usize,
        offset: u64,
        first_line: u64,
    ) -> Self {
        Self {
            extractor,
            window: lines,
            own: 0..lines.len(),
            last_end: 0,
            undone: None,
            base: offset,
            input,
            first_line,
            starts_line: true,
            ends_line: true,
        }
    }

    /// The addresses of this block, in order.
    pub fn matches(&self) -> BlockMatches<'b> {
        let rules = self.extractor.rules();
        let undone = self.undone.cloned().or_else(|| Undone::new(rules, self.offset()));
        let cursor = Cursor::new(rules, self.own.start, self.own.end, self.last_end)
            .going_on(undone.map(Box::new), self.ends_line);
        BlockMatches {
            extractor: self.extractor,
            window: self.window,
            base: self.base,
            cursor,
        }
    }

    /// The bytes of the block.
    pub fn bytes(&self) -> &'b [u8] {
        &self.window[self.own.clone()]
    }

    /// How many bytes of the input precede [`bytes`](Self::bytes).
    pub fn offset(&self) -> u64 {
        self.base + self.own.start as u64
    }

    /// Which input this is a part of, counting from 0.
    pub fn input(&self) -> usize {
        self.input
    }

    /// The number of the line that the block starts in, counting from 1; 1 unless
    /// [`Search::counts_lines`](super::Search::counts_lines) is on.
    pub fn first_line(&self) -> u64 {
        self.first_line
    }

    /// Whether the block starts where a line does, and not within a very long one.
    pub fn starts_line(&self) -> bool {
        self.starts_line
    }

    /// Whether the block ends where a line or the input does.
    pub fn ends_line(&self) -> bool {
        self.ends_line
    }
}

/// Iterator over the addresses of a [`Block`].
#[derive(Clone, Debug)]
pub struct BlockMatches<'b> {
    extractor: &'b Extractor,
    window: &'b [u8],
    base: u64,
    cursor: Cursor,
}

impl BlockMatches<'_> {
    /// Where in the window the last address found ends.
    pub(super) fn last_end(&self) -> usize {
        self.cursor.last_end()
    }

    /// What the search of the next part of the same line goes on from, if a reading is on.
    pub(super) fn into_undone(self) -> Option<Box<Undone>> {
        self.cursor.into_undone()
    }
}

impl<'b> Iterator for BlockMatches<'b> {
    type Item = AddressMatch<'b>;

    #[inline]
    fn next(&mut self) -> Option<AddressMatch<'b>> {
        self.cursor.next(self.window, self.base, self.extractor.rules())
    }

    /// What `for_each`, `count` and the like are made of: one loop, without a state to keep.
    #[inline]
    fn fold<A, F: FnMut(A, AddressMatch<'b>) -> A>(self, first: A, add: F) -> A {
        self.cursor.fold(self.window, self.base, self.extractor.rules(), first, add)
    }
}
