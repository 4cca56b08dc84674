//! What can be said to the commands that keep databases up to date.

use std::path::PathBuf;

use clap::Args;

use super::TableFormat;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  geoip db list
  geoip db list --installed --format json | jq -r .file")]
pub(crate) struct DbList {
    /// Look here for what is installed [default: `geoip` in the user's folder for data, and
    /// the usual folders of the system]
    #[arg(long, value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,
    /// Print only what is installed
    #[arg(long)]
    pub(crate) installed: bool,
    /// How to print
    #[arg(short, long, value_enum, default_value_t = TableFormat::Table)]
    pub(crate) format: TableFormat,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  geoip db update                             what is installed; at first, DB-IP Lite
  geoip db update dbip-city tor-exits aws
  geoip db update --dry-run GeoLite2-City     what would be asked, and of whom
  geoip db update --account-id 42 --license-key-file key.txt GeoLite2-City

Keys never stand on the command line. MaxMind's come from GeoIP.conf, from
GEOIPUPDATE_ACCOUNT_ID and GEOIPUPDATE_LICENSE_KEY or a file; tokens from IPINFO_TOKEN and
IP2LOCATION_TOKEN or a file. A proxy is taken from HTTPS_PROXY, and NO_PROXY is kept.")]
pub(crate) struct DbUpdate {
    /// What to update: names that `geoip db list` prints, editions of MaxMind such as
    /// GeoIP2-ISP, ip2location:CODE; none: what is installed and what GeoIP.conf names
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Say what would be asked, and ask nobody
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Fetch again what is current
    #[arg(long)]
    pub(crate) force: bool,
    /// Install here [default: `geoip` in the user's folder for data]
    #[arg(long, value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,
    /// Ask there instead of at the provider's (repeatable): `dbip=https://mirror.example/dbip`
    #[arg(long, value_name = "PROVIDER=URL")]
    pub(crate) mirror: Vec<String>,
    /// The number of the account with MaxMind
    #[arg(long, value_name = "NUMBER")]
    pub(crate) account_id: Option<String>,
    /// A file with the licence key of MaxMind
    #[arg(long, value_name = "FILE")]
    pub(crate) license_key_file: Option<PathBuf>,
    /// A file with the token of IPinfo
    #[arg(long, value_name = "FILE")]
    pub(crate) ipinfo_token_file: Option<PathBuf>,
    /// A file with the download token of IP2Location
    #[arg(long, value_name = "FILE")]
    pub(crate) ip2location_token_file: Option<PathBuf>,
    /// The settings of geoipupdate [default: /etc/GeoIP.conf or /usr/local/etc/GeoIP.conf, if
    /// there is one]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// How to print
    #[arg(short, long, value_enum, default_value_t = TableFormat::Table)]
    pub(crate) format: TableFormat,
}
