//! An instant.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::civil::{self, DAY};
use crate::layout;

/// An instant: seconds since 1970-01-01T00:00:00Z and nanoseconds, in the years 0 to 9999.
///
/// Leap seconds are not counted, as in Unix time. It is displayed and parsed as RFC 3339.
///
/// # Examples
/// ```
/// use geoip_log::Timestamp;
///
/// let time: Timestamp = "2000-10-10T13:55:36.5-07:00".parse()?;
/// assert_eq!(time.to_string(), "2000-10-10T20:55:36.5Z");
/// assert_eq!((time.seconds(), time.nanoseconds()), (971_211_336, 500_000_000));
/// assert_eq!(Timestamp::new(971_211_336, 500_000_000), Some(time));
/// # Ok::<(), geoip_log::InvalidTimestamp>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    nanoseconds: u32,
}

impl Timestamp {
    /// 0000-01-01T00:00:00Z.
    pub const MIN: Self = Self { seconds: -62_167_219_200, nanoseconds: 0 };
    /// The last nanosecond of the year 9999.
    pub const MAX: Self = Self { seconds: 253_402_300_799, nanoseconds: 999_999_999 };

    /// An instant from seconds since 1970-01-01T00:00:00Z, and nanoseconds after them.
    ///
    /// `None` beyond [`MIN`](Self::MIN) and [`MAX`](Self::MAX), and from a thousand
    /// million nanoseconds on.
    #[inline]
    pub fn new(seconds: i64, nanoseconds: u32) -> Option<Self> {
        let is_valid = (Self::MIN.seconds..=Self::MAX.seconds).contains(&seconds)
            && nanoseconds < 1_000_000_000;
        is_valid.then_some(Self { seconds, nanoseconds })
    }

    /// The same instant as the clock of the system gives it; `None` beyond the year 9999.
    ///
    /// The crate reads no clock itself: this is for a reference that the program takes from
    /// one, or from the time of a file.
    pub fn from_system_time(time: SystemTime) -> Option<Self> {
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => {
                Self::new(after.as_secs().try_into().ok()?, after.subsec_nanos())
            }
            Err(before) => {
                let before = before.duration();
                let seconds = -i64::try_from(before.as_secs()).ok()?;
                match before.subsec_nanos() {
                    0 => Self::new(seconds, 0),
                    nanoseconds => Self::new(seconds - 1, 1_000_000_000 - nanoseconds),
                }
            }
        }
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded towards the past.
    #[inline]
    pub fn seconds(self) -> i64 {
        self.seconds
    }

    /// Nanoseconds after [`seconds`](Self::seconds), less than a thousand million.
    #[inline]
    pub fn nanoseconds(self) -> u32 {
        self.nanoseconds
    }
}

/// RFC 3339 in UTC, with as many digits of the second as are not zero.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil::date(self.seconds.div_euclid(DAY));
        let second = self.seconds.rem_euclid(DAY);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.nanoseconds > 0 {
            let digits = format!("{:09}", self.nanoseconds);
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

/// RFC 3339: a date, a time, and how far from UTC that is.
impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        let invalid = || InvalidTimestamp { text: text.into() };
        let (written, length) = layout::iso(text.as_bytes()).ok_or_else(invalid)?;
        let utc = written.utc().filter(|_| length == text.len());
        utc.ok_or_else(invalid)
    }
}

/// Text that is no instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "invalid time `{text}`: must be like `2026-11-21T13:00:00Z` or `2026-11-21T14:00:00+01:00`"
)]
pub struct InvalidTimestamp {
    /// What was given.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_first_and_the_last_instant_are_years_of_four_digits() {
        assert_eq!(Timestamp::MIN.to_string(), "0000-01-01T00:00:00Z");
        assert_eq!(Timestamp::MAX.to_string(), "9999-12-31T23:59:59.999999999Z");
        assert_eq!(Timestamp::new(Timestamp::MIN.seconds() - 1, 0), None);
        assert_eq!(Timestamp::new(Timestamp::MAX.seconds() + 1, 0), None);
        assert_eq!(Timestamp::new(0, 1_000_000_000), None);
    }

    #[test]
    fn text_and_back() {
        for text in ["1969-12-31T23:59:59.000000001Z", "2024-02-29T12:00:00Z"] {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), text);
        }
        for text in ["", "2024-02-29", "2024-02-29T12:00:00", "2024-02-29T12:00:00Z."] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_system_time_before_1970_rounds_towards_the_past() {
        let of = |time| Timestamp::from_system_time(time).unwrap();
        let half = Duration::from_millis(500);
        assert_eq!(of(UNIX_EPOCH - half).to_string(), "1969-12-31T23:59:59.5Z");
        assert_eq!(of(UNIX_EPOCH + half).to_string(), "1970-01-01T00:00:00.5Z");
        assert_eq!(of(UNIX_EPOCH - 2 * half).to_string(), "1969-12-31T23:59:59Z");
        let far = UNIX_EPOCH + Duration::from_hours(24 * 366 * 8100);
        assert_eq!(Timestamp::from_system_time(far), None);
    }
}
