//! How distances are measured.

use crate::sphere::{EARTH_RADIUS_M, canonical, distance_m};
use geo::{Distance, Geodesic};
use geoip_core::LatLng;

/// How the distance between two points is measured.
///
/// # Examples
/// ```
/// use geoip_cluster::Measure;
/// use geoip_core::LatLng;
///
/// let (quito, pole) = (LatLng::new(0.0, -78.5)?, LatLng::new(90.0, 0.0)?);
/// assert_eq!(Measure::GreatCircle.distance_m(quito, pole).round(), 10_007_557.0);
/// assert_eq!(Measure::Geodesic.distance_m(quito, pole).round(), 10_001_966.0);
/// # Ok::<(), geoip_core::InvalidLatLng>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Measure {
    /// The great circle by the haversine, on the sphere of radius
    /// [`EARTH_RADIUS_M`](crate::EARTH_RADIUS_M).
    #[default]
    GreatCircle,
    /// The geodesic on the ellipsoid WGS 84, to some nanometres; about twelve times the
    /// time of a great circle for each pair near the limit.
    ///
    /// # References
    /// C. F. F. Karney, "Algorithms for geodesics", J. Geodesy 87, 2013,
    /// <https://doi.org/10.1007/s00190-012-0578-z>.
    Geodesic,
}

impl Measure {
    /// The least and the greatest ratio of a geodesic to the great circle between the same
    /// latitudes and longitudes.
    ///
    /// A step along the meridian is `M dφ` long on the ellipsoid and `R dφ` on the sphere,
    /// one along the parallel `N cos φ dλ` and `R cos φ dλ`, where the radii of curvature
    /// lie between `M = b²/a` (at the equator) and `M = N = a²/b` (at the poles). So every
    /// curve, the shortest one on either surface included, is `b²/(aR)` to `a²/(bR)` times
    /// as long on the ellipsoid, and so is the distance. The last digits are for rounding.
    const GEODESIC_RATIOS: [f64; 2] = {
        const A_M: f64 = 6_378_137.0;
        const B_M: f64 = A_M * (1.0 - 1.0 / 298.257_223_563);
        [
            B_M * B_M / (A_M * EARTH_RADIUS_M) * (1.0 - 1e-9),
            A_M * A_M / (B_M * EARTH_RADIUS_M) * (1.0 + 1e-9),
        ]
    };

    /// The distance between two points in metres.
    pub fn distance_m(self, a: LatLng, b: LatLng) -> f64 {
        match self {
            Self::GreatCircle => distance_m(a, b),
            Self::Geodesic => Geodesic.distance(canonical(a), canonical(b)),
        }
    }

    /// The least and the greatest ratio of this measure to the great circle.
    pub(crate) fn ratios(self) -> [f64; 2] {
        match self {
            Self::GreatCircle => [1.0, 1.0],
            Self::Geodesic => Self::GEODESIC_RATIOS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geoip_testkit::points;

    #[test]
    fn geodesics_keep_to_the_ratios_and_nearly_reach_them() {
        let [least, most] = Measure::Geodesic.ratios();
        assert!((least - 0.994_417).abs() < 1e-6 && (most - 1.004_487).abs() < 1e-6);
        let at = |(lat, lng): (f64, f64)| LatLng::new(lat, lng).unwrap();
        let mut pairs: Vec<_> = points::uniform(3_000, 11)
            .into_iter()
            .zip(points::uniform(3_000, 12))
            .collect();
        for (lat, lng) in points::uniform(3_000, 13) {
            pairs.push(((lat, lng), (lat * 0.999, lng + (180.0 - lng.abs()) * 1e-3)));
            pairs.push(((lat, lng), (-lat, points::wrapped(lng + 180.0))));
        }
        pairs.extend([((0.0, 7.0), (0.01, 7.0)), ((90.0, 0.0), (89.99, 3.0))]);
        let (mut lowest, mut highest) = (f64::INFINITY, 0.0_f64);
        for (a, b) in pairs {
            let sphere = Measure::GreatCircle.distance_m(at(a), at(b));
            let ellipsoid = Measure::Geodesic.distance_m(at(a), at(b));
            let ratio = ellipsoid / sphere;
            assert!((least..=most).contains(&ratio), "{a:?} {b:?} {ratio}");
            (lowest, highest) = (lowest.min(ratio), highest.max(ratio));
        }
        assert!(lowest < least + 1e-5 && highest > most - 1e-5, "{lowest} {highest}");
    }

    #[test]
    fn a_pole_is_one_point_under_any_longitude() {
        let at = |lat, lng| LatLng::new(lat, lng).unwrap();
        assert!(Measure::Geodesic.distance_m(at(90.0, 5.0), at(90.0, -60.0)) < 1e-6);
        assert!(Measure::Geodesic.distance_m(at(3.0, 180.0), at(3.0, -180.0)) < 1e-6);
    }
}
