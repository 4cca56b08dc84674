//! Times as HTTP writes them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::{Timestamp, fmt::rfc2822, tz::TimeZone};

/// A date of HTTP (RFC 9110, section 5.6.7), such as that of `Last-Modified`.
pub(crate) fn date(text: &str) -> Option<SystemTime> {
    static PARSER: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new();
    let time = PARSER.parse_timestamp(text.trim()).ok()?;
    let seconds = u64::try_from(time.as_second()).ok()?;
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

/// How long to wait, as `Retry-After` says in seconds.
///
/// The date that it may name instead is not taken: it asks for a clock that agrees, and
/// those who count requests give seconds.
pub(crate) fn delay(text: &str) -> Option<Duration> {
    text.trim().parse().ok().map(Duration::from_secs)
}

/// Seconds since 1970.
pub(crate) fn epoch(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// The month that a time is in, in UTC, as `2026-11`, and the month before.
pub(crate) fn months(now: SystemTime) -> [String; 2] {
    let now = Timestamp::try_from(now).unwrap_or_default().to_zoned(TimeZone::UTC);
    let (year, month) = (now.year(), now.month());
    let before = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
    [(year, month), before].map(|(year, month)| format!("{year:04}-{month:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_http_are_read() {
        let read = |text| date(text).map(epoch);
        assert_eq!(read("Wed, 21 Oct 2015 07:28:00 GMT"), Some(1_445_412_480));
        assert_eq!(read("soon"), None);
    }

    #[test]
    fn january_comes_after_december() {
        let at = |seconds| months(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(1_767_225_600), ["2026-01", "2025-12"]);
        assert_eq!(at(1_767_225_599), ["2025-12", "2025-11"]);
    }
}
