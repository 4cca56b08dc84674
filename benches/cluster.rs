//! Proximity graphs and maximal cliques, beside brute force and petgraph.
//!
//! `cargo bench -p geoip-benches --bench cluster`

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use geoip_cluster::{
    CliqueOptions, Cluster, ProximityGraph, complete_linkage_cover, distance_m,
    for_each_maximal_clique, heaviest_maximal_cliques,
};
use geoip_core::{InvalidLatLng, LatLng, WeightedPoint};
use geoip_testkit::points;
use petgraph::graph::UnGraph;
use std::hint::black_box;
use std::ops::ControlFlow;

const SEED: u64 = 20_261_121;
const MILES_300_M: f64 = 300.0 * 1_609.344;

fn weighted(coordinates: &[(f64, f64)]) -> Vec<WeightedPoint> {
    let point = |&(lat, lng): &(f64, f64)| -> Result<WeightedPoint, InvalidLatLng> {
        Ok(WeightedPoint { point: LatLng::new(lat, lng)?, weight: 1 })
    };
    coordinates
        .iter()
        .map(point)
        .collect::<Result<_, _>>()
        .expect("points of the testkit")
}

fn graph(points: &[WeightedPoint], radius_m: f64) -> ProximityGraph {
    ProximityGraph::new(points, radius_m).expect("a small graph")
}

fn count_cliques(graph: &ProximityGraph) -> u64 {
    let mut count = 0;
    let _ = for_each_maximal_clique(graph, |members| {
        black_box(members);
        count += 1;
        ControlFlow::<()>::Continue(())
    });
    count
}

/// The peer lists its cliques; ours are listed too.
fn maximal_cliques(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("maximal cliques");
    group.sample_size(10);
    for count in [250, 500] {
        let graph = graph(&weighted(&points::cities(count, SEED)), MILES_300_M);
        group.throughput(Throughput::Elements(count_cliques(&graph)));
        group.bench_with_input(
            BenchmarkId::new("ours", count),
            &graph,
            |bencher, graph| {
                let options = CliqueOptions::default();
                bencher.iter(|| {
                    heaviest_maximal_cliques(graph, usize::MAX, &options, |_| false)
                });
            },
        );
        let peer =
            UnGraph::<(), ()>::from_edges(graph.edges().map(|edge| (edge.a.0, edge.b.0)));
        group.bench_with_input(
            BenchmarkId::new("petgraph", count),
            &peer,
            |bencher, peer| {
                bencher.iter(|| petgraph::algo::maximal_cliques(peer));
            },
        );
    }
    for count in [2_000, 5_000] {
        let graph = graph(&weighted(&points::cities(count, SEED)), MILES_300_M);
        group.throughput(Throughput::Elements(count_cliques(&graph)));
        group.bench_with_input(
            BenchmarkId::new("ours", count),
            &graph,
            |bencher, graph| {
                bencher.iter(|| count_cliques(graph));
            },
        );
    }
    group.finish();
}

fn proximity_graph(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("proximity graph");
    group.sample_size(10);
    for (count, radius_m) in [(3_000, 160_934.4), (100_000, 160_934.4)] {
        let points = weighted(&points::uniform(count, SEED));
        group.throughput(Throughput::Elements(points.len() as u64));
        group.bench_with_input(
            BenchmarkId::new("ours", count),
            &points,
            |bencher, points| {
                bencher.iter(|| graph(points, radius_m));
            },
        );
        if count <= 3_000 {
            group.bench_with_input(
                BenchmarkId::new("brute force", count),
                &points,
                |bencher, points| bencher.iter(|| all_pairs(points, radius_m)),
            );
        }
    }
    group.finish();
}

fn all_pairs(points: &[WeightedPoint], radius_m: f64) -> usize {
    let after = |index| points.iter().skip(index + 1);
    let within =
        |a: &WeightedPoint, b: &WeightedPoint| distance_m(a.point, b.point) <= radius_m;
    let pairs = points.iter().enumerate();
    pairs.map(|(index, a)| after(index).filter(|b| within(a, b)).count()).sum()
}

fn cover(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("complete-linkage cover");
    group.sample_size(10);
    let points = weighted(&points::cities(20_000, SEED));
    group.throughput(Throughput::Elements(points.len() as u64));
    group.bench_function("ours", |bencher| {
        bencher.iter(|| complete_linkage_cover(&points, MILES_300_M));
    });
    let cover = complete_linkage_cover(&points, MILES_300_M).expect("a valid radius");
    group.bench_function("summaries", |bencher| {
        bencher.iter(|| -> Vec<Option<Cluster>> {
            cover.groups.iter().map(|group| Cluster::new(&points, group)).collect()
        });
    });
    group.finish();
}

criterion_group!(ours, maximal_cliques, proximity_graph, cover);
criterion_main!(ours);
