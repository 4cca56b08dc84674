//! The search among at most 64 candidates, whose sets are single words.
//!
//! Most nodes of a search are as small as that. An excluded vertex matters only by
//! the candidates it is a neighbour of: it becomes one word, equal ones are one, and
//! those without neighbours left are gone.

use super::bits::{self, Gather, word_ones};
use super::classes::{ClassId, Classes};
use super::local::Local;
use crate::VertexId;
use std::ops::ControlFlow;

/// Candidates renumbered from zero, and their neighbours.
pub(super) struct WordSearch {
    classes: [ClassId; 64],
    adjacency: [u64; 64],
    /// The excluded of the nodes from the first to the present one, as the candidates
    /// they are neighbours of.
    excluded: Vec<u64>,
    gathers: Vec<(usize, Gather)>,
}

impl Default for WordSearch {
    fn default() -> Self {
        Self {
            classes: [0; 64],
            adjacency: [0; 64],
            excluded: Vec::new(),
            gathers: Vec::new(),
        }
    }
}

impl WordSearch {
    /// Reports the maximal cliques among these candidates, each with the members that
    /// `clique` already has.
    pub(super) fn run<H, R>(
        &mut self,
        local: &Local,
        candidates: &[u64],
        excluded: &[u64],
        graph: &Classes,
        clique: &mut Vec<VertexId>,
        report: &mut R,
    ) -> ControlFlow<H>
    where
        R: FnMut(&[VertexId]) -> ControlFlow<H>,
    {
        if bits::is_empty(candidates) {
            return if bits::is_empty(excluded) {
                report(clique)
            } else {
                ControlFlow::Continue(())
            };
        }
        self.gathers.clear();
        self.gathers.extend(
            (candidates.iter().enumerate())
                .filter(|&(_, &word)| word != 0)
                .map(|(index, &word)| (index, Gather::new(word))),
        );
        let mut len = 0;
        for candidate in bits::ones(candidates) {
            self.classes[len] = local.classes[candidate];
            self.adjacency[len] = self.gather(local.candidates_near(candidate));
            len += 1;
        }
        let all = !0 >> (64 - len);
        self.excluded.clear();
        for vertex in bits::ones(excluded) {
            match self.gather(local.candidates_near(vertex)) {
                0 => {}
                near if near == all => return ControlFlow::Continue(()),
                near => self.excluded.push(near),
            }
        }
        self.excluded.sort_unstable();
        self.excluded.dedup();
        self.expand(all, 0, graph, clique, report)
    }

    fn gather(&self, row: &[u64]) -> u64 {
        let mut shift = 0;
        let mut gathered = 0;
        for (index, gather) in &self.gathers {
            gathered |= gather.gather(row[*index]) << shift;
            shift += gather.mask().count_ones();
        }
        gathered
    }

    /// Searches a node: its candidates, and the excluded from `first` on, each of
    /// which is a neighbour of some candidate, but none of all.
    fn expand<H, R>(
        &mut self,
        mut candidates: u64,
        mut first: usize,
        graph: &Classes,
        clique: &mut Vec<VertexId>,
        report: &mut R,
    ) -> ControlFlow<H>
    where
        R: FnMut(&[VertexId]) -> ControlFlow<H>,
    {
        let size = clique.len();
        let end = self.excluded.len();
        let (universal, mut near_pivot) = self.outlook(candidates);
        if universal != 0 {
            for candidate in word_ones(universal) {
                clique.extend(graph.members(self.classes[candidate]));
            }
            candidates &= !universal;
            // Those are left that are neighbours of all universal candidates; one
            // that is a neighbour of all others too ends the search here.
            let barren = self.restrict_excluded(first..end, universal, candidates);
            if barren {
                self.excluded.truncate(end);
                clique.truncate(size);
                return ControlFlow::Continue(());
            }
            first = end;
        }
        let result = if candidates == 0 {
            report(clique)
        } else {
            let mut most = (near_pivot & candidates).count_ones();
            for &near in &self.excluded[first..] {
                if near.count_ones() > most {
                    (most, near_pivot) = (near.count_ones(), near);
                }
            }
            self.branch(candidates, near_pivot, first, graph, clique, report)
        };
        self.excluded.truncate(end);
        clique.truncate(size);
        result
    }

    /// The candidates that are neighbours of all others, and the neighbours of the one
    /// of the rest that has the most.
    fn outlook(&self, candidates: u64) -> (u64, u64) {
        let all = candidates.count_ones();
        let (mut universal, mut most, mut near_pivot) = (0, 0, 0);
        for candidate in word_ones(candidates) {
            let near = self.adjacency[candidate] & candidates;
            let count = near.count_ones();
            if count + 1 == all {
                universal |= 1 << candidate;
            } else if count >= most {
                (most, near_pivot) = (count, near);
            }
        }
        (universal, near_pivot)
    }

    /// Appends the excluded of this range that are neighbours of all these `members`,
    /// restricted to the candidates; true if one is a neighbour of all candidates.
    fn restrict_excluded(
        &mut self,
        range: std::ops::Range<usize>,
        members: u64,
        candidates: u64,
    ) -> bool {
        for index in range {
            let near = self.excluded[index];
            if near & members == members {
                match near & candidates {
                    all if all == candidates => return true,
                    0 => {}
                    some => self.excluded.push(some),
                }
            }
        }
        false
    }

    fn branch<H, R>(
        &mut self,
        mut candidates: u64,
        near_pivot: u64,
        first: usize,
        graph: &Classes,
        clique: &mut Vec<VertexId>,
        report: &mut R,
    ) -> ControlFlow<H>
    where
        R: FnMut(&[VertexId]) -> ControlFlow<H>,
    {
        let size = clique.len();
        let end = self.excluded.len();
        let mut tried = 0_u64;
        for candidate in word_ones(candidates & !near_pivot) {
            let member = 1 << candidate;
            let below = candidates & self.adjacency[candidate];
            let mut barren = self.restrict_excluded(first..end, member, below);
            for other in word_ones(tried & self.adjacency[candidate]) {
                let near = self.adjacency[other] & below;
                barren |= near == below;
                if near != 0 {
                    self.excluded.push(near);
                }
            }
            if !barren {
                clique.extend(graph.members(self.classes[candidate]));
                let result = if below == 0 {
                    report(clique)
                } else {
                    self.expand(below, end, graph, clique, report)
                };
                clique.truncate(size);
                result?;
            }
            self.excluded.truncate(end);
            candidates &= !member;
            tried |= member;
        }
        ControlFlow::Continue(())
    }
}
