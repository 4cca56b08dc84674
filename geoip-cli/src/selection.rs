//! Which addresses are taken.

use std::{fs, net::IpAddr, path::Path, str::FromStr};

use anyhow::Result;
use geoip_core::{Flags, IpNetwork, NetworkSet, Scope};
use geoip_extract::{Extractor, Rule};

use crate::{
    args::{Inputs, Selection},
    failure::Hinted,
    text::printable,
};

/// What [`Selection`] asks for, checked.
#[derive(Debug)]
pub(crate) struct Selected {
    extractor: Extractor,
    scopes: Option<Vec<Scope>>,
    include: Option<NetworkSet>,
    exclude: NetworkSet,
    /// Whether every address that is found is taken.
    all: bool,
}

impl Selected {
    pub(crate) fn new(inputs: &Inputs, selection: &Selection) -> Result<Self> {
        let scopes = scopes(&selection.scope)?;
        let include = match selection.include.as_slice() {
            [] => None,
            networks => Some(network_set(networks, "--include")?),
        };
        // Flags need a database, so they are asked for when one is.
        let is_network = |text: &&String| Flags::from_name(text).is_none();
        let exclude: Vec<_> =
            selection.exclude.iter().filter(is_network).cloned().collect();
        let exclude = network_set(&exclude, "--exclude")?;
        Ok(Self {
            extractor: extractor(inputs, selection)?,
            all: scopes.is_none() && include.is_none() && exclude.is_empty(),
            scopes,
            include,
            exclude,
        })
    }

    pub(crate) fn extractor(&self) -> &Extractor {
        &self.extractor
    }

    /// Whether an address that was found is wanted.
    #[inline]
    pub(crate) fn takes(&self, address: IpAddr) -> bool {
        self.all || self.takes_some(address)
    }

    fn takes_some(&self, address: IpAddr) -> bool {
        let scopes = self.scopes.as_ref();
        scopes.is_none_or(|scopes| scopes.contains(&Scope::of(address)))
            && self.include.as_ref().is_none_or(|networks| networks.contains(address))
            && !self.exclude.contains(address)
    }
}

fn extractor(inputs: &Inputs, selection: &Selection) -> Result<Extractor> {
    let mut extractor = Extractor::default()
        .defanged(inputs.defang)
        .ipv4(!selection.ipv6)
        .ipv6(!selection.ipv4);
    for (names, on) in [(&selection.rule, true), (&selection.no_rule, false)] {
        for name in names {
            let rule = Rule::from_str(name).map_err(|error| {
                Hinted::error(
                    error.to_string(),
                    "`geoip extract --list-rules` names them",
                )
            })?;
            extractor = extractor.rule(rule, on);
        }
    }
    Ok(extractor)
}

/// The scopes that are wanted; none if all are.
fn scopes(names: &[String]) -> Result<Option<Vec<Scope>>> {
    if names.iter().any(|name| name == "all") {
        return Ok(None);
    }
    let parse = |name: &String| {
        name.parse().map_err(|error: geoip_core::InvalidScope| {
            Hinted::error(error.to_string(), "`all` takes every address there is")
        })
    };
    names.iter().map(parse).collect::<Result<_>>().map(Some)
}

/// The set of networks that are given, each as itself or by a file of such.
fn network_set(given: &[String], option: &str) -> Result<NetworkSet> {
    let mut ranges = Vec::new();
    for text in given {
        if let Some(range) = range(text) {
            ranges.push(range);
            continue;
        }
        let looks_like_network = text.bytes().all(|byte| {
            byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':' | b'/' | b'-')
        });
        let content = fs::read(text).map_err(|error| {
            let hint = if looks_like_network {
                "a network is written 192.0.2.0/24 or 2001:db8::/32; it is no file either"
            } else {
                "give an address, a network like 192.0.2.0/24, or a file of such, one a line"
            };
            Hinted::because(error, format!("cannot read {text} of {option}"), hint)
        })?;
        lines_of_networks(Path::new(text), &content, &mut ranges)?;
    }
    Ok(NetworkSet::from_ranges(ranges))
}

fn lines_of_networks(
    path: &Path,
    content: &[u8],
    ranges: &mut Vec<(IpAddr, IpAddr)>,
) -> Result<()> {
    for (index, line) in content.split(|byte| *byte == b'\n').enumerate() {
        let line = String::from_utf8_lossy(line);
        let line = line.split(['#', ';']).next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let Some(range) = range(line) else {
            let (path, number) = (path.display(), index + 1);
            return Err(Hinted::error(
                format!("{path}, line {number}: {} is no network", printable(line)),
                "one a line: 192.0.2.1, 192.0.2.0/24 or 192.0.2.1-192.0.2.9; # starts a comment",
            ));
        };
        ranges.push(range);
    }
    Ok(())
}

/// The first and last address of an address, a network or a range.
fn range(text: &str) -> Option<(IpAddr, IpAddr)> {
    if let Ok(network) = text.parse::<IpNetwork>() {
        return Some((network.network(), network.broadcast()));
    }
    let (first, last) = text.split_once('-')?;
    let (first, last): (IpAddr, IpAddr) =
        (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first.is_ipv4() == last.is_ipv4() && first <= last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_read_in_every_form_and_mistakes_have_a_line() {
        let text =
            b"# office\n192.0.2.1\n 2001:db8::/32 ; lab\n\n10.0.0.1 - 10.0.0.9\r\n";
        let mut ranges = Vec::new();
        lines_of_networks(Path::new("list"), text, &mut ranges).unwrap();
        let ends =
            |first: &str, last: &str| (first.parse().unwrap(), last.parse().unwrap());
        assert_eq!(
            ranges,
            [
                ends("192.0.2.1", "192.0.2.1"),
                ends("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
                ends("10.0.0.1", "10.0.0.9"),
            ]
        );
        for wrong in ["10.0.0.0/33", "10.0.0.9-10.0.0.1", "\x1b[2J", "10.0.0.1-::1"] {
            let text = format!("192.0.2.1\n{wrong}\n");
            let error =
                lines_of_networks(Path::new("list"), text.as_bytes(), &mut ranges);
            let message = error.unwrap_err().to_string();
            assert!(message.starts_with("list, line 2: "), "{message}");
            assert!(!message.contains('\x1b'), "{message}");
        }
    }
}
