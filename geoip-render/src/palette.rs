//! The colours of a theme and the scales of colour for data.

#![expect(clippy::cast_precision_loss, reason = "indices of colours are small")]

use crate::{Heat, Palette, Theme, scene::Color};

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
    /// Lines from place to place.
    pub(crate) arc: Color,
    /// Around letters on the map.
    pub(crate) halo: Color,
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
            arc: Color::hex(0x6f_d6ff),
            halo: Color::hex(0x07_0b14).alpha(0.75),
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
            arc: Color::hex(0x0b_5fa5),
            halo: Color::hex(0xff_ffff).alpha(0.8),
        },
    }
}

/// The colour of a density, 0..=1 from the floor to the top.
///
/// Inferno keeps its order for all kinds of colour vision and in grey. It starts
/// where it stands out from the map, and fades in so that no edge is seen at the floor.
pub(crate) fn heat(theme: Theme, heat: &Heat, t: f64) -> Color {
    let t = t.clamp(0.0, 1.0);
    let color = heat.palette.color(theme, t);
    let color = color.or_else(|| Palette::Inferno.color(theme, t));
    let fade = (t / 0.45).min(1.0);
    let alpha = fade * fade * (3.0 - 2.0 * fade) * heat.opacity;
    #[expect(clippy::cast_possible_truncation, reason = "an opacity needs few digits")]
    color.unwrap_or(Color::hex(0)).alpha(alpha as f32)
}

/// The colour of a class of countries.
pub(crate) fn class(
    theme: Theme,
    palette: &Palette,
    index: usize,
    classes: usize,
) -> Color {
    share(theme, palette, index as f64 / classes.saturating_sub(1).max(1) as f64)
}

/// The colour of a country between the least and the most.
pub(crate) fn share(theme: Theme, palette: &Palette, share: f64) -> Color {
    let color = palette.color(theme, share);
    let color = color.or_else(|| Palette::YellowGreenBlue.color(theme, share));
    color.unwrap_or(Color::hex(0))
}

/// The colour of a point between the least and the most.
pub(crate) fn count(theme: Theme, palette: &Palette, share: f64) -> Color {
    // The darkest colours would be lost on the ground.
    let share = 0.25 + 0.75 * share.clamp(0.0, 1.0);
    let color = palette.color(theme, share);
    color.or_else(|| Palette::Plasma.color(theme, share)).unwrap_or(Color::hex(0))
}

/// The colour of a category. Told apart by all kinds of colour vision, after Okabe and
/// Ito: Color universal design (2008), with a lighter blue.
pub(crate) fn category(index: usize) -> Color {
    const COLORS: [u32; 8] = [
        0xe6_9f00, 0x56_b4e9, 0x00_9e73, 0xcc_79a7, 0xd5_5e00, 0xf0_e442, 0x3d_7fd0,
        0x9a_8c7c,
    ];
    Color::hex(COLORS[index % COLORS.len()])
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
            let shown = Heat::new(Vec::new(), crate::Unit::Hits);
            let classes: Vec<f64> =
                (0..7).map(|i| away(class(theme, &Palette::Auto, i, 7))).collect();
            assert!(classes.is_sorted(), "{classes:?}");
            let heats: Vec<f64> = (5..=20)
                .map(|i| away(heat(theme, &shown, f64::from(i) / 20.0)))
                .collect();
            assert!(heats.is_sorted(), "{heats:?}");
        }
    }
}
