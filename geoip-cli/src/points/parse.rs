//! Given places as rows of cells.

use std::io::Read;

use anyhow::{Context, Result};
use geoip_core::{CountryCode, LatLng};

use super::merge::Merger;
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
pub(super) struct Columns {
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
    pub(super) const PLAIN: Self =
        Self { latitude: 0, longitude: 1, weight: Some(2), label: None, country: None };
}

/// Read places from comma-separated values, with a header or as `lat,lon[,weight]`.
pub(super) fn read_csv(text: impl Read, merger: &mut Merger) -> Result<()> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text);
    let mut columns = None;
    let mut bytes = csv::ByteRecord::new();
    while reader.read_byte_record(&mut bytes)? {
        let row = csv::StringRecord::from_byte_record_lossy(bytes.clone());
        let line = || row.position().map_or(0, csv::Position::line);
        if let Some(columns) = &columns {
            merger.add(place(columns, &|column| row.get(column), line)?);
        } else if let Some(header) = Columns::of_header(&row) {
            columns = Some(header?);
        } else {
            merger.add(place(&Columns::PLAIN, &|column| row.get(column), line)?);
            columns = Some(Columns::PLAIN);
        }
    }
    Ok(())
}

/// The place of a row.
pub(super) fn place<'r>(
    columns: &Columns,
    cell: &impl Fn(usize) -> Option<&'r str>,
    line: impl Fn() -> u64,
) -> Result<GivenPlace> {
    let wrong = |what: &str, text: &str| {
        Hinted::error(format!("line {}: `{text}` is no {what}", line()), HINT)
    };
    let degrees = |column: usize, what: &str| {
        let text = cell(column).unwrap_or_default();
        text.parse::<f64>().map_err(|_| wrong(what, text))
    };
    let lat = degrees(columns.latitude, "latitude")?;
    let lng = degrees(columns.longitude, "longitude")?;
    let point = LatLng::new(lat, lng).with_context(|| format!("line {}", line()))?;
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
    use crate::points::merge::MergedPlace;

    fn read(text: &str) -> Result<Vec<MergedPlace>> {
        let mut merger = Merger::default();
        read_csv(text.as_bytes(), &mut merger)?;
        Ok(merger.into_given().places)
    }

    #[test]
    fn reads_rows_with_and_without_a_header() {
        let expected = [(51.5, -0.1, 1), (-33.9, 151.2, 7)];
        for text in
            ["51.5,-0.1\n-33.9,151.2,7\n", "Weight,lat,lon\n,51.5,-0.1\r\n7,-33.9,151.2"]
        {
            let places = read(text).unwrap();
            let told = |place: &MergedPlace| {
                (place.point.lat(), place.point.lng(), place.count.hits)
            };
            assert_eq!(places.iter().map(told).collect::<Vec<_>>(), expected, "{text}");
        }
        assert_eq!(read("").unwrap(), []);
        let labelled = read("lat,lng,label,country\n1,2,\"A, B\",br\n").unwrap();
        assert_eq!(labelled[0].labels, ["A, B"]);
        assert_eq!(labelled[0].country, "BR".parse().ok());
    }

    #[test]
    fn says_which_row_is_wrong() {
        for (text, message) in [
            ("lat,lon\n1,2\n91,0", "line 3"),
            ("lat,weight\n1,2", "the header names no longitude"),
            ("lat,lon\n1,181", "line 2"),
            ("1,2\n3,4\nx,2", "line 3: `x` is no latitude"),
            ("1,2,-3", "line 1: `-3` is no whole number for a weight"),
        ] {
            let error = format!("{:#}", read(text).unwrap_err());
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
