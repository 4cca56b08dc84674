//! What part of the world is drawn and how, where a map leaves it open.

use geoip_core::{CountryCode, LatLng};

use crate::{
    Error, Extent, Layer, Map, Projection,
    basemap::{self, BaseMap, Corner, Detail},
    cut,
    frame::Region,
};

/// The margin around the data, in degrees.
const MARGIN: f64 = 5.0;
/// Data spread wider than this is shown on the world.
const WORLD_SPAN: f64 = 200.0;

/// Regions less wide than this are drawn around their middle, in degrees.
const REGION_SPAN: f64 = 150.0;

/// The region of a map: what was left to us about extent, projection and middle is
/// chosen here.
pub(crate) fn region(map: &Map) -> Result<Region, Error> {
    let extent = match map.extent {
        Extent::Auto => {
            around(points(map).map(|(point, _)| point), MARGIN).unwrap_or(Extent::World)
        }
        Extent::Country(country) => of_country(country)?,
        extent => extent,
    };
    let projection = map.projection.unwrap_or_else(|| suiting(extent));
    let mut middle = (map.central_parallel, map.central_meridian);
    let globe = projection == Projection::Orthographic && extent == Extent::World;
    if globe && middle == (None, None) {
        middle = heaviest_side(map);
    }
    Region::new(projection, middle, extent)
}

/// A projection that keeps area and shows a region hardly distorted.
fn suiting(extent: Extent) -> Projection {
    let Extent::Box { west, south, east, north } = extent else {
        return Projection::EqualEarth;
    };
    let span = (east - west).rem_euclid(360.0);
    let middle = f64::midpoint(south, north);
    let polar = (south > 45.0 && north > 80.0) || (north < -45.0 && south < -80.0);
    if polar || (span <= REGION_SPAN && middle.abs() > 65.0) {
        return Projection::AzimuthalEqualArea;
    }
    if span == 0.0 || span > REGION_SPAN {
        return Projection::EqualEarth;
    }
    // On the ground, not in degrees.
    let wide = span * middle.to_radians().cos() > 1.2 * (north - south);
    if wide && (20.0..=65.0).contains(&middle.abs()) && south * north > 0.0 {
        Projection::Albers
    } else {
        Projection::AzimuthalEqualArea
    }
}

/// Latitude and longitude towards which most of the data lies, in steps of five
/// degrees.
fn heaviest_side(map: &Map) -> (Option<f64>, Option<f64>) {
    let mut sum = [0.0; 3];
    for (point, weight) in points(map) {
        let (sin_lat, cos_lat) = point.lat().to_radians().sin_cos();
        let (sin_lng, cos_lng) = point.lng().to_radians().sin_cos();
        for (sum, part) in
            sum.iter_mut().zip([cos_lat * cos_lng, cos_lat * sin_lng, sin_lat])
        {
            *sum += weight * part;
        }
    }
    let [x, y, z] = sum;
    let length = x.hypot(y);
    if length.hypot(z) <= 0.0 {
        return (None, None);
    }
    let step = |degrees: f64| (degrees / 5.0).round() * 5.0;
    // A globe that is tipped over too far is hard to read.
    let lat = z.atan2(length).to_degrees().clamp(-50.0, 50.0);
    (Some(step(lat)), Some(step(y.atan2(x).to_degrees())))
}

/// The box around a country, without parts far from the largest that are less than a
/// hundredth of it.
pub(crate) fn of_country(country: CountryCode) -> Result<Extent, Error> {
    let base = BaseMap::get(Detail::Medium);
    let rings: Vec<Vec<Corner>> = base
        .shapes
        .iter()
        .filter(|shape| shape.country == Some(country))
        .flat_map(|shape| shape.rings.iter().map(|ring| basemap::join(&base.arcs, ring)))
        .collect();
    let largest = rings.iter().map(|ring| ground(ring)).fold(0.0, f64::max);
    let corners = rings
        .iter()
        .filter(|ring| ground(ring) >= largest / 100.0)
        .flatten()
        .filter_map(|&[lng, lat]| LatLng::new(f64::from(lat), f64::from(lng)).ok());
    let anchor = basemap::anchor(country);
    let unknown = Error::UnknownCountry { country };
    if rings.is_empty() {
        return around(anchor.into_iter(), 1.0).ok_or(unknown);
    }
    let corners: Vec<LatLng> = corners.collect();
    let (south, north) = corners.iter().fold((90.0_f64, -90.0_f64), |(low, high), at| {
        (low.min(at.lat()), high.max(at.lat()))
    });
    let margin = ((north - south) * 0.06).clamp(0.2, 3.0);
    Ok(around(corners.into_iter(), margin).unwrap_or(Extent::World))
}

