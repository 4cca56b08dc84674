//! Projections whose parallels are straight lines along which longitude is evenly
//! spaced: x is the longitude times a width that depends on latitude only, and y
//! depends on latitude only. The edge of the world, the inverse and the local scale
//! all follow from that.

use std::f64::consts::FRAC_PI_4;

use super::{MERCATOR_LIMIT, robinson};

/// Coefficients of Equal Earth.
const A: [f64; 4] = [1.340_264, -0.081_106, 0.000_893, 0.003_796];

/// A projection with straight parallels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Straight {
    EqualEarth,
    NaturalEarth,
    Robinson,
    Equirectangular,
    Mercator,
}

impl Straight {
    /// The plane point of a longitude relative to the middle and a latitude, both in
    /// degrees. Longitudes beyond 180 fall outside of the world's edge.
    pub(crate) fn forward(self, lng: f64, lat: f64) -> (f64, f64) {
        let (width, y) = self.parallel(lat);
        (lng.to_radians() * width, y)
    }

    /// The relative longitude and the latitude of a plane point.
    pub(crate) fn inverse(self, x: f64, y: f64) -> Option<(f64, f64)> {
        let lat = self.latitude(y)?;
        let lng = (x / self.width(lat)).to_degrees();
        // The edge of the world is part of it, whatever rounding says.
        (lng.abs() < 180.0 + 1e-9).then(|| (lng.clamp(-180.0, 180.0), lat))
    }

    /// Length of a parallel, as a share of the full circle's.
    pub(crate) fn width(self, lat: f64) -> f64 {
        self.parallel(lat).0
    }

    /// How many times as large as at a scale of one a small area is drawn.
    pub(crate) fn area_scale(self, lat: f64) -> f64 {
        match self {
            Self::EqualEarth => 1.0,
            Self::Equirectangular => 1.0 / cosine(lat),
            Self::Mercator => cosine(lat.clamp(-MERCATOR_LIMIT, MERCATOR_LIMIT)).powi(-2),
            Self::NaturalEarth | Self::Robinson => {
                let step: f64 = 1e-4;
                let (south, north) = ((lat - step).max(-90.0), (lat + step).min(90.0));
                let rise = self.parallel(north).1 - self.parallel(south).1;
                self.width(lat) * rise / (north - south).to_radians() / cosine(lat)
            }
        }
    }

    /// The latitude furthest from the equator that is drawn, in degrees.
    pub(crate) fn max_latitude(self) -> f64 {
        if self == Self::Mercator { MERCATOR_LIMIT } else { 90.0 }
    }

    /// Width and y of a parallel.
    pub(crate) fn parallel(self, lat: f64) -> (f64, f64) {
        match self {
            Self::EqualEarth => {
                let t = (3_f64.sqrt() / 2.0 * lat.to_radians().sin()).asin();
                let t2 = t * t;
                let t6 = t2 * t2 * t2;
                let slope = A[0] + 3.0 * A[1] * t2 + t6 * (7.0 * A[2] + 9.0 * A[3] * t2);
                let width = 2.0 * 3_f64.sqrt() * t.cos() / (3.0 * slope);
                (width, t * (A[0] + A[1] * t2 + t6 * (A[2] + A[3] * t2)))
            }
            Self::NaturalEarth => {
                let p2 = lat.to_radians().powi(2);
                let p4 = p2 * p2;
                let width = 0.8707 - 0.131_979 * p2
                    + p4 * (-0.013_791 + p4 * (0.003_971 * p2 - 0.001_529 * p4));
                let height = 1.007_226
                    + p2 * (0.015_085
                        + p4 * (-0.044_475 + 0.028_874 * p2 - 0.005_916 * p4));
                (width, lat.to_radians() * height)
            }
            Self::Robinson => robinson::parallel(lat),
            Self::Equirectangular => (1.0, lat.to_radians()),
            Self::Mercator => {
                let lat = lat.clamp(-MERCATOR_LIMIT, MERCATOR_LIMIT);
                (1.0, (FRAC_PI_4 + lat.to_radians() / 2.0).tan().ln())
            }
        }
    }

    /// The latitude whose parallel is drawn at y.
    pub(crate) fn latitude(self, y: f64) -> Option<f64> {
        let limit = self.max_latitude();
        let top = self.parallel(limit).1;
        if y.is_nan() || y.abs() > top + 1e-12 {
            return None;
        }
        match self {
            Self::Equirectangular => Some(y.to_degrees().clamp(-limit, limit)),
            Self::Mercator => Some(
                (2.0 * (y.exp().atan() - FRAC_PI_4)).to_degrees().clamp(-limit, limit),
            ),
            Self::EqualEarth | Self::NaturalEarth | Self::Robinson => {
                Some(self.bisect(y, limit))
            }
        }
    }

    /// Halves the range of latitudes until it is as small as the numbers allow: y grows
    /// with latitude, and an inverse is needed once a row rather than once a pixel.
    fn bisect(self, y: f64, limit: f64) -> f64 {
        let (mut low, mut high) = (-limit, limit);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if self.parallel(middle).1 < y { low = middle } else { high = middle }
        }
        f64::midpoint(low, high)
    }
}

/// The cosine of degrees, kept off zero at the poles.
fn cosine(lat: f64) -> f64 {
    lat.to_radians().cos().max(1e-6)
}
