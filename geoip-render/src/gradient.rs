//! Colours for numbers.

use std::str::FromStr;

use crate::{Error, Theme, scene::Color};

/// Colours from little to much.
///
/// All that have a name but [`Palette::Turbo`] and [`Palette::Fire`] rise evenly in
/// lightness, so that they keep their order for all kinds of colour vision and in grey.
///
/// # Examples
/// ```
/// use geoip_render::Palette;
///
/// assert_eq!("magma".parse::<Palette>()?, Palette::Magma);
/// let own: Palette = "#000040,#ff0000,#ffff00".parse()?;
/// assert_eq!(own, Palette::Custom(vec![[0, 0, 64], [255, 0, 0], [255, 255, 0]]));
/// assert!("sunset".parse::<Palette>().is_err());
/// # Ok::<(), geoip_render::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Palette {
    /// What suits the theme and the layer.
    #[default]
    Auto,
    /// Black, purple, orange, yellow.
    Inferno,
    /// Black, purple, pink, white.
    Magma,
    /// Blue, purple, orange, yellow.
    Plasma,
    /// Purple, green, yellow.
    Viridis,
    /// Blue, grey, yellow: the same for most kinds of colour vision.
    Cividis,
    /// A rainbow that is smoother than others; not for all kinds of colour vision.
    Turbo,
    /// Black, red, yellow, white.
    Fire,
    /// Yellow, green, blue.
    YellowGreenBlue,
    /// Black to white.
    Greys,
    /// Two colours or more, evenly apart, from little to much.
    Custom(Vec<[u8; 3]>),
}

impl Palette {
    /// The names that can be parsed.
    pub const NAMES: [&'static str; 10] = [
        "auto", "inferno", "magma", "plasma", "viridis", "cividis", "turbo", "fire",
        "ylgnbu", "greys",
    ];

    /// The colour for a share of 0..=1, from little to much as they stand out from a
    /// theme; `None` for [`Palette::Auto`].
    pub(crate) fn color(&self, theme: Theme, t: f64) -> Option<Color> {
        let t = t.clamp(0.0, 1.0);
        // What is much must stand out: on paper the dark end, on a screen the bright.
        let by_theme = |from: f64, to: f64| match theme {
            Theme::Dark => from + (to - from) * t,
            Theme::Light => to - 0.07 - (to - from - 0.07) * t,
        };
        let gradient = match self {
            Self::Auto => return None,
            Self::Inferno => colorous::INFERNO,
            Self::Magma => colorous::MAGMA,
            Self::Plasma => colorous::PLASMA,
            Self::Viridis => colorous::VIRIDIS,
            Self::Cividis => colorous::CIVIDIS,
            Self::Turbo => {
                let rgb = colorous::TURBO.eval_continuous(0.05 + 0.95 * t).into_array();
                return Some(Color { rgb, alpha: 1.0 });
            }
            Self::Greys => {
                let t = by_theme(0.85, 0.0);
                let rgb = colorous::GREYS.eval_continuous(t).into_array();
                return Some(Color { rgb, alpha: 1.0 });
            }
            Self::YellowGreenBlue => {
                let t = match theme {
                    Theme::Dark => 0.84 - 0.80 * t,
                    Theme::Light => 0.12 + 0.88 * t,
                };
                let rgb = colorous::YELLOW_GREEN_BLUE.eval_continuous(t).into_array();
                return Some(Color { rgb, alpha: 1.0 });
            }
            Self::Fire => {
                let colors =
                    [[40, 0, 0], [190, 20, 0], [255, 140, 0], [255, 230, 60], [255; 3]];
                return Some(between(&colors, by_theme(0.0, 1.0)));
            }
            Self::Custom(colors) => return Some(between(colors, t)),
        };
        let rgb = gradient.eval_continuous(by_theme(0.16, 1.0)).into_array();
        Some(Color { rgb, alpha: 1.0 })
    }
}

/// A colour between the two of an evenly spaced row that surround a share.
fn between(colors: &[[u8; 3]], t: f64) -> Color {
    #[expect(clippy::cast_precision_loss, reason = "a handful of colours")]
    let at = t.clamp(0.0, 1.0) * colors.len().saturating_sub(1) as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index into that handful"
    )]
    let index = at.floor() as usize;
    let here = colors.get(index).copied().unwrap_or_default();
    let next = colors.get(index + 1).copied().unwrap_or(here);
    let share = at.fract();
    let mix = |channel: usize| {
        let (a, b) = (f64::from(here[channel]), f64::from(next[channel]));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "lies between two bytes"
        )]
        let mixed = (a + (b - a) * share).round() as u8;
        mixed
    };
    Color { rgb: [0, 1, 2].map(mix), alpha: 1.0 }
}

impl FromStr for Palette {
    type Err = Error;

    /// Reads a name, or colours such as `#000040,#ff0000,#ffff00`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let named = match text.trim().to_ascii_lowercase().as_str() {
            "auto" => Self::Auto,
            "inferno" => Self::Inferno,
            "magma" => Self::Magma,
            "plasma" => Self::Plasma,
            "viridis" => Self::Viridis,
            "cividis" => Self::Cividis,
            "turbo" => Self::Turbo,
            "fire" => Self::Fire,
            "ylgnbu" => Self::YellowGreenBlue,
            "greys" | "grays" => Self::Greys,
            _ => {
                let colors: Option<Vec<_>> = text.split(',').map(hex).collect();
                return match colors {
                    Some(colors) if (2..=64).contains(&colors.len()) => {
                        Ok(Self::Custom(colors))
                    }
                    _ => Err(Error::UnknownPalette { name: crate::text::clean(text) }),
                };
            }
        };
        Ok(named)
    }
}

/// The colour of `#rrggbb` or `#rgb`.
fn hex(text: &str) -> Option<[u8; 3]> {
    let digits = text.trim().strip_prefix('#')?;
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let byte =
        |range: std::ops::Range<usize>| u8::from_str_radix(&digits[range], 16).ok();
    match digits.len() {
        6 => Some([byte(0..2)?, byte(2..4)?, byte(4..6)?]),
        3 => Some([byte(0..1)? * 17, byte(1..2)? * 17, byte(2..3)? * 17]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_palette() {
        for name in Palette::NAMES {
            assert!(name.parse::<Palette>().is_ok(), "{name}");
        }
        assert_eq!("Viridis".parse::<Palette>().unwrap(), Palette::Viridis);
        for bad in
            ["", "#", "#12", "#fff", "#ffffff", "#gggggg,#000000", "red,blue", "#é1,#000"]
        {
            assert!(bad.parse::<Palette>().is_err(), "{bad}");
        }
    }

    #[test]
    fn own_colours_go_evenly_from_first_to_last() {
        let own: Palette = "#000,#f00,#ff0".parse().unwrap();
        let at = |t| own.color(Theme::Light, t).unwrap().rgb;
        assert_eq!([at(0.0), at(0.5), at(1.0)], [[0, 0, 0], [255, 0, 0], [255, 255, 0]]);
        assert_eq!(at(0.25), [128, 0, 0]);
        assert_eq!(at(7.0), [255, 255, 0]);
    }
}
