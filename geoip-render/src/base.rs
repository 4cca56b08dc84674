//! The base map: water, land, lakes, lines between countries and the graticule.

#![expect(
    clippy::cast_possible_truncation,
    reason = "pixels of a picture whose sides are bounded"
)]

use geoip_core::CountryCode;

use crate::{
    basemap::{ArcKind, BaseMap, Corner, Detail, join},
    cut,
    frame::Frame,
    palette::Colors,
    scene::{Color, Item, Path},
    trace,
};

/// Detail smaller than this is left out, in pixels.
const TOLERANCE_PX: f64 = 0.4;
/// Lakes that fill less than this are left out, in square pixels of a picture of 1600.
const SMALLEST_LAKE: f32 = 4.0;

/// The outlines that a frame shows, in pixels.
#[derive(Debug)]
pub(crate) struct Base {
    /// A path for each shape of the base map that is in the frame.
    pub(crate) shapes: Vec<(Option<CountryCode>, Path)>,
    coasts: Path,
    borders: Path,
    disputed: Path,
    lakes: Path,
    graticule: Path,
    edge: Path,
    /// How thick a thin line is.
    unit: f32,
}

impl Base {
    pub(crate) fn new(frame: &Frame, unit: f32) -> Self {
        let pixels_per_degree = frame.scale.to_radians();
        let detail = Detail::for_scale(pixels_per_degree);
        let map = BaseMap::get(detail);
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
            lakes: lakes(BaseMap::lakes(detail), frame, &view, step as f32, unit),
            graticule: trace::graticule(frame),
            edge: trace::edge(frame),
            unit,
        };
        for shape in &map.shapes {
            let rings: Vec<Vec<Corner>> =
                shape.rings.iter().map(|ring| join(&arcs, ring)).collect();
            let path = trace::area(frame, &rings);
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
            trace::line(frame, arc, lines);
        }
        base
    }

    /// Water, graticule, land and lakes.
    pub(crate) fn ground(&self, colors: &Colors) -> Vec<Item> {
        let land = self.shapes.iter().flat_map(|(_, path)| path.lines.iter().cloned());
        vec![
            fill(self.edge.clone(), colors.ocean, ""),
            line(self.graticule.clone(), colors.graticule, 0.8 * self.unit),
            // One path of all countries: lines between neighbours cancel out, so that
            // no seam shines through.
            fill(Path { lines: land.collect() }, colors.land, ""),
            self.lakes(colors),
        ]
    }

    /// The water of lakes, to be laid over land that has a colour.
    pub(crate) fn lakes(&self, colors: &Colors) -> Item {
        fill(self.lakes.clone(), colors.ocean, "")
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
            line(self.lakes.clone(), colors.coast.alpha(0.5), 0.7 * thin),
        ]
    }

    /// The edge of the world.
    pub(crate) fn edge(&self, colors: &Colors) -> Item {
        line(self.edge.clone(), colors.edge, self.unit)
    }
}

/// The lakes in a frame that are large enough to see.
fn lakes(map: &BaseMap, frame: &Frame, view: &View, step: f32, unit: f32) -> Path {
    let mut path = Path::default();
    for lake in &map.shapes {
        let rings: Vec<Vec<Corner>> =
            lake.rings.iter().map(|ring| join(&map.arcs, ring)).collect();
        // A ring ends before it repeats its first corner.
        let is_seen = rings.first().is_some_and(|shore| !view.misses(shore));
        if !is_seen {
            continue;
        }
        let rings: Vec<Vec<Corner>> = rings.iter().map(|ring| thin(ring, step)).collect();
        let lake = trace::area(frame, &rings);
        if lake.area() >= SMALLEST_LAKE * unit * unit {
            path.lines.extend(lake.lines);
        }
    }
    path
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
    /// What lies under a grid of places of the frame, with a margin; everything if a
    /// corner of the frame shows none.
    fn of(frame: &Frame) -> Self {
        const STEPS: u32 = 32;
        let all = Self {
            south: -91.0,
            north: 91.0,
            half: 180.0,
            central: frame.aspect.central,
        };
        let rect = frame.rect;
        let (mut south, mut north, mut half) = (90.0_f64, -90.0_f64, 0.0_f64);
        for row in 0..=STEPS {
            for column in 0..=STEPS {
                let share = |step| f64::from(step) / f64::from(STEPS);
                let x = rect.left + share(column) * rect.width();
                let y = rect.top + share(row) * rect.height();
                let Some((lng, lat)) = frame.unplace((x, y)) else { return all };
                (south, north) = (south.min(lat), north.max(lat));
                half = half.max(lng.abs());
            }
        }
        let pole = |lat| rect.contains(frame.pixel((0.0, lat)));
        if pole(90.0) || pole(-90.0) {
            return all;
        }
        let margin = (north - south) / 16.0 + 0.1;
        let (south, north) = ((south - margin) as f32, (north + margin) as f32);
        Self { south, north, half: half * 1.1 + 0.1, ..all }
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
    let narrow: Vec<f32> =
        arc.iter().map(|corner| corner[1].to_radians().cos()).collect();
    let mut keep = vec![false; arc.len()];
    let mut open = Vec::new();
    if let Some(last) = arc.len().checked_sub(1) {
        (keep[0], keep[last]) = (true, true);
        open.push((0, last));
    }
    while let Some((first, last)) = open.pop() {
        let ends = (arc[first], arc[last]);
        let distances =
            (first + 1..last).map(|i| (distance_squared(arc[i], narrow[i], ends), i));
        let Some((far, at)) = distances.max_by(|a, b| a.0.total_cmp(&b.0)) else {
            continue;
        };
        if far > tolerance * tolerance {
            keep[at] = true;
            open.extend([(first, at), (at, last)]);
        }
    }
    let kept = arc.iter().zip(keep).filter(|(_, keep)| *keep);
    kept.map(|(corner, _)| *corner).collect()
}

/// The square of the distance of a corner from a stretch between two others, in degrees of
/// latitude; those of longitude are `narrow` times as long.
fn distance_squared(corner: Corner, narrow: f32, (from, to): (Corner, Corner)) -> f32 {
    let x = (corner[0] - from[0]) * narrow;
    let y = corner[1] - from[1];
    let (along_x, along_y) = ((to[0] - from[0]) * narrow, to[1] - from[1]);
    let squared = along_x * along_x + along_y * along_y;
    let t = if squared > 0.0 {
        ((x * along_x + y * along_y) / squared).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let (x, y) = (x - t * along_x, y - t * along_y);
    x * x + y * y
}
