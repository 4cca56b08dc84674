//! Where one class of counts ends and the next begins.

#![expect(clippy::cast_precision_loss, reason = "counts are grouped, not summed up")]

use crate::Classes;

/// Classes of numbers have at most so many colours that are told apart.
const MOST: usize = 7;

/// The least count of each class, rising, and the largest count of all.
#[derive(Debug, PartialEq)]
pub(super) struct Breaks {
    pub(super) least: Vec<u64>,
    pub(super) largest: u64,
}

impl Breaks {
    /// Breaks of counts that are more than zero, in any order; none of no counts.
    pub(super) fn of(kind: Classes, counts: impl Iterator<Item = u64>) -> Option<Self> {
        let mut counts: Vec<u64> = counts.collect();
        counts.sort_unstable();
        let (&first, &largest) = (counts.first()?, counts.last()?);
        let mut least = match kind {
            Classes::Log | Classes::Linear | Classes::Distinct => log(first, largest),
            Classes::Equal => equal(largest),
            Classes::Quantile => quantile(&counts),
            Classes::Jenks => jenks(&counts),
        };
        least.dedup();
        Some(Self { least, largest })
    }

    pub(super) fn index(&self, count: u64) -> usize {
        self.least.partition_point(|&least| least <= count).saturating_sub(1)
    }
}

/// Classes that grow by about the same factor, at round numbers: the finest of three
/// series that has no more than seven.
fn log(first: u64, largest: u64) -> Vec<u64> {
    let series = |steps: &'static [u64]| -> Vec<u64> {
        let all: Vec<u64> = (0..20)
            .flat_map(|decade| {
                let power = 10_u64.saturating_pow(decade);
                steps.iter().map(move |step| power.saturating_mul(*step))
            })
            .filter(|&value| value <= largest)
            .collect();
        let start = all.iter().rposition(|&value| value <= first).unwrap_or(0);
        all[start..].to_vec()
    };
    let mut candidates =
        [&[1, 2, 5][..], &[1, 3], &[1]].into_iter().map(series).collect::<Vec<_>>();
    let coarsest = candidates.pop().unwrap_or_default();
    let breaks = candidates.into_iter().find(|breaks| breaks.len() <= MOST);
    let breaks = breaks.unwrap_or(coarsest);
    // More than seven decades: every third power of ten tells enough.
    if breaks.len() > MOST + 1 { breaks.into_iter().step_by(3).collect() } else { breaks }
}

/// Classes of the same round width, from one.
fn equal(largest: u64) -> Vec<u64> {
    let decade = 10_u64.pow(largest.max(1).ilog10());
    let widths = [1_u64, 2, 5, 10].map(|lead| (decade / 10).max(1).saturating_mul(lead));
    let fitting = widths.into_iter().chain([decade.saturating_mul(2)]);
    let fitting = fitting.into_iter().find(|&width| largest / width < MOST as u64);
    let width = fitting.unwrap_or(decade.saturating_mul(5));
    let rest = (1..).map(|index| width.saturating_mul(index));
    let rest = rest.take_while(|&least| least <= largest).take(MOST);
    std::iter::once(1).chain(rest).collect()
}

/// Classes of about as many counts each; equal counts are never parted.
fn quantile(counts: &[u64]) -> Vec<u64> {
    let classes = MOST.min(counts.len());
    (0..classes).map(|class| counts[class * counts.len() / classes]).collect()
}

