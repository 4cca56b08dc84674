//! Every input through the extractor: on several threads, in the order of the text.

use std::{
    fmt,
    io::{self, Read},
    ops::ControlFlow,
};

use anyhow::Result;
use geoip_core::AddressTally;
use geoip_extract::parallel::{self, Block};

use crate::{
    args::{Global, Inputs, Selection},
    input::{self, Input, Progress, Source},
    selection::Selected,
};

/// What is searched, and for what.
#[derive(Debug)]
pub(crate) struct Search<'a> {
    pub(crate) global: &'a Global,
    pub(crate) sources: &'a [Source],
    pub(crate) selected: &'a Selected,
    pub(crate) progress: &'a Progress<'a>,
    /// Whether blocks need to know the number of their first line.
    pub(crate) counts_lines: bool,
}

impl Search<'_> {
    /// Call `search` with every block of every source, on any thread and with a state of
    /// that thread's own, and `collect` with what it makes, in order. The states of all
    /// threads are returned.
    ///
    /// A source that was found in a folder and cannot be read is said and passed over.
    pub(crate) fn run<S: Send, T: Send>(
        &self,
        state: impl Fn() -> S + Sync,
        search: impl Fn(&mut S, &Block<'_>) -> T + Sync,
        mut collect: impl FnMut(&Source, T) -> Result<()> + Send,
    ) -> Result<Vec<S>> {
        let mut blocks = parallel::Search::new(self.selected.extractor().clone())
            .counts_lines(self.counts_lines);
        if let Some(threads) = self.global.threads {
            blocks = blocks.threads(threads);
        }
        let (flow, states) = blocks.run(
            |index| self.sources.get(index).map(|source| self.open(source)),
            state,
            search,
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

    fn open(&self, source: &Source) -> io::Result<parallel::Input<Reader>> {
        match input::open(source, self.progress) {
            Ok(input) => {
                let slow = input.as_ref().is_some_and(Input::is_packed);
                Ok(parallel::Input { reader: Reader(input), slow })
            }
            Err(error) => Err(explained(error)),
        }
    }
}

/// How often each address was found, in all sources.
#[derive(Debug)]
pub(crate) struct Scan {
    pub(crate) tally: AddressTally,
    /// The sources, in order.
    pub(crate) sources: Vec<Source>,
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

/// Count the addresses of all inputs.
pub(crate) fn scan(
    global: &Global,
    inputs: &Inputs,
    selection: &Selection,
) -> Result<Scan> {
    let selected = Selected::new(inputs, selection)?;
    let sources = input::sources(global, inputs)?;
    let progress = Progress::new(global, &sources);
    let search = Search {
        global,
        sources: &sources,
        selected: &selected,
        progress: &progress,
        counts_lines: false,
    };
    let tally = search.count()?;
    progress.finish();
    Ok(Scan { tally, sources })
}

impl Search<'_> {
    /// How often each address that is wanted was found.
    pub(crate) fn count(&self) -> Result<AddressTally> {
        let tallies = self.run(
            AddressTally::new,
            |tally, block| {
                let addresses = block.matches().map(|found| found.address());
                tally.extend(addresses.filter(|address| self.selected.takes(*address)));
            },
            |_, ()| Ok(()),
        )?;
        // The largest takes in the others: that moves the fewest.
        let mut tallies = tallies;
        tallies.sort_by_key(AddressTally::len);
        let mut all = tallies.pop().unwrap_or_default();
        for tally in tallies {
            all.merge(tally);
        }
        Ok(all)
    }
}

/// What is read of a source; nothing if it was passed over.
struct Reader(Option<Input>);

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(input) = &mut self.0 else { return Ok(0) };
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
