//! Groups of near places.

mod clique;
mod component;
mod error;
mod graph;
mod grid;
mod par;
mod sphere;

pub use clique::{
    CliqueOptions, Enumeration, Stop, for_each_maximal_clique, visit_maximal_cliques,
};
pub use component::components;
pub use error::Error;
pub use graph::{Edge, GraphOptions, ProximityGraph, VertexId};
pub use sphere::{EARTH_RADIUS_M, HALF_CIRCUMFERENCE_M, distance_m};
