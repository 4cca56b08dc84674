//! Where a place is, in as few bytes as it takes.

#![expect(
    clippy::cast_possible_truncation,
    reason = "a narrower number is kept only if it gives back the wider one"
)]

use crate::{CountryCode, LatLng, Location, Place, Precision};

/// A place apart from its texts: what is asked for most, four to a line of the cache and none
/// across two.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(16))]
pub(crate) struct PlaceRow {
    /// What they are is said by `written`.
    lat: u32,
    lng: u32,
    /// 0 if it is not known.
    radius_km: u16,
    country: Option<CountryCode>,
    default_of: Option<Precision>,
    written: Written,
    is_known: bool,
}

/// How a point is written in eight bytes, so that not a bit of it is lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Written {
    /// There is no point.
    #[default]
    Nowhere,
    /// As integers, in 10⁻⁷ degrees: nearly all databases have fewer decimals. The quotient
    /// of two integers is rounded as their decimal number is when it is read, so that both
    /// are the same float.
    Decimal,
    /// As narrower floats, as databases have that were made with them.
    Narrow,
    /// The number of a point among those that are neither.
    Elsewhere,
}

/// Steps of a degree that a point is written in.
const STEPS: f64 = 1e7;

impl PlaceRow {
    /// Of a place; a point that does not fit goes to `points`. None if there are too many of
    /// them.
    pub(super) fn new(
        place: Option<Place<'_>>,
        points: &mut Vec<LatLng>,
    ) -> Option<Self> {
        let Some(place) = place else { return Some(Self::default()) };
        let mut row = Self { country: place.country, is_known: true, ..Self::default() };
        let Some(location) = place.location else { return Some(row) };
        row.radius_km = location.accuracy_radius_km.unwrap_or(0);
        row.default_of = location.default_of;
        let point = location.point;
        let decimal = |degrees: f64| ((degrees * STEPS).round() as i32).cast_unsigned();
        let narrow = |degrees: f64| (degrees as f32).to_bits();
        for (written, bits) in [
            (Written::Decimal, [point.lat(), point.lng()].map(decimal)),
            (Written::Narrow, [point.lat(), point.lng()].map(narrow)),
        ] {
            let row = Self { lat: bits[0], lng: bits[1], written, ..row };
            if row.point(&[]).map(LatLng::key) == Some(point.key()) {
                return Some(row);
            }
        }
        let lat = u32::try_from(points.len()).ok()?;
        points.push(point);
        Some(Self { lat, written: Written::Elsewhere, ..row })
    }

    /// The country.
    #[inline]
    pub(crate) fn country(&self) -> Option<CountryCode> {
        self.country
    }

    /// The point; `points` has those that are not in their row.
    #[inline]
    pub(crate) fn point(&self, points: &[LatLng]) -> Option<LatLng> {
        let decimal = |bits: u32| f64::from(bits.cast_signed()) / STEPS;
        let narrow = |bits: u32| f64::from(f32::from_bits(bits));
        match self.written {
            Written::Nowhere => None,
            Written::Decimal => LatLng::new(decimal(self.lat), decimal(self.lng)).ok(),
            Written::Narrow => LatLng::new(narrow(self.lat), narrow(self.lng)).ok(),
            Written::Elsewhere => points.get(self.lat as usize).copied(),
        }
    }

    /// The place without its texts, but for the time zone; none if nothing is known of it.
    #[inline]
    pub(super) fn place<'t>(
        &self,
        points: &[LatLng],
        time_zone: impl FnOnce() -> Option<&'t str>,
    ) -> Option<Place<'t>> {
        self.is_known.then(|| Place {
            country: self.country,
            location: self.point(points).map(|point| Location {
                point,
                accuracy_radius_km: Some(self.radius_km).filter(|&km| km != 0),
                time_zone: time_zone(),
                default_of: self.default_of,
            }),
            ..Place::default()
        })
    }

    /// All of it but the point, to tell rows apart.
    pub(super) fn key(&self) -> (u16, Option<CountryCode>, Option<Precision>, bool) {
        (self.radius_km, self.country, self.default_of, self.is_known)
    }

    /// Whether the row says anything.
    pub(super) fn is_known(&self) -> bool {
        self.is_known
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_row_is_a_quarter_of_a_line() {
        assert_eq!(size_of::<PlaceRow>(), 16);
    }

    proptest! {
        #[test]
        fn no_bit_of_a_point_is_lost(
            lat in -90.0..=90.0, lng in -180.0..=180.0, decimals in 0..12_i32,
        ) {
            let decimal = |degrees: f64| {
                format!("{degrees:.*}", decimals.cast_unsigned() as usize).parse::<f64>().unwrap()
            };
            let narrow = |degrees: f64| f64::from(degrees as f32);
            let mut points = Vec::new();
            let mut written = Vec::new();
            for (lat, lng) in
                [(lat, lng), (decimal(lat), decimal(lng)), (narrow(lat), narrow(lng))]
            {
                let point = LatLng::new(lat, lng).unwrap();
                let location = Some(Location::new(point));
                let place = Place { location, ..Place::default() };
                let row = PlaceRow::new(Some(place), &mut points).unwrap();
                prop_assert_eq!(row.point(&points).map(LatLng::key), Some(point.key()));
                written.push(row.written);
            }
            prop_assert!(decimals > 7 || written[1] == Written::Decimal);
            prop_assert_ne!(written[2], Written::Elsewhere);
        }
    }
}
