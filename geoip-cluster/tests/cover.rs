//! The cover is a partition within the limit, and its bound is proved.

mod common;

use common::{scenes, weighted};
use geoip_cluster::{Error, complete_linkage_cover, components, distance_m};
use geoip_core::WeightedPoint;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn distance(points: &[WeightedPoint], a: u32, b: u32) -> f64 {
    distance_m(points[a as usize].point, points[b as usize].point)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn is_a_partition_within_the_limit((points, radius_m) in scenes(150)) {
        let mut points = weighted(&points);
        for (weight, point) in (0..).zip(&mut points) {
            point.weight = weight % 7;
        }
        let cover = complete_linkage_cover(&points, radius_m).unwrap();
        let mut seen = BTreeSet::new();
        for group in &cover.groups {
            prop_assert!(!group.is_empty() && group.is_sorted());
            for a in group {
                prop_assert!(seen.insert(a.0), "twice: {a:?}");
                for b in group {
                    prop_assert!(a == b || distance(&points, a.0, b.0) <= radius_m);
                }
            }
        }
        prop_assert_eq!(seen.len(), points.len());
        let weights: Vec<u64> = (cover.groups.iter())
            .map(|group| group.iter().map(|it| points[it.index()].weight).sum())
            .collect();
        prop_assert!(weights.is_sorted_by(|a, b| a >= b));
        for a in &cover.far_apart {
            for b in &cover.far_apart {
                prop_assert!(a == b || distance(&points, a.0, b.0) > radius_m);
            }
        }
        prop_assert!(cover.lower_bound() <= cover.groups.len());
        prop_assert!(points.is_empty() || cover.lower_bound() > 0);
    }

    #[test]
    fn components_are_joined_inside_and_apart_outside((points, radius_m) in scenes(100)) {
        let graph = common::graph(&points, radius_m);
        let components = components(&graph);
        let mut component_of = vec![usize::MAX; graph.len()];
        for (index, component) in components.iter().enumerate() {
            prop_assert!(component.is_sorted());
            for vertex in component {
                prop_assert_eq!(component_of[vertex.index()], usize::MAX);
                component_of[vertex.index()] = index;
            }
        }
        // Every edge stays inside, and what edges do not join is not together: as many
        // components are left as a union of all edges leaves.
        let mut label: Vec<usize> = (0..graph.len()).collect();
        for edge in graph.edges() {
            prop_assert_eq!(component_of[edge.a.index()], component_of[edge.b.index()]);
            let (keep, replace) = (label[edge.a.index()], label[edge.b.index()]);
            label.iter_mut().filter(|it| **it == replace).for_each(|it| *it = keep);
        }
        let labels: BTreeSet<usize> = label.into_iter().collect();
        prop_assert_eq!(labels.len(), components.len());
    }
}

#[test]
fn refuses_a_radius_that_is_none() {
    for radius_m in [-1.0, f64::NAN, f64::INFINITY] {
        let refused = complete_linkage_cover(&[], radius_m);
        assert!(matches!(refused, Err(Error::InvalidRadius { .. })));
    }
}

#[test]
fn covers_nothing_with_nothing_and_everything_with_one() {
    let none = complete_linkage_cover(&[], 1e3).unwrap();
    assert_eq!((none.groups.len(), none.lower_bound()), (0, 0));
    let points = weighted(&geoip_testkit::points::uniform(100, 1));
    let whole = complete_linkage_cover(&points, 1e9).unwrap();
    assert_eq!((whole.groups.len(), whole.lower_bound()), (1, 1));
}

#[test]
fn crowds_in_one_place_cost_no_more_than_their_number() {
    let points = weighted(&[vec![(1.0, 2.0); 5_000], vec![(1.0, 3.0); 5_000]].concat());
    for radius_m in [0.0, 10.0, 100_000.0] {
        let cover = complete_linkage_cover(&points, radius_m).unwrap();
        assert_eq!((cover.groups.len(), cover.lower_bound()), (2, 2), "{radius_m} m");
    }
}
