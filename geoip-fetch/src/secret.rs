//! Text that must not be seen.

use std::{fmt, fs::File, io::Read, path::Path};

use crate::Error;

/// A key, token or password. It is shown in no message, and not by `Debug`.
///
/// # Examples
/// ```
/// use geoip_fetch::Secret;
///
/// let key = Secret::new("012345_abcdef");
/// assert_eq!(format!("{key:?}"), "Secret(…)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// More than any key has.
const LONGEST_KEY_BYTES: u64 = 4096;

impl Secret {
    /// Take a secret; white space around it is no part of it.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The first line of a file.
    ///
    /// # Errors
    /// [`Error::File`] if it cannot be read or is no text; never what is in it.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let read = || {
            let mut text = String::new();
            File::open(path)?.take(LONGEST_KEY_BYTES).read_to_string(&mut text)?;
            Ok(Self::new(text.lines().next().unwrap_or_default()))
        };
        read().map_err(|source| Error::File {
            doing: "read",
            path: path.to_owned(),
            source,
        })
    }

    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text itself, for where it must be sent.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// A text of someone else without this secret in it.
    pub(crate) fn scrub(&self, text: &str) -> String {
        if self.is_empty() { text.to_owned() } else { text.replace(&self.0, "…") }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
