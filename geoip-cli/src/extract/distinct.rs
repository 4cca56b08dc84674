//! Each address once.

use std::{io::Write, net::IpAddr};

use anyhow::Result;
use geoip_core::{AddressTally, Tally};
use geoip_extract::NetworkForms;
use serde::Serialize;

use super::spelling;
use crate::{
    args::TextFormat,
    output::Out,
    search::{Part, Search},
};

/// What `--unique` and `--count` print of an address or network.
#[derive(Serialize)]
struct Row {
    address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hits: Option<u64>,
}

/// A network, by its first address and prefix length.
type Network = (IpAddr, u8);

/// Print each address or network with its hits, most first.
pub(super) fn print_counts(
    search: &Search<'_>,
    forms: NetworkForms,
    format: TextFormat,
    out: &mut Out<'_>,
) -> Result<bool> {
    if forms == NetworkForms::default() {
        let (tally, _) = search.count()?;
        let rows =
            tally.most_frequent().map(|(address, hits)| (address.to_string(), hits));
        print_rows(rows, format, out)
    } else {
        let tallies = search.run(
            Tally::new,
            |tally, part| each_network(part, forms, &mut |network| tally.add(network)),
            |_, ()| Ok(()),
        )?;
        let mut all = Tally::new();
        for tally in tallies {
            all.merge(tally);
        }
        let rows = all.top(usize::MAX).into_iter();
        print_rows(rows.map(|(key, hits)| (spelling::of_network(key), hits)), format, out)
    }
}

fn print_rows(
    rows: impl Iterator<Item = (String, u64)>,
    format: TextFormat,
    out: &mut Out<'_>,
) -> Result<bool> {
    let mut rows = rows.peekable();
    let most = rows.peek().map_or(0, |(_, hits)| *hits).to_string().len();
    let found = rows.peek().is_some();
    let mut printer = Printer::new(format, out);
    for (address, hits) in rows {
        let row = Row { address, hits: Some(hits) };
        printer.print(&row, format_args!("{hits:>most$} {}", row.address))?;
    }
    printer.flush()?;
    Ok(found)
}

/// Print each address or network once, in the order of first appearance.
pub(super) fn print_once(
    search: &Search<'_>,
    forms: NetworkForms,
    format: TextFormat,
    out: &mut Out<'_>,
) -> Result<bool> {
    let mut printer = Printer::new(format, out);
    let found = if forms == NetworkForms::default() {
        each_once(
            search,
            AddressTally::new,
            AddressTally::add,
            |part, key| part.each(|found| key(found.address)),
            |new, live| {
                printer.print_once(new.into_iter().map(|new| new.to_string()), live)
            },
        )?
    } else {
        each_once(
            search,
            Tally::new,
            |seen, network| {
                seen.add(network);
                seen.get(&network) == 1
            },
            |part, key| each_network(part, forms, key),
            |new, live| {
                printer.print_once(new.into_iter().map(spelling::of_network), live)
            },
        )?
    };
    printer.flush()?;
    Ok(found)
}

/// Calls `print` with each key once, in the order of first appearance; and with whether it
/// should be passed on at once.
///
/// Each thread passes on what it has not seen itself lately. It works on blocks in their
/// order, so what it holds back is in an earlier block, and the order comes out right.
fn each_once<Seen: Send, Key: Copy + Send>(
    search: &Search<'_>,
    new: impl Fn() -> Seen + Sync,
    is_first: impl Fn(&mut Seen, Key) -> bool + Sync,
    each_key: impl Fn(&Part<'_, '_>, &mut dyn FnMut(Key)) + Sync,
    mut print: impl FnMut(Vec<Key>, bool) -> Result<()> + Send,
) -> Result<bool> {
    /// How many addresses a thread remembers to have passed on.
    const REMEMBERED: usize = 1 << 17;
    let mut seen = new();
    let mut found = false;
    search.run(
        || (new(), 0),
        |(own, passed_on), part| {
            let mut new_here = Vec::new();
            each_key(part, &mut |key| {
                if is_first(own, key) {
                    new_here.push(key);
                }
            });
            *passed_on += new_here.len();
            if *passed_on > REMEMBERED {
                // Else there would be as many tables of all addresses as there are threads.
                (*own, *passed_on) = (new(), 0);
            }
            new_here
        },
        |source, mut keys| {
            keys.retain(|key| is_first(&mut seen, *key));
            found |= !keys.is_empty();
            print(keys, search.is_live(source))
        },
    )?;
    Ok(found)
}

fn each_network(part: &Part<'_, '_>, forms: NetworkForms, take: &mut dyn FnMut(Network)) {
    part.each_network(forms, |network| network.networks().for_each(&mut *take));
}

/// Prints rows in one format.
enum Printer<'o> {
    Text(&'o mut Out<'o>),
    Json(&'o mut Out<'o>),
    Csv(Box<csv::Writer<&'o mut Out<'o>>>),
}

impl<'o> Printer<'o> {
    fn new(format: TextFormat, out: &'o mut Out<'o>) -> Self {
        match format {
            TextFormat::Text => Self::Text(out),
            TextFormat::Json => Self::Json(out),
            TextFormat::Csv => Self::Csv(Box::new(csv::Writer::from_writer(out))),
        }
    }

    fn print(&mut self, row: &Row, as_text: std::fmt::Arguments<'_>) -> Result<()> {
        match self {
            Self::Text(out) => writeln!(out, "{as_text}")?,
            Self::Json(out) => {
                serde_json::to_writer(&mut **out, row)?;
                out.write_all(b"\n")?;
            }
            Self::Csv(writer) => writer.serialize(row)?,
        }
        Ok(())
    }

    /// Print addresses without hits, and pass them on if nobody knows when more come.
    fn print_once(
        &mut self,
        addresses: impl Iterator<Item = String>,
        live: bool,
    ) -> Result<()> {
        for address in addresses {
            let row = Row { address, hits: None };
            self.print(&row, format_args!("{}", row.address))?;
        }
        if live { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        match self {
            Self::Text(out) | Self::Json(out) => out.flush()?,
            Self::Csv(writer) => writer.flush()?,
        }
        Ok(())
    }
}
