//! MaxMind's legacy format, the `.dat` files of before 2019: countries, cities and autonomous
//! systems.
//!
//! A file is a binary tree of the bits of an address, behind it the records, and at its end
//! what it is. The whole of it is read once, into a table.
//!
//! # References
//! libGeoIP 1.6.12, `GeoIP.c` and `GeoIPCity.c`, <https://github.com/maxmind/geoip-api-c>.

mod countries;

use std::{borrow::Cow, collections::HashMap};

use crate::{
    Answer, AutonomousSystem, CountryCode, DatabaseInfo, Error, Facts, LatLng, Location,
    Place, date,
    table::{RowsBuilder, Table},
};

/// Marks what kind of database it is, near the end of the file.
const MARKER: [u8; 3] = [0xff; 3];

/// How many bytes before its end a file may have that mark.
const LONGEST_TRAILER: usize = 20;

/// How long the text about the database may be.
const LONGEST_TEXT: usize = 100;

/// Where the numbers of countries begin that a tree of countries has as leaves.
const FIRST_COUNTRY: u32 = 16_776_960;

/// Bytes of a branch: the number of another node, or of a record.
const BRANCH: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Country,
    City,
    Asn,
}

/// What the end of a file says.
struct Trailer<'b> {
    content: Content,
    /// How many bits addresses have.
    width: u8,
    /// Numbers below it are nodes, others records.
    nodes: u32,
    /// Such as `GeoLite2 Country 20230131`.
    text: Cow<'b, str>,
}

/// The table of a legacy file, and what it holds; none if the bytes are no such file.
///
/// # Errors
/// [`Error::Damaged`] for a file that is cut short or whose tree is none, and
/// [`Error::NoKnownFacts`] for a kind of database that is not read.
pub(crate) fn parse(
    name: &str,
    bytes: &[u8],
) -> Option<Result<(Table, DatabaseInfo), Error>> {
    let tail = bytes.len().saturating_sub(LONGEST_TRAILER);
    let at = bytes[tail..].windows(MARKER.len()).rposition(|window| window == MARKER)?;
    let (body, trailer) = bytes.split_at(tail + at);
    let (&kind, numbers) = trailer[MARKER.len()..].split_first()?;
    // Newer files count from 106 on.
    let kind = if kind >= 106 { kind - 105 } else { kind };
    let (content, width) = match kind {
        1 => (Content::Country, 32),
        12 => (Content::Country, 128),
        2 | 6 => (Content::City, 32),
        30 | 31 => (Content::City, 128),
        9 => (Content::Asn, 32),
        21 => (Content::Asn, 128),
        3..=32 => {
            let database_type = format!("legacy database of kind {kind}");
            return Some(Err(Error::NoKnownFacts { name: name.into(), database_type }));
        }
        _ => return None,
    };
    let nodes = match content {
        Content::Country => FIRST_COUNTRY,
        _ => number(numbers.get(..BRANCH)?),
    };
    let trailer = Trailer { content, width, nodes, text: text_before(body) };
    Some(read(name, body, &trailer))
}

/// The text about the database, between three zeros and the mark.
fn text_before(body: &[u8]) -> Cow<'_, str> {
    let tail = &body[body.len().saturating_sub(LONGEST_TEXT + 3)..];
    let start = tail.windows(3).rposition(|window| window == [0; 3]);
    start.map_or(Cow::Borrowed(""), |start| latin1(&tail[start + 3..]))
}

