//! Hits over time, in as much memory however long the log is.

use std::{collections::BTreeMap, net::IpAddr};

use geoip_core::AddressMap;
use geoip_log::Timestamp;

/// Widths of buckets in seconds; each is a multiple of the one before.
const WIDTHS: [u32; 18] = [
    1,
    5,
    10,
    30,
    60,
    5 * 60,
    10 * 60,
    30 * 60,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    7 * DAY,
    28 * DAY,
    364 * DAY,
    3640 * DAY,
    36_400 * DAY,
];
const HOUR: u32 = 3600;
const DAY: u32 = 24 * HOUR;
/// The buckets of a week begin on a Monday, and 1970 began on a Thursday.
const FIRST_MONDAY: i64 = -3 * DAY as i64;

/// No more buckets than this have hits; when there would be, all become wider.
const MOST_BUCKETS: usize = 1024;
/// No more pairs of address and bucket than this are kept by one thread.
const MOST_PAIRS: usize = 2_000_000;

/// When addresses were seen, and whether they logged in.
///
/// Buckets widen as the span grows. An odd time a thousand years off takes one bucket and
/// no more, because only buckets with hits are kept.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    /// Which of the widths buckets have.
    step: usize,
    totals: BTreeMap<i64, u64>,
    positions: AddressMap<u32>,
    tracks: Vec<Track>,
    /// How many buckets all tracks have together.
    pairs: usize,
    /// Hits without a time.
    pub(crate) untimed: u64,
}

/// What the lines of one address say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Track {
    pub(crate) first: Option<Timestamp>,
    pub(crate) last: Option<Timestamp>,
    pub(crate) logins: Logins,
    /// Buckets with their hits, ascending.
    pub(crate) buckets: Vec<(i64, u64)>,
}

/// How logins ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Logins {
    pub(crate) failed: u64,
    pub(crate) accepted: u64,
    /// Names that there are none of; a failure mostly follows.
    pub(crate) no_such_user: u64,
}

impl Logins {
    pub(crate) fn join(&mut self, other: Self) {
        self.failed += other.failed;
        self.accepted += other.accepted;
        self.no_such_user += other.no_such_user;
    }

    /// Servers that take keys only say no more of a wrong name than that it is wrong.
    pub(crate) fn attempts_that_failed(self) -> u64 {
        self.failed.max(self.no_such_user)
    }

    pub(crate) fn any(self) -> bool {
        self != Self::default()
    }
}

impl Timeline {
    /// Note that an address was seen so often.
    pub(crate) fn add(
        &mut self,
        address: IpAddr,
        time: Option<Timestamp>,
        hits: u64,
        logins: Logins,
    ) {
        if time.is_none() {
            self.untimed += hits;
            if !logins.any() {
                return;
            }
        }
        let position = self.position(address);
        let track = &mut self.tracks[position];
        track.logins.join(logins);
        let Some(time) = time else { return };
        track.first = Some(track.first.map_or(time, |first| first.min(time)));
        track.last = Some(track.last.map_or(time, |last| last.max(time)));
        let bucket = bucket(self.step, time.seconds());
        self.pairs += usize::from(put(&mut track.buckets, bucket, hits));
        *self.totals.entry(bucket).or_insert(0) += hits;
        if self.totals.len() > MOST_BUCKETS || self.pairs > MOST_PAIRS {
            self.widen();
        }
    }

    fn position(&mut self, address: IpAddr) -> usize {
        let next = u32::try_from(self.tracks.len()).unwrap_or(u32::MAX);
        let position = *self.positions.or_insert_with(address, || next) as usize;
        if position == self.tracks.len() {
            self.tracks.push(Track::default());
        }
        position
    }

    /// Take in what another thread noted.
    pub(crate) fn merge(&mut self, mut other: Self) {
        while self.step < other.step {
            self.widen();
        }
        while other.step < self.step {
            other.widen();
        }
        self.untimed += other.untimed;
        for (bucket, hits) in other.totals {
            *self.totals.entry(bucket).or_insert(0) += hits;
        }
        for (address, &position) in other.positions.iter() {
            let theirs = std::mem::take(&mut other.tracks[position as usize]);
            let position = self.position(address);
            let ours = &mut self.tracks[position];
            ours.first = [ours.first, theirs.first].into_iter().flatten().min();
            ours.last = ours.last.max(theirs.last);
            ours.logins.join(theirs.logins);
            for (bucket, hits) in theirs.buckets {
                self.pairs += usize::from(put(&mut ours.buckets, bucket, hits));
            }
        }
        while self.totals.len() > MOST_BUCKETS {
            self.widen();
        }
    }

