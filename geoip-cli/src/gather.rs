//! From inputs to places: what maps and groups are made of.

use std::{net::IpAddr, rc::Rc};

use anyhow::Result;
use geoip_core::{
    AddressMap, Count, CountryCode, DatabaseInfo, Enricher, LatLng, Place, Places,
    Precision, Tally, WeightedPoint,
};
use geoip_log::Timestamp;

use crate::{
    args::{Global, PlaceInputs, Weight},
    direction::Directions,
    points,
    search::{self, Noting, Scan},
    text::{addresses, hits},
    timeline::Timeline,
    wanted::Wanted,
};

/// Places out of any input, and what could not be placed.
#[derive(Debug)]
pub(crate) struct Gathered {
    pub(crate) places: Vec<GatheredPlace>,
    pub(crate) countries: Vec<(CountryCode, Count)>,
    /// Everything that was found.
    pub(crate) all: Count,
    pub(crate) left_out: LeftOut,
    /// Where locations come from; none for places that were given.
    pub(crate) sources: Vec<DatabaseInfo>,
    /// The names of the inputs.
    pub(crate) title: String,
    /// The first and the last time that a line told, if times were asked for.
    pub(crate) span: Option<(Timestamp, Timestamp)>,
    /// How many hits each address has when, if that was asked for.
    pub(crate) timeline: Timeline,
    /// What is a source and what a destination, if that was asked for.
    pub(crate) directions: Rc<AddressMap<Directions>>,
}

/// What has no point on a map, and why.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LeftOut {
    pub(crate) not_global: Count,
    pub(crate) unknown: Count,
    pub(crate) without_point: Count,
    /// What was not asked for.
    pub(crate) unwanted: Count,
}

/// A place, with what is there.
#[derive(Clone, Debug)]
pub(crate) struct GatheredPlace {
    pub(crate) point: LatLng,
    pub(crate) country: Option<CountryCode>,
    pub(crate) country_name: Option<String>,
    pub(crate) subdivision: Option<String>,
    pub(crate) city: Option<String>,
    /// What the user calls it.
    pub(crate) name: Option<String>,
    pub(crate) precision: Precision,
    pub(crate) radius_km: Option<u16>,
    pub(crate) count: Count,
    /// The addresses with the hits on each, most first; none for a given place.
    pub(crate) addresses: Vec<(IpAddr, u64)>,
    /// What the given places here are called, the heaviest first; none for addresses.
    pub(crate) labels: Vec<String>,
}

impl GatheredPlace {
    pub(crate) fn weight(&self, weight: Weight) -> u64 {
        match weight {
            Weight::Addresses => self.count.addresses,
            Weight::Hits => self.count.hits,
        }
    }

    pub(crate) fn weighted(&self, weight: Weight) -> WeightedPoint {
        WeightedPoint { point: self.point, weight: self.weight(weight) }
    }

    pub(crate) fn is_precise(&self) -> bool {
        self.precision == Precision::City
    }

    /// The narrowest name: city, region, country, or where it is.
    pub(crate) fn short_name(&self) -> String {
        let country = self.country.map(|country| country.name().to_owned());
        let names = [&self.name, &self.city, &self.subdivision, &self.country_name];
        let known = names.into_iter().find_map(Clone::clone);
        known.or(country).unwrap_or_else(|| self.point.to_string())
    }

    /// City, region and country, as far as known.
    pub(crate) fn full_name(&self) -> String {
        let country = self.country.map(CountryCode::name);
        let names = [
            self.name.as_deref(),
            self.city.as_deref(),
            self.subdivision.as_deref(),
            self.country_name.as_deref().or(country),
        ];
        let mut known: Vec<_> = names.into_iter().flatten().collect();
        // Singapore, Singapore, Singapore.
        known.dedup();
        if known.is_empty() { self.point.to_string() } else { known.join(", ") }
    }
}

/// Read the inputs and place what is in them. The enricher is returned for questions
/// about single addresses; there is none for given places.
pub(crate) fn gather(
    global: &Global,
    inputs: &PlaceInputs,
    noting: Noting,
) -> Result<(Gathered, Option<Enricher>)> {
    if let Some(path) = &inputs.points {
        let (source, given) = points::read(global, path)?;
        return Ok((of_points(source.name(), given), None));
    }
    let wanted = Wanted::new(&inputs.facts, &inputs.inputs.selection)?;
    let scan = search::scan(global, &inputs.inputs, noting)?;
    let enricher = wanted.open(global, &scan.tally)?;
    Ok((of_scan(scan, &enricher, &wanted)?, Some(enricher)))
}

