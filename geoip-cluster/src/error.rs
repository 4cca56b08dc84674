//! What can go wrong.

/// Why a graph could not be built.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The radius is negative, infinite or not a number.
    #[error("invalid radius {radius_m} m: must be finite and not negative")]
    InvalidRadius {
        /// The radius given.
        radius_m: f64,
    },
    /// Vertices are numbered with 32 bits.
    #[error("{points} points are more than the {} a graph can number", u32::MAX)]
    TooManyPoints {
        /// The number of points given.
        points: usize,
    },
    /// So many pairs lie within the radius that the graph would not fit the memory
    /// that was allowed.
    #[error(
        "about {edges} pairs of the {points} points lie within {radius_m} m of each \
         other and would take {} MiB, more than the limit of {} MiB: lower the radius \
         (to about {fitting_radius_m:.0} m), merge co-located points, or raise the limit",
        needed_bytes >> 20, limit_bytes >> 20
    )]
    TooManyEdges {
        /// The number of points given.
        points: usize,
        /// The radius given.
        radius_m: f64,
        /// The number of edges, estimated from a sample of the points.
        edges: u64,
        /// The memory that building the graph would take.
        needed_bytes: u64,
        /// The memory that was allowed.
        limit_bytes: u64,
        /// A radius that would probably fit, if points lie evenly.
        fitting_radius_m: f64,
    },
}
