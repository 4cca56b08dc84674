//! What the script of a report reads: the JSON twin of `web/src/facts.ts`.

use std::{borrow::Cow, collections::HashMap};

use geoip_core::{CountryCode, Flags};
use serde::Serialize;

use super::{columns::Positions, text::visible};
use crate::{Offer, Report, Row};

/// Numbers: what map and time line are drawn of.
#[expect(clippy::struct_excessive_bools, reason = "what a page has or has not")]
#[derive(Debug, Serialize)]
pub(super) struct ReportData<'a> {
    whole: bool,
    unit: &'static str,
    heat: bool,
    points: bool,
    choropleth: bool,
    groups: &'static str,
    within: Cow<'a, str>,
    home: Option<HomeData<'a>>,
    bandwidth_km: Option<f64>,
    lines: Option<u64>,
    places: PlacesData,
    known_flags: Vec<&'static str>,
    /// The sets of flags that rows have.
    flag_sets: Vec<Vec<&'static str>>,
    rows: RowsData,
    timeline: Option<TimelineData>,
    bars: Option<BarsData<'a>>,
    /// Addresses and hits.
    apart: [u64; 2],
    tables: Vec<TableData<'a>>,
    facts: Vec<[Cow<'a, str>; 2]>,
}

/// Words: what is read when something is to be named.
#[derive(Debug, Serialize)]
pub(super) struct ReportTexts<'a> {
    /// The names of places up to the first comma, and the number of what follows in
    /// `regions`.
    places: Vec<Cow<'a, str>>,
    region: Vec<usize>,
    regions: Vec<Cow<'a, str>>,
    systems: Vec<(u32, Cow<'a, str>)>,
    networks: Vec<Cow<'a, str>>,
    addresses: Vec<Cow<'a, str>>,
    /// The names of users; empty if none were tried.
    users: Vec<Cow<'a, str>>,
    /// For each listed row the number of a name, failed and accepted, name after name.
    logins: Vec<Vec<u64>>,
}

/// The places: those with a point first, in the order of their positions.
#[derive(Debug, Default, Serialize)]
struct PlacesData {
    #[serde(flatten)]
    positions: Positions,
    codes: Vec<&'static str>,
    /// The place of the country in `codes`, or -1.
    country: Vec<i32>,
    /// 0 for a city, 1 for a region, 2 for a country.
    precision: Vec<u8>,
    radius_km: Vec<Option<u16>>,
    /// The differences of the numbers of groups, -1 for none; empty without groups.
    group: Vec<i64>,
}

/// Where arcs lead.
#[derive(Debug, Serialize)]
struct HomeData<'a> {
    lat: f64,
    lng: f64,
    name: Cow<'a, str>,
}

/// The rows as columns: those of listed addresses first, each part by place.
#[derive(Debug, Default, Serialize)]
struct RowsData {
    listed: usize,
    /// The differences from row to row; -1 is a place that is not known.
    place: Vec<i64>,
    system: Vec<i64>,
    network: Vec<i64>,
    flags: Vec<usize>,
    addresses: Vec<u64>,
    /// Hits that are in none of the row's slots: without a time, or outside of the axis.
    hits: Vec<u64>,
    /// How many slots each row has.
    slots: Vec<usize>,
    /// The differences from slot to slot of a row.
    slot: Vec<u32>,
    slot_hits: Vec<u64>,
    prefix: Vec<Option<u8>>,
    /// Seconds after the start of the time line.
    first: Vec<Option<i64>>,
    /// Seconds after the first.
    last: Vec<Option<i64>>,
    /// Empty if there are no logins.
    failed: Vec<u64>,
    accepted: Vec<u64>,
    /// How many names were tried; empty if none.
    users_tried: Vec<u64>,
}

#[derive(Debug, Serialize)]
struct TimelineData {
    start: i64,
    width: u32,
    slots: u32,
    untimed: u64,
    outside: u64,
}

#[derive(Debug, Serialize)]
struct BarsData<'a> {
    start: i64,
    width: u32,
    hits: &'a [u64],
}

#[derive(Debug, Serialize)]
struct TableData<'a> {
    title: Cow<'a, str>,
    note: Cow<'a, str>,
    columns: Vec<(Cow<'a, str>, bool)>,
    rows: Vec<Vec<Cow<'a, str>>>,
}

