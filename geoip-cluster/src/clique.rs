//! Maximal cliques.

mod bits;
mod classes;
mod collect;
mod local;
mod report;
mod search;
mod word;

use crate::{ProximityGraph, VertexId};
pub use collect::{Cliques, heaviest_maximal_cliques};

use classes::Classes;
use report::{Halt, Report};
use search::{Minimum, Search};
use std::ops::ControlFlow;

/// Which maximal cliques are wanted, and how many at most.
///
/// # Examples
/// ```
/// use geoip_cluster::CliqueOptions;
///
/// let options = CliqueOptions::default().max_cliques(10_000).min_members(2);
/// # let _ = options;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CliqueOptions {
    max_cliques: u64,
    min_members: usize,
    min_weight: u64,
}

impl Default for CliqueOptions {
    /// All of them, of any size.
    fn default() -> Self {
        Self { max_cliques: u64::MAX, min_members: 1, min_weight: 0 }
    }
}

impl CliqueOptions {
    /// Stops before a clique more than this.
    #[must_use]
    pub fn max_cliques(mut self, max_cliques: u64) -> Self {
        self.max_cliques = max_cliques;
        self
    }

    /// Leaves out cliques with fewer vertices, and does not search where there are
    /// only such.
    #[must_use]
    pub fn min_members(mut self, min_members: usize) -> Self {
        self.min_members = min_members;
        self
    }

    /// Leaves out cliques of less weight, and does not search where there are only
    /// such.
    #[must_use]
    pub fn min_weight(mut self, min_weight: u64) -> Self {
        self.min_weight = min_weight;
        self
    }

    fn minimum<'a>(&self, weights: &'a dyn Fn(VertexId) -> u64) -> Minimum<'a> {
        Minimum { members: self.min_members, weight: self.min_weight, weights }
    }
}

/// What stopped an enumeration before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stop {
    /// There are more cliques than [`CliqueOptions::max_cliques`].
    CliqueLimit,
    /// `should_stop` answered yes.
    Asked,
    /// The visitor broke off.
    Visitor,
}

/// How an enumeration went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "an enumeration may be incomplete"]
pub struct Enumeration {
    /// How many cliques were visited, each of them maximal.
    pub cliques: u64,
    /// What stopped it, or `None` if all cliques that were wanted were visited.
    pub stopped_by: Option<Stop>,
}

impl Enumeration {
    /// Whether all cliques that were wanted were visited.
    pub fn is_complete(&self) -> bool {
        self.stopped_by.is_none()
    }
}

/// Calls `visit` with each maximal clique of the graph until it breaks.
///
/// A *clique* is a set of vertices every two of which are within the radius of each
/// other; it is *maximal* if no other vertex is within the radius of them all. Cliques
/// overlap: a vertex is in at least one and may be in very many.
///
/// Members come in no particular order, and the slice is reused from call to call.
/// Cliques come in the same order for the same graph every time.
///
/// # Complexity
/// Time O(3^(d/3)) for each class of twins, d being the degeneracy of the graph, and
/// in practice about a microsecond a clique; the number of cliques is exponential in
/// the worst case (2^(n/2) for n points around a circle). Memory O(m + d²/8) beside
/// the graph of m edges.
///
/// # References
/// See `docs/clustering.md` for what is measured. D. Eppstein, M. Löffler and
/// D. Strash, "Listing all maximal cliques in sparse graphs in near-optimal time",
/// ISAAC 2010, <https://arxiv.org/abs/1006.5440>.
///
/// # Examples
/// ```
/// use geoip_cluster::{ProximityGraph, VertexId, for_each_maximal_clique};
/// use geoip_core::{LatLng, WeightedPoint};
/// use std::ops::ControlFlow;
///
/// // Four towns along the equator, a degree (111 km) apart.
/// let points: Vec<WeightedPoint> = [0.0, 1.0, 2.0, 3.0]
///     .into_iter()
///     .map(|lng| Ok(WeightedPoint { point: LatLng::new(0.0, lng)?, weight: 1 }))
///     .collect::<Result<_, geoip_core::InvalidLatLng>>()?;
/// let graph = ProximityGraph::new(&points, 250_000.0)?;
/// let mut cliques = Vec::new();
/// let ended = for_each_maximal_clique(&graph, |members| {
///     let mut members: Vec<u32> = members.iter().map(|vertex| vertex.0).collect();
///     members.sort();
///     cliques.push(members);
///     ControlFlow::<()>::Continue(())
/// });
/// cliques.sort();
/// assert_eq!(cliques, [[0, 1, 2], [1, 2, 3]]);
/// assert!(ended.is_continue());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn for_each_maximal_clique<B>(
    graph: &ProximityGraph,
    visit: impl FnMut(&[VertexId]) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let mut report = Report::new(u64::MAX, || false, visit);
    match run(graph, &CliqueOptions::default(), &mut report) {
        ControlFlow::Break(Halt::Visitor(value)) => ControlFlow::Break(value),
        _ => ControlFlow::Continue(()),
    }
}

