//! What colours and sizes mean.

#![expect(clippy::cast_precision_loss, reason = "a legend has few entries")]

use crate::{
    page::Page,
    palette::Colors,
    scene::{Anchor, Color, Item, Text},
    text::{self, Weight},
};

/// A mark along a ramp.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    /// 0..=1 from the left end.
    pub(crate) position: f32,
    pub(crate) label: String,
}

/// A circle of the size that a count has.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Size {
    pub(crate) radius: f32,
    pub(crate) label: String,
}

/// A mark with its meaning.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Key {
    Dot { color: Color, label: String },
    Line { color: Color, width: f32, label: String },
}

/// The explanation of one layer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Legend {
    /// Colours that run into each other.
    Ramp { caption: String, colors: Vec<Color>, ticks: Vec<Tick> },
    /// Colours side by side, each with the least count of its class.
    Classes {
        caption: String,
        colors: Vec<Color>,
        labels: Vec<String>,
        /// How many countries are in each.
        countries: Vec<usize>,
        /// The largest count.
        last: String,
        /// Whether there are circles for small countries.
        small: bool,
    },
    /// Marks side by side, each with its meaning.
    Keys { caption: String, keys: Vec<Key> },
    /// Circles side by side.
    Sizes { caption: String, sizes: Vec<Size>, coarse: bool },
}

const CAPTION: f32 = 15.0;
const LABEL: f32 = 13.5;
const BAR: f32 = 11.0;

impl Legend {
    pub(crate) fn height(&self, page: &Page) -> f32 {
        let below = match self {
            Self::Ramp { .. } => BAR + 6.0 + LABEL,
            Self::Classes { .. } => BAR + 6.0 + 2.2 * LABEL + 7.0 + LABEL,
            Self::Keys { keys, .. } => {
                let lines = Pen::lines(keys, page.text, Pen::width(page)).count();
                lines as f32 * 1.5 * LABEL
            }
            Self::Sizes { sizes, coarse, .. } => {
                let largest = sizes.iter().map(|size| size.radius).fold(0.0, f32::max);
                let key = if *coarse { 6.0 + LABEL } else { 0.0 };
                return (CAPTION * 1.5 + key) * page.text
                    + (2.0 * largest).max(LABEL * page.text);
            }
        };
        (CAPTION * 1.5 + below) * page.text
    }

    /// The legend with its upper left corner at a place.
    pub(crate) fn items(
        &self,
        page: &Page,
        colors: &Colors,
        x: f32,
        y: f32,
        width: f32,
    ) -> Vec<Item> {
        let pen =
            Pen { scale: page.text, unit: page.unit, color: colors.quiet, x, width };
        let (caption, mut items) = match self {
            Self::Ramp { caption, colors: ramp, ticks } => {
                (caption, pen.ramp(y + pen.caption_height(), colors.ocean, ramp, ticks))
            }
            Self::Classes {
                caption,
                colors: classes,
                labels,
                countries,
                last,
                small,
            } => {
                let top = y + pen.caption_height();
                let mut items = pen.classes(top, classes, labels, countries, last);
                let top = top + (BAR + 6.0 + 2.2 * LABEL + 7.0) * pen.scale;
                items.extend(pen.classes_key(top, colors, *small));
                (caption, items)
            }
            Self::Keys { caption, keys } => {
                (caption, pen.keys(y + pen.caption_height(), keys))
            }
            Self::Sizes { caption, sizes, coarse } => {
                (caption, pen.sizes(y + pen.caption_height(), colors, sizes, *coarse))
            }
        };
        let size = CAPTION * pen.scale;
        let caption = text::shorten(caption, size, Weight::Regular, width);
        items.push(pen.text(x, y + size * 0.9, size, Anchor::Start, &caption));
        items
    }
}

/// Draws parts of legends.
struct Pen {
    scale: f32,
    /// A pixel of a picture of 1600, which circles on the map go by.
    unit: f32,
    color: Color,
    x: f32,
    width: f32,
}

impl Pen {
    fn caption_height(&self) -> f32 {
        CAPTION * 1.5 * self.scale
    }

