//! Where on a picture a place falls.

use geoip_core::LatLng;

use crate::{
    Error, Extent, Projection,
    cut::{self, Point},
};

/// Mean radius of the Earth, in kilometres.
pub(crate) const EARTH_RADIUS_KM: f64 = 6371.0088;

/// A rectangle of a picture, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Rect {
    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(crate) fn contains(&self, (x, y): Point) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }
}

/// A region in the plane of a projection before it has a place on the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Region {
    projection: Projection,
    central: f64,
    /// Around the extent, in the projection's units with y to the north.
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Region {
    /// The region of an extent; `Auto` is taken for the world, since only a caller
    /// who knows the layers can resolve it.
    pub(crate) fn new(
        projection: Projection,
        central_meridian: Option<f64>,
        extent: Extent,
    ) -> Result<Self, Error> {
        if let Some(degrees_east) = central_meridian
            && !(-180.0..=180.0).contains(&degrees_east)
        {
            return Err(Error::InvalidCentralMeridian { degrees_east });
        }
        let limit = projection.max_latitude();
        let Extent::Box { west, south, east, north } = extent else {
            let (right, _) = projection.forward(180.0, 0.0);
            let (_, top) = projection.forward(0.0, limit);
            let central = central_meridian.unwrap_or(0.0);
            let (west, south, east, north) = (-right, -top, right, top);
            return Ok(Self { projection, central, west, south, east, north });
        };
        let invalid = |reason| Error::InvalidExtent { west, south, east, north, reason };
        let known = [west, east].iter().all(|lng| (-180.0..=180.0).contains(lng))
            && [south, north].iter().all(|lat| (-90.0..=90.0).contains(lat));
        if !known {
            return Err(invalid(
                "longitudes lie in -180..=180 and latitudes in -90..=90",
            ));
        }
        let span = match east - west {
            span if span < 0.0 => span + 360.0,
            span => span,
        };
        let (south, north) = (south.max(-limit), north.min(limit));
        if span < 0.05 || north - south < 0.05 {
            return Err(invalid("the box must be at least 0.05 degrees wide and high"));
        }
        let middle = cut::relative(west + span / 2.0, 0.0);
        let central = central_meridian.unwrap_or(middle);
        let mut region = Self {
            projection,
            central,
            west: f64::INFINITY,
            south: projection.forward(0.0, south).1,
            east: f64::NEG_INFINITY,
            north: projection.forward(0.0, north).1,
        };
        // Parallels are straight, so the sides of the box reach furthest.
        for step in 0..=64 {
            let lat = south + (north - south) * f64::from(step) / 64.0;
            for half in [-span / 2.0, span / 2.0] {
                let lng = cut::relative(middle, central) + half;
                let (x, _) = projection.forward(lng.clamp(-180.0, 180.0), lat);
                region.west = region.west.min(x);
                region.east = region.east.max(x);
            }
        }
        Ok(region)
    }

    /// Height for a width.
    pub(crate) fn aspect(&self) -> f64 {
        (self.north - self.south) / (self.east - self.west)
    }
}

/// The part of a picture that is the map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) projection: Projection,
    pub(crate) central: f64,
    pub(crate) rect: Rect,
    /// Pixels a unit of the projection, which is a radian along the equator or nearly.
    pub(crate) scale: f64,
    /// Pixels of the projection's origin.
    origin: Point,
}

impl Frame {
    /// The region as large as it fits into a rectangle, in its middle.
    pub(crate) fn fit(region: &Region, rect: Rect) -> Self {
        let (width, height) = (region.east - region.west, region.north - region.south);
        let scale = (rect.width() / width).min(rect.height() / height);
        let x = f64::midpoint(rect.left, rect.right)
            - f64::midpoint(region.west, region.east) * scale;
        let y = f64::midpoint(rect.top, rect.bottom)
            + f64::midpoint(region.south, region.north) * scale;
        let Region { projection, central, .. } = *region;
        Self { projection, central, rect, scale, origin: (x, y) }
    }

    /// Pixels of a relative longitude and a latitude.
    pub(crate) fn pixel(&self, (lng, lat): Point) -> Point {
        let (middle, per_degree, y) = self.parallel(lat);
        (middle + lng * per_degree, y)
    }

    /// Where a parallel meets the central meridian, how many pixels a degree takes
    /// along it, and how high on the picture it is.
    pub(crate) fn parallel(&self, lat: f64) -> (f64, f64, f64) {
        let (per_degree, y) = self.projection.forward(1.0, lat);
        (self.origin.0, per_degree * self.scale, self.origin.1 - y * self.scale)
    }

    /// Pixels of a place.
    pub(crate) fn place(&self, point: LatLng) -> Point {
        self.pixel((cut::relative(point.lng(), self.central), point.lat()))
    }

