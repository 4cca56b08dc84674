//! What can be wrong with a map.

/// Why a map cannot be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The picture would be too small to read or too large to hold.
    #[error("invalid picture size {width} x {height}: {reason}")]
    InvalidSize {
        /// The width asked for, in pixels.
        width: u32,
        /// The height asked for or needed, in pixels.
        height: u32,
        /// What is wrong with it.
        reason: String,
    },
    /// The extent is no part of the globe.
    #[error("invalid extent {west},{south},{east},{north}: {reason}")]
    InvalidExtent {
        /// The western side, in degrees.
        west: f64,
        /// The southern side, in degrees.
        south: f64,
        /// The eastern side, in degrees.
        east: f64,
        /// The northern side, in degrees.
        north: f64,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The meridian in the middle is none.
    #[error("invalid central meridian {degrees_east}: must lie in -180..=180")]
    InvalidCentralMeridian {
        /// The meridian asked for, in degrees east.
        degrees_east: f64,
    },
    /// A kernel of that width is no kernel.
    #[error("invalid bandwidth {bandwidth_km} km: must be from 1 to 5000")]
    InvalidBandwidth {
        /// The bandwidth asked for, in kilometres.
        bandwidth_km: f64,
    },
    /// The radius of a group is none.
    #[error("invalid radius {radius_km} km of group `{label}`: must be from 0 to 20000")]
    InvalidRadius {
        /// The group.
        label: String,
        /// The radius given, in kilometres.
        radius_km: f64,
    },
    /// The picture was drawn but not encoded.
    #[error("cannot encode the picture")]
    Encode {
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
