//! Builds what the crates embed from its published sources.

mod asn;
mod basemap;
mod city;

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
    /// The base maps of geoip-render.
    Basemap(basemap::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().target {
        Target::City(arguments) => city::build(&arguments),
        Target::Asn(arguments) => asn::build(&arguments),
        Target::Basemap(arguments) => basemap::build(&arguments),
    }
}
