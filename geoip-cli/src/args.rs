//! What can be said on the command line: in general, and to the small commands.

mod cluster;
mod database;
mod extract;
mod fetch;
mod inputs;
mod map;
mod records;
mod report;
mod service;

use std::{num::NonZero, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::{
    cluster::{Cluster, ClusterFormat, DistanceKind, Method, Shape},
    database::{CompactKind, DbBuild, DbExport},
    extract::Extract,
    fetch::{DbList, DbUpdate},
    inputs::{Facts, Inputs, Lines, PlaceInputs, Selection},
    map::{
        ClassKind, ColorKind, HeatOptions, LayerKind, LineOptions, Map, MapFormat,
        MarkKind, ProjectionKind, ScaleKind, ThemeKind, Weight,
    },
    records::{Columns, Enrich, HostOptions, Lookup, RecordFormat},
    report::{Redact, Report, ReportFormat, Telling},
    service::ServiceOptions,
};

/// From anything with IP addresses in it to places, networks, groups and maps. Offline.
#[derive(Debug, Parser)]
#[command(
    name = "geoip",
    version,
    long_version = LONG_VERSION,
    propagate_version = true,
    after_help = "Examples:
  geoip map -o visitors.png access.log        where the visitors are
  geoip report -o visitors.html access.log    everything on one page that needs no network
  geoip enrich /var/log/auth.log | head       who knocks most
  zcat access.log.*.gz | geoip cluster        visitors within 300 miles of each other
  geoip lookup 1.1.1.1 2606:4700::1111        everything known about two addresses

Exit codes: 0 done, 1 done but nothing found, 2 wrong usage or failure, 3 stopped early: part
of the answer."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) global: Global,
}

/// Version, and the credits that the licences of the embedded data ask for.
const LONG_VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\n\nEmbedded data:\n",
    "  cities: IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0, changed\n",
    "  networks: RouteViews, NRO and DB-IP (https://db-ip.com), CC BY 4.0, changed\n",
    "  base map: made with Natural Earth, public domain\n",
    "`geoip db info` says how old they are."
);

#[derive(Debug, Args)]
#[command(next_help_heading = "All commands")]
pub(crate) struct Global {
    /// Ask this database instead of the embedded ones: a file, a folder of .mmdb files,
    /// `system` for those of the operating system, `embedded` for those of this program
    /// (repeatable; the first to know a fact is believed) [env: `GEOIP_DB`]
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) db: Vec<PathBuf>,
    /// Take names in this language where a database has them, else in English: de, pt-BR;
    /// several in the order in which they are preferred
    #[arg(long, value_name = "LANGUAGE", global = true, value_delimiter = ',')]
    pub(crate) lang: Vec<String>,
    /// Mark the addresses, networks and AS numbers of this file: tor=exits.txt,
    /// hosting=ip-ranges.json; also vpn, proxy, relay, anonymous; lists of Tor, AWS, Google,
    /// Azure and Oracle need no mark; what `geoip db list` calls it, if it is installed;
    /// `embedded`: the lists of hosting and VPN systems of
    /// this program, which are asked anyway for --flag and --exclude (repeatable)
    #[arg(long, value_name = "[FLAG=]FILE", global = true)]
    pub(crate) list: Vec<String>,
    /// Mark as hosting the organizations whose name has one of the words in this file;
    /// `default`: known companies
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) hosting_words: Option<PathBuf>,
    /// Take the places of these networks, private ones too, from this file: CSV of
    /// `network,name,country,region,city,latitude,longitude`, or a geofeed (repeatable)
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) places: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) service: ServiceOptions,
    /// Write the result to this file, whole or not at all
    #[arg(short, long, value_name = "FILE", global = true)]
    pub(crate) output: Option<PathBuf>,
    /// Say nothing but results and errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// How many threads work [default: one a processor]
    #[arg(long, value_name = "N", global = true)]
    pub(crate) threads: Option<NonZero<usize>>,
    /// When to colour results
    #[arg(long, value_name = "WHEN", global = true, default_value_t = Color::Auto)]
    #[arg(value_enum)]
    pub(crate) color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print the addresses found in files or standard input
    Extract(Extract),
    /// Print everything known about addresses
    Lookup(Lookup),
    /// Print one record for each distinct address of a log, most hits first
    Enrich(Enrich),
    /// Print the groups of places that are all near each other
    Cluster(Cluster),
    /// Draw where the addresses are
    Map(Box<Map>),
    /// Make one page of everything: map, time, tables, groups
    Report(Report),
    /// Tell about the databases
    Db(Db),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextFormat {
    /// Lines for people
    Text,
    /// A JSON object a line
    Json,
    /// Comma-separated values with a header
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// A table for people
    Table,
    /// A JSON object a line
    Json,
    /// Comma-separated values with a header
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct Db {
    #[command(subcommand)]
    pub(crate) command: DbCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DbCommand {
    /// Print which databases answer, how old they are, and whom to credit
    Info(DbInfo),
    /// Write what the databases answer as one file in MaxMind's format, for other programs
    Export(DbExport),
    /// Write a database in the compact format, which is a fifth as large
    #[command(visible_alias = "compact")]
    Build(DbBuild),
    /// Print which databases and lists can be fetched, and which are installed
    List(DbList),
    /// Fetch databases and lists: the one command that goes to the network
    Update(DbUpdate),
}

#[derive(Debug, Args)]
pub(crate) struct DbInfo {
    /// Read the databases whole, and count their ranges of addresses: finds what is damaged
    #[arg(long)]
    pub(crate) count: bool,
    /// How to print
    #[arg(short, long, value_enum, default_value_t = TableFormat::Table)]
    pub(crate) format: TableFormat,
}
