//! A partition into groups that keep the limit.

use crate::graph::checked_limits;
use crate::index::{self, Spot};
use crate::sphere::{ChordLimits, EARTH_RADIUS_M, chord_squared, normalized};
use crate::{Error, Measure, VertexId};
use geoip_core::{LatLng, WeightedPoint};
use rstar::RTree;

/// Points parted into groups, none wider than the radius.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// The groups, heaviest first; members ascend. Each point is in exactly one.
    pub groups: Vec<Vec<VertexId>>,
    /// Vertices every two of which are farther apart than the radius. No two can share
    /// a group, so their number proves how few groups any partition must have.
    pub far_apart: Vec<VertexId>,
}

impl Cover {
    /// The number of groups that no partition within the radius can go below.
    pub fn lower_bound(&self) -> usize {
        self.far_apart.len()
    }
}

/// Parts points into groups in which every two are within the radius of each other.
///
/// This is what remains useful where maximal cliques are too many: each point is in
/// one group, and no group is wider than the radius (*complete linkage*). Groups form
/// around the heaviest point left, take all that is left within half the radius of the
/// middle of its surroundings, and then what else is within the radius of all members,
/// nearest first. The fewest possible groups are NP-hard to find; these are close to
/// it, as [`Cover::lower_bound`] tells of each answer.
///
/// # Units
/// As [`ProximityGraph`](crate::ProximityGraph), whose edges these pairs would be: the
/// limit is decided by the haversine.
///
/// # Errors
/// [`Error::InvalidRadius`] unless the radius is finite and not negative;
/// [`Error::TooManyPoints`] beyond 2³² - 1 points.
///
/// # Complexity
/// Memory O(n), whatever the radius: no graph is built. Time about O(n log n + g s²)
/// for g groups of s points.
///
/// # Examples
/// ```
/// use geoip_cluster::{VertexId, complete_linkage_cover};
/// use geoip_core::{LatLng, WeightedPoint};
///
/// // Five towns along the equator, a degree (111 km) apart; the third is the largest.
/// let points: Vec<WeightedPoint> = [(0.0, 1), (1.0, 1), (2.0, 9), (3.0, 1), (4.0, 1)]
///     .into_iter()
///     .map(|(lng, weight)| Ok(WeightedPoint { point: LatLng::new(0.0, lng)?, weight }))
///     .collect::<Result<_, geoip_core::InvalidLatLng>>()?;
/// let cover = complete_linkage_cover(&points, 250_000.0)?;
/// assert_eq!(cover.groups[0], [1, 2, 3].map(VertexId));
/// assert_eq!(cover.groups.len(), 3);
/// assert_eq!(cover.lower_bound(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn complete_linkage_cover(
    points: &[WeightedPoint],
    radius_m: f64,
) -> Result<Cover, Error> {
    complete_linkage_cover_by(Measure::GreatCircle, points, radius_m)
}

/// As [`complete_linkage_cover`], by another measure of distances.
///
/// # Errors
/// As [`complete_linkage_cover`].
pub fn complete_linkage_cover_by(
    measure: Measure,
    points: &[WeightedPoint],
    radius_m: f64,
) -> Result<Cover, Error> {
    let limits = checked_limits(points, radius_m, measure)?;
    let spots = index::spots(points);
    let tree = index::tree(&spots);
    let maker =
        Maker { points, limits, cap_squared: cap_squared(radius_m, measure), tree };
    let groups = maker.groups(&spots);
    let far_apart = maker.far_apart(&spots);
    Ok(Cover { groups, far_apart })
}

/// The square of the chord of half the radius, less a millimetre: by the triangle
/// inequality all pairs within it are within the radius, rounding or not. Below a
/// metre it is less than any square, and each pair is looked at.
fn cap_squared(radius_m: f64, measure: Measure) -> f64 {
    if radius_m < 1.0 {
        return -1.0;
    }
    let [_, most] = measure.ratios();
    let radius_m = radius_m / most;
    let angle = ((radius_m / 2.0 - 1e-3) / EARTH_RADIUS_M).clamp(0.0, 3.0);
    (2.0 * (angle / 2.0).sin()).powi(2)
}

struct Maker<'a> {
    points: &'a [WeightedPoint],
    limits: ChordLimits,
    cap_squared: f64,
    tree: RTree<Spot>,
}

