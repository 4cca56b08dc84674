//! The zone of clocks that do not say theirs.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::tz::{self, TimeZoneDatabase};

use crate::civil::{self, DAY};
use crate::layout;

/// How far a clock is ahead of UTC: always the same, or as a place has it.
///
/// Places are those of the IANA time zone database, which is compiled in: the same log means
/// the same times on every machine.
///
/// # Examples
/// ```
/// use geoip_log::TimeZone;
///
/// assert_eq!("UTC".parse(), Ok(TimeZone::UTC));
/// assert_eq!("-03:30".parse::<TimeZone>()?, TimeZone::fixed(-12_600).unwrap());
/// assert_eq!("Europe/Berlin".parse::<TimeZone>()?.to_string(), "Europe/Berlin");
/// # Ok::<(), geoip_log::InvalidTimeZone>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeZone(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// Seconds ahead of UTC.
    Fixed(i32),
    Place(tz::TimeZone),
}

impl TimeZone {
    /// Coordinated Universal Time.
    pub const UTC: Self = Self(Kind::Fixed(0));

    /// A clock that is always `offset_s` seconds ahead of UTC; `None` from 24 hours on.
    pub fn fixed(offset_s: i32) -> Option<Self> {
        (offset_s.abs() < 86_400).then_some(Self(Kind::Fixed(offset_s)))
    }

    /// The instant, in seconds since 1970 in UTC, at which clocks here show a civil time,
    /// given in seconds since 1970 as if it were UTC.
    ///
    /// A time that comes twice, when clocks are set back, is the first of the two. A time
    /// that never comes, when they are set forward, is as late as clocks would show it that
    /// had not been set.
    pub(crate) fn instant(&self, civil_s: i64) -> Option<i64> {
        match &self.0 {
            Kind::Fixed(offset_s) => Some(civil_s - i64::from(*offset_s)),
            Kind::Place(zone) => {
                let civil = date_time(civil_s)?;
                let instant = zone.to_ambiguous_timestamp(civil).compatible().ok()?;
                Some(instant.as_second())
            }
        }
    }

    /// What clocks here show at an instant, both in seconds.
    pub(crate) fn civil(&self, instant_s: i64) -> i64 {
        match &self.0 {
            Kind::Fixed(offset_s) => instant_s + i64::from(*offset_s),
            Kind::Place(zone) => {
                let offset_s = jiff::Timestamp::from_second(instant_s)
                    .map_or(0, |instant| zone.to_offset(instant).seconds());
                instant_s + i64::from(offset_s)
            }
        }
    }

    /// The offset, where it never changes.
    #[inline]
    pub(crate) fn fixed_offset_s(&self) -> Option<i32> {
        match &self.0 {
            Kind::Fixed(offset_s) => Some(*offset_s),
            Kind::Place(_) => None,
        }
    }
}

fn date_time(civil_s: i64) -> Option<DateTime> {
    let (year, month, day) = civil::date(civil_s.div_euclid(DAY));
    let second = civil_s.rem_euclid(DAY);
    DateTime::new(
        year.try_into().ok()?,
        month.try_into().ok()?,
        day.try_into().ok()?,
        (second / 3600).try_into().ok()?,
        (second / 60 % 60).try_into().ok()?,
        (second % 60).try_into().ok()?,
        0,
    )
    .ok()
}

/// `UTC`, `Z`, an offset like `+02:00` or `-0330`, or a name like `Europe/Berlin`.
impl FromStr for TimeZone {
    type Err = InvalidTimeZone;

    fn from_str(text: &str) -> Result<Self, InvalidTimeZone> {
        if let Some((offset_s, length)) = layout::offset(text.as_bytes(), false)
            && length == text.len()
        {
            return Ok(Self(Kind::Fixed(offset_s)));
        }
        match TimeZoneDatabase::bundled().get(text) {
            Ok(zone) => Ok(Self(Kind::Place(zone))),
            Err(_) => Err(InvalidTimeZone { text: text.into() }),
        }
    }
}

/// As it can be parsed.
impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Fixed(0) => f.write_str("UTC"),
            Kind::Fixed(offset_s) => {
                let (sign, ahead_s) =
                    (if *offset_s < 0 { '-' } else { '+' }, offset_s.abs());
                write!(f, "{sign}{:02}:{:02}", ahead_s / 3600, ahead_s / 60 % 60)
            }
            Kind::Place(zone) => f.write_str(zone.iana_name().unwrap_or("UTC")),
        }
    }
}

/// Text that names no time zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown time zone `{text}`: must be `UTC`, an offset like `+02:00`, or a name like `Europe/Berlin`"
)]
pub struct InvalidTimeZone {
    /// What was given.
    pub text: String,
}
