//! Maps of addresses as inert data, drawn to pictures.

mod error;
mod html;
mod map;
mod projection;

pub use error::Error;
pub use html::html;
pub use map::{
    Choropleth, Credit, Extent, Group, Groups, Heat, Layer, Map, Marker, Points, Theme,
    Unit,
};
pub use projection::Projection;
