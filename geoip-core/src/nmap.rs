//! What a scan found out about hosts.

use std::{borrow::Cow, net::IpAddr};

use quick_xml::{
    Reader, XmlVersion,
    errors::{Error as XmlError, SyntaxError},
    events::{BytesStart, Event},
};

use crate::{AddressMap, DatabaseInfo, Error, Facts};

/// The hosts of a scan by Nmap, from the XML that `nmap -oX` writes.
///
/// Nothing is scanned here: this reads what somebody did. A scan that was interrupted has
/// the hosts that were finished, and [`is_complete`](Self::is_complete) says so.
///
/// Whoever answers a scan chooses what its services say. All text here may come from
/// strangers: escape it wherever it is shown.
///
/// # Examples
/// ```
/// use geoip_core::NmapScan;
///
/// let scan = NmapScan::parse("scan.xml", br#"<nmaprun><host>
///     <address addr="192.0.2.1" addrtype="ipv4"/>
///     <hostnames><hostname name="www.example.com" type="PTR"/></hostnames>
///     <ports><port protocol="tcp" portid="22"><state state="open"/>
///         <service name="ssh" product="OpenSSH" version="9.6"/></port></ports>
/// </host></nmaprun>"#)?;
/// let host = scan.host("192.0.2.1".parse().unwrap()).unwrap();
/// assert_eq!(host.host_names, ["www.example.com"]);
/// assert_eq!(host.open_ports[0].to_string(), "22/tcp ssh OpenSSH 9.6");
/// # Ok::<(), geoip_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct NmapScan {
    info: DatabaseInfo,
    hosts: AddressMap<ScannedHost>,
    complete: bool,
}

/// What a scan found out about a host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScannedHost {
    /// Its names: as the user gave them, and as reverse DNS has them, unconfirmed.
    pub host_names: Vec<String>,
    /// The ports that answered.
    pub open_ports: Vec<OpenPort>,
    /// The operating system that fits best, if one was guessed.
    pub operating_system: Option<String>,
}

/// A port that answered, and what seems to be behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpenPort {
    /// Its number.
    pub number: u16,
    /// `tcp`, `udp`, `sctp` or `ip`.
    pub protocol: String,
    /// What is behind it: the service, product and version, as far as known.
    pub service: Option<String>,
}

/// `22/tcp ssh OpenSSH 9.6`.
impl std::fmt::Display for OpenPort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.protocol)?;
        match &self.service {
            Some(service) => write!(f, " {service}"),
            None => Ok(()),
        }
    }
}

impl NmapScan {
    /// Read a scan from its XML.
    ///
    /// Entities of a document's own are never expanded, and nothing is fetched: a document
    /// that declares any is refused. Memory is of the order of the text.
    ///
    /// # Errors
    /// [`Error::NotAList`] for what is not the XML of Nmap in UTF-8; [`Error::Line`] where it
    /// is malformed or says what cannot be.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Self, Error> {
        let not_a_scan =
            |found: &str| Error::NotAList { name: name.into(), found: found.into() };
        let text = str::from_utf8(bytes).map_err(|_| not_a_scan("no text in UTF-8"))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if !text.trim_start().starts_with('<') {
            return Err(not_a_scan("no XML"));
        }
        let mut reader = Reader::from_str(text);
        let mut scan = Scan::default();
        let complete = loop {
            let read = match reader.read_event() {
                Ok(Event::Eof) => break scan.depth == 0,
                Ok(event) => scan.take(&event),
                // The text ends within an element, as that of an interrupted scan does.
                Err(XmlError::Syntax(error)) if is_end_of_text(error) => break false,
                Err(error) => Err(error.to_string()),
            };
            let error = match read {
                Ok(()) => continue,
                Err(_) if !scan.is_of_nmap => {
                    return Err(not_a_scan("XML, but not of a scan by Nmap"));
                }
                Err(error) => error,
            };
            let read = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            let line = text.get(..read).unwrap_or(text).matches('\n').count() as u64 + 1;
            return Err(Error::Line { name: name.into(), line, reason: error });
        };
        if !scan.is_of_nmap {
            return Err(not_a_scan("XML, but not of a scan by Nmap"));
        }
        Ok(Self {
            info: DatabaseInfo {
                name: name.into(),
                build_epoch: scan.start,
                attribution: None,
                facts: Facts::default(),
                entries: Some(scan.hosts.len() as u64),
            },
            hosts: scan.hosts,
            complete,
        })
    }

    /// What was found out about an address; none if it was not scanned.
    pub fn host(&self, address: IpAddr) -> Option<&ScannedHost> {
        self.hosts.get(address.to_canonical())
    }

    /// How many addresses are known.
    pub fn len(&self) -> usize {
        self.hosts.len()
    }

    /// Whether no host was found.
    pub fn is_empty(&self) -> bool {
        self.hosts.len() == 0
    }

    /// Whether the scan was finished; else only the first hosts are there.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// What the scan is called, and when it began.
    pub fn info(&self) -> &DatabaseInfo {
        &self.info
    }
}

