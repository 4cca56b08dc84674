//! The proximity graph.

use crate::grid::Grid;
use crate::sphere::ChordLimits;
use crate::{Error, Measure, par};
use geoip_core::{LatLng, WeightedPoint};
use std::fmt;

/// A vertex of a [`ProximityGraph`]: the index of its point in the slice that the
/// graph was built from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VertexId(pub u32);

impl VertexId {
    /// The vertex as an index into slices.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Two vertices within the radius of each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// The vertex with the smaller index.
    pub a: VertexId,
    /// The vertex with the larger index.
    pub b: VertexId,
    /// How far apart they are.
    pub distance_m: f64,
}

/// How a [`ProximityGraph`] is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraphOptions {
    measure: Measure,
    memory_limit_bytes: u64,
}

impl Default for GraphOptions {
    /// Great circles, and a limit of 2 GiB: some 130 million edges.
    fn default() -> Self {
        Self { measure: Measure::GreatCircle, memory_limit_bytes: 2 << 30 }
    }
}

impl GraphOptions {
    /// How distances are measured.
    #[must_use]
    pub fn measure(mut self, measure: Measure) -> Self {
        self.measure = measure;
        self
    }

    /// The memory that building may take, beside the points given.
    #[must_use]
    pub fn memory_limit_bytes(mut self, bytes: u64) -> Self {
        self.memory_limit_bytes = bytes;
        self
    }
}

/// Undirected graph in which two vertices share an edge when they lie within a radius.
///
/// Each point given is a vertex, also when another has its place: co-located points
/// are neighbours. Merging them first, with their weights added, makes graphs smaller
/// and changes no group.
///
/// # Units
/// The radius is a distance in metres, over the great circle on the sphere of mean radius
/// 6 371 008.8 m or by another [`Measure`]; an edge is drawn at exactly the radius, as
/// decided by [`Measure::distance_m`].
///
/// # Complexity
/// About O(n log n + m) for n points and m edges, O(n²) at worst. Memory: 8 bytes an
/// edge and 40 a point; twice that while building.
///
/// # Examples
/// ```
/// use geoip_cluster::ProximityGraph;
/// use geoip_core::{LatLng, WeightedPoint};
///
/// // London, Boxford 84 km off, Linköping.
/// let places = [(51.5142, -0.0931), (51.7500, -1.2500), (58.4167, 15.6167)];
/// let points: Vec<WeightedPoint> = places
///     .iter()
///     .map(|&(lat, lng)| Ok(WeightedPoint { point: LatLng::new(lat, lng)?, weight: 1 }))
///     .collect::<Result<_, geoip_core::InvalidLatLng>>()?;
/// let graph = ProximityGraph::new(&points, 100_000.0)?;
/// let edges: Vec<_> = graph.edges().collect();
/// assert_eq!(edges.len(), 1);
/// assert_eq!(edges[0].distance_m.round(), 84_043.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ProximityGraph {
    measure: Measure,
    radius_m: f64,
    points: Vec<WeightedPoint>,
    /// Where the neighbours of each vertex start, and where the last ones end.
    starts: Vec<usize>,
    neighbors: Vec<VertexId>,
}

impl ProximityGraph {
    /// The graph of these points within this radius, in at most 2 GiB.
    ///
    /// # Errors
    /// [`Error::InvalidRadius`] unless the radius is finite and not negative;
    /// [`Error::TooManyEdges`] before memory is spent on a graph that would not fit;
    /// [`Error::TooManyPoints`] beyond 2³² - 1 points.
    pub fn new(points: &[WeightedPoint], radius_m: f64) -> Result<Self, Error> {
        Self::with_options(points, radius_m, &GraphOptions::default())
    }

    /// The graph of these points within this radius, in as much memory as the
    /// options allow.
    ///
    /// # Errors
    /// As [`ProximityGraph::new`].
    pub fn with_options(
        points: &[WeightedPoint],
        radius_m: f64,
        options: &GraphOptions,
    ) -> Result<Self, Error> {
        let limits = checked_limits(points, radius_m, options.measure)?;
        let grid = Grid::new(points, limits);
        let pairs =
            pairs_in_memory(&grid, points.len(), radius_m, options.memory_limit_bytes)?;
        let (starts, neighbors) = compressed(&grid, pairs);
        let (measure, points) = (options.measure, points.to_vec());
        Ok(Self { measure, radius_m, points, starts, neighbors })
    }

    /// The number of vertices.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether there is no vertex.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// The number of edges.
    pub fn edge_count(&self) -> usize {
        self.neighbors.len() / 2
    }

    /// The distance up to which points are neighbours.
    pub fn radius_m(&self) -> f64 {
        self.radius_m
    }

    /// How distances are measured.
    pub fn measure(&self) -> Measure {
        self.measure
    }

    /// How far apart two vertices are, neighbours or not.
    pub fn distance_m(&self, a: VertexId, b: VertexId) -> f64 {
        self.measure.distance_m(self.point(a), self.point(b))
    }

    /// The points, by vertex.
    pub fn points(&self) -> &[WeightedPoint] {
        &self.points
    }

    /// Where a vertex is.
    ///
    /// # Panics
    /// If the vertex is not of this graph; so do all methods that take one.
    pub fn point(&self, vertex: VertexId) -> LatLng {
        self.points[vertex.index()].point
    }

    /// How much is at a vertex.
    pub fn weight(&self, vertex: VertexId) -> u64 {
        self.points[vertex.index()].weight
    }

    /// The vertices within the radius of one, in ascending order, itself left out.
    pub fn neighbors(&self, vertex: VertexId) -> &[VertexId] {
        &self.neighbors[self.starts[vertex.index()]..self.starts[vertex.index() + 1]]
    }