fn read(
    name: &str,
    body: &[u8],
    trailer: &Trailer<'_>,
) -> Result<(Table, DatabaseInfo), Error> {
    let damaged =
        |reason: &str| Error::Damaged { name: name.into(), source: reason.into() };
    let mut walk = Walk::new(body, trailer);
    let mut networks = Vec::new();
    walk.run(&mut networks).map_err(damaged)?;
    let facts = Facts {
        country: trailer.content != Content::Asn,
        city: trailer.content == Content::City,
        autonomous_system: trailer.content == Content::Asn,
        ..Facts::default()
    };
    let kind = match trailer.content {
        Content::Country => "GeoIP legacy Country",
        Content::City => "GeoIP legacy City",
        Content::Asn => "GeoIP legacy ASNum",
    };
    let text = trailer.text.trim();
    let info = DatabaseInfo {
        name: if text.is_empty() { kind } else { text }.to_owned(),
        build_epoch: build_epoch(text),
        attribution: None,
        facts,
        entries: Some(networks.len() as u64),
    };
    let rows = walk.rows.finish();
    let none = || std::iter::empty();
    let networks = networks.into_iter();
    let table = match trailer.width {
        32 => Table::from_networks(rows, networks, none()),
        _ => Table::from_networks(rows, none(), networks),
    };
    Ok((table, info))
}

/// The day in a text such as `GEO-106FREE 20180605 Build 1`, in seconds since 1970.
fn build_epoch(text: &str) -> Option<u64> {
    text.split_whitespace().find_map(|word| {
        let is_day = word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit());
        let part = |range| word.get(range).filter(|_| is_day);
        date::epoch_of(
            part(0..4)?.parse().ok()?,
            part(4..6)?.parse().ok()?,
            part(6..8)?.parse().ok()?,
        )
    })
}

/// A network: its first address, the length of its prefix, and the number of its row.
type Network = (u128, u8, u32);

/// A walk through the tree, from the first address to the last.
struct Walk<'b> {
    body: &'b [u8],
    content: Content,
    width: u8,
    nodes: u32,
    /// Nodes that may still be visited: in a tree each is once.
    left: usize,
    rows: RowsBuilder,
    /// The rows of the records met, by their numbers.
    known: HashMap<u32, u32>,
}

impl<'b> Walk<'b> {
    fn new(body: &'b [u8], trailer: &Trailer<'_>) -> Self {
        let fitting = body.len() / (2 * BRANCH);
        Self {
            body,
            content: trailer.content,
            width: trailer.width,
            nodes: trailer.nodes,
            left: fitting.min(trailer.nodes as usize),
            rows: RowsBuilder::default(),
            known: HashMap::new(),
        }
    }

    fn run(&mut self, networks: &mut Vec<Network>) -> Result<(), &'static str> {
        // What is still to be visited: a branch, the first address below it, the depth.
        let mut open = vec![(0_u32, 0_u128, 0_u8)];
        while let Some((branch, base, depth)) = open.pop() {
            if branch >= self.nodes {
                let row = self.row(branch)?;
                if row != crate::table::NOTHING {
                    networks.push((base, depth, row));
                }
                continue;
            }
            if depth == self.width {
                return Err("its tree is deeper than an address is long");
            }
            self.left =
                self.left.checked_sub(1).ok_or("the branches of its tree meet")?;
            let start = branch as usize * 2 * BRANCH;
            let node =
                self.body.get(start..start + 2 * BRANCH).ok_or("it is cut short")?;
            let (zero, one) = node.split_at(BRANCH);
            let bit = 1_u128 << (self.width - depth - 1);
            open.push((number(one), base | bit, depth + 1));
            open.push((number(zero), base, depth + 1));
        }
        Ok(())
    }

    /// The row of a leaf.
    fn row(&mut self, leaf: u32) -> Result<u32, &'static str> {
        if let Some(&row) = self.known.get(&leaf) {
            return Ok(row);
        }
        let texts;
        let answer = match self.content {
            Content::Country => {
                let number = u8::try_from(leaf - self.nodes);
                of_country(countries::country(number.map_err(|_| "it names no country")?))
            }
            // The first leaf stands for no record.
            _ if leaf == self.nodes => Answer::default(),
            Content::City => {
                texts = Texts::of_city(self.record(leaf)?)?;
                texts.city()
            }
            Content::Asn => {
                texts = Texts::of_asn(self.record(leaf)?)?;
                texts.asn()
            }
        };
        let row = self.rows.add(&answer).ok_or("it has more records than fit")?;
        self.known.insert(leaf, row);
        Ok(row)
    }

    /// The bytes from a record on.
    fn record(&self, leaf: u32) -> Result<&'b [u8], &'static str> {
        // Records are counted in bytes from the end of the tree, as if nodes were bytes.
        let start = leaf as usize + (2 * BRANCH - 1) * self.nodes as usize;
        self.body.get(start..).ok_or("it is cut short")
    }
}

