//! One reading of a text: a copy with its escapes undone, and where each piece came from.

use super::ansi::Ansi;
use super::defanged::Defanged;
use super::json::Json;
use super::percent::Percent;
use super::{Escape, Plain, Reading};
use crate::rules::Rule;

/// The readings in the order in which they are undone.
///
/// Programs write colours, and a log of JSON keeps them as `\u001b[31m`, so JSON comes first.
/// People disguise what they see, so that comes last.
pub(super) const IN_ORDER: [Rule; 4] =
    [Rule::JsonEscapes, Rule::AnsiEscapes, Rule::PercentEncoded, Rule::Defanged];

/// Bytes before a place of its input that an escape looks at.
const LOOKBEHIND: u64 = 2;

/// The longest run of escapes that stand for nothing and still join what is around them.
///
/// Without a limit, what decides about an address could lie any number of bytes away.
const LONGEST_GAP: u64 = 256;

/// The window of one reading. Places count from the start of the text they are in, be it the
/// input or a copy of it, and not from the start of what of it is in memory.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    reading: Rule,
    text: Vec<u8>,
    /// Place of the first byte of `text`.
    start: u64,
    /// Place of the text below up to which it was read.
    read: u64,
    /// Where the copy is not simply as long as what it was made of; sorted, the first one at
    /// or before `start`, at most one a place.
    breaks: Vec<Break>,
}

/// A place of the copy from which on it comes from another place of the text below.
#[derive(Clone, Copy, Debug)]
struct Break {
    place: u64,
    /// End of what the byte before was made of.
    before: u64,
    /// Start of what the byte at `place` is made of.
    after: u64,
}

impl Layer {
    pub(super) fn new(reading: Rule, from: u64) -> Self {
        let start = Break { place: 0, before: from, after: from };
        Self { reading, text: Vec::new(), start: 0, read: from, breaks: vec![start] }
    }

    /// The copy that is in memory, and its place.
    pub(super) fn window(&self) -> (&[u8], u64) {
        (&self.text, self.start)
    }

    pub(super) fn read_until(&self) -> u64 {
        self.read
    }

    /// Where the text below must still be in memory from.
    pub(super) fn needed_from(&self) -> u64 {
        self.start_of(self.start).min(self.read.saturating_sub(LOOKBEHIND))
    }

    /// Copies as much of a window of the text below as can be decided.
    pub(super) fn read(&mut self, window: &[u8], start: u64, is_last: bool) {
        match self.reading {
            Rule::JsonEscapes => self.read_as::<Json>(window, start, is_last),
            Rule::AnsiEscapes => self.read_as::<Ansi>(window, start, is_last),
            Rule::PercentEncoded => self.read_as::<Percent>(window, start, is_last),
            _ => self.read_as::<Defanged>(window, start, is_last),
        }
    }

    fn read_as<R: Reading>(&mut self, window: &[u8], start: u64, is_last: bool) {
        let mut at = index(self.read, start);
        // An escape and what it is can be told from so much of what follows it; no escape
        // goes on behind a line feed.
        let length = window.len();
        let known = |ahead: usize| {
            let certain = length.saturating_sub(ahead).max(at);
            let feed = window[certain..].iter().rposition(|byte| *byte == b'\n');
            if is_last { length } else { feed.map_or(certain, |feed| certain + feed + 1) }
        };
        // A trigger takes two bytes to see, and may take the byte before with it.
        let (certain, end, copied) = (known(R::LOOKAHEAD), known(2), known(3));

        // No escape is longer in plain text.
        let filled = self.text.len();
        self.text.resize(filled + length - at, 0);
        let mut copy = Copy {
            text: &mut self.text,
            filled,
            breaks: &mut self.breaks,
            start: self.start,
            below: start,
        };
        let mut search = at;
        let copied = loop {
            let Some(trigger) = next_trigger::<R>(window, search, end) else {
                break copied.max(at);
            };
            if trigger >= certain {
                // What it is will be known later, and may begin with the byte before.
                break at.max(trigger.saturating_sub(1));
            }
            let Some(escape) = R::escape_at(window, trigger) else {
                search = trigger + 1;
                continue;
            };
            copy.push(&window[at..escape.start.max(at)]);
            copy.push_plain(escape);
            (at, search) = (escape.end, escape.end);
        };
        copy.push(&window[at..copied]);
        let filled = copy.filled;
        self.text.truncate(filled);
        self.read = start + copied as u64;
    }

    /// Where what the byte at `place` is made of starts in the text below.
    pub(super) fn start_of(&self, place: u64) -> u64 {
        let last = self.break_at(place);
        last.after + (place - last.place)
    }

    /// Where what the byte before `place` is made of ends in the text below.
    pub(super) fn end_of(&self, place: u64) -> u64 {
        let last = self.break_at(place);
        if last.place == place { last.before } else { last.after + (place - last.place) }
    }

