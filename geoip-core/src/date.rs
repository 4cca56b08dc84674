//! Days of the calendar.

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

#[cfg(test)]
mod tests {
    use super::*;

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
