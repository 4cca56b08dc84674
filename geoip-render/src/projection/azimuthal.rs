//! Disks around a place: what lies at an angle from the middle is drawn at a radius
//! that depends on that angle only, in its true direction.

use std::f64::consts::{FRAC_PI_2, PI};

/// How the angle becomes a radius.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Radius {
    /// By its sine.
    Orthographic,
    /// By the sine of its half, twice.
    EqualArea,
    /// By the tangent of its half, twice.
    Stereographic,
}

/// A disk around a latitude on the central meridian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Azimuthal {
    kind: Radius,
    sin_lat: f64,
    cos_lat: f64,
}

impl Azimuthal {
    pub(crate) fn new(kind: Radius, middle_lat: f64) -> Self {
        let (sin_lat, cos_lat) = middle_lat.to_radians().sin_cos();
        Self { kind, sin_lat, cos_lat }
    }

    /// The angle from the middle up to which the globe is drawn, in radians.
    pub(crate) fn horizon(&self) -> f64 {
        match self.kind {
            Radius::Orthographic => FRAC_PI_2,
            Radius::EqualArea => PI,
            Radius::Stereographic => PI * 2.0 / 3.0,
        }
    }

    /// Direction from the middle, clockwise from north, and angle, both in radians
    /// (Snyder 1987, equations 5-3 and 5-4 by way of a vector, which is exact nearby).
    pub(crate) fn polar(&self, lng: f64, lat: f64) -> (f64, f64) {
        let (sin_lng, cos_lng) = lng.to_radians().sin_cos();
        let (sin_lat, cos_lat) = lat.to_radians().sin_cos();
        let east = cos_lat * sin_lng;
        let north = self.cos_lat * sin_lat - self.sin_lat * cos_lat * cos_lng;
        let up = self.sin_lat * sin_lat + self.cos_lat * cos_lat * cos_lng;
        (east.atan2(north), east.hypot(north).atan2(up))
    }

    /// The plane point at a direction and an angle; beyond the horizon, on it.
    pub(crate) fn at(&self, direction: f64, angle: f64) -> (f64, f64) {
        let (sin, cos) = direction.sin_cos();
        let radius = self.radius(angle.min(self.horizon()));
        (radius * sin, radius * cos)
    }

    /// Longitude relative to the middle and latitude, in degrees, of a plane point
    /// (Snyder 1987, equations 20-14 and 20-15, again by way of a vector).
    pub(crate) fn inverse(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let radius = x.hypot(y);
        let angle = self.angle(radius)?;
        if radius < 1e-300 {
            return Some((0.0, self.sin_lat.atan2(self.cos_lat).to_degrees()));
        }
        let (sin, up) = angle.sin_cos();
        let (east, north) = (sin * x / radius, sin * y / radius);
        let axis = self.cos_lat * north + self.sin_lat * up;
        let out = self.cos_lat * up - self.sin_lat * north;
        let lat = axis.atan2(east.hypot(out));
        Some((east.atan2(out).to_degrees(), lat.to_degrees()))
    }

    pub(crate) fn radius(&self, angle: f64) -> f64 {
        match self.kind {
            Radius::Orthographic => angle.sin(),
            Radius::EqualArea => 2.0 * (angle / 2.0).sin(),
            Radius::Stereographic => 2.0 * (angle / 2.0).tan(),
        }
    }

    fn angle(&self, radius: f64) -> Option<f64> {
        let rim = self.radius(self.horizon());
        // The rim belongs to the disk, whatever rounding says.
        if radius.is_nan() || radius > rim * (1.0 + 1e-12) {
            return None;
        }
        let radius = radius.min(rim);
        Some(match self.kind {
            Radius::Orthographic => radius.min(1.0).asin(),
            Radius::EqualArea => 2.0 * (radius / 2.0).min(1.0).asin(),
            Radius::Stereographic => 2.0 * (radius / 2.0).atan(),
        })
    }

    /// How many times as large as at a scale of one a small area is drawn at an angle.
    pub(crate) fn area_scale(&self, angle: f64) -> f64 {
        match self.kind {
            Radius::Orthographic => angle.cos().max(0.0),
            Radius::EqualArea => 1.0,
            Radius::Stereographic => (angle.min(self.horizon()) / 2.0).cos().powi(-4),
        }
    }
}
