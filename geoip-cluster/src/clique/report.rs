//! Where cliques go, and what stops the search.

use crate::VertexId;
use std::ops::ControlFlow;

/// Counts cliques against the budgets and hands them on.
pub(super) struct Report<S, V> {
    pub(super) max_cliques: u64,
    pub(super) cliques: u64,
    pub(super) should_stop: S,
    pub(super) visit: V,
    steps: u32,
}

/// Why the search ended before its end.
pub(super) enum Halt<B> {
    CliqueLimit,
    Asked,
    Visitor(B),
}

impl<S: FnMut() -> bool, V: FnMut(&[VertexId]) -> ControlFlow<B>, B> Report<S, V> {
    /// How many steps of the search, of about a microsecond each, pass between two
    /// questions whether to stop.
    const STEPS_PER_QUESTION: u32 = 1024;

    pub(super) fn new(max_cliques: u64, should_stop: S, visit: V) -> Self {
        Self { max_cliques, cliques: 0, should_stop, visit, steps: 0 }
    }

    /// Called at every step of the search.
    pub(super) fn step(&mut self) -> ControlFlow<Halt<B>> {
        self.steps += 1;
        if self.steps >= Self::STEPS_PER_QUESTION {
            self.steps = 0;
            if (self.should_stop)() {
                return ControlFlow::Break(Halt::Asked);
            }
        }
        ControlFlow::Continue(())
    }

    pub(super) fn clique(&mut self, members: &[VertexId]) -> ControlFlow<Halt<B>> {
        // Only a clique too many shows that the limit left something out.
        if self.cliques >= self.max_cliques {
            return ControlFlow::Break(Halt::CliqueLimit);
        }
        self.cliques += 1;
        (self.visit)(members).map_break(Halt::Visitor)
    }
}
