//! A font for letters that the embedded one lacks.

use std::{fmt, sync::Arc};

use ab_glyph::{Font as _, FontVec};

use crate::{Error, Layer, Map, text};

/// A TrueType or OpenType font that stands in where the embedded one, which has Latin,
/// Greek and Cyrillic, lacks a letter.
///
/// Letters are set one after the other from left to right, which suits Chinese, Japanese,
/// Korean, Armenian or Georgian; scripts that join letters or run from right to left are
/// set well by a viewer of SVG only.
///
/// # Examples
/// ```
/// use geoip_render::Font;
///
/// assert!(Font::from_bytes(b"no font".to_vec()).is_err());
/// ```
#[derive(Clone)]
pub struct Font {
    name: String,
    face: Arc<FontVec>,
}

impl Font {
    /// A font of the bytes of its file; of a collection, the first.
    ///
    /// # Errors
    /// [`Error::InvalidFont`] if it is none.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, Error> {
        let name = family(&bytes).unwrap_or_default();
        let face = FontVec::try_from_vec(bytes).map_err(|_| Error::InvalidFont)?;
        if face.units_per_em().is_none_or(|units| units <= 0.0) {
            return Err(Error::InvalidFont);
        }
        Ok(Self { name, face: Arc::new(face) })
    }

    /// What its family calls itself, or nothing.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it has a letter.
    pub fn has(&self, letter: char) -> bool {
        self.face.glyph_id(letter).0 != 0
    }

    #[cfg(feature = "png")]
    pub(crate) fn face(&self) -> &FontVec {
        &self.face
    }
}

impl fmt::Debug for Font {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Font").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Copies of one font are equal, and no others.
impl PartialEq for Font {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.face, &other.face)
    }
}

impl Map {
    /// The letters of titles, notes and names on this map that neither the embedded font
    /// nor [`Map::font`] has, each once: a PNG has a sign in their place.
    pub fn missing_letters(&self) -> Vec<char> {
        let mut texts: Vec<&str> = vec![&self.title, &self.subtitle];
        texts.extend(self.notes.iter().map(String::as_str));
        texts.extend(self.credits.iter().map(|credit| credit.text.as_str()));
        for layer in &self.layers {
            match layer {
                Layer::Points(points) => {
                    let mut markers: Vec<_> = points.markers.iter().collect();
                    markers.sort_by_key(|marker| std::cmp::Reverse(marker.weight));
                    let named = markers.into_iter().take(points.labels);
                    texts.extend(named.map(|marker| marker.title.as_str()));
                }
                Layer::Groups(groups) => {
                    texts.extend(groups.groups.iter().map(|group| group.label.as_str()));
                }
                Layer::Arcs(arcs) => texts.push(&arcs.home),
                Layer::Heat(_) | Layer::Choropleth(_) => {}
            }
        }
        let mut missing: Vec<char> = Vec::new();
        for text in texts {
            let cleaned = text::clean(text);
            let is_missing = |letter: &char| {
                !text::has(*letter) && !self.font.as_ref().is_some_and(|f| f.has(*letter))
            };
            missing.extend(cleaned.chars().filter(is_missing));
        }
        missing.sort_unstable();
        missing.dedup();
        missing
    }
}

/// The name of the family in a font file: the table `name` of the OpenType specification,
/// in which strings have the kind 1, or 16 where the family has more than four styles.
fn family(bytes: &[u8]) -> Option<String> {
    const WINDOWS: u16 = 3;
    let short = |at: usize| -> Option<u16> {
        Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
    };
    let long = |at: usize| -> Option<usize> {
        usize::try_from(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?)).ok()
    };
    // A collection tells first where its fonts are.
    let font = if bytes.starts_with(b"ttcf") { long(12)? } else { 0 };
    let tables = short(font.checked_add(4)?)?;
    let entry = (0..usize::from(tables))
        .map(|table| font + 12 + 16 * table)
        .find(|&at| bytes.get(at..).is_some_and(|entry| entry.starts_with(b"name")))?;
    let table = long(entry + 8)?;
    let strings = table.checked_add(short(table.checked_add(4)?)?.into())?;
    let mut found: Option<(u16, String)> = None;
    for record in 0..usize::from(short(table + 2)?) {
        let at = table + 6 + 12 * record;
        let kind = short(at + 6)?;
        if short(at)? != WINDOWS || !matches!(kind, 1 | 16) {
            continue;
        }
        let start = strings.checked_add(short(at + 10)?.into())?;
        let text = bytes.get(start..start.checked_add(short(at + 8)?.into())?)?;
        let units: Vec<u16> =
            text.as_chunks().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
        if found.as_ref().is_none_or(|(known, _)| kind > *known) {
            found = Some((kind, String::from_utf16_lossy(&units)));
        }
    }
    found.map(|(_, name)| text::clean(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A square for each of `漢` and `字`, made by the script beside it.
    pub(super) const SQUARES: &[u8] = include_bytes!("../tests/fonts/squares.ttf");

    #[test]
    fn a_font_tells_its_name_and_letters() {
        let font = Font::from_bytes(SQUARES.to_vec()).unwrap();
        assert_eq!(font.name(), "Squares 'n' more");
        assert!(font.has('漢') && !font.has('A'));
    }

    #[test]
    fn letters_that_no_font_has_are_told() {
        let map = Map::new("Łódź 漢字").note("日 and 漢");
        assert_eq!(map.missing_letters(), ['字', '日', '漢']);
        let map = map.font(Font::from_bytes(SQUARES.to_vec()).unwrap());
        assert_eq!(map.missing_letters(), ['日']);
    }

    #[test]
    fn damaged_fonts_are_errors_or_fonts() {
        let damaged = |at: usize| {
            let mut bytes = SQUARES.to_vec();
            bytes[at] ^= 0xff;
            bytes
        };
        for at in 0..SQUARES.len() {
            for bytes in [SQUARES[..at].to_vec(), damaged(at)] {
                let Ok(font) = Font::from_bytes(bytes) else { continue };
                let _ = (font.has('漢'), font.name());
                #[cfg(feature = "png")]
                if at % 16 == 0 {
                    let map = Map::new("漢字").size(400, Some(300)).font(font);
                    assert!(crate::png(&map).is_ok());
                }
            }
        }
    }

    #[cfg(feature = "png")]
    #[test]
    fn its_letters_are_drawn() {
        let map = Map::new("漢漢漢").size(400, Some(300));
        let font = Font::from_bytes(SQUARES.to_vec()).unwrap();
        let (without, with) = (crate::png(&map), crate::png(&map.clone().font(font)));
        assert_ne!(without.unwrap(), with.unwrap());
    }
}
