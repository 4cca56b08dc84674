//! How the globe becomes flat.
//!
//! Three families, each in a module of its own: [`straight`] ones, whose parallels are
//! straight lines along which longitude is evenly spaced; [`azimuthal`] ones, disks
//! around a place; and [`albers`], a fan around a pole. An [`Aspect`] is one of them
//! with its middle chosen, and what the rest of the crate asks.

mod albers;
mod aspect;
pub(crate) mod azimuthal;
mod robinson;
pub(crate) mod straight;

use geoip_core::LatLng;

pub(crate) use aspect::{Aspect, Family};

/// How the globe becomes flat.
///
/// # Units
/// The plane has the radius of the globe as its unit, x to the east and y to the north.
///
/// # Examples
/// ```
/// use geoip_core::LatLng;
/// use geoip_render::Projection;
///
/// let paris = LatLng::new(48.8566, 2.3522)?;
/// let (x, y) = Projection::EqualEarth.project(paris);
/// let back = Projection::EqualEarth.unproject(x, y).ok_or("off the map")?;
/// assert!((back.lat() - paris.lat()).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Projection {
    /// Equal Earth: keeps area, so that densities compare; pleasant for the world.
    ///
    /// # References
    /// Šavrič, Patterson, Jenny: The Equal Earth map projection. International
    /// Journal of Geographical Information Science 33 (2018), equations 1 to 6.
    #[default]
    EqualEarth,
    /// Natural Earth: a compromise between area and shape.
    ///
    /// # References
    /// Šavrič, Jenny, Patterson, Petrovič, Hurni: A polynomial equation for the
    /// Natural Earth projection. Cartography and Geographic Information Science 38
    /// (2011), equation 7.
    NaturalEarth,
    /// Robinson: a compromise between area and shape.
    ///
    /// # References
    /// Snyder: Flattening the Earth (1993), page 214, has the table; between its rows
    /// the curve is a cubic one through four of them.
    Robinson,
    /// Equirectangular (plate carrée): a degree is as long in both directions.
    ///
    /// # References
    /// Snyder: Map Projections, a Working Manual. USGS Professional Paper 1395
    /// (1987), page 90.
    Equirectangular,
    /// Mercator on the sphere, as web maps use it, cut at 85.0511 degrees: keeps
    /// angles and exaggerates area towards the poles.
    ///
    /// # References
    /// Snyder: Map Projections, a Working Manual (1987), page 38.
    Mercator,
    /// Orthographic: the globe as seen from far away, one half of it.
    ///
    /// # References
    /// Snyder: Map Projections, a Working Manual (1987), page 145.
    Orthographic,
    /// Lambert's azimuthal equal-area: keeps area, and directions from the middle. For
    /// regions and for what lies around a pole.
    ///
    /// # References
    /// Snyder: Map Projections, a Working Manual (1987), page 182.
    AzimuthalEqualArea,
    /// Stereographic: keeps angles and exaggerates area away from the middle, 120
    /// degrees from which it is cut.
    ///
    /// # References
    /// Snyder: Map Projections, a Working Manual (1987), page 154.
    Stereographic,
    /// Albers' equal-area conic: keeps area. For regions wider than high at middle
    /// latitudes. Without a region, its standard parallels are 20 and 50 degrees on
    /// the side of the equator where the middle is.
    ///
    /// # References
    /// Snyder: Map Projections, a Working Manual (1987), page 98.
    Albers,
}

/// Where web maps cut Mercator, so that the world is a square.
pub(crate) const MERCATOR_LIMIT: f64 = 85.051_128_779_806_59;

impl Projection {
    /// All projections.
    pub const ALL: [Self; 9] = [
        Self::EqualEarth,
        Self::NaturalEarth,
        Self::Robinson,
        Self::Equirectangular,
        Self::Mercator,
        Self::Orthographic,
        Self::AzimuthalEqualArea,
        Self::Stereographic,
        Self::Albers,
    ];

    /// The name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::EqualEarth => "Equal Earth",
            Self::NaturalEarth => "Natural Earth",
            Self::Robinson => "Robinson",
            Self::Equirectangular => "equirectangular",
            Self::Mercator => "Mercator",
            Self::Orthographic => "orthographic",
            Self::AzimuthalEqualArea => "azimuthal equal-area",
            Self::Stereographic => "stereographic",
            Self::Albers => "Albers equal-area",
        }
    }

    /// Whether areas on the map compare as they do on the ground.
    pub fn keeps_area(self) -> bool {
        matches!(self, Self::EqualEarth | Self::AzimuthalEqualArea | Self::Albers)
    }

    /// A place in the plane, with 0 degrees north and east in the middle.
    ///
    /// What cannot be shown comes to lie on the edge: beyond 85.0511 degrees in
    /// Mercator, on the other half of the globe in the orthographic projection.
    pub fn project(self, point: LatLng) -> (f64, f64) {
        Aspect::new(self, (0.0, 0.0), None).forward((point.lng(), point.lat()))
    }

    /// The place that falls on a point of the plane, if one does.
    pub fn unproject(self, x: f64, y: f64) -> Option<LatLng> {
        let (lng, lat) = Aspect::new(self, (0.0, 0.0), None).inverse((x, y))?;
        LatLng::new(lat, lng).ok()
    }
}

#[cfg(test)]
#[path = "projection_tests.rs"]
mod tests;
