//! Builder of the asn data.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use geoip_core::compact::{AsnTable, Provenance};
use hashbrown::HashMap;

use geoip_write::{AsnSource, Range, encode_systems};

/// Where the sources are and where the result goes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Folder of the unpacked npm package @ip-location-db/asn.
    #[arg(long)]
    source: PathBuf,
    /// File to write.
    #[arg(long)]
    output: PathBuf,
    /// When the source was built, in seconds since 1970; its files do not say it.
    #[arg(long)]
    build_epoch: u64,
}

pub(crate) fn build(arguments: &Arguments) -> anyhow::Result<()> {
    let source = read(&arguments.source)?;
    let provenance = Provenance {
        source: "ip-location-db ASN".to_owned(),
        build_epoch: arguments.build_epoch,
        radius_km: 0,
        attribution: "AS data by RouteViews, NRO and DB-IP".to_owned(),
        attribution_url: "https://db-ip.com".to_owned(),
        license: "CC-BY-4.0".to_owned(),
    };
    let bytes = encode_systems(&source, provenance)?;
    let table = AsnTable::from_bytes(bytes.clone())?;
    table.load()?;
    let systems = table.system_count();
    let path = arguments.output.display();
    std::fs::write(&arguments.output, &bytes)
        .with_context(|| format!("cannot write {path}"))?;
    println!("{path}: {systems} autonomous systems in {} bytes", bytes.len());
    Ok(())
}

/// Reads `asn-ipv4.csv` and `asn-ipv6.csv` in a folder.
fn read(folder: &Path) -> anyhow::Result<AsnSource> {
    let mut source = AsnSource::default();
    let mut known = HashMap::new();
    source.v4 = read_file(&mut source, &folder.join("asn-ipv4.csv"), &mut known)?;
    source.v6 = read_file(&mut source, &folder.join("asn-ipv6.csv"), &mut known)?;
    Ok(source)
}

fn read_file(
    source: &mut AsnSource,
    path: &Path,
    known: &mut HashMap<(u32, String), u32>,
) -> anyhow::Result<Vec<Range>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    let mut ranges = Vec::new();
    for row in reader.deserialize() {
        let (start, end, number, organization): (IpAddr, IpAddr, u32, String) = row?;
        let label = *known.entry((number, organization)).or_insert_with_key(|system| {
            source.systems.push(system.clone());
            u32::try_from(source.systems.len() - 1).expect("fewer systems than 2^32")
        });
        ranges.push(Range { start: bits(start), end: bits(end), label });
    }
    ranges.sort_by_key(|range| range.start);
    Ok(ranges)
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u32::from(address).into(),
        IpAddr::V6(address) => address.into(),
    }
}
