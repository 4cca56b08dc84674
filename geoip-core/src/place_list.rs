//! Places that the user knows better than any database.

mod cells;

use std::{cmp::Reverse, collections::BinaryHeap, fmt, net::IpAddr};

use ipnetwork::IpNetwork;

pub(crate) use self::cells::cells;
use crate::{
    AddressRange, CountryCode, DatabaseInfo, Error, Facts, LatLng, Location, Place,
    address_range::{address_of, bits},
    date,
};

/// Networks and where they are, as somebody who knows says: offices with private addresses,
/// or an operator's own geofeed.
///
/// A text of comma-separated values, with or without a header:
///
/// - `network,name,country,region,city,latitude,longitude,radius_km`, of which only the first
///   two are needed: `10.0.0.0/8,Office Lyon,FR,,Lyon,45.76,4.84`. A header may name them in
///   any order, and `ip`, `prefix`, `lat`, `lng` and `lon` are understood.
/// - A geofeed (RFC 8805): `192.0.2.0/24,FR,FR-ARA,Lyon,`. It has no coordinates, so its
///   places have names only; an [`Enricher`](crate::Enricher) takes the point of a database
///   that names the same country and city. Regions stay codes of ISO 3166-2.
///
/// Without a header, it is a geofeed if every second value is empty or a country's code.
/// `#` starts a comment. Of the networks around an address the narrowest answers.
///
/// # Complexity
/// Reading is O(n log n); a look-up is O(log n).
///
/// # References
/// RFC 8805, "A Format for Self-Published IP Geolocation Feeds".
///
/// # Examples
/// ```
/// use geoip_core::PlaceList;
///
/// let list = PlaceList::parse("ours.csv", b"\
/// network,name,latitude,longitude
/// 10.0.0.0/8,Offices,,
/// 10.1.0.0/16,Office Lyon,45.76,4.84
/// ")?;
/// let (place, network) = list.lookup("10.1.2.3".parse().unwrap()).unwrap();
/// assert_eq!(place.name, Some("Office Lyon"));
/// assert_eq!(network.to_string(), "10.1.0.0/16");
/// # Ok::<(), geoip_core::Error>(())
/// ```
#[derive(Clone)]
pub struct PlaceList {
    info: DatabaseInfo,
    places: Vec<OwnPlace>,
    /// Disjoint ranges of IPv4 in order, each with the position of its place.
    v4: Vec<Range>,
    v6: Vec<Range>,
}

/// First and last address, and the position of the place.
pub(crate) type Range = (u128, u128, usize);

/// A place in words of its own.
#[derive(Clone, Debug, Default)]
struct OwnPlace {
    name: String,
    country: Option<CountryCode>,
    region: String,
    city: String,
    location: Option<Location<'static>>,
}

impl OwnPlace {
    fn borrowed(&self) -> Place<'_> {
        let text = |text: &'_ str| !text.is_empty();
        Place {
            name: Some(self.name.as_str()).filter(|name| text(name)),
            country: self.country,
            country_name: self.country.map(CountryCode::name),
            subdivision: Some(self.region.as_str()).filter(|name| text(name)),
            city: Some(self.city.as_str()).filter(|name| text(name)),
            location: self.location,
        }
    }
}

/// Which value of a line is what.
#[derive(Clone, Copy, Debug, Default)]
struct Columns {
    network: usize,
    name: Option<usize>,
    country: Option<usize>,
    region: Option<usize>,
    city: Option<usize>,
    latitude: Option<usize>,
    longitude: Option<usize>,
    radius_km: Option<usize>,
}

impl Columns {
    const GEOFEED: Self = Self {
        network: 0,
        name: None,
        country: Some(1),
        region: Some(2),
        city: Some(3),
        latitude: None,
        longitude: None,
        radius_km: None,
    };
    const NAMED: Self = Self {
        network: 0,
        name: Some(1),
        country: Some(2),
        region: Some(3),
        city: Some(4),
        latitude: Some(5),
        longitude: Some(6),
        radius_km: Some(7),
    };

