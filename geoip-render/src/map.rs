//! What a map shows, as inert data.

use geoip_core::{CountryCode, LatLng, WeightedPoint};

use crate::Projection;

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
    /// How the globe becomes flat.
    pub projection: Projection,
    /// The meridian in the middle, in degrees east; without one, the prime meridian
    /// or the middle of the extent.
    pub central_meridian: Option<f64>,
    /// The part of the globe that is shown.
    pub extent: Extent,
    /// Width of a picture, in pixels.
    pub width: u32,
    /// Height of a picture, in pixels; without one, what the extent needs.
    pub height: Option<u32>,
    /// Dark or light.
    pub theme: Theme,
    /// What is drawn over the base map, first at the bottom.
    pub layers: Vec<Layer>,
}

impl Map {
    /// The width that [`Map::new`] gives a picture, in pixels.
    pub const DEFAULT_WIDTH: u32 = 1600;

    /// A dark Equal Earth map of the world, 1600 pixels wide, with no layer yet.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            subtitle: String::new(),
            notes: Vec::new(),
            credits: Vec::new(),
            projection: Projection::default(),
            central_meridian: None,
            extent: Extent::default(),
            width: Self::DEFAULT_WIDTH,
            height: None,
            theme: Theme::default(),
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
        self.projection = projection;
        self
    }

    /// Sets the meridian in the middle, in degrees east.
    #[must_use]
    pub fn central_meridian(mut self, degrees_east: f64) -> Self {
        self.central_meridian = Some(degrees_east);
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

/// Density on the ground, as a smooth field of light.
///
/// Each point is spread by two Gaussian kernels, half of its weight by each: a wide
/// one that joins neighbouring cities to regions and a narrow one that keeps every
/// city apart. Colours follow the logarithm of the density.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Heat {
    /// Places and how much is at each.
    pub points: Vec<WeightedPoint>,
    /// What the weights count.
    pub unit: Unit,
    /// Standard deviation of the wide kernel in kilometres; without one, what suits
    /// the scale of the picture. The narrow kernel has three tenths of it.
    pub bandwidth_km: Option<f64>,
}

impl Heat {
    /// Density of points, with a bandwidth that suits the scale of the picture.
    pub fn new(points: Vec<WeightedPoint>, unit: Unit) -> Self {
        Self { points, unit, bandwidth_km: None }
    }

    /// Sets the standard deviation of the wide kernel, in kilometres.
    #[must_use]
    pub fn bandwidth_km(mut self, bandwidth_km: f64) -> Self {
        self.bandwidth_km = Some(bandwidth_km);
        self
    }
}

/// A circle a place, its area in proportion to its weight.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Points {
    /// The places.
    pub markers: Vec<Marker>,
    /// What the weights count.
    pub unit: Unit,
}

impl Points {
    /// A circle for each marker.
    pub fn new(markers: Vec<Marker>, unit: Unit) -> Self {
        Self { markers, unit }
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
    /// What else is known, as name and value; pages show it on a click.
    pub details: Vec<(String, String)>,
    /// Whether the point stands for a whole country or region rather than a city; it
    /// is then drawn hollow.
    pub coarse: bool,
}

impl Marker {
    /// A city-level place.
    pub fn new(point: LatLng, weight: u64, title: impl Into<String>) -> Self {
        Self { point, weight, title: title.into(), details: Vec::new(), coarse: false }
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

/// A colour a country, by the logarithm of its count.
///
/// Counts of the same country are added up. A country that is too small to be seen
/// or has no outline of its own in the base map gets a small circle in its colour.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Choropleth {
    /// Countries and how much is in each.
    pub counts: Vec<(CountryCode, u64)>,
    /// What the counts count.
    pub unit: Unit,
}

impl Choropleth {
    /// A colour for each country of the counts.
    pub fn new(counts: Vec<(CountryCode, u64)>, unit: Unit) -> Self {
        Self { counts, unit }
    }
}

/// Outlines around places that belong together.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Groups {
    /// The groups.
    pub groups: Vec<Group>,
    /// What the weights count.
    pub unit: Unit,
}

impl Groups {
    /// An outline around each group.
    pub fn new(groups: Vec<Group>, unit: Unit) -> Self {
        Self { groups, unit }
    }
}

/// Places that belong together: a hull around them, or a circle on the ground.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Group {
    /// What it is called; drawn beside the heaviest groups.
    pub label: String,
    /// Corners of the hull in order, without repeating the first; with fewer than
    /// three, the circle is drawn instead.
    pub outline: Vec<LatLng>,
    /// Middle of the circle.
    pub center: LatLng,
    /// Radius of the circle on the ground, in kilometres.
    pub radius_km: f64,
    /// How much is in the group.
    pub weight: u64,
    /// What else is known, as name and value; pages show it on a click.
    pub details: Vec<(String, String)>,
}

impl Group {
    /// A group drawn as a circle on the ground.
    pub fn new(
        label: impl Into<String>,
        center: LatLng,
        radius_km: f64,
        weight: u64,
    ) -> Self {
        let (label, outline, details) = (label.into(), Vec::new(), Vec::new());
        Self { label, outline, center, radius_km, weight, details }
    }

    /// Sets the corners of the hull, which is then drawn instead of the circle.
    #[must_use]
    pub fn outline(mut self, corners: Vec<LatLng>) -> Self {
        self.outline = corners;
        self
    }

    /// Adds something that is known about the group.
    #[must_use]
    pub fn detail(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.details.push((name.into(), value.into()));
        self
    }
}
