//! The report for other programs. Its keys are a promise: `docs/report.schema.json`.

use std::collections::BTreeMap;

use geoip_core::{Count, Enricher, Flags, Precision};
use geoip_log::Timestamp;
use geoip_render::TimeBars;
use serde_json::{Value, json};

use super::{Findings, Wishes, page, tables};
use crate::args::Redact;

/// Places, systems and the like, at most; all countries are told.
const LISTED: usize = 1000;

/// The whole report.
pub(super) fn document(
    wishes: &Wishes,
    findings: &Findings,
    report: &geoip_render::Report,
    enricher: &Enricher,
    now: Timestamp,
) -> Value {
    let gathered = &findings.gathered;
    let scan = &findings.scan;
    let sums = Sums::of(findings);
    let mut document = json!({
        "version": 1,
        "program": concat!("geoip ", env!("CARGO_PKG_VERSION")),
        "made_at": now.to_string(),
        "title": report.map.title,
        "files": page::files(wishes, scan),
        "read_as": scan.formats,
        "redacted": redaction(wishes.redact),
        "databases": databases(enricher),
        "notes": report.map.notes,
        "totals": {
            "lines": scan.lines,
            "hits": gathered.all.hits,
            "addresses": gathered.all.addresses,
            "countries": sums.countries.len(),
            "places": gathered.places.len(),
            "autonomous_systems": gathered.all_systems,
            "networks": gathered.all_networks,
        },
        "left_out": {
            "special": count(gathered.not_global),
            "unknown": count(gathered.unknown),
            "without_point": count(gathered.without_point),
            "coarse": count(gathered.coarse),
            "set_aside": count(gathered.unwanted),
            "hits_outside_of_time": scan.skipped.outside,
            "hits_without_time": scan.skipped.untimed,
        },
        "time": time(findings),
        "countries": most(sums.countries.into_iter(), usize::MAX, |(code, name)| {
            json!({ "country": code, "country_name": name })
        }),
        "places": places(findings),
        "autonomous_systems": most(sums.systems.into_iter(), LISTED, |system| {
            let (number, name) = &gathered.systems[system];
            // 0 stands for those that are not told apart.
            json!({ "asn": (number.0 > 0).then_some(number.0), "organization": name })
        }),
        "networks": networks(findings),
        "flags": flags(report.known_flags, &sums.flags),
        "groups": {
            "within_km": rounded(findings.groups.within.meters() / 1000.0),
            "count": findings.groups.count,
            "groups": groups(findings),
        },
        "special": special(findings),
        "statuses": scan.statuses.iter()
            .map(|(status, hits)| json!({ "status": status, "hits": hits }))
            .collect::<Vec<_>>(),
    });
    let logins = wishes.redact.is_none();
    document["addresses"] = addresses(findings).into();
    document["users"] = if logins { users(findings) } else { Vec::new() }.into();
    if logins {
        document["command"] = page::command().into();
    }
    document
}

/// Sums over rows.
#[derive(Default)]
struct Sums {
    countries: BTreeMap<(&'static str, &'static str), Count>,
    systems: BTreeMap<usize, Count>,
    flags: BTreeMap<&'static str, Count>,
}

impl Sums {
    fn of(findings: &Findings) -> Self {
        let mut sums = Self::default();
        let gathered = &findings.gathered;
        for place in &gathered.places {
            if let Some(country) = place.country {
                let key = (country.as_str(), country.name());
                join(sums.countries.entry(key).or_default(), place.count);
            }
        }
        for row in &gathered.rows {
            let count = Count { addresses: row.addresses, hits: row.hits };
            if let Some(system) = row.system {
                join(sums.systems.entry(system).or_default(), count);
            }
            for flag in row.flags.names() {
                join(sums.flags.entry(flag).or_default(), count);
            }
        }
        sums
    }
}

fn join(sum: &mut Count, more: Count) {
    sum.addresses += more.addresses;
    sum.hits = sum.hits.saturating_add(more.hits);
}

fn count(count: Count) -> Value {
    json!({ "addresses": count.addresses, "hits": count.hits })
}

/// What `told` says of each, with its count, most hits first.
fn most<K>(
    counts: impl Iterator<Item = (K, Count)>,
    limit: usize,
    told: impl Fn(K) -> Value,
) -> Vec<Value> {
    let mut counts: Vec<_> = counts.collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse((count.hits, count.addresses)));
    counts.truncate(limit);
    let tell = |(key, count): (K, Count)| {
        let mut value = told(key);
        value["addresses"] = count.addresses.into();
        value["hits"] = count.hits.into();
        value
    };
    counts.into_iter().map(tell).collect()
}

fn redaction(redact: Option<Redact>) -> &'static str {
    match redact {
        None => "no",
        Some(Redact::Networks) => "networks",
        Some(Redact::All) => "all",
    }
}

fn databases(enricher: &Enricher) -> Vec<Value> {
    let database = |info: &geoip_core::DatabaseInfo| {
        let date = info.build_date();
        let date =
            date.map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"));
        let credit = info.attribution.as_ref();
        json!({
            "name": info.name,
            "build_date": date,
            "attribution": credit.map(|credit| &credit.text),
            "url": credit.map(|credit| &credit.url),
            "licence": credit.map(|credit| &credit.licence),
        })
    };
    enricher.sources().iter().map(database).collect()
}

