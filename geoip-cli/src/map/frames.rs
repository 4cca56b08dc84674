//! A map for each part of the time of a log.

use anyhow::Result;
use geoip_core::{Count, Enricher, Tally};
use geoip_log::Timestamp;
use geoip_render::Extent;

use crate::{
    args::{self, MapFormat, Weight},
    failure::Hinted,
    gather::{Gathered, GatheredPlace},
    text::addresses,
};

/// The maps, each of the addresses that were seen first before its end and last after
/// its start.
pub(super) fn maps(
    options: &args::Map,
    count: u16,
    extent: Extent,
    gathered: &Gathered,
    enricher: Option<&Enricher>,
) -> Result<Vec<geoip_render::Map>> {
    let Some((first, last)) = gathered.span else {
        return Err(Hinted::error(
            "no frames without times: no line tells when it was written",
            "leave --frames out",
        ));
    };
    if options.weight == Weight::Hits {
        return Err(Hinted::error(
            "frames show addresses: how many hits fall into each is not counted",
            "leave --weight out",
        ));
    }
    let (start, end) = (first.seconds(), last.seconds() + 1);
    let at = |index: u16| start + (end - start) * i64::from(index) / i64::from(count);
    let mut maps = Vec::with_capacity(count.into());
    for index in 0..count {
        let (from, to) = (at(index), at(index + 1).max(at(index) + 1));
        let frame = during(gathered, from, to);
        let mut map = super::describe(options, MapFormat::Png, extent, &frame, enricher)?;
        // How many of the hits fall into the frame is not known.
        let times = frame.span.map(super::span).unwrap_or_default();
        map.subtitle = format!("{} · {times}", addresses(frame.all.addresses));
        map.notes.push(
            "an address is shown from when it was seen first to when it was seen last"
                .to_owned(),
        );
        maps.push(map);
    }
    Ok(maps)
}

/// What was there between two seconds.
fn during(gathered: &Gathered, from: i64, to: i64) -> Gathered {
    let mut places = Vec::new();
    let (mut countries, mut all) = (Tally::new(), Count::default());
    for place in &gathered.places {
        let mut addresses = place.addresses.clone();
        addresses.retain(|&(address, _)| {
            gathered.times.get(address).is_some_and(|seen| {
                seen.first.seconds() < to && seen.last.seconds() >= from
            })
        });
        if addresses.is_empty() {
            continue;
        }
        let count = Count {
            addresses: addresses.len() as u64,
            hits: addresses
                .iter()
                .fold(0, |sum: u64, &(_, hits)| sum.saturating_add(hits)),
        };
        all.addresses += count.addresses;
        all.hits = all.hits.saturating_add(count.hits);
        if let Some(country) = place.country {
            countries.add_n(country, count.addresses);
        }
        places.push(GatheredPlace { count, addresses, ..place.clone() });
    }
    let count = |(country, addresses)| (country, Count { addresses, hits: addresses });
    Gathered {
        places,
        countries: countries.sorted().into_iter().map(count).collect(),
        all,
        left_out: gathered.left_out,
        sources: gathered.sources.clone(),
        title: gathered.title.clone(),
        span: Timestamp::new(from, 0).zip(Timestamp::new(to, 0)),
        times: geoip_core::AddressMap::new(),
    }
}
