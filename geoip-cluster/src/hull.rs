//! The convex hull on the sphere.

use crate::VertexId;
use crate::index::Spot;
use crate::sphere::{cross, dot, normalized};

/// The spots at the corners of the convex hull, counterclockwise as seen from above;
/// none if some lie near or beyond 90 degrees from the center.
///
/// Seen from the center of the Earth on a plane (the gnomonic projection), great
/// circles are straight: the hull there is the hull on the sphere.
///
/// # References
/// A. M. Andrew, "Another efficient algorithm for convex hulls in two dimensions",
/// Information Processing Letters 9(5), 1979.
pub(crate) fn hull(spots: &[Spot], center: [f64; 3]) -> Vec<VertexId> {
    const HORIZON: f64 = 0.02;
    if spots.iter().any(|spot| dot(spot.at, center) < HORIZON) {
        return Vec::new();
    }
    let (east, north) = tangents(center);
    let mut flat: Vec<(f64, f64, VertexId)> = (spots.iter())
        .map(|spot| {
            let height = dot(spot.at, center);
            (dot(spot.at, east) / height, dot(spot.at, north) / height, spot.vertex)
        })
        .collect();
    flat.sort_by(|a, b| {
        a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2))
    });
    flat.dedup_by_key(|it| (it.0.to_bits(), it.1.to_bits()));
    if flat.len() < 3 {
        return flat.into_iter().map(|(.., vertex)| vertex).collect();
    }
    let mut corners = half_hull(flat.iter().copied());
    corners.extend(half_hull(flat.iter().rev().copied()));
    corners
}

/// The lower side of points from left to right, without the last, or with the points
/// reversed the upper.
fn half_hull(points: impl Iterator<Item = (f64, f64, VertexId)>) -> Vec<VertexId> {
    let mut side: Vec<(f64, f64, VertexId)> = Vec::new();
    for point in points {
        while let [.., a, b] = side[..] {
            let turn = (b.0 - a.0) * (point.1 - a.1) - (b.1 - a.1) * (point.0 - a.0);
            if turn > 0.0 {
                break;
            }
            side.pop();
        }
        side.push(point);
    }
    side.pop();
    side.into_iter().map(|(.., vertex)| vertex).collect()
}

/// East and north as seen from a place; at a pole, any two directions.
fn tangents(center: [f64; 3]) -> ([f64; 3], [f64; 3]) {
    let east = normalized([-center[1], center[0], 0.0]).unwrap_or([0.0, 1.0, 0.0]);
    (east, cross(center, east))
}
