//! A scene as SVG.

use std::fmt::Write;

use crate::{
    Error, Map, draw, encode,
    scene::{Anchor, Color, Image, Item, Path, Scene, Text},
    text::{Weight, escape},
};

/// Draws a map as SVG: shapes grouped by layer and real text, so that it can be
/// searched, restyled and edited. A density is embedded as a small PNG.
///
/// # Errors
/// What [`Error`] lists: sizes, extents and bandwidths that cannot be drawn.
///
/// # Examples
/// ```
/// use geoip_render::{Map, svg};
///
/// let picture = svg(&Map::new("Ants & <bees>").size(400, None))?;
/// assert!(picture.contains("Ants &amp; &lt;bees&gt;"));
/// # Ok::<(), geoip_render::Error>(())
/// ```
pub fn svg(map: &Map) -> Result<String, Error> {
    write(&draw::scene(map)?)
}

/// What the embedded font falls back to where it is not installed; all of them are
/// narrower, so that nothing outgrows its place.
const FONTS: &str =
    "Inter, 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif";

/// The fonts of a scene; that of its own is asked where Inter lacks a letter.
fn fonts(scene: &Scene) -> String {
    let own = scene.font.as_ref().map(|font| font.name().replace(['\\', '\''], ""));
    match own.filter(|name| !name.is_empty()) {
        Some(name) => FONTS.replacen(',', &format!(", '{}',", escape(&name)), 1),
        None => FONTS.to_owned(),
    }
}

/// How far the rim of a label reaches, in ems.
pub(crate) const HALO: f32 = 0.14;

fn write(scene: &Scene) -> Result<String, Error> {
    let (width, height) = (scene.width, scene.height);
    let fonts = fonts(scene);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"{fonts}\" \
         stroke-linejoin=\"round\" stroke-linecap=\"round\">\n"
    );
    element(&mut out, "title", &scene.title);
    element(&mut out, "desc", &scene.description);
    if let Some(background) = scene.background {
        let fill = paint("fill", background);
        let _ = writeln!(out, "<rect width=\"{width}\" height=\"{height}\"{fill}/>");
    }
    for group in scene.groups.iter().filter(|group| !group.items.is_empty()) {
        let _ = writeln!(out, "<g id=\"{}\">", group.name);
        for item in &group.items {
            write_item(&mut out, item)?;
        }
        out.push_str("</g>\n");
    }
    out.push_str("</svg>\n");
    Ok(out)
}

/// Writing to a `String` cannot fail, so results of `write!` are dropped here.
fn write_item(out: &mut String, item: &Item) -> Result<(), Error> {
    match item {
        Item::Fill { path, color, title } => {
            let (d, fill) = (data(path), paint("fill", *color));
            if d.is_empty() {
                return Ok(());
            }
            let _ = write!(out, "<path fill-rule=\"evenodd\"{fill} d=\"{d}\"");
            close(out, "path", title);
        }
        Item::Stroke { path, color, width, dash } => {
            let (d, stroke) = (data(path), paint("stroke", *color));
            if d.is_empty() {
                return Ok(());
            }
            let _ = write!(
                out,
                "<path fill=\"none\"{stroke} stroke-width=\"{}\"",
                short(*width)
            );
            if *dash > 0.0 {
                let _ = write!(out, " stroke-dasharray=\"{}\"", short(*dash));
            }
            let _ = writeln!(out, " d=\"{d}\"/>");
        }
        Item::Circle { x, y, radius, fill, outline, width, title } => {
            let [x, y, radius] = [*x, *y, *radius].map(short);
            let fill = paint("fill", *fill);
            let _ = write!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"{fill}");
            if *width > 0.0 {
                let (stroke, width) = (paint("stroke", *outline), short(*width));
                let _ = write!(out, "{stroke} stroke-width=\"{width}\"");
            }
            close(out, "circle", title);
        }
        Item::Rect { x, y, width, height, color } => {
            let [x, y, width, height] = [*x, *y, *width, *height].map(short);
            let fill = paint("fill", *color);
            let _ = writeln!(
                out,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"{fill}/>"
            );
        }
        Item::Raster { x, y, width, height, image } => {
            let [x, y, width, height] = [*x, *y, *width, *height].map(short);
            let uri = data_uri(image)?;
            let _ = writeln!(
                out,
                "<image x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" \
                 preserveAspectRatio=\"none\" href=\"{uri}\"/>"
            );
        }
        Item::Text(text) => write_text(out, text, None),
        Item::Label { text, halo } => write_text(out, text, Some(*halo)),
    }
    Ok(())
}

