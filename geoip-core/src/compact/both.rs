//! Two things at the same time.

use std::{panic, thread};

/// What two functions answer, each with a processor of its own if there are two.
pub(super) fn both<A: Send, B>(
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B,
) -> (A, B) {
    // Where there are no threads at all, this is an error.
    let threads = thread::available_parallelism().map_or(1, usize::from);
    if threads < 2 {
        return (first(), second());
    }
    thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (first.join().unwrap_or_else(|panic| panic::resume_unwind(panic)), second)
    })
}
