//! How far an update has come.

use std::time::Duration;

use crate::Error;

/// How far an update has come, for whoever watches.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Progress<'p> {
    /// So much of the file is there.
    Received {
        /// Bytes, packed as they come, with those of an earlier attempt.
        bytes: u64,
        /// All of them, if the server says how many.
        total: Option<u64>,
    },
    /// Something went wrong that may pass.
    Waiting {
        /// How long until the next attempt.
        wait: Duration,
        /// What went wrong.
        reason: &'p Error,
    },
    /// All is there; it is unpacked and tried.
    Checking,
}
