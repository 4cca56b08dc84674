//! What else is known about hosts, where it is asked for.

use std::{
    collections::BTreeSet,
    fs, io,
    net::{IpAddr, SocketAddr},
    path::Path,
    time::{Duration, SystemTime},
};

use anyhow::{Context, Result};
use geoip_core::{AddressMap, DatabaseInfo, NmapScan, ScannedHost, Scope};
use geoip_fetch::reverse_dns::{
    HostName, ReverseDns, ReverseDnsCache, ReverseDnsOptions, dns_servers_of_system,
};

use crate::{
    args::{Global, HostOptions},
    failure::Hinted,
    lists, output,
    text::{addresses, counted, thousands},
};

/// Scans that others made, and names by DNS.
#[derive(Debug)]
pub(crate) struct Hosts<'o> {
    scans: Vec<NmapScan>,
    dns: Option<Dns<'o>>,
    names: AddressMap<HostName>,
}

/// How names are asked for.
#[derive(Debug)]
struct Dns<'o> {
    options: &'o HostOptions,
    servers: Vec<SocketAddr>,
}

/// What is known about one host.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct HostFacts<'h> {
    /// What a scan found, and which.
    pub(crate) scanned: Option<(&'h DatabaseInfo, &'h ScannedHost)>,
    /// What reverse DNS says.
    pub(crate) name: Option<&'h HostName>,
}

impl<'o> Hosts<'o> {
    pub(crate) fn open(global: &Global, options: &'o HostOptions) -> Result<Self> {
        let scans = options.nmap.iter().map(|path| scan(global, path));
        let dns = options.reverse_dns.then(|| Dns::new(options)).transpose()?;
        Ok(Self { scans: scans.collect::<Result<_>>()?, dns, names: AddressMap::new() })
    }

    /// Whether names are to be asked for.
    pub(crate) fn asks(&self) -> bool {
        self.dns.is_some()
    }

    /// Ask for the names of addresses, which then leave this machine.
    pub(crate) fn ask(
        &mut self,
        global: &Global,
        addresses: impl Iterator<Item = IpAddr>,
    ) -> Result<()> {
        match &self.dns {
            Some(dns) => dns.ask(global, addresses, &mut self.names),
            None => Ok(()),
        }
    }

    /// What is known about an address, by the first scan that knows it and by DNS.
    pub(crate) fn facts(&self, address: IpAddr) -> HostFacts<'_> {
        let scanned =
            self.scans.iter().find_map(|scan| Some((scan.info(), scan.host(address)?)));
        HostFacts { scanned, name: self.names.get(address) }
    }
}

impl<'o> Dns<'o> {
    fn new(options: &'o HostOptions) -> Result<Self> {
        let servers = if options.dns_server.is_empty() {
            dns_servers_of_system().map_err(|error| {
                let message = "cannot find out whom this machine asks for names";
                Hinted::because(error, message, "name a server: --dns-server ADDRESS")
            })?
        } else {
            let servers = options.dns_server.iter().map(|text| server(text));
            servers.collect::<Result<_>>()?
        };
        Ok(Self { options, servers })
    }

    fn ask(
        &self,
        global: &Global,
        all: impl Iterator<Item = IpAddr>,
        names: &mut AddressMap<HostName>,
    ) -> Result<()> {
        let now = SystemTime::now();
        let mut cache = self.read_cache(now)?;
        let (mut to_ask, mut kept, mut unasked) = (BTreeSet::new(), 0, 0);
        for address in all.map(|address| address.to_canonical()) {
            if let Some(name) = cache.get(address, now) {
                names.or_insert_with(address, || name.clone());
                kept += 1;
            } else if !self.may_ask(address) {
                unasked += 1;
            } else if to_ask.len() < self.options.dns_most {
                to_ask.insert(address);
            } else if !to_ask.contains(&address) {
                unasked += 1;
            }
        }
        let to_ask: Vec<_> = to_ask.into_iter().collect();
        output::note(global, &self.announcement(to_ask.len(), kept, unasked));
        let mut options = ReverseDnsOptions::new(self.servers.clone());
        options.timeout = Duration::from_secs(self.options.dns_timeout.into());
        options.concurrency = usize::from(self.options.dns_concurrency);
        let found = ReverseDns::new(options).names(&to_ask, &|_| {});
        let unknown = found.iter().filter(|name| name.host == HostName::Unknown).count();
        if unknown > 0 {
            let unknown = addresses(unknown as u64);
            output::note(global, &format!("no answer of DNS about {unknown}"));
        }
        for (address, name) in to_ask.into_iter().zip(found) {
            cache.insert(address, &name, now);
            names.or_insert_with(address, || name.host);
        }
        self.write_cache(&cache)
    }

    /// Whether a server may learn of an address: those of private networks are nobody's
    /// business but that of a server on such a network, if it is named.
    fn may_ask(&self, address: IpAddr) -> bool {
        let at_home = |server: &SocketAddr| Scope::of(server.ip()) != Scope::Global;
        match Scope::of(address) {
            Scope::Global => true,
            Scope::Private | Scope::Shared | Scope::LinkLocal => {
                !self.options.dns_server.is_empty() && self.servers.iter().all(at_home)
            }
            _ => false,
        }
    }

    /// What leaves the machine, and to whom.
    fn announcement(&self, asked: usize, kept: usize, unasked: usize) -> String {
        let servers: Vec<_> = self.servers.iter().map(ToString::to_string).collect();
        let leave = if asked == 1 { "leaves" } else { "leave" };
        let asked = addresses(asked as u64);
        let mut parts = vec![format!(
            "reverse DNS: {asked} {leave} this machine, to {}",
            servers.join(", ")
        )];
        if kept > 0 {
            parts.push(format!("{} known from before", thousands(kept as u64)));
        }
        if unasked > 0 {
            let unasked = counted(unasked as u64, "is", "are");
            parts.push(format!("{unasked} not asked for"));
        }
        parts.join("; ")
    }

    fn read_cache(&self, now: SystemTime) -> Result<ReverseDnsCache> {
        let Some(path) = &self.options.dns_cache else {
            return Ok(ReverseDnsCache::default());
        };
        match fs::read_to_string(path) {
            Ok(text) => Ok(ReverseDnsCache::parse(&text, now)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(ReverseDnsCache::default())
            }
            Err(error) => {
                Err(error).with_context(|| format!("cannot read {}", path.display()))
            }
        }
    }

    fn write_cache(&self, cache: &ReverseDnsCache) -> Result<()> {
        let Some(path) = &self.options.dns_cache else { return Ok(()) };
        output::write_file(path, |out| Ok(out.write_all(cache.to_text().as_bytes())?))
    }
}

/// A server of DNS: `192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]:5353`.
fn server(text: &str) -> Result<SocketAddr> {
    /// The port of DNS.
    const PORT: u16 = 53;
    let alone = || Some(SocketAddr::new(text.parse().ok()?, PORT));
    text.parse().ok().or_else(alone).ok_or_else(|| {
        Hinted::error(
            format!("`{text}` is no address of a server"),
            "such as 192.0.2.53 or [2001:db8::53]:53",
        )
    })
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
