//! `TopoJSON`, as far as `world-atlas` uses it.

use anyhow::Context;
use serde::Deserialize;

/// Arc numbers of a closed line; `!i` is arc `i` backwards.
pub(crate) type Ring = Vec<i64>;

/// The arc that a number in a ring stands for.
pub(crate) fn arc_index(arc: i64) -> usize {
    usize::try_from(if arc < 0 { !arc } else { arc }).unwrap_or(usize::MAX)
}

/// Countries as rings of shared arcs.
pub(crate) struct Topology {
    /// Scale of x and y, then translation of x and y, to degrees.
    pub(crate) transform: [f64; 4],
    /// Steps on the integer grid, the first from zero.
    pub(crate) arcs: Vec<Vec<[i64; 2]>>,
    pub(crate) geometries: Vec<Geometry>,
}

/// A country of the source.
pub(crate) struct Geometry {
    /// Numeric ISO 3166-1 code.
    pub(crate) id: Option<u16>,
    pub(crate) name: String,
    /// The first ring of a polygon is its outside, the others are holes.
    pub(crate) polygons: Vec<Vec<Ring>>,
}

/// The smallest box around a ring, in degrees.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) west: f64,
    pub(crate) south: f64,
    pub(crate) east: f64,
    pub(crate) north: f64,
}

#[derive(Deserialize)]
struct Document {
    transform: Transform,
    arcs: Vec<Vec<[i64; 2]>>,
    objects: Objects,
}

#[derive(Deserialize)]
struct Transform {
    scale: [f64; 2],
    translate: [f64; 2],
}

#[derive(Deserialize)]
struct Objects {
    countries: Collection,
}

#[derive(Deserialize)]
struct Collection {
    geometries: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    id: Option<String>,
    properties: Properties,
    #[serde(flatten)]
    arcs: Arcs,
}

#[derive(Deserialize)]
struct Properties {
    name: String,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "arcs")]
enum Arcs {
    Polygon(Vec<Ring>),
    MultiPolygon(Vec<Vec<Ring>>),
}

impl Topology {
    pub(crate) fn from_json(text: &[u8]) -> anyhow::Result<Self> {
        let document: Document = serde_json::from_slice(text)?;
        let Transform { scale, translate } = document.transform;
        let geometries: Vec<Geometry> = document
            .objects
            .countries
            .geometries
            .into_iter()
            .map(|row| {
                let name = row.properties.name;
                let id = row.id.map(|id| id.parse()).transpose();
                Ok(Geometry {
                    id: id.with_context(|| format!("{name} has an odd number"))?,
                    polygons: match row.arcs {
                        Arcs::Polygon(rings) => vec![rings],
                        Arcs::MultiPolygon(polygons) => polygons,
                    },
                    name,
                })
            })
            .collect::<anyhow::Result<_>>()?;
        for geometry in &geometries {
            let mut rings = geometry.polygons.iter().flatten().flatten();
            anyhow::ensure!(
                rings.all(|&arc| arc_index(arc) < document.arcs.len()),
                "{} uses an arc that is not there",
                geometry.name
            );
        }
        let transform = [scale[0], scale[1], translate[0], translate[1]];
        Ok(Self { transform, arcs: document.arcs, geometries })
    }

    /// Corners of a ring as longitude and latitude, the first not repeated.
    fn corners(&self, ring: &Ring) -> Vec<(f64, f64)> {
        let [scale_x, scale_y, translate_x, translate_y] = self.transform;
        let mut corners = Vec::new();
        for &number in ring {
            let mut at = [0, 0];
            let mut arc: Vec<(f64, f64)> = self.arcs[arc_index(number)]
                .iter()
                .map(|step| {
                    at = [at[0] + step[0], at[1] + step[1]];
                    let [x, y] = at.map(|value| value as f64);
                    (x * scale_x + translate_x, y * scale_y + translate_y)
                })
                .collect();
            if number < 0 {
                arc.reverse();
            }
            arc.pop();
            corners.extend(arc);
        }
        corners
    }

    pub(crate) fn bounds(&self, ring: &Ring) -> Bounds {
        let start = Bounds {
            west: f64::INFINITY,
            south: f64::INFINITY,
            east: f64::NEG_INFINITY,
            north: f64::NEG_INFINITY,
        };
        self.corners(ring).into_iter().fold(start, |b, (lng, lat)| Bounds {
            west: b.west.min(lng),
            south: b.south.min(lat),
            east: b.east.max(lng),
            north: b.north.max(lat),
        })
    }

    /// Area in square degrees, narrowed towards the poles, and centroid as latitude
    /// and longitude, by the shoelace formula.
    pub(crate) fn area_and_centroid(&self, ring: &Ring) -> (f64, (f64, f64)) {
        let corners = self.corners(ring);
        let Some(&origin) = corners.first() else { return (0.0, (0.0, 0.0)) };
        let (mut area, mut lat, mut lng) = (0.0, 0.0, 0.0);
        for (i, &a) in corners.iter().enumerate() {
            let b = corners[(i + 1) % corners.len()];
            // Relative to the first corner, for rings that cross the antimeridian.
            let x = |c: (f64, f64)| (c.0 - origin.0 + 540.0).rem_euclid(360.0) - 180.0;
            let y = |c: (f64, f64)| c.1 - origin.1;
            let cross = x(a) * y(b) - x(b) * y(a);
            area += cross / 2.0;
            lng += (x(a) + x(b)) * cross / 6.0;
            lat += (y(a) + y(b)) * cross / 6.0;
        }
        if area.abs() < 1e-9 {
            return (0.0, (origin.1, origin.0));
        }
        let lat = origin.1 + lat / area;
        let lng = (origin.0 + lng / area + 540.0).rem_euclid(360.0) - 180.0;
        ((area * lat.to_radians().cos()).abs(), (lat, lng))
    }
}
