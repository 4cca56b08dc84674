//! Vocabulary and answers for IP geolocation.
//!
//! ```
//! use geoip_core::{Database, Enricher};
//!
//! let enricher = Enricher::new()
//!     .with(Database::from_bytes("embedded cities", geoip_data_city::CITY)?)
//!     .with(Database::from_bytes("embedded networks", geoip_data_asn::ASN)?);
//! let record = enricher.enrich("8.8.8.8".parse().unwrap())?;
//!
//! assert_eq!(record.place.unwrap().city, Some("Mountain View"));
//! assert_eq!(record.autonomous_system.unwrap().organization, Some("Google LLC"));
//! # Ok::<(), geoip_core::Error>(())
//! ```
//!
//! Addresses go in, a [`Record`] comes out, whatever the [`Database`]: files in MaxMind's
//! format with any vendor's layout, or the compact ones that `geoip-data-city` and
//! `geoip-data-asn` embed. An [`Enricher`] makes one record of several databases, of each
//! [`List`] of Tor exits, clouds and the like, and of the user's own [`PlaceList`]; a
//! [`AddressTally`] counts first, and [`Places`] merges records to what a map is drawn of.
//!
//! **A location is never a building.** It is the middle of a circle, mostly the centre of
//! a city, and sometimes only the default point of a country: [`Place::precision`] says
//! which, and [`Location::accuracy_radius_km`] how far off it may be.
//!
//! The crate prints nothing, reaches no network and reads no clock or environment; it
//! opens the file that [`Database::open`] is given, and no other.
//!
//! # Features
//! - `mmdb` (default): databases in MaxMind's format.
//! - `mmap`: [`Database::open_mapped`], for a few look-ups in a large file.
//! - `compact` (default): the compact format of the embedded databases.
//! - `json`: the lists of networks that clouds and Tor publish as JSON, for [`List`].
//! - `nmap`: [`NmapScan`], the XML that scans by Nmap leave behind.
//! - `serde`: `Serialize` for [`Record`], with the keys of the program's JSON.

mod address_map;
mod address_range;
mod answer;
mod answers;
mod asn;
#[cfg(feature = "compact")]
#[doc(hidden)]
pub mod compact;
mod country;
mod country_table;
mod csv;
mod database;
mod date;
#[cfg(feature = "mmdb")]
mod default_points;
mod enrich;
mod error;
mod flags;
mod found;
mod latlng;
mod legacy;
mod list;
#[cfg(feature = "mmdb")]
mod mmdb;
mod network_set;
#[cfg(feature = "nmap")]
mod nmap;
mod place_list;
mod places;
mod record;
#[cfg(feature = "mmdb")]
mod schema;
mod scope;
#[cfg(feature = "serde")]
mod serialize;
mod sources;
mod table;
mod tally;
mod words;

pub use address_map::AddressMap;
pub use address_range::{AddressRange, InvalidAddressRange};
pub use answer::Answer;
pub use answers::{Answers, LearntAnswer};
pub use asn::{Asn, InvalidAsn};
pub use country::{CountryCode, InvalidCountryCode};
pub use database::{Database, Layout};
pub use enrich::Enricher;
pub use error::Error;
pub use flags::Flags;
pub use found::Found;
pub use ipnetwork::IpNetwork;
pub use latlng::{InvalidLatLng, LatLng, WeightedPoint};
pub use list::{List, ListKind};
pub use network_set::NetworkSet;
#[cfg(feature = "nmap")]
pub use nmap::{NmapScan, OpenPort, ScannedHost};
pub use place_list::PlaceList;
pub use places::{Count, MergedPlace, Places};
pub use record::{AutonomousSystem, Connection, Location, Place, Precision, Record};
pub use scope::{InvalidScope, Scope};
pub use sources::{Attribution, DatabaseInfo, Facts, Sources};
pub use tally::{AddressTally, Tally};
pub use words::HostingWords;
