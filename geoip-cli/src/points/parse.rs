//! The forms that given places can have.

use anyhow::{Context, Result};
use geoip_core::{CountryCode, LatLng};

use super::json;
use crate::failure::Hinted;

/// One given place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GivenPlace {
    pub(crate) point: LatLng,
    pub(crate) weight: u64,
    pub(crate) label: Option<String>,
    pub(crate) country: Option<CountryCode>,
}

pub(super) const HINT: &str = "a header with `latitude,longitude` (also `weight`, `label`, `country`) and \
                    values below it, JSON objects with such keys, GeoJSON points, or \
                    `lat lon [weight]` a line";

/// The names of columns and keys, in any case.
pub(super) const LATITUDE: &[&str] = &["latitude", "lat"];
pub(super) const LONGITUDE: &[&str] = &["longitude", "lng", "lon", "long"];
pub(super) const WEIGHT: &[&str] = &["weight", "count", "hits"];
pub(super) const LABEL: &[&str] = &["label", "name", "city"];
pub(super) const COUNTRY: &[&str] = &["country", "country_code"];

/// Where the facts of a place are in a row.
struct Columns {
    latitude: usize,
    longitude: usize,
    weight: Option<usize>,
    label: Option<usize>,
    country: Option<usize>,
}

impl Columns {
    /// The columns of a header; none if it names no latitude.
    fn of_header(header: &csv::StringRecord) -> Option<Result<Self>> {
        let find = |names: &[&str]| {
            header.iter().position(|cell| {
                names.iter().any(|name| cell.trim().eq_ignore_ascii_case(name))
            })
        };
        let latitude = find(LATITUDE)?;
        let Some(longitude) = find(LONGITUDE) else {
            return Some(Err(Hinted::error("the header names no longitude", HINT)));
        };
        Some(Ok(Self {
            latitude,
            longitude,
            weight: find(WEIGHT),
            label: find(LABEL),
            country: find(COUNTRY),
        }))
    }

    /// `lat lon [weight]`.
    const PLAIN: Self =
        Self { latitude: 0, longitude: 1, weight: Some(2), label: None, country: None };
}

/// Places out of text of any of the forms.
pub(super) fn parse(text: &[u8]) -> Result<Vec<GivenPlace>> {
    let text = String::from_utf8_lossy(text);
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with(['{', '[']) {
        return json::parse(text);
    }
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if !first.contains(',') {
        return parse_plain(text);
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut columns = None;
    let mut places = Vec::new();
    for row in reader.records() {
        let row = row?;
        let line = row.position().map_or(0, csv::Position::line);
        if let Some(columns) = &columns {
            places.push(place(columns, &|column| row.get(column), line)?);
        } else if let Some(header) = Columns::of_header(&row) {
            columns = Some(header?);
        } else {
            places.push(place(&Columns::PLAIN, &|column| row.get(column), line)?);
            columns = Some(Columns::PLAIN);
        }
    }
    Ok(places)
}

fn parse_plain(text: &str) -> Result<Vec<GivenPlace>> {
    let mut places = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let cells: Vec<_> = text.split_whitespace().collect();
        if cells.is_empty() || cells[0].starts_with('#') {
            continue;
        }
        places.push(place(&Columns::PLAIN, &|column| cells.get(column).copied(), line)?);
    }
    Ok(places)
}

fn place<'r>(
    columns: &Columns,
    cell: &impl Fn(usize) -> Option<&'r str>,
    line: u64,
) -> Result<GivenPlace> {
    let wrong = |what: &str, text: &str| {
        Hinted::error(format!("line {line}: `{text}` is no {what}"), HINT)
    };
    let degrees = |column: usize, what: &str| {
        let text = cell(column).unwrap_or_default();
        text.parse::<f64>().map_err(|_| wrong(what, text))
    };
    let lat = degrees(columns.latitude, "latitude")?;
    let lng = degrees(columns.longitude, "longitude")?;
    let point = LatLng::new(lat, lng).with_context(|| format!("line {line}"))?;
    let optional = |column: Option<usize>| {
        column.and_then(cell).filter(|text| !text.trim().is_empty())
    };
    let weight = match optional(columns.weight) {
        Some(text) => {
            text.parse().map_err(|_| wrong("whole number for a weight", text))?
        }
        None => 1,
    };
    let country = optional(columns.country).and_then(|text| text.parse().ok());
    let label = optional(columns.label).map(str::to_owned);
    Ok(GivenPlace { point, weight, label, country })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(text: &str) -> Vec<(f64, f64, u64)> {
        let places = parse(text.as_bytes()).unwrap();
        places
            .iter()
            .map(|place| (place.point.lat(), place.point.lng(), place.weight))
            .collect()
    }

    #[test]
    fn reads_plain_lines_and_csv() {
        let expected = [(51.5, -0.1, 1), (-33.9, 151.2, 7)];
        assert_eq!(points("51.5 -0.1\n\n# Sydney\n-33.9\t151.2 7\n"), expected);
        assert_eq!(points("51.5,-0.1\n-33.9,151.2,7\n"), expected);
        assert_eq!(
            points("\u{feff}Weight,lat,lon\n,51.5,-0.1\r\n7,-33.9,151.2"),
            expected
        );
        assert_eq!(points(""), []);
        let labelled = parse(b"lat,lng,label,country\n1,2,\"A, B\",br\n").unwrap();
        assert_eq!(labelled[0].label.as_deref(), Some("A, B"));
        assert_eq!(labelled[0].country, "BR".parse().ok());
    }

    #[test]
    fn says_which_line_is_wrong() {
        for (text, message) in [
            ("1 2\nx y", "line 2: `x` is no latitude"),
            ("lat,lon\n1,2\n91,0", "line 3"),
            ("lat,weight\n1,2", "the header names no longitude"),
            ("1 2 -3", "line 1: `-3` is no whole number for a weight"),
            ("1", "line 1: `` is no longitude"),
            ("nan 2", "line 1"),
            ("1 inf", "line 1"),
            ("lat,lon\n1,181", "line 2"),
        ] {
            let error = format!("{:#}", parse(text.as_bytes()).unwrap_err());
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
