//! What can go wrong in writing.

/// A database that cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is more than the format can point to.
    #[error("there is more than a database in this format can hold")]
    TooLarge,
    /// The source could not be read.
    #[error(transparent)]
    Source(#[from] geoip_core::Error),
    /// Something that the compact format has no room for.
    #[error("the compact format cannot hold this: {reason}")]
    Compact {
        /// What it cannot hold.
        reason: String,
    },
}

impl Error {
    pub(crate) fn compact(reason: impl Into<String>) -> Self {
        Self::Compact { reason: reason.into() }
    }
}

/// Packing goes to memory, which does not fail; should it, that is said.
impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::compact(error.to_string())
    }
}
