//! The maximal cliques are those of the slow and obvious algorithms.

mod common;

use common::{Cliques, found, graph, naive_cliques, ring_radius_m, scenes, sorted};
use geoip_cluster::{
    CliqueOptions, ProximityGraph, Stop, for_each_maximal_clique, visit_maximal_cliques,
};
use geoip_testkit::points;
use petgraph::graph::UnGraph;
use proptest::prelude::*;
use std::ops::ControlFlow;

fn petgraph_cliques(graph: &ProximityGraph) -> Cliques {
    let mut peer = UnGraph::<(), ()>::new_undirected();
    let nodes: Vec<_> = graph.vertices().map(|_| peer.add_node(())).collect();
    for edge in graph.edges() {
        peer.add_edge(nodes[edge.a.index()], nodes[edge.b.index()], ());
    }
    petgraph::algo::maximal_cliques(&peer)
        .into_iter()
        .map(|clique| {
            let nodes = clique.into_iter().map(|node| u32::try_from(node.index()));
            let mut members: Vec<u32> =
                nodes.collect::<Result<_, _>>().expect("few nodes");
            members.sort_unstable();
            members
        })
        // Of a graph without vertices, petgraph says that the empty set is a clique.
        .filter(|members| !members.is_empty())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn finds_what_the_naive_algorithm_finds((points, radius_m) in scenes(13)) {
        let graph = graph(&points, radius_m);
        prop_assert_eq!(found(&graph), naive_cliques(&graph));
    }

    #[test]
    fn finds_what_petgraph_finds((points, radius_m) in scenes(40)) {
        let graph = graph(&points, radius_m);
        prop_assert_eq!(found(&graph), petgraph_cliques(&graph));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Neighbourhoods of more than 64: rows of several words, and the step from them
    /// to one.
    #[test]
    fn finds_what_petgraph_finds_in_crowds(
        seed: u64, count in 150_usize..350, radius_km in 100.0..1200.0,
    ) {
        let mut points = points::cities(count, seed);
        points.extend_from_within(..10);
        let graph = graph(&points, radius_km * 1e3);
        prop_assert_eq!(found(&graph), petgraph_cliques(&graph));
    }
}

#[test]
fn a_ring_of_points_has_a_clique_for_each_choice_of_sides() {
    for pairs in 1..=12_u32 {
        let count = 2 * pairs as usize;
        let graph = graph(&points::ring(count, 30.0), ring_radius_m(count, 30.0));
        let cliques = found(&graph);
        assert_eq!(cliques.len(), 1 << pairs);
        assert!(cliques.iter().all(|clique| clique.len() == count / 2));
    }
}

#[test]
fn a_large_ring_is_walked_without_a_deep_stack_until_stopped() {
    let graph = graph(&points::ring(1_200, 30.0), ring_radius_m(1_200, 30.0));
    let options = CliqueOptions::default().max_cliques(500);
    let mut visited = 0;
    let enumeration = visit_maximal_cliques(
        &graph,
        &options,
        || false,
        |members| {
            assert_eq!(members.len(), 600);
            visited += 1;
            ControlFlow::Continue(())
        },
    );
    assert_eq!(enumeration.stopped_by, Some(Stop::CliqueLimit));
    assert_eq!((enumeration.cliques, visited), (500, 500));
}

#[test]
fn no_points_have_no_cliques() {
    assert!(found(&graph(&[], 1e3)).is_empty());
}

#[test]
fn points_far_apart_are_cliques_of_one() {
    let cliques = found(&graph(&[(0.0, 0.0), (0.0, 90.0), (0.0, 180.0)], 1e3));
    assert_eq!(cliques, Cliques::from([vec![0], vec![1], vec![2]]));
}

#[test]
fn the_visitor_ends_the_search_with_its_own_value() {
    let graph = graph(&points::cities(200, 1), 500e3);
    let mut visited = 0;
    let ended = for_each_maximal_clique(&graph, |members| {
        visited += 1;
        if visited == 7 {
            ControlFlow::Break(sorted(members))
        } else {
            ControlFlow::Continue(())
        }
    });
    let seventh = ended.break_value().unwrap();
    assert_eq!(visited, 7);
    assert!(found(&graph).contains(&seventh));
}

#[test]
fn a_limit_on_cliques_that_is_not_exceeded_stops_nothing() {
    let graph = graph(&points::cities(200, 1), 500e3);
    let count = found(&graph).len() as u64;
    let run = |limit| {
        let options = CliqueOptions::default().max_cliques(limit);
        visit_maximal_cliques(&graph, &options, || false, |_| ControlFlow::Continue(()))
    };
    assert!(run(count).is_complete());
    assert_eq!(run(count).cliques, count);
    assert_eq!(run(count - 1).stopped_by, Some(Stop::CliqueLimit));
    assert_eq!(run(count - 1).cliques, count - 1);
    assert_eq!(run(0).cliques, 0);
}

#[test]
fn asking_to_stop_leaves_only_whole_maximal_cliques() {
    let graph = graph(&points::ring(40, 30.0), ring_radius_m(40, 30.0));
    let mut questions = 0;
    let mut cliques = Cliques::new();
    let enumeration = visit_maximal_cliques(
        &graph,
        &CliqueOptions::default(),
        || {
            questions += 1;
            questions > 3
        },
        |members| {
            cliques.insert(sorted(members));
            ControlFlow::Continue(())
        },
    );
    assert_eq!(enumeration.stopped_by, Some(Stop::Asked));
    assert!(enumeration.cliques > 0 && enumeration.cliques < 1 << 20);
    assert!(cliques.iter().all(|clique| clique.len() == 20));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn minimums_leave_out_what_is_less_and_nothing_else(
        (points, radius_m) in scenes(60), min_members in 0_usize..12, min_weight in 0_u64..12,
    ) {
        let mut points = common::weighted(&points);
        for (weight, point) in (0..).zip(&mut points) {
            point.weight = weight % 3;
        }
        let graph = ProximityGraph::new(&points, radius_m).unwrap();
        let mut expected = found(&graph);
        expected.retain(|clique| {
            let weight: u64 = clique.iter().map(|&it| points[it as usize].weight).sum();
            clique.len() >= min_members && weight >= min_weight
        });
        let options = CliqueOptions::default().min_members(min_members).min_weight(min_weight);
        let mut cliques = Cliques::new();
        let enumeration = visit_maximal_cliques(&graph, &options, || false, |members| {
            cliques.insert(sorted(members));
            ControlFlow::Continue(())
        });
        prop_assert!(enumeration.is_complete());
        prop_assert_eq!(enumeration.cliques, expected.len() as u64);
        prop_assert_eq!(cliques, expected);
    }
}
