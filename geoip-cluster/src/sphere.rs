//! The sphere on which distances are measured.
//!
//! Two measures of one distance are used side by side. The *haversine* of latitudes
//! and longitudes decides whether two points are within a radius. The *chord*, the
//! straight line through the Earth between unit vectors, finds the candidates: it
//! costs a twentieth, knows neither poles nor antimeridian, and orders pairs as the
//! great circle does.

use crate::Measure;
use geo::{Distance, Haversine, Point};
use geoip_core::LatLng;
use std::f64::consts::PI;

/// Mean radius of the Earth (IUGG), on whose sphere all distances are measured.
pub const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// The distance between antipodes, which no other exceeds.
pub const HALF_CIRCUMFERENCE_M: f64 = PI * EARTH_RADIUS_M;

/// The great-circle distance between two points, by the haversine formula; see
/// [`Measure`] for the other.
///
/// One point written in two ways is at distance zero: the poles under any longitude,
/// and the meridian 180 as -180.
///
/// # Units
/// Metres on the sphere of radius [`EARTH_RADIUS_M`]. Geodesics on the ellipsoid
/// differ by up to 0.56 %.
///
/// # Examples
/// ```
/// use geoip_core::LatLng;
///
/// let new_york = LatLng::new(40.7128, -74.006)?;
/// let london = LatLng::new(51.5074, -0.1278)?;
/// assert_eq!(geoip_cluster::distance_m(new_york, london).round(), 5_570_230.0);
/// # Ok::<(), geoip_core::InvalidLatLng>(())
/// ```
pub fn distance_m(a: LatLng, b: LatLng) -> f64 {
    let metres = Haversine.distance(canonical(a), canonical(b));
    // Rounding can take the haversine of antipodes a hair above one, whose arc sine
    // is not a number.
    if metres.is_nan() { HALF_CIRCUMFERENCE_M } else { metres }
}

/// The points between two others on the shorter great circle through them, so many that no
/// step is longer than `step_m`: what a program has to be given that draws straight lines
/// between degrees. The two themselves are not among them.
///
/// None where the step is not positive, or where the two are antipodes, between which
/// every great circle is as short.
///
/// # Examples
/// ```
/// use geoip_core::LatLng;
///
/// let (seattle, lyon) = (LatLng::new(47.6, -122.3)?, LatLng::new(45.8, 4.8)?);
/// let between: Vec<_> = geoip_cluster::points_between(seattle, lyon, 1e6).collect();
/// assert_eq!(between.len(), 8);
/// // Greenland.
/// assert!(between.iter().any(|point| point.lat() > 65.0));
/// # Ok::<(), geoip_core::InvalidLatLng>(())
/// ```
pub fn points_between(a: LatLng, b: LatLng, step_m: f64) -> impl Iterator<Item = LatLng> {
    let (from, to) = (unit_vector(a), unit_vector(b));
    let angle = dot(from, to).clamp(-1.0, 1.0).acos();
    let has_one_way = angle < PI - 1e-6 && step_m > 0.0;
    let steps = if has_one_way { (angle * EARTH_RADIUS_M / step_m).ceil() } else { 0.0 };
    // An infinite number of steps is one too many to be counted.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "bounded"
    )]
    let steps = steps.min(1e6) as u32;
    (1..steps).filter_map(move |step| {
        let share = f64::from(step) / f64::from(steps);
        let (of_a, of_b) = (((1.0 - share) * angle).sin(), (share * angle).sin());
        point_under([0, 1, 2].map(|axis| of_a * from[axis] + of_b * to[axis]))
    })
}

/// A point in the form that is the same however it was written.
pub(crate) fn canonical(point: LatLng) -> Point<f64> {
    let (lat, lng) = (point.lat(), point.lng());
    if lat.abs() >= 90.0 {
        Point::new(0.0, lat)
    } else if lng <= -180.0 {
        Point::new(180.0, lat)
    } else {
        Point::new(lng, lat)
    }
}

/// A point as a vector of length one from the centre of the Earth.
pub(crate) fn unit_vector(point: LatLng) -> [f64; 3] {
    let point = canonical(point).to_radians();
    let (sin_lat, cos_lat) = point.y().sin_cos();
    let (sin_lng, cos_lng) = point.x().sin_cos();
    [cos_lat * cos_lng, cos_lat * sin_lng, sin_lat]
}

/// The point under a vector of any length but zero.
pub(crate) fn point_under([x, y, z]: [f64; 3]) -> Option<LatLng> {
    let lat = z.atan2(x.hypot(y)).to_degrees();
    let lng = y.atan2(x).to_degrees();
    LatLng::new(lat.clamp(-90.0, 90.0), lng.clamp(-180.0, 180.0)).ok()
}

/// The square of the chord between two unit vectors.
pub(crate) fn chord_squared(from: [f64; 3], to: [f64; 3]) -> f64 {
    let [x, y, z] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
    x * x + y * y + z * z
}

/// The distance over ground of the square of a chord.
pub(crate) fn chord_squared_to_m(squared: f64) -> f64 {
    2.0 * EARTH_RADIUS_M * (squared.sqrt() / 2.0).min(1.0).asin()
}

