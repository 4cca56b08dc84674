//! The text as it is, with something in the place of each address.

use anyhow::Result;
use geoip_core::{Enricher, Error};

use super::{
    spelling,
    template::{self, Template},
};
use crate::{
    output::Out,
    search::{Part, Search},
    style::Style,
};

/// What is written in the place of an address.
#[derive(Debug)]
pub(super) enum Note {
    /// The address, and what is known about it in brackets.
    Tag,
    /// What the user says.
    Template(Template),
}

pub(super) fn print(
    search: &Search<'_>,
    note: &Note,
    enricher: &Enricher,
    style: Style,
    out: &mut Out<'_>,
) -> Result<bool> {
    let mut found_any = false;
    search.run(
        || (),
        |(), part| annotated(note, enricher, style, part),
        |source, annotated| {
            let (text, found) = annotated?;
            found_any |= found;
            search.write(out, source, &text)
        },
    )?;
    Ok(found_any)
}

/// The text of a part with its notes, and whether there is any.
fn annotated(
    note: &Note,
    enricher: &Enricher,
    style: Style,
    part: &Part<'_, '_>,
) -> Result<(Vec<u8>, bool), Error> {
    let bytes = part.block.bytes();
    let mut text = Vec::with_capacity(bytes.len() * 5 / 4);
    // Bytes of the block that are written already.
    let mut written = 0;
    let mut found_any = false;
    let mut failed = None;
    part.each(|found| {
        // Where a very long line is cut within an address, that stays as it is.
        let Some(start) = found.offset.checked_sub(part.block.offset()) else { return };
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let end = start.saturating_add(found.text.len());
        let (Some(before), true) = (bytes.get(written..start), end <= bytes.len()) else {
            return;
        };
        let record = match enricher.enrich(found.address) {
            Ok(record) => record,
            Err(error) => return failed = Some(error),
        };
        found_any = true;
        written = end;
        style.text(&mut text, before);
        match note {
            Note::Tag => {
                style.address(&mut text, found.text);
                style
                    .text(&mut text, format!(" [{}]", template::tag(&record)).as_bytes());
            }
            Note::Template(template) => {
                let address = spelling::as_written(&found);
                style.address(&mut text, template.fill(&record, &address).as_bytes());
            }
        }
    });
    if let Some(error) = failed {
        return Err(error);
    }
    style.text(&mut text, &bytes[written..]);
    Ok((text, found_any))
}
