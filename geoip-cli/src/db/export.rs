//! `geoip db export`: what the databases answer, as a file in MaxMind's format.

use anyhow::{Context, Result};
use geoip_core::{Database, Enricher};
use geoip_write::MmdbWriter;

use crate::{
    args::{DbExport, Global},
    databases,
    output::{self, Outcome},
    text,
};

pub(crate) fn run(global: &Global, options: &DbExport) -> Result<Outcome> {
    databases::check_output(global)?;
    let databases = databases::open_all(global)?;
    let enricher = databases.into_iter().fold(Enricher::new(), Enricher::with);
    // The oldest of what is in it says how old the answers can be.
    let built = enricher.sources().iter().filter_map(|info| info.build_epoch).min();
    let mut writer = MmdbWriter::new(&options.name, built.unwrap_or_default())
        .description(&description(&enricher));
    let (mut ranges, mut failed) = (0_u64, None);
    enricher.for_each_range(|range, record| {
        ranges += 1;
        if failed.is_none() {
            failed = writer.insert(range, &record).err();
        }
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    if ranges == 0 {
        return Ok(Outcome::Nothing);
    }
    let bytes = writer.finish().context("cannot write the database")?;
    // What cannot be read back whole is not written.
    Database::from_bytes("the database written", bytes.clone())?
        .for_each_range(|_, _| ())?;
    output::write_result(global, |out| Ok(out.write_all(&bytes)?))?;
    let size = text::thousands(bytes.len() as u64);
    output::note(global, &format!("{} ranges in {size} bytes", text::thousands(ranges)));
    Ok(Outcome::Found)
}

/// What the database is made of, and whom to credit.
fn description(enricher: &Enricher) -> String {
    let source = |info: &geoip_core::DatabaseInfo| match &info.attribution {
        Some(credit) => {
            format!("{info}: {} ({}), {}", credit.text, credit.url, credit.licence)
        }
        None => info.to_string(),
    };
    let sources: Vec<_> = enricher.sources().iter().map(source).collect();
    format!("written by geoip from {}", sources.join("; "))
}
