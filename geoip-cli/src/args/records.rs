//! How records are printed: `lookup` and `enrich`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Facts, Inputs};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RecordFormat {
    /// A table for people
    Table,
    /// A JSON object a line
    Json,
    /// Comma-separated values with a header
    Csv,
    /// A file of columns, for databases and data frames
    #[cfg(feature = "parquet")]
    Parquet,
}

/// What of each record is printed, and in which order.
#[derive(Debug, Args)]
pub(crate) struct Columns {
    /// How to print [default: as the name of --output ends, else table]
    #[arg(short, long, value_enum)]
    pub(crate) format: Option<RecordFormat>,
    /// Print these fields, in this order; an unknown one, such as `?`, prints their names
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',')]
    pub(crate) fields: Vec<String>,
    /// Sort by these fields, such as country,hits:asc; counts go from the highest, all else
    /// from the lowest, unless told
    #[arg(long, value_name = "FIELD[:asc|desc],…", value_delimiter = ',')]
    pub(crate) sort: Vec<String>,
    /// Print no more than this many lines
    #[arg(long, value_name = "N")]
    pub(crate) top: Option<usize>,
}

/// What is asked for about hosts beside databases.
#[derive(Debug, Args)]
#[command(next_help_heading = "More about hosts")]
pub(crate) struct HostOptions {
    /// Add the names, open ports and system that a scan found: the XML of `nmap -oX`; nothing
    /// is scanned (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(crate) nmap: Vec<PathBuf>,
    /// Ask DNS for the name of each address, and whether the name has the address; they leave
    /// this machine, and it is said how many do
    #[arg(long)]
    pub(crate) reverse_dns: bool,
    /// Ask this server instead of those of the system, private addresses too if it is on a
    /// private network (repeatable: in turn)
    #[arg(long, value_name = "ADDRESS[:PORT]", requires = "reverse_dns")]
    pub(crate) dns_server: Vec<String>,
    /// For how many seconds to wait for a reply, twice
    #[arg(long, value_name = "SECONDS", requires = "reverse_dns", default_value_t = 2)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=60))]
    pub(crate) dns_timeout: u16,
    /// How many questions are on their way at once
    #[arg(long, value_name = "N", requires = "reverse_dns", default_value_t = 32)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(crate) dns_concurrency: u16,
    /// Ask for no more than the first so many addresses
    #[arg(long, value_name = "N", requires = "reverse_dns", default_value_t = 10_000)]
    pub(crate) dns_most: usize,
    /// Keep the names in this file, each for as long as DNS says that it holds
    #[arg(long, value_name = "FILE", requires = "reverse_dns")]
    pub(crate) dns_cache: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  geoip lookup 1.1.1.1
  geoip lookup --format json 2606:4700::1111 | jq .city
  geoip lookup --fields address,country,asn --sort asn < addresses.txt
  geoip lookup --db GeoLite2-City.mmdb < addresses.txt")]
pub(crate) struct Lookup {
    /// Addresses; `-` or none: one a line from standard input
    #[arg(value_name = "ADDRESS")]
    pub(crate) addresses: Vec<String>,
    #[command(flatten)]
    pub(crate) columns: Columns,
    #[command(flatten)]
    pub(crate) hosts: HostOptions,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  geoip enrich access.log | head
  geoip enrich -o visitors.csv access.log.*.gz
  geoip enrich --fields hits,address,city --sort city access.log
  geoip enrich --by country access.log             how many, of which country
  geoip enrich --by asn --top 10 auth.log          the operators that knock most
  geoip enrich --by country --exclude tor,vpn,hosting --set-aside hidden.csv \\
    --list tor=torbulkexitlist -o countries.csv participants.txt
  geoip enrich --list tor=torbulkexitlist --flag tor auth.log
  geoip enrich --top 20 --reverse-dns auth.log     with names, of 20 addresses
  geoip enrich --format json auth.log | jq -r 'select(.country==\"BR\").address'")]
pub(crate) struct Enrich {
    #[command(flatten)]
    pub(crate) columns: Columns,
    /// Instead of each address, count those that have these fields in common: country, city,
    /// asn, flag, scope, …
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',')]
    pub(crate) by: Vec<String>,
    /// Write what `--exclude tor,vpn,…` set aside to this file, counted by --set-aside-by
    #[arg(long, value_name = "FILE")]
    pub(crate) set_aside: Option<PathBuf>,
    /// By which fields --set-aside counts
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',', requires = "set_aside")]
    #[arg(default_value = "organization")]
    pub(crate) set_aside_by: Vec<String>,
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) facts: Facts,
    #[command(flatten)]
    pub(crate) hosts: HostOptions,
}
