//! What lies over the base map, as inert data.

mod arcs;
mod choropleth;
mod groups;
mod heat;
mod points;

pub use arcs::{Arc, Arcs};
pub use choropleth::{Choropleth, Classes};
pub use groups::{Group, Groups};
pub use heat::{Bins, Heat, Scale};
pub use points::{Mark, Marker, PointColor, Points};

/// What the numbers of a layer count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Distinct addresses.
    #[default]
    Addresses,
    /// Occurrences of addresses.
    Hits,
}

impl Unit {
    /// The word for one or for several: "address", "hits".
    pub fn noun(self, count: u64) -> &'static str {
        match (self, count) {
            (Self::Addresses, 1) => "address",
            (Self::Addresses, _) => "addresses",
            (Self::Hits, 1) => "hit",
            (Self::Hits, _) => "hits",
        }
    }
}

/// One kind of thing drawn over the base map.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Layer {
    /// Density on the ground.
    Heat(Heat),
    /// A circle a place.
    Points(Points),
    /// A colour a country.
    Choropleth(Choropleth),
    /// Outlines around places that belong together.
    Groups(Groups),
    /// Lines from place to place.
    Arcs(Arcs),
}

impl Layer {
    /// The word for it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Heat(_) => "heat",
            Self::Points(_) => "points",
            Self::Choropleth(_) => "countries",
            Self::Groups(_) => "groups",
            Self::Arcs(_) => "arcs",
        }
    }
}

impl From<Arcs> for Layer {
    fn from(arcs: Arcs) -> Self {
        Self::Arcs(arcs)
    }
}

impl From<Heat> for Layer {
    fn from(heat: Heat) -> Self {
        Self::Heat(heat)
    }
}

impl From<Points> for Layer {
    fn from(points: Points) -> Self {
        Self::Points(points)
    }
}

impl From<Choropleth> for Layer {
    fn from(choropleth: Choropleth) -> Self {
        Self::Choropleth(choropleth)
    }
}

impl From<Groups> for Layer {
    fn from(groups: Groups) -> Self {
        Self::Groups(groups)
    }
}
