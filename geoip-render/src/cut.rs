//! Outlines cut where the map is.
//!
//! An outline may run across the meridian opposite to the middle of the map, or all
//! the way around a pole. It is unrolled into a line without jumps, and the part in
//! each turn of 360 degrees is cut out and moved into the middle one. So a map has no
//! streak across it, whatever its central meridian.

use crate::basemap::Corner;

/// Longitude relative to the middle of the map and latitude, in degrees.
pub(crate) type Point = (f64, f64);

/// Longitude relative to a central meridian, -180..180.
pub(crate) fn relative(lng: f64, central: f64) -> f64 {
    let turned = (lng - central + 180.0).rem_euclid(360.0) - 180.0;
    // Rounding may land on the far end of the half-open range.
    if turned < 180.0 { turned } else { -180.0 }
}

/// The pieces of a closed outline on a map with this central meridian.
pub(crate) fn cut_ring(ring: &[Corner], central: f64) -> Vec<Vec<Point>> {
    let unrolled = unrolled_ring(ring, central);
    turns(&unrolled)
        .filter_map(|(west, east)| {
            let kept = clip(&unrolled, |point| point.0 - west);
            let kept = clip(&kept, |point| east - point.0);
            let moved: Vec<Point> =
                kept.iter().map(|point| (point.0 - west - 180.0, point.1)).collect();
            (moved.len() >= 3).then_some(moved)
        })
        .collect()
}

/// A closed outline without jumps; one that goes around a pole is closed over it.
pub(crate) fn unrolled_ring(ring: &[Corner], central: f64) -> Vec<Point> {
    let mut unrolled = unroll(ring.iter().chain(ring.first()), central);
    let (Some(first), Some(last)) = (unrolled.first().copied(), unrolled.pop()) else {
        return Vec::new();
    };
    if (last.0 - first.0).abs() > 180.0 {
        // The ring went around a pole: close it over that pole.
        let north = unrolled.iter().map(|point| point.1).sum::<f64>() > 0.0;
        let pole = if north { 90.0 } else { -90.0 };
        unrolled.extend([last, (last.0, pole), (first.0, pole)]);
    }
    unrolled
}

/// The pieces of an open line on a map with this central meridian.
pub(crate) fn cut_line(line: &[Corner], central: f64) -> Vec<Vec<Point>> {
    let mut pieces = Vec::new();
    for run in surveyed(line) {
        let unrolled = unroll(run.iter(), central);
        for (west, east) in turns(&unrolled) {
            pieces.extend(between(&unrolled, west, east));
        }
    }
    pieces
}

/// A line without what no survey made: the seams along the antimeridian and the pole
/// with which some sources close what crosses them.
pub(crate) fn surveyed(line: &[Corner]) -> impl Iterator<Item = &[Corner]> {
    let seam = |a: &Corner, b: &Corner| {
        (a[0].abs() > 179.98 && b[0].abs() > 179.98) || (a[1] < -89.5 && b[1] < -89.5)
    };
    line.chunk_by(move |a, b| !seam(a, b))
}

/// Relative longitudes, each less than half a turn from the one before.
pub(crate) fn unroll<'a>(
    corners: impl Iterator<Item = &'a Corner>,
    central: f64,
) -> Vec<Point> {
    let mut at: Option<f64> = None;
    corners
        .map(|&[lng, lat]| {
            let fresh = relative(f64::from(lng), central);
            let lng = at.map_or(fresh, |at| at + relative(fresh, at));
            at = Some(lng);
            (lng, f64::from(lat))
        })
        .collect()
}

/// The turns of 360 degrees, as west and east end, that a line touches.
fn turns(points: &[Point]) -> impl Iterator<Item = (f64, f64)> + use<> {
    let ends =
        points.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), p| {
            (low.min(p.0), high.max(p.0))
        });
    // No outline of a planet goes around it more than once either way.
    [-900.0, -540.0, -180.0, 180.0, 540.0]
        .into_iter()
        .map(|west| (west, west + 360.0))
        .filter(move |(west, east)| ends.0 < *east && ends.1 > *west)
}

/// The part of a polygon on the side of a line where `side` is not negative, which is
/// linear along edges: Sutherland and Hodgman's algorithm for one line.
pub(crate) fn clip(polygon: &[Point], side: impl Fn(Point) -> f64) -> Vec<Point> {
    let mut kept = Vec::with_capacity(polygon.len() + 2);
    let Some(&last) = polygon.last() else { return kept };
    let mut before = (last, side(last));
    for &point in polygon {
        let here = (point, side(point));
        if (here.1 >= 0.0) != (before.1 >= 0.0) {
            kept.push(crossing(before, here));
        }
        if here.1 >= 0.0 {
            kept.push(point);
        }
        before = here;
    }
    kept
}

/// Where the line between two points on different sides has a side of zero.
fn crossing((a, side_a): (Point, f64), (b, side_b): (Point, f64)) -> Point {
    // Always from the same end, so that neighbours cut alike.
    if side_a > side_b {
        return crossing((b, side_b), (a, side_a));
    }
    let t = side_a / (side_a - side_b);
    (a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1))
}

