//! Groups of near places on the globe, exact and fast.
//!
//! ```
//! use geoip_cluster::{CliqueOptions, Cluster, ProximityGraph, heaviest_maximal_cliques};
//! use geoip_core::{LatLng, WeightedPoint};
//!
//! // Five towns and how many visitors each has.
//! let towns = [
//!     ("London", 51.507, -0.128, 900),
//!     ("Oxford", 51.752, -1.258, 40),
//!     ("Reading", 51.454, -0.973, 60),
//!     ("Bristol", 51.455, -2.588, 80),
//!     ("Linköping", 58.411, 15.622, 10),
//! ];
//! let points: Vec<WeightedPoint> = towns
//!     .iter()
//!     .map(|&(_, lat, lng, weight)| Ok(WeightedPoint { point: LatLng::new(lat, lng)?, weight }))
//!     .collect::<Result<_, geoip_core::InvalidLatLng>>()?;
//!
//! // Which sets of towns are all within 120 km of each other?
//! let graph = ProximityGraph::new(&points, 120_000.0)?;
//! let groups = heaviest_maximal_cliques(&graph, 10, &CliqueOptions::default(), |_| false);
//! let report: Vec<String> = groups
//!     .iter()
//!     .filter_map(|members| Cluster::new(&points, members))
//!     .map(|group| {
//!         let names: Vec<_> = group.members.iter().map(|it| towns[it.index()].0).collect();
//!         format!("{}: {}, {:.0} km", group.weight, names.join(", "), group.diameter_m / 1e3)
//!     })
//!     .collect();
//! assert_eq!(
//!     report,
//!     ["1000: London, Oxford, Reading, 83 km", "180: Oxford, Reading, Bristol, 112 km", "10: Linköping, 0 km"],
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Which groups
//! | function | groups | guarantee |
//! |---|---|---|
//! | [`for_each_maximal_clique`], [`visit_maximal_cliques`], [`heaviest_maximal_cliques`] | overlap | every two members within the radius, nothing can be added; all such groups, unless a budget stopped the search and the answer says so |
//! | [`complete_linkage_cover`] | partition | every two members within the radius; with a proof of how few groups there could be |
//! | [`complete_linkage_hierarchy`] | partitions that nest | every two members within the limit of the cut, no two groups can be merged |
//! | [`dbscan`] | disjoint, and noise | a chain of steps within the radius through dense places; no limit on the width |
//! | [`components`] | partition | a chain of steps within the radius; no limit on the width |
//!
//! Maximal cliques can be exponentially many; budgets and the cover are for that.
//!
//! # Places, not addresses
//! A vertex is a place with a weight. Merge what is at one place before: a city shared
//! by 5,000 addresses is one vertex of weight 5,000, not 5,000 vertices and 12 million
//! edges. Co-located points are right all the same.
//!
//! # What this crate never does
//! It knows no address and no file, prints nothing, reads no clock (a deadline is the
//! caller's closure), starts no thread without the feature `parallel`, and keeps to the
//! memory it is allowed. Its answers do not depend on the number of cores.

mod clique;
mod cluster;
mod component;
mod cover;
mod dbscan;
mod error;
mod graph;
mod grid;
mod hull;
mod index;
mod linkage;
mod measure;
mod par;
mod sphere;

pub use clique::{
    CliqueOptions, Cliques, Enumeration, Stop, for_each_maximal_clique,
    heaviest_maximal_cliques, visit_maximal_cliques,
};
pub use cluster::Cluster;
pub use component::components;
pub use cover::{Cover, complete_linkage_cover, complete_linkage_cover_by};
pub use dbscan::{Dbscan, dbscan};
pub use error::Error;
pub use graph::{Edge, GraphOptions, ProximityGraph, VertexId};
pub use linkage::{Hierarchy, complete_linkage_hierarchy};
pub use measure::Measure;
pub use sphere::{EARTH_RADIUS_M, HALF_CIRCUMFERENCE_M, distance_m, points_between};
