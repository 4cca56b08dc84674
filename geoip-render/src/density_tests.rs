use geoip_core::LatLng;
use proptest::prelude::*;

use super::*;
use crate::{
    Extent, Projection,
    frame::{EARTH_RADIUS_KM, Rect, Region},
};

const RECT: Rect = Rect { left: 10.0, top: 10.0, right: 310.0, bottom: 160.0 };

fn frame(projection: Projection, extent: Extent) -> Frame {
    Frame::fit(&Region::new(projection, (None, None), extent).unwrap(), RECT)
}

fn point(lat: f64, lng: f64, weight: u64) -> WeightedPoint {
    WeightedPoint { point: LatLng::new(lat, lng).unwrap(), weight }
}

fn wide(bandwidth_km: f64) -> Spread<'static> {
    Spread { bandwidth: Some(Bandwidth::Kilometres(bandwidth_km)), ..Spread::default() }
}

/// The weight in all cells that lie in the frame.
fn mass(grid: &DensityGrid, frame: &Frame) -> f64 {
    let cell = (
        frame.rect.width() / grid.columns as f64,
        frame.rect.height() / grid.rows as f64,
    );
    grid.cells
        .chunks(grid.columns)
        .enumerate()
        .map(|(row, cells)| {
            let y = frame.rect.top + (row as f64 + 0.5) * cell.1;
            let sum = cells.iter().enumerate().map(|(column, &value)| {
                let x = frame.rect.left + (column as f64 + 0.5) * cell.0;
                let Some(place) = frame.unplace((x, y)) else { return 0.0 };
                let area = frame.km_per_pixel(place).powi(2) * cell.0 * cell.1;
                f64::from(value) * area
            });
            sum.sum::<f64>()
        })
        .sum()
}

/// The naive twin: every cell asks every point for its share.
fn naive(points: &[WeightedPoint], frame: &Frame, grid: &DensityGrid) -> Vec<f64> {
    let sigma = [grid.bandwidth_km.0, grid.bandwidth_km.1.unwrap()]
        .map(|sigma_km| sigma_km / frame.km_per_pixel((0.0, 0.0)));
    let mut cells = Vec::new();
    for row in 0..grid.rows {
        for column in 0..grid.columns {
            let x = frame.rect.left + column as f64 + 0.5;
            let y = frame.rect.top + row as f64 + 0.5;
            let density = |point: &WeightedPoint| -> f64 {
                let at = frame.place(point.point);
                let squared = (at.0 - x).powi(2) + (at.1 - y).powi(2);
                let kernel = |sigma: f64| {
                    let variance = sigma * sigma;
                    (-squared / 2.0 / variance).exp() / std::f64::consts::TAU / variance
                };
                point.weight as f64 * (kernel(sigma[0]) + kernel(sigma[1])) / 2.0
            };
            let per_pixel: f64 = points.iter().map(density).sum();
            cells.push(per_pixel / frame.km_per_pixel((0.0, 0.0)).powi(2));
        }
    }
    cells
}

#[test]
fn one_point_gives_a_round_blob() {
    let frame = frame(Projection::EqualEarth, Extent::World);
    // The middle of a cell, so that symmetry is exact.
    let middle =
        Projection::EqualEarth.unproject(0.5 / frame.scale, 0.5 / frame.scale).unwrap();
    let points = [WeightedPoint { point: middle, weight: 7 }];
    let grid = DensityGrid::new(&points, &frame, &wide(700.0));
    let at = |dx: i32, dy: i32| {
        let (x, y) = frame.place(middle);
        let column = (x - RECT.left).floor() as i32 + dx;
        let row = (y - RECT.top).floor() as i32 + dy;
        grid.cells[row as usize * grid.columns + column as usize]
    };
    for (a, b) in
        [((3, 4), (5, 0)), ((3, 4), (-4, 3)), ((6, 8), (0, -10)), ((1, 0), (0, 1))]
    {
        let (a, b) = (at(a.0, a.1), at(b.0, b.1));
        assert!((a / b - 1.0).abs() < 1e-3, "{a} {b}");
    }
}

#[test]
fn what_a_kernel_loses_over_one_edge_comes_in_at_the_other() {
    let frame = frame(Projection::EqualEarth, Extent::World);
    let points = [point(-17.0, 179.9, 1000)];
    let grid = DensityGrid::new(&points, &frame, &wide(800.0));
    let sum = mass(&grid, &frame);
    assert!((sum / 1000.0 - 1.0).abs() < 0.03, "{sum}");
}

