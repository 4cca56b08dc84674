//! What a map shows, as inert data.

use geoip_core::{CountryCode, LatLng};

use crate::{Font, Layer, Projection, Tiles};

/// A map: everything that a drawing of it needs, and nothing else.
///
/// Drawing reads no file, no clock and no network, so the same `Map` gives the same
/// bytes everywhere. Text is drawn as it is given; a caller that knows what was left
/// out of the layers says so in [`notes`](Self::notes), and whose data it is in
/// [`credits`](Self::credits).
///
/// # Examples
/// ```
/// use geoip_core::{LatLng, WeightedPoint};
/// use geoip_render::{Heat, Map, Unit};
///
/// let london = WeightedPoint { point: LatLng::new(51.51, -0.13)?, weight: 40 };
/// let map = Map::new("Where the requests come from")
///     .subtitle("40 addresses")
///     .note("2 addresses are private and have no place")
///     .layer(Heat::new(vec![london], Unit::Addresses));
/// assert_eq!(map.layers.len(), 1);
/// # Ok::<(), geoip_core::InvalidLatLng>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Map {
    /// The heading.
    pub title: String,
    /// The line under the heading: how much was drawn, and of when.
    pub subtitle: String,
    /// What was left out and why, a line each.
    pub notes: Vec<String>,
    /// Whose data was used. The base map adds its own credit when drawn.
    pub credits: Vec<Credit>,
    /// How the globe becomes flat; without one, as suits the extent: Equal Earth for
    /// the world, an equal-area projection around the middle for a region.
    pub projection: Option<Projection>,
    /// The meridian in the middle, in degrees east; without one, the prime meridian
    /// or the middle of the extent. A globe without one shows the side on which most
    /// of the data is.
    pub central_meridian: Option<f64>,
    /// The parallel in the middle, in degrees north, for projections that are not
    /// centred on the equator; without one, the middle of the extent.
    pub central_parallel: Option<f64>,
    /// The part of the globe that is shown.
    pub extent: Extent,
    /// Width of a picture, in pixels.
    pub width: u32,
    /// Height of a picture, in pixels; without one, what the extent needs.
    pub height: Option<u32>,
    /// Dark or light.
    pub theme: Theme,
    /// Whether nothing is drawn behind the map and its text, so that what is behind the
    /// picture shows through.
    pub transparent: bool,
    /// Dots an inch, which a PNG tells to whoever prints it.
    pub dpi: Option<f64>,
    /// Whether countries have their name on them where there is room.
    pub country_names: bool,
    /// How many of the largest cities in view have their name where there is room.
    pub city_names: usize,
    /// What has the letters that the embedded font lacks.
    pub font: Option<Font>,
    /// Pictures of the ground, in the Mercator projection only.
    pub tiles: Option<Tiles>,
    /// What is drawn over the base map, first at the bottom.
    pub layers: Vec<Layer>,
}

impl Map {
    /// The width that [`Map::new`] gives a picture, in pixels.
    pub const DEFAULT_WIDTH: u32 = 1600;

    /// A dark map of the world, 1600 pixels wide, with no layer yet.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            subtitle: String::new(),
            notes: Vec::new(),
            credits: Vec::new(),
            projection: None,
            central_meridian: None,
            central_parallel: None,
            extent: Extent::default(),
            width: Self::DEFAULT_WIDTH,
            height: None,
            theme: Theme::default(),
            transparent: false,
            dpi: None,
            country_names: false,
            city_names: 0,
            font: None,
            tiles: None,
            layers: Vec::new(),
        }
    }

    /// Sets the line under the heading.
    #[must_use]
    pub fn subtitle(mut self, subtitle: impl Into<String>) -> Self {
        self.subtitle = subtitle.into();
        self
    }

    /// Adds a line that says what was left out and why.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds whose data was used.
    #[must_use]
    pub fn credit(mut self, text: impl Into<String>, url: impl Into<String>) -> Self {
        self.credits.push(Credit { text: text.into(), url: url.into() });
        self
    }

    /// Sets how the globe becomes flat.
    #[must_use]
    pub fn projection(mut self, projection: Projection) -> Self {
        self.projection = Some(projection);
        self
    }

    /// Sets the meridian in the middle, in degrees east.
    #[must_use]
    pub fn central_meridian(mut self, degrees_east: f64) -> Self {
        self.central_meridian = Some(degrees_east);
        self
    }

    /// Sets the place in the middle. Projections with straight parallels have the
    /// equator in the middle all the same.
    #[must_use]
    pub fn center(mut self, place: LatLng) -> Self {
        self.central_meridian = Some(place.lng());
        self.central_parallel = Some(place.lat());
        self
    }

    /// Sets the part of the globe that is shown.
    #[must_use]
    pub fn extent(mut self, extent: Extent) -> Self {
        self.extent = extent;
        self
    }

    /// Sets the size of a picture in pixels; a height of `None` is what the extent needs.
    #[must_use]
    pub fn size(mut self, width: u32, height: Option<u32>) -> Self {
        (self.width, self.height) = (width, height);
        self
    }

    /// Sets dark or light.
    #[must_use]
    pub fn theme(mut self, theme: Theme) -> Self {
        self.theme = theme;
        self
    }

    /// Lets what is behind the picture show through.
    #[must_use]
    pub fn transparent(mut self) -> Self {
        self.transparent = true;
        self
    }

    /// Sets the dots an inch that a PNG tells.
    #[must_use]
    pub fn dpi(mut self, dpi: f64) -> Self {
        self.dpi = Some(dpi);
        self
    }

    /// Gives countries their names where there is room.
    #[must_use]
    pub fn country_names(mut self) -> Self {
        self.country_names = true;
        self
    }

    /// Sets how many of the largest cities in view have their name.
    #[must_use]
    pub fn city_names(mut self, most: usize) -> Self {
        self.city_names = most;
        self
    }

    /// Sets what has the letters that the embedded font lacks.
    #[must_use]
    pub fn font(mut self, font: Font) -> Self {
        self.font = Some(font);
        self
    }

    /// Lays pictures of the ground under the layers.
    #[must_use]
    pub fn tiles(mut self, tiles: Tiles) -> Self {
        self.tiles = Some(tiles);
        self
    }

    /// Adds a layer over those that are there.
    #[must_use]
    pub fn layer(mut self, layer: impl Into<Layer>) -> Self {
        self.layers.push(layer.into());
        self
    }
}

/// Whose data was used, with the page that the licence asks to be linked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    /// The words, such as "IP Geolocation by DB-IP".
    pub text: String,
    /// The page, or nothing.
    pub url: String,
}

/// The part of the globe that a map shows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Extent {
    /// All of it.
    #[default]
    World,
    /// What the points and groups of the layers cover, with a margin of five degrees;
    /// the world if they are spread over most of it or there are none.
    Auto,
    /// A country with a margin, without what of it is far off and small beside it.
    Country(CountryCode),
    /// Between two meridians and two parallels, in degrees. A west that lies east of
    /// the east side goes across the antimeridian.
    Box {
        /// The western side, -180..=180.
        west: f64,
        /// The southern side, -90..=90.
        south: f64,
        /// The eastern side, -180..=180.
        east: f64,
        /// The northern side, -90..=90.
        north: f64,
    },
}

/// The colours of a map as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Bright data on a night-blue world: for screens.
    #[default]
    Dark,
    /// Dark data on white: for paper.
    Light,
}
