//! Fewer cities: each moved to a large one of its region nearby, within a promised distance.

use hashbrown::HashMap;

use crate::geo;
use crate::runs::{NOTHING, Runs};
use crate::vocabulary::City;

/// For each city the centres that may stand for it.
///
/// Every candidate lies in the same country and region as the city, within the radius.
#[derive(Debug)]
pub(crate) struct Candidates {
    /// Sorted numbers of centres, one list a city; never empty.
    lists: Vec<Vec<u32>>,
    weights: Vec<f64>,
}

type Cell = (i32, i32);

/// Side of a cell of the search grid, in degrees.
const CELL_DEGREES: f64 = 0.5;

impl Candidates {
    /// Chooses centres, heaviest city first, until each city has one within `radius_km`.
    ///
    /// With radius 0 every city stands for itself.
    pub(crate) fn new(cities: &[City], radius_km: f64) -> Self {
        let weights = cities.iter().map(|city| city.weight).collect();
        if radius_km <= 0.0 {
            let lists = (0..cities.len()).map(|number| vec![index(number)]).collect();
            return Self { lists, weights };
        }
        let mut order: Vec<usize> = (0..cities.len()).collect();
        order.sort_by(|&a, &b| {
            cities[b].weight.total_cmp(&cities[a].weight).then(a.cmp(&b))
        });
        let mut centres: HashMap<Cell, Vec<u32>> = HashMap::new();
        for number in order {
            if near(cities, &centres, number, radius_km).is_empty() {
                let cell = cell_of(&cities[number]);
                centres.entry(cell).or_default().push(index(number));
            }
        }
        let lists = (0..cities.len())
            .map(|number| {
                let mut list = near(cities, &centres, number, radius_km);
                list.sort_unstable();
                list
            })
            .collect();
        Self { lists, weights }
    }

    /// Joins neighbouring runs as long as one centre may stand for all of their cities.
    ///
    /// The labels of `runs` are city numbers plus one, and so are those of the result.
    pub(crate) fn join(&self, runs: &Runs) -> Runs {
        let mut chosen = vec![NOTHING; runs.len()];
        let mut first = 0;
        while first < runs.len() {
            let mut after = first + 1;
            if runs.labels[first] != NOTHING {
                let mut common = self.lists[runs.labels[first] as usize - 1].clone();
                while after < runs.len() && runs.labels[after] != NOTHING {
                    let list = &self.lists[runs.labels[after] as usize - 1];
                    let both: Vec<u32> = common
                        .iter()
                        .copied()
                        .filter(|c| list.binary_search(c).is_ok())
                        .collect();
                    if both.is_empty() {
                        break;
                    }
                    common = both;
                    after += 1;
                }
                let heaviest = common
                    .into_iter()
                    .max_by(|&a, &b| {
                        self.weights[a as usize]
                            .total_cmp(&self.weights[b as usize])
                            .then(b.cmp(&a))
                    })
                    .expect("every city has a candidate");
                chosen[first..after].fill(heaviest + 1);
            }
            first = after;
        }
        runs.relabel(|position, _| chosen[position])
    }

    #[cfg(test)]
    pub(crate) fn of(&self, city: usize) -> &[u32] {
        &self.lists[city]
    }
}

fn index(number: usize) -> u32 {
    u32::try_from(number).expect("far fewer cities than 2^32")
}

fn cell_of(city: &City) -> Cell {
    ((city.lat / CELL_DEGREES).floor() as i32, (city.lng / CELL_DEGREES).floor() as i32)
}

/// The centres that may stand for a city.
///
/// Across the antimeridian and at the poles centres may be missed, never wrongly found:
/// a city there becomes a centre of its own.
fn near(
    cities: &[City],
    centres: &HashMap<Cell, Vec<u32>>,
    number: usize,
    radius_km: f64,
) -> Vec<u32> {
    let city = &cities[number];
    let reach = radius_km / 111.0 / CELL_DEGREES;
    let rows = reach.ceil() as i32;
    let columns = (reach / city.lat.to_radians().cos().max(0.05)).ceil() as i32;
    let (row, column) = cell_of(city);
    let mut found = Vec::new();
    for r in row - rows..=row + rows {
        for c in column - columns..=column + columns {
            found.extend(centres.get(&(r, c)).into_iter().flatten().copied().filter(
                |&centre| {
                    let centre = &cities[centre as usize];
                    centre.country == city.country
                        && centre.subdivision == city.subdivision
                        && geo::distance_km(
                            (city.lat, city.lng),
                            (centre.lat, centre.lng),
                        ) <= radius_km
                },
            ));
        }
    }
    found
}
