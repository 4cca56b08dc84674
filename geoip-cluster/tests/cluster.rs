//! Summaries are those of all pairs, and nothing depends on how the input was given.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    reason = "small numbers, and distances computed in the same way"
)]

mod common;

use common::{Cliques, found, graph, scenes, sorted, weighted};
use geoip_cluster::{
    CliqueOptions, Cluster, HALF_CIRCUMFERENCE_M, ProximityGraph, Stop, VertexId,
    distance_m, heaviest_maximal_cliques,
};
use geoip_core::{LatLng, WeightedPoint};
use geoip_testkit::points;
use geoip_testkit::random::Random;
use proptest::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

fn all(points: &[WeightedPoint]) -> Vec<VertexId> {
    (0..).map(VertexId).take(points.len()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn summaries_are_those_of_all_pairs((points, _) in scenes(60), seed: u64) {
        let mut points = weighted(&points);
        prop_assume!(!points.is_empty());
        let mut random = Random::new(seed);
        for point in &mut points {
            point.weight = random.below(5);
        }
        let members = all(&points);
        let cluster = Cluster::new(&points, &members).unwrap();
        prop_assert_eq!(cluster.weight, points.iter().map(|it| it.weight).sum::<u64>());
        prop_assert_eq!(&cluster.members, &members);

        let distance = |a: VertexId, b: VertexId| {
            distance_m(points[a.index()].point, points[b.index()].point)
        };
        let widest = members.iter().flat_map(|&a| members.iter().map(move |&b| (a, b)))
            .map(|(a, b)| distance(a, b)).fold(0.0, f64::max);
        prop_assert!((cluster.diameter_m - widest).abs() < 0.2, "{widest}");
        let (a, b) = cluster.farthest;
        prop_assert_eq!(distance(a, b), cluster.diameter_m);
        prop_assert!(a <= b);

        let sum = |a: VertexId| -> f64 {
            members.iter().map(|&b| distance(a, b) * points[b.index()].weight as f64).sum()
        };
        let least = members.iter().map(|&it| sum(it)).fold(f64::INFINITY, f64::min);
        prop_assert!(sum(cluster.medoid) <= least + 1.0, "{} {least}", sum(cluster.medoid));

        let from_center = members.iter()
            .map(|it| distance_m(points[it.index()].point, cluster.centroid))
            .fold(0.0, f64::max);
        prop_assert_eq!(cluster.radius_m, from_center);
        prop_assert!(cluster.radius_m <= HALF_CIRCUMFERENCE_M);
    }

    /// Each member lies on the left of each side of the hull.
    #[test]
    fn hulls_hold_all_members((points, _) in scenes(60)) {
        let points = weighted(&points);
        prop_assume!(!points.is_empty());
        let cluster = Cluster::new(&points, &all(&points)).unwrap();
        let at = |vertex: VertexId| {
            let point = points[vertex.index()].point;
            let (lat, lng) = (point.lat().to_radians(), point.lng().to_radians());
            [lat.cos() * lng.cos(), lat.cos() * lng.sin(), lat.sin()]
        };
        let half_the_sphere = cluster.radius_m < HALF_CIRCUMFERENCE_M * 0.48;
        prop_assert!(!(half_the_sphere && cluster.hull.is_empty()));
        if cluster.hull.len() >= 3 {
            for (index, &a) in cluster.hull.iter().enumerate() {
                let b = cluster.hull[(index + 1) % cluster.hull.len()];
                let ([a0, a1, a2], [b0, b1, b2]) = (at(a), at(b));
                let side = [a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0];
                for &member in &cluster.members {
                    let left: f64 = side.iter().zip(at(member)).map(|(s, m)| s * m).sum();
                    prop_assert!(left > -1e-12, "{left}");
                }
            }
        }
    }

    #[test]
    fn the_order_of_the_points_means_nothing((points, radius_m) in scenes(60), seed: u64) {
        let mut order: Vec<usize> = (0..points.len()).collect();
        let mut random = Random::new(seed);
        for index in (1..order.len()).rev() {
            order.swap(index, random.below(index as u64 + 1) as usize);
        }
        let shuffled: Vec<_> = order.iter().map(|&index| points[index]).collect();
        let renamed: Cliques = found(&graph(&shuffled, radius_m))
            .into_iter()
            .map(|clique| {
                let mut clique: Vec<u32> =
                    clique.iter().map(|&it| order[it as usize] as u32).collect();
                clique.sort_unstable();
                clique
            })
            .collect();
        prop_assert_eq!(renamed, found(&graph(&points, radius_m)));
    }

    /// Turned about the axis by a multiple of 90 degrees, which rounds nothing that
    /// decides.
    #[test]
    fn turning_the_globe_means_nothing((points, radius_m) in scenes(60), quarters in 1..4) {
        let turned: Vec<_> = points
            .iter()
            .map(|&(lat, lng)| (lat, points::wrapped(lng + 90.0 * f64::from(quarters))))
            .collect();
        // A pair at the very limit may round to either side of it once turned.
        let radius_m = radius_m + 0.5;
        prop_assert_eq!(found(&graph(&turned, radius_m)), found(&graph(&points, radius_m)));
    }

    #[test]
    fn doubling_every_point_doubles_members_and_adds_no_clique(
        (points, radius_m) in scenes(40),
    ) {
        let count = points.len() as u32;
        let doubled = [points.clone(), points.clone()].concat();
        let expected: Cliques = found(&graph(&points, radius_m))
            .into_iter()
            .map(|clique| {
                let twins: Vec<u32> = clique.iter().map(|it| it + count).collect();
                [clique, twins].concat()
            })
            .collect();
        prop_assert_eq!(found(&graph(&doubled, radius_m)), expected);
    }

    #[test]
    fn the_heaviest_are_those_of_all((points, radius_m) in scenes(60), count in 0_usize..9) {
        let mut points = weighted(&points);
        for (weight, point) in (0..).zip(&mut points) {
            point.weight = weight % 5;
        }
        let graph = ProximityGraph::new(&points, radius_m).unwrap();
        let weight = |clique: &Vec<u32>| -> u64 {
            clique.iter().map(|&it| points[it as usize].weight).sum()
        };
        let mut expected: Vec<Vec<u32>> = found(&graph).into_iter().collect();
        expected.sort_by_key(|clique| std::cmp::Reverse(weight(clique)));
        let total = expected.len() as u64;
        expected.truncate(count);
        let options = CliqueOptions::default();
        let heaviest = heaviest_maximal_cliques(&graph, count, &options, |_| false);
        prop_assert_eq!(heaviest.iter().map(sorted).collect::<Vec<_>>(), expected);
        prop_assert!(heaviest.enumeration().is_complete());
        prop_assert_eq!(heaviest.enumeration().cliques, total);
    }
}

#[test]
fn what_a_limit_keeps_does_not_depend_on_cores() {
    let graph = graph(&points::cities(1_500, 5), 400e3);
    let total = found(&graph).len() as u64;
    let options = CliqueOptions::default().max_cliques(total / 2);
    let mut one_by_one = Cliques::new();
    let enumeration = geoip_cluster::visit_maximal_cliques(
        &graph,
        &options,
        || false,
        |members| {
            one_by_one.insert(sorted(members));
            std::ops::ControlFlow::Continue(())
        },
    );
    let kept = heaviest_maximal_cliques(&graph, usize::MAX, &options, |_| false);
    assert_eq!(kept.enumeration(), enumeration);
    assert_eq!(enumeration.stopped_by, Some(Stop::CliqueLimit));
    assert_eq!(kept.iter().map(sorted).collect::<Cliques>(), one_by_one);
}

#[test]
fn nothing_has_no_summary_and_one_point_is_its_own() {
    assert_eq!(Cluster::new(&[], &[]), None);
    let point = LatLng::new(-33.9, 151.2).unwrap();
    let points = [WeightedPoint { point, weight: 3 }];
    let cluster = Cluster::new(&points, &[VertexId(0)]).unwrap();
    assert_eq!((cluster.weight, cluster.medoid), (3, VertexId(0)));
    assert_eq!(cluster.farthest, (VertexId(0), VertexId(0)));
    assert_eq!(cluster.hull, [VertexId(0)]);
    assert!(distance_m(cluster.centroid, point) < 1e-3 && cluster.radius_m < 1e-3);
    assert_eq!(cluster.diameter_m, 0.0);
}

#[test]
fn a_ring_around_the_earth_has_no_mean_and_no_hull() {
    let points = weighted(&points::ring(36, 0.0));
    let cluster = Cluster::new(&points, &all(&points)).unwrap();
    let medoid = points[cluster.medoid.index()].point;
    assert!(distance_m(cluster.centroid, medoid) < 1.0);
    assert!(cluster.hull.is_empty());
    assert!((cluster.diameter_m - HALF_CIRCUMFERENCE_M).abs() < 1.0);
}

#[test]
fn what_was_found_before_being_asked_to_stop_is_kept() {
    let graph = graph(&points::ring(40, 30.0), common::ring_radius_m(40, 30.0));
    let told = AtomicU64::new(0);
    let options = CliqueOptions::default();
    let kept = heaviest_maximal_cliques(&graph, usize::MAX, &options, |found| {
        told.fetch_add(found, Ordering::Relaxed) + found > 5_000
    });
    let enumeration = kept.enumeration();
    assert_eq!(enumeration.stopped_by, Some(Stop::Asked));
    assert_eq!(enumeration.cliques, told.into_inner());
    assert_eq!(kept.len() as u64, enumeration.cliques);
    assert!((5_000..1 << 20).contains(&kept.len()));
    assert!(kept.iter().all(|clique| clique.len() == 20));

    let nothing = heaviest_maximal_cliques(&graph, usize::MAX, &options, |_| true);
    assert_eq!(nothing.enumeration().stopped_by, Some(Stop::Asked));
    assert!(nothing.is_empty());
}

#[test]
fn a_limit_bounds_what_all_cores_keep() {
    // Each of 1,200 vertices starts more cliques than can be counted.
    let graph = graph(&points::ring(1_200, 30.0), common::ring_radius_m(1_200, 30.0));
    let most = AtomicU64::new(0);
    let options = CliqueOptions::default().max_cliques(3_000);
    let kept = heaviest_maximal_cliques(&graph, usize::MAX, &options, |found| {
        most.fetch_add(found, Ordering::Relaxed);
        false
    });
    assert_eq!(kept.enumeration().stopped_by, Some(Stop::CliqueLimit));
    assert_eq!(kept.len(), 3_000);
    // Not 3,000 for each of many parts of the work, of which each core has one at a time.
    let cores = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    assert!(most.into_inner() <= (cores + 2) * 4_096);
}
