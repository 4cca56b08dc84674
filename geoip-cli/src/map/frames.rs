//! A map for each part of the time of a log.

use std::{net::IpAddr, ops::Range, rc::Rc};

use anyhow::Result;
use geoip_core::{Count, CountryCode, Enricher, Tally};
use geoip_log::Timestamp;
use geoip_render::Extent;

use crate::{
    args::{self, MapFormat},
    failure::Hinted,
    gather::{Gathered, GatheredPlace},
    text::{addresses, counted, hits},
    timeline::{Axis, Timeline},
};

/// The maps, each of the addresses and hits of its part of the time.
pub(super) fn maps(
    options: &args::Map,
    count: u16,
    extent: Extent,
    gathered: &Gathered,
    enricher: Option<&Enricher>,
) -> Result<Vec<geoip_render::Map>> {
    let Some(slices) = Slices::new(gathered, count) else {
        return Err(Hinted::error(
            "no frames without times: no line tells when it was written",
            "leave --frames out",
        ));
    };
    let whole = super::describe(options, MapFormat::Png, extent, gathered, enricher)?;
    let frame = |index| {
        let frame = slices.frame(index);
        let mut map = super::describe(options, MapFormat::Png, extent, &frame, enricher)?;
        let times = frame.span.map(super::span).unwrap_or_default();
        let (addresses, hits) = (addresses(frame.all.addresses), hits(frame.all.hits));
        map.subtitle = format!("{addresses} · {hits} · {times}");
        // Of the whole, and so the same below each frame: the map must not jump.
        map.notes = whole.notes.iter().map(|note| format!("in all: {note}")).collect();
        map.notes.extend(slices.notes());
        Ok(map)
    };
    (0..slices.count).map(frame).collect()
}

/// An address with its hits by slot.
type Track = (IpAddr, Vec<(u32, u64)>);

/// The time of a log in parts of equal length, or nearly so.
struct Slices<'g> {
    gathered: &'g Gathered,
    asked: u32,
    count: u32,
    axis: Axis,
    /// For each place its addresses, each with its hits by slot of the axis.
    tracks: Vec<Vec<Track>>,
}

impl<'g> Slices<'g> {
    /// So many parts, or fewer if times are not told apart as finely; none without times.
    fn new(gathered: &'g Gathered, count: u16) -> Option<Self> {
        let axis = gathered.timeline.axis(u32::MAX)?;
        let slots = |address| {
            let track = gathered.timeline.get(address)?;
            Some((address, axis.slots_of(&track.buckets)))
        };
        let of_place = |place: &GatheredPlace| {
            place.addresses.iter().filter_map(|&(address, _)| slots(address)).collect()
        };
        let tracks = gathered.places.iter().map(of_place).collect();
        let asked = u32::from(count);
        Some(Self { gathered, asked, count: axis.slots.min(asked), axis, tracks })
    }

    /// The slots of a part.
    fn slots(&self, index: u32) -> Range<u32> {
        let at = |index: u32| {
            let slot =
                u64::from(self.axis.slots) * u64::from(index) / u64::from(self.count);
            u32::try_from(slot).unwrap_or(u32::MAX)
        };
        at(index)..at(index + 1)
    }

    /// What was there in a part.
    fn frame(&self, index: u32) -> Gathered {
        let slots = self.slots(index);
        let mut places = Vec::new();
        let (mut by_addresses, mut by_hits) = (Tally::new(), Tally::new());
        let mut all = Count::default();
        for (place, tracks) in self.gathered.places.iter().zip(&self.tracks) {
            let mut addresses: Vec<(IpAddr, u64)> = tracks
                .iter()
                .map(|(address, track)| (*address, hits_in(track, &slots)))
                .filter(|&(_, hits)| hits > 0)
                .collect();
            if addresses.is_empty() {
                continue;
            }
            addresses.sort_by_key(|&(address, hits)| (std::cmp::Reverse(hits), address));
            let hits = addresses.iter().map(|&(_, hits)| hits).sum();
            let count = Count { addresses: addresses.len() as u64, hits };
            all.addresses += count.addresses;
            all.hits += count.hits;
            if let Some(country) = place.country {
                by_addresses.add_n(country, count.addresses);
                by_hits.add_n(country, count.hits);
            }
            places.push(GatheredPlace { count, addresses, ..place.clone() });
        }
        let count = |(country, addresses): (CountryCode, u64)| {
            (country, Count { addresses, hits: by_hits.get(&country) })
        };
        let second = |slot: u32| {
            let seconds = i64::from(slot) * i64::from(self.axis.width_seconds());
            Timestamp::new(self.axis.start() + seconds, 0)
        };
        Gathered {
            places,
            countries: by_addresses.sorted().into_iter().map(count).collect(),
            all,
            left_out: self.gathered.left_out,
            sources: self.gathered.sources.clone(),
            title: self.gathered.title.clone(),
            span: second(slots.start).zip(second(slots.end)),
            timeline: Timeline::default(),
            directions: Rc::clone(&self.gathered.directions),
        }
    }