#[test]
fn equal_density_on_the_ground_is_equal_wherever_it_is() {
    // The same number of points on the same area, around the equator and around 60
    // degrees: strips of latitude that hold equal shares of the sphere.
    for projection in Projection::ALL {
        let strip = |south: f64, north: f64| -> Vec<WeightedPoint> {
            let (low, high) = (south.to_radians().sin(), north.to_radians().sin());
            // About a point a pixel, far closer than the kernel is wide.
            let (rows, columns) = (120, ((high - low) * 900.0) as u32);
            (0..rows)
                .flat_map(|row| {
                    let sine =
                        low + (high - low) * (f64::from(row) + 0.5) / f64::from(rows);
                    let lat = sine.asin().to_degrees();
                    (0..columns).map(move |column| {
                        let lng = -180.0
                            + 360.0 * (f64::from(column) + 0.5) / f64::from(columns);
                        point(lat, lng, 100)
                    })
                })
                .collect()
        };
        let frame = frame(projection, Extent::World);
        let density_at = |points: &[WeightedPoint], lat: f64| {
            let grid = DensityGrid::new(points, &frame, &wide(400.0));
            let (x, y) = frame.place(LatLng::new(lat, 0.0).unwrap());
            let (column, row) = ((x - RECT.left) as usize, (y - RECT.top) as usize);
            let columns_per_px = grid.columns as f64 / RECT.width();
            let rows_per_px = grid.rows as f64 / RECT.height();
            let column = (column as f64 * columns_per_px) as usize;
            let row = (row as f64 * rows_per_px) as usize;
            let cells: Vec<f32> = (row - 1..=row + 1)
                .map(|row| grid.cells[row * grid.columns + column])
                .collect();
            f64::from(cells.iter().sum::<f32>()) / 3.0
        };
        let per_km2 = |points: &[WeightedPoint], south: f64, north: f64| {
            let share = (north.to_radians().sin() - south.to_radians().sin()) / 2.0;
            let area = 4.0 * std::f64::consts::PI * EARTH_RADIUS_KM.powi(2) * share;
            points.iter().map(|point| point.weight as f64).sum::<f64>() / area
        };
        let (equator, north) = (strip(-25.0, 25.0), strip(40.0, 80.0));
        let here = density_at(&equator, 0.0) / per_km2(&equator, -25.0, 25.0);
        let there = density_at(&north, 60.0) / per_km2(&north, 40.0, 80.0);
        assert!((here / there - 1.0).abs() < 0.02, "{projection:?} {here} {there}");
        assert!((here - 1.0).abs() < 0.02, "{projection:?} {here}");
    }
}

#[test]
fn what_is_known_less_well_is_spread_further() {
    let frame = frame(Projection::EqualEarth, Extent::World);
    let points = [point(10.0, -60.0, 100), point(10.0, 60.0, 100)];
    let spread = Spread { radii_km: Some(&[f64::NAN, 2400.0]), ..wide(400.0) };
    let grid = DensityGrid::new(&points, &frame, &spread);
    let top = |west: bool| {
        let half = grid.columns / 2;
        let row =
            |row: &[f32]| if west { row[..half].to_vec() } else { row[half..].to_vec() };
        grid.cells.chunks(grid.columns).flat_map(row).fold(0.0, f32::max)
    };
    assert!(top(true) > 6.0 * top(false), "{} {}", top(true), top(false));
    let sum = mass(&grid, &frame);
    assert!((sum / 200.0 - 1.0).abs() < 0.01, "{sum}");
}

#[test]
fn a_kernel_in_pixels_is_as_wide_everywhere() {
    let frame = frame(Projection::Mercator, Extent::World);
    let spread =
        Spread { bandwidth: Some(Bandwidth::Pixels(9.0)), single: true, radii_km: None };
    for lat in [0.0, 60.0] {
        let middle = point(lat, 1.0, 100);
        let grid = DensityGrid::new(&[middle], &frame, &spread);
        let (x, y) = frame.place(middle.point);
        let at = |dx: f64| {
            let column =
                ((x + dx - RECT.left) / RECT.width() * grid.columns as f64) as usize;
            let row = ((y - RECT.top) / RECT.height() * grid.rows as f64) as usize;
            f64::from(grid.cells[row * grid.columns + column])
        };
        let sigma = (-2.0 * (at(12.0) / at(0.0)).ln()).sqrt().recip() * 12.0;
        assert!((sigma / 9.0 - 1.0).abs() < 0.15, "{lat} {sigma}");
    }
}

#[test]
fn a_kernel_wider_than_the_picture_is_no_trouble() {
    for projection in Projection::ALL {
        let frame = frame(projection, Extent::World);
        let grid = DensityGrid::new(&[point(70.0, 0.0, u64::MAX)], &frame, &wide(5000.0));
        assert!(grid.cells.iter().all(|value| value.is_finite()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn agrees_with_the_naive_sum_over_all_points(
        places in proptest::collection::vec((-60.0..60.0, -100.0..100.0, 1..1000_u64), 1..12),
    ) {
        let frame = frame(Projection::EqualEarth, Extent::World);
        let points: Vec<_> = places.iter().map(|&(lat, lng, w)| point(lat, lng, w)).collect();
        let grid = DensityGrid::new(&points, &frame, &wide(2.5 / NARROW * frame.km_per_pixel((0.0, 0.0))));
        prop_assert_eq!((grid.columns, grid.rows), (300, 150));
        let exact = naive(&points, &frame, &grid);
        let top = exact.iter().copied().fold(0.0, f64::max);
        for (index, (ours, exact)) in grid.cells.iter().zip(&exact).enumerate() {
            let (column, row) = (index % 300, index / 300);
            let x = RECT.left + column as f64 + 0.5;
            let world = frame.rows().unwrap().world(RECT.top + row as f64 + 0.5);
            if !world.is_some_and(|(left, right)| left < x && x < right) {
                prop_assert!(*ours <= 0.0);
                continue;
            }
            // Sharing a point among four cells widens the narrow kernel by up to two
            // per cent of its height.
            prop_assert!((f64::from(*ours) - exact).abs() < 0.045 * top, "{ours} {exact} {top}");
        }
    }

    #[test]
    fn the_sum_of_the_grid_is_the_sum_of_the_points(
        places in proptest::collection::vec((-60.0..60.0, -120.0..120.0, 0..1000_u64), 0..50),
        bandwidth in 100.0..600.0,
    ) {
        let frame = frame(Projection::EqualEarth, Extent::World);
        let points: Vec<_> = places.iter().map(|&(lat, lng, w)| point(lat, lng, w)).collect();
        let grid = DensityGrid::new(&points, &frame, &wide(bandwidth));
        let sum: u64 = places.iter().map(|place| place.2).sum();
        prop_assert_eq!((grid.inside, grid.outside), (sum, 0));
        let mass = mass(&grid, &frame);
        prop_assert!((mass - sum as f64).abs() <= sum as f64 * 1e-3, "{mass} {sum}");
    }
}