/// A record in words.
struct Texts<'b> {
    country: Option<CountryCode>,
    /// A city, or `AS13335 Cloudflare, Inc.`.
    name: Cow<'b, str>,
    point: Option<LatLng>,
}

impl<'b> Texts<'b> {
    /// Country, region, city, post code, latitude and longitude. Regions are codes of a
    /// table that the file does not have.
    fn of_city(record: &'b [u8]) -> Result<Self, &'static str> {
        let (&country, rest) = record.split_first().ok_or("it is cut short")?;
        let (_region, rest) = text(rest)?;
        let (city, rest) = text(rest)?;
        let (_post_code, rest) = text(rest)?;
        let degrees = rest.get(..2 * BRANCH).ok_or("it is cut short")?;
        let [lat, lng] = [0, BRANCH].map(|start| {
            f64::from(number(&degrees[start..start + BRANCH])) / 10_000.0 - 180.0
        });
        // Four decimals were meant, and the subtraction leaves more.
        let [lat, lng] = [lat, lng].map(|degrees| (degrees * 1e4).round() / 1e4);
        let point = LatLng::new(lat, lng).map_err(|_| "it has a point off the globe")?;
        let country = countries::country(country);
        // Nothing known is written as the point 0, 0.
        let is_known = country.is_some() || !city.is_empty();
        Ok(Self { country, name: city, point: Some(point).filter(|_| is_known) })
    }

    fn of_asn(record: &'b [u8]) -> Result<Self, &'static str> {
        Ok(Self { country: None, name: text(record)?.0, point: None })
    }

    fn city(&self) -> Answer<'_> {
        let mut answer = of_country(self.country);
        if let Some(point) = self.point {
            let place = answer.place.unwrap_or_default();
            let city = Some(&*self.name).filter(|city| !city.is_empty());
            let location = Some(Location::new(point));
            answer.place = Some(Place { city, location, ..place }.with_radius());
        }
        answer
    }

    fn asn(&self) -> Answer<'_> {
        let (number, organization) =
            self.name.split_once(' ').unwrap_or((&self.name, ""));
        let organization = Some(organization.trim()).filter(|name| !name.is_empty());
        let autonomous_system = number.parse().ok().filter(|asn: &crate::Asn| asn.0 != 0);
        let autonomous_system =
            autonomous_system.map(|asn| AutonomousSystem::new(asn, organization));
        Answer { autonomous_system, ..Answer::default() }
    }
}

fn of_country(country: Option<CountryCode>) -> Answer<'static> {
    let place = country.map(|country| Place {
        country: Some(country),
        country_name: Some(country.name()),
        ..Place::default()
    });
    Answer { place, ..Answer::default() }
}

/// A number of three bytes, the lowest first.
fn number(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |number, &byte| number << 8 | u32::from(byte))
}

/// A text up to its zero, and what is behind that.
fn text(bytes: &[u8]) -> Result<(Cow<'_, str>, &[u8]), &'static str> {
    /// Longer than any name, so that a record without an end costs little.
    const LONGEST: usize = 1024;

    let end = bytes.iter().take(LONGEST).position(|&byte| byte == 0);
    let end = end.ok_or("a name in it has no end")?;
    Ok((latin1(&bytes[..end]), &bytes[end + 1..]))
}

/// Text of ISO 8859-1, whose bytes are the first 256 characters of Unicode.
fn latin1(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => bytes.iter().map(|&byte| char::from(byte)).collect::<String>().into(),
    }
}

#[cfg(test)]
mod tests;
