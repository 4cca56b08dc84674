//! The base map: water, land, lines between countries and the graticule.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "pixels of a picture whose sides are bounded"
)]

use geoip_core::CountryCode;

use crate::{
    basemap::{ArcKind, BaseMap, Corner, Detail, join},
    cut::{self, Point},
    frame::Frame,
    palette::Colors,
    scene::{Color, Item, Path},
};

/// Detail smaller than this is left out, in pixels.
const TOLERANCE_PX: f64 = 0.4;

/// The outlines that a frame shows, in pixels.
#[derive(Debug)]
pub(crate) struct Base {
    /// A path for each shape of the base map that is in the frame.
    pub(crate) shapes: Vec<(Option<CountryCode>, Path)>,
    coasts: Path,
    borders: Path,
    disputed: Path,
    graticule: Path,
    edge: Path,
    /// How thick a thin line is.
    unit: f32,
}

impl Base {
    pub(crate) fn new(frame: &Frame, unit: f32) -> Self {
        let pixels_per_degree = frame.scale.to_radians();
        let map = BaseMap::get(Detail::for_scale(pixels_per_degree));
        let step = TOLERANCE_PX / pixels_per_degree;
        let arcs: Vec<_> = map.arcs.iter().map(|arc| thin(arc, step as f32)).collect();
        let mut base = Self {
            shapes: Vec::new(),
            coasts: Path::default(),
            borders: Path::default(),
            disputed: Path::default(),
            graticule: graticule(frame),
            edge: polygon(frame, &[frame.edge()]),
            unit,
        };
        for shape in &map.shapes {
            let rings: Vec<Vec<Point>> = shape
                .rings
                .iter()
                .flat_map(|ring| cut::cut_ring(&join(&arcs, ring), frame.central))
                .collect();
            let path = polygon(frame, &rings);
            if !path.lines.is_empty() {
                base.shapes.push((shape.country, path));
            }
        }
        for (arc, kind) in arcs.iter().zip(&map.kinds) {
            let lines = match kind {
                ArcKind::Coast => &mut base.coasts,
                ArcKind::Border => &mut base.borders,
                ArcKind::Disputed => &mut base.disputed,
            };
            for piece in cut::cut_line(arc, frame.central) {
                add_line(frame, &piece, lines);
            }
        }
        base
    }

    /// Water, graticule and land.
    pub(crate) fn ground(&self, colors: &Colors) -> Vec<Item> {
        let land = self.shapes.iter().flat_map(|(_, path)| path.lines.iter().cloned());
        vec![
            fill(self.edge.clone(), colors.ocean, ""),
            line(self.graticule.clone(), colors.graticule, 0.8 * self.unit),
            // One path of all countries: lines between neighbours cancel out, so that
            // no seam shines through.
            fill(Path { lines: land.collect() }, colors.land, ""),
        ]
    }

    /// Coasts and borders under the data.
    pub(crate) fn lines(&self, colors: &Colors) -> Vec<Item> {
        self.lines_in(colors.border, colors.coast)
    }

    /// Coasts and borders over the data, faint.
    pub(crate) fn lines_over(&self, colors: &Colors) -> Vec<Item> {
        self.lines_in(colors.over_border, colors.over_coast)
    }

    fn lines_in(&self, border: Color, coast: Color) -> Vec<Item> {
        let thin = 0.6 * self.unit;
        vec![
            line(self.borders.clone(), border, thin),
            Item::Stroke {
                path: self.disputed.clone(),
                color: border,
                width: thin,
                dash: 3.0 * self.unit,
            },
            line(self.coasts.clone(), coast, thin),
        ]
    }

    /// The edge of the world.
    pub(crate) fn edge(&self, colors: &Colors) -> Item {
        line(self.edge.clone(), colors.edge, self.unit)
    }
}

fn fill(path: Path, color: Color, title: &str) -> Item {
    Item::Fill { path, color, title: title.to_owned() }
}

fn line(path: Path, color: Color, width: f32) -> Item {
    Item::Stroke { path, color, width, dash: 0.0 }
}

