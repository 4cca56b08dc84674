//! Rows of counts beside a map.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "pixels of a picture whose sides are bounded"
)]

use super::{Canvas, Taken};
use crate::{
    Unit,
    scene::{Anchor, Color, Item, Text},
    text::{self, Weight},
};

/// More rows would cover the map.
const MOST_ROWS: usize = 40;

/// A panel with names, counts and shares in the lower left corner of the map, as many
/// rows as it has room for.
pub(super) fn draw(
    rows: &[(&str, u64, Color)],
    all: u64,
    unit: Unit,
    canvas: &Canvas<'_>,
    taken: &mut Taken,
) -> Vec<Item> {
    let size = 12.5 * canvas.page.text;
    let (line, pad) = (1.4 * size, 0.7 * size);
    let rect = canvas.frame.rect;
    let room = ((rect.height() as f32 - 3.0 * pad) / line).floor() - 1.0;
    let fitting = (1..=MOST_ROWS).take_while(|&rows| rows as f32 <= room).count();
    let rows = &rows[..rows.len().min(fitting)];
    if rows.is_empty() {
        return Vec::new();
    }
    let width = (19.0 * size).min(rect.width() as f32 * 0.45);
    let height = (rows.len() + 1) as f32 * line + 1.4 * pad;
    let (left, top) = (rect.left as f32 + pad, rect.bottom as f32 - height - pad);
    taken.keep_free([left, top, left + width, top + height]);
    let ground = canvas.colors.background.alpha(0.82);
    let mut items = vec![Item::Rect { x: left, y: top, width, height, color: ground }];
    let mut put = |x: f32, y: f32, anchor: Anchor, color: Color, content: String| {
        items.push(Item::Text(Text {
            x,
            y,
            size,
            weight: Weight::Regular,
            anchor,
            color,
            content,
            link: String::new(),
        }));
    };
    let ends = [left + width - pad - 3.2 * size, left + width - pad];
    let (ink, quiet) = (canvas.colors.ink, canvas.colors.quiet);
    let first = top + pad + size * 0.8;
    let noun = unit.noun(2).to_owned();
    put(ends[0], first, Anchor::End, quiet, noun);
    put(ends[1], first, Anchor::End, quiet, "share".to_owned());
    for (index, (name, count, _)) in rows.iter().enumerate() {
        let y = first + (index + 1) as f32 * line;
        let longest = width - 11.0 * size;
        let name = text::shorten(name, size, Weight::Regular, longest).into_owned();
        put(left + pad + 1.1 * size, y, Anchor::Start, ink, name);
        put(ends[0], y, Anchor::End, ink, text::grouped(*count));
        let share = *count as f64 / all.max(1) as f64 * 100.0;
        let digits = usize::from(share < 10.0);
        put(ends[1], y, Anchor::End, quiet, format!("{share:.digits$} %"));
    }
    for (index, (_, _, color)) in rows.iter().enumerate() {
        let y = first + (index + 1) as f32 * line - 0.72 * size;
        let (x, square) = (left + pad, 0.75 * size);
        items.push(Item::Rect { x, y, width: square, height: square, color: *color });
    }
    items
}
