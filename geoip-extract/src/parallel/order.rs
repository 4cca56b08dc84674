//! What the threads made, put back in order.

use std::collections::BTreeMap;
use std::io;
use std::ops::ControlFlow;

use super::Search;

/// What comes from an input at one place in its order.
pub(super) enum Outcome<T> {
    Made(T),
    /// Nothing more comes from this input, because of an error.
    Failed(io::Error),
    /// Nothing more comes from this input.
    Ended,
}

/// Hands outcomes on in the order of inputs and blocks.
pub(super) struct Order<T, B, C> {
    /// The input whose turn it is, and the block of it.
    next: (usize, u64),
    waiting: BTreeMap<(usize, u64), Outcome<T>>,
    flow: ControlFlow<B>,
    collect: C,
}

impl<T, B, C: FnMut(usize, io::Result<T>) -> ControlFlow<B>> Order<T, B, C> {
    pub(super) fn new(collect: C) -> Self {
        let (next, waiting) = ((0, 0), BTreeMap::new());
        Self { next, waiting, flow: ControlFlow::Continue(()), collect }
    }

    /// Takes the outcome of a place, and hands on all whose turn it is.
    pub(super) fn take(&mut self, place: (usize, u64), outcome: Outcome<T>) {
        self.waiting.insert(place, outcome);
        while self.flow.is_continue()
            && let Some(outcome) = self.waiting.remove(&self.next)
        {
            let (input, block) = self.next;
            self.next = match outcome {
                Outcome::Made(_) => (input, block + 1),
                Outcome::Failed(_) | Outcome::Ended => (input + 1, 0),
            };
            self.flow = match outcome {
                Outcome::Made(made) => (self.collect)(input, Ok(made)),
                Outcome::Failed(error) => (self.collect)(input, Err(error)),
                Outcome::Ended => ControlFlow::Continue(()),
            };
        }
    }

    /// The input whose turn it is.
    pub(super) fn input(&self) -> usize {
        self.next.0
    }

    /// Whether so much waits that nothing else than the input whose turn it is may be read.
    pub(super) fn is_full(&self) -> bool {
        self.waiting.len() >= Search::PENDING
    }

    pub(super) fn is_over(&self) -> bool {
        self.flow.is_break()
    }

    pub(super) fn into_flow(self) -> ControlFlow<B> {
        self.flow
    }
}