/// The area of a ring, in square degrees of latitude.
fn ground(ring: &[Corner]) -> f64 {
    let unrolled = cut::unrolled_ring(ring, 0.0);
    let next = unrolled.iter().cycle().skip(1);
    let twice: f64 = unrolled
        .iter()
        .zip(next)
        .map(|(a, b)| (b.0 - a.0) * (a.1.to_radians().sin() + b.1.to_radians().sin()))
        .sum();
    (twice / 2.0).to_degrees().abs()
}

/// The places of all layers, each with its weight.
fn points(map: &Map) -> impl Iterator<Item = (LatLng, f64)> + '_ {
    map.layers.iter().flat_map(|layer| -> Box<dyn Iterator<Item = _> + '_> {
        match layer {
            Layer::Heat(heat) => Box::new(
                heat.points.iter().map(|point| (point.point, weight(point.weight))),
            ),
            Layer::Points(points) => Box::new(
                points.markers.iter().map(|marker| (marker.point, weight(marker.weight))),
            ),
            Layer::Groups(groups) => Box::new(groups.groups.iter().flat_map(|group| {
                let all =
                    std::iter::once(group.center).chain(group.outline.iter().copied());
                all.map(|point| (point, weight(group.weight)))
            })),
            Layer::Arcs(arcs) => Box::new(arcs.arcs.iter().flat_map(|arc| {
                [arc.from, arc.to].map(|point| (point, weight(arc.weight)))
            })),
            Layer::Choropleth(_) => Box::new(std::iter::empty()),
        }
    })
}

#[expect(clippy::cast_precision_loss, reason = "which side is heavier needs few digits")]
fn weight(count: u64) -> f64 {
    count as f64
}

/// The smallest box around points with a margin, if it is not most of the world.
fn around(points: impl Iterator<Item = LatLng>, margin: f64) -> Option<Extent> {
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
    let span = 360.0 - gap + 2.0 * margin;
    if span > WORLD_SPAN {
        return None;
    }
    let turn = |lng: f64| (lng + 180.0).rem_euclid(360.0) - 180.0;
    Some(Extent::Box {
        west: turn(east_of_gap - margin),
        south: (south - margin).max(-90.0),
        east: turn(west_of_gap + margin),
        north: (north + margin).min(90.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(places: &[(f64, f64)]) -> Option<Extent> {
        around(places.iter().map(|&(lat, lng)| LatLng::new(lat, lng).unwrap()), MARGIN)
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

    #[test]
    fn countries_have_their_box() {
        let of = |code: &str| of_country(code.parse().unwrap());
        let Ok(Extent::Box { west, south, east, north }) = of("FR") else {
            panic!("France has an outline")
        };
        assert!(
            (-6.5..-4.0).contains(&west) && (9.0..11.5).contains(&east),
            "{west} {east}"
        );
        assert!((39.0..42.0).contains(&south) && (51.0..52.5).contains(&north));
        let Ok(Extent::Box { west, east, .. }) = of("FJ") else {
            panic!("Fiji has an outline")
        };
        assert!(west > 170.0 && east < 0.0, "across the antimeridian: {west} {east}");
        assert!(of("GI").is_ok() && of("XK").is_ok());
        assert!(matches!(of("AN"), Err(Error::UnknownCountry { .. })));
    }

    #[test]
    fn a_projection_suits_its_extent() {
        let of =
            |west, south, east, north| suiting(Extent::Box { west, south, east, north });
        assert_eq!(suiting(Extent::World), Projection::EqualEarth);
        assert_eq!(of(-125.0, 24.0, -66.0, 50.0), Projection::Albers);
        assert_eq!(of(-80.0, -56.0, -35.0, 12.0), Projection::AzimuthalEqualArea);
        assert_eq!(of(-180.0, 60.0, 180.0, 90.0), Projection::AzimuthalEqualArea);
        assert_eq!(of(-170.0, -60.0, 170.0, 70.0), Projection::EqualEarth);
    }

    #[test]
    fn a_globe_shows_where_the_data_is() {
        let tokyo = geoip_core::WeightedPoint {
            point: LatLng::new(35.7, 139.7).unwrap(),
            weight: 9,
        };
        let map = Map::new("").layer(crate::Heat::new(vec![tokyo], crate::Unit::Hits));
        assert_eq!(heaviest_side(&map), (Some(35.0), Some(140.0)));
        assert_eq!(heaviest_side(&Map::new("")), (None, None));
    }
}
