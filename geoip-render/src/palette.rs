//! The colours of a theme and the scales of colour for data.

#![expect(clippy::cast_precision_loss, reason = "indices of colours are small")]

use colorous::Gradient;

use crate::{Theme, scene::Color};

/// The colours of everything but data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Colors {
    pub(crate) background: Color,
    pub(crate) ocean: Color,
    pub(crate) land: Color,
    /// Lines that lie over land and data alike, and so are not opaque.
    pub(crate) coast: Color,
    pub(crate) border: Color,
    pub(crate) graticule: Color,
    /// The edge of the world and of the frame.
    pub(crate) edge: Color,
    /// Headings.
    pub(crate) ink: Color,
    /// Lines of text below them.
    pub(crate) quiet: Color,
    /// Circles and their outlines.
    pub(crate) mark: Color,
    pub(crate) mark_outline: Color,
    /// Circles that stand for whole countries.
    pub(crate) coarse: Color,
    /// Outlines of groups.
    pub(crate) group: Color,
}

/// How a circle is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CircleLook {
    pub(crate) fill: Color,
    pub(crate) outline: Color,
    /// Of the outline, in pixels of a picture of 1600.
    pub(crate) width: f32,
}

impl Colors {
    /// The look of a circle by its radius in pixels of a picture of 1600. Large ones
    /// let through what is below them, and small ones stand out on large ones.
    pub(crate) fn circle(&self, radius: f32, coarse: bool) -> CircleLook {
        if coarse {
            let (fill, outline) = (self.coarse.alpha(0.08), self.coarse.alpha(0.9));
            return CircleLook { fill, outline, width: 1.3_f32.min(radius * 0.6) };
        }
        let large = ((radius - 2.0) / 6.0).clamp(0.0, 1.0);
        let fill = self.mark.alpha(0.70 - 0.28 * large);
        // Dots are too many and too small for outlines.
        let width = if large > 0.0 { 0.35 + 0.65 * large } else { 0.0 };
        CircleLook { fill, outline: self.mark_outline.alpha(0.35 + 0.6 * large), width }
    }
}

pub(crate) fn colors(theme: Theme) -> Colors {
    match theme {
        Theme::Dark => Colors {
            background: Color::hex(0x07_0b14),
            ocean: Color::hex(0x0b_1220),
            land: Color::hex(0x1b_2436),
            coast: Color::hex(0xdc_e8ff).alpha(0.30),
            border: Color::hex(0xdc_e8ff).alpha(0.17),
            graticule: Color::hex(0x18_233a),
            edge: Color::hex(0x3a_4966),
            ink: Color::hex(0xee_f1f7),
            quiet: Color::hex(0xa3_adc2),
            mark: Color::hex(0xff_b347),
            mark_outline: Color::hex(0xff_dca8),
            coarse: Color::hex(0x7f_c8f8),
            group: Color::hex(0x8f_e3c8),
        },
        Theme::Light => Colors {
            background: Color::hex(0xff_ffff),
            ocean: Color::hex(0xee_f3f7),
            land: Color::hex(0xdf_e3e8),
            coast: Color::hex(0x3c_4a5e).alpha(0.55),
            border: Color::hex(0xff_ffff).alpha(0.75),
            graticule: Color::hex(0xdd_e5ec),
            edge: Color::hex(0x9a_a5b3),
            ink: Color::hex(0x1c_222c),
            quiet: Color::hex(0x56_6070),
            mark: Color::hex(0xc2_410c),
            mark_outline: Color::hex(0x8a_2c06),
            coarse: Color::hex(0x1d_4f91),
            group: Color::hex(0x0f_766e),
        },
    }
}

/// The colour of a density, 0..=1 from the floor to the top.
///
/// Inferno keeps its order for all kinds of colour vision and in grey. It starts
/// where it stands out from the map, and fades in so that no edge is seen at the floor.
pub(crate) fn heat(theme: Theme, t: f64) -> Color {
    let t = t.clamp(0.0, 1.0);
    let color = match theme {
        Theme::Dark => colorous::INFERNO.eval_continuous(0.16 + 0.84 * t),
        Theme::Light => colorous::INFERNO.eval_continuous(0.93 - 0.87 * t),
    };
    let fade = (t / 0.45).min(1.0);
    let alpha = fade * fade * (3.0 - 2.0 * fade) * 0.94;
    #[expect(clippy::cast_possible_truncation, reason = "an opacity needs few digits")]
    Color { rgb: color.into_array(), alpha: alpha as f32 }
}

/// The colour of a class of countries.
pub(crate) fn class(theme: Theme, index: usize, classes: usize) -> Color {
    let t = index as f64 / classes.saturating_sub(1).max(1) as f64;
    let (gradient, t): (Gradient, f64) = match theme {
        // Dark stands for much on paper and for little on a screen.
        Theme::Light => (colorous::YELLOW_GREEN_BLUE, 0.12 + 0.88 * t),
        Theme::Dark => (colorous::YELLOW_GREEN_BLUE, 0.84 - 0.80 * t),
    };
    Color { rgb: gradient.eval_continuous(t).into_array(), alpha: 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance by WCAG 2.1.
    fn luminance(color: Color) -> f64 {
        let linear = color.rgb.map(|channel| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    fn contrast(a: Color, b: Color) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_has_the_contrast_that_accessibility_asks_for() {
        for theme in [Theme::Dark, Theme::Light] {
            let colors = colors(theme);
            assert!(contrast(colors.ink, colors.background) > 7.0);
            assert!(contrast(colors.quiet, colors.background) > 4.5);
        }
    }

    #[test]
    fn more_is_always_further_from_the_map() {
        for theme in [Theme::Dark, Theme::Light] {
            let land = colors(theme).land;
            let away = |color: Color| {
                let sign = if theme == Theme::Dark { 1.0 } else { -1.0 };
                sign * (luminance(color) - luminance(land))
            };
            let classes: Vec<f64> = (0..7).map(|i| away(class(theme, i, 7))).collect();
            assert!(classes.is_sorted(), "{classes:?}");
            let heats: Vec<f64> =
                (5..=20).map(|i| away(heat(theme, f64::from(i) / 20.0))).collect();
            assert!(heats.is_sorted(), "{heats:?}");
        }
    }
}
