//! What there is to say of a group.

use crate::hull::hull;
use crate::index::Spot;
use crate::sphere::{
    chord_squared, chord_squared_to_m, m_to_chord_squared, normalized, point_under,
    unit_vector,
};
use crate::{Measure, VertexId};
use geoip_core::{LatLng, WeightedPoint};

/// The summary of a group of points: how heavy, where, and how wide.
///
/// # Examples
/// ```
/// use geoip_cluster::{Cluster, VertexId};
/// use geoip_core::{LatLng, WeightedPoint};
///
/// // Three towns along the equator, a degree (111 km) apart.
/// let points: Vec<WeightedPoint> = [0.0, 1.0, 2.0]
///     .into_iter()
///     .map(|lng| Ok(WeightedPoint { point: LatLng::new(0.0, lng)?, weight: 10 }))
///     .collect::<Result<_, geoip_core::InvalidLatLng>>()?;
/// let cluster = Cluster::new(&points, &[0, 1, 2].map(VertexId)).expect("not empty");
/// assert_eq!(cluster.weight, 30);
/// assert_eq!(cluster.medoid, VertexId(1));
/// assert_eq!(cluster.farthest, (VertexId(0), VertexId(2)));
/// assert_eq!(cluster.diameter_m.round(), 222_390.0);
/// assert_eq!(cluster.radius_m.round(), 111_195.0);
/// # Ok::<(), geoip_core::InvalidLatLng>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Cluster {
    /// The members, ascending.
    pub members: Vec<VertexId>,
    /// The sum of the members' weights.
    pub weight: u64,
    /// The member with the least weighted sum of distances to all; the first of equals.
    pub medoid: VertexId,
    /// The weighted mean of the members on the sphere; the medoid's place if they lie
    /// around the Earth so that there is no mean.
    pub centroid: LatLng,
    /// How far the farthest member is from the centroid, in metres. A circle of this
    /// radius around the centroid holds all members.
    pub radius_m: f64,
    /// The greatest distance between two members, in metres.
    pub diameter_m: f64,
    /// Two members so far apart, the smaller first; the only member twice if it is one.
    pub farthest: (VertexId, VertexId),
    /// The members around the edge, counterclockwise: the convex hull on the sphere.
    /// Empty if the members are spread over more than the half of it around the
    /// centroid. Of co-located members the first stands for all.
    pub hull: Vec<VertexId>,
}

impl Cluster {
    /// The summary of these members, each taken once, among the points that the graph
    /// was built from; `None` without a member.
    ///
    /// # Panics
    /// If a member is no index of `points`.
    ///
    /// # Complexity
    /// O(n²) distances at worst for n members, and near O(n^1.5) for most.
    ///
    /// # References
    /// The medoid is found with the bounds of J. Newling and F. Fleuret, "A
    /// sub-quadratic exact medoid algorithm", AISTATS 2017, arXiv:1605.06950.
    pub fn new(points: &[WeightedPoint], members: &[VertexId]) -> Option<Self> {
        Self::by(Measure::GreatCircle, points, members)
    }

