//! Encodes city databases.

use geoip_core::compact::Provenance;
use geoip_core::compact::format::{Kind, LAT_OFFSET, LNG_OFFSET};
use hashbrown::HashMap;

use crate::Error;
use crate::encode::{File, Ranges, front_coded, no_nul, put_varint};
use crate::geo;
use crate::quantise::Candidates;
use crate::runs::{NOTHING, Runs};
use crate::source::{CitySource, Range};
use crate::vocabulary::{City, Vocabulary};

/// The city file of a source.
///
/// Each city stands for itself, or, with a radius in the provenance, the largest of its region
/// within that many kilometres for all of them.
///
/// # Errors
/// [`Error::Compact`] if the format has no room for something.
pub fn encode_cities(
    source: &CitySource,
    provenance: Provenance,
) -> Result<Vec<u8>, Error> {
    let vocabulary = Vocabulary::new(source);
    let city_of = |place: u32| vocabulary.city_of_place[place as usize] + 1;
    let v4 = Runs::from_ranges(&source.v4, 32, 32, city_of);
    let v6 = Runs::from_ranges(&source.v6, 128, 48, city_of);
    let candidates = Candidates::new(&vocabulary.cities, provenance.radius_km.into());
    let (v4, v6) = (candidates.join(&v4), candidates.join(&v6));

    let (order, label_of) = sorted(&vocabulary.cities, [&v4, &v6]);
    let v4 = v4.relabel(|_, city| label_of[city as usize]);
    let v6 = v6.relabel(|_, city| label_of[city as usize]);
    let cities: Vec<&City> = order.iter().map(|&city| &vocabulary.cities[city]).collect();
    let radii_km = radii(source, &v4, &v6, &cities);

    let (regions, groups) = regions(&cities)?;
    let ranges = Ranges::new(&v4, &v6, &groups)?;
    let mut columns = vec![
        regions,
        front_coded(cities.iter().map(|city| city.name.as_str()))?,
        coordinates(&cities),
        ranges.classes,
        radii_km,
    ];
    columns.extend(ranges.columns);
    File { kind: Kind::City, provenance, columns }.pack()
}

/// The cities that runs name, by country, region and name; and the label of each city
/// number plus one.
fn sorted(cities: &[City], families: [&Runs; 2]) -> (Vec<usize>, Vec<u32>) {
    let mut label_of = vec![NOTHING; cities.len() + 1];
    for &city in families.iter().flat_map(|runs| &runs.labels) {
        label_of[city as usize] = 1;
    }
    let mut order: Vec<usize> =
        (0..cities.len()).filter(|city| label_of[city + 1] == 1).collect();
    order.sort_by_key(|&city| {
        let City { country, subdivision, name, .. } = &cities[city];
        (country, subdivision, name, city)
    });
    label_of[NOTHING as usize] = NOTHING;
    for (&city, label) in order.iter().zip(1..) {
        label_of[city + 1] = label;
    }
    (order, label_of)
}

/// The column of regions, and the group (number of the country) of each city.
fn regions(cities: &[&City]) -> Result<(Vec<u8>, Vec<u16>), Error> {
    let mut column = Vec::new();
    let mut groups = Vec::with_capacity(cities.len());
    let same_region =
        |a: &&City, b: &&City| a.country == b.country && a.subdivision == b.subdivision;
    let (mut group, mut before) = (0, None);
    for region in cities.chunk_by(same_region) {
        let City { country, subdivision, .. } = region[0];
        if before.is_some_and(|before| before != country) {
            group += 1;
        }
        before = Some(country);
        groups.resize(groups.len() + region.len(), group);
        no_nul(subdivision)?;
        column.extend(country);
        put_varint(&mut column, region.len() as u64);
        column.extend(subdivision.as_bytes());
        column.push(0);
    }
    Ok((column, groups))
}

/// High and low bytes of the latitudes, then of the longitudes.
fn coordinates(cities: &[&City]) -> Vec<u8> {
    #[expect(clippy::cast_sign_loss, reason = "the offset makes coordinates positive")]
    let hundredths = |degrees: f64, offset: u16| {
        ((degrees * 100.0).round() as i32 + i32::from(offset)) as u16
    };
    let lats: Vec<u16> =
        cities.iter().map(|city| hundredths(city.lat, LAT_OFFSET)).collect();
    let lngs: Vec<u16> =
        cities.iter().map(|city| hundredths(city.lng, LNG_OFFSET)).collect();
    let mut column = Vec::new();
    for values in [lats, lngs] {
        column.extend(values.iter().map(|value| value.to_be_bytes()[0]));
        column.extend(values.iter().map(|value| value.to_be_bytes()[1]));
    }
    column
}

/// Share of a label's weight that lies within its radius: about what MaxMind means by an
/// accuracy radius. With more, a few networks that a source names after a distant city
/// would make a region of it (Ashburn: 255 km for 95 %).
const WITHIN_RADIUS: f64 = 2.0 / 3.0;

/// Radius around each city within which the places lie that the source gives for the
/// runs of its label: two thirds of them, each source range counting once, and 1 at least.
fn radii(source: &CitySource, v4: &Runs, v6: &Runs, cities: &[&City]) -> Vec<u8> {
    let mut counts: HashMap<(u32, u32), u32> = HashMap::new();
    let mut count = |ranges: &[Range], shift: u32, runs: &Runs| {
        for range in ranges {
            let key =
                u64::try_from(range.start >> shift).expect("a key has at most 48 bits");
            *counts.entry((runs.label_at(key), range.label)).or_default() += 1;
        }
    };
    count(&source.v4, 0, v4);
    count(&source.v6, 80, v6);
    let mut distances: Vec<Vec<(f64, u32)>> = vec![Vec::new(); cities.len()];
    for ((label, place), count) in counts {
        let Some(number) = label.checked_sub(1) else { continue };
        let (city, place) = (cities[number as usize], &source.places[place as usize]);
        let distance = geo::distance_km((city.lat, city.lng), (place.lat, place.lng));
        distances[number as usize].push((distance, count));
    }
    distances.into_iter().map(radius).collect()
}

/// The distance within which most of the counted places lie, in whole kilometres.
fn radius(mut distances: Vec<(f64, u32)>) -> u8 {
    distances.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let total: f64 = distances.iter().map(|&(_, count)| f64::from(count)).sum();
    let mut within = 0.0;
    let reached = distances.iter().find(|&&(_, count)| {
        within += f64::from(count);
        within >= WITHIN_RADIUS * total
    });
    #[expect(clippy::cast_sign_loss, reason = "a distance is positive")]
    reached.map_or(1, |&(distance, _)| distance.ceil().clamp(1.0, 255.0) as u8)
}
