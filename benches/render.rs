//! Pictures: the base map alone, each layer, and the density beside its naive twin.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use geoip_core::{LatLng, WeightedPoint};
use geoip_render::{Heat, Map, Marker, Points, Projection, Unit, png, svg};
use geoip_testkit::random::Random;

/// Addresses in a few thousand places, as a log has them: many in few, few in many.
fn points(count: u64) -> Vec<WeightedPoint> {
    let mut random = Random::new(6);
    let mut degrees = |from: f64, span: u32| {
        from + f64::from(u32::try_from(random.below(u64::from(span) * 100)).unwrap_or(0))
            / 100.0
    };
    (0..count)
        .map(|_| {
            let (lat, lng) = (degrees(-40.0, 100), degrees(-130.0, 280));
            let point = LatLng::new(lat, lng).expect("both are in range");
            WeightedPoint { point, weight: 1 }
        })
        .collect()
}

/// What the density replaces: each point adds its two kernels to every pixel that they
/// reach. No base map, legend or picture.
fn naive_density(points: &[WeightedPoint], width: usize) -> Vec<f32> {
    const REACH: f64 = 5.0;
    let height = width / 2;
    let mut pixels = vec![0.0_f32; width * height];
    let (right, _) = Projection::EqualEarth
        .project(LatLng::new(0.0, 180.0).expect("a place on the equator"));
    let scale = to_f64(width) / 2.0 / right;
    let wide = to_f64(width) / 320.0;
    for WeightedPoint { point, .. } in points {
        let (x, y) = Projection::EqualEarth.project(*point);
        let x = x * scale + to_f64(width) / 2.0;
        let y = to_f64(height) / 2.0 - y * scale;
        for sigma in [wide, wide * 0.3] {
            let (left, top) = (x - REACH * sigma, y - REACH * sigma);
            for row in to_index(top)..to_index(top + 2.0 * REACH * sigma).min(height) {
                for column in
                    to_index(left)..to_index(left + 2.0 * REACH * sigma).min(width)
                {
                    let dx = to_f64(column) + 0.5 - x;
                    let dy = to_f64(row) + 0.5 - y;
                    let value = (-(dx * dx + dy * dy) / (2.0 * sigma * sigma)).exp();
                    pixels[row * width + column] += narrow(value / (sigma * sigma));
                }
            }
        }
    }
    pixels
}

#[expect(clippy::cast_precision_loss, reason = "sides of a picture")]
fn to_f64(side: usize) -> f64 {
    side as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels")]
fn to_index(value: f64) -> usize {
    value.max(0.0) as usize
}

#[expect(clippy::cast_possible_truncation, reason = "a density needs few digits")]
fn narrow(value: f64) -> f32 {
    value as f32
}

fn density(c: &mut Criterion) {
    let mut group = c.benchmark_group("heat of 1600 pixels");
    group.sample_size(10);
    for count in [1_000, 100_000] {
        let points = points(count);
        group.throughput(Throughput::Elements(count));
        let map = Map::new("Heat").layer(Heat::new(points.clone(), Unit::Addresses));
        group.bench_function(BenchmarkId::new("ours/whole png", count), |b| {
            b.iter(|| png(black_box(&map)).expect("the map can be drawn"));
        });
        group.bench_function(BenchmarkId::new("naive/density only", count), |b| {
            b.iter(|| naive_density(black_box(&points), 1600));
        });
    }
}

fn pictures(c: &mut Criterion) {
    let mut group = c.benchmark_group("picture of 1600 pixels");
    group.sample_size(10);
    let markers = points(10_000)
        .into_iter()
        .map(|place| Marker::new(place.point, place.weight, "somewhere"))
        .collect();
    for (name, map) in [
        ("base", Map::new("Base")),
        ("points", Map::new("Points").layer(Points::new(markers, Unit::Addresses))),
    ] {
        group.bench_function(format!("ours/png/{name}"), |b| {
            b.iter(|| png(black_box(&map)).expect("the map can be drawn"));
        });
        group.bench_function(format!("ours/svg/{name}"), |b| {
            b.iter(|| svg(black_box(&map)).expect("the map can be drawn"));
        });
    }
}

criterion_group!(benches, density, pictures);
criterion_main!(benches);
