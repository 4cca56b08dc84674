//! Maximal cliques kept, the heaviest first.

use super::classes::{ClassId, Classes};
use super::report::{Halt, Report};
use super::search::Search;
use super::{CliqueOptions, Enumeration, Stop};
use crate::{ProximityGraph, VertexId, par};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;

/// Maximal cliques of a graph, the heaviest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cliques {
    cliques: Vec<Vec<VertexId>>,
    enumeration: Enumeration,
}

impl Cliques {
    /// The cliques, heaviest first, those of equal weight by their members; the
    /// members of each ascend.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[VertexId]> {
        self.cliques.iter().map(Vec::as_slice)
    }

    /// The clique with this many heavier ones.
    pub fn get(&self, index: usize) -> Option<&[VertexId]> {
        self.cliques.get(index).map(Vec::as_slice)
    }

    /// How many were kept.
    pub fn len(&self) -> usize {
        self.cliques.len()
    }

    /// Whether none was kept.
    pub fn is_empty(&self) -> bool {
        self.cliques.is_empty()
    }

    /// How many there are, kept or not, and whether the search was complete.
    pub fn enumeration(&self) -> Enumeration {
        self.enumeration
    }
}

/// The `count` heaviest maximal cliques that the options ask for, found among all of
/// them; `usize::MAX` keeps them all.
///
/// With the feature `parallel` the search uses all cores. The answer is the same for
/// any number of them, unless `should_stop` ended it, which is asked from all.
///
/// # Complexity
/// As [`for_each_maximal_clique`](crate::for_each_maximal_clique); memory for the
/// cliques kept, and for as many again for each core.
///
/// # Examples
/// ```
/// use geoip_cluster::{CliqueOptions, ProximityGraph, VertexId, heaviest_maximal_cliques};
/// use geoip_core::{LatLng, WeightedPoint};
///
/// // Four towns along the equator, a degree (111 km) apart; the last is the largest.
/// let points: Vec<WeightedPoint> = [(0.0, 1), (1.0, 1), (2.0, 1), (3.0, 9)]
///     .into_iter()
///     .map(|(lng, weight)| Ok(WeightedPoint { point: LatLng::new(0.0, lng)?, weight }))
///     .collect::<Result<_, geoip_core::InvalidLatLng>>()?;
/// let graph = ProximityGraph::new(&points, 250_000.0)?;
/// let options = CliqueOptions::default();
/// let heaviest = heaviest_maximal_cliques(&graph, 1, &options, || false);
/// assert_eq!(heaviest.get(0), Some(&[1, 2, 3].map(VertexId)[..]));
/// assert_eq!(heaviest.enumeration().cliques, 2);
/// assert!(heaviest.enumeration().is_complete());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn heaviest_maximal_cliques(
    graph: &ProximityGraph,
    count: usize,
    options: &CliqueOptions,
    should_stop: impl Fn() -> bool + Sync,
) -> Cliques {
    /// Classes are searched so many at a time for each part of the work: enough to
    /// keep all cores busy, few enough that a limit is noticed soon.
    const CLASSES_PER_PART: usize = 64;

    let classes = Classes::new(graph);
    let collector = Collector { graph, classes: &classes, count, options };
    let mut kept = Kept::new(count);
    let mut visited = 0;
    let mut stopped_by = None;
    'all: for batch in classes.order().chunks(CLASSES_PER_PART * par::parts()) {
        let left = options.max_cliques - visited;
        let batch: Vec<_> = batch.chunks(batch.len().div_ceil(par::parts())).collect();
        let parts =
            par::map(batch, |part| (part, collector.collect(part, left, &should_stop)));
        for (part, found) in parts {
            let left = options.max_cliques - visited;
            // A part that went beyond what the parts before it left of the limit is
            // done again, up to there, for the answer not to depend on cores.
            let found = if found.visited > left {
                collector.collect(part, left, &should_stop)
            } else {
                found
            };
            visited += found.visited;
            kept.merge(found.kept);
            stopped_by = found.stopped_by;
            if stopped_by.is_some() {
                break 'all;
            }
        }
    }
    Cliques {
        cliques: kept.into_sorted(),
        enumeration: Enumeration { cliques: visited, stopped_by },
    }
}

/// What a part of the work found.
struct Found {
    kept: Kept,
    visited: u64,
    stopped_by: Option<Stop>,
}

struct Collector<'a> {
    graph: &'a ProximityGraph,
    classes: &'a Classes,
    count: usize,
    options: &'a CliqueOptions,
}

impl Collector<'_> {
    fn collect(
        &self,
        part: &[ClassId],
        max_cliques: u64,
        should_stop: &impl Fn() -> bool,
    ) -> Found {
        let weights = |vertex| self.graph.weight(vertex);
        let minimum = self.options.minimum(&weights);
        let mut kept = Kept::new(self.count);
        let mut search = Search::default();
        let mut report =
            Report::new(max_cliques, should_stop, |members: &[VertexId]| {
                let weight = members.iter().map(|&it| self.graph.weight(it));
                kept.offer(weight.fold(0, u64::saturating_add), members);
                ControlFlow::<()>::Continue(())
            });
        let halt: ControlFlow<Halt<()>> = part
            .iter()
            .try_for_each(|&class| search.run(self.classes, class, minimum, &mut report));
        let visited = report.cliques;
        Found { kept, visited, stopped_by: super::stop(&halt) }
    }
}

/// The heaviest so far; the lightest of them is at the top of the heap.
struct Kept {
    count: usize,
    heap: BinaryHeap<Reverse<(u64, Reverse<Vec<VertexId>>)>>,
}

impl Kept {
    fn new(count: usize) -> Self {
        Self { count, heap: BinaryHeap::new() }
    }

    fn offer(&mut self, weight: u64, members: &[VertexId]) {
        let full = self.heap.len() >= self.count;
        let too_light = |Reverse((lightest, _)): &Reverse<(u64, _)>| weight < *lightest;
        if self.count == 0 || (full && self.heap.peek().is_some_and(too_light)) {
            return;
        }
        let mut members = members.to_vec();
        members.sort_unstable();
        self.insert(weight, members);
    }

    fn insert(&mut self, weight: u64, members: Vec<VertexId>) {
        self.heap.push(Reverse((weight, Reverse(members))));
        if self.heap.len() > self.count {
            self.heap.pop();
        }
    }

    fn merge(&mut self, other: Self) {
        for Reverse((weight, Reverse(members))) in other.heap {
            self.insert(weight, members);
        }
    }

    fn into_sorted(self) -> Vec<Vec<VertexId>> {
        let sorted = self.heap.into_sorted_vec();
        sorted.into_iter().map(|Reverse((_, Reverse(members)))| members).collect()
    }
}
