//! The groups that were asked for, by each method.

use anyhow::Result;
use geoip_cluster::{
    CliqueOptions, GraphOptions, ProximityGraph, VertexId, complete_linkage_cover_by,
    complete_linkage_hierarchy, components, dbscan, heaviest_maximal_cliques,
};
use geoip_core::WeightedPoint;

use super::{
    Question,
    budget::{StoppedBy, Watch},
    distance::Distance,
};
use crate::{
    args::{Global, Method, Weight},
    failure::Hinted,
    gather::GatheredPlace,
    text::thousands,
};

/// The groups, and whether they are all that there are.
pub(super) struct Found {
    /// What the groups are.
    pub(super) method: Method,
    pub(super) points: Vec<WeightedPoint>,
    /// From the narrowest to the widest; one but for a hierarchy.
    pub(super) levels: Vec<Level>,
    pub(super) stopped_by: Option<StoppedBy>,
    /// The search that a budget stopped, if these groups stand for what it looked for.
    pub(super) instead_of: Option<Tried>,
    /// How few groups any partition has.
    pub(super) at_least: Option<usize>,
    /// The places in no group, where a method leaves some out.
    pub(super) noise: Option<usize>,
}

/// Groups within one distance, heaviest first.
pub(super) struct Level {
    pub(super) within: Distance,
    pub(super) groups: Vec<Vec<VertexId>>,
    /// How many were found, which are more than were kept if only the top was asked for.
    pub(super) count: u64,
}

/// A search for cliques that was stopped.
pub(super) struct Tried {
    pub(super) cliques: u64,
    pub(super) stopped_by: StoppedBy,
}

impl Found {
    pub(super) fn count(&self) -> u64 {
        self.levels.iter().map(|level| level.count).sum()
    }

    /// In how many of the kept groups each of so many places is.
    pub(super) fn memberships(&self, places: usize) -> Vec<u32> {
        let mut memberships = vec![0_u32; places];
        for vertex in self.levels.iter().flat_map(|level| level.groups.iter().flatten()) {
            memberships[vertex.index()] += 1;
        }
        memberships
    }
}

struct Finder<'f> {
    global: &'f Global,
    question: &'f Question<'f>,
    places: &'f [&'f GatheredPlace],
    points: Vec<WeightedPoint>,
}

/// All groups that were asked for.
pub(super) fn find(
    global: &Global,
    question: &Question<'_>,
    places: &[&GatheredPlace],
) -> Result<Found> {
    let points = places.iter().map(|place| place.weighted(Weight::Hits)).collect();
    let finder = Finder { global, question, places, points };
    match question.options.method {
        None => finder.cliques_or_cover(),
        Some(Method::Cliques) => finder.cliques(&finder.graph()?),
        Some(Method::Cover) => finder.cover(),
        Some(Method::Hierarchy) => finder.hierarchy(),
        Some(Method::Dbscan) => finder.dbscan(),
        Some(Method::Components) => {
            Ok(finder.found(Method::Components, components(&finder.graph()?)))
        }
    }
}

