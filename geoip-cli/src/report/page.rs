//! What was found, as the inert data that a page is drawn of.

use std::env;

use geoip_core::{Count, Enricher};
use geoip_log::Timestamp;
use geoip_render::{Map, PlaceOfRows, Theme, Timeline};

use super::{Findings, Wishes, scan::Scan, tables};
use crate::{
    args::{Redact, ThemeKind},
    gather::amount,
    text::{addresses, counted, hits, printable, thousands},
};

/// Files that are named one by one.
const FILES: usize = 20;

/// Fill a report.
pub(super) fn describe(
    wishes: &Wishes,
    findings: &Findings,
    enricher: &Enricher,
    now: Timestamp,
) -> geoip_render::Report {
    let gathered = &findings.gathered;
    let title = wishes.title.clone();
    let title =
        title.unwrap_or_else(|| format!("Report of {}", title_of(&findings.scan)));
    let mut map =
        Map::new(title).subtitle(subtitle(findings)).theme(match wishes.theme {
            ThemeKind::Dark => Theme::Dark,
            ThemeKind::Light => Theme::Light,
        });
    for note in notes(wishes, findings) {
        map = map.note(note);
    }
    for info in enricher.sources() {
        if let Some(credit) = &info.attribution {
            map = map.credit(&credit.text, &credit.url);
        }
    }

    let mut report = geoip_render::Report::new(map);
    report.lines = Some(findings.scan.lines);
    report.places = gathered
        .places
        .iter()
        .zip(&findings.groups.of_place)
        .map(|(place, group)| {
            let mut told = PlaceOfRows::new(&place.name, place.point);
            told.country = place.country;
            told.precision = place.precision;
            told.radius_km = place.radius_km;
            told.group = *group;
            told
        })
        .collect();
    report.systems.clone_from(&gathered.systems);
    report.networks = gathered.networks.iter().map(|it| it.prefix.to_string()).collect();
    report.known_flags = enricher.flags();
    report.rows.clone_from(&gathered.rows);
    report.timeline = gathered.axis.map(|axis| Timeline {
        start: axis.start(),
        width_seconds: axis.width_seconds(),
        slots: axis.slots,
        untimed: findings.scan.timeline.untimed,
        outside: axis.outside,
    });
    report.time_bars.clone_from(&gathered.bars);
    report.within = findings.groups.within.to_string();
    report.home.clone_from(&findings.home);
    report.apart = gathered.not_global;
    report.tables = tables::all(findings, wishes.redact);
    report.facts = facts(wishes, findings, enricher, now);
    report
}

/// The sources for a title: `access.log`, `access.log and 3 more`.
pub(super) fn title_of(scan: &Scan) -> String {
    match scan.sources.as_slice() {
        [] => "nothing".into(),
        [one] => one.short_name(),
        [one, other] => format!("{} and {}", one.short_name(), other.short_name()),
        [first, rest @ ..] => format!("{} and {} more", first.short_name(), rest.len()),
    }
}

fn subtitle(findings: &Findings) -> String {
    let all = findings.gathered.all;
    let mut parts = vec![hits(all.hits), addresses(all.addresses)];
    parts.extend(span(findings));
    parts.join(" · ")
}

/// From when to when, if anything has a time.
pub(super) fn span(findings: &Findings) -> Option<String> {
    let (first, last) = seen(findings)?;
    let [first, last] =
        [first, last].map(|time| tables::for_people(time)[..16].to_owned());
    Some(format!("{first} to {last} UTC"))
}

/// The first and the last time of all that was taken.
fn seen(findings: &Findings) -> Option<(Timestamp, Timestamp)> {
    let axis = findings.gathered.axis?;
    let end = axis.start() + i64::from(axis.slots) * i64::from(axis.width_seconds());
    let tracks = findings.scan.tally.sorted();
    let tracks = tracks.filter_map(|(address, _)| findings.scan.timeline.get(address));
    let inside = |time: &Timestamp| (axis.start()..end).contains(&time.seconds());
    let times =
        tracks.flat_map(|track| [track.first, track.last]).flatten().filter(inside);
    times.fold(None, |seen, time| match seen {
        None => Some((time, time)),
        Some((first, last)) => Some((first.min(time), last.max(time))),
    })
}

