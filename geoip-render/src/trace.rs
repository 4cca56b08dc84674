//! Outlines on the ground to paths in pixels.
//!
//! What is straight in degrees is curved on the map, so corners are added where two lie
//! far apart. Where parallels are straight or arcs, outlines are cut opposite to the
//! middle of the map ([`cut`]); in a disk, what lies beyond the horizon is moved
//! straight out to it, which keeps the inside of every outline what it was.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixels of a picture whose sides are bounded"
)]

use std::f64::consts::{PI, TAU};

use crate::{
    basemap::Corner,
    cut::{self, Point},
    frame::{Frame, Rect},
    projection::{Family, azimuthal::Azimuthal},
    scene::Path,
};

/// Corners further apart than this have others put between them, in degrees.
const FAR_DEGREES: f64 = 2.0;
/// And on a disk, as a share of its radius.
const FAR_ON_DISK: f64 = 0.04;

/// The inside of closed outlines, as far as it lies in the frame.
pub(crate) fn area(frame: &Frame, rings: &[Vec<Corner>]) -> Path {
    let mut path = Path::default();
    let central = frame.aspect.central;
    match frame.aspect.family {
        Family::Straight(_) | Family::Fan(_) => {
            for piece in rings.iter().flat_map(|ring| cut::cut_ring(ring, central)) {
                let closed: Vec<Point> =
                    piece.iter().chain(piece.first()).copied().collect();
                let mut corners = project(frame, &closed);
                corners.pop();
                add_area(frame.rect, corners, &mut path);
            }
        }
        Family::Disk(disk) => {
            let mut around_antipode = false;
            for ring in rings {
                // On a disk, what goes around a pole is closed without it.
                let coast = ring.iter().filter(|corner| corner[1].abs() < 89.5);
                let first = coast.clone().next();
                let walk = cut::unroll(coast.chain(first), central);
                let walk = Walk::along(frame, disk, &walk);
                around_antipode ^= walk.turns()
                    && holds(&cut::unrolled_ring(ring, central), antipode(frame));
                add_area(frame.rect, walk.pixels(frame), &mut path);
            }
            if around_antipode {
                add_area(frame.rect, rim(frame, disk), &mut path);
            }
        }
    }
    path
}

/// Adds a line, as far as it lies in the frame.
pub(crate) fn line(frame: &Frame, line: &[Corner], path: &mut Path) {
    let central = frame.aspect.central;
    match frame.aspect.family {
        Family::Straight(_) | Family::Fan(_) => {
            for piece in cut::cut_line(line, central) {
                add_line(frame.rect, project(frame, &piece), path);
            }
        }
        Family::Disk(_) => {
            for run in cut::surveyed(line) {
                relative_line(frame, &cut::unroll(run.iter(), central), path);
            }
        }
    }
}

/// Adds a line of relative longitudes that does not cross the meridian opposite to the
/// middle of the map.
pub(crate) fn relative_line(frame: &Frame, line: &[Point], path: &mut Path) {
    match frame.aspect.family {
        Family::Straight(_) | Family::Fan(_) => {
            add_line(frame.rect, project(frame, line), path);
        }
        Family::Disk(disk) => {
            for piece in Walk::along(frame, disk, line).visible() {
                let pixels = piece.iter().map(|&at| frame.on_picture(at)).collect();
                add_line(frame.rect, pixels, path);
            }
        }
    }
}

/// The edge of the world.
pub(crate) fn edge(frame: &Frame) -> Path {
    let mut path = Path::default();
    let corners = if let Family::Disk(disk) = frame.aspect.family {
        rim(frame, disk)
    } else {
        let limit = frame.aspect.max_latitude();
        let up = (-90..=90).map(|step| f64::from(step) / 90.0 * limit);
        let east = up.clone().map(|lat| (180.0, lat));
        let west = up.rev().map(|lat| (-180.0, lat));
        let mut around: Vec<Point> = east.chain(west).collect();
        around.extend(around.first().copied());
        let mut corners = project(frame, &around);
        corners.pop();
        corners
    };
    add_area(frame.rect, corners, &mut path);
    path
}