    /// As [`Cluster::new`], with radius and diameter by another measure. Medoid and
    /// centroid are those on the sphere.
    ///
    /// # Panics
    /// If a member is no index of `points`.
    pub fn by(
        measure: Measure,
        points: &[WeightedPoint],
        members: &[VertexId],
    ) -> Option<Self> {
        let mut members = members.to_vec();
        members.sort_unstable();
        members.dedup();
        let spots: Vec<Spot> = members
            .iter()
            .map(|&vertex| Spot { at: unit_vector(points[vertex.index()].point), vertex })
            .collect();
        let weights: Vec<f64> =
            members.iter().map(|it| relative_weight(points[it.index()].weight)).collect();
        let center = weighted_mean(&spots, &weights);
        let medoid = medoid(&spots, &weights, center.or(spots.first().map(|it| it.at))?);
        let center = center.unwrap_or(spots[medoid].at);
        let medoid = spots[medoid].vertex;
        let centroid = point_under(center).unwrap_or(points[medoid.index()].point);
        let place = |vertex: VertexId| points[vertex.index()].point;
        let radius_m = (members.iter())
            .map(|&vertex| measure.distance_m(place(vertex), centroid))
            .fold(0.0, f64::max);
        let farthest = farthest(&spots, center, measure, &place)?;
        let weight = (members.iter())
            .fold(0, |sum: u64, it| sum.saturating_add(points[it.index()].weight));
        Some(Self {
            weight,
            medoid,
            centroid,
            radius_m,
            diameter_m: measure.distance_m(place(farthest.0), place(farthest.1)),
            farthest,
            hull: hull(&spots, center),
            members,
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "a mean needs no more")]
fn relative_weight(weight: u64) -> f64 {
    weight as f64
}

/// The direction of the weighted mean, or of the plain one if nothing has weight.
fn weighted_mean(spots: &[Spot], weights: &[f64]) -> Option<[f64; 3]> {
    let mean = |weight: &dyn Fn(usize) -> f64| {
        let mut sum = [0.0; 3];
        for (index, spot) in spots.iter().enumerate() {
            for (sum, at) in sum.iter_mut().zip(spot.at) {
                *sum += weight(index) * at;
            }
        }
        normalized(sum)
    };
    mean(&|index| weights[index]).or_else(|| mean(&|_| 1.0))
}

/// The index of the medoid, looked for from the center outwards.
fn medoid(spots: &[Spot], weights: &[f64], center: [f64; 3]) -> usize {
    let total: f64 = weights.iter().sum();
    let mut order: Vec<usize> = (0..spots.len()).collect();
    let from_center = |index: &usize| chord_squared(spots[*index].at, center);
    order.sort_by(|a, b| from_center(a).total_cmp(&from_center(b)));
    // Each sum that is computed bounds those of all others by the triangle inequality.
    let mut at_least = vec![0.0_f64; spots.len()];
    let mut best = (f64::INFINITY, 0);
    for candidate in order {
        if at_least[candidate] > best.0 {
            continue;
        }
        let distances: Vec<f64> = (spots.iter())
            .map(|it| chord_squared_to_m(chord_squared(it.at, spots[candidate].at)))
            .collect();
        let sum: f64 = distances.iter().zip(weights).map(|(m, weight)| m * weight).sum();
        if sum < best.0 || (sum <= best.0 && candidate < best.1) {
            best = (sum, candidate);
        }
        for (bound, m) in at_least.iter_mut().zip(distances) {
            // A little less, for rounding.
            *bound = bound.max((sum - total * m).abs() * (1.0 - 1e-9));
        }
    }
    best.1
}

/// Two members as far apart as any, found from the rim inwards.
fn farthest(
    spots: &[Spot],
    center: [f64; 3],
    measure: Measure,
    place: &dyn Fn(VertexId) -> LatLng,
) -> Option<(VertexId, VertexId)> {
    let [_, most] = measure.ratios();
    let mut rim: Vec<(f64, &Spot)> = (spots.iter())
        .map(|spot| (chord_squared_to_m(chord_squared(spot.at, center)), spot))
        .collect();
    rim.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.vertex.cmp(&b.1.vertex)));
    let first = rim.first()?.1.vertex;
    let mut best = (first, first);
    let mut best_m = 0.0;
    // Shorter chords cannot be of members farther apart.
    let mut least_squared = 0.0;
    for (index, &(a_m, a)) in rim.iter().enumerate() {
        for &(b_m, b) in &rim[index + 1..] {
            // No two from here on are farther apart than by way of the center; the
            // metre is for rounding.
            if (a_m + b_m + 1.0) * most < best_m {
                break;
            }
            let squared = chord_squared(a.at, b.at);
            if squared <= least_squared {
                continue;
            }
            let (a, b) = (a.vertex.min(b.vertex), a.vertex.max(b.vertex));
            match measure {
                Measure::GreatCircle => {
                    best = (a, b);
                    (best_m, least_squared) = (chord_squared_to_m(squared), squared);
                }
                Measure::Geodesic => {
                    let m = measure.distance_m(place(a), place(b));
                    if m > best_m {
                        best = (a, b);
                        (best_m, least_squared) = (m, m_to_chord_squared(m / most));
                    }
                }
            }
        }
    }
    Some(best)
}
