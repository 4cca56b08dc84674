//! The search of one haystack: candidates from the scan, one after the other, to the parsers.

use std::net::IpAddr;
use std::ops::ControlFlow;

use crate::address_match::AddressMatch;
use crate::extractor::Extractor;
use crate::processor::{AnyProcessor, Processor, with_processor};
use crate::readings::{Part, Undone};
use crate::rules::{Rule, Rules};
use crate::scan::{BATCH, BLOCK, Candidates};
use crate::{v4, v6};

/// Iterator over the addresses of a haystack, in order and without overlap.
///
/// Made by [`Extractor::find_iter`].
#[derive(Clone, Debug)]
pub struct FindIter<'e, 'h> {
    extractor: &'e Extractor,
    haystack: &'h [u8],
    base: u64,
    cursor: Cursor,
}

impl<'e, 'h> FindIter<'e, 'h> {
    pub(crate) fn new(extractor: &'e Extractor, haystack: &'h [u8]) -> Self {
        let cursor = Cursor::new(extractor.rules(), 0, haystack.len(), 0);
        Self { extractor, haystack, base: 0, cursor }
    }
}

impl<'h> Iterator for FindIter<'_, 'h> {
    type Item = AddressMatch<'h>;

    #[inline]
    fn next(&mut self) -> Option<AddressMatch<'h>> {
        self.cursor.next(self.haystack, self.base, self.extractor.rules())
    }

    /// What `for_each`, `count` and the like are made of: one loop, without a state to keep.
    #[inline]
    fn fold<A, F: FnMut(A, AddressMatch<'h>) -> A>(self, first: A, add: F) -> A {
        self.cursor.fold(self.haystack, self.base, self.extractor.rules(), first, add)
    }
}

impl std::iter::FusedIterator for FindIter<'_, '_> {}

/// A search of a haystack, with its escapes undone where a reading asks for it.
#[derive(Clone, Debug)]
pub(crate) struct Cursor {
    search: Search,
    undone: Option<Box<Undone>>,
    limit: usize,
    /// Whether a line or the text ends at `limit`.
    is_last: bool,
}

impl Cursor {
    /// A search of the candidates in `from..limit`; addresses that start before `last_end`
    /// are parts of one already found.
    ///
    /// If a reading is on, `from` and `limit` must be ends of lines or of the text.
    pub(crate) fn new(rules: Rules, from: usize, limit: usize, last_end: usize) -> Self {
        let search = Search::new(from, limit, last_end);
        let undone = Undone::new(rules, from as u64).map(Box::new);
        Self { search, undone, limit, is_last: true }
    }

    /// Goes on where an earlier search with readings on was, which came to no end of a line.
    #[cfg(feature = "parallel")]
    pub(crate) fn going_on(self, undone: Option<Box<Undone>>, is_last: bool) -> Self {
        Self { undone, is_last, ..self }
    }

    /// What is to go on from, if a reading is on.
    #[cfg(feature = "parallel")]
    pub(crate) fn into_undone(self) -> Option<Box<Undone>> {
        self.undone
    }

    #[cfg(feature = "parallel")]
    pub(crate) fn last_end(&self) -> usize {
        self.search.last_end()
    }

    /// The next address that was asked for.
    #[inline]
    pub(crate) fn next<'h>(
        &mut self,
        haystack: &'h [u8],
        base: u64,
        rules: Rules,
    ) -> Option<AddressMatch<'h>> {
        match &mut self.undone {
            None => self.search.next(haystack, base, rules),
            Some(undone) => {
                let bytes = &haystack[..self.limit];
                undone.next(Part { bytes, start: base, is_last: self.is_last })
            }
        }
    }

    /// What `Iterator::fold` is to be, over all addresses that are left.
    #[inline]
    pub(crate) fn fold<'h, A>(
        mut self,
        haystack: &'h [u8],
        base: u64,
        rules: Rules,
        first: A,
        mut add: impl FnMut(A, AddressMatch<'h>) -> A,
    ) -> A {
        let mut made = first;
        if self.undone.is_none() {
            // Moved out for each match and put back; `None` is never seen.
            let mut place = Some(made);
            let _: ControlFlow<()> =
                self.search.try_for_each(haystack, base, rules, |found| {
                    place = place.take().map(|made| add(made, found));
                    ControlFlow::Continue(())
                });
            return place.expect("what was moved out is put back");
        }
        while let Some(found) = self.next(haystack, base, rules) {
            made = add(made, found);
        }
        made
    }
}

