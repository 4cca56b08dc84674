//! Every input through the extractor: on several threads, in the order of the text.

use std::{
    fmt,
    io::{self, Read},
    ops::ControlFlow,
    sync::OnceLock,
};

use anyhow::Result;
use geoip_core::{AddressMap, AddressTally};
use geoip_extract::{
    NetworkForms, NetworkMatch, Rule, networks,
    parallel::{self, Block},
};
use geoip_log::{Format, Timestamp};

use crate::{
    args::{Global, Inputs},
    direction::{Direction, Directions, direction},
    found::{Found, LineCounts, Reading},
    input::{self, Follow, Input, Lines, Progress, Source},
    log::LineReader,
    output::{self, Out},
    selection::Selected,
    text::{counted, thousands},
    timeline::{Logins, Timeline},
};

/// A search of all sources.
#[derive(Debug)]
pub(crate) struct Search<'a> {
    global: &'a Global,
    sources: Vec<Source>,
    selected: Selected,
    lines: LineReader,
    /// How each source is read, from when it was opened.
    readings: Vec<OnceLock<Reading>>,
    counts: LineCounts,
    progress: Progress<'a>,
    counts_lines: bool,
    follows: bool,
}

/// A part of a source, with the addresses that are wanted of it.
pub(crate) struct Part<'p, 'b> {
    pub(crate) block: &'p Block<'b>,
    search: &'p Search<'p>,
}

impl<'b> Part<'_, 'b> {
    /// Call `take` with each address, in order. To be called once for a part.
    pub(crate) fn each(&self, mut take: impl FnMut(Found<'b>)) {
        let reading = self.search.readings[self.block.input()].get();
        let selected = &self.search.selected;
        reading.unwrap_or(&Reading::Plain).each(
            self.block,
            &self.search.counts,
            |found| {
                if selected.takes(found.address) {
                    take(found);
                }
            },
        );
    }

    /// Whether an address of this part is a source or a destination, if that is told. The
    /// client of a log is where a request comes from.
    fn direction(&self, found: &Found<'b>) -> Option<Direction> {
        let (bytes, start) = (self.block.bytes(), self.block.offset());
        let at = usize::try_from(found.offset.checked_sub(start)?).ok()?;
        let before = bytes.get(..at)?;
        let line = memchr::memrchr(b'\n', before).map_or(0, |feed| feed + 1);
        let after = bytes.get(at + found.text.len()..)?;
        let after = &after[..memchr::memchr(b'\n', after).unwrap_or(after.len())];
        let reading = self.search.readings[self.block.input()].get();
        let is_client = reading.is_some_and(|reading| reading.format().is_some());
        direction(&before[line..], after)
            .or_else(|| is_client.then_some(Direction::Source))
    }

    /// Call `take` with each network whose address is wanted, in order.
    pub(crate) fn each_network(
        &self,
        forms: NetworkForms,
        take: impl FnMut(NetworkMatch<'b>),
    ) {
        networks(self.block.matches(), forms)
            .filter(|network| self.search.selected.takes(network.found.address()))
            .for_each(take);
    }
}

/// What a command wants to know beside the addresses.
#[expect(clippy::struct_excessive_bools, reason = "what one can want or not")]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wants {
    /// When they were seen.
    pub(crate) times: bool,
    /// What else logs say: then they are read as logs where they look like one, if not
    /// asked for otherwise.
    pub(crate) logs: bool,
    /// In which lines.
    pub(crate) line_numbers: bool,
    /// Whether it prints while it reads.
    pub(crate) prints: bool,
    /// Whether it goes on when the end of the sources is reached.
    pub(crate) follows: bool,
}

impl<'a> Search<'a> {
    pub(crate) fn new(global: &'a Global, inputs: &Inputs, wants: Wants) -> Result<Self> {
        let selected = Selected::new(inputs, &inputs.selection)?;
        let lines = LineReader::new(&inputs.lines, wants.times, wants.logs)?;
        let sources = if wants.follows {
            input::sources_to_follow(global, inputs)?
        } else {
            input::sources(global, inputs)?
        };
        // Results and a bar would be in each other's way.
        let progress = if wants.prints && output::goes_to_terminal(global) {
            Progress::hidden(global)
        } else {
            Progress::new(global, &sources)
        };
        Ok(Self {
            global,
            readings: sources.iter().map(|_| OnceLock::new()).collect(),
            sources,
            selected,
            lines,
            counts: LineCounts::default(),
            progress,
            counts_lines: wants.line_numbers,
            follows: wants.follows,
        })
    }

    /// Whether the text of every address is plainly an address: through escapes it may be
    /// anything.
    pub(crate) fn has_plain_texts(&self) -> bool {
        let extractor = self.selected.extractor();
        let mut readings = Rule::ALL.iter().filter(|rule| rule.is_reading());
        self.lines.takes_everything() && !readings.any(|rule| extractor.has(*rule))
    }

    /// The names of the sources, as messages and results have them.
    pub(crate) fn names(&self) -> Vec<String> {
        self.sources.iter().map(Source::name).collect()
    }