/// Calls `visit` with each maximal clique that the options ask for, until it breaks,
/// or their budget is spent, or `should_stop` answers yes.
///
/// `should_stop` is asked about once a millisecond: a deadline or an interrupt is a
/// closure over a clock or a flag. What was visited by then is still maximal, each
/// clique of it. Otherwise as [`for_each_maximal_clique`].
///
/// # Examples
/// ```
/// use geoip_cluster::{CliqueOptions, ProximityGraph, Stop, visit_maximal_cliques};
/// use std::{ops::ControlFlow, time::{Duration, Instant}};
///
/// let graph = ProximityGraph::new(&[], 250_000.0)?;
/// let deadline = Instant::now() + Duration::from_secs(10);
/// let mut most_members = 0;
/// let enumeration = visit_maximal_cliques(
///     &graph,
///     &CliqueOptions::default().min_members(2).max_cliques(1_000_000),
///     || Instant::now() > deadline,
///     |members| {
///         most_members = most_members.max(members.len());
///         ControlFlow::Continue(())
///     },
/// );
/// match enumeration.stopped_by {
///     None => println!("all {} cliques", enumeration.cliques),
///     Some(Stop::CliqueLimit) => println!("more than {} cliques", enumeration.cliques),
///     Some(_) => println!("{} cliques in ten seconds", enumeration.cliques),
/// }
/// # Ok::<(), geoip_cluster::Error>(())
/// ```
pub fn visit_maximal_cliques(
    graph: &ProximityGraph,
    options: &CliqueOptions,
    should_stop: impl FnMut() -> bool,
    visit: impl FnMut(&[VertexId]) -> ControlFlow<()>,
) -> Enumeration {
    let mut report = Report::new(options.max_cliques, should_stop, visit);
    let halt = run(graph, options, &mut report);
    Enumeration { cliques: report.cliques, stopped_by: stop(&halt) }
}

fn run<S, V, B>(
    graph: &ProximityGraph,
    options: &CliqueOptions,
    report: &mut Report<S, V>,
) -> ControlFlow<Halt<B>>
where
    S: FnMut() -> bool,
    V: FnMut(&[VertexId]) -> ControlFlow<B>,
{
    let classes = Classes::new(graph);
    let weights = |vertex| graph.weight(vertex);
    let mut search = Search::default();
    for &class in classes.order() {
        search.run(&classes, class, options.minimum(&weights), report)?;
    }
    ControlFlow::Continue(())
}

fn stop<B>(halt: &ControlFlow<Halt<B>>) -> Option<Stop> {
    match halt {
        ControlFlow::Continue(()) => None,
        ControlFlow::Break(Halt::CliqueLimit) => Some(Stop::CliqueLimit),
        ControlFlow::Break(Halt::Asked) => Some(Stop::Asked),
        ControlFlow::Break(Halt::Visitor(_)) => Some(Stop::Visitor),
    }
}