impl Maker<'_> {
    fn groups(&self, spots: &[Spot]) -> Vec<Vec<VertexId>> {
        let mut heaviest: Vec<&Spot> = spots.iter().collect();
        heaviest.sort_by_key(|spot| std::cmp::Reverse(self.weight(spot)));
        let mut taken = vec![false; spots.len()];
        let mut groups = Vec::new();
        for seed in heaviest {
            if taken[seed.vertex.index()] {
                continue;
            }
            let group = self.group_around(seed, &taken);
            for spot in &group {
                taken[spot.vertex.index()] = true;
            }
            groups.push(group);
        }
        let mut groups: Vec<(u64, Vec<VertexId>)> = (groups.into_iter())
            .map(|group| {
                let weight = group.iter().map(|spot| self.weight(spot));
                let weight = weight.fold(0, u64::saturating_add);
                let mut members: Vec<_> = group.iter().map(|spot| spot.vertex).collect();
                members.sort_unstable();
                (weight, members)
            })
            .collect();
        groups.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        groups.into_iter().map(|(_, members)| members).collect()
    }

    fn point(&self, spot: &Spot) -> LatLng {
        self.points[spot.vertex.index()].point
    }

    fn weight(&self, spot: &Spot) -> u64 {
        self.points[spot.vertex.index()].weight
    }

    /// The spots within the radius of this one, itself included, that are not `taken`.
    fn near<'a>(
        &'a self,
        spot: &'a Spot,
        taken: &'a [bool],
    ) -> impl Iterator<Item = &'a Spot> {
        self.tree
            .locate_within_distance(spot.at, self.limits.possible_squared)
            .filter(|other| !taken[other.vertex.index()] && self.are_within(spot, other))
    }

    fn are_within(&self, a: &Spot, b: &Spot) -> bool {
        let squared = chord_squared(a.at, b.at);
        squared <= self.limits.possible_squared
            && self.limits.decide(squared, self.point(a), self.point(b))
    }

    /// The group that the seed starts among the spots not taken, itself included.
    fn group_around(&self, seed: &Spot, taken: &[bool]) -> Vec<Spot> {
        let others = self.near(seed, taken).filter(|spot| spot.vertex != seed.vertex);
        let mut near: Vec<Spot> = others.copied().collect();
        let center = self.middle(seed, &near);
        near.sort_by(|a, b| {
            let [near, far] = [a, b].map(|it| chord_squared(it.at, center));
            near.total_cmp(&far).then(a.vertex.cmp(&b.vertex))
        });
        let mut group = vec![*seed];
        for spot in near {
            let in_cap = chord_squared(spot.at, center) <= self.cap_squared;
            // What is where the last member is may join as that did, unasked: crowds in
            // one place cost no more than their number.
            let in_place =
                group.last().is_some_and(|last| self.point(last) == self.point(&spot));
            // Members that came last are the farthest from the center.
            let within_all =
                || group.iter().rev().all(|member| self.are_within(member, &spot));
            if in_cap || in_place || within_all() {
                group.push(spot);
            }
        }
        group
    }

    /// The mean of what is within half the radius of the mean, and so on for a few
    /// steps from the seed, which stays within half the radius.
    #[expect(clippy::cast_precision_loss, reason = "a mean needs no more")]
    fn middle(&self, seed: &Spot, near: &[Spot]) -> [f64; 3] {
        const STEPS: usize = 8;
        let mut center = seed.at;
        for _ in 0..STEPS {
            let mut sum = [0.0; 3];
            for spot in near.iter().chain([seed]) {
                if chord_squared(spot.at, center) <= self.cap_squared {
                    let weight = self.weight(spot) as f64 + 1.0;
                    for (sum, at) in sum.iter_mut().zip(spot.at) {
                        *sum += weight * at;
                    }
                }
            }
            match normalized(sum) {
                Some(next) if chord_squared(seed.at, next) <= self.cap_squared => {
                    let settled = chord_squared(center, next) < 1e-12;
                    center = next;
                    if settled {
                        break;
                    }
                }
                _ => break,
            }
        }
        center
    }

    /// As many vertices as a few simple sweeps find, every two of them farther apart
    /// than the radius.
    fn far_apart(&self, spots: &[Spot]) -> Vec<VertexId> {
        let mut best = Vec::new();
        for axis in 0..3 {
            for sign in [1.0, -1.0] {
                // What comes first along a direction has all it blocks to one side.
                let mut order: Vec<&Spot> = spots.iter().collect();
                order.sort_by(|a, b| (sign * a.at[axis]).total_cmp(&(sign * b.at[axis])));
                let found = self.greedily_apart(&order, spots);
                if found.len() > best.len() {
                    best = found;
                }
            }
        }
        best.sort_unstable();
        best
    }

    fn greedily_apart(&self, order: &[&Spot], spots: &[Spot]) -> Vec<VertexId> {
        let mut blocked = vec![false; spots.len()];
        let mut chosen = Vec::new();
        for spot in order {
            if !blocked[spot.vertex.index()] {
                chosen.push(spot.vertex);
                let near: Vec<VertexId> =
                    self.near(spot, &blocked).map(|other| other.vertex).collect();
                for vertex in near {
                    blocked[vertex.index()] = true;
                }
            }
        }
        chosen
    }
}
