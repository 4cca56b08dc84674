//! Densities to colours.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "numbers of cells and colours"
)]

use crate::{Heat, Scale, legend::Tick, text};

/// Densities are told for an area of this many square kilometres.
pub(super) const AREA_KM2: f64 = 10_000.0;
/// Share of the drawn cells that are brighter than the top of the scale.
const ABOVE_TOP: f64 = 0.0005;

/// Densities a square kilometre to 0..=1.
pub(super) struct Shades {
    pub(super) floor: f64,
    top: f64,
    kind: Kind,
}

enum Kind {
    Log,
    Linear,
    /// Densities that bound as many parts of equal area, rising.
    Quantile(Vec<f32>),
}

impl Shades {
    /// For cells of a density, from a floor if the layer sets no other, up to what all
    /// but the very densest cells have.
    pub(super) fn of(heat: &Heat, cells: impl Iterator<Item = f32>, floor: f64) -> Self {
        const QUANTILES: usize = 256;
        let floor = heat.floor.map_or(floor, |floor| floor / AREA_KM2);
        let mut drawn: Vec<f32> =
            cells.filter(|&value| f64::from(value) > floor).collect();
        let last = drawn.len().saturating_sub(1);
        let rank = (last as f64 * (1.0 - ABOVE_TOP)).round() as usize;
        let top = match heat.ceiling {
            Some(ceiling) => ceiling / AREA_KM2,
            None if drawn.is_empty() => floor,
            None => f64::from(*drawn.select_nth_unstable_by(rank, f32::total_cmp).1),
        };
        // A decade at least, so that colours differ where densities hardly do.
        let ratio = if heat.ceiling.is_some() { 1.000_001 } else { 10.0 };
        let top = top.max(floor * ratio);
        let kind = match heat.scale {
            Scale::Log => Kind::Log,
            Scale::Linear => Kind::Linear,
            Scale::Quantile => {
                drawn.sort_unstable_by(f32::total_cmp);
                let at = |index: usize| drawn.get(index * last / QUANTILES).copied();
                Kind::Quantile((0..=QUANTILES).filter_map(at).collect())
            }
        };
        Self { floor, top, kind }
    }

    pub(super) fn position(&self, density: f64) -> f64 {
        let share = match &self.kind {
            Kind::Log => (density / self.floor).ln() / (self.top / self.floor).ln(),
            Kind::Linear => (density - self.floor) / (self.top - self.floor),
            Kind::Quantile(bounds) => {
                let below = bounds.partition_point(|&bound| f64::from(bound) <= density);
                below as f64 / bounds.len().max(1) as f64
            }
        };
        share.clamp(0.0, 1.0)
    }

    /// Where colours begin and end, per [`AREA_KM2`].
    #[cfg(feature = "png")]
    pub(super) fn range(&self) -> (f64, f64) {
        (self.floor * AREA_KM2, self.top * AREA_KM2)
    }

    pub(super) fn name(&self) -> &'static str {
        match self.kind {
            Kind::Log => "log scale",
            Kind::Linear => "linear scale",
            Kind::Quantile(_) => "equal areas of each colour",
        }
    }

    /// Round values along the scale, at most a dozen.
    pub(super) fn ticks(&self) -> Vec<Tick> {
        let (low, high) = (self.floor * AREA_KM2, self.top * AREA_KM2);
        let values: Vec<f64> = match self.kind {
            Kind::Linear => {
                let step = round_step((high - low) / 5.0);
                (0..12).map(|index| f64::from(index) * step).collect()
            }
            Kind::Log | Kind::Quantile(_) => {
                let steps: &[f64] = match (high / low).log10() {
                    few if few < 2.5 => &[1.0, 2.0, 5.0],
                    some if some < 4.5 => &[1.0, 3.0],
                    _ => &[1.0],
                };
                let first = low.log10().floor() as i32;
                let decade =
                    |decade| steps.iter().map(move |step| step * 10_f64.powi(decade));
                (first..first + 24).flat_map(decade).collect()
            }
        };
        values
            .into_iter()
            .filter(|value| (low * 0.999..=high * 1.001).contains(value))
            .map(|value| Tick {
                position: self.position(value / AREA_KM2) as f32,
                label: text::compact(value),
            })
            .collect()
    }
}

/// The next of 1, 2, 5, 10, … at or above a value.
fn round_step(value: f64) -> f64 {
    let decade = 10_f64.powf(value.max(1e-300).log10().floor());
    let lead = [1.0, 2.0, 5.0].into_iter().find(|lead| lead * decade >= value);
    lead.unwrap_or(10.0) * decade
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Unit;
    use proptest::prelude::*;

    fn shades(scale: Scale, cells: &[f32]) -> Shades {
        let heat = Heat::new(Vec::new(), Unit::Hits).scale(scale);
        Shades::of(&heat, cells.iter().copied(), 1e-3)
    }

    #[test]
    fn ranks_fill_equal_parts() {
        let cells: Vec<f32> = (1..=1000_u16).map(f32::from).collect();
        let shades = shades(Scale::Quantile, &cells);
        for (value, share) in [(1.0, 0.0), (250.0, 0.25), (500.0, 0.5), (1000.0, 1.0)] {
            assert!((shades.position(value) - share).abs() < 0.01, "{value}");
        }
    }

    #[test]
    fn steps_are_round() {
        for (value, step) in
            [(0.9, 1.0), (1.1, 2.0), (4.0, 5.0), (7.0, 10.0), (23.0, 50.0)]
        {
            assert!((round_step(value) - step).abs() < 1e-12, "{value}");
        }
    }

    proptest! {
        #[test]
        fn more_is_never_less_colour(
            cells in proptest::collection::vec(1e-6_f32..1e6, 0..200),
            a in 1e-6..1e6_f64, b in 1e-6..1e6_f64, which in 0..3_usize,
        ) {
            let scale = [Scale::Log, Scale::Linear, Scale::Quantile][which];
            let shades = shades(scale, &cells);
            let (low, high) = (shades.position(a.min(b)), shades.position(a.max(b)));
            prop_assert!(low <= high && (0.0..=1.0).contains(&low) && high <= 1.0);
            let ticks = shades.ticks();
            prop_assert!(ticks.iter().all(|tick| (0.0..=1.0).contains(&tick.position)));
        }
    }
}