    /// The columns of a header; none if the line names no network.
    fn of_header(cells: &[String]) -> Option<Self> {
        let find = |names: &[&str]| {
            cells.iter().position(|cell| {
                names.iter().any(|name| cell.trim().eq_ignore_ascii_case(name))
            })
        };
        Some(Self {
            network: find(&["network", "prefix", "ip_prefix", "cidr", "ip", "range"])?,
            name: find(&["name", "label"]),
            country: find(&["country", "country_code", "alpha2code"]),
            region: find(&["region", "subdivision", "state"]),
            city: find(&["city"]),
            latitude: find(&["latitude", "lat"]),
            longitude: find(&["longitude", "lng", "lon", "long"]),
            radius_km: find(&["radius_km", "accuracy_radius_km"]),
        })
    }
}

impl PlaceList {
    /// Read places from their bytes; errors and sources call them by `name`.
    ///
    /// # Errors
    /// [`Error::Line`] for a line whose network, country or coordinates are none;
    /// [`Error::NotAList`] if there is no place at all.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Self, Error> {
        let wrong =
            |line, reason: String| Error::Line { name: name.into(), line, reason };
        let not_utf8 = |error: std::str::Utf8Error| {
            let before = &bytes[..error.valid_up_to()];
            let line = before.split(|byte| *byte == b'\n').count() as u64;
            wrong(line, "it is no text in UTF-8".into())
        };
        let text = str::from_utf8(bytes).map_err(not_utf8)?;
        let text = text.trim_start_matches('\u{feff}');
        let mut rows = Vec::new();
        let mut day = None;
        for (number, line) in (1_u64..).zip(text.lines()) {
            // A comment is a line of its own: RFC 8805 allows no other.
            if line.trim_start().starts_with('#') {
                day = day.or(if rows.is_empty() { date::find_day(line) } else { None });
            } else if !line.trim().is_empty() {
                rows.push((number, cells(line)));
            }
        }
        let header = rows.first().and_then(|(_, cells)| Columns::of_header(cells));
        let columns = match header {
            Some(columns) => {
                rows.remove(0);
                columns
            }
            None if is_geofeed(&rows) => Columns::GEOFEED,
            None => Columns::NAMED,
        };
        let mut ranges = Vec::with_capacity(rows.len());
        let mut places = Vec::with_capacity(rows.len());
        for (number, cells) in rows {
            let (range, place) =
                row(columns, &cells).map_err(|reason| wrong(number, reason))?;
            ranges.push(range);
            places.push(place);
        }
        if places.is_empty() {
            let found = "it holds no network and place".into();
            return Err(Error::NotAList { name: name.into(), found });
        }
        let of_family = |is_ipv4: bool| {
            let ranges = ranges.iter().zip(0..);
            let ranges = ranges.filter(|(range, _)| range.first().is_ipv4() == is_ipv4);
            flattened(
                ranges
                    .map(|(range, place)| {
                        (bits(range.first()), bits(range.last()), place)
                    })
                    .collect(),
            )
        };
        let info = DatabaseInfo {
            name: name.into(),
            build_epoch: day,
            attribution: None,
            facts: Facts {
                country: places.iter().any(|place| place.country.is_some()),
                city: places
                    .iter()
                    .any(|place| place.location.is_some() || !place.city.is_empty()),
                ..Facts::default()
            },
            entries: Some(places.len() as u64),
        };
        Ok(Self { info, v4: of_family(true), v6: of_family(false), places })
    }

    /// What the list is called, when it was made, and how much it holds.
    pub fn info(&self) -> &DatabaseInfo {
        &self.info
    }

    /// The place of the narrowest network around an address, and the largest network around
    /// it in which that is the answer.
    pub fn lookup(&self, address: IpAddr) -> Option<(Place<'_>, IpNetwork)> {
        let address = address.to_canonical();
        let ranges = if address.is_ipv4() { &self.v4 } else { &self.v6 };
        let at = bits(address);
        let after = ranges.partition_point(|&(_, last, _)| last < at);
        let &(first, last, place) = ranges.get(after).filter(|range| range.0 <= at)?;
        let end = |bits| address_of(bits, address.is_ipv4());
        let range = AddressRange::new(end(first), end(last))?;
        Some((self.places[place].borrowed(), range.network_around(address)?))
    }
}

