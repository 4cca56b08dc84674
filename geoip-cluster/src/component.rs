//! Connected components.

use crate::{ProximityGraph, VertexId};

/// The connected components of a graph: sets of vertices with a chain of edges
/// between any two of them.
///
/// Chains have no limit: two points of a component may be a continent apart, each
/// step of the way within the radius. [`complete_linkage_cover`] and maximal cliques
/// hold every pair to the radius.
///
/// Components are ordered by their smallest vertex, and their vertices ascend.
///
/// # Complexity
/// O(n + m).
///
/// [`complete_linkage_cover`]: crate::complete_linkage_cover
pub fn components(graph: &ProximityGraph) -> Vec<Vec<VertexId>> {
    let mut seen = vec![false; graph.len()];
    let mut components = Vec::new();
    for start in graph.vertices() {
        if seen[start.index()] {
            continue;
        }
        seen[start.index()] = true;
        let mut component = vec![start];
        let mut explored = 0;
        while let Some(&vertex) = component.get(explored) {
            explored += 1;
            for &neighbor in graph.neighbors(vertex) {
                if !seen[neighbor.index()] {
                    seen[neighbor.index()] = true;
                    component.push(neighbor);
                }
            }
        }
        component.sort_unstable();
        components.push(component);
    }
    components
}
