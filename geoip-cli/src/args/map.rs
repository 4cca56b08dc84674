//! What can be said to `geoip map`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{PlaceInputs, Telling};

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
    /// How the globe is laid flat [default: equal area, as suits the extent]
    #[arg(long, value_enum)]
    pub(crate) projection: Option<ProjectionKind>,
    /// The place in the middle; a globe otherwise shows the side with most of the data
    #[arg(long, value_name = "LAT,LON", allow_hyphen_values = true)]
    pub(crate) center: Option<String>,
    /// The part of the world to draw: `world`, `auto` for what the data covers, a
    /// country such as `FR`, or west,south,east,north in degrees
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
    /// Dark or light
    #[arg(long, value_enum, default_value_t = ThemeKind::Dark)]
    pub(crate) theme: ThemeKind,
    /// Let what is behind the picture show through
    #[arg(long)]
    pub(crate) transparent: bool,
    /// Dots an inch, told to whoever prints a PNG
    #[arg(long, value_name = "N")]
    pub(crate) dpi: Option<f64>,
    /// Give countries their names where there is room
    #[arg(long)]
    pub(crate) country_names: bool,
    /// Name so many of the largest cities in view where there is room
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) city_names: usize,
    /// A TrueType or OpenType font for letters that the embedded one lacks
    #[arg(long, value_name = "FILE")]
    pub(crate) font: Option<PathBuf>,
    /// Make an animated PNG of so many frames over the time of the log, each of what was
    /// seen in its part of it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(2..=300))]
    pub(crate) frames: Option<u16>,
    /// How long each frame is shown
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 400)]
    pub(crate) frame_time: u16,
    /// Lay fetched tiles under the map, in Mercator: osm, opentopomap, carto-light,
    /// carto-dark, or an address with {z}, {x} and {y}. Tells their owner what you look at
    #[arg(long, value_name = "SOURCE")]
    pub(crate) tiles: Option<String>,
    /// Whose tiles these are, where the address does not tell
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) tiles_credit: String,
    #[command(flatten)]
    pub(crate) heat: HeatOptions,
    #[command(flatten)]
    pub(crate) points: PointOptions,
    #[command(flatten)]
    pub(crate) countries: CountryOptions,
    #[command(flatten)]
    pub(crate) lines: LineOptions,
    #[command(flatten)]
    pub(crate) telling: Telling,
    #[command(flatten)]
    pub(crate) places: PlaceInputs,
}

/// How density becomes light.
#[derive(Debug, Args)]
#[command(next_help_heading = "Heat")]
pub(crate) struct HeatOptions {
    /// How far one address glows: `80` or `80km` on the ground, `12px` on the picture
    /// [default: as suits the width]
    #[arg(long, value_name = "WIDTH")]
    pub(crate) bandwidth: Option<String>,
    /// One Gaussian kernel instead of a wide and a narrow one
    #[arg(long)]
    pub(crate) single_kernel: bool,
    /// Spread each address at least as far as its accuracy radius
    #[arg(long)]
    pub(crate) uncertainty: bool,
    /// Count in cells instead: `hexagons` or `squares`, with a width: `hexagons:100km`
    #[arg(long, value_name = "CELLS")]
    pub(crate) bins: Option<String>,
    /// How densities become colours
    #[arg(long, value_enum, default_value_t = ScaleKind::Log)]
    pub(crate) scale: ScaleKind,
    /// Colours of heat and countries: inferno, magma, plasma, viridis, cividis, turbo,
    /// fire, ylgnbu, greys, or your own from little to much: #000040,#ff0000,#ffff00
    #[arg(long, value_name = "COLOURS", default_value = "auto")]
    pub(crate) palette: String,
    /// How opaque the densest places are, 0 to 1 [default: 0.94]
    #[arg(long, value_name = "SHARE")]
    pub(crate) opacity: Option<f64>,
    /// Where colours begin, per 10,000 km²
    #[arg(long, value_name = "DENSITY")]
    pub(crate) floor: Option<f64>,
    /// Where colours end, per 10,000 km²
    #[arg(long, value_name = "DENSITY")]
    pub(crate) ceiling: Option<f64>,
}

/// Marks at places.
#[derive(Debug, Args)]
#[command(next_help_heading = "Points")]
pub(crate) struct PointOptions {
    /// What the colours of points tell
    #[arg(long, value_enum, default_value_t = ColorKind::One)]
    pub(crate) color_by: ColorKind,
    /// What is drawn at a place
    #[arg(long, value_enum, default_value_t = MarkKind::Circle)]
    pub(crate) mark: MarkKind,
    /// Name so many of the places with most, as far as there is room
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) labels: usize,
    /// Draw places nearer to a larger one than this as a part of it
    #[arg(long, value_name = "PX")]
    pub(crate) merge: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorKind {
    /// Nothing: one for all
    One,
    /// How much is there
    Count,
    /// The country
    Country,
    /// What most addresses there are: tor, vpn, hosting, …
    Flag,
    /// What most addresses there are: source, destination or both, by words and arrows
    /// beside them, such as SRC= and DST=
    Direction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MarkKind {
    /// Its area by count
    Circle,
    /// As large for few as for many
    Dot,
    /// As large for few as for many
    Cross,
}

/// Colours of countries.
#[derive(Debug, Args)]
#[command(next_help_heading = "Countries")]
pub(crate) struct CountryOptions {
    /// Which counts share a colour
    #[arg(long, value_enum, default_value_t = ClassKind::Log)]
    pub(crate) classes: ClassKind,
    /// Draw counts below and above these like these
    #[arg(long, value_name = "LEAST,MOST")]
    pub(crate) range: Option<String>,
    /// List so many countries with most beside the map
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) table: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClassKind {
    /// Growing by about the same factor, at round numbers
    Log,
    /// Of equal width, at round numbers
    Equal,
    /// With about as many countries in each
    Quantile,
    /// Where the gaps are
    Jenks,
    /// None: colours in proportion
    Linear,
    /// A colour of its own for the eight countries with most
    Distinct,
}

/// Groups, and lines to a place.
#[derive(Debug, Args)]
#[command(next_help_heading = "Groups and arcs")]
pub(crate) struct LineOptions {
    /// Places of a group lie within this of each other
    #[arg(long, value_name = "DISTANCE", default_value = "300mi")]
    pub(crate) within: String,
    /// How many groups are drawn at most, those with most
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(crate) top: usize,
    /// Where arcs lead: latitude,longitude or an address
    #[arg(long, value_name = "PLACE", allow_hyphen_values = true)]
    pub(crate) home: Option<String>,
    /// What that place is called
    #[arg(long, value_name = "NAME", default_value = "")]
    pub(crate) home_name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScaleKind {
    /// Tenfold is a step
    Log,
    /// In proportion
    Linear,
    /// Each colour fills the same area
    Quantile,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LayerKind {
    /// How dense the addresses are
    Heat,
    /// A circle for each place, its area by count
    Points,
    /// A colour for each country
    Choropleth,
    /// Outlines around places near each other
    Groups,
    /// Lines from all places to a home
    Arcs,
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
    /// Density as numbers a cell, for other programs
    Geotiff,
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
    /// A globe, seen from far away
    Orthographic,
    /// Equal area around a place, for regions and poles
    AzimuthalEqualArea,
    /// True angles around a place
    Stereographic,
    /// Equal area, for a wide region away from the equator
    Albers,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ThemeKind {
    /// For screens
    Dark,
    /// For paper
    Light,
}
