//! A scene as a PNG.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixels of a picture whose sides are bounded"
)]

use ab_glyph::{Font, FontRef, GlyphId, OutlinedGlyph, Point};
use tiny_skia::{
    FillRule, LineCap, LineJoin, Paint, PathBuilder, Pixmap, Stroke, StrokeDash,
    Transform,
};

use crate::{
    Error, Map, draw, encode,
    scene::{Anchor, Color, Image, Item, Path, Scene, Text},
    svg::HALO,
    text,
};

/// Draws a map as a PNG.
///
/// # Errors
/// What [`Error`] lists: sizes, extents and bandwidths that cannot be drawn.
///
/// # Complexity
/// About linear in the pixels; points add less than a microsecond each.
///
/// # Examples
/// ```
/// use geoip_render::{Map, png};
///
/// let picture = png(&Map::new("An empty world").size(400, None))?;
/// assert!(picture.starts_with(b"\x89PNG"));
/// # Ok::<(), geoip_render::Error>(())
/// ```
pub fn png(map: &Map) -> Result<Vec<u8>, Error> {
    let scene = draw::scene(map)?;
    let canvas = paint(&scene)?;
    let (color, pixels) = pixels(&scene, canvas);
    encode::picture(&scene, color, &[pixels], 0)
}

/// The bytes of a painted scene as a PNG has them.
fn pixels(scene: &Scene, canvas: Pixmap) -> (png::ColorType, Vec<u8>) {
    if scene.background.is_none() {
        return (png::ColorType::Rgba, canvas.take_demultiplied());
    }
    // The background is opaque, so that colours are as they are and alpha says nothing.
    let pixels = canvas.data().as_chunks::<4>().0;
    let mut rgb = Vec::with_capacity(pixels.len() * 3);
    for [r, g, b, _] in pixels {
        rgb.extend_from_slice(&[*r, *g, *b]);
    }
    (png::ColorType::Rgb, rgb)
}

/// Draws maps as one animated PNG, each shown for so many milliseconds, over and over.
///
/// Programs that do not know animated PNG show the first. Heat layers that set no
/// floor or ceiling of their own share those of the widest range, so that a colour
/// means the same in every picture. All are as high as the highest.
///
/// # Errors
/// What [`Error`] lists; [`Error::InvalidFrames`] for no maps, for more than a
/// thousand, for maps that are not of one width, and for a picture of them all that
/// would hold more than 250 million pixels.
///
/// # Examples
/// ```
/// use geoip_render::{Map, animated_png};
///
/// let day = |title: &str| Map::new(title).size(300, Some(220));
/// let picture = animated_png(&[day("Monday"), day("Tuesday")], 500)?;
/// assert!(picture.windows(4).any(|name| name == b"acTL"));
/// # Ok::<(), geoip_render::Error>(())
/// ```
pub fn animated_png(maps: &[Map], milliseconds: u16) -> Result<Vec<u8>, Error> {
    const MOST: usize = 1000;
    const MOST_PIXELS: u64 = 250_000_000;
    let invalid =
        |reason: &'static str| Error::InvalidFrames { frames: maps.len(), reason };
    if maps.is_empty() || maps.len() > MOST {
        return Err(invalid("must be from 1 to 1000"));
    }
    let mut maps = draw::with_one_scale(maps)?;
    if maps.iter().any(|map| map.height.is_none()) {
        let mut tallest = 0;
        for map in &maps {
            tallest = tallest.max(draw::scene(map)?.height);
        }
        for map in &mut maps {
            map.height = Some(tallest);
        }
    }
    let mut frames = Vec::with_capacity(maps.len());
    let mut first: Option<(Scene, png::ColorType)> = None;
    for map in &maps {
        let scene = draw::scene(map)?;
        let all = u64::from(scene.width) * u64::from(scene.height) * maps.len() as u64;
        if all > MOST_PIXELS {
            return Err(invalid("hold too many pixels together"));
        }
        let (color, pixels) = pixels(&scene, paint(&scene)?);
        let (of_first, of_color) = first.get_or_insert_with(|| (scene.clone(), color));
        let same = (of_first.width, of_first.height) == (scene.width, scene.height);
        if !same || *of_color != color {
            return Err(invalid(
                "must be of one width and either all transparent or none",
            ));
        }
        frames.push(pixels);
    }
    let (scene, color) = first.ok_or_else(|| invalid("must be from 1 to 1000"))?;
    encode::picture(&scene, color, &frames, milliseconds)
}

fn paint(scene: &Scene) -> Result<Pixmap, Error> {
    let (width, height) = (scene.width, scene.height);
    let mut canvas = Pixmap::new(width, height).ok_or_else(|| Error::InvalidSize {
        width,
        height,
        reason: "there is no memory for it".to_owned(),
    })?;
    if let Some(background) = scene.background {
        canvas.fill(skia(background));
    }
    for item in scene.groups.iter().flat_map(|group| &group.items) {
        paint_item(&mut canvas, item, scene.font.as_ref());
    }
    Ok(canvas)
}

