//! Groups for people and for programs.

use std::io::Write;

use anyhow::Result;
use geoip_cluster::{Cluster, VertexId};
use geoip_core::{CountryCode, LatLng};
use serde::Serialize;

use super::{Question, distance::Distance, find::Found, geojson};
use crate::{
    args::{ClusterFormat, Global, Method},
    gather::GatheredPlace,
    output::{self, csv_text},
    table::Table,
    text::{addresses, counted, hits, thousands},
};

/// The groups that are told, one after another: from the widest level to the narrowest,
/// the heaviest first.
pub(super) struct Groups<'q> {
    pub(super) question: &'q Question<'q>,
    pub(super) found: &'q Found,
    pub(super) places: &'q [&'q GatheredPlace],
    /// How many groups of each level are told.
    told: Vec<usize>,
    /// In how many groups each place is, where groups overlap.
    memberships: Option<Vec<u32>>,
}

/// A group with what is told of it.
pub(super) struct Group<'g> {
    /// 1, 2, …, through all levels.
    pub(super) number: usize,
    pub(super) within: Distance,
    /// The number of the group of the next wider level that this one is part of.
    pub(super) part_of: Option<usize>,
    pub(super) members: &'g [VertexId],
    pub(super) places: Vec<&'g GatheredPlace>,
    /// How many of its places are in other groups too, where groups overlap.
    pub(super) shared_places: Option<usize>,
    pub(super) summary: Cluster,
    pub(super) medoid: LatLng,
    pub(super) name: String,
    pub(super) hits: u64,
    pub(super) addresses: u64,
}

