//! Addresses to rows: what a page can hold of any number of them.

use std::{cmp::Reverse, collections::HashMap, net::IpAddr};

use anyhow::Result;
use geoip_core::{
    Asn, Count, CountryCode, Enricher, Flags, IpNetwork, LatLng, Place, Precision,
    Record, Scope,
};
use geoip_log::Timestamp;
use geoip_render::{Row, TimeBars};

use super::{fold, scan::Scan};
use crate::{args::Redact, timeline::Axis, wanted::Wanted};

/// Networks that are told apart.
const NETWORKS: usize = 200;

/// How much is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// How many addresses are listed one by one.
    pub(super) listed: usize,
    pub(super) redact: Option<Redact>,
}

/// What was found, where it is.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) places: Vec<GatheredPlace>,
    pub(super) systems: Vec<(Asn, String)>,
    pub(super) networks: Vec<BusyNetwork>,
    pub(super) rows: Vec<Row>,
    pub(super) axis: Option<Axis>,
    /// The hits of all rows in narrower slots, if those of the axis had to be wide.
    pub(super) bars: Option<TimeBars>,
    /// Addresses that have no place on Earth.
    pub(super) special: Vec<Special>,
    /// Everything that was taken, the special ones included.
    pub(super) all: Count,
    pub(super) not_global: Count,
    pub(super) unknown: Count,
    pub(super) without_point: Count,
    pub(super) coarse: Count,
    pub(super) unwanted: Count,
    /// How many addresses are not listed one by one.
    pub(super) unlisted: u64,
    /// How many networks there are.
    pub(super) all_networks: usize,
    /// How many systems there are; those that are not told apart stand under one name.
    pub(super) all_systems: usize,
}

/// A place and what is there.
#[derive(Debug)]
pub(super) struct GatheredPlace {
    pub(super) point: Option<LatLng>,
    pub(super) country: Option<CountryCode>,
    /// Without the country, if anything narrower is known.
    pub(super) name: String,
    pub(super) precision: Precision,
    pub(super) radius_km: Option<u16>,
    pub(super) count: Count,
}

impl GatheredPlace {
    /// City, region and country.
    pub(super) fn full_name(&self) -> String {
        let country = self.country.map(CountryCode::name).unwrap_or_default();
        match (self.name.as_str(), country) {
            (name, "") => name.to_owned(),
            ("", country) => country.to_owned(),
            (name, country) if name == country => name.to_owned(),
            (name, country) => format!("{name}, {country}"),
        }
    }
}

/// A network with much in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct BusyNetwork {
    pub(super) prefix: IpNetwork,
    pub(super) count: Count,
    pub(super) system: Option<usize>,
    pub(super) country: Option<CountryCode>,
}

/// An address of a private or otherwise special range.
#[derive(Clone, Copy, Debug)]
pub(super) struct Special {
    pub(super) address: IpAddr,
    pub(super) scope: Scope,
    /// How many, where addresses are not told apart.
    pub(super) addresses: u64,
    pub(super) hits: u64,
    pub(super) first: Option<Timestamp>,
    pub(super) last: Option<Timestamp>,
}

