//! What the user gave to prove who asks, from all the places where it may stand.

use std::{env, path::Path};

use anyhow::Result;
use geoip_fetch::{Error, GeoIpConf, Keys, Secret};

use super::hinted;
use crate::{args::DbUpdate, folders};

/// Keys and settings, gathered.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) keys: Keys,
    /// The editions that geoipupdate would fetch.
    pub(super) editions: Vec<String>,
    /// Where MaxMind is asked instead.
    pub(super) host: Option<String>,
    /// What MaxMind is asked through.
    pub(super) proxy: Option<Secret>,
}

impl Given {
    /// Options come before variables, and variables before `GeoIP.conf`.
    pub(super) fn new(options: &DbUpdate) -> Result<Self> {
        let settings = hinted(settings(options.config.as_deref()))?;
        let settings = hinted(settings.with_variables(variable))?;
        let account = options.account_id.clone().or(settings.account_id);
        let licence_key =
            hinted(file(options.license_key_file.as_deref()))?.or(settings.licence_key);
        let ipinfo = hinted(file(options.ipinfo_token_file.as_deref()))?;
        let ip2location = hinted(file(options.ip2location_token_file.as_deref()))?;
        let token = |name: &str| variable(name).map(|text| Secret::new(&text));
        let mut keys = Keys::default();
        let mut editions = Vec::new();
        if let (Some(account), Some(licence_key)) = (account, licence_key) {
            keys = keys.maxmind(&account, licence_key);
            editions = settings.edition_ids;
        }
        if let Some(token) = ipinfo.or_else(|| token("IPINFO_TOKEN")) {
            keys = keys.ipinfo(token);
        }
        if let Some(token) = ip2location.or_else(|| token("IP2LOCATION_TOKEN")) {
            keys = keys.ip2location(token);
        }
        Ok(Self { keys, editions, host: settings.host, proxy: settings.proxy })
    }
}

/// The settings of the file that is named, or of the first of the usual ones that is
/// there and may be read.
fn settings(named: Option<&Path>) -> Result<GeoIpConf, Error> {
    if let Some(path) = named {
        return GeoIpConf::open(path);
    }
    let usual = folders::SETTINGS.iter().map(Path::new);
    for path in usual {
        match GeoIpConf::open(path) {
            // It belongs to root, or there is none: nothing was asked for.
            Err(Error::File { .. }) => {}
            outcome => return outcome,
        }
    }
    Ok(GeoIpConf::default())
}

fn file(path: Option<&Path>) -> Result<Option<Secret>, Error> {
    path.map(Secret::from_file).transpose()
}

/// A variable that has something in it.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.trim().is_empty())
}