fn write_text(out: &mut String, text: &Text, halo: Option<Color>) {
    let [x, y, size] = [text.x, text.y, text.size].map(short);
    let fill = paint("fill", text.color);
    let weight = match text.weight {
        Weight::Regular => "",
        Weight::SemiBold => " font-weight=\"600\"",
    };
    let anchor = match text.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    let halo = halo.map_or_else(String::new, |halo| {
        let (stroke, width) = (paint("stroke", halo), short(text.size * HALO * 2.0));
        format!(" paint-order=\"stroke\" stroke-width=\"{width}\"{stroke}")
    });
    let linked = is_link(&text.link);
    if linked {
        let _ = write!(out, "<a href=\"{}\">", escape(&text.link));
    }
    let content = escape(&text.content);
    let _ = write!(
        out,
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{weight}{anchor}{fill}{halo}>{content}</text>"
    );
    out.push_str(if linked { "</a>\n" } else { "\n" });
}

/// Whether text is the address of a web page, rather than a script or anything else.
fn is_link(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://"))
        && url.chars().all(|letter| letter.is_ascii_graphic())
}

fn element(out: &mut String, name: &str, content: &str) {
    if !content.is_empty() {
        let _ = writeln!(out, "<{name}>{}</{name}>", escape(content));
    }
}

/// Ends a tag, with a title that is shown on hovering if there is one.
fn close(out: &mut String, name: &str, title: &str) {
    if title.is_empty() {
        out.push_str("/>\n");
    } else {
        let _ = writeln!(out, "><title>{}</title></{name}>", escape(title));
    }
}

fn paint(attribute: &str, color: Color) -> String {
    let [r, g, b] = color.rgb;
    let mut text = format!(" {attribute}=\"#{r:02x}{g:02x}{b:02x}\"");
    if color.alpha < 1.0 {
        let _ = write!(text, " {attribute}-opacity=\"{}\"", short(color.alpha));
    }
    text
}

/// Two decimals at most.
fn short(value: f32) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Path data: a start in tenths of pixels, then steps, which are short numbers.
fn data(path: &Path) -> String {
    let mut out = String::new();
    for (points, closed) in &path.lines {
        #[expect(clippy::cast_possible_truncation, reason = "tenths of pixels")]
        let tenths =
            points.iter().map(|&(x, y)| [x, y].map(|v| (v * 10.0).round() as i32));
        let mut before: Option<[i32; 2]> = None;
        for point in tenths {
            match before {
                None => {
                    out.push('M');
                    number(&mut out, point[0], true);
                    number(&mut out, point[1], false);
                    out.push('l');
                }
                Some(last) if last == point => continue,
                Some(last) => {
                    let fresh = out.ends_with('l');
                    number(&mut out, point[0].saturating_sub(last[0]), fresh);
                    number(&mut out, point[1].saturating_sub(last[1]), false);
                }
            }
            before = Some(point);
        }
        if out.ends_with('l') {
            // Round caps make a dot of a line without length.
            out.push_str("0 0");
        }
        if *closed {
            out.push('z');
        }
    }
    out
}

/// Appends a number of tenths; a minus sign separates as well as a space does.
fn number(out: &mut String, tenths: i32, first: bool) {
    if !first && tenths >= 0 {
        out.push(' ');
    }
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, tenth) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    let _ = match (whole, tenth) {
        (_, 0) => write!(out, "{sign}{whole}"),
        (0, _) => write!(out, "{sign}.{tenth}"),
        _ => write!(out, "{sign}{whole}.{tenth}"),
    };
}

fn data_uri(image: &Image) -> Result<String, Error> {
    let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
    let (width, height) = (side(image.width), side(image.height));
    let bytes = encode::png(width, height, png::ColorType::Rgba, &image.rgba)?;
    Ok(format!("data:image/png;base64,{}", base64(&bytes)))
}

/// Base64 of RFC 4648, section 4.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] =
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (i, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let letter = LETTERS[(bits >> shift & 63) as usize];
            out.push(if i <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_of_a_map_comes_after_the_first() {
        let bytes = include_bytes!("../tests/fonts/squares.ttf").to_vec();
        let map = Map::new("")
            .size(400, Some(300))
            .font(crate::Font::from_bytes(bytes).unwrap());
        let picture = svg(&map).unwrap();
        assert!(picture.contains("font-family=\"Inter, 'Squares n more', 'Helvetica"));
    }

    #[test]
    fn base64_agrees_with_the_standard() {
        let vectors = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ];
        for (plain, coded) in vectors {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn path_data_is_short() {
        let path = Path {
            lines: vec![
                (vec![(10.0, 20.04), (9.5, 20.5), (9.5, 20.5), (12.0, 20.5)], true),
                (vec![(1.0, 1.0)], false),
            ],
        };
        assert_eq!(data(&path), "M10 20l-.5 .5 2.5 0zM1 1l0 0");
    }

    #[test]
    fn only_pages_are_linked() {
        assert!(is_link("https://db-ip.com"));
        for url in ["javascript:alert(1)", "", "https://a b", "data:text/html,x"] {
            assert!(!is_link(url), "{url}");
        }
    }
}
