//! Which records are taken, by what is known about them.

use anyhow::Result;
use geoip_core::{AddressTally, Asn, CountryCode, Enricher, Flags, Record};

use crate::{
    args::{Facts, Global, Selection},
    databases,
    failure::Hinted,
    lists::unknown_flag,
    services,
    text::printable,
};

/// What [`Facts`] and the flags of `--exclude` ask for, checked.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// Any of these; none: all records.
    flags: Flags,
    /// None of these.
    without: Flags,
    countries: Vec<CountryCode>,
    systems: Vec<Asn>,
}

impl Wanted {
    pub(crate) fn new(facts: &Facts, selection: &Selection) -> Result<Self> {
        let mut flags = Flags::default();
        for name in &facts.flag {
            flags |= Flags::from_name(name).ok_or_else(|| unknown_flag(name))?;
        }
        let wrong = |text: &str, what: &str, hint: &str| {
            Hinted::error(format!("`{}` is no {what}", printable(text)), hint)
        };
        let country = |text: &String| {
            text.parse().map_err(|_| {
                wrong(
                    text,
                    "country",
                    "give its letters of ISO 3166-1, such as BR or BRA",
                )
            })
        };
        let system = |text: &String| {
            text.parse()
                .map_err(|_| wrong(text, "autonomous system", "such as AS13335 or 13335"))
        };
        Ok(Self {
            flags,
            without: excluded_flags(selection),
            countries: facts.country.iter().map(country).collect::<Result<_>>()?,
            systems: facts.asn.iter().map(system).collect::<Result<_>>()?,
        })
    }

    /// The databases and lists that can tell what is wanted of these addresses, and what a
    /// service says about them, if one is named.
    pub(crate) fn open(
        &self,
        global: &Global,
        addresses: &AddressTally,
    ) -> Result<Enricher> {
        self.open_with(global, addresses, Flags::default())
    }

    /// The same, and what can tell of these flags, as far as there is something.
    pub(crate) fn open_with(
        &self,
        global: &Global,
        addresses: &AddressTally,
        more: Flags,
    ) -> Result<Enricher> {
        let asked = self.flags | self.without;
        let by_hits = || addresses.most_frequent().map(|(address, _)| address);
        let answers = services::ask(global, by_hits)?;
        let enricher = databases::open_for(global, asked | more, answers)?;
        // A flag that nothing can set would make a wrong answer look like a good one.
        let unknown = asked.names().find(|name| {
            Flags::from_name(name).is_some_and(|flag| !enricher.flags().contains(flag))
        });
        match unknown {
            None => Ok(enricher),
            Some(name) => Err(Hinted::error(
                format!("nothing here knows which addresses are {name}"),
                match name {
                    "tor" => "`geoip db update tor-exits` fetches a list; or name one: \
                              --list tor=FILE"
                        .into(),
                    _ => format!("name a list: --list {name}=FILE"),
                },
            )),
        }
    }

    /// Whether flags of `--exclude` set anything aside.
    pub(crate) fn sets_aside(&self) -> bool {
        !self.without.is_empty()
    }

    /// Whether a record is wanted.
    pub(crate) fn takes(&self, record: &Record<'_>) -> bool {
        self.judge(record) == Verdict::Taken
    }

    /// Whether a record is wanted, or would be without its flags.
    pub(crate) fn judge(&self, record: &Record<'_>) -> Verdict {
        let country = record.place.and_then(|place| place.country);
        let system = record.autonomous_system.map(|system| system.number);
        let asked_for = (self.flags.is_empty() || record.flags.intersects(self.flags))
            && among(&self.countries, country)
            && among(&self.systems, system);
        match (asked_for, record.flags.intersects(self.without)) {
            (false, _) => Verdict::Unwanted,
            (true, true) => Verdict::SetAside,
            (true, false) => Verdict::Taken,
        }
    }
}

/// What becomes of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Taken,
    /// Only a flag of `--exclude` keeps it from being taken.
    SetAside,
    /// It was not asked for.
    Unwanted,
}

/// Whether a value is one of those asked for, if any were.
fn among<T: PartialEq>(asked: &[T], value: Option<T>) -> bool {
    asked.is_empty() || value.is_some_and(|value| asked.contains(&value))
}

/// The flags among what is excluded; the rest are networks and files.
pub(crate) fn excluded_flags(selection: &Selection) -> Flags {
    let named = selection.exclude.iter().filter_map(|name| Flags::from_name(name));
    named.fold(Flags::default(), |flags, flag| flags | flag)
}
