//! Groups as GeoJSON (RFC 7946): outlines, places, and pairs.

use std::{collections::BTreeSet, io::Write};

use anyhow::{Context, Result};
use geoip_cluster::VertexId;
use geoip_core::{CountryCode, LatLng};
use serde_json::{Value, json};

use super::report::{Group, Groups, rounded_km};
use crate::{args::Shape, failure::Hinted};

/// More lines than this no program draws.
const MOST_EDGES: usize = 1_000_000;

/// Write the features one after another: there can be very many.
pub(super) fn write(groups: &Groups<'_>, out: &mut dyn Write) -> Result<()> {
    let shapes = &groups.question.options.shapes;
    let edges = if shapes.contains(&Shape::Edges) { edges(groups)? } else { Vec::new() };
    let complete = groups.found.stopped_by.is_none();
    write!(
        out,
        "{{\"type\":\"FeatureCollection\",\"complete\":{complete},\"features\":["
    )?;
    let mut first = true;
    let mut put = |feature: Value| -> Result<()> {
        out.write_all(if first { b"\n" } else { b",\n" })?;
        first = false;
        serde_json::to_writer(&mut *out, &feature).context("cannot write GeoJSON")
    };
    for group in groups.iter() {
        if shapes.contains(&Shape::Hulls) {
            put(outline(groups, &group))?;
        }
        if shapes.contains(&Shape::Points) {
            group.places.iter().try_for_each(|place| {
                put(feature(
                    json!({ "type": "Point", "coordinates": position(place.point) }),
                    json!({
                        "shape": "point",
                        "group": group.number,
                        "name": place.full_name(),
                        "country": place.country.map(CountryCode::as_str),
                        "hits": place.count.hits,
                        "addresses": place.count.addresses,
                    }),
                ))
            })?;
        }
    }
    for (a, b, distance_m) in edges {
        let line = [a, b].map(|it| groups.found.points[it.index()].point);
        let properties = json!({ "shape": "edge", "km": rounded_km(distance_m) });
        put(feature(geometry(&line), properties))?;
    }
    out.write_all(b"\n]}\n")?;
    Ok(())
}

/// Every two places of a group within its distance, each pair once.
fn edges(groups: &Groups<'_>) -> Result<Vec<(VertexId, VertexId, f64)>> {
    let points = &groups.found.points;
    let mut seen = BTreeSet::new();
    let mut edges = Vec::new();
    for group in groups.iter() {
        for (index, &a) in group.members.iter().enumerate() {
            for &b in &group.members[index + 1..] {
                let [from, to] = [a, b].map(|it| points[it.index()].point);
                let distance_m = groups.question.measure.distance_m(from, to);
                if distance_m <= group.within.meters() && seen.insert((a, b)) {
                    edges.push((a, b, distance_m));
                }
                if edges.len() > MOST_EDGES {
                    return Err(Hinted::error(
                        "more than a million edges",
                        "leave `edges` out of --shapes, or ask for --top",
                    ));
                }
            }
        }
    }
    Ok(edges)
}

fn outline(groups: &Groups<'_>, group: &Group<'_>) -> Value {
    let points = &groups.found.points;
    let hull: Vec<_> =
        group.summary.hull.iter().map(|it| points[it.index()].point).collect();
    let shape = if hull.is_empty() {
        // Spread over more than half of the Earth.
        let all = group.places.iter().map(|place| position(place.point));
        json!({ "type": "MultiPoint", "coordinates": all.collect::<Vec<_>>() })
    } else {
        geometry(&hull)
    };
    feature(
        shape,
        json!({
            "shape": "hull",
            "group": group.number,
            "method": groups.method().name(),
            "name": group.name,
            "within_km": rounded_km(group.within.meters()),
            "part_of": group.part_of,
            "hits": group.hits,
            "addresses": group.addresses,
            "places": group.places.len(),
            "diameter_km": rounded_km(group.summary.diameter_m),
            "radius_km": rounded_km(group.summary.radius_m),
            "centroid": position(group.summary.centroid),
        }),
    )
}

fn feature(geometry: Value, properties: Value) -> Value {
    let mut feature = json!({ "type": "Feature" });
    feature["geometry"] = geometry;
    feature["properties"] = properties;
    feature
}

/// Longitude first.
fn position(point: LatLng) -> [f64; 2] {
    [point.lng(), point.lat()]
}

/// Sides are cut to at most this length, since programs draw straight lines between
/// degrees: as much as that stays within a kilometre of the great circle below 60 degrees.
const LONGEST_SIDE_M: f64 = 100_000.0;

