//! The search below one class: Bron and Kerbosch's algorithm on rows of bits.
//!
//! A node of the search is a clique, the candidates that are neighbours of all its
//! members, and the excluded that are too. Vertices that are neighbours of all other
//! candidates join at once; else one with the most neighbours among the candidates is
//! the *pivot*, and only it and the candidates that are not its neighbours are tried
//! in turn, since a maximal clique without any of those could be extended by it.
//!
//! # References
//! C. Bron and J. Kerbosch, "Algorithm 457: finding all cliques of an undirected
//! graph", CACM 16(9), 1973. E. Tomita, A. Tanaka and H. Takahashi, "The worst-case
//! time complexity for generating all maximal cliques", TCS 363, 2006. D. Eppstein,
//! M. Löffler and D. Strash, "Listing all maximal cliques in sparse graphs in
//! near-optimal time", ISAAC 2010.

use super::bits;
use super::classes::{ClassId, Classes};
use super::local::{Local, Scratch};
use super::report::{Halt, Report};
use super::word::WordSearch;
use crate::VertexId;
use std::ops::ControlFlow;

/// Memory of a search, kept from one class to the next.
#[derive(Default)]
pub(super) struct Search {
    local: Local,
    scratch: Scratch,
    /// For each depth the candidates, the excluded (candidates tried before, then
    /// those excluded from the start), and the candidates still to be tried. A stack
    /// of our own: the search can be as deep as there are candidates.
    frames: Vec<u64>,
    /// For each depth the number of members before the candidate that led there.
    sizes: Vec<usize>,
    clique: Vec<VertexId>,
    universal: Vec<usize>,
    word: WordSearch,
}

/// What a clique must have to be reported.
#[derive(Clone, Copy)]
pub(super) struct Minimum<'a> {
    pub(super) members: usize,
    pub(super) weight: u64,
    /// The weight of each vertex.
    pub(super) weights: &'a dyn Fn(VertexId) -> u64,
}

impl Minimum<'_> {
    /// Whether any clique at all is enough.
    pub(super) fn is_nothing(&self) -> bool {
        self.members <= 1 && self.weight == 0
    }

    /// Whether these vertices are enough.
    pub(super) fn is_met(&self, vertices: impl Iterator<Item = VertexId>) -> bool {
        if self.is_nothing() {
            return true;
        }
        let (members, weight) = vertices.fold((0, 0_u64), |(members, weight), vertex| {
            (members + 1, weight.saturating_add((self.weights)(vertex)))
        });
        members >= self.members && weight >= self.weight
    }
}

impl Search {
    /// Reports the maximal cliques whose first class in degeneracy order is `center`.
    pub(super) fn run<B, S, V>(
        &mut self,
        graph: &Classes,
        center: ClassId,
        minimum: Minimum<'_>,
        report: &mut Report<S, V>,
    ) -> ControlFlow<Halt<B>>
    where
        S: FnMut() -> bool,
        V: FnMut(&[VertexId]) -> ControlFlow<B>,
    {
        report.step()?;
        if !self.local.fill(graph, center, &mut self.scratch) {
            return ControlFlow::Continue(());
        }
        self.clique.clear();
        self.clique.extend(graph.members(center));
        let (words, stride) = (self.local.words, self.local.stride);
        self.frames.clear();
        self.frames.resize(2 * words + stride, 0);
        bits::insert_first(&mut self.frames, self.local.classes.len());
        bits::insert_first(&mut self.frames[2 * words..], self.local.excluded);
        Walk { search: self, graph, minimum, report }.run()
    }
}

/// The parts of a search, borrowed for its walk.
struct Walk<'a, S, V> {
    search: &'a mut Search,
    graph: &'a Classes,
    minimum: Minimum<'a>,
    report: &'a mut Report<S, V>,
}

/// What one look at the candidates and the excluded of a node shows.
enum Outlook {
    /// Some excluded is a neighbour of all candidates: no clique here is maximal.
    Barren,
    /// The candidates not to try, being neighbours of this vertex.
    Pivot(usize),
    /// Some candidates are neighbours of all others.
    Universal,
}