    /// What is known of an address.
    pub(crate) fn get(&self, address: IpAddr) -> Option<&Track> {
        self.positions.get(address).map(|&position| &self.tracks[position as usize])
    }

    /// The next wider buckets.
    fn widen(&mut self) {
        if self.step + 1 == WIDTHS.len() {
            return;
        }
        let (from, to) = (self.step, self.step + 1);
        let mut totals = BTreeMap::new();
        for (old, hits) in std::mem::take(&mut self.totals) {
            *totals.entry(bucket(to, start(from, old))).or_insert(0) += hits;
        }
        self.totals = totals;
        self.pairs = 0;
        for track in &mut self.tracks {
            let narrow = std::mem::take(&mut track.buckets);
            for (old, hits) in narrow {
                put(&mut track.buckets, bucket(to, start(from, old)), hits);
            }
            self.pairs += track.buckets.len();
        }
        self.step = to;
    }

    /// The span that is worth showing, in at most so many slots, or in those of a century if
    /// even they are more; none without a time.
    pub(crate) fn axis(&self, most_slots: u32) -> Option<Axis> {
        let (&first, &last) =
            (self.totals.keys().next()?, self.totals.keys().next_back()?);
        let all: u64 = self.totals.values().sum();
        // A few hits at impossible times would leave no room for the others.
        let few = all / 1000;
        let (low, high) = (self.after(few), self.before(few));
        let is_mostly_empty = (high - low + 1) * 3 < last - first + 1;
        let (low, high) = if is_mostly_empty { (low, high) } else { (first, last) };
        let outside =
            all - self.totals.range(low..=high).map(|(_, hits)| hits).sum::<u64>();
        let (from, to) = (start(self.step, low), start(self.step, high));
        let mut axis =
            Axis { from: self.step, step: self.step, first: low, slots: 0, outside };
        loop {
            axis.first = bucket(axis.step, from);
            let slots = bucket(axis.step, to) - axis.first + 1;
            axis.slots = u32::try_from(slots).unwrap_or(u32::MAX);
            if axis.slots <= most_slots || axis.step + 1 == WIDTHS.len() {
                return Some(axis);
            }
            axis.step += 1;
        }
    }

    /// The first bucket that has more than so many hits in it and before it.
    fn after(&self, few: u64) -> i64 {
        sum_exceeds(self.totals.iter(), few)
    }

    fn before(&self, few: u64) -> i64 {
        sum_exceeds(self.totals.iter().rev(), few)
    }
}

fn sum_exceeds<'t>(totals: impl Iterator<Item = (&'t i64, &'t u64)>, few: u64) -> i64 {
    let mut sum = 0;
    let mut found = 0;
    for (&bucket, hits) in totals {
        sum += hits;
        found = bucket;
        if sum > few {
            break;
        }
    }
    found
}

/// The bucket of a step that a second is in.
fn bucket(step: usize, seconds: i64) -> i64 {
    (seconds - FIRST_MONDAY).div_euclid(WIDTHS[step].into())
}

/// The first second of a bucket.
fn start(step: usize, bucket: i64) -> i64 {
    bucket * i64::from(WIDTHS[step]) + FIRST_MONDAY
}

/// Add hits to a bucket of a list that is ascending; true if it is a new one.
fn put(buckets: &mut Vec<(i64, u64)>, bucket: i64, hits: u64) -> bool {
    // Lines mostly come in the order of their times.
    match buckets.last_mut() {
        Some((last, count)) if *last == bucket => {
            *count += hits;
            return false;
        }
        Some((last, _)) if *last > bucket => {}
        None => {
            // Most addresses are seen once.
            buckets.reserve_exact(1);
            buckets.push((bucket, hits));
            return true;
        }
        _ => {
            buckets.push((bucket, hits));
            return true;
        }
    }
    match buckets.binary_search_by_key(&bucket, |&(bucket, _)| bucket) {
        Ok(position) => {
            buckets[position].1 += hits;
            false
        }
        Err(position) => {
            buckets.insert(position, (bucket, hits));
            true
        }
    }
}

/// Slots of equal width, which buckets are put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Axis {
    /// The step of the buckets.
    from: usize,
    step: usize,
    first: i64,
    pub(crate) slots: u32,
    /// Hits in buckets that no slot takes.
    pub(crate) outside: u64,
}

impl Axis {
    /// The first second of the first slot.
    pub(crate) fn start(&self) -> i64 {
        start(self.step, self.first)
    }

    pub(crate) fn width_seconds(&self) -> u32 {
        WIDTHS[self.step]
    }

