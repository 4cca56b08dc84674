//! Builds what the crates embed from its published sources.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a tool that packs numbers into few bytes; what it writes is read back"
)]
#![expect(clippy::print_stdout, reason = "a program, and what it prints is its result")]

mod asn;
mod basemap;
mod city;
mod measure;
mod source;

use clap::{Parser, Subcommand};

/// Build the data that the crates of the workspace embed.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    target: Target,
}

#[derive(Debug, Subcommand)]
enum Target {
    /// The city database of geoip-data-city.
    City(city::Arguments),
    /// The autonomous-system database of geoip-data-asn.
    Asn(asn::Arguments),
    /// Measure a city file: loading, memory, speed and accuracy.
    Measure(measure::Arguments),
    /// The base maps of geoip-render.
    Basemap(basemap::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().target {
        Target::City(arguments) => city::build(&arguments),
        Target::Asn(arguments) => asn::build(&arguments),
        Target::Measure(arguments) => measure::run(&arguments),
        Target::Basemap(arguments) => basemap::build(&arguments),
    }
}
