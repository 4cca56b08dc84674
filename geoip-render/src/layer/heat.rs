//! Density on the ground.

use geoip_core::WeightedPoint;

use super::Unit;
use crate::{Error, Palette};

/// Density on the ground, as a smooth field of light.
///
/// Each point is spread by two Gaussian kernels, half of its weight by each: a wide
/// one that joins neighbouring cities to regions and a narrow one that keeps every
/// city apart. Colours follow the logarithm of the density.
///
/// # Examples
/// ```
/// use geoip_core::{LatLng, WeightedPoint};
/// use geoip_render::{Heat, Map, Palette, Scale, Unit, svg};
///
/// let oslo = WeightedPoint { point: LatLng::new(59.91, 10.75)?, weight: 40 };
/// let heat = Heat::new(vec![oslo], Unit::Hits)
///     .bandwidth_km(80.0)
///     .scale(Scale::Linear)
///     .palette("viridis".parse::<Palette>()?);
/// assert!(svg(&Map::new("Oslo").layer(heat))?.contains("linear"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Heat {
    /// Places and how much is at each.
    pub points: Vec<WeightedPoint>,
    /// What the weights count.
    pub unit: Unit,
    /// Standard deviation of the wide kernel in kilometres on the ground; without one,
    /// what suits the scale of the picture. The narrow kernel has three tenths of it.
    pub bandwidth_km: Option<f64>,
    /// The same in pixels of the picture, in place of kilometres. What a picture says
    /// then depends on its scale.
    pub bandwidth_px: Option<f64>,
    /// Whether the wide kernel has all of the weight.
    pub single_kernel: bool,
    /// To what radius in kilometres each point is known, in the order of the points;
    /// what is known less well than the kernel is wide is spread as far as that.
    pub radii_km: Option<Vec<f64>>,
    /// Cells in which points are counted instead of being spread.
    pub bins: Option<Bins>,
    /// How densities become colours.
    pub scale: Scale,
    /// The colours.
    pub palette: Palette,
    /// How opaque the densest places are, 0..=1.
    pub opacity: f64,
    /// The density where colours begin, per 10,000 km²; without one, a small share of
    /// what one address in all of them makes.
    pub floor: Option<f64>,
    /// The density where colours end, per 10,000 km²; without one, what all but one
    /// cell in two thousand have.
    pub ceiling: Option<f64>,
}

/// How densities become colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// By their logarithm: tenfold is a step.
    #[default]
    Log,
    /// In proportion.
    Linear,
    /// By their rank among all cells drawn: every colour fills the same area. Shows
    /// shape, and overstates what is rare.
    Quantile,
}

/// Cells in which points are counted, in kilometres from side to side in the middle of
/// the picture. Their densities follow the local area scale, as those of kernels do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bins {
    /// Hexagons.
    Hexagons(f64),
    /// Squares.
    Squares(f64),
}

impl Heat {
    /// Density of points, with a bandwidth that suits the scale of the picture.
    pub fn new(points: Vec<WeightedPoint>, unit: Unit) -> Self {
        Self { points, unit, opacity: Self::OPACITY, ..Self::default() }
    }

    /// The opacity that [`Heat::new`] gives.
    pub const OPACITY: f64 = 0.94;

    /// Sets the standard deviation of the wide kernel, in kilometres.
    #[must_use]
    pub fn bandwidth_km(mut self, bandwidth_km: f64) -> Self {
        self.bandwidth_km = Some(bandwidth_km);
        self
    }

    /// Sets the standard deviation of the wide kernel, in pixels of the picture.
    #[must_use]
    pub fn bandwidth_px(mut self, bandwidth_px: f64) -> Self {
        self.bandwidth_px = Some(bandwidth_px);
        self
    }

    /// Gives all of the weight to the wide kernel.
    #[must_use]
    pub fn single_kernel(mut self) -> Self {
        self.single_kernel = true;
        self
    }

    /// Spreads each point at least as far as it is known, in kilometres.
    #[must_use]
    pub fn radii_km(mut self, radii_km: Vec<f64>) -> Self {
        self.radii_km = Some(radii_km);
        self
    }

    /// Counts points in cells instead of spreading them.
    #[must_use]
    pub fn bins(mut self, bins: Bins) -> Self {
        self.bins = Some(bins);
        self
    }

    /// Sets how densities become colours.
    #[must_use]
    pub fn scale(mut self, scale: Scale) -> Self {
        self.scale = scale;
        self
    }

    /// Sets the colours.
    #[must_use]
    pub fn palette(mut self, palette: Palette) -> Self {
        self.palette = palette;
        self
    }

    /// Sets how opaque the densest places are.
    #[must_use]
    pub fn opacity(mut self, opacity: f64) -> Self {
        self.opacity = opacity;
        self
    }

    /// Sets where colours begin and end, per 10,000 km².
    #[must_use]
    pub fn range(mut self, floor: Option<f64>, ceiling: Option<f64>) -> Self {
        (self.floor, self.ceiling) = (floor, ceiling);
        self
    }

    /// Refuses numbers that mean nothing.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if let Some(bandwidth_km) = self.bandwidth_km
            && !(1.0..=5000.0).contains(&bandwidth_km)
        {
            return Err(Error::InvalidBandwidth { bandwidth_km });
        }
        let invalid =
            |option, value, reason| Error::InvalidHeat { option, value, reason };
        if let Some(pixels) = self.bandwidth_px
            && !(0.5..=500.0).contains(&pixels)
        {
            let reason = "must be from 0.5 to 500 pixels";
            return Err(invalid("bandwidth in pixels", pixels, reason));
        }
        if let Some(Bins::Hexagons(km) | Bins::Squares(km)) = self.bins
            && !(1.0..=5000.0).contains(&km)
        {
            return Err(invalid("width of bins", km, "must be from 1 to 5000 km"));
        }
        if !(0.0..=1.0).contains(&self.opacity) {
            return Err(invalid("opacity", self.opacity, "must be from 0 to 1"));
        }
        let density = |value: f64| value.is_finite() && value > 0.0;
        for (option, value) in [("floor", self.floor), ("ceiling", self.ceiling)] {
            if let Some(value) = value.filter(|&value| !density(value)) {
                return Err(invalid(option, value, "must be more than zero"));
            }
        }
        match (self.floor, self.ceiling) {
            (Some(floor), Some(ceiling)) if floor >= ceiling => {
                Err(invalid("floor", floor, "must be less than the ceiling"))
            }
            _ => Ok(()),
        }
    }
}
