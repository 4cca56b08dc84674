//! core (docs follow)

mod asn;
mod country;
mod country_table;
mod flags;
mod latlng;
mod record;
mod scope;
mod sources;
mod tally;

pub use asn::{Asn, InvalidAsn};
pub use country::{CountryCode, InvalidCountryCode};
pub use flags::Flags;
pub use ipnetwork::IpNetwork;
pub use latlng::{InvalidLatLng, LatLng, WeightedPoint};
pub use record::{AutonomousSystem, Location, Place, Precision, Record};
pub use scope::{InvalidScope, Scope};
pub use sources::{Attribution, DatabaseInfo, Facts, Sources};
pub use tally::Tally;
