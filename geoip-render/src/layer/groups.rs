//! Places that belong together.

use geoip_core::LatLng;

use super::Unit;

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
