//! What one database says.

use ipnetwork::IpNetwork;

use crate::{AutonomousSystem, Connection, Flags, Place};

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
