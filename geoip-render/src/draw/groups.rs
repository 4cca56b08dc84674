//! Outlines around places that belong together.

#![expect(
    clippy::cast_possible_truncation,
    reason = "pixels of a picture whose sides are bounded"
)]

use geoip_core::LatLng;

use super::{Canvas, Drawn, Taken, label::Style, outside_note};
use crate::{
    Group, Groups,
    basemap::Corner,
    cut,
    frame::{EARTH_RADIUS_KM, Frame},
    scene::{Item, Path},
    text::{self, Weight},
    trace,
};

/// The heaviest groups get their label beside them, as far as there is room.
const LABELS: usize = 12;

pub(super) fn draw(groups: &Groups, canvas: &Canvas<'_>, taken: &mut Taken) -> Drawn {
    let frame = canvas.frame;
    let all = groups.groups.iter().fold(0_u64, |sum, g| sum.saturating_add(g.weight));
    let mut shown: Vec<&Group> =
        groups.groups.iter().filter(|group| frame.shows(group.center)).collect();
    shown.sort_by(|a, b| b.weight.cmp(&a.weight).then(a.label.cmp(&b.label)));
    let inside = shown.iter().fold(0_u64, |sum, g| sum.saturating_add(g.weight));
    let notes = outside_note(all - inside, all, groups.unit).into_iter().collect();
    if shown.is_empty() {
        return Drawn { empty: true, notes, ..Drawn::default() };
    }
    let (color, unit) = (canvas.colors.group, canvas.page.unit);
    let mut marks = Vec::new();
    for group in &shown {
        let ring: Vec<Corner> = corners(group, frame)
            .iter()
            .map(|corner| [corner.lng() as f32, corner.lat() as f32])
            .collect();
        let closed: Vec<Corner> = ring.iter().chain(ring.first()).copied().collect();
        let path = trace::area(frame, &[ring]);
        let mut outline = Path::default();
        trace::line(frame, &closed, &mut outline);
        let noun = groups.unit.noun(group.weight);
        let count = text::grouped(group.weight);
        let title = format!("{}: {count} {noun}", text::clean(&group.label));
        marks.push(Item::Fill { path, color: color.alpha(0.16), title });
        marks.push(Item::Stroke { path: outline, color, width: 1.4 * unit, dash: 0.0 });
    }
    marks.extend(labels(&shown, canvas, taken));
    Drawn { marks, notes, ..Drawn::default() }
}

/// Corners of the hull, or of the circle on the ground, relative to the middle.
fn corners(group: &Group, frame: &Frame) -> Vec<LatLng> {
    if group.outline.len() >= 3 {
        return group.outline.clone();
    }
    // A circle of no size is still a place.
    let least = 3.0 * frame.km_per_pixel(frame.relative(group.center));
    circle(group.center, group.radius_km.max(least))
}

/// A circle on the sphere, by the direct formula (Snyder 1987, equations 5-5 and 5-6).
fn circle(center: LatLng, radius_km: f64) -> Vec<LatLng> {
    const CORNERS: u32 = 72;
    let angle = radius_km / EARTH_RADIUS_KM;
    let (sin_lat, cos_lat) = center.lat().to_radians().sin_cos();
    (0..CORNERS)
        .filter_map(|corner| {
            let bearing = std::f64::consts::TAU * f64::from(corner) / f64::from(CORNERS);
            let sine = sin_lat * angle.cos() + cos_lat * angle.sin() * bearing.cos();
            let lat = sine.clamp(-1.0, 1.0).asin();
            let east = bearing.sin() * angle.sin() * cos_lat;
            let turn = east.atan2(angle.cos() - sin_lat * sine).to_degrees();
            let lng = cut::relative(center.lng() + turn, 0.0);
            LatLng::new(lat.to_degrees(), lng).ok()
        })
        .collect()
}

fn labels(shown: &[&Group], canvas: &Canvas<'_>, taken: &mut Taken) -> Vec<Item> {
    let style = Style {
        size: 14.0 * canvas.page.unit,
        weight: Weight::SemiBold,
        color: canvas.colors.ink,
        halo: canvas.colors.halo,
        longest: 220.0 * canvas.page.unit,
    };
    let heaviest = shown.iter().take(LABELS);
    heaviest
        .filter_map(|group| {
            taken.over(canvas.frame.place(group.center), &group.label, &style)
        })
        .collect()
}
