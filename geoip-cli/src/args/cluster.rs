//! What can be said to `geoip cluster`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::PlaceInputs;

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