fn paint_item(canvas: &mut Pixmap, item: &Item, font: Option<&crate::Font>) {
    match item {
        Item::Fill { path, color, .. } => {
            if let Some(path) = trace(path) {
                let (paint, rule) = (solid(*color), FillRule::EvenOdd);
                canvas.fill_path(&path, &paint, rule, Transform::identity(), None);
            }
        }
        Item::Stroke { path, color, width, dash } => {
            if let Some(path) = trace(path) {
                let dash = StrokeDash::new(vec![*dash, *dash], 0.0);
                let stroke = line(*width, dash);
                canvas.stroke_path(
                    &path,
                    &solid(*color),
                    &stroke,
                    Transform::identity(),
                    None,
                );
            }
        }
        Item::Circle { x, y, radius, fill, outline, width, .. } => {
            if let Some(path) = PathBuilder::from_circle(*x, *y, *radius) {
                let (paint, rule) = (solid(*fill), FillRule::Winding);
                canvas.fill_path(&path, &paint, rule, Transform::identity(), None);
                if *width > 0.0 {
                    let (paint, stroke) = (solid(*outline), line(*width, None));
                    canvas.stroke_path(
                        &path,
                        &paint,
                        &stroke,
                        Transform::identity(),
                        None,
                    );
                }
            }
        }
        Item::Rect { x, y, width, height, color } => {
            if let Some(rect) = tiny_skia::Rect::from_xywh(*x, *y, *width, *height) {
                canvas.fill_rect(rect, &solid(*color), Transform::identity(), None);
            }
        }
        Item::Raster { x, y, width, height, image } => {
            paint_raster(canvas, [*x, *y, *width, *height], image);
        }
        Item::Text(text) => paint_text(canvas, text, text.color, (0.0, 0.0), font),
        Item::Label { text, halo } => {
            let rim = text.size * HALO;
            for step in 0..8_u8 {
                let (sin, cos) =
                    (f32::from(step) * std::f32::consts::FRAC_PI_4).sin_cos();
                paint_text(canvas, text, *halo, (rim * cos, rim * sin), font);
            }
            paint_text(canvas, text, text.color, (0.0, 0.0), font);
        }
    }
}

fn skia(color: Color) -> tiny_skia::Color {
    let [r, g, b] = color.rgb;
    tiny_skia::Color::from_rgba8(r, g, b, (color.alpha * 255.0).round() as u8)
}

fn solid(color: Color) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color(skia(color));
    paint.anti_alias = true;
    paint
}

fn line(width: f32, dash: Option<StrokeDash>) -> Stroke {
    let (line_join, line_cap) = (LineJoin::Round, LineCap::Round);
    Stroke { width, line_join, line_cap, dash, ..Stroke::default() }
}

fn trace(path: &Path) -> Option<tiny_skia::Path> {
    let mut builder = PathBuilder::new();
    for (points, closed) in &path.lines {
        for (index, &(x, y)) in points.iter().enumerate() {
            if index == 0 { builder.move_to(x, y) } else { builder.line_to(x, y) }
        }
        if *closed {
            builder.close();
        }
    }
    builder.finish()
}

/// Lays a raster over a rectangle of whole pixels, smoothly where it is enlarged.
fn paint_raster(
    canvas: &mut Pixmap,
    [left, top, width, height]: [f32; 4],
    image: &Image,
) {
    let (columns, rows) = (canvas.width() as usize, canvas.height() as usize);
    let (left, top) = (left.round().max(0.0) as usize, top.round().max(0.0) as usize);
    let right = (left + width.round() as usize).min(columns);
    let bottom = (top + height.round() as usize).min(rows);
    let places = |from: usize, to: usize, cells: usize, length: f32| -> Vec<Between> {
        let per_pixel = cells as f32 / length;
        (0..to.saturating_sub(from))
            .map(|index| Between::at((index as f32 + 0.5) * per_pixel - 0.5, cells))
            .collect()
    };
    let across = places(left, right, image.width, width);
    let down = places(top, bottom, image.height, height);
    let pixels = canvas.data_mut();
    for (row, place) in (top..bottom).zip(&down) {
        let start = (row * columns + left) * 4;
        for (pixel, column) in pixels[start..].chunks_exact_mut(4).zip(&across) {
            let sample = image.sample(column, place);
            let alpha = sample[3];
            if alpha > 0.0 {
                blend(pixel, [sample[0], sample[1], sample[2]], alpha);
            }
        }
    }
}

/// A place between two cells of a row or column.
#[derive(Clone, Copy)]
struct Between {
    first: usize,
    second: usize,
    /// How much of the second there is.
    share: f32,
}

impl Between {
    fn at(place: f32, cells: usize) -> Self {
        let place = place.max(0.0);
        let (first, share) = (place as usize, place.fract());
        let last = cells.saturating_sub(1);
        // Where a cell is a pixel, rounding must not mix two.
        let share = if share < 1e-3 { 0.0 } else { share };
        Self { first: first.min(last), second: (first + 1).min(last), share }
    }
}

