//! Which places are all within 720 km of each other?
//!
//! ```text
//! $ cargo run --release -p geoip-examples --example places_near_each_other
//! Sydney, Melbourne: 713 km across
//! London, Amsterdam, Paris: 430 km across
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use std::{error::Error, ops::ControlFlow};

use geoip_cluster::{Cluster, ProximityGraph, VertexId, for_each_maximal_clique};
use geoip_core::{LatLng, WeightedPoint};

fn main() -> Result<(), Box<dyn Error>> {
    let cities = [
        ("London", 51.51, -0.13),
        ("Amsterdam", 52.37, 4.90),
        ("Paris", 48.86, 2.35),
        ("Sydney", -33.87, 151.21),
        ("Melbourne", -37.81, 144.96),
    ];
    let points = cities
        .iter()
        .map(|&(_, lat, lng)| {
            Ok(WeightedPoint { point: LatLng::new(lat, lng)?, weight: 1 })
        })
        .collect::<Result<Vec<_>, geoip_core::InvalidLatLng>>()?;

    let graph = ProximityGraph::new(&points, 720_000.0)?;
    // Cliques can be exponentially many: they are visited, and the visitor may break off.
    let _flow = for_each_maximal_clique(&graph, |members: &[VertexId]| {
        let mut members = members.to_vec();
        members.sort_unstable();
        let names: Vec<_> =
            members.iter().map(|member| cities[member.index()].0).collect();
        if let Some(cluster) = Cluster::new(&points, &members) {
            println!(
                "{}: {:.0} km across",
                names.join(", "),
                cluster.diameter_m / 1000.0
            );
        }
        ControlFlow::<()>::Continue(())
    });
    Ok(())
}