/// The parts of a line between two meridians, moved into the middle turn.
fn between(line: &[Point], west: f64, east: f64) -> Vec<Vec<Point>> {
    let pieces = clip_line(line, |point| point.0 - west);
    let pieces = pieces.iter().flat_map(|piece| clip_line(piece, |point| east - point.0));
    let shift = west + 180.0;
    pieces
        .map(|piece| piece.iter().map(|point| (point.0 - shift, point.1)).collect())
        .collect()
}

/// The parts of a line on the side of another where `side` is not negative.
pub(crate) fn clip_line(line: &[Point], side: impl Fn(Point) -> f64) -> Vec<Vec<Point>> {
    let mut pieces = Vec::new();
    let mut piece: Vec<Point> = Vec::new();
    let mut before: Option<(Point, f64)> = None;
    for &point in line {
        let here = (point, side(point));
        if let Some(before) = before
            && (here.1 >= 0.0) != (before.1 >= 0.0)
        {
            piece.push(crossing(before, here));
            if here.1 < 0.0 {
                pieces.push(std::mem::take(&mut piece));
            }
        }
        if here.1 >= 0.0 {
            piece.push(point);
        }
        before = Some(here);
    }
    pieces.push(piece);
    pieces.retain(|piece| piece.len() >= 2);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::basemap::{BaseMap, Detail, join};
    use proptest::prelude::*;

    /// Twice the signed area, in square degrees.
    fn area(ring: &[Point]) -> f64 {
        let next = ring.iter().cycle().skip(1);
        ring.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum()
    }

    fn total(pieces: &[Vec<Point>]) -> f64 {
        pieces.iter().map(|piece| area(piece).abs()).sum::<f64>() / 2.0
    }

    #[test]
    fn a_square_across_the_edge_becomes_two() {
        let square = [[170.0, 0.0], [-170.0, 0.0], [-170.0, 10.0], [170.0, 10.0]];
        let pieces = cut_ring(&square, 0.0);
        assert_eq!(pieces.len(), 2);
        assert!((total(&pieces) - 200.0).abs() < 1e-9);
        assert_eq!(cut_ring(&square, 180.0).len(), 1, "it is whole in the Pacific");
    }

    #[test]
    fn a_ring_around_a_pole_is_closed_over_it() {
        let cap = [[-120.0, -70.0], [0.0, -70.0], [120.0, -70.0]];
        for central in [-180.0, -77.0, 0.0, 13.5, 180.0] {
            let pieces = cut_ring(&cap, central);
            assert!((total(&pieces) - 360.0 * 20.0).abs() < 1e-6, "{central}");
        }
    }

    #[test]
    fn a_line_across_the_edge_becomes_two() {
        let pieces = cut_line(&[[170.0, 0.0], [-170.0, 10.0]], 0.0);
        let west_end = [(170.0, 0.0), (180.0, 5.0)];
        assert_eq!(pieces, [west_end, [(-180.0, 5.0), (-170.0, 10.0)]]);
    }

    #[test]
    fn seams_of_the_source_are_not_lines() {
        let line = [[-180.0, -16.9], [-180.0, -16.7], [-179.0, -16.5], [-178.0, -17.0]];
        assert_eq!(cut_line(&line, 0.0).concat().len(), 3);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]

        /// No line of any country jumps across the map, and no area is lost, whatever
        /// meridian is in the middle.
        #[test]
        fn the_world_is_whole_at_any_central_meridian(central in -180.0..=180.0) {
            let map = BaseMap::get(Detail::Coarse);
            for (arc, _) in map.arcs.iter().zip(&map.kinds) {
                for piece in cut_line(arc, central) {
                    for pair in piece.windows(2) {
                        prop_assert!((pair[1].0 - pair[0].0).abs() < 30.0, "{pair:?}");
                    }
                    prop_assert!(piece.iter().all(|p| p.0.abs() <= 180.0 + 1e-9));
                }
            }
            for ring in map.shapes.iter().flat_map(|shape| &shape.rings) {
                let corners = join(&map.arcs, ring);
                let (here, there) = (cut_ring(&corners, central), cut_ring(&corners, 0.0));
                let (here, there) = (total(&here), total(&there));
                prop_assert!((here - there).abs() < 1e-3 + there * 1e-6, "{here} {there}");
            }
        }

        #[test]
        fn clipping_a_line_keeps_its_length(
            points in proptest::collection::vec((-9.0..9.0, -9.0..9.0), 2..20), at in -9.0..9.0,
        ) {
            let length = |lines: &[Vec<Point>]| -> f64 {
                let pairs = lines.iter().flat_map(|line| line.windows(2));
                pairs.map(|p| (p[1].0 - p[0].0).hypot(p[1].1 - p[0].1)).sum()
            };
            let west = clip_line(&points, |p| at - p.0);
            let east = clip_line(&points, |p| p.0 - at);
            let whole = length(&[points]);
            prop_assert!((length(&west) + length(&east) - whole).abs() < 1e-6);
        }
    }
}
