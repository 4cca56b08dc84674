//! Density as light.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixels of a picture whose sides are bounded"
)]

use super::{Canvas, Drawn, outside_note};
use crate::{
    Heat,
    density::{DensityGrid, rounded},
    legend::{Legend, Tick},
    palette,
    scene::{Image, Item},
    text,
};

/// Densities are told for an area of this many square kilometres.
const AREA_KM2: f64 = 10_000.0;
/// Share of the drawn cells that are brighter than the top of the scale.
const ABOVE_TOP: f64 = 0.0005;

pub(super) fn draw(heat: &Heat, canvas: &Canvas<'_>) -> Drawn {
    let frame = canvas.frame;
    let total = heat.points.iter().fold(0_u64, |sum, p| sum.saturating_add(p.weight));
    if total == 0 {
        return Drawn { empty: true, ..Drawn::default() };
    }
    let grid = DensityGrid::new(&heat.points, frame, heat.bandwidth_km);
    let notes = outside_note(grid.outside, total, heat.unit).into_iter().collect();
    if grid.inside == 0 {
        return Drawn { empty: true, notes, ..Drawn::default() };
    }
    let scale = LogScale::of(&grid);
    let shades: Vec<[u8; 4]> = (0..=SHADES)
        .map(|index| {
            let color = palette::heat(canvas.map.theme, index as f64 / SHADES as f64);
            let [r, g, b] = color.rgb;
            [r, g, b, (color.alpha * 255.0).round() as u8]
        })
        .collect();
    let rect = frame.rect;
    let raster = Item::Raster {
        x: rect.left as f32,
        y: rect.top as f32,
        width: rect.width() as f32,
        height: rect.height() as f32,
        image: shade(&grid, &scale, &shades),
    };
    let (wide, narrow) = grid.bandwidth_km;
    let noun = heat.unit.noun(2);
    let floor = text::compact(scale.floor * AREA_KM2);
    Drawn {
        areas: vec![raster],
        legend: Some(Legend::Ramp {
            caption: format!("{noun} per 10,000 km² (log scale, from {floor})"),
            colors: (0..=64)
                .map(|index| palette::heat(canvas.map.theme, f64::from(index) / 64.0))
                .collect(),
            ticks: scale.ticks(),
        }),
        notes,
        method: Some(format!(
            "density by two Gaussian kernels, σ {} and {} km",
            text::compact(wide),
            text::compact(narrow)
        )),
        ..Drawn::default()
    }
}

/// Steps of colour between the floor and the top.
const SHADES: usize = 1023;

/// Densities a square kilometre to 0..=1, by their logarithm.
struct LogScale {
    floor: f64,
    top: f64,
}

impl LogScale {
    /// From what a thousandth of an average address spreads out to, up to what all but
    /// the very densest cells have.
    fn of(grid: &DensityGrid) -> Self {
        let wide = grid.bandwidth_km.0;
        let floor = rounded(2.5e-5 * grid.inside as f64 / (wide * wide));
        let above = grid.cells.iter().copied().filter(|&value| f64::from(value) > floor);
        let mut drawn: Vec<f32> = above.collect();
        let last = drawn.len().saturating_sub(1);
        let rank = (last as f64 * (1.0 - ABOVE_TOP)).round() as usize;
        let top = if drawn.is_empty() {
            floor
        } else {
            f64::from(*drawn.select_nth_unstable_by(rank, f32::total_cmp).1)
        };
        // A decade at least, so that colours differ where densities hardly do.
        Self { floor, top: top.max(floor * 10.0) }
    }

    fn position(&self, density: f64) -> f64 {
        ((density / self.floor).ln() / (self.top / self.floor).ln()).clamp(0.0, 1.0)
    }

    /// Powers of ten, with twos and fives between them where there is room.
    fn ticks(&self) -> Vec<Tick> {
        let (low, high) = (self.floor * AREA_KM2, self.top * AREA_KM2);
        let decades = (high / low).log10();
        let steps: &[f64] = match decades {
            few if few < 2.5 => &[1.0, 2.0, 5.0],
            some if some < 4.5 => &[1.0, 3.0],
            _ => &[1.0],
        };
        let first = low.log10().floor() as i32;
        (first..first + 24)
            .flat_map(|decade| steps.iter().map(move |step| step * 10_f64.powi(decade)))
            .filter(|value| (low * 0.999..=high * 1.001).contains(value))
            .map(|value| Tick {
                position: self.position(value / AREA_KM2) as f32,
                label: text::compact(value),
            })
            .collect()
    }
}

fn shade(grid: &DensityGrid, scale: &LogScale, shades: &[[u8; 4]]) -> Image {
    let mut rgba = vec![0; grid.cells.len() * 4];
    let floor = scale.floor as f32;
    for (value, pixel) in grid.cells.iter().zip(rgba.as_chunks_mut::<4>().0) {
        if *value > floor {
            let shade = scale.position(f64::from(*value)) * SHADES as f64;
            *pixel = shades[shade.round() as usize];
        }
    }
    Image { width: grid.columns, height: grid.rows, rgba }
}