    /// The number of vertices within the radius of one, itself left out.
    pub fn degree(&self, vertex: VertexId) -> usize {
        self.neighbors(vertex).len()
    }

    /// Whether two different vertices are within the radius of each other.
    pub fn has_edge(&self, a: VertexId, b: VertexId) -> bool {
        self.neighbors(a).binary_search(&b).is_ok()
    }

    /// All vertices, in ascending order.
    pub fn vertices(&self) -> impl ExactSizeIterator<Item = VertexId> + use<> {
        // The number of points was checked when the graph was built.
        #[expect(clippy::cast_possible_truncation, reason = "at most u32::MAX points")]
        let len = self.points.len() as u32;
        (0..len).map(VertexId)
    }

    /// All edges, each once, ordered by their first vertex, then their second.
    pub fn edges(&self) -> impl Iterator<Item = Edge> + '_ {
        self.vertices().flat_map(move |a| {
            let neighbors = self.neighbors(a);
            let after = neighbors.partition_point(|&b| b < a);
            neighbors[after..].iter().map(move |&b| Edge {
                a,
                b,
                distance_m: self.distance_m(a, b),
            })
        })
    }
}

impl fmt::Debug for ProximityGraph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProximityGraph")
            .field("measure", &self.measure)
            .field("radius_m", &self.radius_m)
            .field("vertices", &self.len())
            .field("edges", &self.edge_count())
            .finish_non_exhaustive()
    }
}

/// What chords say about the radius, if it and the number of points make sense.
pub(crate) fn checked_limits(
    points: &[WeightedPoint],
    radius_m: f64,
    measure: Measure,
) -> Result<ChordLimits, Error> {
    if !radius_m.is_finite() || radius_m < 0.0 {
        return Err(Error::InvalidRadius { radius_m });
    }
    if u32::try_from(points.len()).is_err() {
        return Err(Error::TooManyPoints { points: points.len() });
    }
    Ok(ChordLimits::new(radius_m, measure))
}

/// The pairs of the grid, unless they would take more memory than is allowed.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "estimates"
)]
fn pairs_in_memory(
    grid: &Grid,
    points: usize,
    radius_m: f64,
    limit_bytes: u64,
) -> Result<Vec<Vec<[u32; 2]>>, Error> {
    /// An edge is held as a pair and in two lists of neighbours, or twice in two.
    const BYTES_PER_EDGE: u64 = 16;
    /// Coordinates, identifiers and starts.
    const BYTES_PER_POINT: u64 = 120;

    let fixed_bytes = BYTES_PER_POINT * points as u64;
    let limit_edges = limit_bytes.saturating_sub(fixed_bytes) / BYTES_PER_EDGE;
    let estimate = grid.estimate_pairs();
    // A sample errs; what it finds twice too large is not worth trying, and the rest
    // is counted as it is found.
    let pairs =
        if estimate > 2.0 * limit_edges as f64 { None } else { grid.pairs(limit_edges) };
    pairs.ok_or_else(|| {
        let edges = estimate.max(limit_edges as f64 + 1.0);
        Error::TooManyEdges {
            points,
            radius_m,
            edges: edges as u64,
            needed_bytes: fixed_bytes + BYTES_PER_EDGE * edges as u64,
            limit_bytes,
            // Evenly spread points have neighbours by the area of the circle.
            fitting_radius_m: radius_m * (limit_edges as f64 / edges).sqrt(),
        }
    })
}

/// Where each vertex's neighbours start, and the neighbours of all.
fn compressed(grid: &Grid, pairs: Vec<Vec<[u32; 2]>>) -> (Vec<usize>, Vec<VertexId>) {
    let ids = grid.ids();
    // First by sorted position, where the two ends of a pair are near each other also
    // in memory; then in the order of the caller's points.
    let mut ends = vec![0_usize; ids.len() + 1];
    for &position in pairs.iter().flatten().flatten() {
        ends[position as usize + 1] += 1;
    }
    accumulate(&mut ends);
    let mut starts = vec![0_usize; ids.len() + 1];
    let mut position_of = vec![0_usize; ids.len()];
    for (position, &id) in ids.iter().enumerate() {
        starts[id as usize + 1] = ends[position + 1] - ends[position];
        position_of[id as usize] = position;
    }
    accumulate(&mut starts);

    let mut next = ends.clone();
    let mut by_position = vec![VertexId::default(); ends[ids.len()]];
    for pair in pairs {
        for [a, b] in pair {
            for (from, to) in [(a, b), (b, a)] {
                by_position[next[from as usize]] = VertexId(ids[to as usize]);
                next[from as usize] += 1;
            }
        }
    }

    let mut neighbors = vec![VertexId::default(); by_position.len()];
    let mut parts = Vec::new();
    let mut rest = neighbors.as_mut_slice();
    let size = ids.len().div_ceil(par::parts()).max(1);
    for first in (0..ids.len()).step_by(size) {
        let last = (first + size).min(ids.len());
        let (part, after) = rest.split_at_mut(starts[last] - starts[first]);
        parts.push((first..last, part));
        rest = after;
    }
    par::map(parts, |(vertices, part)| {
        let mut filled = 0;
        for vertex in vertices {
            let position = position_of[vertex];
            let list = &by_position[ends[position]..ends[position + 1]];
            let slot = &mut part[filled..filled + list.len()];
            slot.copy_from_slice(list);
            slot.sort_unstable();
            filled += list.len();
        }
    });
    (starts, neighbors)
}

/// Turns counts, each at the place after its own, into starts.
fn accumulate(counts: &mut [usize]) {
    let mut total = 0;
    for count in counts {
        total += *count;
        *count = total;
    }
}
