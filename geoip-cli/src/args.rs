//! What can be said on the command line.

use std::{num::NonZero, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

/// From anything with IP addresses in it to places, networks, groups and maps. Offline.
#[derive(Debug, Parser)]
#[command(
    name = "geoip",
    version,
    long_version = LONG_VERSION,
    propagate_version = true,
    after_help = "Examples:
  geoip map -o visitors.png access.log        where the visitors are
  geoip enrich /var/log/auth.log | head       who knocks most
  zcat access.log.*.gz | geoip cluster        visitors within 300 miles of each other
  geoip lookup 1.1.1.1 2606:4700::1111        everything known about two addresses

Exit codes: 0 done, 1 done but nothing found, 2 wrong usage or failure."
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
    /// Ask this database instead of the embedded ones (repeatable; the first to know a
    /// fact is believed) [env: `GEOIP_DB`]
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) db: Vec<PathBuf>,
    /// Mark the addresses, networks and AS numbers of this file: tor=exits.txt,
    /// hosting=ip-ranges.json; also vpn, proxy, relay, anonymous; lists of Tor, AWS, Google,
    /// Azure and Oracle need no mark; `embedded`: the lists of hosting and VPN systems of
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
    Map(Map),
    /// Tell about the databases
    Db(Db),
}

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
#[command(after_help = "Examples:
  geoip lookup 1.1.1.1
  geoip lookup --format json 2606:4700::1111 | jq .city
  geoip lookup --db GeoLite2-City.mmdb < addresses.txt")]