impl<S, V, B> Walk<'_, S, V>
where
    S: FnMut() -> bool,
    V: FnMut(&[VertexId]) -> ControlFlow<B>,
{
    /// Walks the tree of nodes below the frame of depth zero.
    fn run(&mut self) -> ControlFlow<Halt<B>> {
        if !self.open(0)? {
            return ControlFlow::Continue(());
        }
        self.search.sizes.clear();
        self.search.sizes.push(0);
        while let Some(depth) = self.search.sizes.len().checked_sub(1) {
            let size = self.search.clique.len();
            if !self.descend(depth) {
                let size = self.search.sizes.pop().unwrap_or(0);
                self.search.clique.truncate(size);
            } else if self.open(depth + 1)? {
                self.search.sizes.push(size);
            } else {
                self.search.clique.truncate(size);
            }
        }
        ControlFlow::Continue(())
    }

    /// How many words a frame has.
    fn frame(&self) -> usize {
        2 * self.search.local.words + self.search.local.stride
    }

    /// Looks at the node in the frame of this depth; true if candidates of it are to
    /// be tried, false if it is done.
    fn open(&mut self, depth: usize) -> ControlFlow<Halt<B>, bool> {
        if let ControlFlow::Break(halt) = self.report.step() {
            return ControlFlow::Break(halt);
        }
        let base = depth * self.frame();
        if !self.can_meet_minimum(base) {
            return ControlFlow::Continue(false);
        }
        loop {
            let Search { local, frames, clique, universal, .. } = &mut *self.search;
            let frame = &mut frames[base..][..2 * local.words + local.stride];
            let (candidates, rest) = frame.split_at_mut(local.words);
            let (excluded, to_try) = rest.split_at_mut(local.stride);
            if bits::count(candidates) <= 64 {
                return match self.search_word(base) {
                    ControlFlow::Break(halt) => ControlFlow::Break(halt),
                    ControlFlow::Continue(()) => ControlFlow::Continue(false),
                };
            }
            match outlook(local, candidates, excluded, universal) {
                Outlook::Barren => return ControlFlow::Continue(false),
                Outlook::Pivot(pivot) => {
                    let near_pivot = local.candidates_near(pivot);
                    for (index, to_try) in to_try.iter_mut().enumerate() {
                        *to_try = candidates[index] & !near_pivot[index];
                    }
                    return ControlFlow::Continue(true);
                }
                Outlook::Universal => {
                    for candidate in universal.drain(..) {
                        bits::remove(candidates, candidate);
                        bits::intersect(excluded, local.row(candidate));
                        clique.extend(self.graph.members(local.classes[candidate]));
                    }
                }
            }
        }
    }

    /// Moves the next candidate to be tried at this depth into the clique and fills
    /// the frame below; false if there is none left.
    fn descend(&mut self, depth: usize) -> bool {
        let length = self.frame();
        let Search { local, frames, clique, .. } = &mut *self.search;
        let base = depth * length;
        if frames.len() < base + 2 * length {
            frames.resize(base + 2 * length, 0);
        }
        let (here, below) = frames[base..][..2 * length].split_at_mut(length);
        let sets = local.words + local.stride;
        let Some(candidate) = bits::pop_first(&mut here[sets..]) else { return false };
        let row = local.row(candidate);
        bits::set_common(below, &here[..local.words], row);
        bits::set_common(&mut below[local.words..], &here[local.words..sets], row);
        bits::remove(here, candidate);
        bits::insert(&mut here[local.words..], candidate);
        clique.extend(self.graph.members(local.classes[candidate]));
        true
    }

    /// Searches a node of at most 64 candidates, each set of which is one word.
    fn search_word(&mut self, base: usize) -> ControlFlow<Halt<B>> {
        let Search { local, frames, clique, word, .. } = &mut *self.search;
        let (candidates, rest) = frames[base..].split_at(local.words);
        let excluded = &rest[..local.stride];
        word.run(local, candidates, excluded, self.graph, clique, &mut |members| {
            self.report.step()?;
            if self.minimum.is_met(members.iter().copied()) {
                self.report.clique(members)?;
            }
            ControlFlow::Continue(())
        })
    }

    fn can_meet_minimum(&self, base: usize) -> bool {
        if self.minimum.is_nothing() {
            return true;
        }
        let Search { local, frames, clique, .. } = &*self.search;
        let candidates = bits::ones(&frames[base..base + local.words])
            .flat_map(|it| self.graph.members(local.classes[it]));
        self.minimum.is_met(clique.iter().chain(candidates).copied())
    }
}

/// Looks at every vertex of a node once; the universal candidates go to the list.
fn outlook(
    local: &Local,
    candidates: &[u64],
    excluded: &[u64],
    universal: &mut Vec<usize>,
) -> Outlook {
    let all = bits::count(candidates);
    let mut most = 0;
    let mut pivot = None;
    for vertex in bits::ones(excluded) {
        let common = bits::count_common(candidates, local.candidates_near(vertex));
        if common == all {
            return Outlook::Barren;
        }
        if common > most || pivot.is_none() {
            (most, pivot) = (common, Some(vertex));
        }
    }
    for vertex in bits::ones(candidates) {
        let common = bits::count_common(candidates, local.candidates_near(vertex));
        if common + 1 == all {
            universal.push(vertex);
        } else if common > most || pivot.is_none() {
            (most, pivot) = (common, Some(vertex));
        }
    }
    match pivot {
        Some(pivot) if universal.is_empty() => Outlook::Pivot(pivot),
        _ => Outlook::Universal,
    }
}
