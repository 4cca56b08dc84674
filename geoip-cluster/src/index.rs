//! Points that can be found around any one: an R*-tree of unit vectors.

use crate::VertexId;
use crate::sphere::{chord_squared, unit_vector};
use geoip_core::WeightedPoint;
use rstar::{AABB, PointDistance, RTree, RTreeObject};

/// A vertex where it is in space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spot {
    pub(crate) at: [f64; 3],
    pub(crate) vertex: VertexId,
}

impl RTreeObject for Spot {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_point(self.at)
    }
}

impl PointDistance for Spot {
    fn distance_2(&self, other: &[f64; 3]) -> f64 {
        chord_squared(self.at, *other)
    }
}

/// Every point where it is in space, by vertex.
pub(crate) fn spots(points: &[WeightedPoint]) -> Vec<Spot> {
    (0..)
        .map(VertexId)
        .zip(points)
        .map(|(vertex, point)| Spot { at: unit_vector(point.point), vertex })
        .collect()
}

/// The tree of these spots.
pub(crate) fn tree(spots: &[Spot]) -> RTree<Spot> {
    RTree::bulk_load(spots.to_vec())
}
