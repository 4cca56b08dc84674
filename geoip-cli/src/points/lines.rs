//! Places as `lat lon [weight]` a line: merged while they are read, by several threads.

use std::{
    hash::{Hash, Hasher},
    io::{self, Read},
    num::NonZero,
    ops::ControlFlow,
    sync::Mutex,
};

use anyhow::Result;
use geoip_core::{Count, LatLng};
use geoip_extract::{
    Extractor,
    parallel::{Block, Input, Search},
};
use hashbrown::HashMap;

use super::{
    decimal,
    merge::Merger,
    parse::{Columns, HINT, place},
};
use crate::failure::Hinted;

/// Read places. Memory grows with the points, not with the lines.
pub(super) fn read(
    threads: Option<NonZero<usize>>,
    text: impl Read + Send,
    merger: &mut Merger,
) -> Result<()> {
    // Blocks of whole lines are all that is wanted of it, no addresses.
    let mut blocks = Search::new(Extractor::default()).counts_lines(true);
    if let Some(threads) = threads {
        blocks = blocks.threads(threads);
    }
    let text = Mutex::new(Some(text));
    let (flow, tables) = blocks.run(
        |_| {
            let reader = text.lock().ok()?.take()?;
            Some(Ok(Input { reader, slow: false }))
        },
        Table::default,
        Table::add_block,
        |_, read: io::Result<Result<()>>| match read {
            Ok(Ok(())) => ControlFlow::Continue(()),
            Ok(Err(error)) => ControlFlow::Break(error),
            Err(error) => ControlFlow::Break(error.into()),
        },
    );
    if let ControlFlow::Break(error) = flow {
        return Err(error);
    }
    let sums = tables.into_iter().flat_map(|table| table.sums);
    let mut sums: Vec<(Exact, Sum)> = sums.collect();
    // Which thread read what must not matter.
    sums.sort_unstable_by_key(|(_, sum)| sum.offset);
    for (Exact(point), sum) in sums {
        merger.add_plain(point, sum.count);
    }
    Ok(())
}

/// What one thread read.
#[derive(Default)]
struct Table {
    sums: HashMap<Exact, Sum>,
    /// What is not in the sums yet. Reading line by line and adding up place by place are
    /// twice as fast one after the other as by turns: then a processor fetches several
    /// places from memory at a time.
    waiting: Vec<(LatLng, u64, u64)>,
}

/// A point as a key.
#[derive(Clone, Copy, PartialEq)]
struct Exact(LatLng);

// The coordinates of a point are never NaN.
impl Eq for Exact {}

impl Hash for Exact {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (lat, lng) = self.0.key();
        state.write_i64(lat);
        state.write_i64(lng);
    }
}

/// All lines with one point.
struct Sum {
    count: Count,
    /// Where in the text the first of them is.
    offset: u64,
}

impl Table {
    fn add_block(&mut self, block: &Block<'_>) -> Result<()> {
        let text = block.bytes();
        let mut at = 0;
        if !block.starts_line() {
            let number = block.first_line();
            return Err(Hinted::error(format!("line {number} never ends"), HINT));
        }
        while at < text.len() {
            let (rest, offset) = (&text[at..], block.offset() + at as u64);
            if let Some((point, length)) = plain(rest) {
                self.add(point, 1, offset);
                at += length;
                continue;
            }
            let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
            let number = || {
                let before = memchr::memchr_iter(b'\n', &text[..at]).count();
                block.first_line() + before as u64
            };
            if let Some((point, weight)) = odd(line, number)? {
                self.add(point, weight, offset);
            }
            at += line.len() + 1;
        }
        self.add_waiting();
        Ok(())
    }

    fn add(&mut self, point: LatLng, weight: u64, offset: u64) {
        const MOST_WAITING: usize = 256;
        self.waiting.push((point, weight, offset));
        if self.waiting.len() == MOST_WAITING {
            self.add_waiting();
        }
    }

    fn add_waiting(&mut self) {
        for (point, weight, offset) in self.waiting.drain(..) {
            let new = || Sum { count: Count::default(), offset };
            let Sum { count, .. } = self.sums.entry(Exact(point)).or_insert_with(new);
            count.addresses += 1;
            count.hits = count.hits.saturating_add(weight);
        }
    }
}