    fn text(&self, x: f32, y: f32, size: f32, anchor: Anchor, content: &str) -> Item {
        Item::Text(Text {
            x,
            y,
            size,
            weight: Weight::Regular,
            anchor,
            color: self.color,
            content: content.to_owned(),
            link: String::new(),
        })
    }

    fn rect(x: f32, y: f32, width: f32, height: f32, color: Color) -> Item {
        Item::Rect { x, y, width, height, color }
    }

    fn ramp(&self, top: f32, ground: Color, ramp: &[Color], ticks: &[Tick]) -> Vec<Item> {
        let bar = BAR * self.scale;
        // Colours fade into what they lie over on the map.
        let mut items = vec![Self::rect(self.x, top, self.width, bar, ground)];
        let step = self.width / ramp.len() as f32;
        for (index, color) in ramp.iter().enumerate() {
            let left = (self.x + index as f32 * step).round();
            let right = (self.x + (index + 1) as f32 * step).round();
            items.push(Self::rect(left, top, right - left, bar, *color));
        }
        let size = LABEL * self.scale;
        let mut free_from = f32::NEG_INFINITY;
        for tick in ticks {
            let x = self.x + tick.position * self.width;
            let half = text::width(&tick.label, size, Weight::Regular) / 2.0;
            // Labels stay within the bar and never touch each other.
            let middle =
                x.clamp(self.x + half, (self.x + self.width - half).max(self.x + half));
            if middle - half < free_from {
                continue;
            }
            free_from = middle + half + 0.7 * size;
            let line = self.scale.max(1.0);
            items.push(Self::rect(
                x - line / 2.0,
                top + bar,
                line,
                4.0 * self.scale,
                self.color,
            ));
            let y = top + bar + 5.0 * self.scale + size;
            items.push(self.text(middle, y, size, Anchor::Middle, &tick.label));
        }
        items
    }

    fn classes(
        &self,
        top: f32,
        classes: &[Color],
        labels: &[String],
        countries: &[usize],
        last: &str,
    ) -> Vec<Item> {
        let (bar, size) = (BAR * self.scale, LABEL * self.scale);
        let step = (self.width / classes.len().max(1) as f32).min(90.0 * self.scale);
        let y = top + bar + 5.0 * self.scale + size;
        let mut items = Vec::new();
        for (index, (color, label)) in classes.iter().zip(labels).enumerate() {
            let left = self.x + index as f32 * step;
            items.push(Self::rect(left, top, step - 1.5 * self.scale, bar, *color));
            // Only the last class says where it ends; the others end where the next
            // one starts.
            let range = match labels.get(index + 1) {
                None if label != last => format!("{label}–{last}"),
                _ => label.clone(),
            };
            let range =
                text::shorten(&range, size, Weight::Regular, self.x + self.width - left);
            items.push(self.text(left, y, size, Anchor::Start, &range));
            if let Some(countries) = countries.get(index) {
                let many = format!("×{countries}");
                let y = y + 1.15 * size;
                items.push(self.text(left, y, 0.85 * size, Anchor::Start, &many));
            }
        }
        items
    }

    /// The width that keys are laid out in, which is that of legends.
    fn width(page: &Page) -> f32 {
        (440.0 * page.text).min(page.width - 2.0 * page.margin)
    }

    /// Keys by lines, each with where it starts.
    fn lines(
        keys: &[Key],
        scale: f32,
        width: f32,
    ) -> impl Iterator<Item = Vec<(f32, &Key)>> {
        let size = LABEL * scale;
        let mut lines: Vec<Vec<(f32, &Key)>> = Vec::new();
        let mut x = f32::INFINITY;
        for key in keys {
            let (Key::Dot { label, .. } | Key::Line { label, .. }) = key;
            let wide = text::width(label, size, Weight::Regular).min(width) + 2.0 * size;
            if x + wide > width {
                lines.push(Vec::new());
                x = 0.0;
            }
            if let Some(line) = lines.last_mut() {
                line.push((x, key));
            }
            x += wide + size;
        }
        lines.into_iter()
    }