/// A point, a line, or a polygon around these points, which are its corners
/// counterclockwise; along great circles, and cut where it crosses the antimeridian
/// (RFC 7946, section 3.1.9).
fn geometry(points: &[LatLng]) -> Value {
    let (mut path, poles) = unrolled(&along_great_circles(points));
    let mut parts: Vec<Vec<[f64; 2]>> = match points {
        [] => Vec::new(),
        [point] => return json!({ "type": "Point", "coordinates": position(*point) }),
        [_, _] => WORLDS.into_iter().map(|west| cut(&path, west, false)).collect(),
        _ => {
            path.extend(poles);
            WORLDS.into_iter().map(|west| closed(cut(&path, west, true))).collect()
        }
    };
    let is_line = points.len() == 2;
    parts.retain(|part| part.len() >= if is_line { 2 } else { 4 });
    match (is_line, &parts[..]) {
        (true, [line]) => json!({ "type": "LineString", "coordinates": line }),
        (true, _) => json!({ "type": "MultiLineString", "coordinates": parts }),
        (false, [ring]) => json!({ "type": "Polygon", "coordinates": [ring] }),
        (false, _) => {
            let polygons: Vec<_> = parts.iter().map(|ring| [ring]).collect();
            json!({ "type": "MultiPolygon", "coordinates": polygons })
        }
    }
}

/// The corners with points between them on the way from each to the next.
fn along_great_circles(corners: &[LatLng]) -> Vec<LatLng> {
    let next = corners.iter().cycle().skip(1);
    // A line does not lead back to its start.
    let sides = if corners.len() == 2 { 1 } else { corners.len() };
    let mut path = Vec::with_capacity(corners.len());
    for (index, (&corner, &next)) in corners.iter().zip(next).enumerate() {
        path.push(corner);
        if index < sides {
            path.extend(geoip_cluster::points_between(corner, next, LONGEST_SIDE_M));
        }
    }
    path
}

/// The western edges of the strips of 360 degrees that a path may enter.
const WORLDS: [f64; 3] = [-540.0, -180.0, 180.0];

/// The points with longitudes that go on beyond 180 degrees, each the short way from the
/// one before; and if the way around ends a turn away from where it began, the two corners
/// at the pole that it goes around.
fn unrolled(points: &[LatLng]) -> (Vec<[f64; 2]>, Vec<[f64; 2]>) {
    let mut path: Vec<[f64; 2]> = Vec::with_capacity(points.len() + 3);
    for point in points {
        let before = path.last().map_or(point.lng(), |it| it[0]);
        path.push([near(point.lng(), before), point.lat()]);
    }
    let (Some(&[start, lat]), Some(&[end, _])) = (path.first(), path.last()) else {
        return (path, Vec::new());
    };
    let end = near(start, end);
    let turn = end - start;
    if turn.abs() < 180.0 {
        return (path, Vec::new());
    }
    // Counterclockwise around a pole is eastwards in the north, westwards in the south.
    let pole = 90.0_f64.copysign(turn);
    (path, vec![[end, lat], [end, pole], [start, pole]])
}

/// The longitude by so many whole turns that it is at most half a turn from another.
fn near(lng: f64, other: f64) -> f64 {
    lng - 360.0 * ((lng - other) / 360.0).round()
}

/// What of a path, or of the ring that it closes to, lies in the strip of 360 degrees from
/// `west` on, moved to where that strip is on a map.
///
/// # References
/// I. E. Sutherland and G. W. Hodgman, "Reentrant polygon clipping", CACM 17(1), 1974.
fn cut(path: &[[f64; 2]], west: f64, is_ring: bool) -> Vec<[f64; 2]> {
    let east_of = |lng: f64| move |it: &[f64; 2]| it[0] - lng;
    let west_of = |lng: f64| move |it: &[f64; 2]| lng - it[0];
    let part = half(path, east_of(west), is_ring);
    let part = half(&part, west_of(west + 360.0), is_ring);
    part.into_iter().map(|[lng, lat]| [lng - (west + 180.0), lat]).collect()
}

