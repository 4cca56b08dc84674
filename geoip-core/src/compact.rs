//! The compact format of the embedded databases: columns to range tables, and lookups.
//!
//! A file holds a header, labels (cities or autonomous systems) and, for each address
//! family, the runs of addresses that share a label. Everything is stored as columns of
//! small numbers, each compressed by itself, with brotli or an entropy coder of our own,
//! because like numbers beside each other compress best. Loading unpacks them into a
//! range table for each family, which takes about three bytes a run.
//! `docs/embedded-data.md` has the layout byte by byte; the encoder is the workspace's
//! `geoip-data-build`.
//!
//! An IPv6 address is answered by its first 48 bits.

mod answer;
mod asn;
mod both;
mod city;
mod container;
mod cursor;
mod entropy;
mod error;
mod families;
pub mod format;
mod labels;
mod names;
mod provenance;
mod ranges;

use families::Families;

pub use asn::{AsnAnswer, AsnTable};
pub use city::{CityAnswer, CityTable};
pub use entropy::unpack as unpack_entropy;
pub use error::CompactError;
pub(crate) use format::Kind;
pub use provenance::Provenance;
