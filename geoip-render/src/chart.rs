//! Charts of tallies.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "pixels of a picture whose sides are bounded"
)]

use plotters::{
    coord::Shift,
    drawing::{DrawingArea, IntoDrawingArea},
    element::{Rectangle, Text},
    prelude::SVGBackend,
    style::{
        Color as _, IntoFont, RGBColor,
        text_anchor::{HPos, Pos, VPos},
    },
};

use crate::{
    Error, Theme, Unit, palette,
    scene::Color,
    text::{self, Weight},
};

/// Bars drawn at most; what is more is summed up in a last one.
const MAX_BARS: usize = 100;
const WIDTHS: std::ops::RangeInclusive<u32> = 200..=10_000;
const BAR_HEIGHT: i32 = 18;
const STEP: i32 = 26;
const SIZE: f32 = 13.0;
const TITLE_SIZE: f32 = 17.0;
const MARGIN: i32 = 12;

/// Counts as horizontal bars, in the order given.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bars {
    /// The heading, or nothing.
    pub title: String,
    /// Labels and their counts, from the top.
    pub rows: Vec<(String, u64)>,
    /// What is counted.
    pub unit: Unit,
    /// Dark or light.
    pub theme: Theme,
    /// Width in pixels; the height follows from the number of rows.
    pub width: u32,
}

impl Bars {
    /// A light chart, 720 pixels wide.
    pub fn new(title: impl Into<String>, rows: Vec<(String, u64)>, unit: Unit) -> Self {
        Self { title: title.into(), rows, unit, theme: Theme::Light, width: 720 }
    }

    /// Sets dark or light.
    #[must_use]
    pub fn theme(mut self, theme: Theme) -> Self {
        self.theme = theme;
        self
    }

    /// Sets the width in pixels.
    #[must_use]
    pub fn width(mut self, width: u32) -> Self {
        self.width = width;
        self
    }
}

/// Draws bars as SVG on a transparent ground, with real text.
///
/// After a hundred bars one more sums up the rest. Labels are shortened to their
/// column, and cannot leave it whatever is in them.
///
/// # Errors
/// [`Error::InvalidSize`] unless the width lies in 200..=10000.
///
/// # Examples
/// ```
/// use geoip_render::{Bars, Unit, bars_svg};
///
/// let rows = vec![("Brazil".to_owned(), 1200), ("Sweden".to_owned(), 31)];
/// let chart = bars_svg(&Bars::new("Countries", rows, Unit::Addresses))?;
/// assert!(chart.contains("Brazil") && chart.contains("1,200"));
/// # Ok::<(), geoip_render::Error>(())
/// ```
pub fn bars_svg(bars: &Bars) -> Result<String, Error> {
    if !WIDTHS.contains(&bars.width) {
        let reason = format!(
            "the width of a chart must lie in {}..={} pixels",
            WIDTHS.start(),
            WIDTHS.end()
        );
        return Err(Error::InvalidSize { width: bars.width, height: 0, reason });
    }
    let rows = rows(bars);
    let title = text::clean(&bars.title);
    let heading = if title.is_empty() { 0 } else { 30 };
    let lines = i32::try_from(rows.len().max(1)).unwrap_or(i32::MAX);
    let height = heading + lines * STEP + MARGIN;
    let mut out = String::new();
    {
        let size = (bars.width, height.unsigned_abs());
        let area = SVGBackend::with_string(&mut out, size).into_drawing_area();
        let chart = Chart { area: &area, colors: palette::colors(bars.theme), bars };
        chart.draw(&title, heading, &rows)?;
        area.present().map_err(encode)?;
    }
    Ok(out)
}

