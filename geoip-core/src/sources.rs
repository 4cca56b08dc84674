//! Where facts come from.

use std::fmt;

/// What a database is and where it comes from; travels with every answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DatabaseInfo {
    /// A short name for people, such as `DB-IP City Lite` or `GeoLite2-City`.
    pub name: String,
    /// When it was built, in seconds since 1970-01-01 00:00 UTC.
    pub build_epoch: u64,
    /// What must be said wherever its answers are shown.
    pub attribution: Option<Attribution>,
    /// What kind of facts it holds.
    pub facts: Facts,
}

impl DatabaseInfo {
    /// The year, month and day of the build, in UTC.
    pub fn build_date(&self) -> (i64, u8, u8) {
        civil_date(self.build_epoch / 86_400)
    }
}

/// Name and build date, such as `DB-IP City Lite 2026-06-01`.
impl fmt::Display for DatabaseInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.build_date();
        write!(f, "{} {year:04}-{month:02}-{day:02}", self.name)
    }
}

/// The year, month and day of a number of days since 1970-01-01.
///
/// # References
/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
fn civil_date(days: u64) -> (i64, u8, u8) {
    // Eras of 400 years that start on a 1 March, so that leap days come last.
    let days = i64::try_from(days).unwrap_or(i64::MAX / 2).min(1 << 40) + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524
        - day_of_era / 146_096)
        / 365;
    let day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let small = |value: i64| u8::try_from(value).expect("a month or a day");
    (year, small(month), small(day))
}

/// A credit that a licence asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attribution {
    /// The words.
    pub text: String,
    /// Where the words must link to.
    pub url: String,
    /// The licence, as an SPDX identifier if it has one.
    pub licence: String,
}

impl Attribution {
    /// A credit from its words, link and licence.
    pub fn new(text: &str, url: &str, licence: &str) -> Self {
        Self { text: text.into(), url: url.into(), licence: licence.into() }
    }
}

/// Which facts a database holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, all can hold")]
pub struct Facts {
    /// Countries.
    pub country: bool,
    /// Cities and coordinates.
    pub city: bool,
    /// Autonomous systems.
    pub autonomous_system: bool,
    /// Anonymisers.
    pub flags: bool,
}

/// The kinds of facts, with a comma between them.
impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = [
            (self.country, "country"),
            (self.city, "city"),
            (self.autonomous_system, "asn"),
            (self.flags, "flags"),
        ];
        let held: Vec<_> =
            named.into_iter().filter(|(held, _)| *held).map(|(_, name)| name).collect();
        f.write_str(&held.join(", "))
    }
}

/// The databases that a record is made of; a set that borrows from the enricher.
#[derive(Clone, Copy, Default)]
pub struct Sources<'a> {
    all: &'a [DatabaseInfo],
    used: u64,
}

impl<'a> Sources<'a> {
    /// No source yet, out of these databases. Only the first 64 can be named.
    pub(crate) fn none_of(all: &'a [DatabaseInfo]) -> Self {
        Self { all, used: 0 }
    }

    /// Note that the database at this position gave a fact.
    pub(crate) fn note(&mut self, position: usize) {
        self.used |=
            1_u64.checked_shl(u32::try_from(position).unwrap_or(u32::MAX)).unwrap_or(0);
    }

    /// The databases used, in the order in which they were asked.
    pub fn iter(self) -> impl Iterator<Item = &'a DatabaseInfo> {
        let used = self.used;
        let noted = move |position: usize| position < 64 && used >> position & 1 == 1;
        self.all
            .iter()
            .enumerate()
            .filter(move |(position, _)| noted(*position))
            .map(|(_, info)| info)
    }

    /// Whether no database knew anything.
    pub fn is_empty(self) -> bool {
        self.used == 0
    }
}

/// Equal when the same databases are named.
impl PartialEq for Sources<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl fmt::Debug for Sources<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|info| &info.name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_calendar() {
        let info = |build_epoch| DatabaseInfo {
            name: "Example".into(),
            build_epoch,
            attribution: None,
            facts: Facts::default(),
        };
        let cases = [
            (0, "Example 1970-01-01"),
            (951_782_400, "Example 2000-02-29"),
            (1_780_617_599, "Example 2026-06-04"),
            (1_780_617_600, "Example 2026-06-05"),
            (4_107_542_399, "Example 2100-02-28"),
            (4_107_542_400, "Example 2100-03-01"),
        ];
        for (epoch, text) in cases {
            assert_eq!(info(epoch).to_string(), text);
        }
        // A hostile build epoch is nonsense, but no panic.
        assert!(info(u64::MAX).to_string().starts_with("Example "));
    }

    #[test]
    fn only_noted_databases_are_named() {
        let info = |name: &str| DatabaseInfo {
            name: name.into(),
            build_epoch: 0,
            attribution: None,
            facts: Facts::default(),
        };
        let all = [info("a"), info("b"), info("c")];
        let mut sources = Sources::none_of(&all);
        assert!(sources.is_empty());
        sources.note(2);
        sources.note(0);
        sources.note(9000);
        let names: Vec<_> = sources.iter().map(|info| info.name.as_str()).collect();
        assert_eq!(names, ["a", "c"]);
    }
}