/// Meridians and parallels at a step that leaves a handful of them in the frame.
pub(crate) fn graticule(frame: &Frame) -> Path {
    let shown = frame.rect.width().min(frame.rect.height()) / frame.scale.to_radians();
    let step =
        [30, 15, 10, 5, 2, 1].into_iter().find(|&step| shown / f64::from(step) > 4.0);
    let step: i32 = step.unwrap_or(1);
    let every = step.unsigned_abs() as usize;
    let limit = frame.aspect.max_latitude();
    let mut path = Path::default();
    let straight = matches!(frame.aspect.family, Family::Straight(_));
    // Where meridians meet, too many would be a blot.
    let reach = if straight { limit } else { 90.0 - f64::from(step.min(10)) };
    let disk = matches!(frame.aspect.family, Family::Disk(_));
    for lng in (-180..180).step_by(every) {
        let lng = cut::relative(f64::from(lng), frame.aspect.central);
        // The seam is drawn as the edge of the world, which a disk has elsewhere.
        if disk || lng > -179.9 {
            relative_line(frame, &[(lng, -reach), (lng, reach)], &mut path);
        }
    }
    for lat in (-90 + step..90).step_by(every) {
        let lat = f64::from(lat);
        if lat.abs() < limit {
            relative_line(frame, &[(-180.0, lat), (180.0, lat)], &mut path);
        }
    }
    path
}

