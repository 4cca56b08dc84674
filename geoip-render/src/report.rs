//! What a report says, as inert data.

use geoip_core::{Asn, Count, CountryCode, Flags, LatLng, Precision};

use crate::{Map, Unit};

/// Everything that a page with a map, a time line and tables tells: what was found where,
/// in rows that a reader can filter.
///
/// A row is one address, or several that have place, system and flags in common; all that
/// the page shows is a sum of rows, so that a filter changes map, time line and tables at
/// once. The page of `n` rows is as large for a million hits as for a thousand: how many
/// addresses have a row of their own is for the caller to choose, and to say in
/// [`notes`](Map::notes).
///
/// # Examples
/// ```
/// use geoip_core::{LatLng, Precision};
/// use geoip_render::{Map, PlaceOfRows, Report, Row, report};
///
/// let mut page = Report::new(Map::new("Who knocks"));
/// page.places.push(PlaceOfRows::new("London", LatLng::new(51.51, -0.13).ok()));
/// page.rows.push(Row { place: Some(0), addresses: 3, hits: 40, ..Row::default() });
/// assert!(report(&page)?.starts_with("<!doctype html>"));
/// # Ok::<(), geoip_render::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// Heading, notes, credits, extent and theme. What the map shows is drawn of the rows,
    /// so [layers](Map::layers) are passed over.
    pub map: Map,
    /// Whether tables and facts stand below the map, or the map is all.
    pub whole: bool,
    /// What the map counts at first; the reader can change it.
    pub unit: Unit,
    /// Which layers there are.
    pub layers: Offered,
    /// Standard deviation of the heat's wide kernel in kilometres, if not what suits the
    /// screen.
    pub bandwidth_km: Option<f64>,
    /// Lines that were read.
    pub lines: Option<u64>,
    /// The places, which rows refer to.
    pub places: Vec<PlaceOfRows>,
    /// How far apart two places of a [group](PlaceOfRows::group) may be, in words.
    pub within: String,
    /// Where arcs lead, if there are any.
    pub home: Option<Home>,
    /// The autonomous systems, which rows refer to.
    pub systems: Vec<(Asn, String)>,
    /// The networks with most hits, which rows refer to.
    pub networks: Vec<String>,
    /// The flags that could have been set: what no list told is not known.
    pub known_flags: Flags,
    /// What was found.
    pub rows: Vec<Row>,
    /// The time that the slots of rows refer to.
    pub timeline: Option<Timeline>,
    /// The hits of all rows in narrower slots than theirs, if theirs are wide.
    pub time_bars: Option<TimeBars>,
    /// What was found and is in no row, because it has no place on Earth.
    pub apart: Count,
    /// Tables that no filter changes: private addresses, users, groups.
    pub tables: Vec<FixedTable>,
    /// Where it all comes from, as name and value: files, databases, program.
    pub facts: Vec<(String, String)>,
}

impl Report {
    /// A report of nothing yet.
    pub fn new(map: Map) -> Self {
        Self {
            map,
            whole: true,
            unit: Unit::Hits,
            layers: Offered::default(),
            bandwidth_km: None,
            lines: None,
            places: Vec::new(),
            within: String::new(),
            home: None,
            systems: Vec::new(),
            networks: Vec::new(),
            known_flags: Flags::default(),
            rows: Vec::new(),
            timeline: None,
            time_bars: None,
            apart: Count::default(),
            tables: Vec::new(),
            facts: Vec::new(),
        }
    }
}

/// Which layers are drawn of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Density on the ground.
    pub heat: bool,
    /// A circle a place.
    pub points: bool,
    /// A colour a country.
    pub choropleth: bool,
    /// Outlines around the groups that places are in.
    pub groups: Offer,
}

/// Whether there is a layer, and whether it is shown at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// There is none.
    No,
    /// The reader can ask for it.
    Asleep,
    /// It is shown.
    Shown,
}

/// The place that arcs lead to.
#[derive(Clone, Debug, PartialEq)]
pub struct Home {
    /// Where.
    pub point: LatLng,
    /// What it is called; may be empty.
    pub name: String,
}

impl Default for Offered {
    fn default() -> Self {
        Self { heat: true, points: true, choropleth: true, groups: Offer::Asleep }
    }
}

/// A place that rows refer to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PlaceOfRows {
    /// What it is called, without its country: "Lyon, Auvergne-Rhône-Alpes".
    pub name: String,
    /// Where, if there is a point.
    pub point: Option<LatLng>,
    /// In which country.
    pub country: Option<CountryCode>,
    /// Whether the point stands for a city, a region or a country.
    pub precision: Precision,
    /// How far from the point the addresses may be.
    pub radius_km: Option<u16>,
    /// The number of the group of near places that it is in, counted from 0.
    pub group: Option<usize>,
}

impl PlaceOfRows {
    /// A city.
    pub fn new(name: impl Into<String>, point: Option<LatLng>) -> Self {
        Self {
            name: name.into(),
            point,
            country: None,
            precision: Precision::City,
            radius_km: None,
            group: None,
        }
    }
}

/// An address, or several with the same place, system, network and flags.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Its place in [`Report::places`]; none if no database knows it.
    pub place: Option<usize>,
    /// Its place in [`Report::systems`].
    pub system: Option<usize>,
    /// Its place in [`Report::networks`], if it is one of those.
    pub network: Option<usize>,
    /// What is known of the kind of address.
    pub flags: Flags,
    /// The address, if this is one that is listed.
    pub listed: Option<Listed>,
    /// How many addresses.
    pub addresses: u64,
    /// How often they were seen.
    pub hits: u64,
    /// Slots of the [`Timeline`], ascending, with the hits in each.
    pub times: Vec<(u32, u64)>,
}

/// What is told of a single address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The address, or its network where addresses are not to be shown.
    pub address: String,
    /// The length of the prefix of the network that the database has it in.
    pub prefix: Option<u8>,
    /// When it was first seen, in seconds since 1970.
    pub first_seen: Option<i64>,
    /// When it was last seen.
    pub last_seen: Option<i64>,
    /// Logins that failed.
    pub failed: u64,
    /// Logins that succeeded.
    pub accepted: u64,
    /// How many names of users were tried.
    pub users_tried: u64,
    /// The names that were tried most often.
    pub users: Vec<Login>,
}

/// What came of a name of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// The name.
    pub user: String,
    /// Logins that failed.
    pub failed: u64,
    /// Logins that succeeded.
    pub accepted: u64,
}

/// Time in slots of the same width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// When the first slot begins, in seconds since 1970.
    pub start: i64,
    /// How long a slot is, in seconds.
    pub width_seconds: u32,
    /// How many slots there are.
    pub slots: u32,
    /// Hits whose line has no time.
    pub untimed: u64,
    /// Hits at times too far away to be shown with the others.
    pub outside: u64,
}

/// Hits over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeBars {
    /// When the first slot begins, in seconds since 1970.
    pub start: i64,
    /// How long a slot is, in seconds.
    pub width_seconds: u32,
    /// The hits in each slot.
    pub hits: Vec<u64>,
}

/// A table that is shown as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FixedTable {
    /// The heading.
    pub title: String,
    /// What the reader must know of it, such as how much was left out.
    pub note: String,
    /// The names of the columns, and whether each holds numbers.
    pub columns: Vec<(String, bool)>,
    /// The rows; numbers are digits only.
    pub rows: Vec<Vec<String>>,
}