/// Rows with clean labels, the last summing up what is too much.
fn rows(bars: &Bars) -> Vec<(String, u64)> {
    let clean = |(label, count): &(String, u64)| (text::clean(label), *count);
    let mut rows: Vec<_> = bars.rows.iter().take(MAX_BARS).map(clean).collect();
    if let Some(rest) = bars.rows.get(MAX_BARS..).filter(|rest| !rest.is_empty()) {
        let sum = rest.iter().fold(0_u64, |sum, (_, count)| sum.saturating_add(*count));
        rows.push((format!("{} more", text::grouped(rest.len() as u64)), sum));
    }
    rows
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

struct Chart<'a, 'b> {
    area: &'a Area<'b>,
    colors: palette::Colors,
    bars: &'a Bars,
}

impl Chart<'_, '_> {
    fn draw(
        &self,
        title: &str,
        heading: i32,
        rows: &[(String, u64)],
    ) -> Result<(), Error> {
        let width = self.bars.width as f32;
        let limit = width - 2.0 * MARGIN as f32;
        let title = text::shorten(title, TITLE_SIZE, Weight::SemiBold, limit);
        self.text(&title, MARGIN, heading / 2, TITLE_SIZE, self.colors.ink, HPos::Left)?;
        if rows.is_empty() {
            let words = format!("No {} to show", self.bars.unit.noun(0));
            return self.text(
                &words,
                MARGIN,
                heading + STEP / 2,
                SIZE,
                self.colors.quiet,
                HPos::Left,
            );
        }
        let widest = |texts: &mut dyn Iterator<Item = f32>| texts.fold(0.0, f32::max);
        let of_label = |label: &str| text::width(label, SIZE, Weight::Regular);
        let labels = widest(&mut rows.iter().map(|(label, _)| of_label(label)));
        let column = labels.min(width * 0.38).ceil();
        let counts: Vec<String> =
            rows.iter().map(|(_, count)| text::grouped(*count)).collect();
        let behind = widest(&mut counts.iter().map(|count| of_label(count))).ceil();
        let left = MARGIN as f32 + column + 10.0;
        let longest = (width - left - behind - 8.0 - MARGIN as f32).max(1.0);
        let largest = rows.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
        let tops =
            (heading + (STEP - BAR_HEIGHT) / 2..).step_by(STEP.unsigned_abs() as usize);
        for (((label, count), number), top) in rows.iter().zip(&counts).zip(tops) {
            let middle = top + BAR_HEIGHT / 2;
            let label = text::shorten(label, SIZE, Weight::Regular, column);
            let at = left as i32 - 10;
            self.text(&label, at, middle, SIZE, self.colors.ink, HPos::Right)?;
            let share = *count as f64 / largest as f64;
            // What is there is seen, however little it is.
            let length = (share as f32 * longest).max(if *count > 0 { 1.0 } else { 0.0 });
            let right = (left + length).round() as i32;
            let corners = [(left as i32, top), (right, top + BAR_HEIGHT)];
            let fill = rgb(self.colors.mark).filled();
            self.area.draw(&Rectangle::new(corners, fill)).map_err(encode)?;
            self.text(number, right + 6, middle, SIZE, self.colors.quiet, HPos::Left)?;
        }
        Ok(())
    }

    fn text(
        &self,
        content: &str,
        x: i32,
        y: i32,
        size: f32,
        color: Color,
        anchor: HPos,
    ) -> Result<(), Error> {
        // The library divides sizes by this before it writes them.
        const SIZE_FACTOR: f64 = 1.24;
        let color = rgb(color);
        let font =
            ("sans-serif", f64::from(size) * SIZE_FACTOR).into_font().color(&color);
        let style = font.pos(Pos::new(anchor, VPos::Center));
        self.area.draw(&Text::new(content.to_owned(), (x, y), style)).map_err(encode)
    }
}

fn rgb(color: Color) -> RGBColor {
    let [r, g, b] = color.rgb;
    RGBColor(r, g, b)
}

fn encode(source: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Encode { source: Box::new(source) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn draw(rows: &[(&str, u64)]) -> String {
        let rows =
            rows.iter().map(|(label, count)| ((*label).to_owned(), *count)).collect();
        bars_svg(&Bars::new("Networks", rows, Unit::Hits)).unwrap()
    }

    fn bar_widths(svg: &str) -> Vec<u32> {
        let rects = svg.split("<rect ").skip(1);
        rects
            .filter_map(|rect| {
                rect.split_once(" width=\"")?.1.split('"').next()?.parse().ok()
            })
            .collect()
    }

    #[test]
    fn bars_are_as_long_as_their_counts() {
        let widths = bar_widths(&draw(&[("a", 1000), ("b", 500), ("c", 1), ("d", 0)]));
        let longest = widths[0];
        assert!(longest > 500 && widths[1].abs_diff(longest / 2) <= 1, "{widths:?}");
        assert!(widths[2] >= 1);
    }

    #[test]
    fn a_hostile_label_stays_text() {
        let svg = draw(&[("</text><script>alert(1)</script>", 3), ("\u{202e}\n", 1)]);
        assert!(!svg.contains("<script>") && svg.contains("&lt;script&gt;"), "{svg}");
    }

    #[test]
    fn no_row_is_said_and_many_are_summed_up() {
        assert!(draw(&[]).contains("No hits to show"));
        let rows: Vec<_> = (0..150).map(|i| (format!("row {i}"), 2)).collect();
        let svg = bars_svg(&Bars::new("", rows, Unit::Hits)).unwrap();
        assert!(svg.contains("50 more") && svg.contains("100"));
    }

    #[test]
    fn widths_that_are_none_are_refused() {
        for width in [0, 199, u32::MAX] {
            assert!(bars_svg(&Bars::new("", vec![], Unit::Hits).width(width)).is_err());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_rows_are_drawn_within_the_width(
            rows in proptest::collection::vec((".{0,40}", any::<u64>()), 0..12),
            width in 200..2000_u32,
        ) {
            let svg = bars_svg(&Bars::new("x", rows, Unit::Addresses).width(width)).unwrap();
            prop_assert!(bar_widths(&svg).iter().all(|&bar| bar <= width));
        }
    }
}
