//! What can be said to the commands that write databases.

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  geoip db export -o embedded.mmdb
  geoip db export --db networks.csv -o networks.mmdb
  geoip db export --db city.mmdb --db asn.mmdb -o both.mmdb

It is written with --output. Names are in English or in the language of --lang.")]
pub(crate) struct DbExport {
    /// What the database is called in its metadata
    #[arg(long, value_name = "NAME", default_value = "geoip")]
    pub(crate) name: String,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  geoip db build --db dbip-city-lite.mmdb -o city.bin
  geoip db build --db networks.csv --of asn -o asn.bin
  geoip lookup --db city.bin 1.1.1.1

IPv6 is answered by the first 48 bits. A compact file has either places or autonomous systems.")]
pub(crate) struct DbBuild {
    /// What to take [default: places if the database has them]
    #[arg(long, value_enum)]
    pub(crate) of: Option<CompactKind>,
    /// Let the largest city within so many kilometres stand for the others of its region
    #[arg(long, value_name = "KM", default_value_t = 0)]
    pub(crate) radius_km: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompactKind {
    /// Countries, regions, cities and points
    City,
    /// Autonomous systems and their organizations
    Asn,
}
