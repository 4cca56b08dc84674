//! The rows of a table: what answers are made of, each text once.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable, hash_map::Entry};

use super::{ROW_LIMIT, place_row::PlaceRow};
use crate::{
    Answer, Asn, AutonomousSystem, Connection, CountryCode, Flags, LatLng, Place,
    Precision,
};

/// Rows by their numbers; number 0 says nothing.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// Empty if no row has a place.
    places: Vec<PlaceRow>,
    place_texts: Vec<PlaceTexts>,
    /// The points that do not fit into the row of their place.
    points: Vec<LatLng>,
    /// Empty if no row has anything else.
    networks: Vec<NetworkRow>,
    /// All texts, one after the other.
    text: String,
}

/// Where a text is in the text of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Text {
    start: u32,
    /// 0 for a text that is not there: what is there is not empty.
    length: u16,
}

/// The texts of a place. Starts and lengths apart take no room for alignment.
#[derive(Clone, Copy, Debug, Default)]
struct PlaceTexts {
    starts: [u32; PLACE_TEXTS],
    lengths: [u16; PLACE_TEXTS],
}

/// Name of the country, subdivision, city and time zone.
const PLACE_TEXTS: usize = 4;

/// What is known of the network of an address, but for its place.
#[derive(Clone, Copy, Debug, Default)]
struct NetworkRow {
    /// 0 if it is not known.
    asn: u32,
    starts: [u32; NETWORK_TEXTS],
    lengths: [u16; NETWORK_TEXTS],
    flags: Flags,
}

/// Organization, ISP, domain, connection type and user type.
const NETWORK_TEXTS: usize = 5;

impl Rows {
    /// The answer that a row is, without the network.
    #[inline]
    pub(crate) fn answer(&self, row: u32) -> Answer<'_> {
        let mut answer = Answer { place: self.place(row), ..Answer::default() };
        if let Some(row) = self.networks.get(row as usize) {
            let text = |which: usize| self.text(row.starts[which], row.lengths[which]);
            let connection = Connection {
                isp: text(1),
                domain: text(2),
                connection_type: text(3),
                user_type: text(4),
            };
            let system = || AutonomousSystem::new(Asn(row.asn), text(0));
            answer.autonomous_system = (row.asn != 0).then(system);
            answer.connection =
                Some(connection).filter(|known| *known != Connection::default());
            answer.flags = row.flags;
        }
        answer
    }

    /// Where a row says that its addresses are.
    #[inline]
    pub(crate) fn place(&self, row: u32) -> Option<Place<'_>> {
        let texts = self.place_texts.get(row as usize)?;
        let text = |which: usize| self.text(texts.starts[which], texts.lengths[which]);
        let place = self.place_row(row).place(&self.points, || text(3))?;
        Some(Place {
            country_name: text(0),
            subdivision: text(1),
            city: text(2),
            ..place
        })
    }

    /// The place of a row without its texts.
    #[inline]
    pub(crate) fn place_row(&self, row: u32) -> PlaceRow {
        self.places.get(row as usize).copied().unwrap_or_default()
    }

    /// The points that are not in the row of their place.
    #[inline]
    pub(crate) fn points(&self) -> &[LatLng] {
        &self.points
    }

    #[inline]
    fn text(&self, start: u32, length: u16) -> Option<&str> {
        if length == 0 {
            return None;
        }
        self.text.get(start as usize..start as usize + usize::from(length))
    }

    #[cfg(feature = "mmdb")]
    pub(super) fn size(&self) -> usize {
        size_of_val(self.places.as_slice())
            + size_of_val(self.place_texts.as_slice())
            + size_of_val(self.points.as_slice())
            + size_of_val(self.networks.as_slice())
            + self.text.len()
    }
}

/// Rows that are still being added.
#[derive(Debug)]
pub(crate) struct RowsBuilder {
    rows: Rows,
    hasher: DefaultHashBuilder,
    texts: HashTable<Text>,
    known: HashMap<Key, u32>,
    has_places: bool,
    has_networks: bool,
}

/// What tells one row from another.
type Key = (
    Option<(i64, i64)>,
    [Text; PLACE_TEXTS],
    [Text; NETWORK_TEXTS],
    (u16, Option<CountryCode>, Option<Precision>, bool),
    (u32, Flags),
);