/// What was left out, and why.
pub(super) fn notes(wishes: &Wishes, findings: &Findings) -> Vec<String> {
    let gathered = &findings.gathered;
    let mut notes = Vec::new();
    if gathered.all.addresses == 0 {
        notes.push(nothing(findings));
    }
    let skipped = findings.scan.skipped;
    if skipped.outside > 0 {
        notes.push(format!("{} outside of the time asked for", hits(skipped.outside)));
    }
    if skipped.untimed > 0 {
        notes.push(format!(
            "{} in lines without a time, so left out",
            hits(skipped.untimed)
        ));
    }
    let reasons = [
        (gathered.not_global, "private, reserved or local: in a table below the map"),
        (gathered.unknown, "in no database: counted, without a country"),
        (gathered.without_point, "known to a country, but to no point"),
        (
            gathered.coarse,
            "known to a region or country only: hollow circles, not in the heat",
        ),
        (gathered.unwanted, "set aside by --exclude, --flag, --country or --asn"),
    ];
    let any = |(count, _): &(Count, &str)| count.addresses > 0;
    let reasons = reasons.into_iter().filter(any);
    notes.extend(reasons.map(|(count, reason)| format!("{} {reason}", amount(count))));
    if gathered.unlisted > 0 && wishes.redact != Some(Redact::All) {
        notes.push(format!(
            "{} not listed one by one, but in all figures (--addresses {})",
            addresses(gathered.unlisted),
            wishes.listed
        ));
    }
    match wishes.redact {
        Some(Redact::Networks) => {
            notes.push("Addresses are shown as their networks, /24 or /48".into());
        }
        Some(Redact::All) => notes.push("Addresses are not shown".into()),
        None => {}
    }
    notes
}

/// Why there is nothing.
fn nothing(findings: &Findings) -> String {
    let scan = &findings.scan;
    let lines = counted(scan.lines, "line", "lines");
    let when = match (findings.asked.since, findings.asked.until) {
        (None, None) if scan.lines == 0 => {
            return "No events: nothing was there to read".into();
        }
        (None, None) => return format!("No events: no address in {lines}"),
        (Some(since), None) => format!("since {since}"),
        (None, Some(until)) => format!("before {until}"),
        (Some(since), Some(until)) => format!("from {since} to {until}"),
    };
    format!("No events {when}, in {lines}")
}

/// Where it all comes from.
fn facts(
    wishes: &Wishes,
    findings: &Findings,
    enricher: &Enricher,
    now: Timestamp,
) -> Vec<(String, String)> {
    let scan = &findings.scan;
    let mut facts: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: String| facts.push((name.to_owned(), value));
    put("Files", files(wishes, scan).join("\n"));
    put("Lines read", thousands(scan.lines));
    put("Read as", reading(&scan.formats));
    if !findings.asked.is_open() {
        let time = |time: Option<Timestamp>| {
            time.map_or_else(|| "…".into(), |time| time.to_string())
        };
        put(
            "Time asked for",
            format!("{} to {}", time(findings.asked.since), time(findings.asked.until)),
        );
    }
    let lists: Vec<_> = enricher.lists().map(|list| list.info().to_string()).collect();
    put("Databases", databases(enricher).join("\n"));
    if !lists.is_empty() {
        put("Lists", lists.join("\n"));
    }
    put(
        "Precision",
        "A place is the middle of a city or region, not where anybody lives: \
        right to the country for nearly all addresses, to the city for some."
            .into(),
    );
    put("Made by", format!("geoip {}", env!("CARGO_PKG_VERSION")));
    put("Made at", format!("{} UTC", tables::for_people(now)));
    if wishes.redact.is_none() {
        put("Command", command());
    }
    facts
}

/// The databases without the lists, each with its date.
pub(super) fn databases(enricher: &Enricher) -> Vec<String> {
    let lists: Vec<_> = enricher.lists().map(|list| list.info().to_string()).collect();
    let sources = enricher.sources().iter().map(ToString::to_string);
    sources.filter(|source| !lists.contains(source)).collect()
}

/// The names of the files, the first of them.
pub(super) fn files(wishes: &Wishes, scan: &Scan) -> Vec<String> {
    let name = |source: &crate::input::Source| match wishes.redact {
        None => source.name(),
        Some(_) => source.short_name(),
    };
    let mut names: Vec<_> = scan.sources.iter().take(FILES).map(name).collect();
    let more = scan.sources.len().saturating_sub(FILES);
    if more > 0 {
        names.push(format!("and {} more", thousands(more as u64)));
    }
    names
}

fn reading(formats: &[&str]) -> String {
    let read = formats.iter().map(|format| match *format {
        "text" => "any text: every address in it is a hit".to_owned(),
        log => format!("log ({log}): the client of each line is a hit"),
    });
    let read: Vec<_> = read.collect();
    read.join("\n")
}

/// The command line, as a shell would take it.
pub(super) fn command() -> String {
    let plain =
        |character: char| character.is_alphanumeric() || "-_./=:,+@%".contains(character);
    let words = env::args_os().enumerate().map(|(position, word)| {
        let word = word.to_string_lossy().into_owned();
        if position == 0 {
            return "geoip".to_owned();
        }
        let word = printable(&word).into_owned();
        if !word.is_empty() && word.chars().all(plain) {
            word
        } else {
            format!("'{}'", word.replace('\'', "'\\''"))
        }
    });
    words.collect::<Vec<_>>().join(" ")
}
