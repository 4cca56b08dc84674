//! Groups for people and for programs.

use std::io::Write;

use anyhow::Result;
use geoip_cluster::{Cluster, VertexId};
use geoip_core::{CountryCode, LatLng, WeightedPoint};
use serde::Serialize;

use super::distance::Distance;
use crate::{
    args::{self, TextFormat},
    gather::GatheredPlace,
    output::csv_text,
    table::Table,
    text::{addresses, counted, hits, thousands},
};

/// A group with what is told of it.
struct Group<'g> {
    /// 1, 2, …, heaviest first.
    number: usize,
    places: Vec<&'g GatheredPlace>,
    summary: Cluster,
    medoid: LatLng,
    name: String,
    hits: u64,
    addresses: u64,
}

impl<'g> Group<'g> {
    fn new(
        number: usize,
        members: &[VertexId],
        points: &[WeightedPoint],
        places: &[&'g GatheredPlace],
        within: &Distance,
    ) -> Option<Self> {
        let summary = Cluster::new(points, members)?;
        let medoid = points[summary.medoid.index()].point;
        let places: Vec<_> =
            members.iter().map(|vertex| places[vertex.index()]).collect();
        let name = name(&places, &summary, within);
        Some(Self {
            number,
            hits: places
                .iter()
                .fold(0, |sum, place| sum.saturating_add(place.count.hits)),
            addresses: places.iter().map(|place| place.count.addresses).sum(),
            places,
            summary,
            medoid,
            name,
        })
    }
}

/// What people would call the group: its busiest place, and how much is around it.
fn name(places: &[&GatheredPlace], summary: &Cluster, within: &Distance) -> String {
    let busiest = places.first().map(|place| place.short_name()).unwrap_or_default();
    match places.len() {
        0 | 1 => busiest,
        count => format!(
            "{busiest} and {} within {}",
            counted(count as u64 - 1, "place", "places"),
            within.like_this(summary.diameter_m)
        ),
    }
}

/// Write the groups in the format asked for.
pub(super) fn write(
    out: &mut dyn Write,
    options: &args::Cluster,
    within: &Distance,
    points: &[WeightedPoint],
    places: &[&GatheredPlace],
    groups: &[Vec<VertexId>],
) -> Result<()> {
    let shown = groups.iter().take(options.top.unwrap_or(usize::MAX));
    let groups = (1..).zip(shown).filter_map(|(number, members)| {
        Group::new(number, members, points, places, within)
    });
    match options.format {
        TextFormat::Text => write_text(out, options, groups),
        TextFormat::Json => write_json(out, options, groups),
        TextFormat::Csv => write_csv(out, options, groups),
    }
}

fn write_text<'g>(
    out: &mut dyn Write,
    options: &args::Cluster,
    groups: impl Iterator<Item = Group<'g>>,
) -> Result<()> {
    let kind = match options.method {
        args::Method::Cliques => "Clique",
        args::Method::Cover | args::Method::Components => "Group",
    };
    for group in groups {
        if group.number > 1 {
            writeln!(out)?;
        }
        writeln!(
            out,
            "{kind} No. {}: {} ({}, {})",
            group.number,
            crate::text::printable(&group.name),
            hits(group.hits),
            addresses(group.addresses)
        )?;
        let mut table = Table::new()
            .number("hits")
            .number("addresses")
            .text("country")
            .text("region")
            .text("city");
        for place in &group.places {
            let country = place.country.map(|country| country.name().to_owned());
            table.row(vec![
                thousands(place.count.hits),
                thousands(place.count.addresses),
                place.country_name.clone().or(country).unwrap_or_default(),
                place.subdivision.clone().unwrap_or_default(),
                // A place without any name is told by where it is.
                place.city.clone().unwrap_or_else(|| match place.country {
                    Some(_) => String::new(),
                    None => place.point.to_string(),
                }),
            ]);
        }
        table.write(out, None)?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Coordinates {
    latitude: f64,
    longitude: f64,
}

impl From<LatLng> for Coordinates {
    fn from(point: LatLng) -> Self {
        Self { latitude: point.lat(), longitude: point.lng() }
    }
}

#[derive(Serialize)]
struct JsonPlace<'g> {
    latitude: f64,
    longitude: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subdivision: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<&'g str>,
    hits: u64,
    addresses: Vec<String>,
}

#[derive(Serialize)]
struct JsonGroup<'g> {
    group: usize,
    method: &'static str,
    hits: u64,
    addresses: Vec<String>,
    places: Vec<JsonPlace<'g>>,
    diameter_km: f64,
    radius_km: f64,
    centroid: Coordinates,
    medoid: Coordinates,
    name: &'g str,
}

fn write_json<'g>(
    out: &mut dyn Write,
    options: &args::Cluster,
    groups: impl Iterator<Item = Group<'g>>,
) -> Result<()> {
    for group in groups {
        let texts = |place: &GatheredPlace| {
            place
                .addresses
                .iter()
                .map(|(address, _)| address.to_string())
                .collect::<Vec<_>>()
        };
        let place = |place: &&'g GatheredPlace| JsonPlace {
            latitude: place.point.lat(),
            longitude: place.point.lng(),
            country: place.country.map(CountryCode::as_str),
            subdivision: place.subdivision.as_deref(),
            city: place.city.as_deref(),
            hits: place.count.hits,
            addresses: texts(place),
        };
        let row = JsonGroup {
            group: group.number,
            method: options.method.name(),
            hits: group.hits,
            addresses: group.places.iter().flat_map(|place| texts(place)).collect(),
            places: group.places.iter().map(place).collect(),
            diameter_km: rounded_km(group.summary.diameter_m),
            radius_km: rounded_km(group.summary.radius_m),
            centroid: group.summary.centroid.into(),
            medoid: group.medoid.into(),
            name: &group.name,
        };
        serde_json::to_writer(&mut *out, &row)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Kilometres to the metre.
fn rounded_km(meters: f64) -> f64 {
    meters.round() / 1000.0
}

fn write_csv<'g>(
    out: &mut dyn Write,
    options: &args::Cluster,
    groups: impl Iterator<Item = Group<'g>>,
) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record([
        "group",
        "method",
        "name",
        "latitude",
        "longitude",
        "country",
        "subdivision",
        "city",
        "hits",
        "addresses",
    ])?;
    for group in groups {
        for place in &group.places {
            writer.write_record([
                group.number.to_string(),
                options.method.name().to_owned(),
                csv_text(&group.name),
                place.point.lat().to_string(),
                place.point.lng().to_string(),
                place.country.map(|country| country.to_string()).unwrap_or_default(),
                csv_text(place.subdivision.as_deref().unwrap_or_default()),
                csv_text(place.city.as_deref().unwrap_or_default()),
                place.count.hits.to_string(),
                place.count.addresses.to_string(),
            ])?;
        }
    }
    Ok(writer.flush()?)
}
