//! The text above and below the map, and the room that it takes.

#![expect(
    clippy::cast_precision_loss,
    reason = "pixels of a picture whose sides are bounded"
)]

use crate::{
    Credit, Map,
    frame::Rect,
    legend::Legend,
    palette::Colors,
    scene::{Anchor, Color, Item, Text},
    text::{self, Weight},
};

/// Lines of notes at most; what is more is counted.
const NOTE_LINES: usize = 10;
const BASE_MAP_CREDIT: (&str, &str) =
    ("Made with Natural Earth", "https://www.naturalearthdata.com");

/// Measures of a picture that follow from its width.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    pub(crate) width: f32,
    /// A pixel of a picture of 1600: for marks and lines.
    pub(crate) unit: f32,
    /// The same for text, which must be read on small pictures too.
    pub(crate) text: f32,
    pub(crate) margin: f32,
}

impl Page {
    pub(crate) fn new(width: u32) -> Self {
        let width = width as f32;
        let unit = (width / 1600.0).max(0.3);
        Self { width, unit, text: unit.max(0.75), margin: (28.0 * unit).max(10.0) }
    }

    /// Where the map goes under a header, as high as its shape asks for but no higher
    /// than wide.
    pub(crate) fn map_rect(&self, header: &Header, aspect: f64) -> Rect {
        let (left, top) =
            (f64::from(self.margin.round()), f64::from(header.height(self)).ceil());
        let right = f64::from(self.width) - left;
        let height = ((right - left) * aspect.min(1.0)).round().max(40.0);
        Rect { left, top, right, bottom: top + height }
    }

    fn inner_width(&self) -> f32 {
        self.width - 2.0 * self.margin
    }
}

/// Lines of text of one look.
#[derive(Clone, Debug)]
struct Block {
    lines: Vec<String>,
    size: f32,
    weight: Weight,
}

impl Block {
    fn line_height(&self) -> f32 {
        self.size * 1.32
    }

    fn height(&self) -> f32 {
        self.lines.len() as f32 * self.line_height()
    }

    /// The lines from a top edge down.
    fn items(&self, x: f32, top: f32, color: Color) -> impl Iterator<Item = Item> {
        self.lines.iter().enumerate().map(move |(index, line)| {
            Item::Text(Text {
                x,
                y: top + index as f32 * self.line_height() + self.size,
                size: self.size,
                weight: self.weight,
                anchor: Anchor::Start,
                color,
                content: line.clone(),
                link: String::new(),
            })
        })
    }
}

/// Title and subtitle.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    title: Block,
    subtitle: Block,
    whole_title: String,
}

impl Header {
    pub(crate) fn new(map: &Map, page: &Page) -> Self {
        let whole_title = text::clean(&map.title);
        let limit = page.inner_width();
        // A long title is set smaller before it is broken.
        let full = 30.0 * page.text;
        let wanted = text::width(&whole_title, full, Weight::SemiBold);
        let size = (full * limit / wanted.max(1.0)).clamp(full * 0.72, full);
        let title = Block {
            lines: text::wrap(&whole_title, size * 0.999, Weight::SemiBold, limit, 2),
            size: size * 0.999,
            weight: Weight::SemiBold,
        };
        let size = 17.0 * page.text;
        let subtitle = text::clean(&map.subtitle);
        let subtitle = Block {
            lines: text::wrap(&subtitle, size, Weight::Regular, limit, 3),
            size,
            weight: Weight::Regular,
        };
        Self { title, subtitle, whole_title }
    }

    pub(crate) fn title_text(&self) -> String {
        self.whole_title.clone()
    }

    fn height(&self, page: &Page) -> f32 {
        let gap = 18.0 * page.text;
        if self.title.lines.is_empty() && self.subtitle.lines.is_empty() {
            return page.margin;
        }
        page.margin * 0.75 + self.title.height() + self.subtitle.height() + gap
    }

    pub(crate) fn items(&self, page: &Page, colors: &Colors) -> Vec<Item> {
        let top = page.margin * 0.75;
        let title = self.title.items(page.margin, top, colors.ink);
        let below = top + self.title.height() + 2.0 * page.text;
        let subtitle = self.subtitle.items(page.margin, below, colors.quiet);
        title.chain(subtitle).collect()
    }
}

/// Legends, notes, how it was drawn, and whose data it is.
#[derive(Clone, Debug)]
pub(crate) struct Footer {
    legends: Vec<Legend>,
    notes: Block,
    method: Block,
    /// Words with the page they link to, line by line.
    credits: Vec<Vec<(String, String)>>,
    /// Whether legends and text are side by side.
    beside: bool,
}

/// What stands between two credits of a line, in the middle of a gap of so many ems.
const SEPARATOR: &str = "·";
const SEPARATOR_GAP: f32 = 1.6;