    /// Call `search` with every part of every source, on any thread and with a state of
    /// that thread's own, and `collect` with what it makes, in order. The states of all
    /// threads are returned.
    ///
    /// A source that was found in a folder and cannot be read is said and passed over.
    pub(crate) fn run<S: Send, T: Send>(
        &self,
        state: impl Fn() -> S + Sync,
        search: impl Fn(&mut S, &Part<'_, '_>) -> T + Sync,
        mut collect: impl FnMut(&Source, T) -> Result<()> + Send,
    ) -> Result<Vec<S>> {
        if self.follows {
            return self.follow(state(), search, collect).map(|state| vec![state]);
        }
        let mut blocks = parallel::Search::new(self.selected.extractor().clone())
            .counts_lines(self.counts_lines);
        if let Some(threads) = self.global.threads {
            blocks = blocks.threads(threads);
        }
        let (flow, states) = blocks.run(
            |index| self.sources.get(index).map(|source| self.open(index, source)),
            state,
            |state, block| search(state, &Part { block, search: self }),
            |index, made| {
                let source = &self.sources[index];
                let collected = match made {
                    Ok(made) => collect(source, made),
                    Err(error) => self.progress.unread(source, explanation(error)),
                };
                match collected {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(error) => ControlFlow::Break(error),
                }
            },
        );
        match flow {
            ControlFlow::Continue(()) => Ok(states),
            ControlFlow::Break(error) => Err(error),
        }
    }

    /// The same, going on when the end of the sources is reached. Lines come one by one, so
    /// one thread has time enough.
    fn follow<S, T>(
        &self,
        mut state: S,
        search: impl Fn(&mut S, &Part<'_, '_>) -> T,
        mut collect: impl FnMut(&Source, T) -> Result<()>,
    ) -> Result<S> {
        let mut follow = Follow::new(&self.sources, &self.progress)?;
        // What was found is passed on at once, see `is_live`.
        while let Some(lines) = follow.next_lines()? {
            let Lines { source: index, bytes, offset, line } = lines;
            let source = &self.sources[index];
            self.readings[index].get_or_init(|| self.reading(source, bytes));
            let block =
                Block::of_lines(self.selected.extractor(), bytes, index, offset, line);
            let made = search(&mut state, &Part { block: &block, search: self });
            collect(source, made)?;
        }
        Ok(state)
    }

    /// Whether nobody knows when more comes of a source, so that what was found must be
    /// passed on at once.
    pub(crate) fn is_live(&self, source: &Source) -> bool {
        self.follows || source.is_live()
    }

    /// Write what came of a part of a source.
    pub(crate) fn write(
        &self,
        out: &mut Out<'_>,
        source: &Source,
        bytes: &[u8],
    ) -> Result<()> {
        out.write_all(bytes)?;
        if self.is_live(source) {
            out.flush()?;
        }
        Ok(())
    }

    /// Write what `make` makes of each part. Returned is whether that was anything.
    pub(crate) fn print(
        &self,
        out: &mut Out<'_>,
        make: impl Fn(&Part<'_, '_>) -> Vec<u8> + Sync,
    ) -> Result<bool> {
        let mut found = false;
        self.run(
            || (),
            |(), part| make(part),
            |source, made| {
                found |= !made.is_empty();
                self.write(out, source, &made)
            },
        )?;
        Ok(found)
    }

    /// How a source is read that begins like this.
    fn reading(&self, source: &Source, head: &[u8]) -> Reading {
        let (reading, as_asked) = self.lines.reading(source.path(), head);
        if !as_asked {
            self.progress.say(&format!(
                "{} looks like no log that is known, so every address is taken",
                source.name()
            ));
        }
        reading
    }

    fn open(&self, index: usize, source: &Source) -> io::Result<parallel::Input<Reader>> {
        let input = input::open(source, &self.progress).map_err(explained)?;
        let Some(mut input) = input else {
            return Ok(parallel::Input { reader: Reader::Nothing, slow: false });
        };
        let mut head = Vec::new();
        if self.lines.needs_head() {
            head = input.head().map_err(|error| explained(input.explain(error)))?;
        }
        let reading = self.reading(source, &head);
        // Each source is opened once.
        let _ = self.readings[index].set(reading);
        let slow = input.is_packed();
        Ok(parallel::Input { reader: Reader::Open(input), slow })
    }

    /// As what the sources were read: the names of formats of logs, and `text` where every
    /// address was taken.
    pub(crate) fn formats(&self) -> Vec<&'static str> {
        let readings = self.readings.iter().filter_map(OnceLock::get);
        let mut formats: Vec<_> = readings
            .map(|reading| reading.format().map_or("text", Format::name))
            .collect();
        formats.sort_unstable();
        formats.dedup();
        formats
    }

    /// End the search: take the progress off the terminal, and say what was left out.
    pub(crate) fn finish(self) -> Vec<Source> {
        self.progress.finish();
        let formats = self.readings.iter().filter_map(|reading| reading.get()?.format());
        let mut formats: Vec<_> = formats.map(Format::name).collect();
        formats.sort_unstable();
        formats.dedup();
        let without_client = self.counts.without_client.into_inner();
        if without_client > 0 {
            output::note(
                self.global,
                &format!(
                    "{} of {} {} no client ({})",
                    thousands(without_client),
                    counted(self.counts.lines.into_inner(), "line", "lines"),
                    if without_client == 1 { "names" } else { "name" },
                    formats.join(", ")
                ),
            );
        }
        self.sources
    }
}

