//! `geoip db build`: a database in the compact format.

use anyhow::{Context, Result};
use geoip_core::{Database, DatabaseInfo};
use geoip_write::{AsnSource, CitySource, Provenance, encode_cities, encode_systems};

use crate::{
    args::{CompactKind, DbBuild, Global},
    databases,
    failure::Hinted,
    output::{self, Outcome},
    text,
};

pub(crate) fn run(global: &Global, options: &DbBuild) -> Result<Outcome> {
    databases::check_output(global)?;
    let mut databases = databases::open_all(global)?;
    let kind = options.of.unwrap_or_else(|| {
        let has_places = databases.iter().any(|database| database.info().facts.city);
        if has_places { CompactKind::City } else { CompactKind::Asn }
    });
    databases.retain(|database| {
        let facts = database.info().facts;
        match kind {
            CompactKind::City => facts.city,
            CompactKind::Asn => facts.autonomous_system,
        }
    });
    let [database] = databases.as_slice() else {
        return Err(Hinted::error(
            format!("{} databases have what is to be built", databases.len()),
            "name the one to build from: --db FILE",
        ));
    };
    let bytes = match kind {
        CompactKind::City => encode_cities(
            &CitySource::of(database)?,
            provenance(database.info(), options.radius_km),
        ),
        CompactKind::Asn => {
            encode_systems(&AsnSource::of(database)?, provenance(database.info(), 0))
        }
    };
    let bytes = bytes.context("cannot build the database")?;
    // What cannot be read back whole is not written.
    let mut ranges = 0_u64;
    Database::from_bytes("the database built", bytes.clone())?
        .for_each_range(|_, _| ranges += 1)?;
    if ranges == 0 {
        return Ok(Outcome::Nothing);
    }
    output::write_result(global, |out| Ok(out.write_all(&bytes)?))?;
    let size = text::thousands(bytes.len() as u64);
    output::note(global, &format!("{} ranges in {size} bytes", text::thousands(ranges)));
    Ok(Outcome::Found)
}

/// Where the data come from, as the source says it.
fn provenance(info: &DatabaseInfo, radius_km: u8) -> Provenance {
    let credit = info.attribution.clone();
    let credit = credit.map(|credit| (credit.text, credit.url, credit.licence));
    let (attribution, attribution_url, license) = credit.unwrap_or_default();
    Provenance {
        source: info.name.clone(),
        build_epoch: info.build_epoch.unwrap_or_default(),
        radius_km: radius_km.into(),
        attribution,
        attribution_url,
        license,
    }
}