/// A line without the corners that are nearer than a step to the one before. Both
/// ends stay, so that what met before still does.
fn thin(arc: &[Corner], step: f32) -> Vec<Corner> {
    let Some((&first, rest)) = arc.split_first() else { return Vec::new() };
    let mut kept = vec![first];
    let mut at = first;
    for (index, &corner) in rest.iter().enumerate() {
        let lng = (corner[0] - at[0]) * corner[1].to_radians().cos();
        let far = lng.abs() > step || (corner[1] - at[1]).abs() > step;
        if far || index + 1 == rest.len() {
            kept.push(corner);
            at = corner;
        }
    }
    kept
}

/// A filled outline in pixels, as far as it lies in the frame.
pub(crate) fn polygon(frame: &Frame, rings: &[Vec<Point>]) -> Path {
    let mut path = Path::default();
    for ring in rings {
        let closed: Vec<Point> = ring.iter().chain(ring.first()).copied().collect();
        let mut corners = project(frame, &closed);
        corners.pop();
        let rect = frame.rect;
        if !corners.iter().all(|&corner| rect.contains(corner)) {
            corners = cut::clip(&corners, |p| p.0 - rect.left);
            corners = cut::clip(&corners, |p| rect.right - p.0);
            corners = cut::clip(&corners, |p| p.1 - rect.top);
            corners = cut::clip(&corners, |p| rect.bottom - p.1);
        }
        if corners.len() >= 3 {
            path.lines.push((pixels(&corners), true));
        }
    }
    path
}

/// Adds a line in pixels, as far as it lies in the frame.
pub(crate) fn add_line(frame: &Frame, line: &[Point], path: &mut Path) {
    let rect = frame.rect;
    let corners = project(frame, line);
    if corners.iter().all(|&corner| rect.contains(corner)) {
        path.lines.push((pixels(&corners), false));
        return;
    }
    let sides: [&dyn Fn(Point) -> f64; 4] =
        [&|p| p.0 - rect.left, &|p| rect.right - p.0, &|p| p.1 - rect.top, &|p| {
            rect.bottom - p.1
        }];
    let mut pieces = vec![corners];
    for side in sides {
        pieces = pieces.iter().flat_map(|piece| cut::clip_line(piece, side)).collect();
    }
    path.lines.extend(pieces.iter().map(|piece| (pixels(piece), false)));
}

fn pixels(corners: &[Point]) -> Vec<(f32, f32)> {
    corners.iter().map(|&(x, y)| (x as f32, y as f32)).collect()
}

/// Corners in pixels, with more between those that lie far apart: what is straight in
/// degrees is curved on the map.
fn project(frame: &Frame, line: &[Point]) -> Vec<Point> {
    const FAR_DEGREES: f64 = 2.0;
    let mut corners = Vec::with_capacity(line.len());
    let mut before: Option<Point> = None;
    for &(lng, lat) in line {
        if let Some((from_lng, from_lat)) = before
            && from_lat.to_bits() != lat.to_bits()
        {
            let apart = (lng - from_lng).abs().max((lat - from_lat).abs());
            let steps = (apart / FAR_DEGREES).ceil().clamp(1.0, 360.0) as u32;
            for step in 1..steps {
                let t = f64::from(step) / f64::from(steps);
                let between =
                    (from_lng + t * (lng - from_lng), from_lat + t * (lat - from_lat));
                corners.push(frame.pixel(between));
            }
        }
        corners.push(frame.pixel((lng, lat)));
        before = Some((lng, lat));
    }
    corners
}

/// Meridians and parallels at a step that leaves a handful of them in the frame.
fn graticule(frame: &Frame) -> Path {
    let shown = frame.rect.width().min(frame.rect.height()) / frame.scale.to_radians();
    let step =
        [30, 15, 10, 5, 2, 1].into_iter().find(|&step| shown / f64::from(step) > 4.0);
    let step = step.unwrap_or(1);
    let limit = frame.projection.max_latitude();
    let mut path = Path::default();
    for lng in (-180..180).step_by(step as usize) {
        let lng = cut::relative(f64::from(lng), frame.central);
        // The seam is drawn as the edge of the world.
        if lng > -179.9 {
            add_line(frame, &[(lng, -limit), (lng, limit)], &mut path);
        }
    }
    for lat in (-90 + step..90).step_by(step as usize) {
        let lat = f64::from(lat);
        if lat.abs() < limit {
            add_line(frame, &[(-180.0, lat), (180.0, lat)], &mut path);
        }
    }
    path
}
