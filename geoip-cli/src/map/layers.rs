//! From what was gathered to the layers of a map.

use anyhow::Result;
use geoip_cluster::Cluster;
use geoip_core::{Enricher, Tally};
use geoip_render::{
    Arc, Arcs, Choropleth, Group, Groups, Heat, Home, Mark, Marker, PointColor, Points,
    Unit,
};

use super::options;
use crate::{
    args::{self, ColorKind, LayerKind, MarkKind, Weight},
    cluster::distance::Distance,
    failure::Hinted,
    gather::{Gathered, GatheredPlace},
    home,
    text::counted,
};

fn unit(weight: Weight) -> Unit {
    match weight {
        Weight::Addresses => Unit::Addresses,
        Weight::Hits => Unit::Hits,
    }
}

pub(super) fn heat(options: &args::Map, gathered: &Gathered) -> Result<Heat> {
    let precise = || gathered.places.iter().filter(|place| place.is_precise());
    let points = precise().map(|place| place.weighted(options.weight)).collect();
    let mut heat = Heat::new(points, unit(options.weight));
    options::heat(&options.heat, &mut heat)?;
    if options.heat.uncertainty {
        let radii = precise().map(|place| place.radius_km.map_or(0.0, f64::from));
        heat = heat.radii_km(radii.collect());
    }
    Ok(heat)
}

pub(super) fn choropleth(options: &args::Map, gathered: &Gathered) -> Result<Choropleth> {
    let count = |&(country, count): &(_, geoip_core::Count)| match options.weight {
        Weight::Addresses => (country, count.addresses),
        Weight::Hits => (country, count.hits),
    };
    let counts = gathered.countries.iter().map(count).collect();
    let mut layer = Choropleth::new(counts, unit(options.weight))
        .classes(options::classes(options.countries.classes))
        .palette(options.heat.palette.parse()?)
        .table(options.countries.table);
    layer.range = options.countries.range.as_deref().map(options::range).transpose()?;
    Ok(layer)
}

pub(super) fn points(
    options: &args::Map,
    gathered: &Gathered,
    enricher: Option<&Enricher>,
) -> Result<Points> {
    let asked = &options.points;
    if asked.color_by == ColorKind::Direction && gathered.directions.is_empty() {
        return Err(Hinted::error(
            "no line tells a direction",
            "words before an address tell it, such as SRC= and DST=, or arrows between two",
        ));
    }
    let marker = |place| {
        let category = category(place, options, gathered, enricher)?;
        Ok(marker(place, options.weight).category(category))
    };
    let markers = gathered.places.iter().map(marker).collect::<Result<_>>()?;
    let mut points = Points::new(markers, unit(options.weight))
        .color(match asked.color_by {
            ColorKind::One => PointColor::One,
            ColorKind::Count => PointColor::Count,
            ColorKind::Country | ColorKind::Flag | ColorKind::Direction => {
                PointColor::Category
            }
        })
        .palette(options.heat.palette.parse()?)
        .mark(match asked.mark {
            MarkKind::Circle => Mark::Circle,
            MarkKind::Dot => Mark::Dot,
            MarkKind::Cross => Mark::Cross,
        })
        .labels(asked.labels);
    points.merge_px = asked.merge;
    Ok(points)
}

/// What a place belongs to, if that is what colours tell.
fn category(
    place: &GatheredPlace,
    options: &args::Map,
    gathered: &Gathered,
    enricher: Option<&Enricher>,
) -> Result<String> {
    let weigh = |hits| if options.weight == Weight::Hits { hits } else { 1 };
    match options.points.color_by {
        ColorKind::One | ColorKind::Count => Ok(String::new()),
        ColorKind::Country => {
            Ok(place.country.map_or(String::new(), |country| country.name().to_owned()))
        }
        ColorKind::Flag => {
            let mut tally = Tally::new();
            for &(address, hits) in &place.addresses {
                let record =
                    enricher.map(|enricher| enricher.enrich(address)).transpose()?;
                let flags = record.map(|record| record.flags).unwrap_or_default();
                let name = flags.names().next().unwrap_or("no flag");
                tally.add_n(name, weigh(hits));
            }
            let most = tally.top(1).first().map(|&(name, _)| name);
            Ok(most.unwrap_or("no flag").to_owned())
        }
        ColorKind::Direction => {
            let mut tally = Tally::new();
            for &(address, hits) in &place.addresses {
                let told = gathered.directions.get(address).copied();
                tally.add_n(told.unwrap_or_default().name(), weigh(hits));
            }
            let most = tally.top(1).first().map(|&(name, _)| name);
            Ok(most.unwrap_or_default().to_owned())
        }
    }
}

fn marker(place: &GatheredPlace, weight: Weight) -> Marker {
    let mut marker = Marker::new(place.point, place.weight(weight), place.full_name())
        .coarse(!place.is_precise())
        .detail("Known to", place.precision.name())
        .detail("Hits", crate::text::thousands(place.count.hits));
    if let Some(radius_km) = place.radius_km {
        marker = marker.detail("Accuracy", format!("within {radius_km} km"));
    }
    marker
}

/// Groups of places within a distance of each other, heaviest first, and what is to be
/// said about them.
pub(super) fn groups(
    options: &args::Map,
    gathered: &Gathered,
) -> Result<(Groups, Option<String>)> {
    let within: Distance = options.lines.within.parse()?;
    let precise: Vec<_> =
        gathered.places.iter().filter(|place| place.is_precise()).collect();
    let points: Vec<_> =
        precise.iter().map(|place| place.weighted(options.weight)).collect();
    let cover = geoip_cluster::complete_linkage_cover(&points, within.meters())?;
    let all = cover.groups.len();
    let groups: Vec<Group> = cover
        .groups
        .iter()
        .take(options.lines.top)
        .filter_map(|members| {
            let cluster = Cluster::new(&points, members)?;
            let medoid = precise.get(cluster.medoid.index())?;
            let radius_km = cluster.radius_m / 1000.0;
            let places = counted(cluster.members.len() as u64, "place", "places");
            let group = Group::new(
                medoid.short_name(),
                cluster.centroid,
                radius_km,
                cluster.weight,
            );
            Some(group.detail("Places", places))
        })
        .collect();
    let within = &options.lines.within;
    let note = (all > groups.len()).then(|| {
        let shown = counted(groups.len() as u64, "group", "groups");
        format!("the {shown} with most of {all}, each within {within}, are drawn")
    });
    Ok((Groups::new(groups, unit(options.weight)), note))
}

/// A line from every place to the home.
pub(super) fn arcs(
    options: &args::Map,
    gathered: &Gathered,
    enricher: Option<&Enricher>,
) -> Result<Arcs> {
    let text = home::asked_for(&[LayerKind::Arcs], &options.lines)?.unwrap_or_default();
    let Home { point, name } = home::find(text, &options.lines.home_name, enricher)?;
    let arcs = gathered.places.iter().map(|place| {
        Arc::new(place.point, point, place.weight(options.weight), place.full_name())
    });
    Ok(Arcs::new(arcs.collect(), unit(options.weight)).home(name))
}
