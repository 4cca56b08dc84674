//! Values of the data section.

#![expect(clippy::cast_possible_truncation, reason = "values are cut to their bytes")]

use geoip_core::{CountryCode, Flags, Location, Place, Record};
use hashbrown::HashMap;

/// Types of the format, by their numbers.
mod kind {
    pub(super) const POINTER: u8 = 1;
    pub(super) const TEXT: u8 = 2;
    pub(super) const DOUBLE: u8 = 3;
    pub(super) const U16: u8 = 5;
    pub(super) const U32: u8 = 6;
    pub(super) const MAP: u8 = 7;
    pub(super) const U64: u8 = 9;
    pub(super) const ARRAY: u8 = 11;
    pub(super) const BOOL: u8 = 14;
}

/// The data section as far as it is written, and what is in it already.
#[derive(Debug, Default)]
pub(super) struct Section {
    bytes: Vec<u8>,
    /// Where values are that others point to.
    shared: HashMap<Vec<u8>, u32>,
}

/// The keys of MaxMind's Anonymous-IP databases, and IPinfo's where those have none.
const FLAGS: [(Flags, &str); 6] = [
    (Flags::TOR, "is_tor_exit_node"),
    (Flags::VPN, "is_anonymous_vpn"),
    (Flags::HOSTING, "is_hosting_provider"),
    (Flags::PROXY, "is_public_proxy"),
    (Flags::RELAY, "is_relay"),
    (Flags::ANONYMOUS, "is_anonymous"),
];

/// Append what tells the record in the file from others: all that [`Section::record`] writes.
pub(super) fn append_key(record: &Record<'_>, key: &mut Vec<u8>) {
    let place = record.place.unwrap_or_default();
    let location = place.location;
    let system = record.autonomous_system;
    let connection = record.connection.unwrap_or_default();
    let texts = [
        place.country.map(CountryCode::as_str),
        place.country_name,
        place.subdivision,
        place.city.or(place.name),
        location.and_then(|location| location.time_zone),
        system.and_then(|system| system.organization),
        connection.isp,
        connection.domain,
        connection.connection_type,
        connection.user_type,
    ];
    for text in texts {
        // No text is as long, so that none is not the same as an empty one.
        key.extend(text.map_or(u32::MAX, |text| text.len() as u32).to_le_bytes());
        key.extend(text.unwrap_or_default().as_bytes());
    }
    if let Some(location) = location {
        key.extend(location.point.lat().to_bits().to_le_bytes());
        key.extend(location.point.lng().to_bits().to_le_bytes());
        key.extend(location.accuracy_radius_km.unwrap_or(0).to_le_bytes());
    }
    // Told apart by how much there is: a location, the number of a system, both or none.
    if let Some(system) = system {
        key.extend(system.number.0.to_le_bytes());
    }
    let flags = FLAGS.iter().map(|(flag, _)| u8::from(record.flags.contains(*flag)));
    key.push(flags.fold(0, |bits, flag| bits << 1 | flag));
}

impl Section {
    /// The bytes of a record, whose texts and places are in the section by now.
    pub(super) fn record(&mut self, record: &Record<'_>) -> Option<Vec<u8>> {
        let mut map = Map::default();
        if let Some(place) = record.place {
            self.place(place, &mut map)?;
        }
        if let Some(system) = record.autonomous_system {
            map.entry(self, "autonomous_system_number", u32_value(system.number.0))?;
            self.text_entry(
                "autonomous_system_organization",
                system.organization,
                &mut map,
            )?;
        }
        let connection = record.connection.unwrap_or_default();
        self.text_entry("isp", connection.isp, &mut map)?;
        self.text_entry("domain", connection.domain, &mut map)?;
        self.text_entry("connection_type", connection.connection_type, &mut map)?;
        self.text_entry("user_type", connection.user_type, &mut map)?;
        for (flag, key) in FLAGS {
            if record.flags.contains(flag) {
                map.entry(self, key, control(kind::BOOL, 1))?;
            }
        }
        Some(map.finish())
    }

    fn place(&mut self, place: Place<'_>, map: &mut Map) -> Option<()> {
        let mut country = Map::default();
        let code = place.country.map(CountryCode::as_str);
        self.text_entry("iso_code", code, &mut country)?;
        self.names(place.country_name, &mut country)?;
        if country.count > 0 {
            let country = self.share(country.finish())?;
            map.entry(self, "country", country)?;
        }
        if place.subdivision.is_some() {
            let mut subdivision = Map::default();
            self.names(place.subdivision, &mut subdivision)?;
            let subdivision = self.share(subdivision.finish())?;
            let array = [control(kind::ARRAY, 1), subdivision].concat();
            map.entry(self, "subdivisions", array)?;
        }
        // A place of the user's has its own name where others have that of a city.
        if let Some(name) = place.city.or(place.name) {
            let mut city = Map::default();
            self.names(Some(name), &mut city)?;
            let city = self.share(city.finish())?;
            map.entry(self, "city", city)?;
        }
        if let Some(location) = place.location {
            let location = self.location(location)?;
            map.entry(self, "location", location)?;
        }
        Some(())
    }

