//! Days of the Gregorian calendar, and the digits that times are written in.
//!
//! `geoip-core` computes days too, for the years after 1970 that builds of databases have.
//! The two crates know nothing of each other (decision 012), and twenty lines of arithmetic
//! are less than an arrow between them.

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// The longest month of each number; February has its 29th here.
const LONGEST: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Days from 1970-01-01 to a date, `None` if there is no such date.
///
/// The calendar is the proleptic Gregorian one, from year 0 to 9999: what four digits say.
///
/// # References
/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
pub(crate) fn days(year: u32, month: u32, day: u32) -> Option<i64> {
    let is_date = is_day_of_some_year(month, day)
        && (month != 2 || day < 29 || is_leap(year))
        && year <= 9999;
    if !is_date {
        return None;
    }
    // Years start in March, so that the leap day is the last of its year. The era before
    // the first one is needed for January and February of year 0.
    let (year, month) =
        if month > 2 { (year + 400, month - 3) } else { (year + 399, month + 9) };
    let (era, year_of_era) = (year / 400, year % 400);
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(i64::from(era * 146_097 + day_of_era) - 146_097 - 719_468)
}

/// Year, month and day of a number of days from 1970-01-01, for the years 0 to 9999.
pub(crate) fn date(days: i64) -> (i64, u32, u32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524
        - day_of_era / 146_096)
        / 365;
    let day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let small = |number: i64| u32::try_from(number).unwrap_or_default();
    (year, small(month), small(day))
}

/// Whether a month has that day, in leap years at least.
#[inline]
pub(crate) fn is_day_of_some_year(month: u32, day: u32) -> bool {
    let longest = LONGEST.get(month.wrapping_sub(1) as usize);
    longest.is_some_and(|longest| (1..=*longest).contains(&day))
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// 1 to 12 for the first three letters of an English month, in any case.
#[inline]
pub(crate) fn month(name: [u8; 3]) -> Option<u32> {
    let [a, b, c] = name.map(|byte| byte | 0x20);
    Some(match [a, b, c] {
        [b'j', b'a', b'n'] => 1,
        [b'f', b'e', b'b'] => 2,
        [b'm', b'a', b'r'] => 3,
        [b'a', b'p', b'r'] => 4,
        [b'm', b'a', b'y'] => 5,
        [b'j', b'u', b'n'] => 6,
        [b'j', b'u', b'l'] => 7,
        [b'a', b'u', b'g'] => 8,
        [b's', b'e', b'p'] => 9,
        [b'o', b'c', b't'] => 10,
        [b'n', b'o', b'v'] => 11,
        [b'd', b'e', b'c'] => 12,
        _ => return None,
    })
}

/// Whether three bytes are the short name of an English day of the week.
pub(crate) fn is_weekday(name: [u8; 3]) -> bool {
    const NAMES: [&[u8; 3]; 7] = [b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun"];
    NAMES.contains(&&name.map(|byte| byte | 0x20))
}

/// The number that two digits spell.
#[inline]
pub(crate) fn two(digits: [u8; 2]) -> Option<u32> {
    let [tens, ones] = digits.map(|digit| u32::from(digit.wrapping_sub(b'0')));
    (tens < 10 && ones < 10).then_some(tens * 10 + ones)
}

/// The number that four digits spell.
#[inline]
pub(crate) fn four(digits: [u8; 4]) -> Option<u32> {
    let [a, b, c, d] = digits;
    Some(two([a, b])? * 100 + two([c, d])?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_ten_thousand_years_is_counted_and_named() {
        let mut expected = days(0, 1, 1).unwrap();
        assert_eq!(days(1970, 1, 1), Some(0));
        for year in 0..10_000 {
            for month in 1..=12 {
                for day in 1..=31 {
                    if let Some(days) = days(year, month, day) {
                        assert_eq!(days, expected, "{year}-{month}-{day}");
                        assert_eq!(date(days), (i64::from(year), month, day));
                        expected += 1;
                    }
                }
            }
        }
        // 400 years have 146,097 days, of which every one was counted once.
        assert_eq!(expected - days(0, 1, 1).unwrap(), 25 * 146_097);
    }

    #[test]
    fn there_is_no_30th_of_february() {
        assert_eq!(days(2023, 2, 29), None);
        assert_eq!(days(1900, 2, 29), None);
        assert!(days(2000, 2, 29).is_some());
        for (month, day) in [(2, 30), (4, 31), (0, 1), (13, 1), (1, 0), (1, 32)] {
            assert_eq!(days(2024, month, day), None);
        }
        assert_eq!(days(10_000, 1, 1), None);
    }
}
