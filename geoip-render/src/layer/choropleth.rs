//! A colour a country.

use geoip_core::CountryCode;

use super::Unit;
use crate::Palette;

/// A colour a country, by the logarithm of its count unless said otherwise.
///
/// Counts of the same country are added up. A country that is too small to be seen
/// or has no outline of its own in the base map gets a small circle in its colour.
///
/// # Examples
/// ```
/// use geoip_render::{Choropleth, Classes, Map, Unit, svg};
///
/// let counts = vec![("FR".parse()?, 120), ("GF".parse()?, 4), ("XK".parse()?, 9)];
/// let layer = Choropleth::new(counts, Unit::Addresses).classes(Classes::Jenks).table(3);
/// assert!(svg(&Map::new("Three").layer(layer))?.contains("French Guiana"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Choropleth {
    /// Countries and how much is in each.
    pub counts: Vec<(CountryCode, u64)>,
    /// What the counts count.
    pub unit: Unit,
    /// Which counts share a colour.
    pub classes: Classes,
    /// The colours.
    pub palette: Palette,
    /// Counts below the first or above the second are drawn like these: so that one
    /// country does not take all of the colours.
    pub range: Option<(u64, u64)>,
    /// How many countries are listed beside the map, most first.
    pub table: usize,
}

/// Which counts share a colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Classes {
    /// Classes that grow by about the same factor, at round numbers.
    #[default]
    Log,
    /// Classes of equal width, at round numbers.
    Equal,
    /// Classes with about as many countries in each.
    Quantile,
    /// Classes whose counts lie as close together as can be: Fisher and Jenks's natural
    /// breaks.
    Jenks,
    /// No classes: colours in proportion to the count.
    Linear,
    /// A colour of its own for the eight countries with most; what the others count is
    /// not told by colour.
    Distinct,
}

impl Choropleth {
    /// A colour for each country of the counts.
    pub fn new(counts: Vec<(CountryCode, u64)>, unit: Unit) -> Self {
        Self { counts, unit, ..Self::default() }
    }

    /// Sets which counts share a colour.
    #[must_use]
    pub fn classes(mut self, classes: Classes) -> Self {
        self.classes = classes;
        self
    }

    /// Sets the colours.
    #[must_use]
    pub fn palette(mut self, palette: Palette) -> Self {
        self.palette = palette;
        self
    }

    /// Sets between which counts colours differ.
    #[must_use]
    pub fn range(mut self, least: u64, most: u64) -> Self {
        self.range = Some((least, most));
        self
    }

    /// Sets how many countries are listed beside the map.
    #[must_use]
    pub fn table(mut self, rows: usize) -> Self {
        self.table = rows;
        self
    }
}