/// Lays a colour over a pixel, whose own are multiplied by its opacity.
fn blend(pixel: &mut [u8], [r, g, b]: [f32; 3], alpha: f32) {
    for (channel, ink) in pixel.iter_mut().zip([r, g, b, 255.0]) {
        let below = f32::from(*channel);
        *channel = (below + (ink - below) * alpha + 0.5) as u8;
    }
}

impl Image {
    /// The colour, 0..=255, and opacity, 0..=1, between the four cells around a place.
    fn sample(&self, column: &Between, row: &Between) -> [f32; 4] {
        let cell = |column: usize, row: usize| -> [u8; 4] {
            let at = (row * self.width + column) * 4;
            [self.rgba[at], self.rgba[at + 1], self.rgba[at + 2], self.rgba[at + 3]]
        };
        let cells = [
            cell(column.first, row.first),
            cell(column.second, row.first),
            cell(column.first, row.second),
            cell(column.second, row.second),
        ];
        // Most of most rasters is empty.
        if cells.iter().all(|cell| cell[3] == 0) {
            return [0.0; 4];
        }
        let (right, below) = (column.share, row.share);
        let shares = [
            (1.0 - right) * (1.0 - below),
            right * (1.0 - below),
            (1.0 - right) * below,
            right * below,
        ];
        // Colours count by their opacity: what is not there has none.
        let mut mixed = [0.0; 4];
        for (cell, share) in cells.iter().zip(shares) {
            let opacity = share * f32::from(cell[3]) / 255.0;
            for (sum, value) in mixed.iter_mut().zip(cell).take(3) {
                *sum += opacity * f32::from(*value);
            }
            mixed[3] += opacity;
        }
        if mixed[3] > 0.0 {
            let opacity = mixed[3];
            mixed[..3].iter_mut().for_each(|value| *value /= opacity);
        }
        mixed
    }
}

/// Where letters come from.
#[derive(Clone, Copy)]
struct Fonts<'a> {
    own: &'static FontRef<'static>,
    other: Option<&'a crate::Font>,
}

impl Fonts<'_> {
    /// The outline of a letter of `size` pixels an em with its left end at a place, and how
    /// far it moves the pen. What no font has becomes a sign.
    fn letter(self, letter: char, size: f32, at: Point) -> (Option<OutlinedGlyph>, f32) {
        let known = self.own.glyph_id(letter);
        if known.0 == 0
            && let Some(other) = self.other.filter(|font| font.has(letter))
        {
            return outlined(other.face(), other.face().glyph_id(letter), size, at);
        }
        let id = if known.0 == 0 { self.own.glyph_id('\u{fffd}') } else { known };
        let (outline, advance) = outlined(self.own, id, size, at);
        // The room that is kept for what the font lacks.
        (outline, if known.0 == 0 { size } else { advance })
    }
}

fn outlined(
    font: &impl Font,
    id: GlyphId,
    size: f32,
    at: Point,
) -> (Option<OutlinedGlyph>, f32) {
    // The size is that of an em, while the library takes the height of a line.
    let em = font.units_per_em().unwrap_or(1000.0);
    let scale = size * font.height_unscaled() / em;
    let outline = font.outline_glyph(id.with_scale_and_position(scale, at));
    // A damaged font may claim letters of any size.
    let is_bounded = |outline: &OutlinedGlyph| {
        let bounds = outline.px_bounds();
        bounds.width() <= 8.0 * size + 8.0 && bounds.height() <= 8.0 * size + 8.0
    };
    let advance = font.h_advance_unscaled(id) / em * size;
    (outline.filter(is_bounded), advance.clamp(0.0, 4.0 * size))
}

fn paint_text(
    canvas: &mut Pixmap,
    line: &Text,
    color: Color,
    shift: (f32, f32),
    other: Option<&crate::Font>,
) {
    let fonts = Fonts { own: text::font(line.weight), other };
    let width = || -> f32 {
        let origin = ab_glyph::point(0.0, 0.0);
        let letters = line.content.chars();
        letters.map(|letter| fonts.letter(letter, line.size, origin).1).sum()
    };
    let mut x = line.x + shift.0
        - match line.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => width() / 2.0,
            Anchor::End => width(),
        };
    let (columns, rows) = (canvas.width() as i32, canvas.height() as i32);
    let pixels = canvas.data_mut();
    for letter in line.content.chars() {
        let at = ab_glyph::point(x, line.y + shift.1);
        let (outline, advance) = fonts.letter(letter, line.size, at);
        if let Some(outline) = outline {
            let (left, top) =
                (outline.px_bounds().min.x as i32, outline.px_bounds().min.y as i32);
            outline.draw(|dx, dy, coverage| {
                let (px, py) = (left + dx as i32, top + dy as i32);
                if (0..columns).contains(&px) && (0..rows).contains(&py) {
                    let at = (py * columns + px) as usize * 4;
                    let alpha = (coverage * color.alpha).clamp(0.0, 1.0);
                    blend(&mut pixels[at..at + 4], color.rgb.map(f32::from), alpha);
                }
            });
        }
        x += advance;
    }
}
