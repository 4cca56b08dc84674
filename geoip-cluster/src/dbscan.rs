//! Groups by density.

use crate::{ProximityGraph, VertexId};

/// Points parted by how dense it is around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dbscan {
    /// The groups, ordered by their smallest core; members ascend. Each point is in at
    /// most one.
    pub groups: Vec<Vec<VertexId>>,
    /// The points that are in no group, ascending.
    pub noise: Vec<VertexId>,
}

/// Groups by density: DBSCAN on the neighbours of a proximity graph.
///
/// A vertex with at least `min_weight` within the radius, its own weight included, is a
/// *core*. Cores within the radius of each other share a group. A vertex that is no core
/// but near one joins the group of its nearest core (the first of equals), so that the
/// answer does not depend on the order of the points; what is near no core is noise. A
/// vertex of weight five counts as five points in one place.
///
/// Groups are chains: nothing limits their diameter, and two members may be a continent
/// apart. [`complete_linkage_cover`](crate::complete_linkage_cover) and maximal cliques
/// hold every pair to the radius.
///
/// # Complexity
/// O(n + m).
///
/// # References
/// M. Ester, H.-P. Kriegel, J. Sander and X. Xu, "A density-based algorithm for
/// discovering clusters in large spatial databases with noise", KDD 1996.
///
/// # Examples
/// ```
/// use geoip_cluster::{ProximityGraph, VertexId, dbscan};
/// use geoip_core::{LatLng, WeightedPoint};
///
/// // Four towns along the equator, a degree (111 km) apart, and one far off.
/// let points: Vec<WeightedPoint> = [0.0, 1.0, 2.0, 3.0, 60.0]
///     .into_iter()
///     .map(|lng| Ok(WeightedPoint { point: LatLng::new(0.0, lng)?, weight: 1 }))
///     .collect::<Result<_, geoip_core::InvalidLatLng>>()?;
/// let found = dbscan(&ProximityGraph::new(&points, 120_000.0)?, 3);
/// assert_eq!(found.groups, [[0, 1, 2, 3].map(VertexId)]);
/// assert_eq!(found.noise, [VertexId(4)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn dbscan(graph: &ProximityGraph, min_weight: u64) -> Dbscan {
    const NONE: usize = usize::MAX;
    let is_core: Vec<bool> = graph
        .vertices()
        .map(|vertex| {
            let around = graph.neighbors(vertex).iter().map(|&it| graph.weight(it));
            around.fold(graph.weight(vertex), u64::saturating_add) >= min_weight
        })
        .collect();
    let mut group_of = vec![NONE; graph.len()];
    let mut groups: Vec<Vec<VertexId>> = Vec::new();
    for start in graph.vertices() {
        if !is_core[start.index()] || group_of[start.index()] != NONE {
            continue;
        }
        group_of[start.index()] = groups.len();
        let mut group = vec![start];
        let mut explored = 0;
        while let Some(&core) = group.get(explored) {
            explored += 1;
            for &neighbor in graph.neighbors(core) {
                if is_core[neighbor.index()] && group_of[neighbor.index()] == NONE {
                    group_of[neighbor.index()] = groups.len();
                    group.push(neighbor);
                }
            }
        }
        groups.push(group);
    }
    let mut noise = Vec::new();
    for vertex in graph.vertices().filter(|it| !is_core[it.index()]) {
        let cores = graph.neighbors(vertex).iter().filter(|it| is_core[it.index()]);
        let distance = |core: VertexId| graph.distance_m(vertex, core);
        match cores.min_by(|&&a, &&b| distance(a).total_cmp(&distance(b))) {
            Some(core) => groups[group_of[core.index()]].push(vertex),
            None => noise.push(vertex),
        }
    }
    for group in &mut groups {
        group.sort_unstable();
    }
    Dbscan { groups, noise }
}
