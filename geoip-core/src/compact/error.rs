//! Why bytes are not a usable file of the compact format.

/// Why a compact database cannot be loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CompactError {
    /// The first bytes are not those of the format.
    #[error("not a compact database: the first bytes are not GEOIPCMP")]
    Magic,
    /// The file has a layout of another version.
    #[error("compact database of version {found}, but only version {expected} is known")]
    Version {
        /// The version in the file.
        found: u8,
        /// The version that this library reads.
        expected: u8,
    },
    /// The file is about something else.
    #[error("compact database of kind {found}, where kind {expected} is needed")]
    Kind {
        /// The kind in the file.
        found: u8,
        /// The kind asked for.
        expected: u8,
    },
    /// The bytes are not those that were written.
    #[error("compact database is damaged or cut short: its checksum does not match")]
    Checksum,
    /// The file ends, or a column ends, before all of it was read.
    #[error("compact database ends within its {part}")]
    Truncated {
        /// What was being read.
        part: &'static str,
    },
    /// A part says something that cannot be.
    #[error("compact database has invalid {part}: {reason}")]
    Invalid {
        /// The part.
        part: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
}
