//! Maps of addresses as inert data, drawn to pictures.

mod base;
mod basemap;
mod chart;
mod cut;
mod density;
mod draw;
mod encode;
mod error;
mod frame;
mod html;
mod legend;
mod map;
mod page;
mod palette;
#[cfg(feature = "png")]
#[path = "png.rs"]
mod picture;
mod projection;
mod scene;
mod svg;
mod text;

pub use chart::{Bars, bars_svg};
pub use error::Error;
pub use html::html;
pub use map::{
    Choropleth, Credit, Extent, Group, Groups, Heat, Layer, Map, Marker, Points, Theme,
    Unit,
};
#[cfg(feature = "png")]
pub use picture::png;
pub use projection::Projection;
pub use svg::svg;