/// What two records must share to be at one place.
type PlaceKey<'a> =
    (Option<(i64, i64)>, Precision, Option<CountryCode>, [Option<&'a str>; 3]);

/// An address with the numbers of what is known about it.
pub(super) struct Item {
    pub(super) address: IpAddr,
    pub(super) hits: u64,
    pub(super) place: Option<usize>,
    pub(super) system: Option<usize>,
    pub(super) network: Option<IpNetwork>,
    pub(super) flags: Flags,
}

/// Numbers given to things in the order in which they are met.
struct Numbers<'e> {
    places: HashMap<PlaceKey<'e>, usize>,
    systems: HashMap<Asn, usize>,
    networks: HashMap<IpNetwork, usize>,
}

/// Look up every address and put it into rows.
pub(super) fn gather(
    scan: &Scan,
    enricher: &Enricher,
    wanted: &Wanted,
    limits: Limits,
) -> Result<Gathered> {
    let mut gathered = Gathered::default();
    let mut numbers = Numbers {
        places: HashMap::new(),
        systems: HashMap::new(),
        networks: HashMap::new(),
    };
    let mut items = Vec::new();
    for (address, hits) in scan.tally.sorted() {
        let record = enricher.enrich(address)?;
        if !wanted.takes(&record) {
            add(&mut gathered.unwanted, 1, hits);
            continue;
        }
        add(&mut gathered.all, 1, hits);
        if record.place.is_none() && record.scope != Scope::Global {
            add(&mut gathered.not_global, 1, hits);
            gathered.add_special(scan, &record, hits, limits);
            continue;
        }
        items.push(gathered.item(&mut numbers, &record, hits, limits));
    }
    gathered.special.sort_by_key(|special| (Reverse(special.hits), special.address));
    let kept = gathered.keep_networks();
    let listed = fold::listed(&items, gathered.places.len(), limits);
    gathered.unlisted = items.len() as u64 - listed.len() as u64;
    gathered.fill(scan, &mut items, &listed, &kept, limits);
    Ok(gathered)
}

impl Gathered {
    fn add_special(
        &mut self,
        scan: &Scan,
        record: &Record<'_>,
        hits: u64,
        limits: Limits,
    ) {
        let track = scan.timeline.get(record.address);
        let (first, last) =
            (track.and_then(|track| track.first), track.and_then(|track| track.last));
        let (address, scope) = (record.address, record.scope);
        if limits.redact.is_some()
            && let Some(before) = self.special.last_mut()
            && before.scope == scope
            && coarsened(before.address.into()) == coarsened(address.into())
        {
            before.addresses += 1;
            before.hits = before.hits.saturating_add(hits);
            before.first = [before.first, first].into_iter().flatten().min();
            before.last = before.last.max(last);
            return;
        }
        self.special.push(Special { address, scope, addresses: 1, hits, first, last });
    }

    fn item<'e>(
        &mut self,
        numbers: &mut Numbers<'e>,
        record: &Record<'e>,
        hits: u64,
        limits: Limits,
    ) -> Item {
        let place = record.place.map(|place| self.place(numbers, place));
        match place.map(|place| &mut self.places[place]) {
            None => add(&mut self.unknown, 1, hits),
            Some(place) => {
                add(&mut place.count, 1, hits);
                if place.point.is_none() {
                    add(&mut self.without_point, 1, hits);
                } else if place.precision != Precision::City {
                    add(&mut self.coarse, 1, hits);
                }
            }
        }
        let system = record.autonomous_system.map(|system| {
            *numbers.systems.entry(system.number).or_insert_with(|| {
                let name = system.organization.unwrap_or_default();
                self.systems.push((system.number, name.to_owned()));
                self.systems.len() - 1
            })
        });
        let network = record.network.map(|network| match limits.redact {
            Some(_) => coarsened(network),
            None => network,
        });
        if let Some(network) = network {
            let number = *numbers.networks.entry(network).or_insert_with(|| {
                let country = record.place.and_then(|place| place.country);
                let count = Count::default();
                self.networks.push(BusyNetwork {
                    prefix: network,
                    count,
                    system,
                    country,
                });
                self.networks.len() - 1
            });
            add(&mut self.networks[number].count, 1, hits);
        }
        Item {
            address: record.address,
            hits,
            place,
            system,
            network,
            flags: record.flags,
        }
    }

    fn place<'e>(&mut self, numbers: &mut Numbers<'e>, place: Place<'e>) -> usize {
        let point = place.location.map(|location| location.point);
        let precision = place.precision();
        let names = [place.name, place.city, place.subdivision];
        let key = (point.map(LatLng::key), precision, place.country, names);
        *numbers.places.entry(key).or_insert_with(|| {
            let mut known: Vec<_> = names.into_iter().flatten().collect();
            // Singapore, Singapore.
            known.dedup();
            let name = if known.is_empty() {
                place.country_name.unwrap_or_default().to_owned()
            } else {
                known.join(", ")
            };
            self.places.push(GatheredPlace {
                point,
                country: place.country,
                name,
                precision,
                radius_km: place
                    .location
                    .and_then(|location| location.accuracy_radius_km),
                count: Count::default(),
            });
            self.places.len() - 1
        })
    }

    /// Only the networks with most hits, and where each of them stands.
    fn keep_networks(&mut self) -> HashMap<IpNetwork, usize> {
        self.all_networks = self.networks.len();
        self.networks.sort_by_key(|it| (Reverse(it.count.hits), it.prefix));
        self.networks.truncate(NETWORKS);
        (0..).zip(&self.networks).map(|(number, it)| (it.prefix, number)).collect()
    }
}

/// A network that is no narrower than /24 or /48.
pub(super) fn coarsened(network: IpNetwork) -> IpNetwork {
    let most = if network.is_ipv4() { 24 } else { 48 };
    if network.prefix() <= most {
        return network;
    }
    let wider = IpNetwork::new(network.ip(), most);
    let wider = wider.and_then(|wider| IpNetwork::new(wider.network(), most));
    wider.unwrap_or(network)
}

fn add(count: &mut Count, addresses: u64, hits: u64) {
    count.addresses += addresses;
    count.hits = count.hits.saturating_add(hits);
}