/// How often each address was found, and what was noted, in all sources.
#[derive(Debug)]
pub(crate) struct Scan {
    pub(crate) tally: AddressTally,
    /// First and last time of each address whose lines have one.
    pub(crate) times: AddressMap<Seen>,
    pub(crate) timeline: Timeline,
    pub(crate) directions: AddressMap<Directions>,
    /// The sources, in order.
    pub(crate) sources: Vec<Source>,
}

/// What to note of each address beside how often it was found.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Noting {
    /// When it was seen first and last.
    pub(crate) times: bool,
    /// How many hits there were when; only with times.
    pub(crate) timeline: bool,
    /// Whether it is a source or a destination.
    pub(crate) directions: bool,
}

impl Noting {
    pub(crate) const TIMES: Self =
        Self { times: true, timeline: false, directions: false };
}

/// What was counted and noted of the addresses.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    pub(crate) tally: AddressTally,
    /// First and last time of each address whose lines have one.
    pub(crate) times: AddressMap<Seen>,
    pub(crate) timeline: Timeline,
    /// Those whose lines tell it.
    pub(crate) directions: AddressMap<Directions>,
}

/// When an address was seen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub(crate) first: Timestamp,
    pub(crate) last: Timestamp,
}

impl Seen {
    fn join(&mut self, other: Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

impl Scan {
    /// The sources for a title: `access.log`, `access.log and 3 more`.
    pub(crate) fn title(&self) -> String {
        match self.sources.as_slice() {
            [] => "nothing".into(),
            [one] => one.short_name(),
            [one, other] => format!("{} and {}", one.short_name(), other.short_name()),
            [first, rest @ ..] => {
                format!("{} and {} more", first.short_name(), rest.len())
            }
        }
    }
}

/// Count the addresses of all inputs, and note what is asked for.
pub(crate) fn scan(global: &Global, inputs: &Inputs, noting: Noting) -> Result<Scan> {
    let wants = Wants { times: noting.times, ..Wants::default() };
    let search = Search::new(global, inputs, wants)?;
    let Counted { tally, times, timeline, directions } = search.count(noting)?;
    Ok(Scan { tally, times, timeline, directions, sources: search.finish() })
}

impl Counted {
    fn take(&mut self, found: &Found<'_>, part: &Part<'_, '_>, noting: Noting) {
        let hits = u64::from(found.count);
        if let Some(time) = found.time {
            let seen = Seen { first: time, last: time };
            self.times.or_insert_with(found.address, || seen).join(seen);
        }
        if noting.timeline {
            self.timeline.add(found.address, found.time, hits, Logins::default());
        }
        if noting.directions
            && let Some(direction) = part.direction(found)
        {
            *self.directions.or_insert_with(found.address, Directions::default) +=
                Directions::of(direction, hits);
        }
    }

    fn merge(&mut self, other: Self) {
        self.tally.merge(&other.tally);
        self.times.merge(other.times, Seen::join);
        self.timeline.merge(other.timeline);
        self.directions.merge(other.directions, |ours, theirs| *ours += theirs);
    }
}

impl Search<'_> {
    /// How often each address that is wanted was found, and what is to be noted of it.
    pub(crate) fn count(&self, noting: Noting) -> Result<Counted> {
        let mut states = self.run(
            || (Counted::default(), Vec::new()),
            |(counted, once), part| {
                part.each(|found| {
                    if found.count == 1 {
                        once.push(found.address);
                    } else {
                        counted.tally.add_n(found.address, found.count.into());
                    }
                    counted.take(&found, part, noting);
                });
                // Many at once are counted faster than one by one.
                counted.tally.extend(once.drain(..));
            },
            |_, ()| Ok(()),
        )?;
        // The largest takes in the others: that moves the fewest.
        states.sort_by_key(|(counted, _)| counted.tally.len());
        let (mut counted, _) = states.pop().unwrap_or_default();
        for (other, _) in states {
            counted.merge(other);
        }
        Ok(counted)
    }
}

/// What is read of a source.
enum Reader {
    Open(Input),
    /// The source was passed over.
    Nothing,
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Self::Open(input) = self else { return Ok(0) };
        input.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            _ => explained(input.explain(error)),
        })
    }
}

/// An error with its explanation, on its way through an [`io::Error`].
#[derive(Debug)]
struct Explained(anyhow::Error);

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Explained {}

fn explained(error: anyhow::Error) -> io::Error {
    io::Error::other(Explained(error))
}

fn explanation(error: io::Error) -> anyhow::Error {
    match error.downcast::<Explained>() {
        Ok(explained) => explained.0,
        Err(error) => error.into(),
    }
}
