//! The time that is asked for.

use std::time::SystemTime;

use anyhow::Result;
use geoip_log::Timestamp;

use crate::failure::Hinted;

/// From when to when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) since: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
}

impl Span {
    /// What `--since` and `--until` say, as of `now`.
    pub(super) fn new(
        since: Option<&str>,
        until: Option<&str>,
        now: Timestamp,
    ) -> Result<Self> {
        let since = since.map(|text| time(text, now)).transpose()?;
        let until = until.map(|text| time(text, now)).transpose()?;
        if let (Some(from), Some(to)) = (since, until)
            && from >= to
        {
            return Err(Hinted::error(
                format!("--since {from} is not before --until {to}"),
                "exchange them",
            ));
        }
        Ok(Self { since, until })
    }

    /// Whether any time will do, and none at all.
    pub(super) fn is_open(&self) -> bool {
        self.since.is_none() && self.until.is_none()
    }

    pub(super) fn contains(&self, time: Timestamp) -> bool {
        self.since.is_none_or(|since| since <= time)
            && self.until.is_none_or(|until| time < until)
    }
}

/// Now, by the clock, to the second.
pub(super) fn now() -> Timestamp {
    let now = Timestamp::from_system_time(SystemTime::now());
    let now = now.and_then(|now| Timestamp::new(now.seconds(), 0));
    now.unwrap_or(Timestamp::MAX)
}

fn time(text: &str, now: Timestamp) -> Result<Timestamp> {
    let text = text.trim();
    let day = || format!("{text}T00:00:00Z").parse().ok();
    let known = ago(text, now).or_else(|| text.parse().ok()).or_else(day);
    known.ok_or_else(|| {
        Hinted::error(
            format!("`{text}` is no time"),
            "so long ago: 90s, 30min, 1h, 2d or 1w; or when: 2026-11-20 (midnight in UTC), \
             2026-11-20T06:00:00Z or 2026-11-20T06:00:00+01:00",
        )
    })
}

/// A number and a unit before now.
fn ago(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = text.strip_suffix("ago").unwrap_or(text).trim();
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit: i64 = match &text[digits.len()..] {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        "d" => 24 * 3600,
        "w" => 7 * 24 * 3600,
        _ => return None,
    };
    let count: u32 = digits.trim().parse().ok()?;
    let before = now.seconds().checked_sub(i64::from(count).checked_mul(unit)?)?;
    Timestamp::new(before, now.nanoseconds())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-21T12:00:00Z";

    fn read(text: &str) -> String {
        time(text, NOW.parse().unwrap()).unwrap().to_string()
    }

    #[test]
    fn times_are_read_from_now_and_from_the_calendar() {
        for (text, wanted) in [
            ("1h", "2026-11-21T11:00:00Z"),
            ("90s", "2026-11-21T11:58:30Z"),
            ("30min", "2026-11-21T11:30:00Z"),
            ("2 d ago", "2026-11-19T12:00:00Z"),
            ("1w", "2026-11-14T12:00:00Z"),
            ("2026-11-20", "2026-11-20T00:00:00Z"),
            ("2026-11-20T06:00:00+01:00", "2026-11-20T05:00:00Z"),
        ] {
            assert_eq!(read(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in
            ["", "h", "1", "1y", "-1h", "1.5h", "4294967296s", "2026-13-01", "now"]
        {
            assert!(time(text, NOW.parse().unwrap()).is_err(), "{text}");
        }
        let now = NOW.parse().unwrap();
        assert!(Span::new(Some("1h"), Some("2h"), now).is_err());
        assert!(time("4294967295w", now).is_err(), "before the year 0");
    }

    #[test]
    fn the_end_is_not_part_of_a_span() {
        let now = NOW.parse().unwrap();
        let span = Span::new(Some("2h"), Some("1h"), now).unwrap();
        let at = |text| time(text, now).unwrap();
        assert!(span.contains(at("2h")) && !span.contains(at("1h")));
        assert!(!span.contains(at("3h")) && !span.is_open());
    }
}
