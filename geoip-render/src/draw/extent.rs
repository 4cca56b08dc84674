//! What an extent of `Auto` comes to.

use geoip_core::LatLng;

use crate::{Extent, Layer, Map};

/// The margin around the data, in degrees.
const MARGIN: f64 = 5.0;
/// Data spread wider than this is shown on the world.
const WORLD_SPAN: f64 = 200.0;

/// The extent of a map, `Auto` replaced by what its layers cover.
pub(super) fn resolve(map: &Map) -> Extent {
    match map.extent {
        Extent::Auto => around(points(map)).unwrap_or(Extent::World),
        extent => extent,
    }
}

fn points(map: &Map) -> impl Iterator<Item = LatLng> + '_ {
    map.layers.iter().flat_map(|layer| -> Box<dyn Iterator<Item = LatLng> + '_> {
        match layer {
            Layer::Heat(heat) => Box::new(heat.points.iter().map(|point| point.point)),
            Layer::Points(points) => {
                Box::new(points.markers.iter().map(|marker| marker.point))
            }
            Layer::Groups(groups) => Box::new(groups.groups.iter().flat_map(|group| {
                std::iter::once(group.center).chain(group.outline.iter().copied())
            })),
            Layer::Choropleth(_) => Box::new(std::iter::empty()),
        }
    })
}

/// The smallest box around points with a margin, if it is not most of the world.
fn around(points: impl Iterator<Item = LatLng>) -> Option<Extent> {
    let (mut south, mut north) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut meridians = Vec::new();
    for point in points {
        south = south.min(point.lat());
        north = north.max(point.lat());
        meridians.push(point.lng());
    }
    meridians.sort_unstable_by(f64::total_cmp);
    let (&first, &last) = (meridians.first()?, meridians.last()?);
    // The widest gap between neighbouring meridians is what the box leaves out; the
    // one across the antimeridian is looked at like any other.
    let wrap = (first + 360.0 - last, last, first);
    let gaps = meridians.windows(2).map(|pair| (pair[1] - pair[0], pair[0], pair[1]));
    let (gap, west_of_gap, east_of_gap) =
        gaps.fold(wrap, |widest, gap| if gap.0 > widest.0 { gap } else { widest });
    let span = 360.0 - gap + 2.0 * MARGIN;
    if span > WORLD_SPAN {
        return None;
    }
    let turn = |lng: f64| (lng + 180.0).rem_euclid(360.0) - 180.0;
    Some(Extent::Box {
        west: turn(east_of_gap - MARGIN),
        south: (south - MARGIN).max(-90.0),
        east: turn(west_of_gap + MARGIN),
        north: (north + MARGIN).min(90.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(places: &[(f64, f64)]) -> Option<Extent> {
        around(places.iter().map(|&(lat, lng)| LatLng::new(lat, lng).unwrap()))
    }

    #[test]
    fn fits_the_points_with_a_margin() {
        let expected = Extent::Box { west: 5.0, south: 42.0, east: 22.0, north: 58.0 };
        assert_eq!(of(&[(47.0, 10.0), (53.0, 17.0)]), Some(expected));
    }

    #[test]
    fn goes_across_the_antimeridian_if_that_is_shorter() {
        let expected =
            Extent::Box { west: 170.0, south: -23.0, east: -167.0, north: -8.0 };
        assert_eq!(of(&[(-18.0, 175.0), (-13.0, -172.0)]), Some(expected));
    }

    #[test]
    fn the_world_for_nothing_and_for_all() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[(0.0, -120.0), (0.0, 0.0), (0.0, 120.0)]), None);
    }
}
