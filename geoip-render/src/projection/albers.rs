//! Albers' equal-area conic projection: parallels are arcs around a pole.

/// The two parallels that keep their length, and what follows from them (Snyder 1987,
/// equations 14-1 to 14-6).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Albers {
    /// Turn of the fan for a turn of the globe; negative in the south.
    n: f64,
    c: f64,
    /// Radius of the parallel in the middle.
    rho_0: f64,
}

impl Albers {
    /// A fan with two standard parallels, in degrees, around a latitude.
    pub(crate) fn new((first, second): (f64, f64), middle_lat: f64) -> Self {
        let (sin_1, cos_1) = first.to_radians().sin_cos();
        let mut n = f64::midpoint(sin_1, second.to_radians().sin());
        // On the equator a fan becomes a strip, which this formula cannot draw.
        if n.abs() < 0.01 {
            n = 0.01_f64.copysign(n);
        }
        let c = cos_1 * cos_1 + 2.0 * n * sin_1;
        let mut albers = Self { n, c, rho_0: 0.0 };
        albers.rho_0 = albers.rho(middle_lat);
        albers
    }

    fn rho(&self, lat: f64) -> f64 {
        (self.c - 2.0 * self.n * lat.to_radians().sin()).max(0.0).sqrt() / self.n
    }

    pub(crate) fn forward(&self, lng: f64, lat: f64) -> (f64, f64) {
        let rho = self.rho(lat);
        let (sin, cos) = (self.n * lng.to_radians()).sin_cos();
        (rho * sin, self.rho_0 - rho * cos)
    }

    pub(crate) fn inverse(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let sign = self.n.signum();
        let (x, y) = (sign * x, sign * (self.rho_0 - y));
        let rho = x.hypot(y) * sign;
        let sine = (self.c - (rho * self.n).powi(2)) / (2.0 * self.n);
        if sine.is_nan() || sine.abs() > 1.0 + 1e-12 {
            return None;
        }
        let lng = (x.atan2(y) / self.n).to_degrees();
        let lat = sine.clamp(-1.0, 1.0).asin().to_degrees();
        (lng.abs() < 180.0 + 1e-9).then(|| (lng.clamp(-180.0, 180.0), lat))
    }
}