    /// The latitude drawn at a height of the picture.
    pub(crate) fn latitude(&self, y: f64) -> Option<f64> {
        self.projection.latitude((self.origin.1 - y) / self.scale)
    }

    /// Where the world begins and ends at a height of the picture, within the frame.
    pub(crate) fn row(&self, y: f64) -> Option<(f64, f64)> {
        let lat = self.latitude(y)?;
        let (left, right) = (self.pixel((-180.0, lat)).0, self.pixel((180.0, lat)).0);
        Some((left.max(self.rect.left), right.min(self.rect.right)))
    }

    /// Kilometres on the ground that a pixel stands for where area is drawn at a scale
    /// of one: everywhere in an equal-area projection, in the others at the latitude
    /// given.
    pub(crate) fn km_per_pixel(&self, lat: f64) -> f64 {
        EARTH_RADIUS_KM / self.scale / self.projection.area_scale(lat).sqrt()
    }

    /// Whether a place on the ground falls into the frame.
    pub(crate) fn shows(&self, point: LatLng) -> bool {
        point.lat().abs() <= self.projection.max_latitude()
            && self.rect.contains(self.place(point))
    }

    /// The latitude in the middle of the frame.
    pub(crate) fn middle_latitude(&self) -> f64 {
        self.latitude(f64::midpoint(self.rect.top, self.rect.bottom)).unwrap_or(0.0)
    }

    /// The edge of the world, as relative longitude and latitude.
    pub(crate) fn edge(&self) -> Vec<Point> {
        let limit = self.projection.max_latitude();
        let up = (-90..=90).map(|step| f64::from(step) / 90.0 * limit);
        let east = up.clone().map(|lat| (180.0, lat));
        let west = up.rev().map(|lat| (-180.0, lat));
        east.chain(west).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RECT: Rect = Rect { left: 10.0, top: 20.0, right: 1010.0, bottom: 520.0 };

    fn frame(projection: Projection, extent: Extent) -> Frame {
        Frame::fit(&Region::new(projection, None, extent).unwrap(), RECT)
    }

    #[test]
    fn the_world_fills_the_rectangle_in_one_direction() {
        for projection in Projection::ALL {
            let frame = frame(projection, Extent::World);
            let limit = projection.max_latitude();
            let left = frame.pixel((-180.0, 0.0)).0 - RECT.left;
            let top = frame.pixel((0.0, limit)).1 - RECT.top;
            assert!(
                left > -1e-9 && top > -1e-9 && left.min(top) < 1e-9,
                "{projection:?}"
            );
        }
    }

    #[test]
    fn a_box_across_the_antimeridian_is_in_the_middle() {
        let fiji = Extent::Box { west: 170.0, south: -25.0, east: -170.0, north: -10.0 };
        let frame = frame(Projection::EqualEarth, fiji);
        let suva = frame.place(LatLng::new(-18.14, 178.44).unwrap());
        let samoa = frame.place(LatLng::new(-13.8, -171.8).unwrap());
        assert!(RECT.contains(suva) && RECT.contains(samoa) && suva.0 < samoa.0);
        assert!(!frame.shows(LatLng::new(-18.0, 0.0).unwrap()));
    }

    #[test]
    fn extents_that_are_none_are_refused() {
        for (west, south, east, north) in [
            (f64::NAN, 0.0, 1.0, 1.0),
            (0.0, 0.0, 0.0, 1.0),
            (0.0, 1.0, 1.0, 0.0),
            (0.0, 0.0, 181.0, 1.0),
            (0.0, f64::NEG_INFINITY, 1.0, 1.0),
        ] {
            let extent = Extent::Box { west, south, east, north };
            assert!(Region::new(Projection::EqualEarth, None, extent).is_err());
        }
        let polar = Extent::Box { west: 0.0, south: 86.0, east: 9.0, north: 90.0 };
        assert!(Region::new(Projection::Mercator, None, polar).is_err());
    }

    proptest! {
        #[test]
        fn what_lies_in_the_box_is_shown(
            west in -180.0..180.0, span in 0.1..359.0, south in -80.0..70.0, rise in 0.1..10.0,
            t in 0.0..=1.0, u in 0.0..=1.0, which in 0..Projection::ALL.len(),
        ) {
            let east = cut::relative(west + span, 0.0);
            let extent = Extent::Box { west, south, east, north: south + rise };
            let frame = frame(Projection::ALL[which], extent);
            let lng = cut::relative(west + t * span, 0.0);
            let (x, y) = frame.place(LatLng::new(south + u * rise, lng).unwrap());
            let wide = Rect { left: 9.9, top: 19.9, right: 1010.1, bottom: 520.1 };
            prop_assert!(wide.contains((x, y)), "{x} {y}");
        }
    }
}
