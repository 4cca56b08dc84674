//! What can be said to `geoip extract`.

use clap::Args;

use super::{Inputs, TextFormat};

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "options that one can give or not")]
#[command(after_help = "Examples:
  geoip extract access.log                      each address, as it is written
  geoip extract --count access.log | head       the busiest addresses
  geoip extract --unique --scope global -r /var/log
  geoip extract --only-line --exclude office.txt auth.log
  geoip extract --follow --log sshd --tag auth.log
  geoip extract --tag access.log                each line, with places beside addresses
  geoip extract --replace '{address} ({organization})' mail.eml
  geoip extract --unique --cidr --range firewall.conf
  geoip extract --format json mail.eml          with file, line and byte offset")]
pub(crate) struct Extract {
    /// Print each address once, in the order of first appearance
    #[arg(short, long, group = "what")]
    pub(crate) unique: bool,
    /// Print each address once with its hits, most first
    #[arg(short, long, group = "what")]
    pub(crate) count: bool,
    /// Print the whole lines that hold an address
    #[arg(short = 'l', long, group = "what")]
    pub(crate) only_line: bool,
    /// Print everything, with a note behind each address: its country, city and AS
    #[arg(long, group = "what")]
    pub(crate) tag: bool,
    /// Print everything, with each address replaced by this; {address}, {country}, {city},
    /// {asn} and the other keys of `geoip lookup --format json` are filled in
    #[arg(long, value_name = "TEMPLATE", group = "what")]
    pub(crate) replace: Option<String>,
    /// Print networks as such: 192.0.2.0/24, 10.0.0.0/255.0.0.0
    #[arg(long, conflicts_with_all = ["only_line", "tag", "replace"])]
    pub(crate) cidr: bool,
    /// Print ranges, 192.0.2.1-192.0.2.9, as the networks they consist of
    #[arg(long, conflicts_with_all = ["only_line", "tag", "replace"])]
    pub(crate) range: bool,
    /// Print the file before each address
    #[arg(short = 'H', long, alias = "with-file", conflicts_with_all = ["unique", "count", "tag", "replace"])]
    pub(crate) with_filename: bool,
    /// Print the line number before each address
    #[arg(short = 'n', long, conflicts_with_all = ["unique", "count", "tag", "replace"])]
    pub(crate) line_number: bool,
    /// Print the byte offset before each address
    #[arg(short = 'b', long, conflicts_with_all = ["unique", "count", "tag", "replace"])]
    pub(crate) byte_offset: bool,
    /// Go on when the end is reached: print what is added to files as it comes, also after
    /// they are rotated or truncated
    #[arg(short = 'F', long, conflicts_with_all = ["count", "recursive"])]
    pub(crate) follow: bool,
    /// Name the rules of what counts as an address, and end
    #[arg(long)]
    pub(crate) list_rules: bool,
    /// How to print
    #[arg(short, long, value_enum, default_value_t = TextFormat::Text)]
    pub(crate) format: TextFormat,
    #[command(flatten)]
    pub(crate) inputs: Inputs,
}
