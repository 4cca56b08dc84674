//! Databases as CSV: a line for each range of addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{
    AddressRange, Answer, Asn, AutonomousSystem, Connection, CountryCode, DatabaseInfo,
    Error, Facts, LatLng, Location, Place,
    address_range::bits,
    place_list::{cells, flattened},
    table::{NOTHING, RowsBuilder, Table},
};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    /// A network, a range or an address.
    Network,
    First,
    Last,
    Country,
    CountryName,
    Region,
    City,
    Latitude,
    Longitude,
    Radius,
    TimeZone,
    Asn,
    Organization,
    Isp,
    Domain,
    ConnectionType,
    UserType,
    Other,
}

use Column::{
    Asn as AsNumber, City, ConnectionType, Country, CountryName, Domain, First, Isp,
    Last, Latitude, Longitude, Network, Organization, Other, Radius, Region, TimeZone,
    UserType,
};

/// The names that columns have: our own, and those of DB-IP, IPinfo, IP2Location and
/// ip-location-db.
const NAMES: [(&str, Column); 43] = [
    ("network", Network),
    ("range", Network),
    ("cidr", Network),
    ("start_ip", First),
    ("ip_start", First),
    ("ip_range_start", First),
    ("ip_from", First),
    ("first", First),
    ("end_ip", Last),
    ("ip_end", Last),
    ("ip_range_end", Last),
    ("ip_to", Last),
    ("last", Last),
    ("country_code", Country),
    ("country_iso_code", Country),
    ("country", Country),
    ("country_name", CountryName),
    ("subdivision", Region),
    ("region", Region),
    ("region_name", Region),
    ("stateprov", Region),
    ("state1", Region),
    ("city", City),
    ("city_name", City),
    ("latitude", Latitude),
    ("lat", Latitude),
    ("longitude", Longitude),
    ("lng", Longitude),
    ("accuracy_radius_km", Radius),
    ("accuracy_radius", Radius),
    ("radius_km", Radius),
    ("time_zone", TimeZone),
    ("timezone", TimeZone),
    ("asn", AsNumber),
    ("autonomous_system_number", AsNumber),
    ("organization", Organization),
    ("as_name", Organization),
    ("autonomous_system_organization", Organization),
    ("isp", Isp),
    ("domain", Domain),
    ("connection_type", ConnectionType),
    ("user_type", UserType),
    ("usage_type", UserType),
];

/// The columns of files without a header, by how many there are: ranges of addresses as
/// DB-IP and ip-location-db write them.
const OF_ADDRESSES: [&[Column]; 5] = [
    &[First, Last, Country],
    &[First, Last, AsNumber, Organization],
    // IPtoASN
    &[First, Last, AsNumber, Country, Organization],
    // DB-IP: the third is the continent.
    &[First, Last, Other, Country, Region, City, Latitude, Longitude],
    // ip-location-db: the second level of subdivisions and the post code are not taken.
    &[First, Last, Country, Region, Other, City, Other, Latitude, Longitude, TimeZone],
];

/// The same for IP2Location, which writes addresses as numbers.
const OF_NUMBERS: [&[Column]; 6] = [
    &[First, Last, Country, CountryName],
    &[First, Last, Other, AsNumber, Organization],
    &[First, Last, Country, CountryName, Region, City],
    &[First, Last, Country, CountryName, Region, City, Latitude, Longitude],
    &[First, Last, Country, CountryName, Region, City, Latitude, Longitude, Other],
    &[
        First,
        Last,
        Country,
        CountryName,
        Region,
        City,
        Latitude,
        Longitude,
        Other,
        TimeZone,
    ],
];

/// The table of a CSV file, and what it holds; none if the text is no such file.
///
/// # Errors
/// [`Error::Line`] for a line that does not fit the first.
pub(crate) fn parse(
    name: &str,
    bytes: &[u8],
) -> Option<Result<(Table, DatabaseInfo), Error>> {
    let text = str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}');
    let is_row = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    let head = text.lines().find(is_row)?;
    let first = split(head);
    let header = of_header(&first);
    let has_header = header.is_some();
    let columns = header.or_else(|| of_first_row(&first))?;
    Some(read(name, text, &columns, has_header))
}

/// The values of a line, between commas or tabs.
fn split(line: &str) -> Vec<String> {
    if line.contains('\t') && !line.contains(',') {
        return line.split('\t').map(|cell| cell.trim().to_owned()).collect();
    }
    cells(line)
}