    /// The same span in wider slots, or none if these are the widest.
    pub(crate) fn wider(self) -> Option<Self> {
        let step = self.step + 1;
        let (&width, end) = (
            WIDTHS.get(step)?,
            self.start() + i64::from(self.slots) * i64::from(WIDTHS[self.step]) - 1,
        );
        let first = bucket(step, self.start());
        let slots = (end - start(step, first)) / i64::from(width) + 1;
        Some(Self { step, first, slots: u32::try_from(slots).ok()?, ..self })
    }

    /// The slots of buckets, ascending.
    pub(crate) fn slots_of(&self, buckets: &[(i64, u64)]) -> Vec<(u32, u64)> {
        let mut slots: Vec<(u32, u64)> = Vec::new();
        for &(narrow, hits) in buckets {
            let slot = bucket(self.step, start(self.from, narrow)) - self.first;
            let Some(slot) = u32::try_from(slot).ok().filter(|slot| *slot < self.slots)
            else {
                continue;
            };
            match slots.last_mut() {
                Some((last, count)) if *last == slot => *count += hits,
                _ => slots.push((slot, hits)),
            }
        }
        slots
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use proptest::prelude::*;

    use super::*;

    fn address(number: u8) -> IpAddr {
        Ipv4Addr::new(192, 0, 2, number).into()
    }

    fn at(seconds: i64) -> Option<Timestamp> {
        Timestamp::new(seconds, 0)
    }

    fn noted(hits: &[(u8, i64, u64)]) -> Timeline {
        let mut timeline = Timeline::default();
        for &(number, seconds, count) in hits {
            timeline.add(address(number), at(seconds), count, Logins::default());
        }
        timeline
    }

    #[test]
    fn widths_divide_each_other() {
        for pair in WIDTHS.windows(2) {
            assert_eq!(pair[1] % pair[0], 0, "{pair:?}");
        }
    }

    #[test]
    fn weeks_begin_on_mondays() {
        let monday = "2026-11-16T00:00:00Z".parse::<Timestamp>().unwrap().seconds();
        let step = WIDTHS.iter().position(|width| *width == 7 * DAY).unwrap();
        assert_eq!(start(step, bucket(step, monday + 3 * i64::from(DAY))), monday);
    }

    #[test]
    fn one_odd_time_does_not_squeeze_the_others() {
        let year_9999 = Timestamp::MAX.seconds();
        let mut hits: Vec<_> = (0..3000).map(|minute| (1, minute * 60, 1)).collect();
        hits.push((2, year_9999, 1));
        hits.push((2, Timestamp::MIN.seconds(), 2));
        let timeline = noted(&hits);
        let axis = timeline.axis(200).unwrap();
        assert_eq!(axis.outside, 3);
        assert_eq!(axis.width_seconds(), 30 * 60);
        assert!(axis.slots_of(&timeline.get(address(2)).unwrap().buckets).is_empty());
        assert_eq!(timeline.get(address(2)).unwrap().last, at(year_9999));
    }

    #[test]
    fn nothing_has_no_axis() {
        let mut timeline = Timeline::default();
        timeline.add(address(1), None, 7, Logins::default());
        assert_eq!(timeline.axis(100), None);
        assert_eq!(timeline.untimed, 7);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Slots are what dividing every time by the width gives, on however many threads.
        #[test]
        fn slots_are_what_counting_each_hit_gives(
            hits in prop::collection::vec((0_u8..4, -2_000_000_i64..50_000_000, 1_u64..5), 1..3000),
            split in 0_usize..3000,
            // Times on both sides of where buckets of every width begin are never in one.
            most_slots in 2_u32..300,
        ) {
            let split = split.min(hits.len());
            let mut timeline = noted(&hits[..split]);
            timeline.merge(noted(&hits[split..]));
            let axis = timeline.axis(most_slots).unwrap();
            prop_assert!(axis.slots <= most_slots);
            for axis in [axis, axis.wider().unwrap()] {
                for number in 0..4 {
                    let mut expected = BTreeMap::new();
                    for &(_, seconds, count) in hits.iter().filter(|hit| hit.0 == number) {
                        let slot = (seconds - axis.start()).div_euclid(axis.width_seconds().into());
                        if (0..i64::from(axis.slots)).contains(&slot) {
                            *expected.entry(u32::try_from(slot).unwrap()).or_insert(0) += count;
                        }
                    }
                    let track = timeline.get(address(number)).cloned().unwrap_or_default();
                    prop_assert_eq!(axis.slots_of(&track.buckets), expected.into_iter().collect::<Vec<_>>());
                }
            }
            let shown: u64 = (0..4)
                .filter_map(|number| timeline.get(address(number)))
                .flat_map(|track| axis.slots_of(&track.buckets))
                .map(|(_, count)| count)
                .sum();
            prop_assert_eq!(shown + axis.outside, hits.iter().map(|hit| hit.2).sum::<u64>());
        }
    }
}