impl Default for RowsBuilder {
    fn default() -> Self {
        let mut builder = Self {
            rows: Rows::default(),
            hasher: DefaultHashBuilder::default(),
            texts: HashTable::new(),
            known: HashMap::default(),
            has_places: false,
            has_networks: false,
        };
        let nothing = builder.add(&Answer::default());
        debug_assert_eq!(nothing, Some(super::NOTHING), "the first row says nothing");
        builder
    }
}

impl RowsBuilder {
    /// The number of the row that gives this answer; none if there are too many rows, or too
    /// much text.
    pub(crate) fn add(&mut self, answer: &Answer<'_>) -> Option<u32> {
        let place = answer.place.unwrap_or_default();
        let location = place.location;
        let connection = answer.connection.unwrap_or_default();
        let organization =
            answer.autonomous_system.and_then(|system| system.organization);
        let time_zone = location.and_then(|location| location.time_zone);
        let mut place_texts = [Text::default(); PLACE_TEXTS];
        for (text, value) in place_texts.iter_mut().zip([
            place.country_name,
            place.subdivision,
            place.city,
            time_zone,
        ]) {
            *text = self.text(value)?;
        }
        let mut network_texts = [Text::default(); NETWORK_TEXTS];
        for (text, value) in network_texts.iter_mut().zip([
            organization,
            connection.isp,
            connection.domain,
            connection.connection_type,
            connection.user_type,
        ]) {
            *text = self.text(value)?;
        }
        let points = self.rows.points.len();
        let place_row = PlaceRow::new(answer.place, &mut self.rows.points)?;
        let network_row = NetworkRow {
            asn: answer.autonomous_system.map_or(0, |system| system.number.0),
            starts: network_texts.map(|text| text.start),
            lengths: network_texts.map(|text| text.length),
            flags: answer.flags,
        };
        let key = (
            location.map(|location| location.point.key()),
            place_texts,
            network_texts,
            place_row.key(),
            (network_row.asn, network_row.flags),
        );
        let next = u32::try_from(self.rows.places.len()).ok()?;
        match self.known.entry(key) {
            Entry::Occupied(row) => {
                self.rows.points.truncate(points);
                Some(*row.get())
            }
            Entry::Vacant(_) if next >= ROW_LIMIT => None,
            Entry::Vacant(row) => {
                row.insert(next);
                self.rows.places.push(place_row);
                self.rows.place_texts.push(PlaceTexts {
                    starts: place_texts.map(|text| text.start),
                    lengths: place_texts.map(|text| text.length),
                });
                self.rows.networks.push(network_row);
                self.has_places |= place_row.is_known();
                self.has_networks |= network_row.asn != 0
                    || !network_row.flags.is_empty()
                    || network_texts != [Text::default(); NETWORK_TEXTS];
                Some(next)
            }
        }
    }

    /// Where a text is, put there if it is not.
    fn text(&mut self, value: Option<&str>) -> Option<Text> {
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return Some(Text::default());
        };
        let all = &mut self.rows.text;
        let of = |text: &Text, all: &str| {
            let start = text.start as usize;
            // Only what was put in is looked for.
            all.as_bytes().get(start..start + usize::from(text.length))
                == Some(value.as_bytes())
        };
        let hash = self.hasher.hash_one(value);
        if let Some(text) = self.texts.find(hash, |text| of(text, all)) {
            return Some(*text);
        }
        let text = Text {
            start: u32::try_from(all.len()).ok()?,
            length: u16::try_from(value.len()).ok()?,
        };
        all.push_str(value);
        let rehash = |text: &Text| {
            let start = text.start as usize;
            self.hasher.hash_one(&all[start..start + usize::from(text.length)])
        };
        self.texts.insert_unique(hash, text, rehash);
        Some(text)
    }

    /// The rows.
    pub(crate) fn finish(self) -> Rows {
        let mut rows = self.rows;
        if !self.has_places {
            rows.places = Vec::new();
            rows.place_texts = Vec::new();
        }
        if !self.has_networks {
            rows.networks = Vec::new();
        }
        rows.places.shrink_to_fit();
        rows.place_texts.shrink_to_fit();
        rows.points.shrink_to_fit();
        rows.networks.shrink_to_fit();
        rows.text.shrink_to_fit();
        rows
    }
}