    fn keys(&self, top: f32, keys: &[Key]) -> Vec<Item> {
        let size = LABEL * self.scale;
        let mut items = Vec::new();
        for (row, line) in Self::lines(keys, self.scale, self.width).enumerate() {
            let y = top + size * (0.9 + 1.5 * row as f32);
            for (x, key) in line {
                let x = self.x + x;
                let mut after = 1.1 * size;
                let label = match key {
                    Key::Dot { color, label } => {
                        items.push(Item::Circle {
                            x: x + 0.4 * size,
                            y: y - 0.36 * size,
                            radius: 0.36 * size,
                            fill: *color,
                            outline: *color,
                            width: 0.0,
                            title: String::new(),
                        });
                        label
                    }
                    Key::Line { color, width, label } => {
                        let y = y - 0.36 * size;
                        let ends = vec![(x, y), (x + 1.2 * size, y)];
                        let path = crate::scene::Path { lines: vec![(ends, false)] };
                        let (color, width) = (*color, *width);
                        items.push(Item::Stroke { path, color, width, dash: 0.0 });
                        after = 1.7 * size;
                        label
                    }
                };
                let room = self.width - 2.0 * size;
                let label = text::shorten(label, size, Weight::Regular, room);
                items.push(self.text(x + after, y, size, Anchor::Start, &label));
            }
        }
        items
    }

    fn classes_key(&self, top: f32, colors: &Colors, small: bool) -> Vec<Item> {
        let size = LABEL * self.scale;
        let swatch = BAR * self.scale;
        let y = top + size;
        let none = colors.land;
        let mut x = self.x;
        let mut items = vec![Self::rect(x, y - swatch * 0.9, swatch, swatch, none)];
        x += swatch + 6.0 * self.scale;
        items.push(self.text(x, y, size, Anchor::Start, "none"));
        if small {
            x += text::width("none", size, Weight::Regular) + 22.0 * self.scale;
            items.push(Item::Circle {
                x,
                y: y - swatch * 0.4,
                radius: 4.2 * self.scale,
                fill: none.alpha(0.0),
                outline: colors.ink.alpha(0.75),
                width: 0.9 * self.scale,
                title: String::new(),
            });
            x += 11.0 * self.scale;
            let words = "too small to see at this scale";
            items.push(self.text(x, y, size, Anchor::Start, words));
        }
        items
    }

    fn sizes(
        &self,
        top: f32,
        colors: &Colors,
        sizes: &[Size],
        coarse: bool,
    ) -> Vec<Item> {
        let size = LABEL * self.scale;
        let largest = sizes.iter().map(|size| size.radius).fold(0.0, f32::max);
        let height = (2.0 * largest).max(size);
        let middle = top + height / 2.0;
        let mut items = Vec::new();
        let mut x = self.x;
        for entry in sizes {
            let look = colors.circle(entry.radius / self.unit, false);
            items.push(Item::Circle {
                x: x + entry.radius,
                y: middle,
                radius: entry.radius,
                fill: look.fill,
                outline: look.outline,
                width: look.width * self.unit,
                title: String::new(),
            });
            x += 2.0 * entry.radius + 7.0 * self.scale;
            items.push(self.text(
                x,
                middle + 0.36 * size,
                size,
                Anchor::Start,
                &entry.label,
            ));
            x += text::width(&entry.label, size, Weight::Regular) + 26.0 * self.scale;
        }
        if coarse {
            let y = top + height + 6.0 * self.scale + size * 0.85;
            let radius = 5.0 * self.scale;
            let look = colors.circle(radius, true);
            items.push(Item::Circle {
                x: self.x + radius,
                y: y - 0.36 * size,
                radius,
                fill: look.fill,
                outline: look.outline,
                width: look.width * self.scale,
                title: String::new(),
            });
            let x = self.x + 2.0 * radius + 7.0 * self.scale;
            let words = "known to the country or region only";
            items.push(self.text(x, y, size, Anchor::Start, words));
        }
        items
    }
}
