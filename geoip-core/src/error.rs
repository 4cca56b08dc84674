//! What can go wrong with a database or a list.

use std::{io, net::IpAddr, path::PathBuf};

/// An error of a database or a list, named by its file or source.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file could not be read.
    #[error("cannot read database {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The bytes are no database of a format known here.
    #[error("{name} is not a GeoIP database: {found}")]
    NotADatabase {
        /// The file or source.
        name: String,
        /// What the bytes look like instead.
        found: &'static str,
    },
    /// The bytes claim to be a database, but contradict themselves.
    #[error("database {name} is damaged")]
    Damaged {
        /// The file or source.
        name: String,
        /// What contradicts.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The database is sound, but says nothing that belongs into a record.
    #[error(
        "database {name} (type {database_type}) holds no country, city, network operator, connection or anonymiser"
    )]
    NoKnownFacts {
        /// The file or source.
        name: String,
        /// What the database calls itself.
        database_type: String,
    },
    /// The bytes are no list of addresses, networks, systems, places or words.
    #[error("{name} is not a list: {found}")]
    NotAList {
        /// The file or source.
        name: String,
        /// What the bytes look like instead.
        found: String,
    },
    /// A line of a list is not what belongs there.
    #[error("{name}, line {line}: {reason}")]
    Line {
        /// The file or source.
        name: String,
        /// The line, from 1 on.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// One answer could not be read.
    #[error("cannot look up {address} in database {name}")]
    Lookup {
        /// The address asked for.
        address: IpAddr,
        /// The file or source.
        name: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
