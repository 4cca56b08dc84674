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
    /// The parallel in the middle is none.
    #[error("invalid central parallel {degrees_north}: must lie in -90..=90")]
    InvalidCentralParallel {
        /// The parallel asked for, in degrees north.
        degrees_north: f64,
    },
    /// The base map has no such country.
    #[error("{country} has no place on the base map")]
    UnknownCountry {
        /// The country asked for.
        country: geoip_core::CountryCode,
    },
    /// A kernel of that width is no kernel.
    #[error("invalid bandwidth {bandwidth_km} km: must be from 1 to 5000")]
    InvalidBandwidth {
        /// The bandwidth asked for, in kilometres.
        bandwidth_km: f64,
    },
    /// A number of a heat layer means nothing.
    #[error("invalid {option} {value}: {reason}")]
    InvalidHeat {
        /// Which number.
        option: &'static str,
        /// What it was.
        value: f64,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// There are no such colours.
    #[error(
        "unknown colours `{name}`: one of {}, or two colours or more such as \
         #000040,#ff0000,#ffff00",
        crate::Palette::NAMES.join(", ")
    )]
    UnknownPalette {
        /// What was asked for.
        name: String,
    },
    /// The radius of a group is none.
    #[error("invalid radius {radius_km} km of group `{label}`: must be from 0 to 20000")]
    InvalidRadius {
        /// The group.
        label: String,
        /// The radius given, in kilometres.
        radius_km: f64,
    },
    /// More arcs than can be told apart by far.
    #[error("invalid number of arcs {most}: at most {limit} are drawn")]
    TooManyArcs {
        /// How many were allowed.
        most: usize,
        /// How many can be.
        limit: usize,
    },
    /// Places cannot be merged by such a distance.
    #[error("invalid distance of merging {pixels} pixels: must be from 1 to 1000")]
    InvalidMerge {
        /// What was asked for.
        pixels: f64,
    },
    /// The bytes are no font, or one that is damaged.
    #[error("no TrueType or OpenType font")]
    InvalidFont,
    /// Tiles are squares of another projection.
    #[error("tiles are squares of the Mercator projection, not of the {projection} one")]
    TilesNeedMercator {
        /// The projection of the map.
        projection: &'static str,
    },
    /// The map has no density.
    #[error("no heat layer: there is no density to write")]
    NoHeat,
    /// The dots an inch are none.
    #[error("invalid resolution of {dpi} dots an inch: must be from 1 to 10000")]
    InvalidResolution {
        /// What was asked for.
        dpi: f64,
    },
    /// Maps that make no animation.
    #[error("invalid animation of {frames} maps: they {reason}")]
    InvalidFrames {
        /// How many there are.
        frames: usize,
        /// What is wrong with them.
        reason: &'static str,
    },
    /// The picture was drawn but not encoded.
    #[error("cannot encode the picture")]
    Encode {
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
