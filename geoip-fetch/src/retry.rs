//! What is tried again, when, and how often.

use std::{
    io::ErrorKind::{NotFound, PermissionDenied},
    thread,
    time::Duration,
};

use crate::Error;

/// How often and how soon to try again.
#[derive(Clone, Debug)]
pub(crate) struct Retry {
    pub(crate) attempts: u32,
    pub(crate) first_wait: Duration,
    pub(crate) longest_wait: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 3,
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_mins(1),
        }
    }
}

impl Retry {
    /// Try until it succeeds, fails for good, or was tried often enough. The attempt is
    /// told its number, from 0 on.
    pub(crate) fn run<T>(
        &self,
        mut attempt: impl FnMut(u32) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut tried = 0;
        loop {
            let error = match attempt(tried) {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            tried += 1;
            match self.wait(tried, &error) {
                Some(wait) => thread::sleep(wait),
                None => return Err(error),
            }
        }
    }

    /// How long to wait after this many attempts that ended in this error; nothing if
    /// trying again is of no use, or of harm.
    ///
    /// A key that is refused stays refused, and some servers count refusals; a quota that
    /// is used up is only used up further. But a server that says to come back in a
    /// moment is taken at its word.
    pub(crate) fn wait(&self, tried: u32, error: &Error) -> Option<Duration> {
        if tried >= self.attempts {
            return None;
        }
        let doubled = 1_u32.checked_shl(tried.saturating_sub(1)).unwrap_or(u32::MAX);
        let wait = self.first_wait.saturating_mul(doubled).min(self.longest_wait);
        match error {
            // No such name, or a proxy that says no.
            Error::Unreachable { source, .. }
                if matches!(source.kind(), NotFound | PermissionDenied) =>
            {
                None
            }
            Error::Unreachable { .. } | Error::TimedOut { .. } => Some(wait),
            Error::Status { status, .. } if is_passing(*status) => Some(wait),
            Error::Quota { retry_after: Some(after), .. }
                if *after <= self.longest_wait =>
            {
                Some((*after).max(self.first_wait))
            }
            _ => None,
        }
    }
}

/// Whether a status is of a server that may be well again soon.
fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 500 | 502 | 503 | 504)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16) -> Error {
        Error::Status { url: String::new(), status, said: String::new() }
    }

    fn quota(retry_after: Option<Duration>) -> Error {
        Error::Quota { host: String::new(), said: String::new(), retry_after }
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let retry = Retry { attempts: 10, ..Retry::default() };
        let waits: Vec<_> = (1..10)
            .map(|tried| retry.wait(tried, &status(503)).unwrap().as_secs())
            .collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(retry.wait(10, &status(503)), None);
    }

    #[test]
    fn what_counts_against_a_quota_is_not_tried_again() {
        let retry = Retry::default();
        let refused =
            Error::Refused { host: String::new(), status: 401, said: String::new() };
        assert_eq!(retry.wait(1, &refused), None);
        assert_eq!(retry.wait(1, &status(400)), None);
        assert_eq!(retry.wait(1, &quota(None)), None);
        assert_eq!(retry.wait(1, &quota(Some(Duration::from_hours(1)))), None);
        let soon = Duration::from_secs(7);
        assert_eq!(retry.wait(1, &quota(Some(soon))), Some(soon));
    }
}
