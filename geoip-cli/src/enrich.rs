//! `geoip enrich`: one record for each distinct address, or counts of what they have in
//! common.

mod field;
mod groups;
mod order;
#[cfg(feature = "parquet")]
mod parquet;
mod row;
mod value;
mod write;

use std::{net::IpAddr, path::Path};

use anyhow::Result;
use geoip_core::{Count, Enricher};

pub(crate) use self::row::Row;
use self::{
    field::{COUNTS, Field},
    groups::Groups,
    order::Order,
    row::Fields,
    write::{Instead, Sheet},
};
use crate::{
    args::{Columns, Enrich, Global, RecordFormat},
    failure::Hinted,
    gather::amount,
    hosts::Hosts,
    output::{self, Outcome},
    search::{self, Noting, Scan},
    wanted::{Verdict, Wanted},
};

pub(crate) fn run(global: &Global, options: &Enrich) -> Result<Outcome> {
    let wanted = Wanted::new(&options.facts, &options.inputs.selection)?;
    let groupable = Field::to_group_by();
    let by = Field::parse_all(&options.by, &groupable)?;
    let plan = Plan::new(global, &options.columns, &by)?;
    let set_aside = SetAside::new(options, &wanted, &groupable)?;
    let mut hosts = Hosts::open(global, &options.hosts)?;
    let scan = search::scan(global, &options.inputs, Noting::TIMES)?;
    let enricher = wanted.open(global, &scan.tally)?;
    let (scan, enricher) = (&scan, &enricher);
    if hosts.asks() {
        let first = if by.is_empty() { plan.rows_needed() } else { usize::MAX };
        hosts.ask(global, taken(scan, enricher, &wanted).take(first))?;
    }
    let hosts = &hosts;
    let mut answers = Answers { scan, enricher, wanted: &wanted, hosts, set_aside };
    let found = if by.is_empty() {
        plan.write(global, answers.rows())?
    } else {
        let mut groups = Groups::new(&by);
        for row in answers.rows() {
            groups.add(&row?);
        }
        plan.write(global, groups.most_hits_first().into_iter().map(Ok))?
    };
    answers.set_aside.finish(global, plan.sheet.format)?;
    Ok(Outcome::of(found))
}

/// What is printed, and in which order; checked before anything is read.
#[derive(Debug)]
pub(crate) struct Plan {
    sheet: Sheet,
    order: Order,
    top: Option<usize>,
}

impl Plan {
    /// For records, or for groups by these fields.
    pub(crate) fn new(global: &Global, columns: &Columns, by: &[Field]) -> Result<Self> {
        let format = write::format(columns.format, global.output.as_deref());
        #[cfg(feature = "parquet")]
        if format == RecordFormat::Parquet && output::goes_to_terminal(global) {
            return Err(Hinted::error(
                "Parquet is nothing for a terminal",
                "name a file: -o records.parquet",
            ));
        }
        let of_groups = Groups::new(by).fields();
        let available =
            if by.is_empty() { Field::of_records() } else { of_groups.clone() };
        let sheet = if !columns.fields.is_empty() {
            let fields = Field::parse_all(&columns.fields, &available)?;
            Sheet { format, fields, important: Vec::new(), instead: Instead::Nothing }
        } else if by.is_empty() {
            Sheet::of_records(format)
        } else {
            Sheet::of_groups(format, by, of_groups)
        };
        let order = Order::parse(&columns.sort, &available)?;
        Ok(Self { sheet, order, top: columns.top })
    }

    /// How many of the rows, in their own order, can be printed.
    pub(crate) fn rows_needed(&self) -> usize {
        self.top.filter(|_| self.order.is_none()).unwrap_or(usize::MAX)
    }

    /// Write what is asked for; whether there was anything.
    pub(crate) fn write<T: Fields>(
        &self,
        global: &Global,
        rows: impl Iterator<Item = Result<T>>,
    ) -> Result<bool> {
        let top = self.top.unwrap_or(usize::MAX);
        let mut count = 0;
        output::write_result(global, |out| {
            count = if self.order.is_none() {
                self.sheet.write(global, out, rows.take(top))?
            } else {
                let sorted = self.order.sort(rows.collect::<Result<Vec<_>>>()?);
                self.sheet.write(global, out, sorted.into_iter().take(top).map(Ok))?
            };
            Ok(())
        })?;
        Ok(count > 0)
    }
}