/// What of a path lies where `inside` is not negative.
fn half(
    path: &[[f64; 2]],
    inside: impl Fn(&[f64; 2]) -> f64,
    is_ring: bool,
) -> Vec<[f64; 2]> {
    let mut part = Vec::with_capacity(path.len() + 2);
    let mut before = if is_ring { path.last() } else { None };
    for point in path {
        if let Some(before) = before {
            let (from, to) = (inside(before), inside(point));
            if (from < 0.0) != (to < 0.0) {
                let share = from / (from - to);
                let lng = before[0] + share * (point[0] - before[0]);
                part.push([lng, before[1] + share * (point[1] - before[1])]);
            }
        }
        if inside(point) >= 0.0 {
            part.push(*point);
        }
        before = Some(point);
    }
    part.dedup();
    part
}

/// A ring whose last position is its first.
fn closed(mut ring: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    if let Some(&first) = ring.first()
        && ring.last() != Some(&first)
    {
        ring.push(first);
    }
    // What only touches the edge of a strip has no area there.
    let touches = ring.iter().all(|it| (it[0] - ring[0][0]).abs() < 1e-9);
    if touches { Vec::new() } else { ring }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(points: &[(f64, f64)]) -> Value {
        let point = |&(lat, lng): &(f64, f64)| LatLng::new(lat, lng).unwrap();
        geometry(&points.iter().map(point).collect::<Vec<_>>())
    }

    #[test]
    fn shapes_away_from_the_antimeridian_stay_whole() {
        let ring = [[0., 0.], [0.8, 0.], [0.4, 0.5], [0., 0.]];
        let expected = json!({ "type": "Polygon", "coordinates": [ring] });
        assert_eq!(of(&[(0., 0.), (0., 0.8), (0.5, 0.4)]), expected);
        let expected =
            json!({ "type": "LineString", "coordinates": [[0., 0.], [0.8, 0.]] });
        assert_eq!(of(&[(0., 0.), (0., 0.8)]), expected);
        assert_eq!(of(&[(3., 4.)]), json!({ "type": "Point", "coordinates": [4., 3.] }));
    }

    #[test]
    fn shapes_are_cut_at_the_antimeridian() {
        let expected = json!({ "type": "MultiLineString", "coordinates": [
            [[179.75, 0.], [180., 0.25]],
            [[-180., 0.25], [-179.75, 0.5]],
        ]});
        assert_eq!(of(&[(0., 179.75), (0.5, -179.75)]), expected);
        let polygon = of(&[(0., 179.5), (0., -179.5), (1., 180.)]);
        assert_eq!(polygon["type"], "MultiPolygon");
        let parts = polygon["coordinates"].as_array().unwrap();
        assert_eq!(parts.len(), 2);
        let corners = |part: &Value| -> Vec<[f64; 2]> {
            serde_json::from_value(part[0].clone()).unwrap()
        };
        assert!(corners(&parts[0]).iter().all(|it| (179.5..=180.0).contains(&it[0])));
        assert!(corners(&parts[1]).iter().all(|it| (-180.0..=-179.5).contains(&it[0])));
        // Whatever is cut off on one side is there on the other: half a square degree.
        let area = |ring: Vec<[f64; 2]>| -> f64 {
            let cross =
                |pair: &[[f64; 2]]| pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1];
            ring.windows(2).map(cross).sum::<f64>() / 2.0
        };
        let total: f64 = parts.iter().map(|part| area(corners(part))).sum();
        // The sides are great circles, which bulge a little.
        assert!((total - 0.5).abs() < 1e-4, "{total}");
    }

    #[test]
    fn long_sides_follow_the_great_circle() {
        let seattle_to_lyon = of(&[(47.6, -122.3), (45.8, 4.8)]);
        let line: Vec<[f64; 2]> =
            serde_json::from_value(seattle_to_lyon["coordinates"].clone()).unwrap();
        assert_eq!((line[0], line[line.len() - 1]), ([-122.3, 47.6], [4.8, 45.8]));
        assert!(line.iter().any(|position| position[1] > 65.0), "{line:?}");
        let triangle = of(&[(0., 0.), (0., 3.), (2., 1.)]);
        let corners = triangle["coordinates"][0].as_array().unwrap();
        assert_eq!(corners.len(), 4 + 3 + 3 + 2);
    }

    #[test]
    fn shapes_around_a_pole_reach_it() {
        for (lat, lngs) in [(80., [-120., 0., 120.]), (-80., [120., 0., -120.])] {
            let shape = of(&lngs.map(|lng| (lat, lng)));
            let text = shape["coordinates"].to_string();
            assert!(text.contains(&format!(",{:.1}]", 90.0_f64.copysign(lat))), "{text}");
            assert!(text.contains("[180.0,") && text.contains("[-180.0,"), "{text}");
        }
    }
}