/// Whether the text ended too early; every other error is one of the text.
fn is_end_of_text(error: SyntaxError) -> bool {
    !matches!(error, SyntaxError::InvalidBangMarkup)
}

/// A host has one of each family; whoever writes more wants it copied as often.
const MOST_ADDRESSES: usize = 16;

/// More names of a host are passed over.
const MOST_NAMES: usize = 100;

/// A scan that is being read.
#[derive(Default)]
struct Scan {
    hosts: AddressMap<ScannedHost>,
    /// How many elements are open.
    depth: usize,
    is_of_nmap: bool,
    start: Option<u64>,
    host: Option<Host>,
}

/// A host that is being read.
#[derive(Default)]
struct Host {
    addresses: Vec<IpAddr>,
    facts: ScannedHost,
    /// The port that is being read, and whether it is open.
    port: Option<(OpenPort, bool)>,
    /// How well the operating system fits, in percent.
    accuracy: u8,
}

impl Scan {
    fn take(&mut self, event: &Event<'_>) -> Result<(), String> {
        match event {
            Event::Start(element) => {
                self.depth += 1;
                self.open(element)
            }
            Event::Empty(element) => {
                self.open(element)?;
                self.close(element.name().0);
                Ok(())
            }
            Event::End(element) => {
                self.depth = self.depth.saturating_sub(1);
                self.close(element.name().0);
                Ok(())
            }
            // What Nmap writes is the bare `<!DOCTYPE nmaprun>`.
            Event::DocType(declaration) if declaration.contains('[') => {
                Err("it declares entities of its own, which Nmap never does".into())
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, element: &BytesStart<'_>) -> Result<(), String> {
        let name = element.name().0;
        if !self.is_of_nmap {
            if name != "nmaprun" {
                return Err(format!("its first element is `{name}`"));
            }
            self.is_of_nmap = true;
            let start = attribute(element, "start")?;
            self.start = start.and_then(|start| start.parse().ok());
            return Ok(());
        }
        if name == "host" {
            self.host = Some(Host::default());
        }
        match &mut self.host {
            Some(host) => host.open(name, element),
            None => Ok(()),
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "port" => {
                let host = self.host.as_mut();
                let Some(host) = host else { return };
                if let Some((port, true)) = host.port.take() {
                    host.facts.open_ports.push(port);
                }
            }
            "host" => {
                let Some(host) = self.host.take() else { return };
                for address in host.addresses {
                    // A host that is scanned twice: the later answer.
                    let facts = self.hosts.or_insert_with(address, ScannedHost::default);
                    facts.clone_from(&host.facts);
                }
            }
            _ => {}
        }
    }
}

impl Host {
    fn open(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), String> {
        let get = |key| attribute(element, key);
        match name {
            "address" => {
                if self.addresses.len() == MOST_ADDRESSES {
                    return Err(format!(
                        "a host with more than {MOST_ADDRESSES} addresses"
                    ));
                }
                // The others are those of network cards.
                if let Some("ipv4" | "ipv6") = get("addrtype")?.as_deref() {
                    let address = get("addr")?.unwrap_or_default();
                    let parsed: Result<IpAddr, _> = address.parse();
                    let parsed =
                        parsed.map_err(|_| format!("`{address}` is no address"))?;
                    self.addresses.push(parsed.to_canonical());
                }
            }
            "hostname" => {
                let name = get("name")?.unwrap_or_default();
                let names = &mut self.facts.host_names;
                let more = !name.is_empty() && names.len() < MOST_NAMES;
                // It is given twice if reverse DNS confirms what the user said.
                if more && !names.iter().any(|known| *known == name) {
                    names.push(name.into_owned());
                }
            }
            "port" => {
                let number = get("portid")?.unwrap_or_default();
                let number =
                    number.parse().map_err(|_| format!("`{number}` is no port"))?;
                let protocol = get("protocol")?.unwrap_or_default().into_owned();
                self.port = Some((OpenPort { number, protocol, service: None }, false));
            }
            "state" => {
                let open = get("state")?.as_deref() == Some("open");
                if let Some((_, is_open)) = &mut self.port {
                    *is_open = open;
                }
            }
            "service" => {
                if let Some((port, _)) = &mut self.port {
                    let parts = [get("name")?, get("product")?, get("version")?];
                    let known: Vec<_> = parts.into_iter().flatten().collect();
                    port.service = Some(known.join(" ")).filter(|text| !text.is_empty());
                }
            }
            "osmatch" => {
                let accuracy = get("accuracy")?.and_then(|percent| percent.parse().ok());
                let accuracy = accuracy.unwrap_or(0);
                if self.facts.operating_system.is_none() || accuracy > self.accuracy {
                    self.facts.operating_system = get("name")?.map(Cow::into_owned);
                    self.accuracy = accuracy;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// The value of an attribute, in which only the five entities of XML itself and those of
/// single characters are known.
fn attribute<'e>(
    element: &'e BytesStart<'_>,
    name: &str,
) -> Result<Option<Cow<'e, str>>, String> {
    let attribute = element.try_get_attribute(name).map_err(|error| error.to_string())?;
    let value = attribute.map(|found| found.normalized_value(XmlVersion::Implicit1_0));
    value.transpose().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
