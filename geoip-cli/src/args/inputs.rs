//! What is read, and what of it is taken; the same for several commands.

use std::path::PathBuf;

use clap::Args;

/// What is read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
#[expect(clippy::struct_excessive_bools, reason = "options that one can give or not")]
pub(crate) struct Inputs {
    /// Logs or any other files, also gzip, bzip2, xz and zstd; patterns such as
    /// 'access.log*'; `-` or none is standard input
    #[arg(value_name = "FILE", help_heading = None)]
    pub(crate) files: Vec<PathBuf>,
    /// Read the files in folders
    #[arg(short, long)]
    pub(crate) recursive: bool,
    /// With --recursive, also read files and folders whose names begin with a dot
    #[arg(long)]
    pub(crate) hidden: bool,
    /// With --recursive, also read binary files
    #[arg(long)]
    pub(crate) binary: bool,
    /// The encoding of the text, such as utf-16le or latin1; auto: as a byte order mark
    /// says, else as it is; none: as it is
    #[arg(short = 'E', long, value_name = "ENCODING", default_value = "auto")]
    pub(crate) encoding: String,
    /// Also read addresses made unclickable, such as 192[.]0[.]2[.]1
    #[arg(long)]
    pub(crate) defang: bool,
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[command(flatten)]
    pub(crate) lines: Lines,
}

/// Which addresses are taken.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which addresses")]
pub(crate) struct Selection {
    /// IPv4 only
    #[arg(short = '4', long, conflicts_with = "ipv6")]
    pub(crate) ipv4: bool,
    /// IPv6 only
    #[arg(short = '6', long)]
    pub(crate) ipv6: bool,
    /// Only addresses of this scope: global, private, loopback, … (repeatable), or all
    #[arg(long, value_name = "SCOPE", value_delimiter = ',', default_value = "all")]
    pub(crate) scope: Vec<String>,
    /// Only addresses in this network, range or file of such (repeatable)
    #[arg(long, value_name = "NETWORK|FILE", value_delimiter = ',')]
    pub(crate) include: Vec<String>,
    /// No addresses in this network, range or file of such; but for extract, also none that
    /// are marked tor, vpn, hosting, proxy, relay or anonymous (repeatable)
    #[arg(long, value_name = "NETWORK|FILE|FLAG", value_delimiter = ',')]
    pub(crate) exclude: Vec<String>,
    /// Turn on a rule of what counts as an address (repeatable)
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) rule: Vec<String>,
    /// Turn off a rule of what counts as an address (repeatable)
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) no_rule: Vec<String>,
}

/// Which records are taken, by what is known about them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which addresses")]
pub(crate) struct Facts {
    /// Only addresses marked tor, vpn, hosting, proxy, relay or anonymous (repeatable: any)
    #[arg(long, value_name = "FLAG", value_delimiter = ',')]
    pub(crate) flag: Vec<String>,
    /// Only addresses in this country, by its two letters (repeatable: any)
    #[arg(long, value_name = "COUNTRY", value_delimiter = ',')]
    pub(crate) country: Vec<String>,
    /// Only addresses of this autonomous system: AS13335 (repeatable: any)
    #[arg(long, value_name = "ASN", value_delimiter = ',')]
    pub(crate) asn: Vec<String>,
}

/// Where in a line the address is taken from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Logs")]
pub(crate) struct Lines {
    /// Take the client of each line of a log in this format, and no other address: common,
    /// combined, w3c, nginx-error, apache-error, sshd, syslog, jsonl, csv, tsv; or auto for
    /// what the first lines look like
    #[arg(long, value_name = "FORMAT")]
    pub(crate) log: Option<String>,
    /// The key or column of the client, in jsonl, csv, tsv and w3c: `client_ip`,
    /// `http.client`, `3`
    #[arg(long, value_name = "NAME", requires = "log")]
    pub(crate) field: Option<String>,
    /// The key or column of the time
    #[arg(long, value_name = "NAME", requires = "log")]
    pub(crate) time_field: Option<String>,
    /// The key or column of the addresses that proxies forwarded for
    #[arg(long, value_name = "NAME", requires = "log")]
    pub(crate) forwarded_field: Option<String>,
    /// What separates the cells of csv
    #[arg(long, value_name = "CHAR", requires = "log")]
    pub(crate) delimiter: Option<char>,
    /// Believe what these say about for whom they ask: networks, or `private` for all
    /// private ones (repeatable)
    #[arg(long, value_name = "NETWORK", requires = "log")]
    pub(crate) trusted_proxy: Vec<String>,
    /// The zone of times that name none: UTC, +02:00, Europe/Berlin [default: that of this
    /// machine]
    #[arg(long, value_name = "ZONE")]
    pub(crate) time_zone: Option<String>,
}

/// What is drawn or grouped: the addresses of logs, or places given as they are.
#[derive(Debug, Args)]
pub(crate) struct PlaceInputs {
    /// Read places instead of addresses: CSV with `latitude` and `longitude` (also
    /// `weight`, `label`, `country`) in its header, JSON objects with such keys, GeoJSON
    /// points, or `lat lon [weight]` a line
    #[arg(long, value_name = "FILE", conflicts_with_all = ["files", "recursive"])]
    pub(crate) points: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) facts: Facts,
}
