//! What else is known about hosts, where it is asked for.

use std::{net::IpAddr, path::Path};

use anyhow::Result;
use geoip_core::{DatabaseInfo, NmapScan, ScannedHost};

use crate::{
    args::{Global, HostOptions},
    failure::Hinted,
    lists, output,
    text::counted,
};

/// Scans that others made.
#[derive(Debug)]
pub(crate) struct Hosts {
    scans: Vec<NmapScan>,
}

/// What is known about one host.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct HostFacts<'h> {
    /// What a scan found, and which.
    pub(crate) scanned: Option<(&'h DatabaseInfo, &'h ScannedHost)>,
}

impl Hosts {
    pub(crate) fn open(global: &Global, options: &HostOptions) -> Result<Self> {
        let scans = options.nmap.iter().map(|path| scan(global, path));
        Ok(Self { scans: scans.collect::<Result<_>>()? })
    }

    /// What is known about an address, by the first that knows it.
    pub(crate) fn facts(&self, address: IpAddr) -> HostFacts<'_> {
        let scanned =
            self.scans.iter().find_map(|scan| Some((scan.info(), scan.host(address)?)));
        HostFacts { scanned }
    }
}

fn scan(global: &Global, path: &Path) -> Result<NmapScan> {
    let name = path.display().to_string();
    let scan = NmapScan::parse(&name, &lists::read(path, "--nmap")?);
    let scan = scan.map_err(|error| {
        Hinted::error(
            error.to_string(),
            "make it with `nmap -oX FILE`, of your own hosts",
        )
    })?;
    if !scan.is_complete() {
        let finished = counted(scan.len() as u64, "host was", "hosts were");
        output::note(global, &format!("{name} ends early: {finished} finished"));
    }
    Ok(scan)
}