/// The columns that a header names; none unless it names networks and something of them.
fn of_header(cells: &[String]) -> Option<Vec<Column>> {
    let of = |cell: &String| {
        let name = cell.to_ascii_lowercase();
        let known = NAMES.iter().find(|(known, _)| *known == name);
        known.map_or(Other, |&(_, column)| column)
    };
    let mut columns: Vec<_> = cells.iter().map(of).collect();
    // IPinfo has the name of the country under `country` where there is a `country_code`.
    let has_code = cells.iter().any(|cell| cell.eq_ignore_ascii_case("country_code"));
    for (column, cell) in columns.iter_mut().zip(cells) {
        if has_code && cell.eq_ignore_ascii_case("country") {
            *column = CountryName;
        }
    }
    let has = |column: Column| columns.contains(&column);
    let is_ranges = has(Network) || (has(First) && has(Last));
    let says = [Country, CountryName, City, Latitude, AsNumber, Isp, Domain];
    (is_ranges && says.into_iter().any(has)).then_some(columns)
}

/// The columns of a file whose first line is a row.
fn of_first_row(cells: &[String]) -> Option<Vec<Column>> {
    let [first, last, third, ..] = cells else { return None };
    let by_count = |layouts: &[&[Column]]| {
        let layout = layouts.iter().find(|layout| layout.len() == cells.len());
        layout.map(|layout| layout.to_vec())
    };
    if first.parse::<IpAddr>().is_ok() && last.parse::<IpAddr>().is_ok() {
        return by_count(&OF_ADDRESSES);
    }
    let is_number = |text: &str| text.parse::<u128>().is_ok();
    let is_code =
        third == "-" || third.parse::<CountryCode>().is_ok() || third.contains('/');
    let is_ip2location = is_number(first) && is_number(last) && is_code;
    if is_ip2location { by_count(&OF_NUMBERS) } else { None }
}

fn read(
    name: &str,
    text: &str,
    columns: &[Column],
    has_header: bool,
) -> Result<(Table, DatabaseInfo), Error> {
    let mut rows = RowsBuilder::default();
    let (mut v4, mut v6) = (Vec::new(), Vec::new());
    let mut facts = Facts::default();
    let lines = (1_u64..).zip(text.lines());
    let lines =
        lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    for (line, text) in lines.skip(usize::from(has_header)) {
        let wrong = |reason: String| Error::Line { name: name.into(), line, reason };
        let cells = split(text);
        let row = Row { columns, cells: &cells };
        let range = row.range().map_err(wrong)?;
        let answer = row.answer().map_err(wrong)?;
        facts = facts.or(answer.facts());
        let many = || wrong("there are more distinct rows than fit".into());
        let number = rows.add(&answer).ok_or_else(many)?;
        let family = if range.first().is_ipv4() { &mut v4 } else { &mut v6 };
        family.push((bits(range.first()), bits(range.last()), number as usize));
    }
    let entries = (v4.len() + v6.len()) as u64;
    let v4 = flattened(v4).into_iter().flat_map(|range| networks(range, 32));
    let v6 = flattened(v6).into_iter().flat_map(|range| networks(range, 128));
    let table = Table::from_networks(rows.finish(), v4, v6);
    let info = DatabaseInfo {
        name: name.into(),
        build_epoch: None,
        attribution: None,
        facts,
        entries: Some(entries),
    };
    Ok((table, info))
}

/// The networks that a range is made of, the fewest possible: base, prefix and row.
fn networks(
    (first, last, row): (u128, u128, usize),
    width: u32,
) -> impl Iterator<Item = (u128, u8, u32)> {
    let row = u32::try_from(row).unwrap_or(NOTHING);
    let mut next = Some(first);
    std::iter::from_fn(move || {
        let at = next.filter(|at| *at <= last)?;
        let fits = (last - at).checked_add(1).map_or(128, u128::ilog2);
        let host_bits = at.trailing_zeros().min(fits).min(width);
        next = 1_u128.checked_shl(host_bits).and_then(|size| at.checked_add(size));
        Some((at, u8::try_from(width - host_bits).unwrap_or(0), row))
    })
}

/// A line under its columns.
struct Row<'r> {
    columns: &'r [Column],
    cells: &'r [String],
}

