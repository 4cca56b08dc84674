//! `geoip enrich`: one record for each distinct address.

use anyhow::Result;
use geoip_core::Record;
use geoip_log::Timestamp;
use serde::{Serialize, Serializer};

use crate::{
    args::{Enrich, Global, TableFormat},
    output::{self, Out, Outcome},
    search,
    table::Table,
    text,
    wanted::Wanted,
};

pub(crate) fn run(global: &Global, options: &Enrich) -> Result<Outcome> {
    let wanted = Wanted::new(&options.facts, &options.inputs.selection)?;
    let scan = search::scan(global, &options.inputs, true)?;
    let enricher = wanted.open(global)?;
    let mut rows = Vec::new();
    for (address, hits) in scan.tally.most_frequent() {
        if options.top.is_some_and(|top| rows.len() >= top) {
            break;
        }
        let record = enricher.enrich(address)?;
        if !wanted.takes(&record) {
            continue;
        }
        let seen = scan.times.get(address).copied();
        rows.push(Row {
            record,
            hits: Some(hits),
            first_seen: seen.map(|seen| seen.first),
            last_seen: seen.map(|seen| seen.last),
        });
    }
    write_rows(global, options.format, &rows)?;
    Ok(Outcome::of(!rows.is_empty()))
}

/// A record, and how often its address was seen, if it was counted.
#[derive(Debug, Serialize)]
pub(crate) struct Row<'a> {
    #[serde(flatten)]
    record: Record<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hits: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    first_seen: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    last_seen: Option<Timestamp>,
}

/// A time as RFC 3339 writes it.
#[expect(clippy::ref_option, reason = "what serde hands over")]
fn as_text<S: Serializer>(time: &Option<Timestamp>, to: S) -> Result<S::Ok, S::Error> {
    time.map(|time| time.to_string()).serialize(to)
}

impl<'a> Row<'a> {
    pub(crate) fn lookup(record: Record<'a>) -> Self {
        Self { record, hits: None, first_seen: None, last_seen: None }
    }

    /// Whether any database knows the address.
    pub(crate) fn is_known(&self) -> bool {
        !self.record.sources.is_empty()
    }
}

/// Write rows as a table, JSON lines or CSV.
pub(crate) fn write_rows(
    global: &Global,
    format: TableFormat,
    rows: &[Row<'_>],
) -> Result<()> {
    output::write_result(global, |out| match format {
        TableFormat::Table => Ok(table(rows).write(out, output::terminal_width(global))?),
        TableFormat::Json => {
            for row in rows {
                serde_json::to_writer(&mut *out, row)?;
                out.write_all(b"\n")?;
            }
            Ok(())
        }
        TableFormat::Csv => write_csv(out, rows),
    })
}

fn table(rows: &[Row<'_>]) -> Table {
    let mut table = Table::new()
        .number("hits")
        .text("address")
        .text("country")
        .text("region")
        .text("city")
        .text("location")
        .number("± km")
        .text("network")
        .text("operator")
        .text("flags")
        .text("scope")
        .text("first seen (UTC)")
        .text("last seen (UTC)");
    for Row { record, hits, first_seen, last_seen } in rows {
        let place = record.place.unwrap_or_default();
        let location = place.location;
        let radius_km = location.and_then(|location| location.accuracy_radius_km);
        let operator = record.autonomous_system.map(|system| {
            format!("{} {}", system.number, system.organization.unwrap_or_default())
        });
        // Global is what one expects; what is not explains why nothing is known.
        let scope =
            Some(record.scope).filter(|scope| *scope != geoip_core::Scope::Global);
        table.row(vec![
            hits.map(text::thousands).unwrap_or_default(),
            record.address.to_string(),
            place.country.map(|country| country.to_string()).unwrap_or_default(),
            place.subdivision.unwrap_or_default().into(),
            // An office has a name of its own, perhaps beside that of its city.
            [place.name, place.city].into_iter().flatten().collect::<Vec<_>>().join(", "),
            location.map(|location| location.point.to_string()).unwrap_or_default(),
            radius_km.map(|km| km.to_string()).unwrap_or_default(),
            record.network.map(|network| network.to_string()).unwrap_or_default(),
            operator.unwrap_or_default(),
            record.flags.to_string(),
            scope.map(|scope| scope.to_string()).unwrap_or_default(),
            first_seen.map(for_people).unwrap_or_default(),
            last_seen.map(for_people).unwrap_or_default(),
        ]);
    }
    table
}

/// A time to the second, as a table has room for.
fn for_people(time: Timestamp) -> String {
    let text = time.to_string();
    text.get(..19).unwrap_or(&text).replace('T', " ")
}

/// The columns of the CSV: the keys of the JSON.
const COLUMNS: [&str; 20] = [
    "address",
    "network",
    "name",
    "country",
    "country_name",
    "subdivision",
    "city",
    "latitude",
    "longitude",
    "accuracy_radius_km",
    "precision",
    "time_zone",
    "asn",
    "organization",
    "flags",
    "scope",
    "hits",
    "first_seen",
    "last_seen",
    "sources",
];

fn write_csv(out: &mut Out<'_>, rows: &[Row<'_>]) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(COLUMNS)?;
    for Row { record, hits, first_seen, last_seen } in rows {
        let place = record.place.unwrap_or_default();
        let location = place.location;
        let system = record.autonomous_system;
        let number = |value: Option<f64>| value.map(|value| value.to_string());
        let sources: Vec<_> = record.sources.iter().map(ToString::to_string).collect();
        let cells = [
            Some(record.address.to_string()),
            record.network.map(|network| network.to_string()),
            place.name.map(output::csv_text),
            place.country.map(|country| country.to_string()),
            place.country_name.map(output::csv_text),
            place.subdivision.map(output::csv_text),
            place.city.map(output::csv_text),
            number(location.map(|location| location.point.lat())),
            number(location.map(|location| location.point.lng())),
            location
                .and_then(|location| location.accuracy_radius_km)
                .map(|km| km.to_string()),
            record.precision().map(|precision| precision.to_string()),
            location.and_then(|location| location.time_zone).map(output::csv_text),
            system.map(|system| system.number.0.to_string()),
            system.and_then(|system| system.organization).map(output::csv_text),
            Some(record.flags.to_string()),
            Some(record.scope.to_string()),
            hits.map(|hits| hits.to_string()),
            first_seen.map(|time| time.to_string()),
            last_seen.map(|time| time.to_string()),
            Some(output::csv_text(&sources.join("; "))),
        ];
        writer.write_record(cells.map(Option::unwrap_or_default))?;
    }
    Ok(writer.flush()?)
}
