//! Writes GeoIP databases: in MaxMind's format, and in the compact one that geoip embeds.
//!
//! ```
//! use geoip_core::{Database, Place, Record};
//! use geoip_write::MmdbWriter;
//!
//! let mut writer = MmdbWriter::new("Offices", 1_767_225_600);
//! let mut record = Record::new("192.0.2.0".parse()?);
//! let mut place = Place::default();
//! place.city = Some("Lyon");
//! record.place = Some(place);
//! writer.insert("192.0.2.0/24".parse()?, &record)?;
//!
//! let database = Database::from_bytes("offices", writer.finish()?)?;
//! assert!(database.lookup("192.0.2.77".parse()?)?.is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`MmdbWriter`] takes ranges of addresses and records. [`encode_cities`] and
//! [`encode_systems`] take all of a database at once, which [`CitySource::of`] and
//! [`AsnSource::of`] read from any.
//!
//! It is a crate of its own because whoever only asks databases must not pay for the encoder.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "numbers are packed into few bytes; what is written is read back by tests"
)]

mod asn;
mod city;
mod encode;
mod error;
mod geo;
mod mmdb;
mod quantise;
mod runs;
mod source;
#[cfg(test)]
mod tests;
mod vocabulary;

pub use asn::encode_systems;
pub use city::encode_cities;
pub use error::Error;
pub use geoip_core::compact::Provenance;
pub use mmdb::MmdbWriter;
pub use source::{AsnSource, CitySource, Range, SourcePlace};
#[doc(hidden)]
pub use {geo::distance_km, vocabulary::without_district};
