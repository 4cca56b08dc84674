//! A mark a place.

use geoip_core::LatLng;

use super::Unit;
use crate::Palette;

/// A circle a place, its area in proportion to its weight.
///
/// # Examples
/// ```
/// use geoip_core::LatLng;
/// use geoip_render::{Map, Marker, PointColor, Points, Unit, svg};
///
/// let oslo = Marker::new(LatLng::new(59.91, 10.75)?, 900, "Oslo").category("Norway");
/// let lund = Marker::new(LatLng::new(55.70, 13.19)?, 30, "Lund").category("Sweden");
/// let layer = Points::new(vec![oslo, lund], Unit::Hits)
///     .color(PointColor::Category)
///     .labels(10);
/// assert!(svg(&Map::new("Two").layer(layer))?.contains("Sweden"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Points {
    /// The places.
    pub markers: Vec<Marker>,
    /// What the weights count.
    pub unit: Unit,
    /// What the colours tell.
    pub color: PointColor,
    /// The colours of counts.
    pub palette: Palette,
    /// What is drawn at a place.
    pub mark: Mark,
    /// How many of the heaviest places have their name beside them, as far as there is
    /// room.
    pub labels: usize,
    /// Places nearer to a heavier one than this, in pixels, are drawn as a part of it.
    pub merge_px: Option<f64>,
}

/// What the colours of points tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PointColor {
    /// Nothing: one for all.
    #[default]
    One,
    /// How much is there, by its logarithm.
    Count,
    /// The category of the marker: the seven with most have a colour each.
    Category,
}

/// What is drawn at a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// A circle, its area by count.
    #[default]
    Circle,
    /// A dot, as large for few as for many.
    Dot,
    /// A cross, as large for few as for many.
    Cross,
}

impl Points {
    /// A circle for each marker.
    pub fn new(markers: Vec<Marker>, unit: Unit) -> Self {
        Self { markers, unit, ..Self::default() }
    }

    /// Sets what the colours tell.
    #[must_use]
    pub fn color(mut self, color: PointColor) -> Self {
        self.color = color;
        self
    }

    /// Sets the colours of counts.
    #[must_use]
    pub fn palette(mut self, palette: Palette) -> Self {
        self.palette = palette;
        self
    }

    /// Sets what is drawn at a place.
    #[must_use]
    pub fn mark(mut self, mark: Mark) -> Self {
        self.mark = mark;
        self
    }

    /// Sets how many of the heaviest places have their name beside them.
    #[must_use]
    pub fn labels(mut self, labels: usize) -> Self {
        self.labels = labels;
        self
    }

    /// Draws places nearer to a heavier one than this as a part of it.
    #[must_use]
    pub fn merge_px(mut self, pixels: f64) -> Self {
        self.merge_px = Some(pixels);
        self
    }
}

/// A place with its weight and what a page tells about it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Marker {
    /// Where.
    pub point: LatLng,
    /// How much.
    pub weight: u64,
    /// What it is called: "Lyon, Auvergne-Rhône-Alpes, France".
    pub title: String,
    /// What it belongs to, for a colour: "France", "tor", "outbound".
    pub category: String,
    /// What else is known, as name and value; pages show it on a click.
    pub details: Vec<(String, String)>,
    /// Whether the point stands for a whole country or region rather than a city; it
    /// is then drawn hollow.
    pub coarse: bool,
}

impl Marker {
    /// A city-level place.
    pub fn new(point: LatLng, weight: u64, title: impl Into<String>) -> Self {
        let (title, category, details) = (title.into(), String::new(), Vec::new());
        Self { point, weight, title, category, details, coarse: false }
    }

    /// Sets what the place belongs to.
    #[must_use]
    pub fn category(mut self, category: impl Into<String>) -> Self {
        self.category = category.into();
        self
    }

    /// Adds something that is known about the place.
    #[must_use]
    pub fn detail(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.details.push((name.into(), value.into()));
        self
    }

    /// Sets whether the point stands for a whole country or region.
    #[must_use]
    pub fn coarse(mut self, coarse: bool) -> Self {
        self.coarse = coarse;
        self
    }
}
