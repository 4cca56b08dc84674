//! Lakes, from the shapefile `ne_10m_lakes.shp` of Natural Earth.
//!
//! Two files are written in the form of those of countries, every lake a shape without a
//! code: all lakes for regions, and the large ones, thinned, for the world.

use std::path::Path;

use anyhow::{Context, ensure};

use super::{Shape, encode, topology::Topology};

/// A lake: its shore, then its islands.
type Rings = Vec<Vec<[f64; 2]>>;

/// Which lakes a file has and how they are drawn.
struct Scale {
    name: &'static str,
    /// Steps of the grid in a degree.
    steps: f64,
    /// Corners nearer than this to the line without them are left out, in degrees.
    tolerance: f64,
    /// Rings that fill less of a box are left out, in square degrees of the equator.
    least_area: f64,
}

const SCALES: [Scale; 2] = [
    Scale { name: "50m", steps: 100.0, tolerance: 0.02, least_area: 0.03 },
    Scale { name: "10m", steps: 400.0, tolerance: 0.003, least_area: 0.0005 },
];

/// The files with their names.
pub(super) fn lakes(path: &Path) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let bytes =
        std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let lakes = polygons(&bytes)
        .with_context(|| format!("cannot understand {}", path.display()))?;
    let lakes = distinct(lakes);
    let file = |scale: &Scale| {
        let (topology, shapes) = coded(&lakes, scale);
        (format!("lakes-{}.bin", scale.name), encode(&topology, &shapes))
    };
    Ok(SCALES.iter().map(file).collect())
}

/// The lakes without those that are there twice, and without bays that are lakes of their own
/// beside the lake that they belong to.
fn distinct(lakes: Vec<Rings>) -> Vec<Rings> {
    let sizes: Vec<f64> =
        lakes.iter().map(|lake| lake.first().map_or(0.0, |shore| area(shore))).collect();
    let is_part = |part: usize| {
        let Some(place) = lakes[part].first().and_then(|shore| inside_of(shore)) else {
            return false;
        };
        (0..lakes.len()).any(|whole| {
            let is_larger = sizes[whole] > sizes[part]
                || (sizes[whole].to_bits() == sizes[part].to_bits() && whole < part);
            let around =
                lakes[whole].iter().filter(|ring| crossings(ring, place) % 2 == 1);
            is_larger && around.count() % 2 == 1
        })
    };
    let parts: Vec<bool> = (0..lakes.len()).map(is_part).collect();
    let kept = lakes.into_iter().zip(parts).filter(|(_, is_part)| !is_part);
    kept.map(|(lake, _)| lake).collect()
}

/// A place inside of a ring: in the middle of the widest part at half its height.
fn inside_of(ring: &[[f64; 2]]) -> Option<[f64; 2]> {
    let latitudes = || ring.iter().map(|corner| corner[1]);
    let (south, north) =
        (latitudes().fold(f64::INFINITY, f64::min), latitudes().fold(-91.0, f64::max));
    let lat = f64::midpoint(south, north);
    let mut shores: Vec<f64> =
        ring.windows(2).filter_map(|pair| crossing(pair[0], pair[1], lat)).collect();
    shores.sort_by(f64::total_cmp);
    let (pairs, _) = shores.as_chunks::<2>();
    let widest = pairs.iter().max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])))?;
    Some([f64::midpoint(widest[0], widest[1]), lat])
}

/// How often a ring crosses the parallel of a place to the east of it.
fn crossings(ring: &[[f64; 2]], [lng, lat]: [f64; 2]) -> usize {
    let all = ring.windows(2).filter_map(|pair| crossing(pair[0], pair[1], lat));
    all.filter(|&at| at > lng).count()
}

