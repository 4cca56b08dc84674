//! `geoip cluster`: groups of places that are near each other.

mod budget;
pub(crate) mod distance;
mod find;
mod geojson;
mod report;
mod summary;

use anyhow::Result;

pub(crate) use self::distance::Distance;
use self::{budget::Budget, summary::Summary};
use crate::{
    args::{self, DistanceKind, Global, Method},
    failure::Hinted,
    gather::{self, Gathered, GatheredPlace},
    output::{self, Outcome},
    search::Noting,
};

/// What was asked for, understood.
struct Question<'q> {
    options: &'q args::Cluster,
    /// The greatest distances within a group, ascending; several for a hierarchy only.
    within: Vec<Distance>,
    measure: geoip_cluster::Measure,
    budget: Budget,
}

impl<'q> Question<'q> {
    fn new(options: &'q args::Cluster) -> Result<Self> {
        let within = Distance::list(&options.within)?;
        if within.len() > 1 && options.method != Some(Method::Hierarchy) {
            return Err(Hinted::error(
                "--within names several distances",
                "add --method hierarchy, or name one",
            ));
        }
        let measure = match options.distance {
            DistanceKind::GreatCircle => geoip_cluster::Measure::GreatCircle,
            DistanceKind::Geodesic => geoip_cluster::Measure::Geodesic,
        };
        Ok(Self { options, within, measure, budget: Budget::new(options)? })
    }

    /// The greatest of the distances.
    fn widest(&self) -> Distance {
        self.within.last().copied().unwrap_or_default()
    }
}

pub(crate) fn run(global: &Global, options: &args::Cluster) -> Result<Outcome> {
    let question = Question::new(options)?;
    let (gathered, _) = gather::gather(global, &options.places, Noting::default())?;
    let places = taken(options, &gathered);
    let found = find::find(global, &question, &places)?;
    let groups = report::Groups::new(&question, &found, &places);
    output::write_result(global, |out| groups.write(global, out))?;

    let summary = Summary::new(&question, &gathered, &places, &found);
    summary.note(global, &question);
    if let Some(path) = &options.summary {
        output::write_file(path, |out| {
            serde_json::to_writer_pretty(&mut *out, &summary)?;
            Ok(out.write_all(b"\n")?)
        })?;
    }
    Ok(match found.stopped_by {
        Some(_) => Outcome::Partial,
        None => Outcome::of(found.count() > 0),
    })
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
