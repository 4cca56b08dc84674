//! Where facts come from.

use std::fmt;

use crate::date::civil_date;

/// What a database is and where it comes from; travels with every answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DatabaseInfo {
    /// A short name for people, such as `DB-IP City Lite` or `GeoLite2-City`.
    pub name: String,
    /// When it was built, in seconds since 1970-01-01 00:00 UTC, if it says so.
    pub build_epoch: Option<u64>,
    /// What must be said wherever its answers are shown.
    pub attribution: Option<Attribution>,
    /// What kind of facts it holds.
    pub facts: Facts,
    /// How many networks and autonomous systems it names, where that was counted.
    pub entries: Option<u64>,
}

impl DatabaseInfo {
    /// The year, month and day of the build, in UTC.
    pub fn build_date(&self) -> Option<(u64, u8, u8)> {
        self.build_epoch.map(civil_date)
    }
}

/// Name and build date, as far as known, such as `DB-IP City Lite 2026-06-01`.
impl fmt::Display for DatabaseInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match self.build_date() {
            Some((year, month, day)) => write!(f, " {year:04}-{month:02}-{day:02}"),
            None => Ok(()),
        }
    }
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
    /// Providers, domains and kinds of connection.
    pub connection: bool,
    /// Anonymisers.
    pub flags: bool,
}

impl Facts {
    /// Whatever either holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            country: self.country || other.country,
            city: self.city || other.city,
            autonomous_system: self.autonomous_system || other.autonomous_system,
            connection: self.connection || other.connection,
            flags: self.flags || other.flags,
        }
    }
}

/// The kinds of facts, with a comma between them.
impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = [
            (self.country, "country"),
            (self.city, "city"),
            (self.autonomous_system, "asn"),
            (self.connection, "connection"),
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
    fn only_noted_databases_are_named() {
        let info = |name: &str| DatabaseInfo {
            name: name.into(),
            build_epoch: None,
            attribution: None,
            facts: Facts::default(),
            entries: None,
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
