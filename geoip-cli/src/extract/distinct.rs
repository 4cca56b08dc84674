//! Each address once.

use std::io::Write;

use anyhow::Result;
use geoip_core::{AddressTally, Tally};
use geoip_extract::NetworkForms;
use serde::Serialize;

use super::spelling::{self, Network, alone};
use crate::{
    args::TextFormat,
    output::Out,
    search::{Noting, Part, Search},
};

/// What `--unique` and `--count` print of an address or network.
#[derive(Serialize)]
struct Row {
    address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hits: Option<u64>,
}

/// Print each address or network with its hits, most first.
pub(super) fn print_counts(
    search: &Search<'_>,
    forms: NetworkForms,
    format: TextFormat,
    out: &mut Out<'_>,
) -> Result<bool> {
    if forms == NetworkForms::default() {
        let tally = search.count(Noting::default())?.tally;
        let rows = tally.most_frequent();
        print_rows(rows.map(|(address, hits)| (alone(address), hits)), format, out)
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
        print_rows(all.top(usize::MAX).into_iter(), format, out)
    }
}

fn print_rows(
    rows: impl Iterator<Item = (Network, u64)>,
    format: TextFormat,
    out: &mut Out<'_>,
) -> Result<bool> {
    let mut rows = rows.peekable();
    let most = rows.peek().map_or(0, |(_, hits)| *hits).to_string().len();
    let found = rows.peek().is_some();
    let mut printer = Printer::new(format, out);
    for (network, hits) in rows {
        printer.print(network, Some((hits, most)))?;
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
            |new, live| printer.print_once(new.into_iter().map(alone), live),
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
            |new, live| printer.print_once(new.into_iter(), live),
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
    /// With lines that were made but not written.
    Text(Vec<u8>, &'o mut Out<'o>),
    Json(&'o mut Out<'o>),
    Csv(Box<csv::Writer<&'o mut Out<'o>>>),
}

impl<'o> Printer<'o> {
    fn new(format: TextFormat, out: &'o mut Out<'o>) -> Self {
        match format {
            TextFormat::Text => Self::Text(Vec::new(), out),
            TextFormat::Json => Self::Json(out),
            TextFormat::Csv => Self::Csv(Box::new(csv::Writer::from_writer(out))),
        }
    }

    /// Print a network, and its hits if they are given, in a column of a width.
    fn print(&mut self, network: Network, hits: Option<(u64, usize)>) -> Result<()> {
        let row = || Row {
            address: spelling::of_network(network),
            hits: hits.map(|(hits, _)| hits),
        };
        match self {
            Self::Text(text, out) => {
                if let Some((hits, width)) = hits {
                    write!(text, "{hits:>width$} ")?;
                }
                spelling::push_network(text, network);
                text.push(b'\n');
                if text.len() >= 1 << 16 {
                    out.write_all(text)?;
                    text.clear();
                }
            }
            Self::Json(out) => {
                serde_json::to_writer(&mut **out, &row())?;
                out.write_all(b"\n")?;
            }
            Self::Csv(writer) => writer.serialize(row())?,
        }
        Ok(())
    }

    /// Print networks without hits, and pass them on if nobody knows when more come.
    fn print_once(
        &mut self,
        networks: impl Iterator<Item = Network>,
        live: bool,
    ) -> Result<()> {
        for network in networks {
            self.print(network, None)?;
        }
        if live { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        match self {
            Self::Text(text, out) => {
                out.write_all(text)?;
                text.clear();
                out.flush()?;
            }
            Self::Json(out) => out.flush()?,
            Self::Csv(writer) => writer.flush()?,
        }
        Ok(())
    }
}
