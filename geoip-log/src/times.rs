//! From times as they were written to instants: years and zones that were left out.

use crate::civil::{self, DAY};
use crate::layout::{Day, Read, Written};
use crate::timestamp::Timestamp;
use crate::zone::TimeZone;

/// What written times mean in one log.
#[derive(Clone, Debug)]
pub(crate) struct Times {
    zone: TimeZone,
    /// The latest civil second that a time without a year can mean: a day after the
    /// reference, as clocks of the zone show it.
    latest_s: Option<i64>,
    /// The date without a year that was asked for last, and its days since 1970.
    year: Option<((u32, u32), i64)>,
    /// The civil minute that was asked for last, and its first instant.
    minute: Option<(i64, i64)>,
}

impl Times {
    pub(crate) fn new(zone: &TimeZone, reference: Option<Timestamp>) -> Self {
        let latest_s = reference.map(|reference| zone.civil(reference.seconds()) + DAY);
        Self { zone: zone.clone(), latest_s, year: None, minute: None }
    }

    /// The same, for logs whose clocks are in UTC by definition.
    pub(crate) fn in_utc(&self) -> Self {
        Self { zone: TimeZone::UTC, year: None, minute: None, ..self.clone() }
    }

    /// The instant of the time at the start of `text`.
    pub(crate) fn read(&mut self, read: Read, text: &[u8]) -> Option<Timestamp> {
        self.instant(read(text)?.0)
    }

    #[inline]
    pub(crate) fn instant(&mut self, written: Written) -> Option<Timestamp> {
        if let Some(utc) = written.utc() {
            return Some(utc);
        }
        let day = match written.day {
            Day::Number(day) => day,
            Day::OfSomeYear { month, day } => self.day(month, day, written.second)?,
        };
        let civil_s = day * DAY + i64::from(written.second);
        let seconds = match written.offset.or(self.zone.fixed_offset_s()) {
            Some(offset) => civil_s - i64::from(offset),
            None => self.instant_here(civil_s)?,
        };
        Timestamp::new(seconds, written.nanoseconds)
    }

    /// Days since 1970 of a date without a year: in the latest year in which the time is
    /// not after the reference and a day.
    fn day(&mut self, month: u32, day: u32, second: u32) -> Option<i64> {
        let latest_s = self.latest_s?;
        if let Some((date, days)) = self.year
            && date == (month, day)
        {
            return Some(days);
        }
        let (last_year, ..) = civil::date(latest_s.div_euclid(DAY));
        let mut is_same_all_day = true;
        // Eight years at most separate one 29th of February from the next.
        for year in (last_year - 8..=last_year).rev() {
            let Some(days) = civil::days(year.try_into().ok()?, month, day) else {
                continue;
            };
            // Of the latest day itself only a part is in this year.
            is_same_all_day &= days != latest_s.div_euclid(DAY);
            if days * DAY + i64::from(second) <= latest_s {
                self.year = is_same_all_day.then_some(((month, day), days));
                return Some(days);
            }
        }
        None
    }

    /// The instant of a civil time of the zone of a place.
    fn instant_here(&mut self, civil_s: i64) -> Option<i64> {
        let (minute, second) = (civil_s.div_euclid(60), civil_s.rem_euclid(60));
        if let Some((remembered, instant_s)) = self.minute
            && remembered == minute
        {
            return Some(instant_s + second);
        }
        // Since 1972 clocks are only set at whole minutes, by whole minutes.
        if civil_s < 2 * 365 * DAY + DAY {
            return self.zone.instant(civil_s);
        }
        let instant_s = self.zone.instant(minute * 60)?;
        self.minute = Some((minute, instant_s));
        Some(instant_s + second)
    }
}