pub(crate) struct Lookup {
    /// Addresses; none: one a line from standard input
    #[arg(value_name = "ADDRESS")]
    pub(crate) addresses: Vec<String>,
    /// How to print
    #[arg(short, long, value_enum, default_value_t = TableFormat::Table)]
    pub(crate) format: TableFormat,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  geoip enrich access.log | head
  geoip enrich --format csv -o visitors.csv access.log.*.gz
  geoip enrich --list tor=torbulkexitlist --flag tor auth.log
  geoip enrich --format json auth.log | jq -r 'select(.country==\"BR\").address'")]
pub(crate) struct Enrich {
    /// How to print
    #[arg(short, long, value_enum, default_value_t = TableFormat::Table)]
    pub(crate) format: TableFormat,
    /// Print no more than this many records
    #[arg(long, value_name = "N")]
    pub(crate) top: Option<usize>,
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) facts: Facts,
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

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  geoip cluster access.log                           cliques within 300 miles
  geoip cluster --within 50km --min-places 3 auth.log
  geoip cluster --method cover --format csv access.log
  geoip cluster --method hierarchy --within 50km,300mi,1000km access.log
  geoip cluster --format geojson -o groups.geojson access.log
  geoip cluster --points places.csv --within 100km")]
pub(crate) struct Cluster {
    /// How far apart two places of a group may be: a number and km, mi, nmi or m; for a
    /// hierarchy several: 50km,300mi,1000km
    #[arg(long, value_name = "DISTANCE", default_value = "300mi")]
    pub(crate) within: String,
    /// What a group is [default: cliques, and if a budget stops the search for them, cover]
    #[arg(long, value_enum)]
    pub(crate) method: Option<Method>,
    /// How distances are measured
    #[arg(long, value_enum, default_value_t = DistanceKind::GreatCircle)]
    pub(crate) distance: DistanceKind,
    /// For dbscan, how many addresses within the distance make a place dense
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) min_points: u64,
    /// Leave out groups of fewer places
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) min_places: usize,
    /// Leave out groups of fewer hits
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) min_hits: u64,
    /// Stop after this many cliques, and say so [default: 100,000; with --top, of which
    /// only the heaviest are kept, 10 million]
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,
    /// Stop looking for cliques after this long, and say so: 10s, 5min, 2h [default: a
    /// minute; with --method cliques no end]
    #[arg(long, value_name = "DURATION")]
    pub(crate) time: Option<String>,
    /// Print no more than this many groups, the heaviest first
    #[arg(long, value_name = "N")]
    pub(crate) top: Option<usize>,
    /// Also group places known to a region or country only, at their default point
    #[arg(long)]
    pub(crate) include_coarse: bool,
    /// Write what was counted and left out, and whether all groups are there, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) summary: Option<PathBuf>,
    /// How to print
    #[arg(short, long, value_enum, default_value_t = ClusterFormat::Text)]
    pub(crate) format: ClusterFormat,
    /// What GeoJSON shows of a group
    #[arg(long, value_enum, value_delimiter = ',', default_value = "hulls,points")]
    pub(crate) shapes: Vec<Shape>,
    #[command(flatten)]
    pub(crate) places: PlaceInputs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClusterFormat {
    /// Each group with its places, for people
    Text,
    /// A line a group, for people
    Table,
    /// A JSON object a line, each a group
    Json,
    /// Comma-separated values with a header, a line a place of a group
    Csv,
    /// Shapes for other programs
    Geojson,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shape {
    /// The outline of each group
    Hulls,
    /// Each place of each group
    Points,
    /// A line between every two places of a group that are within the distance
    Edges,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DistanceKind {
    /// On a sphere: fast, and less than 0.6 % off
    GreatCircle,
    /// On the ellipsoid WGS 84: right to the millimetre
    Geodesic,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Method {
    /// All largest sets of places that are within the distance of each other; they overlap
    Cliques,
    /// Each place in one group, all of a group within the distance of each other
    Cover,
    /// As cover, at several distances, groups of one within groups of the next
    Hierarchy,
    /// Dense places chained with dense neighbours; a group can be of any size
    Dbscan,
    /// Each place in one group, chained by neighbours; a group can be of any size
    Components,
}

impl Method {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cliques => "cliques",
            Self::Cover => "cover",
            Self::Hierarchy => "hierarchy",
            Self::Dbscan => "dbscan",
            Self::Components => "components",
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  geoip map -o visitors.png access.log
  geoip map -o visitors.html access.log             one page that zooms, offline
  geoip map -o attacks.svg --layer choropleth --weight hits auth.log
  geoip map -o heat.png --layer heat --layer points --theme light access.log.gz")]
pub(crate) struct Map {
    /// What to draw, from the ground up (repeatable) [default: heat; for .html all]
    #[arg(short, long, value_enum)]
    pub(crate) layer: Vec<LayerKind>,
    /// Draw by distinct addresses or by hits
    #[arg(long, value_enum, default_value_t = Weight::Addresses)]
    pub(crate) weight: Weight,
    /// The picture's kind, if not told by the file's extension
    #[arg(short, long, value_enum)]
    pub(crate) format: Option<MapFormat>,
    /// The title [default: made of the names of the files]
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// How the globe is laid flat
    #[arg(long, value_enum, default_value_t = ProjectionKind::EqualEarth)]
    pub(crate) projection: ProjectionKind,
    /// The part of the world to draw: `world`, `auto` for what the data covers, or
    /// west,south,east,north in degrees
    #[arg(
        long,
        value_name = "EXTENT",
        default_value = "world",
        allow_hyphen_values = true
    )]
    pub(crate) extent: String,
    /// Width in pixels
    #[arg(long, value_name = "PX", default_value_t = 1600)]
    pub(crate) width: u32,
    /// Height in pixels [default: as the map needs]
    #[arg(long, value_name = "PX")]
    pub(crate) height: Option<u32>,
    /// How far one address glows [default: as suits the width]
    #[arg(long, value_name = "KM")]
    pub(crate) bandwidth: Option<f64>,
    /// Dark or light
    #[arg(long, value_enum, default_value_t = ThemeKind::Dark)]
    pub(crate) theme: ThemeKind,
    #[command(flatten)]
    pub(crate) places: PlaceInputs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LayerKind {
    /// How dense the addresses are
    Heat,
    /// A circle for each place, its area by count
    Points,
    /// A colour for each country
    Choropleth,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Weight {
    /// Each address counts once
    Addresses,
    /// Each address counts as often as it was seen
    Hits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MapFormat {
    /// Pixels
    Png,
    /// Shapes
    Svg,
    /// One page that zooms, pans and answers clicks, and fetches nothing
    Html,
    /// Places as GeoJSON points, for other programs
    Geojson,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProjectionKind {
    /// Equal area, for the world
    EqualEarth,
    /// A compromise with curved sides
    NaturalEarth,
    /// A compromise with a long history
    Robinson,
    /// True directions, false areas
    Mercator,
    /// Degrees as they are
    Equirectangular,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ThemeKind {
    /// For screens
    Dark,
    /// For paper
    Light,
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
}

#[derive(Debug, Args)]
pub(crate) struct DbInfo {
    /// How to print
    #[arg(short, long, value_enum, default_value_t = TableFormat::Table)]
    pub(crate) format: TableFormat,
}
