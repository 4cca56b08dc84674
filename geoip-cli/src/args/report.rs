//! What can be said to `geoip report`.

use clap::{Args, ValueEnum};

use super::{Facts, Inputs, ThemeKind};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  geoip report -o visitors.html access.log
  geoip report -o ssh.html --since 1h /var/log/auth.log
  geoip report -o public.html --redact access.log      addresses only to /24 and /48
  geoip report --format json access.log | jq .totals")]
pub(crate) struct Report {
    /// What to write, if not told by the file's extension
    #[arg(short, long, value_enum)]
    pub(crate) format: Option<ReportFormat>,
    /// The title [default: made of the names of the files]
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// Only lines from then on: 1h, 30min, 2d ago, or a time such as 2026-11-20T06:00:00Z
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
    /// Only lines before then
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
    /// How far apart two places of a group may be: a number and km, mi, nmi or m
    #[arg(long, value_name = "DISTANCE", default_value = "300mi")]
    pub(crate) within: String,
    /// Offer arcs to a place: latitude,longitude or an address
    #[arg(long, value_name = "PLACE", allow_hyphen_values = true)]
    pub(crate) home: Option<String>,
    /// What that place is called
    #[arg(long, value_name = "NAME", default_value = "")]
    pub(crate) home_name: String,
    #[command(flatten)]
    pub(crate) telling: Telling,
    /// Dark or light, where the reader's system has no wish
    #[arg(long, value_enum, default_value_t = ThemeKind::Dark)]
    pub(crate) theme: ThemeKind,
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) facts: Facts,
}

/// What a page tells of single addresses.
#[derive(Debug, Args)]
#[command(next_help_heading = "Pages")]
pub(crate) struct Telling {
    /// List no more than this many addresses one by one
    #[arg(long, value_name = "N", default_value_t = 3000)]
    pub(crate) addresses: usize,
    /// For a page that others will see: show the networks (/24 and /48) of addresses, or
    /// none, and neither user names nor the command line
    #[arg(long, value_enum, value_name = "HOW", num_args = 0..=1, require_equals = true,
          default_missing_value = "networks")]
    pub(crate) redact: Option<Redact>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// One page that fetches nothing
    Html,
    /// One object, as docs/report.schema.json describes it
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Redact {
    /// Networks instead of addresses: /24 and /48
    Networks,
    /// No addresses
    All,
}
