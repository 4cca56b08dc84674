//! What can be wrong with options.

use crate::format::Format;

/// Options that make no parser.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A field was named for a format whose fields have fixed places.
    #[error("format {format} has no field `{field}`: its fields are fixed")]
    FixedFields {
        /// The format.
        format: Format,
        /// The field that was named.
        field: String,
    },
    /// The name of a field is empty, or a path too deep.
    #[error("invalid field `{field}`: {reason}")]
    InvalidField {
        /// The field that was named.
        field: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A delimiter that means something else in CSV.
    #[error("invalid delimiter `{}`: must not be a quote, an end of line, a letter or a digit", delimiter.escape_ascii())]
    InvalidDelimiter {
        /// The delimiter that was given.
        delimiter: u8,
    },
}