fn time(findings: &Findings) -> Value {
    let Some(axis) = findings.gathered.axis else { return Value::Null };
    let of_rows = || {
        let mut hits = vec![0_u64; axis.slots as usize];
        for row in &findings.gathered.rows {
            for &(slot, count) in &row.times {
                hits[slot as usize] += count;
            }
        }
        let (start, width_seconds) = (axis.start(), axis.width_seconds());
        TimeBars { start, width_seconds, hits }
    };
    let bars = findings.gathered.bars.clone().unwrap_or_else(of_rows);
    let start = Timestamp::new(bars.start, 0);
    json!({
        "start": start.map(|start| start.to_string()),
        "width_seconds": bars.width_seconds,
        "hits": bars.hits,
        "hits_without_time": findings.scan.timeline.untimed,
        "hits_outside": axis.outside,
    })
}

fn places(findings: &Findings) -> Vec<Value> {
    let places = findings.gathered.places.iter().map(|place| (place, place.count));
    most(places, LISTED, |place| {
        json!({
            "name": place.name,
            "country": place.country.map(geoip_core::CountryCode::as_str),
            "latitude": place.point.map(geoip_core::LatLng::lat),
            "longitude": place.point.map(geoip_core::LatLng::lng),
            "precision": Precision::name(place.precision),
            "accuracy_radius_km": place.radius_km,
        })
    })
}

fn networks(findings: &Findings) -> Vec<Value> {
    let systems = &findings.gathered.systems;
    most(findings.gathered.networks.iter().map(|it| (it, it.count)), LISTED, |it| {
        json!({
            "network": it.prefix.to_string(),
            "country": it.country.map(geoip_core::CountryCode::as_str),
            "asn": it.system.map(|system| systems[system].0.0),
        })
    })
}

fn flags(known: Flags, counts: &BTreeMap<&'static str, Count>) -> Vec<Value> {
    let flag = |name: &'static str| {
        let is_known = Flags::from_name(name).is_some_and(|flag| known.contains(flag));
        let sum = counts.get(name).copied().unwrap_or_default();
        let mut value = json!({ "flag": name, "known": is_known });
        if is_known {
            value["addresses"] = sum.addresses.into();
            value["hits"] = sum.hits.into();
        }
        value
    };
    Flags::all().names().map(flag).collect()
}

fn addresses(findings: &Findings) -> Vec<Value> {
    let gathered = &findings.gathered;
    let time = |seconds: Option<i64>| {
        seconds
            .and_then(|seconds| Timestamp::new(seconds, 0))
            .map(|time| time.to_string())
    };
    let mut rows: Vec<_> =
        gathered.rows.iter().filter(|row| row.listed.is_some()).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.hits));
    let address = |row: &geoip_render::Row| {
        let listed = row.listed.as_ref()?;
        let place = row.place.map(|place| &gathered.places[place]);
        Some(json!({
            "address": listed.address,
            "addresses": row.addresses,
            "hits": row.hits,
            "country": place.and_then(|it| it.country).map(geoip_core::CountryCode::as_str),
            "place": place.map(|place| place.name.as_str()),
            "asn": row.system.map(|system| gathered.systems[system].0.0),
            "flags": row.flags.names().collect::<Vec<_>>(),
            "first_seen": time(listed.first_seen),
            "last_seen": time(listed.last_seen),
            "failed_logins": listed.failed,
            "accepted_logins": listed.accepted,
            "users_tried": listed.users_tried,
            "users": listed.users.iter().map(user_of_address).collect::<Vec<_>>(),
        }))
    };
    rows.into_iter().filter_map(address).collect()
}

fn groups(findings: &Findings) -> Vec<Value> {
    let group = |told: &super::groups::Told| {
        json!({
            "name": told.name,
            "places": told.places,
            "addresses": told.count.addresses,
            "hits": told.count.hits,
            "diameter_km": rounded(told.diameter_km),
            "centroid": { "latitude": told.centroid.lat(), "longitude": told.centroid.lng() },
        })
    };
    findings.groups.told.iter().map(group).collect()
}

fn special(findings: &Findings) -> Vec<Value> {
    let scope = |(scope, count): (geoip_core::Scope, Count)| json!({ "scope": scope.name(), "addresses": count.addresses, "hits": count.hits });
    tables::scopes(findings).into_iter().map(scope).collect()
}

fn users(findings: &Findings) -> Vec<Value> {
    let user = |(name, logins): (&[u8], crate::timeline::Logins)| {
        json!({
            "user": String::from_utf8_lossy(name),
            "failed": logins.attempts_that_failed(),
            "accepted": logins.accepted,
            "no_such_user": logins.no_such_user,
        })
    };
    tables::by_attempts(&findings.scan.users).into_iter().take(LISTED).map(user).collect()
}

fn user_of_address(user: &geoip_render::Login) -> Value {
    json!({ "user": user.user, "failed": user.failed, "accepted": user.accepted })
}

fn rounded(km: f64) -> f64 {
    (km * 10.0).round() / 10.0
}