impl Footer {
    pub(crate) fn new<'a>(
        page: &Page,
        legends: Vec<Legend>,
        notes: impl Iterator<Item = &'a String>,
        method: &str,
        credits: &[Credit],
    ) -> Self {
        let beside = page.inner_width() >= 900.0 * page.text && !legends.is_empty();
        let mut footer = Self {
            legends,
            notes: Block {
                lines: Vec::new(),
                size: 14.0 * page.text,
                weight: Weight::Regular,
            },
            method: Block {
                lines: Vec::new(),
                size: 12.0 * page.text,
                weight: Weight::Regular,
            },
            credits: Vec::new(),
            beside,
        };
        let limit = footer.text_width(page);
        footer.notes.lines = note_lines(notes, footer.notes.size, limit);
        footer.method.lines = text::wrap(
            &text::clean(method),
            footer.method.size,
            Weight::Regular,
            limit,
            3,
        );
        footer.credits = credit_lines(credits, footer.method.size, limit);
        footer
    }

    /// Width of the column of legends, with the gap beside it.
    fn legend_column(page: &Page) -> f32 {
        500.0 * page.text
    }

    fn legend_width(page: &Page) -> f32 {
        (440.0 * page.text).min(page.inner_width())
    }

    fn text_width(&self, page: &Page) -> f32 {
        page.inner_width() - if self.beside { Self::legend_column(page) } else { 0.0 }
    }

    fn legends_height(&self, page: &Page) -> f32 {
        let gap = 16.0 * page.text;
        let heights = self.legends.iter().map(|legend| legend.height(page) + gap);
        (heights.sum::<f32>() - gap).max(0.0)
    }

    fn text_height(&self, page: &Page) -> f32 {
        let credits = self.credits.len() as f32 * self.method.line_height();
        self.notes.height() + self.notes_gap(page) + self.method.height() + credits
    }

    fn notes_gap(&self, page: &Page) -> f32 {
        if self.notes.lines.is_empty() { 0.0 } else { 6.0 * page.text }
    }

    /// The room between the map and the lower end of the picture.
    pub(crate) fn height(&self, page: &Page) -> f64 {
        let (legends, text) = (self.legends_height(page), self.text_height(page));
        let gap = if legends > 0.0 { 18.0 * page.text } else { 0.0 };
        let body = if self.beside { legends.max(text) } else { legends + gap + text };
        f64::from(18.0 * page.text + body + page.margin * 0.75).ceil()
    }

    /// Everything, from the lower end of the map down.
    pub(crate) fn items(&self, page: &Page, colors: &Colors, bottom: f32) -> Vec<Item> {
        let top = bottom + 18.0 * page.text;
        let mut items = Vec::new();
        let mut y = top;
        for legend in &self.legends {
            items.extend(legend.items(
                page,
                colors,
                page.margin,
                y,
                Self::legend_width(page),
            ));
            y += legend.height(page) + 16.0 * page.text;
        }
        let (x, mut y) = match (self.beside, self.legends.is_empty()) {
            (true, _) => (page.margin + Self::legend_column(page), top),
            (false, true) => (page.margin, top),
            (false, false) => (page.margin, y + 2.0 * page.text),
        };
        items.extend(self.notes.items(x, y, colors.quiet));
        y += self.notes.height() + self.notes_gap(page);
        let faint = colors.quiet.alpha(0.85);
        items.extend(self.method.items(x, y, faint));
        y += self.method.height();
        for line in &self.credits {
            let size = self.method.size;
            let mut x = x;
            for (index, (words, link)) in line.iter().enumerate() {
                let mut put = |x: f32, anchor: Anchor, content: &str, link: &str| {
                    items.push(Item::Text(Text {
                        x,
                        y: y + size,
                        size,
                        weight: Weight::Regular,
                        anchor,
                        color: faint,
                        content: content.to_owned(),
                        link: link.to_owned(),
                    }));
                };
                if index > 0 {
                    put(x + SEPARATOR_GAP / 2.0 * size, Anchor::Middle, SEPARATOR, "");
                    x += SEPARATOR_GAP * size;
                }
                put(x, Anchor::Start, words, link);
                x += text::width(words, size, Weight::Regular);
            }
            y += self.method.line_height();
        }
        items
    }
}

/// Notes in as many lines as they need, up to a limit that is said when it is met.
fn note_lines<'a>(
    notes: impl Iterator<Item = &'a String>,
    size: f32,
    limit: f32,
) -> Vec<String> {
    let notes: Vec<String> = notes.map(|note| text::clean(note)).collect();
    let mut lines: Vec<String> = Vec::new();
    for (index, note) in notes.iter().enumerate() {
        let fresh = text::wrap(note, size, Weight::Regular, limit, 2);
        if lines.len() + fresh.len() > NOTE_LINES {
            let more = notes.len() - index;
            lines.push(format!(
                "… and {more} more {}",
                if more == 1 { "note" } else { "notes" }
            ));
            return lines;
        }
        lines.extend(fresh);
    }
    lines
}

/// Credits side by side as far as they fit into a line, with the address of each, for
/// paper has no links.
fn credit_lines(credits: &[Credit], size: f32, limit: f32) -> Vec<Vec<(String, String)>> {
    let named = credits.iter().map(|credit| {
        let address = credit.url.split_once("://").map_or("", |(_, address)| address);
        let address = text::clean(address.trim_end_matches('/'));
        let words = text::clean(&credit.text);
        let told = address.is_empty() || words.contains(&address);
        let words = if told { words } else { format!("{words} ({address})") };
        (words, credit.url.clone())
    });
    let (words, url) = BASE_MAP_CREDIT;
    let all = named.chain([(words.to_owned(), url.to_owned())]);

    let separator = SEPARATOR_GAP * size;
    let mut lines: Vec<Vec<(String, String)>> = Vec::new();
    let mut used = f32::INFINITY;
    for (words, url) in all.filter(|(words, _)| !words.is_empty()) {
        let words = text::shorten(&words, size, Weight::Regular, limit).into_owned();
        let width = text::width(&words, size, Weight::Regular);
        if used + separator + width > limit {
            lines.push(Vec::new());
            used = width;
        } else {
            used += separator + width;
        }
        if let Some(line) = lines.last_mut() {
            line.push((words, url));
        }
    }
    lines
}