/// Corners in pixels, with more between those that lie far apart.
fn project(frame: &Frame, line: &[Point]) -> Vec<Point> {
    let straight = matches!(frame.aspect.family, Family::Straight(_));
    let mut corners = Vec::with_capacity(line.len());
    let mut before: Option<Point> = None;
    for &(lng, lat) in line {
        if let Some((from_lng, from_lat)) = before
            && !(straight && from_lat.to_bits() == lat.to_bits())
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

/// Adds what of a closed outline in pixels lies in a rectangle.
fn add_area(rect: Rect, mut corners: Vec<Point>, path: &mut Path) {
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

/// Adds what of a line in pixels lies in a rectangle.
fn add_line(rect: Rect, corners: Vec<Point>, path: &mut Path) {
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

/// The rim of a disk in pixels.
fn rim(frame: &Frame, disk: Azimuthal) -> Vec<Point> {
    let steps = 360;
    (0..steps)
        .map(|step| {
            let direction = TAU * f64::from(step) / f64::from(steps);
            frame.on_picture(disk.at(direction, disk.horizon()))
        })
        .collect()
}

/// The place opposite to the middle of a disk, relative to it.
fn antipode(frame: &Frame) -> Point {
    let (lng, lat) = frame.aspect.inverse((0.0, 0.0)).unwrap_or((0.0, 0.0));
    (cut::relative(lng + 180.0, 0.0), -lat)
}

/// Whether a place lies inside of an unrolled outline, by the crossings of a line from
/// it to the north.
fn holds(ring: &[Point], (lng, lat): Point) -> bool {
    let next = ring.iter().cycle().skip(1);
    let crossings = ring.iter().zip(next).map(|(a, b)| {
        let turns = [-720.0, -360.0, 0.0, 360.0, 720.0].map(|turn| lng + turn);
        let above = turns.into_iter().filter(|&lng| {
            (a.0 > lng) != (b.0 > lng)
                && a.1 + (lng - a.0) / (b.0 - a.0) * (b.1 - a.1) > lat
        });
        above.count()
    });
    crossings.sum::<usize>() % 2 == 1
}

/// A line on a disk: direction and angle of each corner from the middle.
struct Walk {
    disk: Azimuthal,
    corners: Vec<Polar>,
}

#[derive(Clone, Copy)]
struct Polar {
    direction: f64,
    angle: f64,
}

impl Walk {
    /// Corners of a line of relative longitude and latitude, with more between those
    /// that lie far apart, be it on the ground or, as happens opposite to the middle,
    /// on the map.
    fn along(frame: &Frame, disk: Azimuthal, line: &[Point]) -> Self {
        let far = FAR_ON_DISK * disk.radius(disk.horizon());
        // Where only a part of the disk is seen, its corners lie closer.
        let seen = frame.rect.width().max(frame.rect.height()) / frame.scale;
        let mut walk = Self { disk, corners: Vec::with_capacity(line.len()) };
        let mut before: Option<(Point, Polar)> = None;
        for &place in line {
            let here = (place, walk.polar(place));
            if let Some(before) = before {
                walk.between(before, here, far.min(seen * FAR_ON_DISK), 0);
            }
            walk.corners.push(here.1);
            before = Some(here);
        }
        walk
    }

    fn polar(&self, (lng, lat): Point) -> Polar {
        let (direction, angle) = self.disk.polar(lng, lat);
        Polar { direction, angle }
    }

    fn between(&mut self, a: (Point, Polar), b: (Point, Polar), far: f64, depth: u32) {
        const DEEPEST: u32 = 14;
        let ((a_place, a_polar), (b_place, b_polar)) = (a, b);
        let degrees = (a_place.0 - b_place.0).abs().max((a_place.1 - b_place.1).abs());
        // Nearby on the ground and on the same side of the disk: nearby on the map.
        if degrees < 0.05 && a_polar.angle.max(b_polar.angle) < PI * 0.95 {
            return;
        }
        let (p, q) = (self.plane(a_polar), self.plane(b_polar));
        let apart = (p.0 - q.0).hypot(p.1 - q.1);
        if depth == DEEPEST || (degrees <= 10.0 && apart <= far) {
            return;
        }
        let middle =
            (f64::midpoint(a_place.0, b_place.0), f64::midpoint(a_place.1, b_place.1));
        let middle = (middle, self.polar(middle));
        self.between(a, middle, far, depth + 1);
        self.corners.push(middle.1);
        self.between(middle, b, far, depth + 1);
    }

    fn plane(&self, polar: Polar) -> Point {
        self.disk.at(polar.direction, polar.angle)
    }

    /// Whether the line goes around the middle, and so around the antipode.
    fn turns(&self) -> bool {
        let next = self.corners.iter().cycle().skip(1);
        let turned: f64 = self
            .corners
            .iter()
            .zip(next)
            .map(|(a, b)| (b.direction - a.direction + PI).rem_euclid(TAU) - PI)
            .sum();
        turned.abs() > PI
    }

    fn pixels(&self, frame: &Frame) -> Vec<Point> {
        self.corners.iter().map(|&at| frame.on_picture(self.plane(at))).collect()
    }

    /// The parts of the line in front of the horizon, in the plane.
    fn visible(&self) -> Vec<Vec<Point>> {
        let horizon = self.disk.horizon();
        let hidden = |polar: &Polar| polar.angle > horizon;
        let mut pieces: Vec<Vec<Point>> = vec![Vec::new()];
        let mut before: Option<&Polar> = None;
        for polar in &self.corners {
            // A corner just beyond the horizon is drawn on it, where the line ends.
            let turns = before.is_some_and(|before| hidden(before) != hidden(polar));
            if turns && let Some(before) = before.filter(|before| hidden(before)) {
                pieces.push(vec![self.plane(*before)]);
            }
            if !hidden(polar) || turns {
                pieces.last_mut().into_iter().for_each(|p| p.push(self.plane(*polar)));
            }
            before = Some(polar);
        }
        pieces.retain(|piece| piece.len() >= 2);
        pieces
    }
}

#[cfg(test)]
#[path = "trace_tests.rs"]
mod tests;