    /// The last break up to a place in the window, or at its end.
    fn break_at(&self, place: u64) -> Break {
        let later = self.breaks.partition_point(|other| other.place <= place);
        self.breaks[later.saturating_sub(1)]
    }

    /// Drops what comes before a place, and returns where the text below is needed from.
    pub(super) fn forget(&mut self, place: u64) -> u64 {
        let dropped = index(place, self.start);
        self.text.drain(..dropped);
        self.start = place;
        let later = self.breaks.partition_point(|other| other.place <= place);
        self.breaks.drain(..later.saturating_sub(1));
        self.needed_from()
    }
}

/// A copy in the making.
struct Copy<'l> {
    text: &'l mut [u8],
    filled: usize,
    breaks: &'l mut Vec<Break>,
    /// Place of the first byte of `text`.
    start: u64,
    /// Place of the first byte of the window that it is made of.
    below: u64,
}

impl Copy<'_> {
    /// Copies what lies between two escapes, which is often a single byte.
    #[inline]
    fn push(&mut self, bytes: &[u8]) {
        match bytes {
            [] => {}
            [byte] => self.text[self.filled] = *byte,
            _ => self.text[self.filled..][..bytes.len()].copy_from_slice(bytes),
        }
        self.filled += bytes.len();
    }

    #[inline]
    fn push_plain(&mut self, escape: Escape) {
        match escape.plain {
            Plain::Byte(byte) => self.push(&[byte]),
            Plain::Pair(pair) => self.push(&pair),
            Plain::Nothing => {
                if self.join(escape) {
                    return;
                }
                self.push(b" ");
            }
        }
        let after = self.below + escape.end as u64;
        self.breaks.push(Break { place: self.place(), before: after, after });
    }

    /// Joins what is before an escape and after it, unless too many escapes are between.
    #[inline(never)]
    fn join(&mut self, escape: Escape) -> bool {
        let place = self.place();
        let before = self.below + escape.start as u64;
        let after = self.below + escape.end as u64;
        let last = self.breaks.last_mut().filter(|last| last.place == place);
        let gap_start = last.as_ref().map_or(before, |last| last.before);
        if after - gap_start > LONGEST_GAP {
            return false;
        }
        match last {
            Some(last) => last.after = after,
            None => self.breaks.push(Break { place, before, after }),
        }
        true
    }

    fn place(&self) -> u64 {
        self.start + self.filled as u64
    }
}

/// Index of a place in a window that starts at another.
fn index(place: u64, start: u64) -> usize {
    usize::try_from(place - start).unwrap_or(usize::MAX)
}

/// Bytes looked at one by one before blocks are: escapes often come close together.
const NEAR: usize = 16;
const BLOCK: usize = 64;

/// The next byte from `from` on, and before `end`, with which an escape may start.
#[inline]
fn next_trigger<R: Reading>(text: &[u8], from: usize, end: usize) -> Option<usize> {
    let near = end.min(from + NEAR);
    trigger_in::<R>(text, from, near).or_else(|| next_far_trigger::<R>(text, near, end))
}

#[inline(never)]
fn next_far_trigger<R: Reading>(text: &[u8], from: usize, end: usize) -> Option<usize> {
    let mut at = from;
    while at < end
        && let Some(block) = text[at..].first_chunk::<{ BLOCK + 1 }>()
    {
        let pairs = block[..BLOCK].iter().zip(&block[1..]);
        if pairs.fold(false, |any, (byte, next)| any | R::is_trigger(*byte, *next)) {
            break;
        }
        at += BLOCK;
    }
    trigger_in::<R>(text, at, end)
}

