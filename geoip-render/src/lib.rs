//! Maps of addresses as inert data, drawn to PNG, SVG and one-file HTML.
//!
//! A [`Map`] holds everything that its drawing needs. Drawing touches no file, clock,
//! network or global state, so the same map gives the same bytes everywhere; base map
//! and font are part of the crate.
//!
//! ```
//! use geoip_core::{LatLng, WeightedPoint};
//! use geoip_render::{Extent, Heat, Map, Marker, Points, Unit, svg};
//!
//! let (reykjavik, akureyri) = (LatLng::new(64.15, -21.94)?, LatLng::new(65.68, -18.09)?);
//! let map = Map::new("Where the requests come from")
//!     .subtitle("930 addresses in 2 cities")
//!     .note("3 addresses are private and have no place")
//!     .credit("IP Geolocation by DB-IP", "https://db-ip.com")
//!     .extent(Extent::Auto)
//!     .layer(Heat::new(
//!         vec![
//!             WeightedPoint { point: reykjavik, weight: 900 },
//!             WeightedPoint { point: akureyri, weight: 30 },
//!         ],
//!         Unit::Addresses,
//!     ))
//!     .layer(Points::new(
//!         vec![Marker::new(reykjavik, 900, "Reykjavík"), Marker::new(akureyri, 30, "Akureyri")],
//!         Unit::Addresses,
//!     ));
//! let picture = svg(&map)?;
//! assert!(picture.contains("addresses per 10,000 km²"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! How a picture comes to be: the extent and the [`Projection`] give a frame, in which
//! the base map is cut and every [`Layer`] is drawn; areas lie under the lines between
//! countries and marks over them. Each layer adds its legend, what of it is outside and
//! how it was made. All of that is one list of simple items, which [`svg()`] writes out
//! and [`png()`] paints.
//!
//! Places lie where a database says: mostly in the middle of a city, and within tens of
//! kilometres of the truth at best. No picture of addresses is finer than that.

mod base;
mod basemap;
mod chart;
mod cut;
mod density;
mod draw;
mod encode;
mod error;
mod font;
mod frame;
mod geotiff;
mod gradient;
mod html;
mod layer;
mod legend;
mod map;
mod page;
mod palette;
#[cfg(feature = "png")]
#[path = "png.rs"]
mod picture;
mod projection;
mod report;
mod scene;
mod svg;
mod text;
mod tiles;
mod trace;

pub use chart::{Bars, bars_svg};
pub use error::Error;
pub use font::Font;
pub use geotiff::geotiff;
pub use gradient::Palette;
pub use html::{html, report};
pub use layer::{
    Arc, Arcs, Bins, Choropleth, Classes, Group, Groups, Heat, Layer, Mark, Marker,
    PointColor, Points, Scale, Unit,
};
pub use map::{Credit, Extent, Map, Theme};
#[cfg(feature = "png")]
pub use picture::{animated_png, png};
pub use projection::Projection;
pub use report::{
    FixedTable, Home, Listed, Login, Offer, Offered, PlaceOfRows, Report, Row, TimeBars,
    Timeline,
};
pub use svg::svg;
pub use tiles::{Tile, TileGrid, Tiles, tiles_needed};
