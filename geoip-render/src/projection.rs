//! How the globe becomes flat.

/// How the globe becomes flat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Projection {
    /// Equal Earth: keeps area, so that densities compare; pleasant for the world.
    #[default]
    EqualEarth,
    /// Natural Earth: a compromise between area and shape.
    NaturalEarth,
    /// Robinson: a compromise between area and shape.
    Robinson,
    /// Equirectangular (plate carrée): a degree is as long in both directions.
    Equirectangular,
    /// Mercator on the sphere, as web maps use it, cut at 85.05 degrees: keeps angles
    /// and exaggerates area towards the poles.
    Mercator,
}
