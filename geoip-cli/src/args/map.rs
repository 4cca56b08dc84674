//! What can be said to `geoip map`.

use clap::{Args, ValueEnum};

use super::PlaceInputs;

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