/// The longitude at which a line crosses a parallel.
fn crossing(a: [f64; 2], b: [f64; 2], lat: f64) -> Option<f64> {
    let crosses = (a[1] > lat) != (b[1] > lat);
    crosses.then(|| a[0] + (lat - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
}

/// The lakes on the grid of a scale, an arc for each ring.
fn coded(lakes: &[Rings], scale: &Scale) -> (Topology, Vec<Shape>) {
    let transform = [1.0 / scale.steps, 1.0 / scale.steps, 0.0, 0.0];
    let mut topology = Topology { transform, arcs: Vec::new(), geometries: Vec::new() };
    let mut shapes = Vec::new();
    for lake in lakes {
        let mut rings = Vec::new();
        // Without its shore a lake has no islands either.
        for (index, ring) in lake.iter().enumerate() {
            let steps = on_grid(&thinned(ring, scale.tolerance), scale.steps);
            if area(ring) < scale.least_area || steps.len() < 4 {
                if index == 0 {
                    break;
                }
                continue;
            }
            let arc = i64::try_from(topology.arcs.len());
            rings.push(vec![arc.expect("a vector has fewer than 2^63 elements")]);
            topology.arcs.push(steps);
        }
        if !rings.is_empty() {
            shapes.push(Shape { country: None, rings });
        }
    }
    (topology, shapes)
}

/// The box around a ring, narrowed as degrees are at its latitude.
fn area(ring: &[[f64; 2]]) -> f64 {
    let span = |axis: usize| {
        let values = || ring.iter().map(|corner| corner[axis]);
        values().fold(f64::NEG_INFINITY, f64::max)
            - values().fold(f64::INFINITY, f64::min)
    };
    let narrow = ring.first().map_or(0.0, |corner| corner[1].to_radians().cos());
    span(0) * span(1) * narrow
}

/// Steps from corner to corner of the grid, the first from zero.
fn on_grid(ring: &[[f64; 2]], steps: f64) -> Vec<[i64; 2]> {
    let mut last = [0, 0];
    let mut out: Vec<[i64; 2]> = Vec::new();
    for corner in ring {
        let at = corner.map(|degrees| (degrees * steps).round() as i64);
        if out.is_empty() || at != last {
            out.push([at[0] - last[0], at[1] - last[1]]);
            last = at;
        }
    }
    out
}

/// Douglas and Peucker's simplification of a closed line.
fn thinned(ring: &[[f64; 2]], tolerance: f64) -> Vec<[f64; 2]> {
    let mut keep = vec![false; ring.len()];
    let Some(last) = ring.len().checked_sub(1) else { return Vec::new() };
    (keep[0], keep[last]) = (true, true);
    let mut open = vec![(0, last)];
    while let Some((from, to)) = open.pop() {
        let far = (from + 1..to)
            .map(|index| (distance(ring[index], ring[from], ring[to]), index))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, index)) = far.filter(|(distance, _)| *distance > tolerance) {
            keep[index] = true;
            open.extend([(from, index), (index, to)]);
        }
    }
    ring.iter().zip(keep).filter(|(_, keep)| *keep).map(|(corner, _)| *corner).collect()
}

/// Distance of a corner from a stretch between two others, in degrees of latitude.
fn distance(corner: [f64; 2], from: [f64; 2], to: [f64; 2]) -> f64 {
    let narrow = corner[1].to_radians().cos();
    let [x, y] = [(corner[0] - from[0]) * narrow, corner[1] - from[1]];
    let [along_x, along_y] = [(to[0] - from[0]) * narrow, to[1] - from[1]];
    let squared = along_x * along_x + along_y * along_y;
    let share = (x * along_x + y * along_y) / squared;
    let share = if squared > 0.0 { share.clamp(0.0, 1.0) } else { 0.0 };
    (x - share * along_x).hypot(y - share * along_y)
}