impl Sheet {
    fn of_records(format: RecordFormat) -> Self {
        let (fields, important) = match format {
            RecordFormat::Table => (Field::of_record_tables(), Field::by_importance()),
            _ => (Field::of_plain_records(), Vec::new()),
        };
        Self { format, fields, important, instead: Instead::OfGlobal }
    }

    /// Of groups by some fields that have these fields: counts stand first in a table, and
    /// last elsewhere.
    fn of_groups(format: RecordFormat, by: &[Field], mut fields: Vec<Field>) -> Self {
        let instead =
            by.first().map_or(Instead::Nothing, |&field| Instead::OfUnknown(field));
        if format == RecordFormat::Table {
            fields.retain(|field| !COUNTS.contains(field));
            fields.splice(0..0, COUNTS);
        }
        Self { format, fields, important: Vec::new(), instead }
    }
}

/// The addresses that are wanted, those with the most hits first. One that cannot be looked
/// up is told when it is printed.
fn taken(
    scan: &Scan,
    enricher: &Enricher,
    wanted: &Wanted,
) -> impl Iterator<Item = IpAddr> {
    let addresses = scan.tally.most_frequent().map(|(address, _)| address);
    addresses.filter(|address| {
        enricher.enrich(*address).is_ok_and(|record| wanted.takes(&record))
    })
}

/// The records of what was found, as far as they are wanted.
struct Answers<'s> {
    scan: &'s Scan,
    enricher: &'s Enricher,
    wanted: &'s Wanted,
    hosts: &'s Hosts<'s>,
    set_aside: SetAside<'s>,
}

impl<'s> Answers<'s> {
    /// Those with the most hits first, one at a time: there can be millions.
    fn rows(&mut self) -> impl Iterator<Item = Result<Row<'s>>> {
        let Self { scan, enricher, wanted, hosts, set_aside } = self;
        let (scan, enricher, wanted, hosts) = (*scan, *enricher, *wanted, *hosts);
        scan.tally.most_frequent().filter_map(move |(address, hits)| {
            let record = match enricher.enrich(address) {
                Ok(record) => record,
                Err(error) => return Some(Err(error.into())),
            };
            let seen = scan.times.get(address).copied();
            let host = hosts.facts(address);
            let row = Row { record, hits: Some(hits), seen, host };
            match wanted.judge(&record) {
                Verdict::Taken => return Some(Ok(row)),
                Verdict::SetAside => set_aside.add(&row),
                Verdict::Unwanted => {}
            }
            None
        })
    }
}

/// What `--exclude tor,vpn,…` took away.
struct SetAside<'s> {
    count: Count,
    to: Option<(&'s Path, Vec<Field>, Groups<'s>)>,
}

impl<'s> SetAside<'s> {
    fn new(options: &'s Enrich, wanted: &Wanted, groupable: &[Field]) -> Result<Self> {
        let to = match options.set_aside.as_deref() {
            None => None,
            Some(_) if !wanted.sets_aside() => {
                return Err(Hinted::error(
                    "nothing is to be set aside",
                    "say what, such as --exclude tor,vpn,hosting",
                ));
            }
            Some(path) => {
                let by = Field::parse_all(&options.set_aside_by, groupable)?;
                let groups = Groups::new(&by);
                Some((path, by, groups))
            }
        };
        Ok(Self { count: Count::default(), to })
    }

    fn add(&mut self, row: &Row<'s>) {
        self.count.addresses += 1;
        self.count.hits = self.count.hits.saturating_add(row.hits.unwrap_or(0));
        if let Some((.., groups)) = &mut self.to {
            groups.add(row);
        }
    }

    /// Say how much there was, and write it to its file.
    fn finish(self, global: &Global, format: RecordFormat) -> Result<()> {
        if self.count.addresses > 0 {
            output::note(
                global,
                &format!("{} set aside by --exclude", amount(self.count)),
            );
        }
        let Some((path, by, groups)) = self.to else { return Ok(()) };
        let format = write::format_of_name(path).unwrap_or(format);
        let sheet = Sheet::of_groups(format, &by, groups.fields());
        output::write_file(path, |out| {
            let rows = groups.most_hits_first().into_iter().map(Ok);
            sheet.write(global, out, rows).map(|_| ())
        })
    }
}
