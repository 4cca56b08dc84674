//! Hierarchies and density are those of the slow and obvious algorithms.

mod common;

use common::{scenes, weighted};
use geoip_cluster::{
    GraphOptions, Measure, ProximityGraph, VertexId, complete_linkage_hierarchy, dbscan,
};
use geoip_core::WeightedPoint;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Complete linkage as it is defined: all pairs of groups are looked at for each merge.
/// New groups come last, and the first of equal pairs is merged.
fn naive_complete_linkage(graph: &ProximityGraph, limit_m: f64) -> Vec<Vec<VertexId>> {
    let mut groups: Vec<Vec<VertexId>> = graph.vertices().map(|it| vec![it]).collect();
    loop {
        let diameter_m = |a: &[VertexId], b: &[VertexId]| {
            let pairs =
                a.iter().flat_map(|&a| b.iter().map(move |&b| (a.min(b), a.max(b))));
            pairs.map(|(a, b)| graph.distance_m(a, b)).fold(0.0, f64::max)
        };
        let mut best = (f64::INFINITY, 0, 0);
        for (first, a) in groups.iter().enumerate() {
            for (second, b) in groups.iter().enumerate().skip(first + 1) {
                let diameter_m = diameter_m(a, b);
                if diameter_m < best.0 {
                    best = (diameter_m, first, second);
                }
            }
        }
        if best.0 > limit_m {
            break;
        }
        let second = groups.remove(best.2);
        let first = groups.remove(best.1);
        groups.push([first, second].concat());
    }
    for group in &mut groups {
        group.sort_unstable();
    }
    groups.sort_unstable();
    groups
}

/// The groups of cores, the cores near each other vertex, all by all pairs.
fn naive_density(
    points: &[WeightedPoint],
    radius_m: f64,
    min_weight: u64,
) -> NaiveDensity {
    let near = |a: usize, b: usize| {
        Measure::GreatCircle.distance_m(points[a].point, points[b].point) <= radius_m
    };
    let all = || 0..points.len();
    let is_core = |a: usize| {
        all().filter(|&b| near(a, b)).map(|b| points[b].weight).sum::<u64>() >= min_weight
    };
    let cores: Vec<usize> = all().filter(|&it| is_core(it)).collect();
    // The smallest core that each core is joined with, spread until nothing changes.
    let mut label: Vec<usize> = all().collect();
    while {
        let before = label.clone();
        for &a in &cores {
            for &b in &cores {
                if near(a, b) {
                    label[a] = label[a].min(label[b]);
                }
            }
        }
        before != label
    } {}
    NaiveDensity { label, cores: cores.into_iter().collect() }
}

struct NaiveDensity {
    label: Vec<usize>,
    cores: BTreeSet<usize>,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn complete_linkage_is_that_of_all_pairs((points, radius_m) in scenes(26), part in 0.0..1.0) {
        let graph = common::graph(&points, radius_m);
        let hierarchy = complete_linkage_hierarchy(&graph);
        for limit_m in [0.0, radius_m * part, radius_m] {
            prop_assert_eq!(hierarchy.cut(limit_m), naive_complete_linkage(&graph, limit_m));
        }
        prop_assert_eq!(hierarchy.cut(f64::NAN).len(), points.len());
    }

    #[test]
    fn cuts_nest_and_keep_their_limit((points, radius_m) in scenes(120)) {
        let graph = common::graph(&points, radius_m);
        let hierarchy = complete_linkage_hierarchy(&graph);
        let mut wider: Option<Vec<usize>> = None;
        for part in [1.0, 0.6, 0.3, 0.1] {
            let groups = hierarchy.cut(radius_m * part);
            let mut group_of = vec![usize::MAX; points.len()];
            for (index, group) in groups.iter().enumerate() {
                for &a in group {
                    prop_assert_eq!(group_of[a.index()], usize::MAX);
                    group_of[a.index()] = index;
                    for &b in group {
                        prop_assert!(graph.distance_m(a, b) <= radius_m * part || a == b);
                    }
                }
                let within = |wider: &Vec<usize>| {
                    group.iter().all(|it| wider[it.index()] == wider[group[0].index()])
                };
                prop_assert!(wider.as_ref().is_none_or(within));
            }
            prop_assert!(!group_of.contains(&usize::MAX));
            wider = Some(group_of);
        }
    }

    #[test]
    fn density_is_that_of_all_pairs((points, radius_m) in scenes(50), min_weight in 1_u64..12) {
        let mut points = weighted(&points);
        for (weight, point) in (0..).zip(&mut points) {
            point.weight = weight % 4;
        }
        let graph = ProximityGraph::new(&points, radius_m).unwrap();
        let found = dbscan(&graph, min_weight);
        let naive = naive_density(&points, radius_m, min_weight);
        let mut seen = BTreeSet::new();
        for group in &found.groups {
            prop_assert!(group.is_sorted());
            let cores: Vec<usize> = group.iter().map(|it| it.index())
                .filter(|it| naive.cores.contains(it)).collect();
            // All of one label are here, and nothing of another.
            let label = naive.label[cores[0]];
            let expected: Vec<usize> = naive.cores.iter().copied()
                .filter(|&it| naive.label[it] == label).collect();
            prop_assert_eq!(&cores, &expected);
            for member in group {
                prop_assert!(seen.insert(*member));
                if !naive.cores.contains(&member.index()) {
                    let nearest = naive.cores.iter()
                        .map(|&it| graph.distance_m(*member, VertexId(u32::try_from(it).unwrap())))
                        .fold(f64::INFINITY, f64::min);
                    let own = cores.iter()
                        .map(|&it| graph.distance_m(*member, VertexId(u32::try_from(it).unwrap())))
                        .fold(f64::INFINITY, f64::min);
                    prop_assert!(own <= radius_m && own <= nearest);
                }
            }
        }
        for &vertex in &found.noise {
            prop_assert!(seen.insert(vertex));
            let near = |core: &usize| {
                graph.has_edge(vertex, VertexId(u32::try_from(*core).unwrap()))
            };
            prop_assert!(!naive.cores.contains(&vertex.index()) && !naive.cores.iter().any(near));
        }
        prop_assert_eq!(seen.len(), points.len());
    }
}

#[test]
fn a_geodesic_hierarchy_measures_geodesics() {
    // A degree of latitude: 110.57 km at the equator on the ellipsoid, 111.20 km on the
    // sphere.
    let points = weighted(&[(0.0, 0.0), (1.0, 0.0)]);
    for (measure, together) in [(Measure::GreatCircle, false), (Measure::Geodesic, true)]
    {
        let options = GraphOptions::default().measure(measure);
        let graph = ProximityGraph::with_options(&points, 200e3, &options).unwrap();
        let groups = complete_linkage_hierarchy(&graph).cut(111e3);
        assert_eq!(groups.len() == 1, together, "{measure:?}");
    }
}