/// Classes with the least sum of squared distances from their means, by dynamic
/// programming over the sorted counts.
///
/// # References
/// Fisher: On grouping for maximum homogeneity. Journal of the American Statistical
/// Association 53 (1958). Jenks used it for maps.
fn jenks(counts: &[u64]) -> Vec<u64> {
    let mut distinct = counts.to_vec();
    distinct.dedup();
    let classes = MOST.min(distinct.len());
    let n = counts.len();
    // Sums relative to the largest, so that squares of any counts hold.
    let scale = (*counts.last().unwrap_or(&1)).max(1) as f64;
    let mut sums = vec![(0.0, 0.0); n + 1];
    for (index, &count) in counts.iter().enumerate() {
        let value = count as f64 / scale;
        sums[index + 1] = (sums[index].0 + value, sums[index].1 + value * value);
    }
    let cost = |from: usize, to: usize| {
        let (sum, squares) = (sums[to].0 - sums[from].0, sums[to].1 - sums[from].1);
        (squares - sum * sum / (to - from) as f64).max(0.0)
    };
    // The cost of the first counts in so many classes, and where the last one starts.
    let mut best = vec![vec![(f64::INFINITY, 0); n + 1]; classes + 1];
    best[0][0].0 = 0.0;
    for class in 1..=classes {
        for to in class..=n {
            for from in class - 1..to {
                let total = best[class - 1][from].0 + cost(from, to);
                if total < best[class][to].0 {
                    best[class][to] = (total, from);
                }
            }
        }
    }
    let mut starts = Vec::new();
    let mut end = n;
    for class in (1..=classes).rev() {
        end = best[class][end].1;
        starts.push(counts[end]);
    }
    starts.reverse();
    starts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn breaks(kind: Classes, counts: &[u64]) -> Vec<u64> {
        Breaks::of(kind, counts.iter().copied()).unwrap().least
    }

    #[test]
    fn classes_are_round_and_few() {
        let log = |counts: &[u64]| breaks(Classes::Log, counts);
        assert_eq!(log(&[1, 90]), [1, 2, 5, 10, 20, 50]);
        assert_eq!(log(&[4, 900]), [3, 10, 30, 100, 300]);
        assert_eq!(log(&[1, 57_000]), [1, 10, 100, 1000, 10_000]);
        assert_eq!(log(&[7, 7]), [5]);
        assert!(Breaks::of(Classes::Log, [].into_iter()).is_none());
        assert_eq!(breaks(Classes::Equal, &[1, 60]), [1, 10, 20, 30, 40, 50, 60]);
        assert_eq!(breaks(Classes::Equal, &[3]), [1, 2, 3]);
    }

    #[test]
    fn natural_breaks_are_where_the_gaps_are() {
        let counts = [1, 2, 2, 3, 50, 51, 53, 900, 905, 20_000];
        let ours = breaks(Classes::Jenks, &counts);
        for gap in [50, 900, 20_000] {
            assert!(ours.contains(&gap), "{ours:?}");
        }
        assert_eq!(
            breaks(Classes::Quantile, &[1, 2, 3, 4, 5, 6, 7]),
            [1, 2, 3, 4, 5, 6, 7]
        );
    }

    /// Every way to cut sorted counts into so many classes.
    fn least_cost(counts: &[u64], classes: usize) -> f64 {
        let cost = |part: &[u64]| {
            let mean = part.iter().sum::<u64>() as f64 / part.len() as f64;
            part.iter().map(|&count| (count as f64 - mean).powi(2)).sum::<f64>()
        };
        if classes == 1 {
            return cost(counts);
        }
        (classes - 1..counts.len())
            .map(|at| least_cost(&counts[..at], classes - 1) + cost(&counts[at..]))
            .fold(f64::INFINITY, f64::min)
    }

    proptest! {
        #[test]
        fn every_count_has_its_class(
            counts in proptest::collection::vec(1_u64.., 1..40), which in 0..4_usize,
        ) {
            let kind = [Classes::Log, Classes::Equal, Classes::Quantile, Classes::Jenks][which];
            let breaks = Breaks::of(kind, counts.iter().copied()).unwrap();
            prop_assert!((1..=8).contains(&breaks.least.len()), "{breaks:?}");
            for count in counts {
                let index = breaks.index(count);
                prop_assert!(breaks.least[index] <= count, "{breaks:?} {count}");
                let next = breaks.least.get(index + 1);
                prop_assert!(next.is_none_or(|&next| count < next));
            }
        }

        #[test]
        fn natural_breaks_cost_as_little_as_any(
            counts in proptest::collection::btree_set(1_u64..1000, 8..11),
        ) {
            let counts: Vec<u64> = counts.into_iter().collect();
            let starts = jenks(&counts);
            let mut parts: Vec<Vec<u64>> = Vec::new();
            for &count in &counts {
                if starts.contains(&count) {
                    parts.push(Vec::new());
                }
                parts.last_mut().unwrap().push(count);
            }
            let ours: f64 = parts.iter().map(|part| least_cost(part, 1)).sum();
            let least = least_cost(&counts, MOST);
            prop_assert!(ours <= least + 1e-6, "{ours} {least}");
        }
    }
}
