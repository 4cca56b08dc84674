//! What the lines say, counted.

use std::collections::BTreeMap;

use anyhow::Result;
use geoip_core::{AddressMap, AddressTally};
use geoip_log::Outcome;

use super::span::Span;
use crate::{
    args::{Global, Inputs},
    found::Found,
    input::Source,
    search::{Search, Wants},
    timeline::{Logins, Timeline},
};

/// How many names of users one thread keeps: they are a stranger's to choose.
const MOST_USERS: usize = 50_000;
/// How many pairs of an address and a name that it tried one thread keeps.
const MOST_TRIED: usize = 300_000;

/// What was counted in all sources.
#[derive(Debug)]
pub(super) struct Scan {
    pub(super) tally: AddressTally,
    pub(super) timeline: Timeline,
    pub(super) lines: u64,
    pub(super) skipped: Skipped,
    pub(super) users: Users,
    /// The names that each address tried.
    pub(super) tried: AddressMap<Users>,
    /// How often each status was answered.
    pub(super) statuses: BTreeMap<u16, u64>,
    pub(super) sources: Vec<Source>,
    /// As what they were read.
    pub(super) formats: Vec<&'static str>,
}

/// Hits that were not counted because of a span.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Skipped {
    pub(super) outside: u64,
    pub(super) untimed: u64,
}

/// Who logged in to sshd, or tried to.
#[derive(Debug, Default)]
pub(super) struct Users {
    pub(super) logins: BTreeMap<Vec<u8>, Logins>,
    /// What was done under names that are not kept.
    pub(super) others: Logins,
}

impl Users {
    /// True if the name is a new one, of which there can be so many.
    fn add(&mut self, name: &[u8], logins: Logins, most: usize) -> bool {
        if let Some(known) = self.logins.get_mut(name) {
            known.join(logins);
        } else if self.logins.len() < most {
            self.logins.insert(name.to_owned(), logins);
            return true;
        } else {
            self.others.join(logins);
        }
        false
    }

    fn merge(&mut self, other: Self) {
        for (name, logins) in other.logins {
            self.add(&name, logins, MOST_USERS);
        }
        self.others.join(other.others);
    }
}

/// What one thread counts.
#[derive(Debug, Default)]
struct State {
    tally: AddressTally,
    timeline: Timeline,
    lines: u64,
    skipped: Skipped,
    users: Users,
    tried: AddressMap<Users>,
    /// How many pairs are in it.
    pairs: usize,
    statuses: BTreeMap<u16, u64>,
}

impl State {
    fn take(&mut self, found: &Found<'_>, span: Span) {
        let hits = u64::from(found.count);
        match found.time {
            _ if span.is_open() => {}
            Some(time) if span.contains(time) => {}
            Some(_) => return self.skipped.outside += hits,
            None => return self.skipped.untimed += hits,
        }
        self.tally.add_n(found.address, hits);
        let logins = logins(found);
        self.timeline.add(found.address, found.time, hits, logins);
        if let (true, Some(user)) = (logins.any(), found.said.user) {
            self.users.add(user, logins, MOST_USERS);
            let tried = self.tried.or_insert_with(found.address, Users::default);
            let most = if self.pairs < MOST_TRIED { usize::MAX } else { 0 };
            self.pairs += usize::from(tried.add(user, logins, most));
        }
        if let Some(status) = found.said.status {
            *self.statuses.entry(status).or_insert(0) += hits;
        }
    }

    fn merge(&mut self, other: Self) {
        self.tally.merge(&other.tally);
        self.timeline.merge(other.timeline);
        self.lines += other.lines;
        self.skipped.outside += other.skipped.outside;
        self.skipped.untimed += other.skipped.untimed;
        self.users.merge(other.users);
        self.tried.merge(other.tried, Users::merge);
        for (status, hits) in other.statuses {
            *self.statuses.entry(status).or_insert(0) += hits;
        }
    }
}

fn logins(found: &Found<'_>) -> Logins {
    let hits = u64::from(found.count);
    let none = Logins::default();
    match found.said.outcome {
        Some(Outcome::Failed) => Logins { failed: hits, ..none },
        Some(Outcome::Accepted) => Logins { accepted: hits, ..none },
        Some(Outcome::InvalidUser) => Logins { no_such_user: hits, ..none },
        _ => none,
    }
}

/// Read all inputs; those that look like logs as `logs` if so asked, of others every
/// address.
pub(super) fn scan(
    global: &Global,
    inputs: &Inputs,
    span: Span,
    logs: bool,
) -> Result<Scan> {
    let wants = Wants { times: true, logs, ..Wants::default() };
    let search = Search::new(global, inputs, wants)?;
    let mut states = search.run(
        State::default,
        |state: &mut State, part| {
            let bytes = part.block.bytes();
            let feeds = memchr::memchr_iter(b'\n', bytes).count();
            let has_unended = part.block.ends_line() && !bytes.ends_with(b"\n");
            state.lines += feeds as u64 + u64::from(has_unended && !bytes.is_empty());
            part.each(|found| state.take(&found, span));
        },
        |_, ()| Ok(()),
    )?;
    // The largest takes in the others: that moves the fewest.
    states.sort_by_key(|state| state.tally.len());
    let mut all = states.pop().unwrap_or_default();
    for state in states {
        all.merge(state);
    }
    let formats = search.formats();
    let State { tally, timeline, lines, skipped, users, tried, statuses, .. } = all;
    let sources = search.finish();
    Ok(Scan { tally, timeline, lines, skipped, users, tried, statuses, sources, formats })
}
