//! Builder of the asn data.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use geoip_core::compact::format::Kind;
use geoip_core::compact::{AsnTable, Provenance};
use hashbrown::HashMap;

use crate::encode::{File, Ranges, front_coded, put_varint};
use crate::runs::Runs;
use crate::source::Range;

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
    let source = AsnSource::read(&arguments.source)?;
    let bytes = encode(&source, arguments.build_epoch)?;
    let table = AsnTable::from_bytes(bytes.clone())?;
    table.load()?;
    let systems = table.system_count();
    let path = arguments.output.display();
    std::fs::write(&arguments.output, &bytes)
        .with_context(|| format!("cannot write {path}"))?;
    println!("{path}: {systems} autonomous systems in {} bytes", bytes.len());
    Ok(())
}

/// Both families of an AS database.
#[derive(Debug, Default)]
pub(crate) struct AsnSource {
    /// Number and organization.
    pub(crate) systems: Vec<(u32, String)>,
    pub(crate) v4: Vec<Range>,
    pub(crate) v6: Vec<Range>,
}

impl AsnSource {
    /// Reads `asn-ipv4.csv` and `asn-ipv6.csv` in a folder.
    pub(crate) fn read(folder: &Path) -> anyhow::Result<Self> {
        let mut source = Self::default();
        let mut known = HashMap::new();
        source.v4 = source.read_file(&folder.join("asn-ipv4.csv"), &mut known)?;
        source.v6 = source.read_file(&folder.join("asn-ipv6.csv"), &mut known)?;
        Ok(source)
    }

    fn read_file(
        &mut self,
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
            let label =
                *known.entry((number, organization)).or_insert_with_key(|system| {
                    self.systems.push(system.clone());
                    u32::try_from(self.systems.len() - 1)
                        .expect("fewer systems than 2^32")
                });
            ranges.push(Range { start: bits(start), end: bits(end), label });
        }
        ranges.sort_by_key(|range| range.start);
        Ok(ranges)
    }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u32::from(address).into(),
        IpAddr::V6(address) => address.into(),
    }
}

/// The AS file of a source.
pub(crate) fn encode(source: &AsnSource, build_epoch: u64) -> anyhow::Result<Vec<u8>> {
    let mut order: Vec<usize> = (0..source.systems.len()).collect();
    order.sort_by_key(|&system| &source.systems[system]);
    let mut label_of = vec![0; order.len()];
    for (&system, label) in order.iter().zip(1..) {
        label_of[system] = label;
    }
    let v4 = Runs::from_ranges(&source.v4, 32, 32, |system| label_of[system as usize]);
    let v6 = Runs::from_ranges(&source.v6, 128, 48, |system| label_of[system as usize]);

    let systems: Vec<_> = order.iter().map(|&system| &source.systems[system]).collect();
    let mut numbers = Vec::new();
    let mut before = 0;
    for &&(number, _) in &systems {
        put_varint(&mut numbers, (number - before).into());
        before = number;
    }
    // A single group: autonomous systems have no country here.
    let ranges = Ranges::new(&v4, &v6, &vec![0; systems.len()])?;
    let organizations = front_coded(systems.iter().map(|system| system.1.as_str()))?;
    let mut columns = vec![numbers, organizations, ranges.classes];
    columns.extend(ranges.columns);
    let provenance = Provenance {
        source: "ip-location-db ASN".to_owned(),
        build_epoch,
        radius_km: 0,
        attribution: "AS data by RouteViews, NRO and DB-IP".to_owned(),
        attribution_url: "https://db-ip.com".to_owned(),
        license: "CC-BY-4.0".to_owned(),
    };
    File { kind: Kind::Asn, provenance, columns }.pack()
}
