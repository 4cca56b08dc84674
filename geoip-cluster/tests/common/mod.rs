//! Points, and the slow and obvious ways to what the crate does fast.

#![allow(dead_code, reason = "each test file uses its part")]
#![expect(clippy::unwrap_used, reason = "the points are valid")]

use geoip_cluster::{ProximityGraph, VertexId, distance_m, for_each_maximal_clique};
use geoip_core::{LatLng, WeightedPoint};
use geoip_testkit::points;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// A set of cliques, members ascending.
pub(crate) type Cliques = BTreeSet<Vec<u32>>;

/// Points of weight one.
pub(crate) fn weighted(coordinates: &[(f64, f64)]) -> Vec<WeightedPoint> {
    coordinates
        .iter()
        .map(|&(lat, lng)| WeightedPoint {
            point: LatLng::new(lat, lng).unwrap(),
            weight: 1,
        })
        .collect()
}

/// The graph of these points.
pub(crate) fn graph(coordinates: &[(f64, f64)], radius_m: f64) -> ProximityGraph {
    ProximityGraph::new(&weighted(coordinates), radius_m).unwrap()
}

/// Points of every kind that has been trouble somewhere, and a radius that makes
/// them a graph neither empty nor complete.
pub(crate) fn scenes(most: usize) -> impl Strategy<Value = (Vec<(f64, f64)>, f64)> {
    let degrees = |range: std::ops::RangeInclusive<u32>| {
        range.prop_map(|degrees| f64::from(degrees) * 111_195.08)
    };
    (0..8_u32, 1..=most, any::<u64>(), degrees(0..=7), 0.0..6e6).prop_map(
        move |(kind, count, seed, near_m, far_m)| match kind {
            0 => (points::uniform(count, seed), far_m),
            1 => (points::cities(count, seed), near_m),
            2 => (points::antimeridian(count, seed), near_m),
            3 => (points::pole(count, seed), near_m),
            4 => (points::lattice(count, seed), exact_degrees(near_m)),
            5 => (points::lattice(count, seed), near_m),
            6 => {
                let mut points = points::cities(count.div_ceil(2), seed);
                points.extend_from_within(..count / 2);
                (points, near_m)
            }
            _ => {
                let count = 2 * (count % (most / 2).min(10));
                let radius_m = ring_radius_m(count, 30.0);
                (points::ring(count, 30.0), radius_m)
            }
        },
    )
}

/// The distance of two points of the lattice: pairs of the lattice lie at exactly it.
fn exact_degrees(near_m: f64) -> f64 {
    let at = |lat| LatLng::new(lat, 0.0).unwrap();
    distance_m(at(0.0), at((near_m / 111_195.0).round()))
}

/// A limit just under the diameter of an even ring at this latitude.
pub(crate) fn ring_radius_m(count: usize, lat: f64) -> f64 {
    let points = weighted(&points::ring(count, lat));
    match points.get(count / 2) {
        Some(opposite) => distance_m(points[0].point, opposite.point) - 1.0,
        None => 0.0,
    }
}

/// What the crate finds, each clique once.
pub(crate) fn found(graph: &ProximityGraph) -> Cliques {
    let mut cliques = Cliques::new();
    let ended = for_each_maximal_clique(graph, |members| {
        assert!(cliques.insert(sorted(members)), "visited twice: {members:?}");
        ControlFlow::<()>::Continue(())
    });
    assert!(ended.is_continue());
    cliques
}

/// Members as numbers, ascending.
pub(crate) fn sorted(members: &[VertexId]) -> Vec<u32> {
    let mut members: Vec<u32> = members.iter().map(|vertex| vertex.0).collect();
    members.sort_unstable();
    members
}

/// Bron and Kerbosch's algorithm as they first wrote it, without a pivot.
pub(crate) fn naive_cliques(graph: &ProximityGraph) -> Cliques {
    fn extend(
        graph: &ProximityGraph,
        clique: &[u32],
        mut candidates: BTreeSet<u32>,
        mut excluded: BTreeSet<u32>,
        cliques: &mut Cliques,
    ) {
        if candidates.is_empty() && excluded.is_empty() {
            let mut clique = clique.to_vec();
            clique.sort_unstable();
            cliques.insert(clique);
        }
        while let Some(vertex) = candidates.pop_first() {
            let near = |set: &BTreeSet<u32>| {
                let near = |&it: &u32| graph.has_edge(VertexId(vertex), VertexId(it));
                set.iter().copied().filter(near).collect()
            };
            let clique = [clique, &[vertex]].concat();
            extend(graph, &clique, near(&candidates), near(&excluded), cliques);
            excluded.insert(vertex);
        }
    }
    let mut cliques = Cliques::new();
    if !graph.is_empty() {
        let all = graph.vertices().map(|vertex| vertex.0).collect();
        extend(graph, &[], all, BTreeSet::new(), &mut cliques);
    }
    cliques
}
