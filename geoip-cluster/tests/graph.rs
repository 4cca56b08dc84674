//! The edges are those of all pairs.

mod common;

use common::{graph, scenes, weighted};
use geoip_cluster::{
    Cluster, Error, GraphOptions, HALF_CIRCUMFERENCE_M, Measure, ProximityGraph,
    complete_linkage_cover_by,
};
use geoip_testkit::points;
use proptest::prelude::*;

fn all_pairs(coordinates: &[(f64, f64)], radius_m: f64) -> Vec<(u32, u32)> {
    all_pairs_by(Measure::GreatCircle, coordinates, radius_m)
}

fn all_pairs_by(
    measure: Measure,
    coordinates: &[(f64, f64)],
    radius_m: f64,
) -> Vec<(u32, u32)> {
    let points = weighted(coordinates);
    let mut pairs = Vec::new();
    for (a, from) in (0..).zip(&points) {
        for (b, to) in (0..).zip(&points).skip(a as usize + 1) {
            if measure.distance_m(from.point, to.point) <= radius_m {
                pairs.push((a, b));
            }
        }
    }
    pairs
}

fn edges(graph: &ProximityGraph) -> Vec<(u32, u32)> {
    graph.edges().map(|edge| (edge.a.0, edge.b.0)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn has_the_edges_of_all_pairs((points, radius_m) in scenes(150)) {
        let graph = graph(&points, radius_m);
        let expected = all_pairs(&points, radius_m);
        prop_assert_eq!(edges(&graph), expected.clone());
        prop_assert_eq!(graph.edge_count(), expected.len());
        for vertex in graph.vertices() {
            prop_assert!(graph.neighbors(vertex).is_sorted());
            prop_assert_eq!(graph.degree(vertex), graph.neighbors(vertex).len());
            for &other in graph.neighbors(vertex) {
                prop_assert!(graph.has_edge(other, vertex));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn geodesic_edges_are_those_of_all_pairs((coordinates, radius_m) in scenes(60)) {
        let points = weighted(&coordinates);
        let options = GraphOptions::default().measure(Measure::Geodesic);
        for radius_m in [radius_m, 3.2 * radius_m] {
            let graph = ProximityGraph::with_options(&points, radius_m, &options).unwrap();
            let expected = all_pairs_by(Measure::Geodesic, &coordinates, radius_m);
            prop_assert_eq!(edges(&graph), expected);
            let cover =
                complete_linkage_cover_by(Measure::Geodesic, &points, radius_m).unwrap();
            for group in &cover.groups {
                let widest = group.iter().flat_map(|&a| group.iter().map(move |&b| (a, b)))
                    .filter(|(a, b)| a < b)
                    .map(|(a, b)| graph.distance_m(a, b)).fold(0.0, f64::max);
                prop_assert!(widest <= radius_m);
                let summary = Cluster::by(Measure::Geodesic, &points, group).unwrap();
                // A micrometre for one point written in two ways.
                prop_assert!((summary.diameter_m - widest).abs() < 1e-6, "{widest}");
            }
            for (index, &a) in cover.far_apart.iter().enumerate() {
                for &b in &cover.far_apart[index + 1..] {
                    prop_assert!(graph.distance_m(a, b) > radius_m);
                }
            }
        }
    }
}

#[test]
fn any_radius_is_right_for_any_kind_of_points() {
    let kinds = [
        points::uniform(200, 3),
        points::cities(200, 4),
        points::antimeridian(200, 5),
        points::pole(200, 6),
        points::lattice(200, 7),
        points::ring(200, 51.0),
    ];
    let radii_m = [
        0.0,
        1.0,
        1e3,
        3e5,
        5e6,
        HALF_CIRCUMFERENCE_M * 0.99,
        HALF_CIRCUMFERENCE_M - 0.5,
        HALF_CIRCUMFERENCE_M,
        1e9,
    ];
    for points in &kinds {
        for radius_m in radii_m {
            let expected = all_pairs(points, radius_m);
            assert_eq!(edges(&graph(points, radius_m)), expected, "{radius_m} m");
        }
        let complete = graph(points, HALF_CIRCUMFERENCE_M);
        assert_eq!(complete.edge_count(), points.len() * (points.len() - 1) / 2);
    }
}

#[test]
fn points_a_metre_apart_are_told_from_those_a_little_farther() {
    let metre = 1.0 / 111_195.079_7;
    let line: Vec<_> = (0..50).map(|i| (47.0 + f64::from(i) * metre, 8.0)).collect();
    assert_eq!(graph(&line, 0.999).edge_count(), 0);
    assert_eq!(graph(&line, 1.001).edge_count(), 49);
    assert_eq!(graph(&line, 2.001).edge_count(), 49 + 48);
}

#[test]
fn a_radius_of_zero_joins_one_place_however_written() {
    let poles = [(90.0, 0.0), (90.0, 77.0), (90.0, -180.0)];
    let meridian = [(10.0, 180.0), (10.0, -180.0), (10.0, 179.999_999)];
    let points = [poles, meridian].concat();
    assert_eq!(edges(&graph(&points, 0.0)), [(0, 1), (0, 2), (1, 2), (3, 4)]);
}

#[test]
fn no_points_are_a_graph_too() {
    let graph = graph(&[], 1000.0);
    assert!(graph.is_empty());
    assert_eq!(graph.edges().count(), 0);
}

#[test]
fn refuses_a_radius_that_is_none() {
    for radius_m in [-1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let error = ProximityGraph::new(&[], radius_m).unwrap_err();
        assert!(matches!(error, Error::InvalidRadius { .. }), "{error}");
        assert!(error.to_string().starts_with("invalid radius "));
    }
}

#[test]
fn refuses_more_edges_than_fit_and_names_a_radius_that_does() {
    let points = weighted(&points::uniform(20_000, 8));
    let options = GraphOptions::default().memory_limit_bytes(16 << 20);
    let refused = ProximityGraph::with_options(&points, 2_000_000.0, &options);
    let Err(Error::TooManyEdges { edges, limit_bytes, fitting_radius_m, .. }) = refused
    else {
        panic!("built {refused:?}");
    };
    assert_eq!(limit_bytes, 16 << 20);
    let whole = ProximityGraph::new(&points, 2_000_000.0).unwrap().edge_count();
    let whole = whole as u64;
    assert!(
        (whole * 4 / 5..whole * 5 / 4).contains(&edges),
        "{edges} estimated, {whole} there"
    );
    let fitting =
        ProximityGraph::with_options(&points, 0.95 * fitting_radius_m, &options);
    assert!(fitting.unwrap().edge_count() > 0);
}

#[test]
fn counts_what_a_sample_overlooks() {
    // A quarter of the points in one place, of which the sample sees its share, is
    // still refused by counting when the limit lies just under the truth.
    let mut points = points::uniform(3_000, 9);
    points.extend([(1.0, 1.0); 1_000]);
    let points = weighted(&points);
    let bytes = |edges: u64| 16 * edges + 120 * points.len() as u64;
    let edges = ProximityGraph::new(&points, 0.0).unwrap().edge_count() as u64;
    assert_eq!(edges, 1_000 * 999 / 2);
    let build = |edges| {
        let options = GraphOptions::default().memory_limit_bytes(bytes(edges));
        ProximityGraph::with_options(&points, 0.0, &options)
    };
    assert!(build(edges).is_ok());
    assert!(matches!(build(edges - 1), Err(Error::TooManyEdges { .. })));
}
