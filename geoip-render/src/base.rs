//! The base map: water, land, lines between countries and the graticule.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
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
        let view = View::of(frame);
        let arcs: Vec<Vec<Corner>> = map
            .arcs
            .iter()
            .map(|arc| if view.misses(arc) { ends(arc) } else { thin(arc, step as f32) })
            .collect();
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
        for (arc, kind) in
            arcs.iter().zip(&map.kinds).filter(|(arc, _)| !view.misses(arc))
        {
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

    /// Coasts and borders.
    pub(crate) fn lines(&self, colors: &Colors) -> Vec<Item> {
        let thin = 0.6 * self.unit;
        vec![
            line(self.borders.clone(), colors.border, thin),
            Item::Stroke {
                path: self.disputed.clone(),
                color: colors.border,
                width: thin,
                dash: 3.0 * self.unit,
            },
            line(self.coasts.clone(), colors.coast, thin),
        ]
    }

    /// The edge of the world.
    pub(crate) fn edge(&self, colors: &Colors) -> Item {
        line(self.edge.clone(), colors.edge, self.unit)
    }
}

/// Latitudes that a frame shows, and relative longitudes or more, in degrees.
struct View {
    south: f32,
    north: f32,
    /// Half of the longitudes, around the central meridian.
    half: f64,
    central: f64,
}

impl View {
    fn of(frame: &Frame) -> Self {
        let limit = frame.projection.max_latitude();
        let north = frame.latitude(frame.rect.top).unwrap_or(limit);
        let south = frame.latitude(frame.rect.bottom).unwrap_or(-limit);
        let reach = [south, north].map(|lat| {
            let width = frame.projection.width(lat) * frame.scale;
            let middle = frame.pixel((0.0, lat)).0;
            (frame.rect.right - middle).abs().max((middle - frame.rect.left).abs())
                / width
        });
        let half = reach[0].max(reach[1]).to_degrees();
        let (south, north) = (south as f32, north as f32);
        Self { south, north, half, central: frame.central }
    }

    /// Whether no part of a line can be in the frame.
    fn misses(&self, line: &[Corner]) -> bool {
        if line.iter().all(|corner| corner[1] < self.south)
            || line.iter().all(|corner| corner[1] > self.north)
        {
            return true;
        }
        let side = |corner: &Corner| cut::relative(f64::from(corner[0]), self.central);
        // A line may cross the meridian opposite only if the frame is that wide, too.
        self.half < 120.0
            && (line.iter().all(|corner| side(corner) > self.half)
                || line.iter().all(|corner| side(corner) < -self.half))
    }
}

/// All that a ring needs of a line that is not seen.
fn ends(arc: &[Corner]) -> Vec<Corner> {
    arc.first().into_iter().chain(arc.last()).copied().collect()
}

fn fill(path: Path, color: Color, title: &str) -> Item {
    Item::Fill { path, color, title: title.to_owned() }
}

fn line(path: Path, color: Color, width: f32) -> Item {
    Item::Stroke { path, color, width, dash: 0.0 }
}

/// A line without the corners that lie within a tolerance of the line through those
/// that stay: Douglas and Peucker's algorithm, on degrees of longitude narrowed as they
/// are at that latitude. Both ends stay, so that what met before still does.
fn thin(arc: &[Corner], tolerance: f32) -> Vec<Corner> {
    let mut keep = vec![false; arc.len()];
    let mut open = Vec::new();
    if let Some(last) = arc.len().checked_sub(1) {
        (keep[0], keep[last]) = (true, true);
        open.push((0, last));
    }
    while let Some((first, last)) = open.pop() {
        let distances =
            (first + 1..last).map(|i| (distance(arc[i], arc[first], arc[last]), i));
        let Some((far, at)) = distances.max_by(|a, b| a.0.total_cmp(&b.0)) else {
            continue;
        };
        if far > tolerance {
            keep[at] = true;
            open.extend([(first, at), (at, last)]);
        }
    }
    let kept = arc.iter().zip(keep).filter(|(_, keep)| *keep);
    kept.map(|(corner, _)| *corner).collect()
}

/// Distance of a corner from a stretch between two others, in degrees of latitude.
fn distance(corner: Corner, from: Corner, to: Corner) -> f32 {
    let narrow = corner[1].to_radians().cos();
    let x = (corner[0] - from[0]) * narrow;
    let y = corner[1] - from[1];
    let (along_x, along_y) = ((to[0] - from[0]) * narrow, to[1] - from[1]);
    let squared = along_x * along_x + along_y * along_y;
    let t = if squared > 0.0 {
        ((x * along_x + y * along_y) / squared).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (x - t * along_x).hypot(y - t * along_y)
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
    let step: i32 = step.unwrap_or(1);
    let every = step.unsigned_abs() as usize;
    let limit = frame.projection.max_latitude();
    let mut path = Path::default();
    for lng in (-180..180).step_by(every) {
        let lng = cut::relative(f64::from(lng), frame.central);
        // The seam is drawn as the edge of the world.
        if lng > -179.9 {
            add_line(frame, &[(lng, -limit), (lng, limit)], &mut path);
        }
    }
    for lat in (-90 + step..90).step_by(every) {
        let lat = f64::from(lat);
        if lat.abs() < limit {
            add_line(frame, &[(-180.0, lat), (180.0, lat)], &mut path);
        }
    }
    path
}