impl Finder<'_> {
    fn graph(&self) -> Result<ProximityGraph> {
        self.graph_of(&self.points).map_err(|error| self.hinted(&error))
    }

    fn graph_of(
        &self,
        points: &[WeightedPoint],
    ) -> Result<ProximityGraph, geoip_cluster::Error> {
        let mut options = GraphOptions::default().measure(self.question.measure);
        if self.question.options.method == Some(Method::Hierarchy) {
            // Beside the graph it keeps three times as much for each edge.
            options = options.memory_limit_bytes(512 << 20);
        }
        ProximityGraph::with_options(points, self.question.widest().meters(), &options)
    }

    /// The error in the unit and by the options of the user.
    fn hinted(&self, error: &geoip_cluster::Error) -> anyhow::Error {
        let within = self.question.widest();
        match error {
            geoip_cluster::Error::TooManyEdges {
                points,
                edges,
                needed_bytes,
                limit_bytes,
                fitting_radius_m,
                ..
            } => Hinted::error(
                format!(
                    "about {} pairs of the {} places are within {within} of each other and \
                     would take {} MiB, more than the {} MiB allowed",
                    thousands(*edges),
                    thousands(*points as u64),
                    thousands(needed_bytes >> 20),
                    thousands(limit_bytes >> 20)
                ),
                format!(
                    "shorten --within to about {}, or use --method cover, which needs no pairs",
                    within.like_this(*fitting_radius_m)
                ),
            ),
            other => Hinted::error(other.to_string(), "shorten --within"),
        }
    }

    /// The groups of one level that are large enough.
    fn level(&self, within: Distance, mut groups: Vec<Vec<VertexId>>) -> Level {
        let options = self.question.options;
        let hits = |group: &[VertexId]| {
            let hits = group.iter().map(|vertex| self.points[vertex.index()].weight);
            hits.fold(0, u64::saturating_add)
        };
        groups.retain(|group| {
            group.len() >= options.min_places && hits(group) >= options.min_hits
        });
        groups
            .sort_by_cached_key(|group| (std::cmp::Reverse(hits(group)), group.clone()));
        Level { within, count: groups.len() as u64, groups }
    }

    fn found(&self, method: Method, groups: Vec<Vec<VertexId>>) -> Found {
        Found {
            method,
            points: self.points.clone(),
            levels: vec![self.level(self.question.widest(), groups)],
            stopped_by: None,
            instead_of: None,
            at_least: None,
            noise: None,
        }
    }

    /// Cliques, or if they are too many the cover: an answer in any case.
    fn cliques_or_cover(&self) -> Result<Found> {
        let tried = match self.graph_of(&self.points) {
            Ok(graph) => {
                let found = self.cliques(&graph)?;
                match found.stopped_by {
                    // Whoever stopped it wants what was found.
                    None | Some(StoppedBy::Interrupt) => return Ok(found),
                    Some(stopped_by) => Tried { cliques: found.count(), stopped_by },
                }
            }
            Err(geoip_cluster::Error::TooManyEdges { .. }) => {
                Tried { cliques: 0, stopped_by: StoppedBy::Memory }
            }
            Err(error) => return Err(self.hinted(&error)),
        };
        Ok(Found { instead_of: Some(tried), ..self.cover()? })
    }

    /// The heaviest of all cliques that there are, or of as many as the budget allows.
    fn cliques(&self, graph: &ProximityGraph) -> Result<Found> {
        let (options, budget) = (self.question.options, &self.question.budget);
        let wanted = CliqueOptions::default()
            .max_cliques(budget.cliques)
            .min_members(options.min_places)
            .min_weight(options.min_hits);
        let kept = options.top.unwrap_or(usize::MAX);
        let watch = Watch::new(self.global, budget)?;
        let cliques = heaviest_maximal_cliques(graph, kept, &wanted, |found| {
            watch.should_stop(found)
        });
        let stopped_by = watch.end(cliques.enumeration());
        let groups = cliques.iter().map(<[VertexId]>::to_vec).collect();
        let level = Level {
            within: self.question.widest(),
            groups,
            count: cliques.enumeration().cliques,
        };
        let none = self.found(Method::Cliques, Vec::new());
        Ok(Found { levels: vec![level], stopped_by, ..none })
    }

    fn cover(&self) -> Result<Found> {
        let within_m = self.question.widest().meters();
        let cover =
            complete_linkage_cover_by(self.question.measure, &self.points, within_m)
                .map_err(|error| self.hinted(&error))?;
        let at_least = Some(cover.lower_bound());
        Ok(Found { at_least, ..self.found(Method::Cover, cover.groups) })
    }

    fn hierarchy(&self) -> Result<Found> {
        let hierarchy = complete_linkage_hierarchy(&self.graph()?);
        let cut = |within: &Distance| self.level(*within, hierarchy.cut(within.meters()));
        let levels = self.question.within.iter().map(cut).collect();
        Ok(Found { levels, ..self.found(Method::Hierarchy, Vec::new()) })
    }

    fn dbscan(&self) -> Result<Found> {
        let by_addresses: Vec<_> =
            self.places.iter().map(|place| place.weighted(Weight::Addresses)).collect();
        let graph = self.graph_of(&by_addresses).map_err(|error| self.hinted(&error))?;
        let found = dbscan(&graph, self.question.options.min_points);
        let noise = Some(found.noise.len());
        Ok(Found { noise, ..self.found(Method::Dbscan, found.groups) })
    }
}
