//! What proves to the owners of databases who asks.

use crate::Secret;

/// The keys of the user. None is needed for DB-IP Lite and the lists.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    pub(crate) maxmind: Option<(String, Secret)>,
    pub(crate) ipinfo: Option<Secret>,
    pub(crate) ip2location: Option<Secret>,
}

impl Keys {
    /// With an account of MaxMind: its number and a licence key.
    #[must_use]
    pub fn maxmind(mut self, account: &str, licence_key: Secret) -> Self {
        self.maxmind = Some((account.trim().to_owned(), licence_key));
        self
    }

    /// With a token of IPinfo.
    #[must_use]
    pub fn ipinfo(mut self, token: Secret) -> Self {
        self.ipinfo = Some(token);
        self
    }

    /// With a download token of IP2Location.
    #[must_use]
    pub fn ip2location(mut self, token: Secret) -> Self {
        self.ip2location = Some(token);
        self
    }
}
