//! A drawing as a list of simple things, which each kind of picture knows to draw.

use crate::text::Weight;

/// A colour with an opacity of 0..=1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Color {
    pub(crate) rgb: [u8; 3],
    pub(crate) alpha: f32,
}

impl Color {
    /// An opaque colour from `0xrrggbb`.
    pub(crate) const fn hex(rgb: u32) -> Self {
        let [_, r, g, b] = rgb.to_be_bytes();
        Self { rgb: [r, g, b], alpha: 1.0 }
    }

    /// The same colour, less opaque.
    pub(crate) const fn alpha(self, alpha: f32) -> Self {
        Self { rgb: self.rgb, alpha }
    }
}

/// Lines through points in pixels.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Path {
    /// Each with whether it returns to its start.
    pub(crate) lines: Vec<(Vec<(f32, f32)>, bool)>,
}

impl Path {
    /// Area by the shoelace formula, in square pixels; holes run the other way and are
    /// taken off.
    pub(crate) fn area(&self) -> f32 {
        let rings = self.lines.iter().map(|(ring, _)| {
            let next = ring.iter().cycle().skip(1);
            ring.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f32>()
        });
        rings.sum::<f32>().abs() / 2.0
    }

    /// Width of the widest line, in pixels.
    pub(crate) fn width(&self) -> f32 {
        let width = |line: &[(f32, f32)]| {
            let ends =
                line.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |ends, at| {
                    (ends.0.min(at.0), ends.1.max(at.0))
                });
            ends.1 - ends.0
        };
        self.lines.iter().map(|(line, _)| width(line)).fold(0.0, f32::max)
    }
}

/// Which end of a text is at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// One line of text; `y` is its base line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Text {
    pub(crate) x: f32,
    pub(crate) y: f32,
    /// Pixels an em.
    pub(crate) size: f32,
    pub(crate) weight: Weight,
    pub(crate) anchor: Anchor,
    pub(crate) color: Color,
    pub(crate) content: String,
    /// The page that it links to, or nothing.
    pub(crate) link: String,
}

/// A raster of colours that are not multiplied by their opacity, four bytes each.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Image {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) rgba: Vec<u8>,
}

/// A thing that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Item {
    /// The inside of a path, by the even-odd rule.
    Fill { path: Path, color: Color, title: String },
    /// A line along a path; `dash` is the length of dashes and gaps, 0 for none.
    Stroke { path: Path, color: Color, width: f32, dash: f32 },
    /// A circle, filled and outlined.
    Circle {
        x: f32,
        y: f32,
        radius: f32,
        fill: Color,
        outline: Color,
        width: f32,
        title: String,
    },
    /// A rectangle of one colour.
    Rect { x: f32, y: f32, width: f32, height: f32, color: Color },
    /// A raster, stretched over a rectangle.
    Raster { x: f32, y: f32, width: f32, height: f32, image: Image },
    /// A line of text.
    Text(Text),
    /// A line of text with a rim around its letters, to be read on any ground.
    Label { text: Text, halo: Color },
}

/// Things that belong together, under a name that a picture may keep.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) items: Vec<Item>,
}

/// A whole drawing, from the bottom up.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scene {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// None lets through what is behind the picture.
    pub(crate) background: Option<Color>,
    /// Dots an inch on paper.
    pub(crate) dpi: Option<f64>,
    /// What has the letters that the embedded font lacks.
    pub(crate) font: Option<crate::Font>,
    /// What the picture is about, for those who cannot see it.
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) groups: Vec<Group>,
}
