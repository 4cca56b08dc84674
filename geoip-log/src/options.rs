//! What a parser has to be told because no line says it.

use crate::proxies::TrustedProxies;
use crate::timestamp::Timestamp;
use crate::zone::TimeZone;

/// What a parser cannot know from the lines: names of fields, the zone and year of the
/// clock, and who is trusted.
///
/// # Examples
/// ```
/// use geoip_log::{Options, TimeZone};
///
/// let options = Options::default()
///     .client_field("http.client.ip")
///     .time_zone("Europe/Berlin".parse()?)
///     .reference("2026-11-21T13:00:00Z".parse()?)
///     .trusted_proxies("private".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) client_field: Option<String>,
    pub(crate) time_field: Option<String>,
    pub(crate) forwarded_field: Option<String>,
    pub(crate) delimiter: Option<u8>,
    pub(crate) trusted: TrustedProxies,
    pub(crate) reference: Option<Timestamp>,
    pub(crate) zone: TimeZone,
}

/// Nothing named, nobody trusted, no reference, UTC.
impl Default for Options {
    fn default() -> Self {
        Self {
            client_field: None,
            time_field: None,
            forwarded_field: None,
            delimiter: None,
            trusted: TrustedProxies::default(),
            reference: None,
            zone: TimeZone::UTC,
        }
    }
}

impl Options {
    /// Where the client stands.
    ///
    /// In JSON lines the path of a key, `client_ip` or `http.client.ip`; in CSV and W3C logs
    /// the name of a column, in CSV also its number from 1 on. Otherwise, and without it, the
    /// usual names are tried.
    #[must_use]
    pub fn client_field(self, name: impl Into<String>) -> Self {
        Self { client_field: Some(name.into()), ..self }
    }

    /// Where the time stands, named as in [`client_field`](Self::client_field).
    #[must_use]
    pub fn time_field(self, name: impl Into<String>) -> Self {
        Self { time_field: Some(name.into()), ..self }
    }

    /// Where the chain of `X-Forwarded-For` or `Forwarded` stands, named as in
    /// [`client_field`](Self::client_field). It is used only if the client is one of the
    /// [trusted proxies](Self::trusted_proxies).
    #[must_use]
    pub fn forwarded_field(self, name: impl Into<String>) -> Self {
        Self { forwarded_field: Some(name.into()), ..self }
    }

    /// What separates the cells of CSV. A comma unless told, a tab for
    /// [`Format::Tsv`](crate::Format::Tsv).
    #[must_use]
    pub fn delimiter(self, delimiter: u8) -> Self {
        Self { delimiter: Some(delimiter), ..self }
    }

    /// Whose forwarded chains are believed. Nobody's unless told.
    #[must_use]
    pub fn trusted_proxies(self, trusted: TrustedProxies) -> Self {
        Self { trusted, ..self }
    }

    /// When the log was last written, or now: a time without a year is in the latest year
    /// in which it is at most a day after the reference. Without a reference such a time is
    /// not read.
    #[must_use]
    pub fn reference(self, reference: Timestamp) -> Self {
        Self { reference: Some(reference), ..self }
    }

    /// The zone of times that name none. UTC unless told.
    ///
    /// Where clocks are set back, a time that comes twice is the first of the two; where they
    /// are set forward, a time that never comes is read as if they had not been.
    #[must_use]
    pub fn time_zone(self, zone: TimeZone) -> Self {
        Self { zone, ..self }
    }
}
