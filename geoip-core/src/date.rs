//! Days of the calendar, from 1970 on; why `geoip-log` has its own is said there.

/// The year, month and day, in UTC, of a number of seconds since 1970-01-01.
///
/// # References
/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
pub(crate) fn civil_date(epoch_seconds: u64) -> (u64, u8, u8) {
    // Eras of 400 years that start on a 1 March, so that leap days come last.
    let days = epoch_seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524
        - day_of_era / 146_096)
        / 365;
    let day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let (month, next_year) = if month_from_march < 10 {
        (month_from_march + 3, 0)
    } else {
        (month_from_march - 9, 1)
    };
    let small = |value: u64| u8::try_from(value).expect("a month or a day");
    (era * 400 + year_of_era + next_year, small(month), small(day))
}

/// Midnight of a day, in UTC, in seconds since 1970-01-01; none before that day.
///
/// # References
/// As [`civil_date`], `days_from_civil`.
pub(crate) fn epoch_of(year: u64, month: u8, day: u8) -> Option<u64> {
    if !(1970..=9999).contains(&year)
        || !(1..=12).contains(&month)
        || !(1..=31).contains(&day)
    {
        return None;
    }
    let (month, day) = (u64::from(month), u64::from(day));
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year / 400, year % 400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some((era * 146_097 + day_of_era - 719_468) * 86_400)
}

/// The first day that a text names, as `2026-08-22` or as `22 Aug 2026`; its midnight in
/// UTC, in seconds since 1970-01-01.
pub(crate) fn find_day(text: &str) -> Option<u64> {
    let blank = |character: char| character.is_whitespace() || character == ',';
    let words: Vec<_> = text.split(blank).filter(|word| !word.is_empty()).collect();
    let at = |position: usize| words.get(position).copied().unwrap_or_default();
    (0..words.len()).find_map(|position| {
        iso_day(at(position))
            .or_else(|| named_day(at(position), at(position + 1), at(position + 2)))
    })
}

/// `2026-08-22`, with or without a time behind it.
fn iso_day(word: &str) -> Option<u64> {
    let mut parts = word.get(..10)?.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 || month.len() != 2 {
        return None;
    }
    epoch_of(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// `22 Aug 2026`, as in RFC 5322.
fn named_day(day: &str, month: &str, year: &str) -> Option<u64> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
        "dec",
    ];
    let month = month.get(..3)?;
    let month = (1..)
        .zip(MONTHS)
        .find_map(|(number, name)| month.eq_ignore_ascii_case(name).then_some(number))?;
    epoch_of(year.parse().ok()?, month, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_found_in_text_and_lead_back_to_the_calendar() {
        for days in (0..50_000).step_by(13) {
            let (year, month, day) = civil_date(days * 86_400);
            assert_eq!(epoch_of(year, month, day), Some(days * 86_400));
            let text = format!("made {year:04}-{month:02}-{day:02}T10:01:33, x");
            assert_eq!(find_day(&text), Some(days * 86_400));
        }
        let day = find_day("2026-08-22");
        assert!(day.is_some());
        assert_eq!(find_day("Last update: Sat, 22 Aug 2026 03:00:29 +0200"), day);
        assert_eq!(find_day("2014-11-19-23-29-02"), find_day("2014-11-19"));
        for text in ["", "2026-13-01", "32 Aug 2026", "2026-0é-01", "Aug 22", "1-1-1"] {
            assert_eq!(find_day(text), None, "{text}");
        }
    }

    #[test]
    fn dates_follow_the_calendar() {
        let cases = [
            (0, (1970, 1, 1)),
            (951_782_400, (2000, 2, 29)),
            (951_868_800, (2000, 3, 1)),
            (1_780_617_599, (2026, 6, 4)),
            (1_780_617_600, (2026, 6, 5)),
            (1_798_761_599, (2026, 12, 31)),
            (4_107_542_399, (2100, 2, 28)),
            (4_107_542_400, (2100, 3, 1)),
        ];
        for (epoch_seconds, date) in cases {
            assert_eq!(civil_date(epoch_seconds), date);
        }
        // The epoch of a hostile database is nonsense, but no panic.
        assert!(civil_date(u64::MAX).0 > 10_000);
    }
}
