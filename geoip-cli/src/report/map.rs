//! The page of `geoip map`: the map of a report, with its tables folded away.

use std::collections::BTreeSet;

use anyhow::Result;
use geoip_core::{CountryCode, Enricher};
use geoip_render::{Extent, Heat, Offer, Offered, Unit};

use super::{Findings, Question, Wishes, find, page, span::Span};
use crate::{
    args::{self, Global, LayerKind, Weight},
    home, map,
    text::{addresses, counted, hits},
};

/// The page, and whether anything is on its map.
pub(crate) fn of_map(
    global: &Global,
    options: &args::Map,
    extent: Extent,
) -> Result<(geoip_render::Report, bool)> {
    let asked_for = |layer| options.layer.contains(&layer);
    let takes = |layer| options.layer.is_empty() || asked_for(layer);
    let question = Question {
        inputs: &options.places.inputs,
        facts: &options.places.facts,
        asked: Span::default(),
        // What is on a map does not depend on how it is drawn.
        reads_logs: false,
        within: options.lines.within.parse()?,
        home: home::asked_for(&options.layer, &options.lines)?,
        home_name: &options.lines.home_name,
    };
    let mut wishes = Wishes {
        title: options.title.clone(),
        theme: options.theme,
        redact: options.telling.redact,
        listed: options.telling.addresses,
    };
    let (findings, enricher) = find(global, &question, &wishes)?;
    wishes.title.get_or_insert_with(|| {
        format!("Where the addresses of {} are", page::title_of(&findings.scan))
    });
    let mut report = page::describe(&wishes, &findings, &enricher, super::span::now());
    report.whole = false;
    report.unit = match options.weight {
        Weight::Addresses => Unit::Addresses,
        Weight::Hits => Unit::Hits,
    };
    report.layers = Offered {
        heat: takes(LayerKind::Heat),
        points: takes(LayerKind::Points),
        choropleth: takes(LayerKind::Choropleth),
        groups: if asked_for(LayerKind::Groups) {
            Offer::Shown
        } else if options.layer.is_empty() {
            Offer::Asleep
        } else {
            Offer::No
        },
    };
    let mut heat = Heat::new(Vec::new(), report.unit);
    map::options::heat(&options.heat, &mut heat)?;
    report.bandwidth_km = heat.bandwidth_km;
    report.map = report.map.extent(extent).subtitle(subtitle(&findings, &enricher));
    let gathered = &findings.gathered;
    let shown = gathered
        .places
        .iter()
        .any(|place| place.point.is_some() || place.country.is_some());
    Ok((report, shown))
}

/// How much there is, where, when, and who says so.
fn subtitle(findings: &Findings, enricher: &Enricher) -> String {
    let places = &findings.gathered.places;
    let countries: BTreeSet<&str> = places
        .iter()
        .filter_map(|place| place.country)
        .map(CountryCode::as_str)
        .collect();
    let all = findings.gathered.all;
    let mut parts = vec![
        addresses(all.addresses),
        hits(all.hits),
        format!(
            "{} in {}",
            counted(places.len() as u64, "place", "places"),
            counted(countries.len() as u64, "country", "countries")
        ),
    ];
    parts.extend(page::span(findings));
    let databases = page::databases(enricher);
    if !databases.is_empty() {
        parts.push(databases.join(", "));
    }
    parts.join(" · ")
}