    fn location(&mut self, location: Location<'_>) -> Option<Vec<u8>> {
        let mut map = Map::default();
        if let Some(radius_km) = location.accuracy_radius_km {
            map.entry(
                self,
                "accuracy_radius",
                number(kind::U16, &radius_km.to_be_bytes()),
            )?;
        }
        for (key, degrees) in
            [("latitude", location.point.lat()), ("longitude", location.point.lng())]
        {
            let value =
                [control(kind::DOUBLE, 8), degrees.to_be_bytes().to_vec()].concat();
            map.entry(self, key, value)?;
        }
        self.text_entry("time_zone", location.time_zone, &mut map)?;
        self.share(map.finish())
    }

    /// `names` of a map, in English.
    fn names(&mut self, name: Option<&str>, map: &mut Map) -> Option<()> {
        let Some(name) = name else { return Some(()) };
        let mut names = Map::default();
        self.text_entry("en", Some(name), &mut names)?;
        map.entry(self, "names", names.finish())
    }

    fn text_entry(
        &mut self,
        key: &str,
        value: Option<&str>,
        map: &mut Map,
    ) -> Option<()> {
        let Some(value) = value else { return Some(()) };
        let value = self.share(text(value))?;
        map.entry(self, key, value)
    }

    /// A value, or a pointer to it where that is shorter: values are stored once.
    fn share(&mut self, value: Vec<u8>) -> Option<Vec<u8>> {
        if value.len() <= 4 {
            return Some(value);
        }
        let offset = if let Some(&offset) = self.shared.get(&value) {
            offset
        } else {
            let offset = self.append(&value)?;
            self.shared.insert(value, offset);
            offset
        };
        Some(pointer(offset))
    }

    /// Add bytes to the section; answers where they are, none beyond what can be pointed to.
    pub(super) fn append(&mut self, bytes: &[u8]) -> Option<u32> {
        let offset = u32::try_from(self.bytes.len()).ok()?;
        self.bytes.extend(bytes);
        Some(offset)
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// A map that is being put together.
#[derive(Debug, Default)]
struct Map {
    count: usize,
    entries: Vec<u8>,
}

impl Map {
    fn entry(&mut self, section: &mut Section, key: &str, value: Vec<u8>) -> Option<()> {
        self.entries.extend(section.share(text(key))?);
        self.entries.extend(value);
        self.count += 1;
        Some(())
    }

    fn finish(self) -> Vec<u8> {
        [control(kind::MAP, self.count), self.entries].concat()
    }
}

/// The metadata, which points nowhere.
pub(super) fn metadata(
    database_type: &str,
    description: &str,
    build_epoch: u64,
    nodes: u32,
    record_bits: u16,
) -> Vec<u8> {
    let english = [control(kind::MAP, 1), text("en"), text(description)].concat();
    let entries = [
        ("binary_format_major_version", number(kind::U16, &[2])),
        ("binary_format_minor_version", number(kind::U16, &[])),
        ("build_epoch", number(kind::U64, &build_epoch.to_be_bytes())),
        ("database_type", text(database_type)),
        ("description", english),
        ("ip_version", number(kind::U16, &[6])),
        ("languages", [control(kind::ARRAY, 1), text("en")].concat()),
        ("node_count", u32_value(nodes)),
        ("record_size", number(kind::U16, &record_bits.to_be_bytes())),
    ];
    let mut bytes = control(kind::MAP, entries.len());
    for (key, value) in entries {
        bytes.extend(text(key));
        bytes.extend(value);
    }
    bytes
}

/// The byte or bytes that begin a value: its type, and its length or count.
fn control(kind: u8, length: usize) -> Vec<u8> {
    // Types from 8 on stand in a byte of their own.
    let (first, extended) =
        if kind > 7 { (0, Some(kind - 7)) } else { (kind << 5, None) };
    let (size, rest): (u8, Vec<u8>) = match length {
        0..29 => (length as u8, Vec::new()),
        29..285 => (29, vec![(length - 29) as u8]),
        285..65_821 => (30, ((length - 285) as u16).to_be_bytes().to_vec()),
        _ => (31, ((length - 65_821) as u32).to_be_bytes()[1..].to_vec()),
    };
    [first | size].into_iter().chain(extended).chain(rest).collect()
}

fn text(text: &str) -> Vec<u8> {
    [control(kind::TEXT, text.len()), text.into()].concat()
}

/// A number without the zeros before it.
fn number(kind: u8, bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    let bytes = &bytes[zeros..];
    [control(kind, bytes.len()), bytes.to_vec()].concat()
}

fn u32_value(value: u32) -> Vec<u8> {
    number(kind::U32, &value.to_be_bytes())
}

/// A pointer, in as few bytes as its offset allows.
fn pointer(offset: u32) -> Vec<u8> {
    let first = |size: u8, high: u32| kind::POINTER << 5 | size << 3 | high as u8;
    match offset {
        ..2048 => vec![first(0, offset >> 8), offset as u8],
        2048..526_336 => {
            let offset = offset - 2048;
            let [.., middle, low] = offset.to_be_bytes();
            vec![first(1, offset >> 16), middle, low]
        }
        526_336..134_744_064 => {
            let offset = offset - 526_336;
            let [_, high, middle, low] = offset.to_be_bytes();
            vec![first(2, offset >> 24), high, middle, low]
        }
        _ => [vec![first(3, 0)], offset.to_be_bytes().to_vec()].concat(),
    }
}
