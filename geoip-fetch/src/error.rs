//! What can go wrong between here and a server.

use std::{io, path::PathBuf, time::Duration};

/// An error of fetching, named by host and file. No variant holds a key, or the query of an
/// address, in which keys are sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Something that was given cannot be fetched from.
    #[error("`{url}` is no address to fetch from: {reason}")]
    InvalidUrl {
        /// The address, without what may be secret in it.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The proxy that was named is none.
    #[error("the proxy is no address of one")]
    InvalidProxy,
    /// A name that was asked for is not that of a source.
    #[error("`{name}` is no database or list known here")]
    UnknownSource {
        /// The name.
        name: String,
    },
    /// A source whose format is not read here.
    #[error("`{name}` is in a format that is not read here; `{instead}` has the same")]
    NotReadHere {
        /// The name that was asked for.
        name: String,
        /// The name of the same in a format that is.
        instead: String,
    },
    /// There was no connection, or it ended early.
    #[error("cannot reach {host}")]
    Unreachable {
        /// The host.
        host: String,
        /// Why.
        source: io::Error,
    },
    /// The server was silent for too long.
    #[error("{host} did not answer in time")]
    TimedOut {
        /// The host.
        host: String,
    },
    /// The server did not prove who it is.
    #[error("cannot trust {host}: {reason}")]
    Untrusted {
        /// The host.
        host: String,
        /// What is wrong with its certificate.
        reason: String,
    },
    /// The server does not follow the protocol.
    #[error("{host} answered what is no HTTP: {reason}")]
    Protocol {
        /// The host.
        host: String,
        /// What is wrong.
        reason: String,
    },
    /// The server leads in circles, or to where it must not.
    #[error("{url} leads elsewhere: {reason}")]
    Redirect {
        /// Where it came from.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// There is no such file.
    #[error("{url} is not there")]
    NotFound {
        /// The address.
        url: String,
    },
    /// The key is missing, wrong, or not good for this.
    #[error("{host} refuses the key (status {status}){}", quoted(said))]
    Refused {
        /// The host.
        host: String,
        /// 401, 402 or 403.
        status: u16,
        /// What it says, if it says something short.
        said: String,
    },
    /// So many requests are allowed, and they are used up.
    #[error("{host} takes no more requests for now{}", quoted(said))]
    Quota {
        /// The host.
        host: String,
        /// What it says, if it says something short.
        said: String,
        /// How long to wait, if it says that.
        retry_after: Option<Duration>,
    },
    /// Any other status.
    #[error("{url} answered with status {status}{}", quoted(said))]
    Status {
        /// The address.
        url: String,
        /// The status.
        status: u16,
        /// What it says, if it says something short.
        said: String,
    },
    /// More came than there can be.
    #[error("what comes from {url} is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The address.
        url: String,
        /// The most that is taken, packed or unpacked.
        limit_bytes: u64,
    },
    /// What came is not what was announced.
    #[error("what came from {url} has checksum {found}, and {expected} was announced")]
    Checksum {
        /// The address.
        url: String,
        /// The announced digest.
        expected: String,
        /// The digest of what came.
        found: String,
    },
    /// What came cannot be unpacked.
    #[error("what came from {url} cannot be unpacked: {reason}")]
    Archive {
        /// The address.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// What came cannot be used; what was there before is kept.
    #[error("what came from {url} cannot be used: {reason}")]
    Unusable {
        /// The address.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file or folder of this machine.
    #[error("cannot {doing} {}", path.display())]
    File {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file has lines that are no settings.
    #[error("{}, line {line}: {reason}", path.display())]
    Settings {
        /// The file.
        path: PathBuf,
        /// The line, from 1 on.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Someone else is at work in the folder.
    #[error("another update is at work in {}", folder.display())]
    Locked {
        /// The folder.
        folder: PathBuf,
    },
    /// A source that is for those with a key.
    #[error("{name} is only for those who have {needed}")]
    NoKey {
        /// The name of the source or service.
        name: String,
        /// What must be given.
        needed: &'static str,
    },
    /// A field of a service's answers that is none.
    #[error("`{field}` cannot be read of an answer: {reason}")]
    InvalidField {
        /// Its name.
        field: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// Nothing more was asked, because of what happened to other questions.
    #[error("{host} is asked no more")]
    Stopped {
        /// The host.
        host: String,
    },
    /// More tiles were asked for than one picture needs.
    #[error("no more tiles are asked of {host} for one picture")]
    TooManyTiles {
        /// The host.
        host: String,
    },
    /// A key would go over the network for all to read.
    #[error("no key is sent to {host} without encryption")]
    NotEncrypted {
        /// The host.
        host: String,
    },
}

/// What a server says, behind a colon.
fn quoted(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(": {said}") }
}

impl Error {
    /// Whether there is no connection to the network, as far as can be told from here.
    pub fn is_offline(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::TimedOut { .. })
    }

    /// What the user can do about it; empty if that is nobody's guess.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } | Self::TimedOut { .. } => {
                "is there a connection, or a proxy to name in HTTPS_PROXY? What is installed, \
                 and what is embedded, answers without one"
            }
            Self::Untrusted { .. } => {
                "a proxy that reads along needs its certificate in the system's store or in \
                 SSL_CERT_FILE; a clock that is wrong does this too"
            }
            Self::Refused { .. } => "check the key, and whether it is good for this file",
            Self::Quota { .. } => {
                "wait, and ask less often: once a day is enough for every database"
            }
            Self::Checksum { .. } | Self::Archive { .. } | Self::Unusable { .. } => {
                "nothing was changed; try again later, or name another mirror"
            }
            Self::NoKey { .. } => {
                "give it in a file or a variable; whoever has none takes DB-IP Lite"
            }
            Self::NotEncrypted { .. } => "name a mirror that begins with https://",
            Self::Locked { .. } => "wait for it to end",
            Self::InvalidProxy => "such as http://proxy.example:3128",
            _ => "",
        }
    }
}
