//! Several threads on one stream or on many, with answers in the order of the text.
//!
//! A stream is cut into blocks of whole lines, a block for each read. No rule looks past the
//! end of a line, so each block can be searched by itself; what a search of it makes is handed
//! over in the order of the inputs and, within each, of its blocks. A line longer than
//! a mebibyte is handed out in pieces, which are searched one after the other with the
//! context that the rules need on both sides. So the seams are invisible, and memory depends
//! on neither the number nor the length of the streams and lines.

mod block;
mod cut;
mod order;
mod pool;
#[cfg(test)]
mod tests;

use std::io::{self, Read};
use std::num::NonZero;
use std::ops::ControlFlow;

pub use self::block::{Block, BlockMatches};
use self::pool::Pool;
use crate::extractor::Extractor;

/// Bytes asked for in one read: enough to make locks negligible, and within the L2 cache.
const READ: usize = 256 * 1024;
/// A line that has not ended after this many bytes is searched in pieces.
const LONG_LINE: usize = if cfg!(test) { 700 } else { 1 << 20 };

/// One of the streams of a [`Search`].
#[derive(Clone, Debug)]
pub struct Input<R> {
    /// Where the bytes come from.
    pub reader: R,
    /// Whether reading takes longer than searching, as with a compressed file. Then one
    /// thread reads it while the others turn to other inputs, if there are any.
    pub slow: bool,
}

/// A search of streams by several threads.
///
/// # Examples
/// Counting the addresses of a stream:
/// ```
/// use std::ops::ControlFlow;
/// use geoip_extract::{Extractor, parallel::{Input, Search}};
///
/// let log = b"192.0.2.1 GET /\n2001:db8::1 GET /\n".repeat(100_000);
/// let mut count = 0;
/// let flow = Search::new(Extractor::default()).run(
///     |index| (index == 0).then(|| Ok(Input { reader: &log[..], slow: false })),
///     || (),
///     |(), block| block.matches().count(),
///     |_input, found: std::io::Result<usize>| match found {
///         Ok(found) => {
///             count += found;
///             ControlFlow::Continue(())
///         }
///         Err(error) => ControlFlow::Break(error),
///     },
/// );
/// assert!(flow.0.is_continue());
/// assert_eq!(count, 200_000);
/// ```
#[derive(Clone, Debug)]
pub struct Search {
    extractor: Extractor,
    threads: NonZero<usize>,
    counts_lines: bool,
}

impl Search {
    /// A search with as many threads as the system recommends.
    pub fn new(extractor: Extractor) -> Self {
        let threads =
            std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        Self { extractor, threads, counts_lines: false }
    }

    /// How many threads search. One means the calling thread alone.
    #[must_use]
    pub fn threads(self, threads: NonZero<usize>) -> Self {
        Self { threads, ..self }
    }

    /// Whether blocks know the number of their first line. Off by default, since counting
    /// takes time.
    #[must_use]
    pub fn counts_lines(self, on: bool) -> Self {
        Self { counts_lines: on, ..self }
    }

    /// Search all inputs.
    ///
    /// * `open` gives the input of an index, counting from 0, and `None` after the last.
    /// * `state` makes what each thread keeps for itself, such as a table of counts.
    /// * `search` is called with each block, on any thread.
    /// * `collect` gets what `search` made, with the index of its input, in order; or the
    ///   error that ended an input. One call at a time, on any thread. When it breaks, the
    ///   search ends.
    ///
    /// Returned are what `collect` broke with, and the states of all threads, in no
    /// particular order.
    ///
    /// # Panics
    /// Only if one of the functions does.
    ///
    /// # Complexity
    /// O(n) time. Memory for a few megabytes a thread, and for at most
    /// [`Search::PENDING`] things that wait for their turn to be collected.
    pub fn run<R, S, T, B>(
        &self,
        open: impl Fn(usize) -> Option<io::Result<Input<R>>> + Sync,
        state: impl Fn() -> S + Sync,
        search: impl Fn(&mut S, &Block<'_>) -> T + Sync,
        collect: impl FnMut(usize, io::Result<T>) -> ControlFlow<B> + Send,
    ) -> (ControlFlow<B>, Vec<S>)
    where
        R: Read + Send,
        S: Send,
        T: Send,
        B: Send,
    {
        let pool = Pool::new(self, open, collect);
        let work = || {
            let mut state = state();
            pool.work(|block| search(&mut state, block));
            state
        };
        let states = std::thread::scope(|scope| {
            let others: Vec<_> =
                (1..self.threads.get()).map(|_| scope.spawn(work)).collect();
            let own = work();
            let others = others.into_iter().map(|thread| match thread.join() {
                Ok(state) => state,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            std::iter::once(own).chain(others).collect()
        });
        (pool.into_flow(), states)
    }

    /// How many things made of blocks may wait for their turn to be collected.
    pub const PENDING: usize = 64;
}