    /// What is in no frame, and why there are fewer than were asked for.
    fn notes(&self) -> Vec<String> {
        let fewer = (self.count < self.asked).then(|| {
            let frames = counted(self.count.into(), "frame", "frames");
            format!("{frames} rather than {}: no more times are told apart", self.asked)
        });
        let reasons = [
            (self.gathered.timeline.untimed, "without a time"),
            (self.axis.outside, "at times far from all others"),
        ];
        let told = reasons.into_iter().filter(|(count, _)| *count > 0);
        let told =
            told.map(|(count, reason)| format!("{} {reason}: in no frame", hits(count)));
        fewer.into_iter().chain(told).collect()
    }
}

/// The hits in some slots of a track, which is ascending.
fn hits_in(track: &[(u32, u64)], slots: &Range<u32>) -> u64 {
    let first = track.partition_point(|(slot, _)| *slot < slots.start);
    let here = track[first..].iter().take_while(|(slot, _)| *slot < slots.end);
    here.map(|(_, hits)| hits).sum()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use geoip_core::{LatLng, Precision};
    use proptest::prelude::*;

    use super::*;
    use crate::timeline::Logins;

    fn gathered(seen: &[(u8, i64, u64)]) -> Gathered {
        let mut timeline = Timeline::default();
        let mut by_address: BTreeMap<u8, u64> = BTreeMap::new();
        for &(number, seconds, hits) in seen {
            let time = Timestamp::new(seconds, 0);
            timeline.add(address(number), time, hits, Logins::default());
            *by_address.entry(number).or_default() += hits;
        }
        timeline.add(address(9), None, 5, Logins::default());
        let place = |(number, hits): (u8, u64)| GatheredPlace {
            point: LatLng::new(f64::from(number), 0.0).unwrap(),
            country: "NO".parse().ok(),
            country_name: None,
            subdivision: None,
            city: None,
            name: None,
            precision: Precision::City,
            radius_km: None,
            count: Count { addresses: 1, hits },
            addresses: vec![(address(number), hits)],
            labels: Vec::new(),
        };
        Gathered {
            places: by_address.into_iter().map(place).collect(),
            countries: Vec::new(),
            all: Count::default(),
            left_out: crate::gather::LeftOut::default(),
            sources: Vec::new(),
            title: String::new(),
            span: None,
            timeline,
            directions: Rc::default(),
        }
    }

    fn address(number: u8) -> IpAddr {
        [192, 0, 2, number].into()
    }

    #[test]
    fn a_frame_counts_the_hits_of_its_time() {
        let gathered = gathered(&[(1, 0, 3), (1, 59, 4), (2, 30, 7), (2, 31, 1)]);
        let slices = Slices::new(&gathered, 2).unwrap();
        let told: Vec<_> = (0..slices.count)
            .map(|index| {
                let Gathered { places, all, countries, span, .. } = slices.frame(index);
                let (from, to) = span.unwrap();
                let hits: Vec<u64> =
                    places.iter().map(|place| place.count.hits).collect();
                (from.seconds(), to.seconds(), hits, all.addresses, countries[0].1.hits)
            })
            .collect();
        let expected = [(0, 30, vec![3], 1, 3), (30, 60, vec![4, 8], 2, 12)];
        assert_eq!(told, expected);
        assert_eq!(slices.notes(), ["5 hits without a time: in no frame"]);
    }

    #[test]
    fn without_times_there_are_no_frames() {
        assert!(Slices::new(&gathered(&[]), 5).is_none());
        let one = gathered(&[(1, 7, 1)]);
        let slices = Slices::new(&one, 5).unwrap();
        assert_eq!(slices.count, 1, "one second is one frame");
        assert_eq!(
            slices.notes()[0],
            "1 frame rather than 5: no more times are told apart"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Every hit is in one frame, that of its time.
        #[test]
        fn frames_share_out_all_hits(
            seen in prop::collection::vec((0_u8..4, 0_i64..900, 1_u64..9), 1..60), count in 2_u16..40,
        ) {
            let gathered = gathered(&seen);
            let slices = Slices::new(&gathered, count).unwrap();
            let mut sum = 0;
            for index in 0..slices.count {
                let frame = slices.frame(index);
                let (from, to) = frame.span.unwrap();
                let here = from.seconds()..to.seconds();
                let expected = seen.iter().filter(|hit| here.contains(&hit.1));
                prop_assert_eq!(frame.all.hits, expected.map(|hit| hit.2).sum::<u64>());
                sum += frame.all.hits;
            }
            prop_assert_eq!(sum, seen.iter().map(|hit| hit.2).sum::<u64>());
        }
    }
}
