//! `geoip lookup`: everything known about some addresses.

use std::{
    io::{self, BufRead},
    net::IpAddr,
};

use anyhow::{Context, Result};

use crate::{
    args::{Global, Lookup},
    databases,
    enrich::{Plan, Row},
    failure::Hinted,
    hosts::Hosts,
    output::Outcome,
    services,
};

/// Addresses that are answered so fast that databases need not be read for them.
const FEW: usize = 100;

pub(crate) fn run(global: &Global, options: &Lookup) -> Result<Outcome> {
    let plan = Plan::new(global, &options.columns, &[])?;
    let addresses = addresses(&options.addresses)?;
    let mut hosts = Hosts::open(global, &options.hosts)?;
    hosts.ask(global, addresses.iter().copied().take(plan.rows_needed()))?;
    let answers = services::ask(global, || addresses.iter().copied())?;
    let enricher = if addresses.len() <= FEW {
        databases::open_briefly(global, answers)?
    } else {
        databases::open(global, answers)?
    };
    if let Some(&first) = addresses.first() {
        enricher.prepare(first);
    }
    let mut known = false;
    let rows = addresses.into_iter().map(|address| {
        let row = Row::lookup(enricher.enrich(address)?, hosts.facts(address));
        known |= row.is_known();
        Ok(row)
    });
    plan.write(global, rows)?;
    Ok(Outcome::of(known))
}

/// The addresses of the command line, and one from each line of standard input where `-`
/// stands or nothing.
fn addresses(arguments: &[String]) -> Result<Vec<IpAddr>> {
    if arguments.is_empty() {
        return from_standard_input();
    }
    let mut addresses = Vec::new();
    for argument in arguments {
        match argument.as_str() {
            "-" => addresses.extend(from_standard_input()?),
            text => addresses.push(parse(text, "")?),
        }
    }
    Ok(addresses)
}

fn from_standard_input() -> Result<Vec<IpAddr>> {
    let mut addresses = Vec::new();
    for (number, line) in io::stdin().lock().lines().enumerate() {
        let line = line.context("cannot read standard input")?;
        if !line.trim().is_empty() {
            let place = format!(" in line {} of standard input", number + 1);
            addresses.push(parse(line.trim(), &place)?);
        }
    }
    Ok(addresses)
}

fn parse(text: &str, place: &str) -> Result<IpAddr> {
    text.parse().map_err(|_| {
        Hinted::error(
            format!("`{text}`{place} is not an IP address"),
            "`geoip enrich` finds addresses in any text",
        )
    })
}