fn of_scan(scan: Scan, enricher: &Enricher, wanted: &Wanted) -> Result<Gathered> {
    let mut places = Places::new();
    let mut unwanted = Count::default();
    for (address, hits) in scan.tally.sorted() {
        let record = enricher.enrich(address)?;
        if wanted.takes(&record) {
            places.add(&record, hits);
        } else {
            unwanted.addresses += 1;
            unwanted.hits = unwanted.hits.saturating_add(hits);
        }
    }
    Ok(Gathered {
        places: places.merged().iter().map(of_merged).collect(),
        countries: countries(places.countries_by_addresses(), places.countries_by_hits()),
        all: places.all(),
        left_out: LeftOut {
            not_global: places.not_global(),
            unknown: places.unknown(),
            without_point: places.without_point(),
            unwanted,
        },
        sources: enricher.sources().to_vec(),
        title: scan.title(),
        span: span(&scan),
        timeline: scan.timeline,
        directions: Rc::new(scan.directions),
    })
}

fn span(scan: &Scan) -> Option<(Timestamp, Timestamp)> {
    let seen = scan.times.iter().map(|(_, seen)| (seen.first, seen.last));
    seen.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

fn of_merged(merged: &geoip_core::MergedPlace<'_>) -> GatheredPlace {
    let Place { name, country, country_name, subdivision, city, location, .. } =
        merged.place;
    let mut addresses = merged.addresses.clone();
    addresses.sort_by_key(|&(address, hits)| (std::cmp::Reverse(hits), address));
    GatheredPlace {
        point: merged.point,
        country,
        country_name: country_name.map(str::to_owned),
        subdivision: subdivision.map(str::to_owned),
        city: city.map(str::to_owned),
        name: name.map(str::to_owned),
        precision: merged.precision,
        radius_km: location.and_then(|location| location.accuracy_radius_km),
        count: Count { addresses: merged.addresses.len() as u64, hits: merged.hits },
        addresses,
        labels: Vec::new(),
    }
}

fn of_points(title: String, given: points::Given) -> Gathered {
    Gathered {
        places: given.places.into_iter().map(of_given).collect(),
        countries: countries(&given.by_places, &given.by_weight),
        all: given.all,
        left_out: LeftOut::default(),
        sources: Vec::new(),
        title,
        span: None,
        timeline: Timeline::default(),
        directions: Rc::default(),
    }
}

fn of_given(merged: points::MergedPlace) -> GatheredPlace {
    GatheredPlace {
        point: merged.point,
        country: merged.country,
        country_name: merged.country.map(|country| country.name().to_owned()),
        subdivision: None,
        city: merged.name(),
        name: None,
        precision: Precision::City,
        radius_km: None,
        count: merged.count,
        addresses: Vec::new(),
        labels: merged.labels,
    }
}

fn countries(
    by_addresses: &Tally<CountryCode>,
    by_hits: &Tally<CountryCode>,
) -> Vec<(CountryCode, Count)> {
    let count = |(country, addresses)| {
        let count = Count { addresses, hits: by_hits.get(&country) };
        (country, count)
    };
    by_addresses.sorted().into_iter().map(count).collect()
}

impl Gathered {
    /// What was left out of any picture, a line each; nothing if everything was placed.
    pub(crate) fn notes(&self) -> Vec<String> {
        let reasons = [
            (self.left_out.not_global, "private, reserved or local: no place on a map"),
            (self.left_out.unknown, "not in the database"),
            (self.left_out.without_point, "known to a country, but to no point"),
            (
                self.left_out.unwanted,
                "set aside by --exclude, --flag, --country or --asn",
            ),
        ];
        let note = |(count, reason)| format!("{} {reason}", amount(count));
        let any = |(count, _): &(Count, &str)| count.addresses > 0;
        reasons.into_iter().filter(any).map(note).collect()
    }

    /// The sum of the places that are coarser than a city.
    pub(crate) fn coarse(&self) -> Count {
        let mut sum = Count::default();
        for place in self.places.iter().filter(|place| !place.is_precise()) {
            sum.addresses += place.count.addresses;
            sum.hits = sum.hits.saturating_add(place.count.hits);
        }
        sum
    }
}

/// `3 addresses (12 hits)`.
pub(crate) fn amount(count: Count) -> String {
    format!("{} ({})", addresses(count.addresses), hits(count.hits))
}