/// The first trigger of a range. The last byte of a text has none after it, and none is one.
#[inline]
fn trigger_in<R: Reading>(text: &[u8], from: usize, end: usize) -> Option<usize> {
    let bytes = text.get(from..end)?;
    let next = text.get(from + 1..)?;
    let mut pairs = bytes.iter().zip(next);
    pairs.position(|(byte, next)| R::is_trigger(*byte, *next)).map(|index| from + index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The copy of a text that arrives in pieces, and where each byte of it comes from.
    fn copy(reading: Rule, text: &[u8], ends: &[usize]) -> (Vec<u8>, Vec<(u64, u64)>) {
        let mut layer = Layer::new(reading, 0);
        for end in ends {
            layer.read(&text[..*end], 0, false);
            assert!(layer.read_until() <= *end as u64);
        }
        layer.read(text, 0, true);
        assert_eq!(layer.read_until(), text.len() as u64);
        let places = 0..layer.text.len() as u64;
        let origins = places
            .map(|place| (layer.start_of(place), layer.end_of(place + 1)))
            .collect();
        (layer.text, origins)
    }

    fn plain(reading: Rule, text: &str) -> String {
        let (copy, _) = copy(reading, text.as_bytes(), &[]);
        copy.iter().map(|byte| char::from(*byte)).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn pieces_give_the_copy_of_the_whole(
            text in "(1|[.]|\\[[.]\\]| \\[[.]\\] |\\(dot|\\)| |\n|%3|a|%|\\\\|u00|\x1b|\\[|;m|\\]|\x07|\x1b\\[m){0,30}",
            ends in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
        ) {
            let text = text.as_bytes();
            let mut ends: Vec<_> = ends.iter().map(|end| end.index(text.len() + 1)).collect();
            ends.sort_unstable();
            for reading in IN_ORDER {
                prop_assert_eq!(copy(reading, text, &ends), copy(reading, text, &[]));
            }
        }
    }

    #[test]
    fn every_cut_of_every_escape_is_without_a_seam() {
        for (reading, text) in [
            (Rule::Defanged, "1 [.] 2 [.]3[dot]4 1(DOT)2[::]3 [:] 4\\.5 x[.]y {.}"),
            (Rule::JsonEscapes, r#"\n\\n\u003a\u12\xff\"\/\q\"#),
            (Rule::PercentEncoded, "%3a%3A%%33%g1%1"),
            (
                Rule::AnsiEscapes,
                "a\x1b[1mb\x1b]0;t\x1b\\c\x1b(Bd\x1b7e\x1b[5;5Hf\x1b[g\x1b]x",
            ),
        ] {
            let text = text.as_bytes();
            for first in 0..=text.len() {
                for second in first..=text.len() {
                    let ends = [first, second];
                    assert_eq!(
                        copy(reading, text, &ends),
                        copy(reading, text, &[]),
                        "{ends:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn escapes_stand_for_what_their_formats_say() {
        let defanged = |text| plain(Rule::Defanged, text);
        assert_eq!(defanged("1[.]2(.)3{.}4"), "1.2.3.4");
        assert_eq!(defanged("1 [.] 2 [dot]3\\.4[.5"), "1.2.3.4.5");
        assert_eq!(defanged("2001[:]db8[::]1 a[::] [::]b"), "2001:db8::1 a:: ::b");
        assert_eq!(defanged("x[.]y f(.) 1[.] 80 [::]:80"), "x[.]y f(.) 1[.] 80 [::]:80");
        let json = |text| plain(Rule::JsonEscapes, text);
        assert_eq!(json(r#"\"\\\/\b\f\n\r\t"#), "\"\\/\u{8}\u{c}\n\r\t");
        assert_eq!(json(r"\u003A\x3a\u0130\u00ff"), "::\u{ff}\u{ff}");
        assert_eq!(json(r"\.\u00\x\uzzzz\"), r"\.\u00\x\uzzzz\");
        assert_eq!(plain(Rule::PercentEncoded, "%5b%3A%5D%%3%zz%25"), "[:]%%3%zz%");
        let ansi = |text| plain(Rule::AnsiEscapes, text);
        assert_eq!(ansi("\x1b[31m1.\x1b[K2\x1b[m\x1b(B\x1b7"), "1.2");
        assert_eq!(ansi("1\x1b[2;3H2\x1b[5C3"), "1 2 3");
        assert_eq!(ansi("\x1b]8;;http://x\x1b\\link\x1b]8;;\x07"), "link");
        assert_eq!(
            ansi("\x1b\x1b[\x01\x1b[3\n1m\x1b]0;\n"),
            "\x1b\x1b[\x01\x1b[3\n1m\x1b]0;\n"
        );
    }

    #[test]
    fn a_long_run_of_escapes_separates() {
        let run = |count: usize| format!("1{}2", "\x1b[1m".repeat(count));
        assert_eq!(plain(Rule::AnsiEscapes, &run(64)), "12");
        assert_eq!(plain(Rule::AnsiEscapes, &run(65)), "1 2");
        assert_eq!(plain(Rule::AnsiEscapes, &run(130)), "1  2");
        let link =
            format!("1\x1b]8;;{}\x07{}\x1b[m2", "x".repeat(300), "\x1b[1m".repeat(64));
        assert_eq!(plain(Rule::AnsiEscapes, &link), "1  2");
    }

    #[test]
    fn what_is_forgotten_is_no_longer_needed() {
        let mut layer = Layer::new(Rule::PercentEncoded, 0);
        let text = b"a%31b".repeat(1000);
        layer.read(&text, 0, true);
        let needed = layer.forget(2997);
        assert_eq!(needed, 5 * 999);
        assert_eq!(layer.window(), (&b"a1b"[..], 2997));
        assert_eq!((layer.start_of(2998), layer.end_of(2999)), (4996, 4999));
        assert!(layer.breaks.len() <= 2);
    }
}
