//! Density as light.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixels of a picture whose sides are bounded"
)]

use super::{
    Canvas, Drawn, bins, outside_note,
    scale::{AREA_KM2, Shades},
};
use crate::{
    Heat,
    density::{Bandwidth, DensityGrid, Spread, rounded},
    legend::Legend,
    palette,
    scene::{Color, Image, Item},
    text,
};

pub(super) fn draw(heat: &Heat, canvas: &Canvas<'_>) -> Drawn {
    let total = heat.points.iter().fold(0_u64, |sum, p| sum.saturating_add(p.weight));
    if total == 0 {
        return Drawn { empty: true, ..Drawn::default() };
    }
    if let Some(kind) = heat.bins {
        return bins::draw(heat, kind, total, canvas);
    }
    let frame = canvas.frame;
    let grid = DensityGrid::new(&heat.points, frame, &spread(heat));
    let notes = outside_note(grid.outside, total, heat.unit).into_iter().collect();
    if grid.inside == 0 {
        return Drawn { empty: true, notes, ..Drawn::default() };
    }
    let shades = Shades::of(heat, grid.cells.iter().copied(), floor(&grid));
    let rect = frame.rect;
    let raster = Item::Raster {
        x: rect.left as f32,
        y: rect.top as f32,
        width: rect.width() as f32,
        height: rect.height() as f32,
        image: shade(&grid, &shades, &colors(heat, canvas)),
    };
    Drawn {
        areas: vec![raster],
        legends: vec![legend(heat, &shades, canvas)],
        notes,
        method: Some(method(heat, &grid)),
        ..Drawn::default()
    }
}

pub(crate) fn spread(heat: &Heat) -> Spread<'_> {
    let kilometres = heat.bandwidth_km.map(Bandwidth::Kilometres);
    Spread {
        bandwidth: heat.bandwidth_px.map(Bandwidth::Pixels).or(kilometres),
        single: heat.single_kernel,
        radii_km: heat.radii_km.as_deref(),
    }
}

/// What a thousandth of an average address spreads out to.
fn floor(grid: &DensityGrid) -> f64 {
    let wide = grid.bandwidth_km.0;
    rounded(2.5e-5 * grid.inside as f64 / (wide * wide))
}

fn method(heat: &Heat, grid: &DensityGrid) -> String {
    let (wide, narrow) = grid.bandwidth_km;
    let wide = text::compact(wide);
    let mut method = match narrow {
        Some(narrow) => {
            let narrow = text::compact(narrow);
            format!("density by two Gaussian kernels, σ {wide} and {narrow} km")
        }
        None => format!("density by a Gaussian kernel, σ {wide} km"),
    };
    if heat.bandwidth_px.is_some() {
        method.push_str(" in the middle");
    }
    if heat.radii_km.is_some() {
        method.push_str(", wider where a place is known less well");
    }
    method
}

pub(super) fn legend(heat: &Heat, shades: &Shades, canvas: &Canvas<'_>) -> Legend {
    let noun = heat.unit.noun(2);
    let floor = text::compact(shades.floor * AREA_KM2);
    let share = |index: u32| f64::from(index) / 64.0;
    Legend::Ramp {
        caption: format!("{noun} per 10,000 km² ({}, from {floor})", shades.name()),
        colors: (0..=64)
            .map(|index| palette::heat(canvas.map.theme, heat, share(index)))
            .collect(),
        ticks: shades.ticks(),
    }
}

/// Steps of colour between the floor and the top.
const SHADES: usize = 1023;

fn colors(heat: &Heat, canvas: &Canvas<'_>) -> Vec<[u8; 4]> {
    let color = |index: usize| -> Color {
        palette::heat(canvas.map.theme, heat, index as f64 / SHADES as f64)
    };
    (0..=SHADES)
        .map(|index| {
            let Color { rgb: [r, g, b], alpha } = color(index);
            [r, g, b, (alpha * 255.0).round() as u8]
        })
        .collect()
}

fn shade(grid: &DensityGrid, shades: &Shades, colors: &[[u8; 4]]) -> Image {
    let mut rgba = vec![0; grid.cells.len() * 4];
    let floor = shades.floor as f32;
    for (value, pixel) in grid.cells.iter().zip(rgba.as_chunks_mut::<4>().0) {
        if *value > floor {
            let shade = shades.position(f64::from(*value)) * SHADES as f64;
            *pixel = colors[shade.round() as usize];
        }
    }
    Image { width: grid.columns, height: grid.rows, rgba }
}

/// Where the colours of a layer begin and end as it would be drawn, per 10,000 km²: so
/// that the pictures of a row can share one scale.
#[cfg(feature = "png")]
pub(super) fn range(heat: &Heat, frame: &crate::frame::Frame) -> Option<(f64, f64)> {
    let grid = DensityGrid::new(&heat.points, frame, &spread(heat));
    if grid.inside == 0 {
        return None;
    }
    let shades = Shades::of(heat, grid.cells.iter().copied(), floor(&grid));
    Some(shades.range())
}