/// What a line says that is not just two plain numbers: it has a weight, or nothing at all,
/// or is wrong.
fn odd(line: &[u8], number: impl Fn() -> u64) -> Result<Option<(LatLng, u64)>> {
    let text = String::from_utf8_lossy(line);
    let mut cells = text.split_whitespace();
    let cells = [cells.next(), cells.next(), cells.next()];
    if cells[0].is_none_or(|cell| cell.starts_with('#')) {
        return Ok(None);
    }
    let cell = |column: usize| cells.get(column).copied().flatten();
    let given = place(&Columns::PLAIN, &cell, number)?;
    Ok(Some((given.point, given.weight)))
}

/// The point of a line of two plain numbers, and how long the line is with its end.
fn plain(text: &[u8]) -> Option<(LatLng, usize)> {
    let skip = |mut at: usize| {
        while matches!(text.get(at), Some(b' ' | b'\t' | b'\r')) {
            at += 1;
        }
        at
    };
    let (lat, length) = decimal::leading(text)?;
    let start = skip(length);
    let (lng, length) = decimal::leading(&text[start..])?;
    let end = skip(start + length);
    let is_all = matches!(text.get(end), None | Some(b'\n'));
    let point = is_all.then(|| LatLng::new(lat, lng).ok()).flatten()?;
    Some((point, (end + 1).min(text.len())))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn merged(text: &str, threads: usize) -> Vec<(LatLng, Count)> {
        let mut merger = Merger::default();
        read(NonZero::new(threads), text.as_bytes(), &mut merger).unwrap();
        let places = merger.into_given().places;
        places.iter().map(|place| (place.point, place.count)).collect()
    }

    #[test]
    fn reads_numbers_weights_and_comments() {
        let text = "51.5 -0.1\n\n# Sydney, in part\r\n  -33.9\t+151.2 7\n51.50\u{a0}-.1e0 2\r\n\
                    51.5 -0.1 \t\r\n-33.9 151.2 3 and more";
        let expected = [((51.5, -0.1), 3, 4), ((-33.9, 151.2), 2, 10)];
        let expected = expected.map(|((lat, lng), addresses, hits)| {
            (LatLng::new(lat, lng).unwrap(), Count { addresses, hits })
        });
        assert_eq!(merged(text, 1), expected);
        assert_eq!(merged("", 2), []);
    }

    #[test]
    fn says_which_line_is_wrong() {
        let good = "1 2\n".repeat(200_000);
        for (line, message) in [
            ("x y", "line 200001: `x` is no latitude"),
            ("1", "line 200001: `` is no longitude"),
            ("1 2 -3", "line 200001: `-3` is no whole number for a weight"),
            ("1,2 3", "line 200001: `1,2` is no latitude"),
            ("91 0", "line 200001"),
            ("0 -180.5", "line 200001"),
            ("nan 2", "line 200001"),
            ("1 inf", "line 200001"),
        ] {
            let text = format!("{good}{line}\n{good}x\n");
            let error = read(NonZero::new(3), text.as_bytes(), &mut Merger::default());
            let error = format!("{:#}", error.unwrap_err());
            assert!(error.contains(message), "{line}: {error}");
        }
        let endless = format!("1 2{}", " ".repeat(3 << 20));
        let error = read(None, endless.as_bytes(), &mut Merger::default()).unwrap_err();
        assert_eq!(error.to_string(), "line 1 never ends");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        /// On any number of threads the places are those of merging line by line, in the
        /// order of the text.
        #[test]
        fn threads_do_not_change_the_result(
            lines in prop::collection::vec((-3_i16..3, -200_i16..200, 0_u64..3), 0..300),
            times in 1_usize..300, threads in 1_usize..5,
        ) {
            let line = |&(lat, lng, weight): &(i16, i16, u64)| {
                let weight = if weight == 0 { String::new() } else { format!(" {weight}") };
                format!("{}.{} {}{weight}\n", lat, lng.abs() % 3, f64::from(lng) / 2.0)
            };
            let text: String = lines.iter().map(line).collect::<String>().repeat(times);
            let mut expected: Vec<(LatLng, Count)> = Vec::new();
            for line in text.lines() {
                let cells: Vec<&str> = line.split(' ').collect();
                let degrees = |at: usize| cells[at].parse::<f64>().unwrap();
                let point = LatLng::new(degrees(0), degrees(1)).unwrap();
                let weight = cells.get(2).map_or(1, |cell| cell.parse().unwrap());
                if !expected.iter().any(|place| place.0 == point) {
                    expected.push((point, Count::default()));
                }
                let place = expected.iter_mut().find(|place| place.0 == point).unwrap();
                place.1.addresses += 1;
                place.1.hits += weight;
            }
            prop_assert_eq!(merged(&text, threads), expected);
        }
    }
}
