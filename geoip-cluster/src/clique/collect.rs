//! Maximal cliques kept, the heaviest first.

use super::classes::{ClassId, Classes};
use super::report::{Halt, Report};
use super::search::Search;
use super::{CliqueOptions, Enumeration, Stop};
use crate::{ProximityGraph, VertexId, par};
use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

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
/// any number of them, unless `should_stop` ended it.
///
/// `should_stop` is asked from all cores, each about once a millisecond, and told how many
/// cliques this core found since it last asked: what progress is made of. The cliques
/// found before it said yes are kept, from all cores.
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
/// let heaviest = heaviest_maximal_cliques(&graph, 1, &options, |_| false);
/// assert_eq!(heaviest.get(0), Some(&[1, 2, 3].map(VertexId)[..]));
/// assert_eq!(heaviest.enumeration().cliques, 2);
/// assert!(heaviest.enumeration().is_complete());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn heaviest_maximal_cliques(
    graph: &ProximityGraph,
    count: usize,
    options: &CliqueOptions,
    should_stop: impl Fn(u64) -> bool + Sync,
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
        // Parts may be too short to ask.
        if should_stop(0) {
            stopped_by = Some(Stop::Asked);
            break;
        }
        let left = options.max_cliques - visited;
        let size = batch.len().div_ceil(par::parts());
        let progress: Vec<AtomicU64> = batch.chunks(size).map(|_| 0.into()).collect();
        let batch: Vec<_> = batch.chunks(size).enumerate().collect();
        let parts = par::map(batch, |(index, part)| {
            // What the parts before this one found is within the limit first: once it
            // reaches it, nothing that is found here can be kept.
            let (before, own) = (&progress[..index], &progress[index]);
            let is_spent = || {
                before.iter().map(|it| it.load(Ordering::Relaxed)).sum::<u64>() >= left
            };
            let should_stop = |found| {
                own.fetch_add(found, Ordering::Relaxed);
                should_stop(found) || is_spent()
            };
            let found = if is_spent() {
                None
            } else {
                Some(collector.collect(part, left, should_stop))
            };
            (part, found.filter(|_| !is_spent()))
        });
        for (part, found) in parts {
            let left = options.max_cliques - visited;
            // A part that went beyond what the parts before it left of the limit is
            // done again, up to there, for the answer not to depend on cores.
            let found = found
                .filter(|found| found.visited <= left)
                .unwrap_or_else(|| collector.collect(part, left, &should_stop));
            visited += found.visited;
            kept.merge(found.kept);
            stopped_by = stopped_by.or(found.stopped_by);
            // The parts after one that was asked to stop have found something too.
            if stopped_by == Some(Stop::CliqueLimit) {
                break 'all;
            }
        }
        if stopped_by.is_some() {
            break;
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
        should_stop: impl Fn(u64) -> bool,
    ) -> Found {
        let weights = |vertex| self.graph.weight(vertex);
        let minimum = self.options.minimum(&weights);
        let mut kept = Kept::new(self.count);
        let mut search = Search::default();
        let untold = Cell::new(0);
        let mut report = Report::new(
            max_cliques,
            || should_stop(untold.take()),
            |members: &[VertexId]| {
                untold.set(untold.get() + 1);
                let weight = members.iter().map(|&it| self.graph.weight(it));
                kept.offer(weight.fold(0, u64::saturating_add), members);
                ControlFlow::<()>::Continue(())
            },
        );
        let halt: ControlFlow<Halt<()>> = part
            .iter()
            .try_for_each(|&class| search.run(self.classes, class, minimum, &mut report));
        let visited = report.cliques;
        // Whether to stop is asked again before more is begun.
        should_stop(untold.take());
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
