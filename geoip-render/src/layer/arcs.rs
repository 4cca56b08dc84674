//! Lines from place to place.

use geoip_core::LatLng;

use super::Unit;
use crate::Error;

/// The shortest ways between places, brighter towards where they lead.
///
/// # Examples
/// ```
/// use geoip_core::LatLng;
/// use geoip_render::{Arc, Arcs, Map, Unit, svg};
///
/// let (oslo, rio) = (LatLng::new(59.91, 10.75)?, LatLng::new(-22.9, -43.2)?);
/// let arcs = Arcs::new(vec![Arc::new(rio, oslo, 70, "Rio")], Unit::Hits).home("Oslo");
/// assert!(svg(&Map::new("To Oslo").layer(arcs))?.contains("Rio: 70 hits"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Arcs {
    /// The lines.
    pub arcs: Vec<Arc>,
    /// What the weights count.
    pub unit: Unit,
    /// What the place is called at which most arcs end.
    pub home: String,
    /// At most so many arcs are drawn, the heaviest.
    pub most: usize,
}

impl Arcs {
    /// How many arcs [`Arcs::new`] draws at most: more would be a blot.
    pub const MOST: usize = 400;

    /// A line for each arc.
    pub fn new(arcs: Vec<Arc>, unit: Unit) -> Self {
        Self { arcs, unit, home: String::new(), most: Self::MOST }
    }

    /// Sets what the place is called at which most arcs end.
    #[must_use]
    pub fn home(mut self, name: impl Into<String>) -> Self {
        self.home = name.into();
        self
    }

    /// Sets how many arcs are drawn at most, up to 20,000.
    #[must_use]
    pub fn most(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        const LIMIT: usize = 20_000;
        if self.most > LIMIT {
            return Err(Error::TooManyArcs { most: self.most, limit: LIMIT });
        }
        Ok(())
    }
}

/// A line from a place to another.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Arc {
    /// Where it starts.
    pub from: LatLng,
    /// Where it leads.
    pub to: LatLng,
    /// How much goes along it.
    pub weight: u64,
    /// What it is called.
    pub title: String,
}

impl Arc {
    /// A line from a place to another.
    pub fn new(from: LatLng, to: LatLng, weight: u64, title: impl Into<String>) -> Self {
        Self { from, to, weight, title: title.into() }
    }
}