/// The order in which places and rows stand in the page.
#[derive(Debug)]
pub(super) struct Arranged<'a> {
    report: &'a Report,
    places: Vec<usize>,
    rows: Vec<(Option<usize>, &'a Row)>,
}

impl<'a> Arranged<'a> {
    pub(super) fn new(report: &'a Report) -> Self {
        let mut places: Vec<usize> = (0..report.places.len()).collect();
        places.sort_by_key(|&place| {
            let point = report.places[place].point;
            (point.is_none(), point.map(geoip_core::LatLng::key), place)
        });
        let mut positions = vec![0; places.len()];
        for (position, &place) in places.iter().enumerate() {
            positions[place] = position;
        }
        let position =
            |row: &Row| row.place.and_then(|place| positions.get(place)).copied();
        let mut rows: Vec<_> =
            report.rows.iter().map(|row| (position(row), row)).collect();
        rows.sort_by_key(|(position, row)| {
            (row.listed.is_none(), *position, std::cmp::Reverse(row.hits))
        });
        Self { report, places, rows }
    }

    pub(super) fn data(&self) -> ReportData<'a> {
        let report = self.report;
        let mut flag_sets: Vec<Flags> = Vec::new();
        let rows = self.rows(&mut flag_sets);
        let table = |table: &'a crate::FixedTable| TableData {
            title: visible(&table.title),
            note: visible(&table.note),
            columns: table
                .columns
                .iter()
                .map(|(name, number)| (visible(name), *number))
                .collect(),
            rows: table
                .rows
                .iter()
                .map(|row| row.iter().map(|cell| visible(cell)).collect())
                .collect(),
        };
        ReportData {
            whole: report.whole,
            unit: report.unit.noun(2),
            heat: report.layers.heat,
            points: report.layers.points,
            choropleth: report.layers.choropleth,
            groups: match report.layers.groups {
                Offer::No => "no",
                Offer::Asleep => "asleep",
                Offer::Shown => "shown",
            },
            within: visible(&report.within),
            home: report.home.as_ref().map(|home| HomeData {
                lat: home.point.lat(),
                lng: home.point.lng(),
                name: visible(&home.name),
            }),
            bandwidth_km: report.bandwidth_km,
            lines: report.lines,
            places: self.places(),
            known_flags: report.known_flags.names().collect(),
            flag_sets: flag_sets.iter().map(|set| set.names().collect()).collect(),
            rows,
            timeline: report.timeline.map(|timeline| TimelineData {
                start: timeline.start,
                width: timeline.width_seconds,
                slots: timeline.slots,
                untimed: timeline.untimed,
                outside: timeline.outside,
            }),
            bars: report.time_bars.as_ref().map(|bars| BarsData {
                start: bars.start,
                width: bars.width_seconds,
                hits: &bars.hits,
            }),
            apart: [report.apart.addresses, report.apart.hits],
            tables: report.tables.iter().map(table).collect(),
            facts: report
                .facts
                .iter()
                .map(|(name, value)| [visible(name), visible(value)])
                .collect(),
        }
    }

    pub(super) fn texts(&self) -> ReportTexts<'a> {
        let report = self.report;
        let mut regions = Vec::new();
        let mut region_numbers = HashMap::new();
        let mut places = Vec::with_capacity(self.places.len());
        let mut region = Vec::with_capacity(self.places.len());
        for &place in &self.places {
            let name = report.places[place].name.as_str();
            let (city, rest) = name.split_once(", ").unwrap_or((name, ""));
            places.push(visible(city));
            region.push(*region_numbers.entry(rest).or_insert_with(|| {
                regions.push(visible(rest));
                regions.len() - 1
            }));
        }
        let listed = || self.rows.iter().filter_map(|(_, row)| row.listed.as_ref());
        let mut numbers = HashMap::new();
        let mut users = Vec::new();
        let mut logins = Vec::new();
        for listed in listed().filter(|_| self.has_users()) {
            let told = listed.users.iter().flat_map(|login| {
                let number = *numbers.entry(login.user.as_str()).or_insert_with(|| {
                    users.push(visible(&login.user));
                    users.len() as u64 - 1
                });
                [number, login.failed, login.accepted]
            });
            logins.push(told.collect());
        }
        ReportTexts {
            users,
            logins,
            places,
            region,
            regions,
            systems: report
                .systems
                .iter()
                .map(|(number, name)| (number.0, visible(name)))
                .collect(),
            networks: report.networks.iter().map(|network| visible(network)).collect(),
            addresses: listed().map(|listed| visible(&listed.address)).collect(),
        }
    }

    /// Whether any address tried a name.
    fn has_users(&self) -> bool {
        let listed = self.report.rows.iter().filter_map(|row| row.listed.as_ref());
        listed.into_iter().any(|listed| listed.users_tried > 0)
    }

    fn places(&self) -> PlacesData {
        let places = || self.places.iter().map(|&place| &self.report.places[place]);
        let mut codes: Vec<CountryCode> =
            places().filter_map(|place| place.country).collect();
        codes.sort_unstable_by_key(|code| code.as_str());
        codes.dedup();
        let position = |code: CountryCode| {
            codes.binary_search_by_key(&code.as_str(), |code| code.as_str()).ok()
        };
        let index = |place: &crate::PlaceOfRows| {
            let index = place.country.and_then(position);
            index.and_then(|index| i32::try_from(index).ok()).unwrap_or(-1)
        };
        PlacesData {
            positions: Positions::coarse(places().filter_map(|place| place.point)),
            country: places().map(index).collect(),
            precision: places().map(|place| precision(place.precision)).collect(),
            radius_km: places().map(|place| place.radius_km).collect(),
            group: self.groups(),
            codes: codes.iter().map(|code| code.as_str()).collect(),
        }
    }

    /// The groups of places, numbered by the first of their places, so that differences
    /// are small.
    fn groups(&self) -> Vec<i64> {
        let mut numbers = HashMap::new();
        let mut last = 0;
        let mut steps = Vec::with_capacity(self.places.len());
        for &place in &self.places {
            let group = self.report.places[place].group.map(|group| {
                let next = numbers.len();
                *numbers.entry(group).or_insert(next)
            });
            let number = index(group);
            steps.push(number - last);
            last = number;
        }
        if numbers.is_empty() { Vec::new() } else { steps }
    }

    fn rows(&self, flag_sets: &mut Vec<Flags>) -> RowsData {
        let mut data = RowsData::default();
        let start = self.report.timeline.map_or(0, |timeline| timeline.start);
        let logins = |row: &Row| {
            row.listed.as_ref().is_some_and(|listed| listed.failed + listed.accepted > 0)
        };
        let has_logins = self.report.rows.iter().any(logins);
        let has_users = self.has_users();
        let mut last_place = 0;
        for (position, row) in &self.rows {
            let place = index(*position);
            data.place.push(place - last_place);
            last_place = place;
            data.system.push(index(row.system));
            data.network.push(index(row.network));
            let set = flag_sets.iter().position(|set| *set == row.flags);
            data.flags.push(set.unwrap_or_else(|| {
                flag_sets.push(row.flags);
                flag_sets.len() - 1
            }));
            data.addresses.push(row.addresses);
            let timed = row.times.iter().fold(0_u64, |sum, it| sum.saturating_add(it.1));
            data.hits.push(row.hits.saturating_sub(timed));
            data.slots.push(row.times.len());
            let mut last_slot = 0;
            for &(slot, hits) in &row.times {
                data.slot.push(slot.saturating_sub(last_slot));
                last_slot = slot;
                data.slot_hits.push(hits);
            }
            let Some(listed) = &row.listed else { continue };
            data.listed += 1;
            data.prefix.push(listed.prefix);
            let first = listed.first_seen.map(|first| first.saturating_sub(start));
            data.first.push(first);
            let seen = listed.first_seen.zip(listed.last_seen);
            data.last.push(seen.map(|(first, last)| last.saturating_sub(first)));
            if has_logins {
                data.failed.push(listed.failed);
                data.accepted.push(listed.accepted);
            }
            if has_users {
                data.users_tried.push(listed.users_tried);
            }
        }
        data
    }
}

fn index(position: Option<usize>) -> i64 {
    position.and_then(|position| i64::try_from(position).ok()).unwrap_or(-1)
}

fn precision(precision: geoip_core::Precision) -> u8 {
    match precision {
        geoip_core::Precision::City => 0,
        geoip_core::Precision::Region => 1,
        geoip_core::Precision::Country => 2,
    }
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