impl<'q> Groups<'q> {
    pub(super) fn new(
        question: &'q Question<'q>,
        found: &'q Found,
        places: &'q [&'q GatheredPlace],
    ) -> Self {
        let top = question.options.top.unwrap_or(usize::MAX);
        let told = found.levels.iter().map(|level| level.groups.len().min(top)).collect();
        let memberships =
            (found.method == Method::Cliques).then(|| found.memberships(places.len()));
        Self { question, found, places, told, memberships }
    }

    pub(super) fn method(&self) -> Method {
        self.found.method
    }

    /// Each group that is told, made when it is asked for.
    pub(super) fn iter(&self) -> impl Iterator<Item = Group<'_>> {
        let levels = self.found.levels.iter().zip(&self.told).enumerate().rev();
        let members = levels.flat_map(move |(index, (level, &told))| {
            let parents = self.parents(index);
            let groups = level.groups.iter().take(told);
            groups.map(move |members| {
                let part_of =
                    parents.as_ref().and_then(|it| it[members.first()?.index()]);
                (level.within, part_of, members)
            })
        });
        (1..).zip(members).filter_map(move |(number, (within, part_of, members))| {
            self.group(number, within, part_of, members)
        })
    }

    /// For each place the number of its group in the next wider level.
    fn parents(&self, level: usize) -> Option<Vec<Option<usize>>> {
        let wider = self.found.levels.get(level + 1)?;
        let before: usize = self.told.iter().skip(level + 2).sum();
        let mut parents = vec![None; self.places.len()];
        let told = wider.groups.iter().take(self.told[level + 1]);
        for (number, members) in (before + 1..).zip(told) {
            for member in members {
                parents[member.index()] = Some(number);
            }
        }
        Some(parents)
    }

    fn group<'g>(
        &'g self,
        number: usize,
        within: Distance,
        part_of: Option<usize>,
        members: &'g [VertexId],
    ) -> Option<Group<'g>> {
        let summary = Cluster::by(self.question.measure, &self.found.points, members)?;
        let medoid = self.found.points[summary.medoid.index()].point;
        let places: Vec<_> =
            members.iter().map(|vertex| self.places[vertex.index()]).collect();
        let shared = |memberships: &Vec<u32>| {
            members.iter().filter(|vertex| memberships[vertex.index()] > 1).count()
        };
        Some(Group {
            number,
            within,
            part_of,
            name: name(&places, &summary, &within),
            members,
            shared_places: self.memberships.as_ref().map(shared),
            hits: places
                .iter()
                .fold(0, |sum, place| sum.saturating_add(place.count.hits)),
            addresses: places.iter().map(|place| place.count.addresses).sum(),
            places,
            summary,
            medoid,
        })
    }

    /// Write the groups in the format asked for.
    pub(super) fn write(&self, global: &Global, out: &mut dyn Write) -> Result<()> {
        match self.question.options.format {
            ClusterFormat::Text => self.write_text(out),
            ClusterFormat::Table => self.write_table(global, out),
            ClusterFormat::Json => self.write_json(out),
            ClusterFormat::Csv => self.write_csv(out),
            ClusterFormat::Geojson => geojson::write(self, out),
        }
    }

    fn write_text(&self, out: &mut dyn Write) -> Result<()> {
        let kind = match self.method() {
            Method::Cliques => "Clique",
            _ => "Group",
        };
        for group in self.iter() {
            if group.number > 1 {
                writeln!(out)?;
            }
            let part_of = group.part_of.map(|number| format!(", part of No. {number}"));
            writeln!(
                out,
                "{kind} No. {}: {} ({}, {}{})",
                group.number,
                crate::text::printable(&group.name),
                hits(group.hits),
                addresses(group.addresses),
                part_of.unwrap_or_default()
            )?;
            members_table(&group).write(out, None)?;
        }
        Ok(())
    }

    fn write_table(&self, global: &Global, out: &mut dyn Write) -> Result<()> {
        let mut table = Table::new()
            .number("group")
            .text("within")
            .number("part of")
            .number("hits")
            .number("addresses")
            .number("places")
            .number("shared")
            .number("width")
            .text("name");
        let levels = self.found.levels.len();
        for group in self.iter() {
            let optional = |number: Option<usize>| {
                number.map(|it| thousands(it as u64)).unwrap_or_default()
            };
            table.row(vec![
                thousands(group.number as u64),
                if levels > 1 { group.within.to_string() } else { String::new() },
                optional(group.part_of),
                thousands(group.hits),
                thousands(group.addresses),
                thousands(group.places.len() as u64),
                optional(group.shared_places),
                group.within.like_this(group.summary.diameter_m),
                // Its company and its width have columns of their own.
                group.places.first().map(|place| place.full_name()).unwrap_or_default(),
            ]);
        }
        Ok(table.write(out, output::terminal_width(global))?)
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<()> {
        for group in self.iter() {
            serde_json::to_writer(&mut *out, &JsonGroup::new(self, &group))?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn write_csv(&self, out: &mut dyn Write) -> Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record([
            "group",
            "method",
            "within_km",
            "part_of",
            "name",
            "latitude",
            "longitude",
            "country",
            "subdivision",
            "city",
            "hits",
            "addresses",
        ])?;
        for group in self.iter() {
            for place in &group.places {
                let country = place.country.map(|country| country.to_string());
                writer.write_record([
                    group.number.to_string(),
                    self.method().name().to_owned(),
                    rounded_km(group.within.meters()).to_string(),
                    group.part_of.map(|it| it.to_string()).unwrap_or_default(),
                    csv_text(&group.name),
                    place.point.lat().to_string(),
                    place.point.lng().to_string(),
                    country.unwrap_or_default(),
                    csv_text(place.subdivision.as_deref().unwrap_or_default()),
                    csv_text(place.city.as_deref().unwrap_or_default()),
                    place.count.hits.to_string(),
                    place.count.addresses.to_string(),
                ])?;
            }
        }
        Ok(writer.flush()?)
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

fn members_table(group: &Group<'_>) -> Table {
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
    table
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
    /// What the given places here are called, where they are several.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    labels: &'g [String],
    hits: u64,
    addresses: Vec<String>,
}

impl<'g> JsonPlace<'g> {
    fn new(place: &'g GatheredPlace) -> Self {
        Self {
            latitude: place.point.lat(),
            longitude: place.point.lng(),
            country: place.country.map(CountryCode::as_str),
            subdivision: place.subdivision.as_deref(),
            city: place.city.as_deref(),
            labels: if place.labels.len() > 1 { &place.labels } else { &[] },
            hits: place.count.hits,
            addresses: texts(place),
        }
    }
}

#[derive(Serialize)]
struct JsonGroup<'g> {
    group: usize,
    method: &'static str,
    within_km: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    part_of: Option<usize>,
    hits: u64,
    addresses: Vec<String>,
    places: Vec<JsonPlace<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shared_places: Option<usize>,
    diameter_km: f64,
    radius_km: f64,
    centroid: Coordinates,
    medoid: Coordinates,
    name: &'g str,
}

impl<'g> JsonGroup<'g> {
    fn new(groups: &Groups<'_>, group: &'g Group<'_>) -> Self {
        Self {
            group: group.number,
            method: groups.method().name(),
            within_km: rounded_km(group.within.meters()),
            part_of: group.part_of,
            hits: group.hits,
            addresses: group.places.iter().flat_map(|place| texts(place)).collect(),
            places: group.places.iter().map(|place| JsonPlace::new(place)).collect(),
            shared_places: group.shared_places,
            diameter_km: rounded_km(group.summary.diameter_m),
            radius_km: rounded_km(group.summary.radius_m),
            centroid: group.summary.centroid.into(),
            medoid: group.medoid.into(),
            name: &group.name,
        }
    }
}

fn texts(place: &GatheredPlace) -> Vec<String> {
    place.addresses.iter().map(|(address, _)| address.to_string()).collect()
}

/// Kilometres to the metre.
pub(super) fn rounded_km(meters: f64) -> f64 {
    meters.round() / 1000.0
}
