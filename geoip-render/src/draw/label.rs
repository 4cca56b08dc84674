//! Names beside places, none over another.

#![expect(
    clippy::cast_possible_truncation,
    reason = "pixels of a picture whose sides are bounded"
)]

use crate::{
    frame::Rect,
    scene::{Anchor, Color, Item, Text},
    text::{self, Weight},
};

/// The parts of a map that are taken by names.
#[derive(Debug)]
pub(crate) struct Taken {
    rect: Rect,
    areas: Vec<Area>,
}

/// Left, top, right, bottom in pixels.
type Area = [f32; 4];

/// How a name is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) size: f32,
    pub(crate) weight: Weight,
    pub(crate) color: Color,
    pub(crate) halo: Color,
    /// No name is longer than this, in pixels.
    pub(crate) longest: f32,
}

impl Taken {
    pub(crate) fn new(rect: Rect) -> Self {
        Self { rect, areas: Vec::new() }
    }

    /// Keeps names off an area.
    pub(crate) fn keep_free(&mut self, area: Area) {
        self.areas.push(area);
    }

    /// A name beside a mark of a radius: to its right if there is room, else to its
    /// left, above or below; none if there is no room at all.
    pub(crate) fn beside(
        &mut self,
        (x, y): (f64, f64),
        radius: f32,
        name: &str,
        style: &Style,
    ) -> Option<Item> {
        let (x, y) = (x as f32, y as f32);
        let name = text::clean(name);
        let name = text::shorten(&name, style.size, style.weight, style.longest);
        let width = text::width(&name, style.size, style.weight);
        let (gap, rise) = (radius + 0.3 * style.size, 0.36 * style.size);
        [
            (x + gap, y + rise),
            (x - gap - width, y + rise),
            (x - width / 2.0, y - gap),
            (x - width / 2.0, y + gap + 0.75 * style.size),
            (x + 0.7 * gap, y - 0.7 * gap),
            (x + 0.7 * gap, y + 0.7 * gap + 0.7 * style.size),
            (x - 0.7 * gap - width, y - 0.7 * gap),
            (x - 0.7 * gap - width, y + 0.7 * gap + 0.7 * style.size),
        ]
        .into_iter()
        .find_map(|start| self.put(start, &name, width, style))
    }

    /// A name over a place.
    pub(crate) fn over(
        &mut self,
        (x, y): (f64, f64),
        name: &str,
        style: &Style,
    ) -> Option<Item> {
        let name = text::clean(name);
        let name = text::shorten(&name, style.size, style.weight, style.longest);
        let width = text::width(&name, style.size, style.weight);
        let start = (x as f32 - width / 2.0, y as f32 + 0.36 * style.size);
        self.put(start, &name, width, style)
    }

    /// The name with its left end at a place of the base line, if nothing is there yet.
    fn put(
        &mut self,
        (x, y): (f32, f32),
        name: &str,
        width: f32,
        style: &Style,
    ) -> Option<Item> {
        let area = [x, y - 0.8 * style.size, x + width, y + 0.25 * style.size];
        let inside = f64::from(area[0]) >= self.rect.left
            && f64::from(area[1]) >= self.rect.top
            && f64::from(area[2]) <= self.rect.right
            && f64::from(area[3]) <= self.rect.bottom;
        let free = self.areas.iter().all(|other| {
            area[0] > other[2]
                || area[2] < other[0]
                || area[1] > other[3]
                || area[3] < other[1]
        });
        if !inside || !free || name.is_empty() {
            return None;
        }
        self.areas.push(area);
        let text = Text {
            x,
            y,
            size: style.size,
            weight: style.weight,
            anchor: Anchor::Start,
            color: style.color,
            content: name.to_owned(),
            link: String::new(),
        };
        Some(Item::Label { text, halo: style.halo })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_name_lies_over_another(
            places in proptest::collection::vec((0.0..400.0, 0.0..200.0, "[a-z]{0,30}"), 0..60),
        ) {
            let rect = Rect { left: 0.0, top: 0.0, right: 400.0, bottom: 200.0 };
            let mut taken = Taken::new(rect);
            let black = Color::hex(0);
            let style = Style {
                size: 12.0,
                weight: Weight::Regular,
                color: black,
                halo: black,
                longest: 120.0,
            };
            for (x, y, name) in &places {
                let item = taken.beside((*x, *y), 4.0, name, &style);
                prop_assert!(item.is_none() || !name.is_empty());
            }
            for (index, a) in taken.areas.iter().enumerate() {
                prop_assert!(a[0] >= 0.0 && a[1] >= 0.0 && a[2] <= 400.0 && a[3] <= 200.0);
                for b in &taken.areas[..index] {
                    let apart = a[0] > b[2] || a[2] < b[0] || a[1] > b[3] || a[3] < b[1];
                    prop_assert!(apart, "{a:?} {b:?}");
                }
            }
        }
    }
}
