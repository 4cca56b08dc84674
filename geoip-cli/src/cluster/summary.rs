//! What was counted, what was left out, and whether all groups are there.

use serde::Serialize;

use super::{
    Question,
    budget::StoppedBy,
    find::{Found, Tried},
    report::rounded_km,
};
use crate::{
    args::{DistanceKind, Global, Method},
    gather::{Gathered, GatheredPlace, amount},
    output,
    text::{counted, thousands},
};

#[derive(Debug, Serialize)]
pub(super) struct Summary {
    method: &'static str,
    within_km: Vec<f64>,
    distance: &'static str,
    /// Whether these are all groups that there are.
    complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped_by: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instead_of: Option<InsteadOf>,
    groups: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    groups_at_least: Option<usize>,
    places: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    overlap: Option<Overlap>,
    #[serde(skip_serializing_if = "Option::is_none")]
    places_in_no_group: Option<usize>,
    addresses: u64,
    hits: u64,
    left_out: Vec<String>,
    #[serde(skip)]
    notes: Vec<String>,
}

/// A search that was stopped, so that another method had to answer.
#[derive(Debug, Serialize)]
struct InsteadOf {
    method: &'static str,
    stopped_by: &'static str,
    groups: u64,
}

/// How much the groups that were kept share.
#[derive(Debug, Serialize)]
struct Overlap {
    places_in_several_groups: usize,
    most_groups_of_a_place: u32,
}

impl Summary {
    pub(super) fn new(
        question: &Question<'_>,
        gathered: &Gathered,
        places: &[&GatheredPlace],
        found: &Found,
    ) -> Self {
        let options = question.options;
        let mut left_out = gathered.notes();
        let coarse = gathered.coarse();
        if !options.include_coarse && coarse.addresses > 0 {
            left_out
                .push(format!("{} known to a region or country only", amount(coarse)));
        }
        let overlap = (found.method == Method::Cliques).then(|| {
            let memberships = found.memberships(places.len());
            Overlap {
                places_in_several_groups: memberships
                    .iter()
                    .filter(|&&it| it > 1)
                    .count(),
                most_groups_of_a_place: memberships.into_iter().max().unwrap_or(0),
            }
        });
        let instead_of = |tried: &Tried| InsteadOf {
            method: Method::Cliques.name(),
            stopped_by: tried.stopped_by.name(),
            groups: tried.cliques,
        };
        Self {
            method: found.method.name(),
            within_km: question.within.iter().map(|it| rounded_km(it.meters())).collect(),
            distance: match options.distance {
                DistanceKind::GreatCircle => "great-circle",
                DistanceKind::Geodesic => "geodesic",
            },
            complete: found.stopped_by.is_none(),
            stopped_by: found.stopped_by.map(StoppedBy::name),
            instead_of: found.instead_of.as_ref().map(instead_of),
            groups: found.count(),
            groups_at_least: found.at_least,
            places: places.len(),
            overlap,
            places_in_no_group: found.noise,
            addresses: gathered.all.addresses,
            hits: gathered.all.hits,
            left_out,
            notes: notes(question, found),
        }
    }

    /// Say it beside the result.
    pub(super) fn note(&self, global: &Global, question: &Question<'_>) {
        let within: Vec<_> = question.within.iter().map(ToString::to_string).collect();
        output::note(
            global,
            &format!(
                "{} of {} within {} of each other, by {}",
                counted(self.groups, "group", "groups"),
                counted(self.places as u64, "place", "places"),
                within.join(", "),
                self.method
            ),
        );
        for reason in &self.left_out {
            output::note(global, &format!("left out: {reason}"));
        }
        for note in &self.notes {
            output::note(global, note);
        }
    }
}

/// What must be known to read the groups rightly.
fn notes(question: &Question<'_>, found: &Found) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(tried) = &found.instead_of {
        notes.push(format!(
            "these are the groups of a cover, each place in one, at least {} being needed: {}. \
             --method cliques shows those that were found; --limit and --time allow more, a \
             shorter --within or --min-places leaves less",
            thousands(found.at_least.unwrap_or(0) as u64),
            why_not_cliques(question, tried),
        ));
    }
    if let Some(stopped_by) = found.stopped_by {
        let after = match stopped_by {
            StoppedBy::Limit => "the limit was reached: raise --limit",
            StoppedBy::Time => "the time was up: raise --time",
            StoppedBy::Interrupt => "it was interrupted: let it run",
            StoppedBy::Memory => "memory was short: raise it",
        };
        notes.push(format!(
            "partial: stopped after {} cliques, there are more; {after}, shorten --within, ask \
             for --min-places, or use --method cover, which is always complete",
            thousands(found.count())
        ));
    }
    if matches!(found.method, Method::Dbscan | Method::Components) {
        notes.push(format!(
            "groups are chains of neighbours: nothing limits how wide they are, and two places of \
             one may be much farther than {} apart",
            question.widest()
        ));
    }
    if let Some(noise) = found.noise.filter(|&noise| noise > 0) {
        notes.push(format!(
            "{} in no group, being near no dense one",
            counted(noise as u64, "place", "places")
        ));
    }
    notes
}

fn why_not_cliques(question: &Question<'_>, tried: &Tried) -> String {
    match tried.stopped_by {
        StoppedBy::Memory => {
            "the pairs within the distance are too many for the memory".to_owned()
        }
        StoppedBy::Time => format!(
            "the search for cliques was stopped after {:.0?} and {}",
            question.budget.time.unwrap_or_default(),
            counted(tried.cliques, "clique", "cliques")
        ),
        _ => format!("there are more than {} cliques", thousands(tried.cliques)),
    }
}