/// The polygons of a shapefile (ESRI Shapefile Technical Description, 1998): a header of
/// 100 bytes, then records of number and length, big-endian, and content, little-endian.
fn polygons(bytes: &[u8]) -> anyhow::Result<Vec<Rings>> {
    const POLYGON: i32 = 5;
    ensure!(bytes.starts_with(&9994_i32.to_be_bytes()), "it is no shapefile");
    let mut rest = bytes.get(100..).context("it ends within its header")?;
    let mut lakes = Vec::new();
    while !rest.is_empty() {
        let words = rest.get(4..8).and_then(|bytes| bytes.try_into().ok());
        let words = i32::from_be_bytes(words.context("it ends within a record")?);
        let length = usize::try_from(words).unwrap_or(usize::MAX).saturating_mul(2);
        let record = rest.get(8..length.saturating_add(8));
        let record = record.context("it ends within a record")?;
        rest = &rest[8 + length..];
        let integer = |at: usize| -> anyhow::Result<i32> {
            let bytes = record.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
            Ok(i32::from_le_bytes(bytes.context("a record is too short")?))
        };
        if integer(0)? != POLYGON {
            continue;
        }
        // Kind, four numbers of the box, counts of rings and corners, where rings start.
        let (rings, corners) = (integer(36)?, integer(40)?);
        let start = |ring: i32| {
            if ring < rings {
                integer(44 + 4 * usize::try_from(ring)?)
            } else {
                Ok(corners)
            }
        };
        let first = 44 + 4 * usize::try_from(rings)?;
        let corner = |index: i32| -> anyhow::Result<[f64; 2]> {
            let at = first + 16 * usize::try_from(index)?;
            let number = |at: usize| -> anyhow::Result<f64> {
                let bytes =
                    record.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
                Ok(f64::from_le_bytes(bytes.context("a record is too short")?))
            };
            Ok([number(at)?, number(at + 8)?])
        };
        let mut lake = Vec::new();
        for ring in 0..rings {
            let corners = (start(ring)?..start(ring + 1)?).map(corner);
            lake.push(corners.collect::<anyhow::Result<Vec<_>>>()?);
        }
        lakes.push(lake);
    }
    Ok(lakes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A shapefile of one polygon.
    fn file(rings: &[&[[f64; 2]]]) -> Vec<u8> {
        let mut record = 5_i32.to_le_bytes().to_vec();
        record.extend([0; 32]);
        let corners: Vec<[f64; 2]> = rings.concat();
        for count in [rings.len(), corners.len()] {
            record.extend(i32::try_from(count).unwrap().to_le_bytes());
        }
        let mut start = 0;
        for ring in rings {
            record.extend(i32::try_from(start).unwrap().to_le_bytes());
            start += ring.len();
        }
        record.extend(corners.iter().flatten().flat_map(|number| number.to_le_bytes()));
        let mut bytes = 9994_i32.to_be_bytes().to_vec();
        bytes.resize(100, 0);
        bytes.extend(1_i32.to_be_bytes());
        bytes.extend(i32::try_from(record.len() / 2).unwrap().to_be_bytes());
        bytes.extend(record);
        bytes
    }

    const SHORE: &[[f64; 2]] =
        &[[10.0, 0.0], [11.0, 0.001], [12.0, 0.0], [12.0, 2.0], [10.0, 2.0], [10.0, 0.0]];
    const ISLAND: &[[f64; 2]] =
        &[[10.5, 1.0], [10.5, 1.5], [11.0, 1.5], [11.0, 1.0], [10.5, 1.0]];
    const ROCK: &[[f64; 2]] =
        &[[11.5, 1.0], [11.5, 1.01], [11.51, 1.01], [11.51, 1.0], [11.5, 1.0]];

    #[test]
    fn lakes_keep_their_islands_and_lose_what_is_too_small() {
        let lakes = polygons(&file(&[SHORE, ISLAND, ROCK])).unwrap();
        assert_eq!(lakes, [[SHORE, ISLAND, ROCK].map(<[_]>::to_vec)]);
        let (topology, shapes) = coded(&lakes, &SCALES[0]);
        assert_eq!(shapes.len(), 1);
        assert_eq!(shapes[0].rings, [[0], [1]]);
        let shore = [[1000, 0], [200, 0], [0, 200], [-200, 0], [0, -200]];
        assert_eq!(topology.arcs[0], shore, "without the corner on the line");
        let (_, none) = coded(&[vec![ROCK.to_vec(), SHORE.to_vec()]], &SCALES[0]);
        assert!(none.is_empty());
    }

    #[test]
    fn bays_and_lakes_that_are_there_twice_are_left_out() {
        let moved = |ring: &[[f64; 2]], by: f64| -> Vec<[f64; 2]> {
            ring.iter().map(|&[lng, lat]| [lng + by, lat]).collect()
        };
        let lake: Rings = vec![SHORE.to_vec(), ISLAND.to_vec()];
        let bay: Rings = vec![moved(ROCK, 0.3)];
        let on_the_island: Rings = vec![moved(ROCK, -0.8)];
        let beside: Rings = vec![moved(ISLAND, 5.0)];
        let all = [&bay, &lake, &on_the_island, &lake, &beside].map(Clone::clone);
        assert_eq!(distinct(all.to_vec()), [lake, on_the_island, beside]);
    }

    #[test]
    fn damaged_files_are_refused() {
        let whole = file(&[SHORE, ISLAND]);
        for length in [0, 50, 103, 120, whole.len() - 1] {
            assert!(polygons(&whole[..length]).is_err(), "{length} bytes");
        }
        assert!(polygons(b"PK").is_err());
    }
}
