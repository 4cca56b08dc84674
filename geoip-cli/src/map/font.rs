//! A font for letters that the embedded one lacks.

use std::{fs::File, io::Read, path::Path};

use anyhow::{Context, Result};
use geoip_render::{Font, Map};

use crate::{args::Global, failure::Hinted, output};

/// No font is larger, in bytes.
const LARGEST: u64 = 256 << 20;

pub(super) fn read(path: &Path) -> Result<Font> {
    let doing = || format!("cannot read the font {}", path.display());
    let mut bytes = Vec::new();
    let file = File::open(path).with_context(doing)?;
    file.take(LARGEST).read_to_end(&mut bytes).with_context(doing)?;
    Font::from_bytes(bytes).map_err(|error| {
        Hinted::because(error, doing(), "name a file that ends in .ttf, .otf or .ttc")
    })
}

/// Say which letters have a sign in their place.
pub(super) fn tell_missing(global: &Global, map: &Map) {
    const NAMED: usize = 8;
    let missing = map.missing_letters();
    if missing.is_empty() {
        return;
    }
    let mut named: String = missing.iter().take(NAMED).collect();
    if missing.len() > NAMED {
        named.push('…');
    }
    let hint = match map.font {
        Some(_) => "the font lacks them as well",
        None => "--font FILE names a font that has them",
    };
    let noun = if missing.len() == 1 { "letter is" } else { "letters are" };
    let count = missing.len();
    output::note(
        global,
        &format!("{count} {noun} in no font, with a sign instead ({named}): {hint}"),
    );
}
