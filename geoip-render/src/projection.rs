//! How the globe becomes flat.
//!
//! Every projection here draws parallels as straight lines along which longitude is
//! evenly spaced: x is the longitude times a [width](Projection::width) that depends
//! on latitude only, and y depends on latitude only. The rest of the crate leans on
//! that: the edge of the world, the inverse and the local scale all follow from it.

mod robinson;

use std::f64::consts::FRAC_PI_4;

use geoip_core::LatLng;

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
}

/// Coefficients of Equal Earth.
const A: [f64; 4] = [1.340_264, -0.081_106, 0.000_893, 0.003_796];

/// Where web maps cut Mercator, so that the world is a square.
const MERCATOR_LIMIT: f64 = 85.051_128_779_806_59;

impl Projection {
    /// All projections.
    pub const ALL: [Self; 5] = [
        Self::EqualEarth,
        Self::NaturalEarth,
        Self::Robinson,
        Self::Equirectangular,
        Self::Mercator,
    ];

    /// The name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::EqualEarth => "Equal Earth",
            Self::NaturalEarth => "Natural Earth",
            Self::Robinson => "Robinson",
            Self::Equirectangular => "equirectangular",
            Self::Mercator => "Mercator",
        }
    }

    /// A place in the plane, with the prime meridian in the middle.
    ///
    /// Mercator puts what lies beyond 85.0511 degrees onto its edge.
    pub fn project(self, point: LatLng) -> (f64, f64) {
        self.forward(point.lng(), point.lat())
    }

    /// The place that falls on a point of the plane, if one does.
    pub fn unproject(self, x: f64, y: f64) -> Option<LatLng> {
        let lat = self.latitude(y)?;
        let lng = (x / self.width(lat)).to_degrees();
        // The edge of the world is part of it, whatever rounding says.
        let lng = if lng.abs() < 180.0 + 1e-9 { lng.clamp(-180.0, 180.0) } else { lng };
        LatLng::new(lat, lng).ok()
    }

    /// The plane point of a longitude relative to the middle and a latitude, both in
    /// degrees. Longitudes beyond 180 fall outside of the world's edge.
    pub(crate) fn forward(self, lng: f64, lat: f64) -> (f64, f64) {
        let (width, y) = self.parallel(lat);
        (lng.to_radians() * width, y)
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
    fn parallel(self, lat: f64) -> (f64, f64) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_earth_agrees_with_published_values() {
        // The bounds of EPSG:8857 in metres, whose sphere of equal area has this radius.
        let radius = 6_371_007.181;
        for ((lng, lat), (x, y)) in
            [((0.0, 90.0), (0.0, 8_392_927.60)), ((180.0, 0.0), (17_243_959.06, 0.0))]
        {
            let (our_x, our_y) = Projection::EqualEarth.forward(lng, lat);
            assert!((our_x * radius - x).abs() < 0.01, "{} for {x}", our_x * radius);
            assert!((our_y * radius - y).abs() < 0.01, "{} for {y}", our_y * radius);
        }
    }

    #[test]
    fn known_places_of_the_other_projections() {
        use std::f64::consts::PI;
        for (projection, (lng, lat), (x, y)) in [
            (Projection::Mercator, (180.0, MERCATOR_LIMIT), (PI, PI)),
            (Projection::Equirectangular, (90.0, 45.0), (PI / 2.0, PI / 4.0)),
            (Projection::Robinson, (180.0, 0.0), (0.8487 * PI, 0.0)),
            (Projection::Robinson, (0.0, 90.0), (0.0, 1.3523)),
            (
                Projection::Robinson,
                (180.0, 45.0),
                (0.8487 * PI * 0.8962, 1.3523 * 0.5571),
            ),
            (Projection::NaturalEarth, (180.0, 0.0), (0.8707 * PI, 0.0)),
        ] {
            let (our_x, our_y) = projection.forward(lng, lat);
            assert!(
                (our_x - x).abs() < 1e-9 && (our_y - y).abs() < 1e-9,
                "{projection:?}"
            );
        }
    }

    #[test]
    fn equal_earth_keeps_the_area_of_the_globe() {
        // The sum of thin strips is the whole surface, 4 pi.
        let strips = 20_000;
        let area: f64 = (0..strips)
            .map(|i| {
                let lat = |i: i32| -90.0 + 180.0 * f64::from(i) / f64::from(strips);
                let (a, b) = (lat(i), lat(i + 1));
                let width = Projection::EqualEarth.width(f64::midpoint(a, b));
                let y = |lat| Projection::EqualEarth.parallel(lat).1;
                let rise = y(b) - y(a);
                2.0 * std::f64::consts::PI * width * rise
            })
            .sum();
        assert!((area - 4.0 * std::f64::consts::PI).abs() < 1e-4, "{area}");
    }

    proptest! {
        #[test]
        fn every_projection_round_trips(
            lat in -85.0..85.0, lng in -180.0..=180.0, which in 0..Projection::ALL.len(),
        ) {
            let projection = Projection::ALL[which];
            let point = LatLng::new(lat, lng).unwrap();
            let (x, y) = projection.project(point);
            let back = projection.unproject(x, y).unwrap();
            prop_assert!((back.lat() - lat).abs() < 1e-9, "{projection:?} {back}");
            prop_assert!((back.lng() - lng).abs() < 1e-9, "{projection:?} {back}");
        }

        /// The oracle of the area scale is the determinant by finite differences.
        #[test]
        fn area_scale_is_the_jacobian(lat in -80.0..80.0, which in 0..Projection::ALL.len()) {
            let (projection, step) = (Projection::ALL[which], 1e-3_f64);
            let east = projection.forward(step, lat).0 - projection.forward(0.0, lat).0;
            let north =
                projection.forward(0.0, lat + step).1 - projection.forward(0.0, lat - step).1;
            let flat = east / step.to_radians() * north / (2.0 * step).to_radians();
            let scale = flat / lat.to_radians().cos();
            prop_assert!((projection.area_scale(lat) / scale - 1.0).abs() < 1e-3);
        }

        #[test]
        fn nothing_off_the_map_has_a_place(x in -9.0..9.0, y in -9.0..9.0) {
            for projection in Projection::ALL {
                if let Some(point) = projection.unproject(x, y) {
                    let (back_x, back_y) = projection.project(point);
                    prop_assert!((back_x - x).abs() < 1e-6 && (back_y - y).abs() < 1e-6);
                }
            }
        }
    }
}
