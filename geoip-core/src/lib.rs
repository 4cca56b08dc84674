//! core (docs follow)

mod asn;
mod country;
mod country_table;
mod database;
mod enrich;
mod error;
mod flags;
mod latlng;
#[cfg(feature = "mmdb")]
mod mmdb;
mod places;
mod record;
#[cfg(feature = "mmdb")]
mod schema;
mod scope;
#[cfg(feature = "serde")]
mod serialize;
mod sources;
mod tally;

pub use asn::{Asn, InvalidAsn};
pub use country::{CountryCode, InvalidCountryCode};
pub use database::{Answer, Database};
pub use enrich::Enricher;
pub use error::Error;
pub use flags::Flags;
pub use ipnetwork::IpNetwork;
pub use latlng::{InvalidLatLng, LatLng, WeightedPoint};
pub use places::{Count, MergedPlace, Places};
pub use record::{AutonomousSystem, Location, Place, Precision, Record};
pub use scope::{InvalidScope, Scope};
pub use sources::{Attribution, DatabaseInfo, Facts, Sources};
pub use tally::Tally;