impl fmt::Debug for PlaceList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlaceList")
            .field("name", &self.info.name)
            .field("places", &self.places.len())
            .finish_non_exhaustive()
    }
}

/// Whether every second value is what RFC 8805 has there: nothing, or a country.
fn is_geofeed(rows: &[(u64, Vec<String>)]) -> bool {
    rows.iter().all(|(_, cells)| {
        let second = cells.get(1).map_or("", |cell| cell.trim());
        second.is_empty() || (second.len() == 2 && second.is_ascii())
    })
}

/// The network and the place of a line, or what is wrong with it.
fn row(columns: Columns, cells: &[String]) -> Result<(AddressRange, OwnPlace), String> {
    let cell = |column: Option<usize>| {
        column.and_then(|column| cells.get(column)).map_or("", |cell| cell.trim())
    };
    let range = cell(Some(columns.network)).parse::<AddressRange>();
    let range = range.map_err(|error| error.to_string())?;
    let country = match cell(columns.country) {
        // ZZ stands for nowhere in some feeds.
        "" | "ZZ" | "zz" => None,
        code => Some(code.parse::<CountryCode>().map_err(|error| error.to_string())?),
    };
    let number = |column, what: &str| match cell(column) {
        "" => Ok(None),
        text => {
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
            number.map(Some).ok_or_else(|| format!("`{text}` is no {what}"))
        }
    };
    let (lat, lng) =
        (number(columns.latitude, "latitude")?, number(columns.longitude, "longitude")?);
    let mut location = match (lat, lng) {
        (Some(lat), Some(lng)) => {
            let point = LatLng::new(lat, lng).map_err(|error| error.to_string())?;
            Some(Location::new(point))
        }
        (None, None) => None,
        _ => return Err("latitude and longitude go together".into()),
    };
    let radius_km = number(columns.radius_km, "radius in km")?;
    if let (Some(location), Some(radius_km)) = (&mut location, radius_km) {
        let radius_km = (1_u16..20_000).find(|&km| f64::from(km) >= radius_km);
        let radius_km = radius_km.ok_or("the radius is wider than the earth")?;
        location.accuracy_radius_km = Some(radius_km);
    }
    let place = OwnPlace {
        name: cell(columns.name).into(),
        country,
        region: cell(columns.region).into(),
        city: cell(columns.city).into(),
        location,
    };
    Ok((range, place))
}

/// Ranges that may overlap, as disjoint ones in order; where several hold an address, the
/// narrowest stays, and of equal ones the last.
pub(crate) fn flattened(mut ranges: Vec<Range>) -> Vec<Range> {
    ranges.sort_unstable();
    let ends = ranges.iter().filter_map(|&(_, last, _)| last.checked_add(1));
    let mut seams: Vec<_> = ranges.iter().map(|&(first, ..)| first).chain(ends).collect();
    seams.sort_unstable();
    seams.dedup();

    let mut flat: Vec<Range> = Vec::with_capacity(ranges.len());
    let mut coming = ranges.into_iter().peekable();
    // The ranges that may hold the address at hand, the narrowest on top.
    let mut open = BinaryHeap::new();
    for (position, &from) in seams.iter().enumerate() {
        while let Some((first, last, place)) = coming.next_if(|range| range.0 == from) {
            open.push((Reverse(last - first), place, last));
        }
        while open.peek().is_some_and(|&(.., last)| last < from) {
            open.pop();
        }
        let Some(&(_, place, last)) = open.peek() else { continue };
        // Nothing begins or ends before the next seam; without one, the range goes on to
        // the last address that there is.
        let to = seams.get(position + 1).map_or(last, |next| next - 1);
        match flat.last_mut() {
            Some(before)
                if before.2 == place && before.1.checked_add(1) == Some(from) =>
            {
                before.1 = to;
            }
            _ => flat.push((from, to, place)),
        }
    }
    flat
}

#[cfg(test)]
mod tests;
