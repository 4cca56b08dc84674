//! Where on a picture a place falls.

use geoip_core::LatLng;

use crate::{
    Error, Extent, Projection,
    cut::{self, Point},
    projection::{Aspect, Family, straight::Straight},
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
    aspect: Aspect,
    /// Around the extent, in the projection's units with y to the north.
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Region {
    /// The region of an extent, around a middle of latitude and longitude or, where
    /// nothing is said, around that of the extent. `Auto` is taken for the world,
    /// since only a caller who knows the layers can resolve it.
    pub(crate) fn new(
        projection: Projection,
        (central_parallel, central_meridian): (Option<f64>, Option<f64>),
        extent: Extent,
    ) -> Result<Self, Error> {
        if let Some(degrees_east) = central_meridian
            && !(-180.0..=180.0).contains(&degrees_east)
        {
            return Err(Error::InvalidCentralMeridian { degrees_east });
        }
        if let Some(degrees_north) = central_parallel
            && !(-90.0..=90.0).contains(&degrees_north)
        {
            return Err(Error::InvalidCentralParallel { degrees_north });
        }
        let Extent::Box { west, south, east, north } = extent else {
            let middle =
                (central_parallel.unwrap_or(0.0), central_meridian.unwrap_or(0.0));
            return Ok(Self::world(Aspect::new(projection, middle, None)));
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
        let limit = Aspect::new(projection, (0.0, 0.0), None).max_latitude();
        let (south, north) = (south.max(-limit), north.min(limit));
        if span < 0.05 || north - south < 0.05 {
            return Err(invalid("the box must be at least 0.05 degrees wide and high"));
        }
        let middle = cut::relative(west + span / 2.0, 0.0);
        let parallel = central_parallel.unwrap_or_else(|| middle_latitude(south, north));
        let central = (parallel, central_meridian.unwrap_or(middle));
        let aspect = Aspect::new(projection, central, Some((south, north)));
        let shift = cut::relative(middle, aspect.central);
        Self::around(aspect, (shift - span / 2.0, shift + span / 2.0), (south, north))
            .ok_or_else(|| invalid("the box lies beyond the horizon of this projection"))
    }

    /// Everything that a projection shows.
    fn world(aspect: Aspect) -> Self {
        let limit = aspect.max_latitude();
        if let Family::Straight(_) = aspect.family {
            let (right, top) =
                (aspect.forward((180.0, 0.0)).0, aspect.forward((0.0, limit)).1);
            return Self { aspect, west: -right, south: -top, east: right, north: top };
        }
        if let Family::Disk(disk) = aspect.family {
            let rim = disk.radius(disk.horizon());
            return Self { aspect, west: -rim, south: -rim, east: rim, north: rim };
        }
        // A fan has no horizon, so that there is always something to go around.
        let empty = Self { aspect, west: -1.0, south: -1.0, east: 1.0, north: 1.0 };
        Self::around(aspect, (-180.0, 180.0), (-limit, limit)).unwrap_or(empty)
    }

    /// What lies between relative meridians and between parallels.
    fn around(
        aspect: Aspect,
        (west, east): (f64, f64),
        (south, north): (f64, f64),
    ) -> Option<Self> {
        const STEPS: u32 = 64;
        let (far, near) = (f64::INFINITY, f64::NEG_INFINITY);
        let mut region = Self { aspect, west: far, south: far, east: near, north: near };
        let mut any = false;
        for row in 0..=STEPS {
            let lat = south + (north - south) * f64::from(row) / f64::from(STEPS);
            for column in 0..=STEPS {
                let lng = west + (east - west) * f64::from(column) / f64::from(STEPS);
                let at = (lng.clamp(-180.0, 180.0), lat);
                any |= aspect.shows(at);
                let (x, y) = aspect.forward(at);
                region.west = region.west.min(x);
                region.east = region.east.max(x);
                region.south = region.south.min(y);
                region.north = region.north.max(y);
            }
        }
        any.then_some(region)
    }

    /// Height for a width.
    pub(crate) fn aspect_ratio(&self) -> f64 {
        (self.north - self.south) / (self.east - self.west)
    }
}

/// The middle of two parallels; a pole that both lie around is one.
fn middle_latitude(south: f64, north: f64) -> f64 {
    match (south, north) {
        (_, 90.0) if south > 0.0 => 90.0,
        (-90.0, _) if north < 0.0 => -90.0,
        _ => f64::midpoint(south, north),
    }
}

/// The part of a picture that is the map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) aspect: Aspect,
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
        Self { aspect: region.aspect, rect, scale, origin: (x, y) }
    }

    /// Another aspect that shows at least what this frame does, at the same scale.
    pub(crate) fn with_aspect(&self, aspect: Aspect) -> Self {
        const STEPS: u32 = 48;
        let (far, near) = (f64::INFINITY, f64::NEG_INFINITY);
        let mut rect = Rect { left: far, top: far, right: near, bottom: near };
        let other = Self { aspect, ..*self };
        for row in 0..=STEPS {
            for column in 0..=STEPS {
                let share = |step| f64::from(step) / f64::from(STEPS);
                let x = self.rect.left + share(column) * self.rect.width();
                let y = self.rect.top + share(row) * self.rect.height();
                let Some(place) = self.unplace((x, y)) else { continue };
                let (x, y) = other.pixel(place);
                rect.left = rect.left.min(x);
                rect.right = rect.right.max(x);
                rect.top = rect.top.min(y);
                rect.bottom = rect.bottom.max(y);
            }
        }
        if rect.left > rect.right {
            return other;
        }
        // What lies between the places looked at may reach a little further.
        let (across, down) = (rect.width() / 32.0 + 1.0, rect.height() / 32.0 + 1.0);
        let rect = Rect {
            left: rect.left - across,
            top: rect.top - down,
            right: rect.right + across,
            bottom: rect.bottom + down,
        };
        Self { rect, ..other }
    }

    /// Pixels of a relative longitude and a latitude.
    pub(crate) fn pixel(&self, place: Point) -> Point {
        self.on_picture(self.aspect.forward(place))
    }

    /// Pixels of a point of the plane.
    pub(crate) fn on_picture(&self, (x, y): Point) -> Point {
        (self.origin.0 + x * self.scale, self.origin.1 - y * self.scale)
    }

    /// The relative longitude and the latitude that a pixel shows.
    pub(crate) fn unplace(&self, (x, y): Point) -> Option<Point> {
        let plane = ((x - self.origin.0) / self.scale, (self.origin.1 - y) / self.scale);
        self.aspect.inverse(plane)
    }

    /// A place as longitude relative to the middle and latitude.
    pub(crate) fn relative(&self, point: LatLng) -> Point {
        (cut::relative(point.lng(), self.aspect.central), point.lat())
    }

    /// Pixels of a place.
    pub(crate) fn place(&self, point: LatLng) -> Point {
        self.pixel(self.relative(point))
    }

    /// Kilometres on the ground that a pixel stands for at a place, by area.
    pub(crate) fn km_per_pixel(&self, place: Point) -> f64 {
        let area = self.aspect.area_scale(place).max(1e-6);
        EARTH_RADIUS_KM / self.scale / area.sqrt()
    }

    /// The same in the middle of the frame.
    pub(crate) fn nominal_km_per_pixel(&self) -> f64 {
        let middle = (
            f64::midpoint(self.rect.left, self.rect.right),
            f64::midpoint(self.rect.top, self.rect.bottom),
        );
        self.km_per_pixel(self.unplace(middle).unwrap_or((0.0, 0.0)))
    }

    /// Whether a place on the ground falls into the frame.
    pub(crate) fn shows(&self, point: LatLng) -> bool {
        self.aspect.shows(self.relative(point)) && self.rect.contains(self.place(point))
    }
}