/// The square of the chord of a distance over ground.
pub(crate) fn m_to_chord_squared(m: f64) -> f64 {
    let angle = m.min(HALF_CIRCUMFERENCE_M) / EARTH_RADIUS_M;
    (2.0 * (angle / 2.0).sin()).powi(2)
}

/// A vector at length one, unless it is so short that it has no direction.
pub(crate) fn normalized(vector: [f64; 3]) -> Option<[f64; 3]> {
    let length = dot(vector, vector).sqrt();
    (length > 1e-9).then(|| vector.map(|value| value / length))
}

pub(crate) fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(crate) fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// What chords say about a radius: those clearly shorter are within, those clearly
/// longer are not, and between them only the measure itself decides. For the haversine
/// that is a hair's breadth, for geodesics one percent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChordLimits {
    measure: Measure,
    radius_m: f64,
    /// The longest chord that may be within the radius.
    pub(crate) possible: f64,
    pub(crate) possible_squared: f64,
    sure_squared: f64,
}

impl ChordLimits {
    /// Six micrometres of chord: a thousand times the rounding error of a component
    /// of a unit vector.
    const SLACK: f64 = 1e-12;

    pub(crate) fn new(radius_m: f64, measure: Measure) -> Self {
        let [least, most] = measure.ratios();
        let chord = |great_circle_m: f64| {
            let angle = great_circle_m.min(HALF_CIRCUMFERENCE_M) / EARTH_RADIUS_M;
            2.0 * (angle / 2.0).sin()
        };
        let possible = chord(radius_m / least) + Self::SLACK;
        let sure = (chord(radius_m / most) - Self::SLACK).max(0.0);
        Self {
            measure,
            radius_m,
            possible,
            possible_squared: possible * possible,
            sure_squared: sure * sure,
        }
    }

    /// Whether two points whose chord is possible are within the radius.
    pub(crate) fn decide(&self, chord_squared: f64, a: LatLng, b: LatLng) -> bool {
        chord_squared < self.sure_squared
            || self.measure.distance_m(a, b) <= self.radius_m
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "zero is exact")]
mod tests {
    use super::*;
    use geoip_testkit::points;

    fn at(lat: f64, lng: f64) -> LatLng {
        LatLng::new(lat, lng).unwrap()
    }

    #[test]
    fn a_point_is_at_no_distance_from_itself_however_written() {
        for (a, b) in [
            ((90.0, 12.0), (90.0, -170.0)),
            ((-90.0, 0.0), (-90.0, 180.0)),
            ((0.0, 180.0), (0.0, -180.0)),
            ((-33.5, 151.2), (-33.5, 151.2)),
        ] {
            assert_eq!(distance_m(at(a.0, a.1), at(b.0, b.1)), 0.0, "{a:?} {b:?}");
        }
    }

    #[test]
    fn antipodes_are_half_a_circumference_apart() {
        for (lat, lng) in points::uniform(20_000, 1) {
            let there = at(-lat, points::wrapped(lng + 180.0));
            let metres = distance_m(at(lat, lng), there);
            assert!(metres <= HALF_CIRCUMFERENCE_M, "{lat}, {lng}");
            assert!((metres - HALF_CIRCUMFERENCE_M).abs() < 1.0, "{lat}, {lng}");
        }
    }

    #[test]
    fn points_between_are_on_the_way_in_even_steps() {
        let all = points::uniform(200, 3);
        for pair in all.windows(2) {
            let [a, b] = [pair[0], pair[1]].map(|(lat, lng)| at(lat, lng));
            let mut way = vec![a];
            way.extend(points_between(a, b, 250_000.0));
            way.push(b);
            let steps: Vec<_> =
                way.windows(2).map(|step| distance_m(step[0], step[1])).collect();
            let length: f64 = steps.iter().sum();
            assert!((length - distance_m(a, b)).abs() < 1e-3, "a detour from {a} to {b}");
            assert!(steps.iter().all(|step| *step <= 250_000.001), "{steps:?}");
            assert!(steps.iter().all(|step| (step - steps[0]).abs() < 1e-3), "{steps:?}");
        }
    }

    #[test]
    fn there_is_nothing_between_what_is_one_or_opposite() {
        let point = at(10.0, 20.0);
        for (other, step_m) in [
            (point, 1.0),
            (at(-10.0, -160.0), 1e5),
            (at(0.0, 0.0), 0.0),
            (at(0.0, 0.0), -1.0),
        ] {
            assert_eq!(points_between(point, other, step_m).count(), 0, "{other}");
        }
        assert_eq!(points_between(point, at(0.0, 0.0), f64::NAN).count(), 0);
        assert_eq!(points_between(point, at(0.0, 0.0), 1e-300).count(), 999_999);
    }

    #[test]
    fn chords_and_haversines_measure_the_same() {
        let all = points::uniform(300, 2);
        for &(lat, lng) in &all {
            let a = at(lat, lng);
            let back = point_under(unit_vector(a)).unwrap();
            assert!(distance_m(a, back) < 1e-6);
            for &(lat, lng) in &all {
                let b = at(lat, lng);
                let chord = chord_squared(unit_vector(a), unit_vector(b));
                assert!((chord_squared_to_m(chord) - distance_m(a, b)).abs() < 1e-3);
            }
        }
    }
}
