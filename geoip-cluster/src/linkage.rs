//! The hierarchy of complete linkage.

use crate::{ProximityGraph, VertexId};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Which groups become one at which diameter, from single points up to the radius of a
/// graph.
#[derive(Clone, Debug, PartialEq)]
pub struct Hierarchy {
    points: u32,
    /// By ascending diameter.
    merges: Vec<Merge>,
}

/// Two groups that become one.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Merge {
    /// Groups are numbered from the points on, in the order in which they come to be.
    groups: [u32; 2],
    diameter_m: f64,
}

/// The hierarchy of groups by complete linkage, up to the radius of the graph.
///
/// It starts from single points, and time and again makes one group of those two whose
/// union has the least diameter, until every union would be wider than the radius. Of
/// equal diameters, the pair that came first is taken.
///
/// Cut at a limit ([`Hierarchy::cut`]) it is a partition in which every two members of a
/// group are within the limit of each other and no two groups could be merged. Partitions
/// at several limits nest: cities in regions in continents.
///
/// # Complexity
/// Memory 48 bytes for each of m edges; time O(m log n) for most graphs and O(n m) at worst.
///
/// # References
/// D. Müllner, "Modern hierarchical, agglomerative clustering algorithms", 2011,
/// arXiv:1109.2378, section 3.1 (the generic algorithm); here on the pairs within the
/// radius only, since complete linkage never needs another.
///
/// # Examples
/// ```
/// use geoip_cluster::{ProximityGraph, VertexId, complete_linkage_hierarchy};
/// use geoip_core::{LatLng, WeightedPoint};
///
/// // Towns along the equator; a degree is 111 km.
/// let points: Vec<WeightedPoint> = [0.0, 0.1, 1.0, 1.2, 40.0]
///     .into_iter()
///     .map(|lng| Ok(WeightedPoint { point: LatLng::new(0.0, lng)?, weight: 1 }))
///     .collect::<Result<_, geoip_core::InvalidLatLng>>()?;
/// let hierarchy = complete_linkage_hierarchy(&ProximityGraph::new(&points, 1e6)?);
/// let ids = |group: &[u32]| group.iter().copied().map(VertexId).collect::<Vec<_>>();
/// assert_eq!(hierarchy.cut(15e3), [ids(&[0, 1]), ids(&[2]), ids(&[3]), ids(&[4])]);
/// assert_eq!(hierarchy.cut(150e3), [ids(&[0, 1, 2, 3]), ids(&[4])]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn complete_linkage_hierarchy(graph: &ProximityGraph) -> Hierarchy {
    let mut linkage = Linkage::new(graph);
    let mut merges = Vec::new();
    while let Some(merge) = linkage.merge_nearest() {
        merges.push(merge);
    }
    // The number of points of a graph was checked when it was built.
    Hierarchy { points: u32::try_from(graph.len()).unwrap_or(u32::MAX), merges }
}

impl Hierarchy {
    /// The partition into groups of at most this diameter, and at most the radius of the
    /// graph. Groups are ordered by their smallest member; members ascend.
    ///
    /// # Complexity
    /// O(n log n).
    pub fn cut(&self, limit_m: f64) -> Vec<Vec<VertexId>> {
        let mut groups: Vec<Vec<VertexId>> =
            (0..self.points).map(|point| vec![VertexId(point)]).collect();
        // Diameters ascend.
        for merge in self.merges.iter().take_while(|it| it.diameter_m <= limit_m) {
            let [mut less, mut more] =
                merge.groups.map(|group| std::mem::take(&mut groups[group as usize]));
            if less.len() > more.len() {
                std::mem::swap(&mut less, &mut more);
            }
            more.extend(less);
            groups.push(more);
        }
        groups.retain(|group| !group.is_empty());
        for group in &mut groups {
            group.sort_unstable();
        }
        groups.sort_unstable();
        groups
    }
}

/// A group within reach, and how wide a group is together with it. The order of the bits
/// of distances is that of the distances, which are not negative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Link {
    diameter_bits: u64,
    group: u32,
}

/// The state between two merges. Groups that have been merged are gone; links to them are
/// left where they are until somebody meets them.
struct Linkage {
    /// For each group the links to all that it can be merged with, by ascending group;
    /// `None` if it is gone.
    links: Vec<Option<Vec<Link>>>,
    /// For each group its nearest, or what was its nearest and is gone: a union is never
    /// nearer than its parts, so that this is a lower bound.
    nearest: BinaryHeap<Reverse<(u64, u32, u32)>>,
}

impl Linkage {
    fn new(graph: &ProximityGraph) -> Self {
        let link = |from: VertexId, &to: &VertexId| Link {
            diameter_bits: graph.distance_m(from.min(to), from.max(to)).to_bits(),
            group: to.0,
        };
        let links = graph
            .vertices()
            .map(|from| {
                Some(graph.neighbors(from).iter().map(|to| link(from, to)).collect())
            })
            .collect();
        let mut linkage = Self { links, nearest: BinaryHeap::new() };
        for group in graph.vertices() {
            linkage.look_for_nearest(group.0);
        }
        linkage
    }

    fn is_there(&self, group: u32) -> bool {
        self.links[group as usize].is_some()
    }

    /// Puts a group and its nearest on the heap, if it has any.
    fn look_for_nearest(&mut self, group: u32) {
        let Some(mut links) = self.links[group as usize].take() else { return };
        links.retain(|link| self.is_there(link.group));
        if let Some(link) = links.iter().min() {
            self.nearest.push(Reverse((link.diameter_bits, group, link.group)));
        }
        self.links[group as usize] = Some(links);
    }

    /// Merges the two groups whose union is the narrowest, if any is within the radius.
    fn merge_nearest(&mut self) -> Option<Merge> {
        while let Some(Reverse((diameter_bits, a, b))) = self.nearest.pop() {
            if !self.is_there(a) {
                continue;
            }
            if !self.is_there(b) {
                self.look_for_nearest(a);
                continue;
            }
            let union = u32::try_from(self.links.len()).ok()?;
            let of_a = self.links[a as usize].take()?;
            let of_b = self.links[b as usize].take()?;
            let mut links = Vec::new();
            for (a, b) in in_both(&of_a, &of_b) {
                if let Some(back) = self.links[a.group as usize].as_mut() {
                    let diameter_bits = a.diameter_bits.max(b.diameter_bits);
                    links.push(Link { diameter_bits, group: a.group });
                    back.push(Link { diameter_bits, group: union });
                }
            }
            self.links.push(Some(links));
            self.look_for_nearest(union);
            let diameter_m = f64::from_bits(diameter_bits);
            return Some(Merge { groups: [a.min(b), a.max(b)], diameter_m });
        }
        None
    }
}

/// The links to the same groups of two lists that are sorted by group.
fn in_both<'a>(
    a: &'a [Link],
    b: &'a [Link],
) -> impl Iterator<Item = (&'a Link, &'a Link)> {
    let mut rest = b.iter().peekable();
    a.iter().filter_map(move |link| {
        while rest.next_if(|it| it.group < link.group).is_some() {}
        rest.next_if(|it| it.group == link.group).map(|other| (link, other))
    })
}
