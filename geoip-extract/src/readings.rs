//! Readings: text in which addresses are written with escapes, or in disguise.
//!
//! There is no second set of rules. Each reading is a [`Layer`] that copies the text with its
//! escapes undone and remembers where each piece came from; the next layer reads that copy,
//! the ordinary rules search the last one, and what they find is mapped back to where it
//! stands. A copy is a window that slides: it holds a few tens of kibibytes, and the context
//! of what was not decided yet.

mod ansi;
mod defanged;
mod json;
mod layer;
mod percent;

use layer::Layer;

use crate::address_match::{AddressMatch, Said};
use crate::bytes::LEFT_CONTEXT;
use crate::find::Search;
use crate::rules::Rules;
use crate::stream::decidable;

/// A way to write text with escapes, and how to undo them.
trait Reading {
    /// Bytes that decide what an escape is, from its trigger on; fewer if its line ends.
    const LOOKAHEAD: usize;

    /// Whether an escape may start at a byte, given the next one.
    ///
    /// Asked of every byte, in a loop that the compiler turns into vectors.
    fn is_trigger(byte: u8, next: u8) -> bool;

    /// The escape whose trigger is at `index`; never one with a line feed in it.
    fn escape_at(text: &[u8], index: usize) -> Option<Escape>;
}

/// What was written with an escape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Escape {
    /// Where it starts: at its trigger, or the byte before.
    start: usize,
    end: usize,
    plain: Plain,
}

/// What an escape stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plain {
    Nothing,
    Byte(u8),
    Pair([u8; 2]),
}

/// Part of the whole input, and how many bytes precede it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'h> {
    pub(crate) bytes: &'h [u8],
    pub(crate) start: u64,
    /// Whether the input, or what of it is to be searched, ends with this part.
    pub(crate) is_last: bool,
}

/// Bytes of the input that are read in one go: their copies stay in the cache.
const STEP: usize = 32 * 1024;

/// A search of the input with its escapes undone.
#[derive(Clone, Debug)]
pub(crate) struct Undone {
    rules: Rules,
    /// One for each reading that is on, from the input to the text that is searched.
    layers: Vec<Layer>,
    /// Where in the last layer's window the undecided candidates start.
    decided: usize,
    search: Search,
}

impl Undone {
    /// A search from the place `from` of the input, at the start of a line; `None` if no
    /// reading is on.
    pub(crate) fn new(rules: Rules, from: u64) -> Option<Self> {
        let on = layer::IN_ORDER.into_iter().filter(|reading| rules.has(*reading));
        let mut below = from;
        let of = |reading| Layer::new(reading, std::mem::take(&mut below));
        let layers: Vec<_> = on.map(of).collect();
        let search = Search::new(0, 0, 0);
        (!layers.is_empty()).then_some(Self { rules, layers, decided: 0, search })
    }

    /// The next address that can be decided from `part` and what came before it.
    ///
    /// `part` must hold what follows [`needed_from`](Self::needed_from).
    pub(crate) fn next<'h>(&mut self, part: Part<'h>) -> Option<AddressMatch<'h>> {
        loop {
            let (text, _) = self.layers.last()?.window();
            let found = self.search.next(text, 0, self.rules);
            if let Some(found) = found {
                return Some(self.mapped(&found, part));
            }
            if !self.advance(part) {
                return None;
            }
        }
    }

    /// Reads the next step of a part, unless all of it was read.
    fn advance(&mut self, part: Part<'_>) -> bool {
        let (Some(first), Some(last)) = (self.layers.first(), self.layers.last()) else {
            return false;
        };
        let read = first.read_until();
        let at = usize::try_from(read - part.start).unwrap_or(usize::MAX);
        let end = part.bytes.len().min(at.saturating_add(STEP));
        let is_last = part.is_last && end == part.bytes.len();
        let (text, _) = last.window();
        let was_all_decided = self.decided == text.len();
        if at >= end && (!is_last || was_all_decided) {
            return false;
        }

        self.forget();
        let mut input = (&part.bytes[..end], part.start);
        for layer in &mut self.layers {
            layer.read(input.0, input.1, is_last);
            input = layer.window();
        }
        let (text, _) = input;
        let limit = if is_last { text.len() } else { decidable(text).max(self.decided) };
        let last_end = self.search.last_end();
        self.search = Search::new(self.decided, limit, last_end);
        self.decided = limit;
        // A part may end before a whole escape, and then nothing can be read of it.
        is_last || self.layers[0].read_until() > read
    }

    /// Drops what no candidate that is still undecided needs.
    fn forget(&mut self) {
        let dropped = self.decided.saturating_sub(LEFT_CONTEXT);
        self.decided -= dropped;
        self.search.forget(dropped);
        let mut needed = None;
        for layer in self.layers.iter_mut().rev() {
            let (_, start) = layer.window();
            needed = Some(layer.forget(needed.unwrap_or(start + dropped as u64)));
        }
    }

    /// Where in the input the text starts that matches to come may be mapped to.
    pub(crate) fn needed_from(&mut self) -> u64 {
        self.forget();
        self.layers.first().map_or(0, Layer::needed_from)
    }

    /// A match in the last layer's window, as it stands in the input.
    fn mapped<'h>(&self, found: &AddressMatch<'_>, part: Part<'h>) -> AddressMatch<'h> {
        let start = self.start_of(found.span().start, part);
        let end = self.end_of(found.span().end, part);
        // A zone of at most 32 bytes stands a byte after the address.
        let zone = found.zone().and_then(|zone| {
            let plain = found.span().end + 1;
            let start = self.start_of(plain, part);
            let length = self.end_of(plain + zone.len(), part) - start;
            Some((u32::try_from(start - end).ok()?, u32::try_from(length).ok()?))
        });
        AddressMatch {
            haystack: part.bytes,
            start,
            end,
            address: found.address(),
            base: part.start,
            said: Some(Said { prefix: found.prefix(), port: found.port(), zone }),
        }
    }
    fn start_of(&self, index: usize, part: Part<'_>) -> usize {
        self.place_of(index, part, Layer::start_of)
    }

    fn end_of(&self, index: usize, part: Part<'_>) -> usize {
        self.place_of(index, part, Layer::end_of)
    }

    /// Where in a part something is, given its index in the last layer's window.
    fn place_of(
        &self,
        index: usize,
        part: Part<'_>,
        below: fn(&Layer, u64) -> u64,
    ) -> usize {
        let start = self.layers.last().map_or(0, |last| last.window().1);
        let place = start + index as u64;
        let place =
            self.layers.iter().rev().fold(place, |place, layer| below(layer, place));
        usize::try_from(place - part.start).unwrap_or(usize::MAX)
    }
}
