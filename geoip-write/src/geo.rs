//! The little geometry that the builder needs.

/// Mean radius of the Earth, in kilometres.
const EARTH_RADIUS_KM: f64 = 6_371.008_8;

/// Latitude and longitude in degrees.
pub(crate) type Point = (f64, f64);

/// Great-circle distance by the haversine formula.
pub fn distance_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let half_lat = ((lat_b - lat_a) / 2.0).sin();
    let half_lng = ((b.1 - a.1).to_radians() / 2.0).sin();
    let h = half_lat * half_lat + lat_a.cos() * lat_b.cos() * half_lng * half_lng;
    2.0 * EARTH_RADIUS_KM * h.sqrt().min(1.0).asin()
}

/// Rounds to the hundredths of a degree that the file holds, at most 0.8 km away.
pub(crate) fn rounded(point: Point) -> Point {
    let hundredths = |degrees: f64| (degrees * 100.0).round() / 100.0;
    (hundredths(point.0), hundredths(point.1))
}

/// Weighted middle of points on the sphere, right across the antimeridian too.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Middle {
    x: f64,
    y: f64,
    z: f64,
}

impl Middle {
    pub(crate) fn add(&mut self, point: Point, weight: f64) {
        let (lat, lng) = (point.0.to_radians(), point.1.to_radians());
        self.x += weight * lat.cos() * lng.cos();
        self.y += weight * lat.cos() * lng.sin();
        self.z += weight * lat.sin();
    }

    /// Nothing when the points weigh nothing or balance out.
    pub(crate) fn point(&self) -> Option<Point> {
        let across = self.x.hypot(self.y);
        (across.hypot(self.z) > 1e-9).then(|| {
            (self.z.atan2(across).to_degrees(), self.y.atan2(self.x).to_degrees())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_of_latitude_is_about_111_km() {
        assert!((distance_km((50.0, 8.0), (51.0, 8.0)) - 111.195).abs() < 0.01);
        assert!(distance_km((0.0, 179.9), (0.0, -179.9)) < 23.0);
    }

    #[test]
    fn the_middle_across_the_antimeridian_is_near_it() {
        let mut middle = Middle::default();
        middle.add((0.0, 179.0), 1.0);
        middle.add((0.0, -179.0), 1.0);
        let (lat, lng) = middle.point().unwrap();
        assert!(lat.abs() < 1e-9 && lng.abs() > 179.99);
    }

    #[test]
    fn nothing_has_no_middle() {
        assert!(Middle::default().point().is_none());
    }
}
