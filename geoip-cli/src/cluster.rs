//! `geoip cluster`: groups of places that are near each other.

mod distance;
mod report;

use std::time::Duration;

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
    let found = find(global, options, &within, &points)?;

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
    /// How many were found, which are more than were kept if only the top was asked for.
    count: u64,
    complete: bool,
}

/// All groups that were asked for.
fn find(
    global: &Global,
    options: &args::Cluster,
    within: &Distance,
    points: &[WeightedPoint],
) -> Result<Found> {
    let hinted = |error: geoip_cluster::Error| {
        Hinted::error(error.to_string(), "shorten --within, or use --method cover")
    };
    let graph = || ProximityGraph::new(points, within.meters()).map_err(hinted);
    let mut groups = match options.method {
        Method::Cliques => return Ok(cliques(global, options, &graph()?)),
        Method::Cover => {
            let cover = geoip_cluster::complete_linkage_cover(points, within.meters());
            cover.map_err(hinted)?.groups
        }
        Method::Components => geoip_cluster::components(&graph()?),
    };
    let hits = |group: &[VertexId]| {
        let hits = group.iter().map(|vertex| points[vertex.index()].weight);
        hits.fold(0, u64::saturating_add)
    };
    groups.retain(|group| {
        group.len() >= options.min_places && hits(group) >= options.min_hits
    });
    groups.sort_by_cached_key(|group| (std::cmp::Reverse(hits(group)), group.clone()));
    Ok(Found { count: groups.len() as u64, groups, complete: true })
}

/// The heaviest of all cliques that there are, or of as many as the limit allows.
fn cliques(global: &Global, options: &args::Cluster, graph: &ProximityGraph) -> Found {
    let target = if global.quiet {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr_with_hz(5)
    };
    let style = ProgressStyle::with_template("{spinner} looking for cliques, {elapsed}");
    let bar = ProgressBar::with_draw_target(None, target)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(200));
    let wanted = CliqueOptions::default()
        .max_cliques(limit(options))
        .min_members(options.min_places)
        .min_weight(options.min_hits);
    let kept = options.top.unwrap_or(usize::MAX);
    let found = geoip_cluster::heaviest_maximal_cliques(graph, kept, &wanted, |_| false);
    bar.finish_and_clear();
    Found {
        groups: found.iter().map(<[VertexId]>::to_vec).collect(),
        count: found.enumeration().cliques,
        complete: found.enumeration().is_complete(),
    }
}

/// How many cliques are looked at: as many as can be kept in memory, or, where only the
/// heaviest are kept, as many as can be looked at in about a minute.
fn limit(options: &args::Cluster) -> u64 {
    let default = if options.top.is_some() { 10_000_000 } else { 100_000 };
    options.limit.unwrap_or(default)
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
    groups: u64,
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
            groups: found.count,
            places: places.len(),
            addresses: gathered.all.addresses,
            hits: gathered.all.hits,
            left_out,
            limit: limit(options),
        }
    }

    /// Say it beside the result.
    fn note(&self, global: &Global, within: &Distance) {
        output::note(
            global,
            &format!(
                "{} of {} within {within} of each other, by {}",
                counted(self.groups, "group", "groups"),
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
