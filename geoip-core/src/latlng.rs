//! Points on the globe.

use std::fmt;

/// A point on the Earth, by latitude and longitude on WGS 84.
///
/// Latitude first, as people write it; every value is finite and in range, so no
/// user of a `LatLng` checks again. Longitude 180 and -180 are the same meridian and
/// are both kept as given.
///
/// # Units
/// Degrees, north and east positive.
///
/// # Examples
/// ```
/// use geoip_core::LatLng;
///
/// let london = LatLng::new(51.5142, -0.0931)?;
/// assert_eq!(london.lat(), 51.5142);
/// assert!(LatLng::new(91.0, 0.0).is_err());
/// # Ok::<(), geoip_core::InvalidLatLng>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct LatLng {
    lat: f64,
    lng: f64,
}

impl LatLng {
    /// A point from degrees of latitude and longitude.
    ///
    /// # Errors
    /// [`InvalidLatLng`] unless both are finite, the latitude is within -90..=90 and
    /// the longitude within -180..=180.
    pub fn new(lat: f64, lng: f64) -> Result<Self, InvalidLatLng> {
        // Written so that NaN fails the comparison and lands in the error.
        if (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lng) {
            // Adding zero turns -0.0 into 0.0: equal points have equal bits.
            Ok(Self { lat: lat + 0.0, lng: lng + 0.0 })
        } else {
            Err(InvalidLatLng { lat, lng })
        }
    }

    /// Degrees north of the equator.
    pub fn lat(self) -> f64 {
        self.lat
    }

    /// Degrees east of the prime meridian.
    pub fn lng(self) -> f64 {
        self.lng
    }

    /// A key that is equal exactly for equal points, and orders them by latitude,
    /// then longitude.
    pub fn key(self) -> (i64, i64) {
        (ordered_bits(self.lat), ordered_bits(self.lng))
    }
}

/// The bits of a float as an integer that orders as the float does.
fn ordered_bits(value: f64) -> i64 {
    let bits = value.to_bits().cast_signed();
    bits ^ (((bits >> 63).cast_unsigned()) >> 1).cast_signed()
}

/// Latitude, then longitude, in degrees with four decimals (about 11 m).
impl fmt::Display for LatLng {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.4}, {:.4}", self.lat, self.lng)
    }
}

/// A latitude or longitude that is no place on Earth.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error(
    "invalid coordinate {lat}, {lng}: latitude must lie in -90..=90 and longitude in -180..=180"
)]
pub struct InvalidLatLng {
    /// The latitude given, in degrees.
    pub lat: f64,
    /// The longitude given, in degrees.
    pub lng: f64,
}

/// A point and how much is there: hits, addresses, or whatever the caller counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedPoint {
    /// Where.
    pub point: LatLng,
    /// How much.
    pub weight: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn refuses_what_is_no_place_on_earth() {
        for (lat, lng) in
            [(f64::NAN, 0.0), (0.0, f64::INFINITY), (90.1, 0.0), (0.0, -180.5)]
        {
            assert!(LatLng::new(lat, lng).is_err(), "{lat}, {lng}");
        }
    }

    #[test]
    fn negative_zero_is_the_same_point_as_zero() {
        let positive = LatLng::new(0.0, 0.0).unwrap();
        assert_eq!(LatLng::new(-0.0, -0.0).unwrap().key(), positive.key());
    }

    proptest! {
        #[test]
        fn keys_order_as_the_points_do(
            a in (-90.0..=90.0, -180.0..=180.0), b in (-90.0..=90.0, -180.0..=180.0),
        ) {
            let [a, b] = [a, b].map(|(lat, lng): (f64, f64)| LatLng::new(lat, lng).unwrap());
            prop_assert_eq!(a.partial_cmp(&b).unwrap(), a.key().cmp(&b.key()));
        }
    }
}
