//! Addresses folded to rows: what a page can hold of any number of them.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap, HashSet},
    net::IpAddr,
};

use geoip_core::{Asn, IpNetwork};
use geoip_log::Timestamp;
use geoip_render::{Listed, Login, Row, TimeBars};

use super::{
    rows::{Gathered, Item, Limits, coarsened},
    scan::{Scan, Users},
    tables,
};
use crate::{
    args::Redact,
    text,
    timeline::{Axis, Logins},
};

/// Slots on the time line, at most.
const MOST_SLOTS: u32 = 168;
/// Pairs of row and slot in a page, at most; with more, slots become wider.
const MOST_PAIRS: usize = 150_000;
/// Addresses of one place that are listed before those of others.
const FIRST_OF_A_PLACE: u32 = 25;
/// Names of users that are told of one address.
const USERS_OF_AN_ADDRESS: usize = 10;
/// Rows of addresses that are not listed, at most; with more, fewer systems are told apart.
const MOST_UNLISTED: usize = 35_000;
/// How many systems are told apart, from the most to the fewest that may be.
const SYSTEMS: [usize; 4] = [usize::MAX, 1000, 300, 100];

impl Gathered {
    /// Make the rows: one for each listed address, and one for all that have everything
    /// else in common.
    pub(super) fn fill(
        &mut self,
        scan: &Scan,
        items: &mut [Item],
        listed: &BTreeSet<usize>,
        networks: &HashMap<IpNetwork, usize>,
        limits: Limits,
    ) {
        self.all_systems = self.systems.len();
        for most in SYSTEMS {
            self.keep_systems(items, listed, most);
            let unlisted = items.iter().enumerate();
            let unlisted = unlisted.filter(|(index, _)| !listed.contains(index));
            let parts: HashSet<_> = unlisted
                .map(|(_, item)| {
                    (item.place, item.system, number(networks, item), item.flags)
                })
                .collect();
            if parts.len() <= MOST_UNLISTED {
                break;
            }
        }
        let narrowest = scan.timeline.axis(MOST_SLOTS);
        let mut axis = narrowest;
        let pairs = |axis: Axis| -> usize {
            let tracks =
                listed.iter().filter_map(|&item| scan.timeline.get(items[item].address));
            tracks.map(|track| axis.slots_of(&track.buckets).len()).sum()
        };
        while let Some(narrow) = axis.filter(|axis| pairs(*axis) > MOST_PAIRS)
            && let Some(wider) = narrow.wider()
        {
            axis = Some(wider);
        }
        loop {
            self.rows = rows(scan, items, listed, axis, networks, limits);
            let pairs: usize = self.rows.iter().map(|row| row.times.len()).sum();
            match axis.and_then(Axis::wider) {
                Some(wider) if pairs > MOST_PAIRS => axis = Some(wider),
                _ => break,
            }
        }
        self.axis = axis;
        self.bars =
            narrowest.filter(|_| axis != narrowest).map(|axis| bars(scan, items, axis));
    }

    /// Put all systems under one name but those of listed addresses, and those with most
    /// hits.
    fn keep_systems(
        &mut self,
        items: &mut [Item],
        listed: &BTreeSet<usize>,
        most: usize,
    ) {
        let mut is_listed = vec![false; self.systems.len()];
        for system in listed.iter().filter_map(|&index| items[index].system) {
            is_listed[system] = true;
        }
        let most = most.max(is_listed.iter().filter(|is_listed| **is_listed).count());
        if self.systems.len() <= most {
            return;
        }
        let mut hits = vec![0_u64; self.systems.len()];
        for item in &*items {
            if let Some(system) = item.system {
                hits[system] = hits[system].saturating_add(item.hits);
            }
        }
        let mut order: Vec<usize> = (0..self.systems.len()).collect();
        // What was put together before stays so.
        order.sort_by_key(|&system| {
            (
                self.systems[system].0 == OTHERS,
                Reverse(hits[system]),
                self.systems[system].0,
            )
        });
        let mut positions = vec![most; self.systems.len()];
        for (position, &system) in order.iter().take(most).enumerate() {
            positions[system] = position;
        }
        let mut kept: Vec<_> =
            order.iter().take(most).map(|&system| self.systems[system].clone()).collect();
        let others = text::thousands((self.all_systems - most) as u64);
        kept.push((OTHERS, format!("{others} smaller operators together")));
        self.systems = kept;
        for item in &mut *items {
            item.system = item.system.map(|system| positions[system]);
        }
        for network in &mut self.networks {
            network.system = network.system.map(|system| positions[system]);
        }
    }
}

