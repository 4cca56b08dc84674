//! Errors and what to do about them.

use std::{fmt, io};

/// An error with a hint: what the user can do.
#[derive(Debug)]
pub(crate) struct Hinted {
    message: String,
    hint: String,
    source: Option<anyhow::Error>,
}

impl Hinted {
    /// An error of its own.
    pub(crate) fn error(
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> anyhow::Error {
        let hinted = Self { message: message.into(), hint: hint.into(), source: None };
        anyhow::Error::new(hinted)
    }

    /// What was being done when another error came up.
    pub(crate) fn because(
        source: impl Into<anyhow::Error>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> anyhow::Error {
        let source = Some(source.into());
        anyhow::Error::new(Self { message: message.into(), hint: hint.into(), source })
    }
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Hinted {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as _)
    }
}

/// The hint of the outermost error of a chain that has one.
pub(crate) fn hint(error: &anyhow::Error) -> Option<&str> {
    let hinted = error.chain().find_map(|cause| cause.downcast_ref::<Hinted>());
    hinted.map(|hinted| hinted.hint.as_str()).filter(|hint| !hint.is_empty())
}

/// Whether the error is that nobody reads the output any more.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let json = cause.downcast_ref::<serde_json::Error>();
        let json = json.and_then(serde_json::Error::io_error_kind);
        let csv =
            cause.downcast_ref::<csv::Error>().and_then(|error| match error.kind() {
                csv::ErrorKind::Io(error) => Some(error.kind()),
                _ => None,
            });
        [io, json, csv]
            .into_iter()
            .flatten()
            .any(|kind| kind == io::ErrorKind::BrokenPipe)
    })
}