/// What only holds where parallels are straight lines.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows<'a> {
    frame: &'a Frame,
    straight: Straight,
}

impl Frame {
    /// The frame by rows, if parallels are straight lines in it.
    pub(crate) fn rows(&self) -> Option<Rows<'_>> {
        match self.aspect.family {
            Family::Straight(straight) => Some(Rows { frame: self, straight }),
            Family::Disk(_) | Family::Fan(_) => None,
        }
    }
}

impl Rows<'_> {
    /// Where a parallel meets the central meridian, how many pixels a degree takes
    /// along it, and how high on the picture it is.
    pub(crate) fn parallel(&self, lat: f64) -> (f64, f64, f64) {
        let (per_degree, y) = self.straight.forward(1.0, lat);
        let Frame { origin, scale, .. } = self.frame;
        (origin.0, per_degree * scale, origin.1 - y * scale)
    }

    /// Pixels of a relative longitude and a latitude, and of a turn around the globe
    /// along that parallel.
    pub(crate) fn with_turn(&self, (lng, lat): Point) -> (Point, Option<f64>) {
        let (middle, per_degree, y) = self.parallel(lat);
        ((middle + lng * per_degree, y), Some(360.0 * per_degree))
    }

    /// The latitude drawn at a height of the picture.
    pub(crate) fn latitude(&self, y: f64) -> Option<f64> {
        self.straight.latitude((self.frame.origin.1 - y) / self.frame.scale)
    }

    /// Where the world begins and ends at a height of the picture, within the frame.
    pub(crate) fn world(&self, y: f64) -> Option<(f64, f64)> {
        let (middle, per_degree, _) = self.parallel(self.latitude(y)?);
        let (left, right) = (middle - 180.0 * per_degree, middle + 180.0 * per_degree);
        let rect = self.frame.rect;
        Some((left.max(rect.left), right.min(rect.right)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RECT: Rect = Rect { left: 10.0, top: 20.0, right: 1010.0, bottom: 520.0 };

    fn frame(projection: Projection, extent: Extent) -> Frame {
        Frame::fit(&Region::new(projection, (None, None), extent).unwrap(), RECT)
    }

    #[test]
    fn the_world_fills_the_rectangle_in_one_direction() {
        for projection in Projection::ALL {
            let region = Region::new(projection, (None, None), Extent::World).unwrap();
            let frame = Frame::fit(&region, RECT);
            let (left, top) = frame.on_picture((region.west, region.north));
            let (left, top) = (left - RECT.left, top - RECT.top);
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
            assert!(Region::new(Projection::EqualEarth, (None, None), extent).is_err());
        }
        let polar = Extent::Box { west: 0.0, south: 86.0, east: 9.0, north: 90.0 };
        assert!(Region::new(Projection::Mercator, (None, None), polar).is_err());
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
