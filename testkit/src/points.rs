//! Seeded points on the globe, as `(latitude, longitude)` in degrees.
//!
//! The same seed gives the same points on every machine, so a figure or a failure
//! can be named by its generator, count and seed.

use std::f64::consts::TAU;

/// A small, fast generator of pseudo-random numbers: `SplitMix64`.
///
/// # References
/// G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014.
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The generator of this seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number of `0.0..1.0`.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a float exactly")]
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number of `low..high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A number with the standard normal distribution, by Box and Muller's method.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (TAU * self.unit()).cos()
    }
}

/// Points spread evenly over the whole sphere.
pub fn uniform(count: usize, seed: u64) -> Vec<(f64, f64)> {
    let mut random = Random::new(seed);
    (0..count)
        .map(|_| {
            let lat = random.between(-1.0, 1.0).asin().to_degrees();
            (lat, random.between(-180.0, 180.0))
        })
        .collect()
}

/// Points in clumps, as places are: a few dozen regions, most of them small, with
/// towns thinning out around each centre.
pub fn cities(count: usize, seed: u64) -> Vec<(f64, f64)> {
    let mut random = Random::new(seed);
    let centres: Vec<(f64, f64, f64)> = (0..48)
        .map(|_| {
            let lat = random.between(-45.0, 62.0);
            let lng = random.between(-180.0, 180.0);
            (lat, lng, random.between(0.5, 6.0))
        })
        .collect();
    (0..count)
        .map(|_| {
            // Squaring favours the first regions: sizes differ as those of countries do.
            let share = random.unit() * random.unit();
            let (lat, lng, spread) = centres[scaled(share, centres.len())];
            let at = lat + spread * random.normal();
            (at.clamp(-90.0, 90.0), wrapped(lng + spread * random.normal()))
        })
        .collect()
}

/// Points within a few degrees of the meridian where longitude jumps from 180 to
/// -180, some of them exactly on it, written either way.
pub fn antimeridian(count: usize, seed: u64) -> Vec<(f64, f64)> {
    let mut random = Random::new(seed);
    (0..count)
        .map(|_| {
            let lat = random.between(-8.0, 8.0);
            match random.next_u64() % 8 {
                0 => (lat.round(), 180.0),
                1 => (lat.round(), -180.0),
                _ => (lat, wrapped(180.0 + random.between(-8.0, 8.0))),
            }
        })
        .collect()
}

/// Points around the north pole, some of them exactly on it under any longitude.
pub fn pole(count: usize, seed: u64) -> Vec<(f64, f64)> {
    let mut random = Random::new(seed);
    (0..count)
        .map(|_| {
            let lng = random.between(-180.0, 180.0);
            let away = if random.next_u64().is_multiple_of(8) {
                0.0
            } else {
                8.0 * random.unit()
            };
            (90.0 - away, lng)
        })
        .collect()
}

/// Points of a lattice of whole degrees around the equator, many of them repeated:
/// a limit of so many degrees is met exactly by many pairs.
pub fn lattice(count: usize, seed: u64) -> Vec<(f64, f64)> {
    let mut random = Random::new(seed);
    (0..count)
        .map(|_| {
            (random.between(-5.0, 5.0).round(), random.between(-5.0, 5.0).round() + 0.0)
        })
        .collect()
}

/// Points evenly around a circle of latitude: within a limit just under the
/// diameter, an even number `n` of them has `2^(n/2)` maximal cliques.
#[expect(clippy::cast_precision_loss, reason = "counts of points are small")]
pub fn ring(count: usize, lat: f64) -> Vec<(f64, f64)> {
    (0..count).map(|i| (lat, 360.0 * i as f64 / count as f64 - 180.0)).collect()
}

/// A longitude brought into `-180..=180`.
pub fn wrapped(lng: f64) -> f64 {
    if (-180.0..=180.0).contains(&lng) {
        lng
    } else {
        (lng + 180.0).rem_euclid(360.0) - 180.0
    }
}

/// The index of `0..len` at this share of the way.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a small count"
)]
fn scaled(share: f64, len: usize) -> usize {
    ((share * len as f64) as usize).min(len - 1)
}
