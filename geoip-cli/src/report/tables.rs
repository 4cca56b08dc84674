//! Tables that no filter of the page changes.

use std::{cmp::Reverse, collections::BTreeMap};

use geoip_core::{Count, Scope};
use geoip_log::Timestamp;
use geoip_render::FixedTable;

use super::{Findings, rows::coarsened, scan::Users};
use crate::{args::Redact, text::thousands, timeline::Logins};

/// Rows of a table in a page.
const ROWS: usize = 200;

fn table(title: &str, note: String, columns: &[(&str, bool)]) -> FixedTable {
    let columns =
        columns.iter().map(|(name, number)| ((*name).into(), *number)).collect();
    FixedTable { title: title.into(), note, columns, rows: Vec::new() }
}

fn shown_of(all: usize, what: &str) -> String {
    if all <= ROWS {
        return String::new();
    }
    format!(
        "The {} with most hits, of {} {what}.",
        thousands(ROWS as u64),
        thousands(all as u64)
    )
}

/// All tables that have something in them.
pub(super) fn all(findings: &Findings, redact: Option<Redact>) -> Vec<FixedTable> {
    let tables = [users(findings, redact), statuses(findings), special(findings, redact)];
    tables.into_iter().flatten().collect()
}

/// The names that were tried, most first.
pub(super) fn by_attempts(users: &Users) -> Vec<(&[u8], Logins)> {
    let users = users.logins.iter();
    let mut users: Vec<_> =
        users.map(|(name, logins)| (name.as_slice(), *logins)).collect();
    users.sort_by_key(|(name, logins)| {
        (Reverse(logins.attempts_that_failed() + logins.accepted), *name)
    });
    users
}

fn users(findings: &Findings, redact: Option<Redact>) -> Option<FixedTable> {
    if redact.is_some() {
        return None;
    }
    let users = by_attempts(&findings.scan.users);
    let mut note = if users.len() > ROWS {
        format!("The {ROWS} that were tried most, of {}.", thousands(users.len() as u64))
    } else {
        String::new()
    };
    let others = findings.scan.users.others;
    if others.any() {
        let count = others.attempts_that_failed() + others.accepted;
        let more = thousands(count);
        note = format!("{note} {more} under other names were not told apart.");
    }
    let columns =
        [("user", false), ("failed", true), ("accepted", true), ("no such user", true)];
    let mut table = table("Users tried by sshd", note, &columns);
    for (name, logins) in users.iter().take(ROWS) {
        table.rows.push(vec![
            String::from_utf8_lossy(name).into_owned(),
            logins.attempts_that_failed().to_string(),
            logins.accepted.to_string(),
            logins.no_such_user.to_string(),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

fn statuses(findings: &Findings) -> Option<FixedTable> {
    let columns = [("status", false), ("hits", true)];
    let mut table = table("Answers by status", String::new(), &columns);
    let mut statuses: Vec<_> = findings.scan.statuses.iter().collect();
    statuses.sort_by_key(|&(status, hits)| (Reverse(*hits), *status));
    for (status, hits) in statuses {
        table.rows.push(vec![status.to_string(), hits.to_string()]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// How much there is of each scope that has no place on Earth.
pub(super) fn scopes(findings: &Findings) -> Vec<(Scope, Count)> {
    let mut scopes: BTreeMap<&str, (Scope, Count)> = BTreeMap::new();
    for special in &findings.gathered.special {
        let (_, count) = scopes
            .entry(special.scope.name())
            .or_insert((special.scope, Count::default()));
        count.addresses += special.addresses;
        count.hits = count.hits.saturating_add(special.hits);
    }
    scopes.into_values().collect()
}

fn special(findings: &Findings, redact: Option<Redact>) -> Option<FixedTable> {
    let special = &findings.gathered.special;
    let kinds: Vec<_> = scopes(findings)
        .iter()
        .map(|(scope, count)| format!("{} {}", thousands(count.addresses), scope.name()))
        .collect();
    let note = format!(
        "They have no place on Earth and are not in the figures above: {}. {}",
        kinds.join(", "),
        shown_of(special.len(), "addresses")
    );
    let columns = [
        ("address", false),
        ("scope", false),
        ("hits", true),
        ("first seen (UTC)", false),
        ("last seen (UTC)", false),
    ];
    let mut table = table("Private and special addresses", note, &columns);
    if special.is_empty() {
        return None;
    }
    if redact == Some(Redact::All) {
        return Some(table);
    }
    for it in special.iter().take(ROWS) {
        let address = match redact {
            None => it.address.to_string(),
            Some(_) => coarsened(it.address.into()).to_string(),
        };
        table.rows.push(vec![
            address,
            it.scope.name().into(),
            it.hits.to_string(),
            it.first.map(for_people).unwrap_or_default(),
            it.last.map(for_people).unwrap_or_default(),
        ]);
    }
    Some(table)
}

/// A time to the second, as a table has room for.
pub(super) fn for_people(time: Timestamp) -> String {
    let text = time.to_string();
    text.get(..19).unwrap_or(&text).replace('T', " ")
}