/// A search of text without escapes: which candidates are known, which were seen.
#[derive(Clone)]
pub(crate) struct Search {
    processor: AnyProcessor,
    candidates: Candidates,
    /// Where the blocks of `candidates` start.
    batch: usize,
    /// Candidates of the block being looked at that were not seen yet.
    bits: u64,
    /// Start of that block.
    block: usize,
    /// Candidates from here on are not looked at.
    limit: usize,
    /// End of the last address found.
    last_end: usize,
}

impl Search {
    /// A search of the candidates in `from..limit`; addresses that start before `last_end`
    /// are parts of one already found.
    pub(crate) fn new(from: usize, limit: usize, last_end: usize) -> Self {
        Self {
            processor: AnyProcessor::found(),
            candidates: Candidates::NONE,
            batch: from.wrapping_sub(BATCH * BLOCK),
            bits: 0,
            block: from,
            limit,
            last_end,
        }
    }

    pub(crate) fn last_end(&self) -> usize {
        self.last_end
    }

    /// Tells that so many bytes were dropped from the start of the text.
    pub(crate) fn forget(&mut self, dropped: usize) {
        self.last_end = self.last_end.saturating_sub(dropped);
    }

    /// The next address that was asked for.
    #[inline]
    pub(crate) fn next<'h>(
        &mut self,
        haystack: &'h [u8],
        base: u64,
        rules: Rules,
    ) -> Option<AddressMatch<'h>> {
        match self.try_for_each(haystack, base, rules, ControlFlow::Break) {
            ControlFlow::Break(found) => Some(found),
            ControlFlow::Continue(()) => None,
        }
    }

    /// Calls `found` with all addresses that are left, until it breaks.
    #[inline]
    pub(crate) fn try_for_each<'h, B>(
        &mut self,
        haystack: &'h [u8],
        base: u64,
        rules: Rules,
        found: impl FnMut(AddressMatch<'h>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        with_processor!(self.processor, it => {
            it.run(|| self.try_for_each_on(it, haystack, base, rules, found))
        })
    }

    #[expect(clippy::inline_always, reason = "so that it is compiled for the processor")]
    #[inline(always)]
    fn try_for_each_on<'h, B>(
        &mut self,
        processor: impl Processor,
        haystack: &'h [u8],
        base: u64,
        rules: Rules,
        mut found: impl FnMut(AddressMatch<'h>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        loop {
            while self.bits != 0 {
                let candidate = self.block + self.bits.trailing_zeros() as usize;
                self.bits &= self.bits - 1;
                if candidate >= self.limit {
                    return ControlFlow::Continue(());
                }
                if candidate < self.last_end {
                    continue;
                }
                let Some((start, end, address)) =
                    address_at(haystack, candidate, rules, processor)
                else {
                    continue;
                };
                if start < self.last_end {
                    continue;
                }
                self.last_end = end;
                let wanted = if address.is_ipv4() { Rule::Ipv4 } else { Rule::Ipv6 };
                if rules.has(wanted) {
                    let said = None;
                    found(AddressMatch { haystack, start, end, address, base, said })?;
                }
            }
            if !self.next_block(processor, haystack) {
                return ControlFlow::Continue(());
            }
        }
    }

    /// Turns to the next block with candidates.
    #[inline]
    fn next_block(&mut self, processor: impl Processor, haystack: &[u8]) -> bool {
        while self.candidates.occupied == 0 {
            self.batch = self.batch.wrapping_add(BATCH * BLOCK);
            if self.batch >= self.limit {
                return false;
            }
            processor.scan(haystack, self.batch, &mut self.candidates);
        }
        let index = self.candidates.occupied.trailing_zeros() as usize;
        self.candidates.occupied &= self.candidates.occupied - 1;
        self.block = self.batch + index * BLOCK;
        self.bits = self.candidates.masks[index];
        true
    }
}

impl std::fmt::Debug for Search {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Search")
            .field("block", &self.block)
            .field("limit", &self.limit)
            .field("last_end", &self.last_end)
            .finish_non_exhaustive()
    }
}

/// Start, end and value of the address at a candidate.
#[expect(clippy::inline_always, reason = "so that it is compiled for the processor")]
#[inline(always)]
fn address_at(
    haystack: &[u8],
    candidate: usize,
    rules: Rules,
    processor: impl Processor,
) -> Option<(usize, usize, IpAddr)> {
    if haystack[candidate] == b'.' {
        let quad = v4::at_dot(haystack, candidate, rules, processor)?;
        return Some((quad.start, quad.end, IpAddr::V4(quad.address)));
    }
    let groups = v6::at_colon(haystack, candidate, rules, processor)?;
    let mapped =
        groups.address.to_ipv4_mapped().filter(|_| !rules.has(Rule::MappedAsIpv6));
    let address = mapped.map_or(IpAddr::V6(groups.address), IpAddr::V4);
    Some((groups.start, groups.end, address))
}
