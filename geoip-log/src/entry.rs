//! What a line says.

use std::fmt;
use std::net::IpAddr;
use std::ops::Range;

use crate::timestamp::Timestamp;

/// What one line of a log says: who, when, and for some formats what.
///
/// It borrows the line; making it allocates nothing.
///
/// # Examples
/// ```
/// use geoip_log::{Format, Options, Outcome, Parser};
///
/// let mut parser = Parser::new(Format::Sshd, &Options::default())?;
/// let line = b"2026-11-21T06:55:48+01:00 gate sshd[242]: Failed password for \
///              invalid user eve from 192.0.2.7 port 38926 ssh2";
/// let entry = parser.parse(line).unwrap();
/// assert_eq!(entry.client.unwrap().to_string(), "192.0.2.7");
/// assert_eq!(&line[entry.client_span().unwrap()], b"192.0.2.7");
/// assert_eq!(entry.time.unwrap().to_string(), "2026-11-21T05:55:48Z");
/// assert_eq!((entry.user, entry.outcome), (Some(&b"eve"[..]), Some(Outcome::Failed)));
/// # Ok::<(), geoip_log::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry<'l> {
    /// The address of the client. `None` if the line names none, names a host by its name,
    /// or can be read in more than one way.
    ///
    /// An IPv4-mapped IPv6 address is the IPv4 address.
    pub client: Option<IpAddr>,
    /// The client as the line has it: the address without brackets, port and zone, or a
    /// host name. `None` if the line names no client.
    pub client_text: Option<&'l [u8]>,
    /// Where in the line `client_text` starts.
    pub(crate) client_start: usize,
    /// When. `None` if the line has no time, an impossible one, or one without a year where
    /// there is no [reference](crate::Options::reference).
    pub time: Option<Timestamp>,
    /// Whether the client is not the peer, but what a trusted proxy says about it.
    pub forwarded: bool,
    /// The user, in access logs and those of sshd, as the client gave it. Bytes of a
    /// stranger: to be escaped before they are shown.
    pub user: Option<&'l [u8]>,
    /// What sshd did.
    pub outcome: Option<Outcome>,
    /// The status of the response, in access logs.
    pub status: Option<u16>,
    /// How often it happened: 1 but for `message repeated 3 times: [ … ]`.
    pub count: u32,
}

/// What sshd says about a connection.
///
/// One attempt leaves several lines. To count attempts, count [`Failed`](Self::Failed) and
/// [`Accepted`](Self::Accepted).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// `Accepted password`, `Accepted publickey` and the like.
    Accepted,
    /// `Failed password`, `Failed publickey` and the like: an attempt.
    Failed,
    /// `Invalid user`: there is none of that name. `Failed` mostly follows.
    InvalidUser,
    /// `authentication failure` of PAM; `Failed` mostly follows.
    PamFailed,
    /// Refused whatever the password: a user who is not allowed, too many attempts, too
    /// many connections.
    Refused,
    /// Closed before anybody tried to log in: no identification, no common algorithm,
    /// another protocol.
    Probe,
    /// Closed or reset, by either side.
    Disconnected,
    /// Anything else that names a client.
    Other,
}

impl<'l> Entry<'l> {
    pub(crate) const EMPTY: Self = Self {
        client: None,
        client_text: None,
        client_start: 0,
        time: None,
        forwarded: false,
        user: None,
        outcome: None,
        status: None,
        count: 1,
    };

    /// Where in the line [`client_text`](Self::client_text) stands.
    pub fn client_span(&self) -> Option<Range<usize>> {
        let text = self.client_text?;
        Some(self.client_start..self.client_start + text.len())
    }

    /// Sets the client to an address and a part of `line`.
    #[inline]
    pub(crate) fn set_client(
        &mut self,
        line: &'l [u8],
        client: Option<IpAddr>,
        text: &'l [u8],
    ) {
        // Both are places in memory, and `text` is a part of `line`.
        let start = text.as_ptr().addr().wrapping_sub(line.as_ptr().addr());
        debug_assert!(start + text.len() <= line.len());
        (self.client, self.client_text, self.client_start) = (client, Some(text), start);
    }
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lossy = |text: Option<&[u8]>| {
            text.map(|text| String::from_utf8_lossy(text).into_owned())
        };
        f.debug_struct("Entry")
            .field("client", &self.client)
            .field("client_text", &lossy(self.client_text))
            .field("client_span", &self.client_span())
            .field("time", &self.time.map(|time| time.to_string()))
            .field("forwarded", &self.forwarded)
            .field("user", &lossy(self.user))
            .field("outcome", &self.outcome)
            .field("status", &self.status)
            .field("count", &self.count)
            .finish()
    }
}