impl<'r> Row<'r> {
    /// The value of a column; IP2Location writes `-` for none.
    fn text(&self, column: Column) -> Option<&'r str> {
        let position = self.columns.iter().position(|other| *other == column)?;
        let text = self.cells.get(position)?.trim();
        Some(text).filter(|text| !matches!(*text, "" | "-"))
    }

    fn number(&self, column: Column, what: &str) -> Result<Option<f64>, String> {
        let Some(text) = self.text(column) else { return Ok(None) };
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        number.map(Some).ok_or_else(|| format!("`{}` is no {what}", short(text)))
    }

    fn range(&self) -> Result<AddressRange, String> {
        if let Some(network) = self.text(Network) {
            return network
                .parse()
                .map_err(|_| format!("`{}` is no network", short(network)));
        }
        let is_v4 = |text: &str| text.parse::<u128>().is_ok_and(|bits| bits >> 32 == 0);
        let (Some(first), Some(last)) = (self.text(First), self.text(Last)) else {
            return Err("there is no range of addresses".into());
        };
        // A range of numbers is of IPv4 if it ends there.
        let as_v4 = is_v4(last);
        let range = address(first, as_v4).zip(address(last, as_v4));
        let range = range.and_then(|(first, last)| AddressRange::new(first, last));
        range
            .ok_or_else(|| format!("`{}` to `{}` is no range", short(first), short(last)))
    }

    fn answer(&self) -> Result<Answer<'r>, String> {
        let country = match self.text(Country) {
            None | Some("ZZ") => None,
            Some(code) => {
                Some(code.parse::<CountryCode>().map_err(|error| error.to_string())?)
            }
        };
        let city = self.text(City);
        let lat = self.number(Latitude, "latitude")?;
        let point = match lat.zip(self.number(Longitude, "longitude")?) {
            // What IP2Location writes where it knows nothing.
            Some((0.0, 0.0)) if country.is_none() && city.is_none() => None,
            Some((lat, lng)) => {
                Some(LatLng::new(lat, lng).map_err(|error| error.to_string())?)
            }
            None => None,
        };
        let radius_km = self.number(Radius, "radius in km")?;
        let radius_km = radius_km.and_then(|radius_km| {
            (1_u16..20_000).find(|&whole_km| f64::from(whole_km) >= radius_km)
        });
        let location = point.map(|point| Location {
            accuracy_radius_km: radius_km,
            time_zone: self.text(TimeZone),
            ..Location::new(point)
        });
        let place = Place {
            name: None,
            country,
            country_name: self.text(CountryName).or(country.map(CountryCode::name)),
            subdivision: self.text(Region),
            city,
            location,
        };
        let asn = match self.text(AsNumber) {
            None => None,
            Some(text) => Some(text.parse::<Asn>().map_err(|error| error.to_string())?),
        };
        let connection = Connection {
            isp: self.text(Isp),
            domain: self.text(Domain),
            connection_type: self.text(ConnectionType),
            user_type: self.text(UserType),
        };
        Ok(Answer {
            network: None,
            place: Some(place)
                .filter(|place| *place != Place::default())
                .map(Place::with_radius),
            autonomous_system: asn
                .filter(|asn| asn.0 != 0)
                .map(|asn| AutonomousSystem::new(asn, self.text(Organization))),
            connection: Some(connection).filter(|known| *known != Connection::default()),
            ..Answer::default()
        })
    }
}

/// An address as it is written, or as a number.
fn address(text: &str, as_v4: bool) -> Option<IpAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    let bits = text.parse::<u128>().ok()?;
    match u32::try_from(bits) {
        Ok(bits) if as_v4 => Some(Ipv4Addr::from_bits(bits).into()),
        _ => Some(Ipv6Addr::from_bits(bits).into()),
    }
}

