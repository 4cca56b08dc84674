//! Seeded points on the globe, as `(latitude, longitude)` in degrees.
//!
//! The same seed gives the same points on every machine, so a figure or a failure
//! can be named by its generator, count and seed.

use crate::random::Random;

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
            match random.bits() % 8 {
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
            let away =
                if random.bits().is_multiple_of(8) { 0.0 } else { 8.0 * random.unit() };
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