/// The hits of all items in the slots of an axis.
fn bars(scan: &Scan, items: &[Item], axis: Axis) -> TimeBars {
    let mut hits = vec![0_u64; axis.slots as usize];
    for track in items.iter().filter_map(|item| scan.timeline.get(item.address)) {
        for (slot, count) in axis.slots_of(&track.buckets) {
            hits[slot as usize] += count;
        }
    }
    TimeBars { start: axis.start(), width_seconds: axis.width_seconds(), hits }
}

/// The number of no system (RFC 7607), under which the smaller ones stand together.
const OTHERS: Asn = Asn(0);

/// Where the network of an address stands, if it is one of those that are told apart.
fn number(networks: &HashMap<IpNetwork, usize>, item: &Item) -> Option<usize> {
    networks.get(&item.network?).copied()
}

/// The rows for one axis.
fn rows(
    scan: &Scan,
    items: &[Item],
    listed: &BTreeSet<usize>,
    axis: Option<Axis>,
    networks: &HashMap<IpNetwork, usize>,
    limits: Limits,
) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::with_capacity(listed.len());
    let mut positions = HashMap::new();
    for (index, item) in items.iter().enumerate() {
        let track = scan.timeline.get(item.address);
        let is_listed = listed.contains(&index);
        let shown = if is_listed { shown(item.address, limits) } else { String::new() };
        let network = number(networks, item);
        let key = (shown, item.place, item.system, network, item.flags);
        let position = *positions.entry(key).or_insert_with_key(|(shown, ..)| {
            let network_of = item.network.filter(|_| limits.redact.is_none());
            let listed = is_listed.then(|| Listed {
                address: shown.clone(),
                prefix: network_of.map(|network| network.prefix()),
                ..Listed::default()
            });
            rows.push(Row {
                place: item.place,
                system: item.system,
                network,
                flags: item.flags,
                listed,
                ..Row::default()
            });
            rows.len() - 1
        });
        let row = &mut rows[position];
        row.addresses += 1;
        row.hits = row.hits.saturating_add(item.hits);
        let Some(track) = track else { continue };
        if let Some(axis) = axis {
            row.times.extend(axis.slots_of(&track.buckets));
        }
        if let Some(told) = &mut row.listed {
            let first = track.first.map(Timestamp::seconds);
            told.first_seen = [told.first_seen, first].into_iter().flatten().min();
            told.last_seen = told.last_seen.max(track.last.map(Timestamp::seconds));
            if limits.redact.is_none()
                && let Some(tried) = scan.tried.get(item.address)
            {
                told.users_tried = tried.logins.len() as u64;
                told.users = first_tried(tried);
            }
            told.failed += track.logins.attempts_that_failed();
            told.accepted += track.logins.accepted;
        }
    }
    for row in &mut rows {
        row.times.sort_unstable();
        row.times.dedup_by(|later, earlier| {
            let is_same = later.0 == earlier.0;
            if is_same {
                earlier.1 += later.1;
            }
            is_same
        });
    }
    rows
}

/// The names that an address tried most often.
fn first_tried(tried: &Users) -> Vec<Login> {
    let names = tables::by_attempts(tried).into_iter().take(USERS_OF_AN_ADDRESS);
    let login = |(name, logins): (&[u8], Logins)| Login {
        user: String::from_utf8_lossy(name).into_owned(),
        failed: logins.attempts_that_failed(),
        accepted: logins.accepted,
    };
    names.map(login).collect()
}

/// Which addresses are listed: those with most hits, but some of each place first.
pub(super) fn listed(items: &[Item], places: usize, limits: Limits) -> BTreeSet<usize> {
    if limits.redact == Some(Redact::All) {
        return BTreeSet::new();
    }
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|&index| (Reverse(items[index].hits), index));
    let mut of_place = vec![0_u32; places + 1];
    let (mut first, mut others) = (Vec::new(), Vec::new());
    for index in order {
        let count = &mut of_place[items[index].place.unwrap_or(places)];
        *count += 1;
        if *count <= FIRST_OF_A_PLACE { first.push(index) } else { others.push(index) }
    }
    first.into_iter().chain(others).take(limits.listed).collect()
}

/// An address as it may be shown.
fn shown(address: IpAddr, limits: Limits) -> String {
    match limits.redact {
        None => address.to_string(),
        Some(_) => coarsened(IpNetwork::from(address)).to_string(),
    }
}