/// The beginning of a text, for an error.
fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use proptest::prelude::*;

    fn city(csv: &str, address: &str) -> Option<String> {
        let (table, _) = parse("x.csv", csv.as_bytes()).unwrap().unwrap();
        let answer = table.lookup(address.parse().unwrap())?;
        let place = answer.place.unwrap_or_default();
        let system = answer.autonomous_system.map(|system| system.number.to_string());
        let words = [
            Some(answer.network?.to_string()),
            place.country.map(|country| country.to_string()),
            place.city.map(str::to_owned),
            place.location.map(|location| location.point.to_string()),
            system,
        ];
        Some(words.into_iter().flatten().collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn every_layout_is_told_by_its_first_line() {
        let ip2location = "\"0\",\"16777215\",\"-\",\"-\",\"-\",\"-\",\"0.000000\",\"0.000000\",\"-\",\"-\"\n\
            \"16777216\",\"16777471\",\"AU\",\"Australia\",\"Queensland\",\"Brisbane\",\"-27.467541\",\"153.028091\",\"4000\",\"+10:00\"\n";
        assert_eq!(
            city(ip2location, "1.0.0.7").unwrap(),
            "1.0.0.0/24 AU Brisbane -27.4675, 153.0281"
        );
        assert_eq!(city(ip2location, "0.0.0.7"), None);
        let of_ipv6 = "\"281470698520576\",\"281470698520831\",\"AU\",\"Australia\"\n\
            \"42540528726795050063891204319802818560\",\"42540528806023212578155541913346768895\",\"JP\",\"Japan\"\n";
        assert_eq!(city(of_ipv6, "2001:200::1").unwrap(), "2001:200::/32 JP");
        assert_eq!(city(of_ipv6, "1.0.0.1").unwrap(), "1.0.0.0/24 AU");
        let asn =
            "\"16777216\",\"16777471\",\"1.0.0.0/24\",\"13335\",\"CloudFlare Inc.\"\n";
        assert_eq!(city(asn, "1.0.0.1").unwrap(), "1.0.0.0/24 AS13335");
        let db_ip =
            "1.0.0.0,1.0.0.255,OC,AU,Queensland,South Brisbane,-27.4767,153.017\n";
        assert_eq!(
            city(db_ip, "1.0.0.1").unwrap(),
            "1.0.0.0/24 AU South Brisbane -27.4767, 153.0170"
        );
        let of_db = "1.0.0.0,1.0.0.255,AU,Queensland,,Brisbane,,-27.4767,153.017,\n";
        assert!(city(of_db, "1.0.0.1").unwrap().contains("AU Brisbane"));
        assert_eq!(city("1.0.0.0,1.0.0.255,AU\n", "1.0.0.9").unwrap(), "1.0.0.0/24 AU");
        let systems =
            "2001:200::,2001:200:ffff:ffff:ffff:ffff:ffff:ffff,2500,WIDE Project\n";
        assert_eq!(city(systems, "2001:200::1").unwrap(), "2001:200::/32 AS2500");
        let ipinfo = "network,country,country_code,continent,asn,as_name\n\
            1.0.0.0/24,Australia,AU,Oceania,AS13335,\"Cloudflare, Inc.\"\n";
        assert_eq!(city(ipinfo, "1.0.0.1").unwrap(), "1.0.0.0/24 AU AS13335");
        let own = "network,city,latitude,longitude\n192.0.2.0/23,Lyon,45.76,4.84\n";
        assert_eq!(city(own, "192.0.3.1").unwrap(), "192.0.2.0/23 Lyon 45.7600, 4.8400");
    }

    #[test]
    fn what_is_no_database_is_not_taken_for_one() {
        for text in ["", "a,b,c\n", "1.1.1.1\n", "network\n10.0.0.0/8\n", "1,2,3\n"] {
            assert!(parse("x", text.as_bytes()).is_none(), "{text}");
        }
        let wrong = parse("x", b"1.0.0.0,1.0.0.255,AU\n1.0.1.0,1.0.0.1,AU\n").unwrap();
        assert_eq!(
            wrong.unwrap_err().to_string(),
            "x, line 2: `1.0.1.0` to `1.0.0.1` is no range"
        );
    }

    proptest! {
        #[test]
        fn any_ranges_answer_as_they_are_written(
            ranges in prop::collection::vec((any::<u32>(), 0_u32..100_000), 1..20),
        ) {
            let mut csv = String::new();
            let mut held = Vec::new();
            for (index, (first, length)) in ranges.into_iter().enumerate() {
                let last = first.saturating_add(length);
                let [from, to] = [first, last].map(Ipv4Addr::from_bits);
                writeln!(csv, "{from},{to},{},Org", index + 1).unwrap();
                held.push((first, last, index + 1));
            }
            let (table, _) = parse("x", csv.as_bytes()).unwrap().unwrap();
            for &(first, last, _) in &held {
                for at in [first, last, first.saturating_sub(1), last.saturating_add(1)] {
                    // The narrowest, and of equal ones the last.
                    let expected = held
                        .iter()
                        .filter(|range| range.0 <= at && at <= range.1)
                        .min_by_key(|range| (range.1 - range.0, std::cmp::Reverse(range.2)));
                    let answer = table.lookup(Ipv4Addr::from_bits(at).into());
                    let asn = answer.and_then(|answer| answer.autonomous_system);
                    prop_assert_eq!(
                        asn.map(|system| system.number.0 as usize),
                        expected.map(|range| range.2)
                    );
                }
            }
        }
    }
}
