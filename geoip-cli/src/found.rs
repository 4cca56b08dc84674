//! What is found in a part of an input: every address, or the client of each line of a log.

use std::{
    net::IpAddr,
    sync::{
        Condvar, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use geoip_extract::parallel::Block;
use geoip_log::{Format, Outcome, Parser, TimeFinder, Timestamp};

/// An address, and what its line says of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'b> {
    pub(crate) address: IpAddr,
    /// The address as it is written.
    pub(crate) text: &'b [u8],
    /// Bytes of the input before it.
    pub(crate) offset: u64,
    /// When, if that is wanted and known.
    pub(crate) time: Option<Timestamp>,
    /// How often, where a line stands for several.
    pub(crate) count: u32,
    /// What else the line of a log says.
    pub(crate) said: Said<'b>,
}

/// What some formats of logs say beside client and time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Said<'b> {
    /// The user, in the words of a stranger.
    pub(crate) user: Option<&'b [u8]>,
    /// What sshd did.
    pub(crate) outcome: Option<Outcome>,
    /// The status of a response.
    pub(crate) status: Option<u16>,
}

/// How one input is read.
#[derive(Debug)]
pub(crate) enum Reading {
    /// Every address, of any text.
    Plain,
    /// Every address, and the times of the lines.
    Timed(InOrder<TimeFinder>),
    /// The client of each line of a log.
    Log(InOrder<Parser>),
}

/// Lines that were read as those of a log.
#[derive(Debug, Default)]
pub(crate) struct LineCounts {
    /// All lines.
    pub(crate) lines: AtomicU64,
    /// Those that name no client.
    pub(crate) without_client: AtomicU64,
}

impl Reading {
    pub(crate) fn timed(finder: TimeFinder) -> Self {
        let carries_state = finder.carries_state();
        Self::Timed(InOrder::new(finder, carries_state))
    }

    pub(crate) fn log(parser: Parser) -> Self {
        let carries_state = parser.carries_state();
        Self::Log(InOrder::new(parser, carries_state))
    }

    /// The format, if it is that of a log.
    pub(crate) fn format(&self) -> Option<Format> {
        match self {
            Self::Log(parser) => Some(parser.first.format()),
            _ => None,
        }
    }

    /// Call `take` with what is found in a block, in order.
    pub(crate) fn each<'b>(
        &self,
        block: &Block<'b>,
        counts: &LineCounts,
        mut take: impl FnMut(Found<'b>),
    ) {
        match self {
            Self::Plain => block.matches().map(of_match).for_each(take),
            Self::Timed(finder) => {
                finder.with(block, |finder| each_timed(finder, block, &mut take));
            }
            Self::Log(parser) => {
                let (lines, without_client) =
                    parser.with(block, |parser| each_client(parser, block, &mut take));
                counts.lines.fetch_add(lines, Relaxed);
                counts.without_client.fetch_add(without_client, Relaxed);
            }
        }
    }
}

fn of_match(found: geoip_extract::AddressMatch<'_>) -> Found<'_> {
    Found {
        address: found.address(),
        text: found.text(),
        offset: found.offset(),
        time: None,
        count: 1,
        said: Said::default(),
    }
}

/// Every address with the time of its line.
fn each_timed<'b>(
    finder: &mut TimeFinder,
    block: &Block<'b>,
    take: &mut impl FnMut(Found<'b>),
) {
    let mut matches = block.matches().map(of_match).peekable();
    for (offset, line) in lines(block) {
        let end = offset + line.len() as u64;
        let mut here = matches.next_if(|found| found.offset < end);
        if here.is_none() && !finder.carries_state() {
            continue;
        }
        let time = finder.time_of(line);
        while let Some(found) = here {
            take(Found { time, ..found });
            here = matches.next_if(|found| found.offset < end);
        }
    }
}

/// The client of each line. Returned is how many lines there were, and how many of them
/// name no client.
fn each_client<'b>(
    parser: &mut Parser,
    block: &Block<'b>,
    take: &mut impl FnMut(Found<'b>),
) -> (u64, u64) {
    let (mut count, mut without_client) = (0, 0);
    for (offset, line) in lines(block) {
        count += 1;
        // A piece of a very long line says nothing by itself.
        let starts = block.starts_line() || offset > block.offset();
        let ends = block.ends_line() || line.ends_with(b"\n");
        let entry = if starts && ends { parser.parse(line) } else { None };
        let client =
            entry.and_then(|entry| Some((entry, entry.client?, entry.client_span()?)));
        let Some((entry, address, span)) = client else {
            without_client += 1;
            continue;
        };
        take(Found {
            address,
            offset: offset + span.start as u64,
            text: &line[span],
            time: entry.time,
            count: entry.count,
            said: Said { user: entry.user, outcome: entry.outcome, status: entry.status },
        });
    }
    (count, without_client)
}

/// The lines of a block with their ends, and how many bytes of the input precede each.
fn lines<'b>(block: &Block<'b>) -> impl Iterator<Item = (u64, &'b [u8])> {
    let mut rest = block.bytes();
    let mut offset = block.offset();
    std::iter::from_fn(move || {
        let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |feed| feed + 1);
        let (line, after) = rest.split_at(length);
        let start = offset;
        rest = after;
        offset += length as u64;
        (!line.is_empty()).then_some((start, line))
    })
}

/// What reads the lines of one input: a copy for each block, or, if it remembers lines, one
/// for all blocks, which then wait for their turn.
#[derive(Debug)]
pub(crate) struct InOrder<P> {
    first: P,
    turns: Option<Turns<P>>,
}

#[derive(Debug)]
struct Turns<P> {
    /// What reads, and the offset of the block whose turn it is.
    state: Mutex<(P, u64)>,
    advanced: Condvar,
}

impl<P: Clone> InOrder<P> {
    fn new(first: P, carries_state: bool) -> Self {
        let turns = carries_state.then(|| Turns {
            state: Mutex::new((first.clone(), 0)),
            advanced: Condvar::new(),
        });
        Self { first, turns }
    }

    fn with<T>(&self, block: &Block<'_>, read: impl FnOnce(&mut P) -> T) -> T {
        let Some(turns) = &self.turns else { return read(&mut self.first.clone()) };
        let state = turns.state.lock().unwrap_or_else(PoisonError::into_inner);
        // Blocks are handed out in order, so the one that is waited for is at work. A file
        // that is followed begins anew when it is rotated, with a lower offset.
        let before = |(_, next): &mut (P, u64)| *next < block.offset();
        let state = turns.advanced.wait_while(state, before);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        let read = read(&mut state.0);
        state.1 = block.offset() + block.bytes().len() as u64;
        drop(state);
        turns.advanced.notify_all();
        read
    }
}
