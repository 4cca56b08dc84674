//! Lists that clouds and Tor publish as JSON.

use std::net::SocketAddr;

use serde::Deserialize;

use super::{Content, ListKind};
use crate::{AddressRange, Error, date};

/// The union of the documents, which have no key in common that means two things.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Document {
    // Onionoo
    relays: Option<Vec<Relay>>,
    relays_published: Option<String>,
    // AWS and Google
    prefixes: Option<Vec<Prefix>>,
    ipv6_prefixes: Option<Vec<Prefix>>,
    #[serde(rename = "createDate")]
    create_date: Option<String>,
    #[serde(rename = "creationTime")]
    creation_time: Option<String>,
    // Azure
    values: Option<Vec<Tag>>,
    // Oracle
    regions: Option<Vec<Region>>,
    last_updated_timestamp: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Relay {
    or_addresses: Vec<String>,
    exit_addresses: Vec<String>,
    /// Both are left out of answers that were asked for without them.
    running: Option<bool>,
    flags: Option<Vec<String>>,
}

impl Relay {
    fn is_exit(&self) -> bool {
        let exit = |flags: &Vec<String>| flags.iter().any(|flag| flag == "Exit");
        self.running != Some(false) && self.flags.as_ref().is_none_or(exit)
    }
}

#[derive(Deserialize)]
struct Prefix {
    #[serde(alias = "ipv4Prefix", alias = "ipv6Prefix", alias = "ipv6_prefix")]
    ip_prefix: String,
}

#[derive(Deserialize)]
struct Tag {
    properties: TagProperties,
}

#[derive(Deserialize)]
struct TagProperties {
    #[serde(rename = "addressPrefixes")]
    address_prefixes: Vec<String>,
}

#[derive(Deserialize)]
struct Region {
    cidrs: Vec<Cidr>,
}

#[derive(Deserialize)]
struct Cidr {
    cidr: String,
}

pub(super) fn parse(name: &str, bytes: &[u8]) -> Result<Content, Error> {
    let document: Document =
        serde_json::from_slice(bytes).map_err(|error| Error::Line {
            name: name.into(),
            line: error.line() as u64,
            reason: error.to_string(),
        })?;
    let Document { relays, prefixes, ipv6_prefixes, values, regions, .. } = document;
    let of_prefix = |prefix: Prefix| prefix.ip_prefix;
    let (kind, day, texts): (_, _, Vec<String>) = if let Some(relays) = relays {
        (ListKind::Onionoo, document.relays_published, exits(relays))
    } else if let Some(values) = values {
        let texts = values.into_iter().flat_map(|tag| tag.properties.address_prefixes);
        (ListKind::Azure, None, texts.collect())
    } else if let Some(regions) = regions {
        let texts = regions.into_iter().flat_map(|region| region.cidrs);
        let texts = texts.map(|cidr| cidr.cidr).collect();
        (ListKind::Oracle, document.last_updated_timestamp, texts)
    } else if document.creation_time.is_some() {
        let texts = prefixes.unwrap_or_default().into_iter().map(of_prefix);
        (ListKind::Google, document.creation_time, texts.collect())
    } else if prefixes.is_some() || ipv6_prefixes.is_some() {
        let all = [prefixes, ipv6_prefixes].into_iter().flatten().flatten();
        (ListKind::Aws, document.create_date, all.map(of_prefix).collect())
    } else {
        return Err(Error::NotAList {
            name: name.into(),
            found: "it is JSON, but none of AWS, Google, Azure, Oracle or Onionoo; \
                    perhaps the error message of a download"
                .into(),
        });
    };
    let mut content = Content::new(kind);
    content.day = day.and_then(|day| date::find_day(&day));
    content.ranges = texts
        .iter()
        .map(|text| range(text).ok_or_else(|| error_of(name, bytes, text)))
        .collect::<Result<_, _>>()?;
    Ok(content)
}

/// The addresses from which exits come: those that were seen, and those they listen on.
fn exits(relays: Vec<Relay>) -> Vec<String> {
    let exits = relays.into_iter().filter(Relay::is_exit);
    exits.flat_map(|relay| [relay.exit_addresses, relay.or_addresses]).flatten().collect()
}

/// A network, an address, or an address and a port.
fn range(text: &str) -> Option<AddressRange> {
    text.parse().ok().or_else(|| {
        let socket: SocketAddr = text.parse().ok()?;
        AddressRange::new(socket.ip(), socket.ip())
    })
}

/// An error that names the line in which a wrong text stands.
#[cold]
fn error_of(name: &str, bytes: &[u8], text: &str) -> Error {
    let quoted = format!("\"{text}\"");
    let at = bytes.windows(quoted.len()).position(|window| window == quoted.as_bytes());
    let before = &bytes[..at.unwrap_or(0)];
    let line = before.split(|byte| *byte == b'\n').count() as u64;
    let text: String = text.chars().take(60).collect();
    Error::Line { name: name.into(), line, reason: format!("`{text}` is no network") }
}
