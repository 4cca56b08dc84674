//! A projection with its middle chosen.

use super::{
    Projection,
    albers::Albers,
    azimuthal::{Azimuthal, Radius},
    straight::Straight,
};

/// A projection with its middle chosen. Longitudes are relative to the central
/// meridian, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Aspect {
    pub(crate) projection: Projection,
    /// The meridian in the middle, in degrees east.
    pub(crate) central: f64,
    pub(crate) family: Family,
}

/// What a projection draws parallels as.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Family {
    /// Straight lines.
    Straight(Straight),
    /// Whatever a disk makes of them.
    Disk(Azimuthal),
    /// Arcs around a pole.
    Fan(Albers),
}

impl Aspect {
    /// A projection around a middle of latitude and longitude. The parallels are those
    /// between which a region lies, for the projection that fits itself to one.
    pub(crate) fn new(
        projection: Projection,
        (lat, lng): (f64, f64),
        parallels: Option<(f64, f64)>,
    ) -> Self {
        let straight = Family::Straight;
        let disk = |radius| Family::Disk(Azimuthal::new(radius, lat));
        let family = match projection {
            Projection::EqualEarth => straight(Straight::EqualEarth),
            Projection::NaturalEarth => straight(Straight::NaturalEarth),
            Projection::Robinson => straight(Straight::Robinson),
            Projection::Equirectangular => straight(Straight::Equirectangular),
            Projection::Mercator => straight(Straight::Mercator),
            Projection::Orthographic => disk(Radius::Orthographic),
            Projection::AzimuthalEqualArea => disk(Radius::EqualArea),
            Projection::Stereographic => disk(Radius::Stereographic),
            Projection::Albers => {
                let sixth = |(south, north): (f64, f64)| {
                    let sixth = (north - south) / 6.0;
                    (south + sixth, north - sixth)
                };
                let side = if lat < 0.0 { -1.0 } else { 1.0 };
                let parallels = parallels.map_or((20.0 * side, 50.0 * side), sixth);
                Family::Fan(Albers::new(parallels, lat))
            }
        };
        Self { projection, central: lng, family }
    }

    /// The plane point of a relative longitude and a latitude. What is beyond the
    /// horizon of a disk comes to lie on it.
    pub(crate) fn forward(&self, (lng, lat): (f64, f64)) -> (f64, f64) {
        match self.family {
            Family::Straight(straight) => straight.forward(lng, lat),
            Family::Fan(albers) => albers.forward(lng, lat),
            Family::Disk(disk) => {
                let (direction, angle) = disk.polar(lng, lat);
                disk.at(direction, angle)
            }
        }
    }

    /// The relative longitude and the latitude of a plane point, if it is on the map.
    pub(crate) fn inverse(&self, (x, y): (f64, f64)) -> Option<(f64, f64)> {
        match self.family {
            Family::Straight(straight) => straight.inverse(x, y),
            Family::Fan(albers) => albers.inverse(x, y),
            Family::Disk(disk) => disk.inverse(x, y),
        }
    }

    /// Whether a place is drawn at all.
    pub(crate) fn shows(&self, (lng, lat): (f64, f64)) -> bool {
        match self.family {
            Family::Straight(straight) => lat.abs() <= straight.max_latitude(),
            Family::Fan(_) => true,
            Family::Disk(disk) => disk.polar(lng, lat).1 <= disk.horizon(),
        }
    }

    /// How many times as large as at a scale of one a small area is drawn.
    pub(crate) fn area_scale(&self, (lng, lat): (f64, f64)) -> f64 {
        match self.family {
            Family::Straight(straight) => straight.area_scale(lat),
            Family::Fan(_) => 1.0,
            Family::Disk(disk) => disk.area_scale(disk.polar(lng, lat).1),
        }
    }

    /// The latitude furthest from the equator that is drawn, in degrees.
    pub(crate) fn max_latitude(&self) -> f64 {
        match self.family {
            Family::Straight(straight) => straight.max_latitude(),
            Family::Disk(_) | Family::Fan(_) => 90.0,
        }
    }
}
