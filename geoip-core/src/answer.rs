//! What one database says.

use ipnetwork::IpNetwork;

use crate::{AutonomousSystem, Connection, Facts, Flags, Place};

/// What one database says of one address.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Answer<'a> {
    /// The largest network around the address for which this answer holds.
    pub network: Option<IpNetwork>,
    /// Where the address is.
    pub place: Option<Place<'a>>,
    /// Which network operator announces it.
    pub autonomous_system: Option<AutonomousSystem<'a>>,
    /// By whom and by what it is connected.
    pub connection: Option<Connection<'a>>,
    /// Whether it hides who is behind it.
    pub flags: Flags,
}

impl Answer<'_> {
    /// Which kinds of facts this answer holds.
    pub(crate) fn facts(&self) -> Facts {
        let place = self.place.unwrap_or_default();
        Facts {
            country: place.country.is_some() || place.country_name.is_some(),
            city: place.city.is_some() || place.location.is_some(),
            autonomous_system: self.autonomous_system.is_some(),
            connection: self.connection.is_some(),
            flags: !self.flags.is_empty(),
        }
    }
}
