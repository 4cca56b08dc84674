//! `geoip cluster`: groups of places that are near each other.

mod distance;
mod report;

use std::{ops::ControlFlow, time::Duration};

use anyhow::Result;
use geoip_cluster::{CliqueOptions, ProximityGraph, VertexId};
use geoip_core::WeightedPoint;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use self::distance::Distance;
use crate::{
    args::{self, Global, Method, Weight},
    failure::Hinted,
    gather::{self, Gathered, GatheredPlace, amount},
    output::{self, Outcome},
    text::{counted, thousands},
};

pub(crate) fn run(global: &Global, options: &args::Cluster) -> Result<Outcome> {
    let within: Distance = options.within.parse()?;
    let (gathered, _) = gather::gather(global, &options.places)?;
    let places = taken(options, &gathered);
    let points: Vec<_> =
        places.iter().map(|place| place.weighted(Weight::Hits)).collect();
    let found = find(global, options, &within, &points, &places)?;

    output::write_result(global, |out| {
        report::write(out, options, &within, &points, &places, &found.groups)
    })?;
    let summary = Summary::new(options, &within, &gathered, &places, &found);
    summary.note(global, &within);
    if let Some(path) = &options.summary {
        output::write_file(path, |out| {
            serde_json::to_writer_pretty(&mut *out, &summary)?;
            Ok(out.write_all(b"\n")?)
        })?;
    }
    Ok(Outcome::of(!found.groups.is_empty()))
}

/// The places that are grouped: precise ones, and coarse ones if asked for.
fn taken<'g>(options: &args::Cluster, gathered: &'g Gathered) -> Vec<&'g GatheredPlace> {
    let taken = |place: &&GatheredPlace| options.include_coarse || place.is_precise();
    let mut places: Vec<_> = gathered.places.iter().filter(taken).collect();
    // Members of a group are told in this order, and vertices have it.
    places.sort_by_key(|place| {
        (std::cmp::Reverse(place.count.hits), place.full_name(), place.point.key())
    });
    places
}

/// Groups, heaviest first, and whether they are all that there are.
struct Found {
    groups: Vec<Vec<VertexId>>,
    complete: bool,
}

/// All groups that were asked for.
fn find(
    global: &Global,
    options: &args::Cluster,
    within: &Distance,
    points: &[WeightedPoint],
    places: &[&GatheredPlace],
) -> Result<Found> {
    let hinted = |error: geoip_cluster::Error| {
        Hinted::error(error.to_string(), "shorten --within, or use --method cover")
    };
    let graph = || ProximityGraph::new(points, within.meters()).map_err(hinted);
    let (mut groups, complete) = match options.method {
        Method::Cliques => cliques(global, options, &graph()?),
        Method::Cover => {
            let cover = geoip_cluster::complete_linkage_cover(points, within.meters());
            (cover.map_err(hinted)?.groups, true)
        }
        Method::Components => (geoip_cluster::components(&graph()?), true),
    };
    for group in &mut groups {
        group.sort_unstable();
    }
    let count = |group: &[VertexId]| {
        let places = group.iter().map(|vertex| places[vertex.index()].count);
        places.fold((0_u64, 0_u64), |(hits, addresses), count| {
            (hits.saturating_add(count.hits), addresses + count.addresses)
        })
    };
    groups.retain(|group| {
        group.len() >= options.min_places && count(group).1 >= options.min_addresses
    });
    groups.sort_by_cached_key(|group| {
        let (hits, addresses) = count(group);
        (std::cmp::Reverse((hits, addresses)), group.clone())
    });
    Ok(Found { groups, complete })
}

fn cliques(
    global: &Global,
    options: &args::Cluster,
    graph: &ProximityGraph,
) -> (Vec<Vec<VertexId>>, bool) {
    let target = if global.quiet {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr_with_hz(5)
    };
    let style = ProgressStyle::with_template("{spinner} {human_pos} cliques, {per_sec}");
    let bar = ProgressBar::with_draw_target(None, target)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(200));
    let mut groups = Vec::new();
    let wanted = CliqueOptions::default()
        .max_cliques(options.limit)
        .min_members(options.min_places);
    let enumeration = geoip_cluster::visit_maximal_cliques(
        graph,
        &wanted,
        || false,
        |members| {
            bar.inc(1);
            groups.push(members.to_vec());
            ControlFlow::Continue(())
        },
    );
    bar.finish_and_clear();
    (groups, enumeration.is_complete())
}

/// What was counted, what was left out, and whether all groups are there.
#[derive(Debug, Serialize)]
struct Summary {
    method: &'static str,
    within_km: f64,
    /// Whether these are all groups that there are.
    complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped_by: Option<&'static str>,
    groups: usize,
    places: usize,
    addresses: u64,
    hits: u64,
    left_out: Vec<String>,
    #[serde(skip)]
    limit: u64,
}

impl Summary {
    fn new(
        options: &args::Cluster,
        within: &Distance,
        gathered: &Gathered,
        places: &[&GatheredPlace],
        found: &Found,
    ) -> Self {
        let mut left_out = gathered.notes();
        let coarse = gathered.coarse();
        if !options.include_coarse && coarse.addresses > 0 {
            left_out
                .push(format!("{} known to a region or country only", amount(coarse)));
        }
        Self {
            method: options.method.name(),
            within_km: within.meters() / 1000.0,
            complete: found.complete,
            stopped_by: (!found.complete).then_some("limit"),
            groups: found.groups.len(),
            places: places.len(),
            addresses: gathered.all.addresses,
            hits: gathered.all.hits,
            left_out,
            limit: options.limit,
        }
    }

    /// Say it beside the result.
    fn note(&self, global: &Global, within: &Distance) {
        output::note(
            global,
            &format!(
                "{} of {} within {within} of each other, by {}",
                counted(self.groups as u64, "group", "groups"),
                counted(self.places as u64, "place", "places"),
                self.method
            ),
        );
        for reason in &self.left_out {
            output::note(global, &format!("left out: {reason}"));
        }
        if !self.complete {
            output::note(
                global,
                &format!(
                    "stopped after {} cliques: there are more. Raise --limit, shorten --within, \
                     ask for --min-places, or use --method cover, which is always complete",
                    thousands(self.limit)
                ),
            );
        }
    }
}
