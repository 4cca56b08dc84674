//! Groups of places that are near each other.

use anyhow::Result;
use geoip_cluster::{Cluster, Measure, complete_linkage_cover_by};
use geoip_core::{Count, LatLng, WeightedPoint};

use super::rows::{Gathered, GatheredPlace};
use crate::{cluster::Distance, failure::Hinted, text};

/// Groups that are told to other programs; the others are counted.
const TOLD: usize = 100;

/// The groups with most hits, of at least two places.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) within: Distance,
    pub(super) told: Vec<Told>,
    /// How many groups of two places and more there are.
    pub(super) count: usize,
    /// The group of each place, if it is in one of those; they are numbered from the one
    /// with most hits.
    pub(super) of_place: Vec<Option<usize>>,
}

/// A group.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) name: String,
    pub(super) places: usize,
    pub(super) count: Count,
    pub(super) diameter_km: f64,
    pub(super) centroid: LatLng,
}

/// Every place known to a city in one group, no two of a group farther apart than `within`.
pub(super) fn find(gathered: &Gathered, within: Distance) -> Result<Found> {
    let is_precise = |place: &GatheredPlace| {
        place.point.is_some() && place.precision == geoip_core::Precision::City
    };
    let mut numbered: Vec<_> =
        (0..).zip(&gathered.places).filter(|(_, place)| is_precise(place)).collect();
    numbered.sort_by_key(|(_, place)| {
        (std::cmp::Reverse(place.count.hits), place.point.map(LatLng::key))
    });
    let (numbers, places): (Vec<usize>, Vec<&GatheredPlace>) =
        numbered.into_iter().unzip();
    let weighted = |place: &&GatheredPlace| {
        let weight = place.count.hits;
        place.point.map(|point| WeightedPoint { point, weight })
    };
    let points: Vec<_> = places.iter().filter_map(weighted).collect();
    let cover = complete_linkage_cover_by(Measure::GreatCircle, &points, within.meters())
        .map_err(|error| Hinted::error(error.to_string(), "shorten --within"))?;
    let hits = |members: &Vec<geoip_cluster::VertexId>| {
        members
            .iter()
            .fold(0_u64, |sum, it| sum.saturating_add(points[it.index()].weight))
    };
    let mut groups: Vec<_> =
        cover.groups.into_iter().filter(|members| members.len() > 1).collect();
    let count = groups.len();
    groups.sort_by_cached_key(|members| {
        (std::cmp::Reverse(hits(members)), members.clone())
    });
    let mut of_place = vec![None; gathered.places.len()];
    for (number, members) in groups.iter().enumerate() {
        for member in members {
            of_place[numbers[member.index()]] = Some(number);
        }
    }
    groups.truncate(TOLD);
    let told = groups.iter().filter_map(|members| {
        let summary = Cluster::by(Measure::GreatCircle, &points, members)?;
        let heaviest = members.iter().min_by_key(|it| it.index())?;
        let mut count = Count::default();
        for member in members {
            count.addresses += places[member.index()].count.addresses;
            count.hits = count.hits.saturating_add(places[member.index()].count.hits);
        }
        let heaviest = places[heaviest.index()];
        let others = members.len() as u64 - 1;
        Some(Told {
            name: format!(
                "{} and {}",
                heaviest.full_name(),
                text::counted(others, "place", "places")
            ),
            places: members.len(),
            count,
            diameter_km: summary.diameter_m / 1000.0,
            centroid: summary.centroid,
        })
    });
    Ok(Found { within, told: told.collect(), count, of_place })
}
