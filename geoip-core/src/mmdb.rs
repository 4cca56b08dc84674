//! Databases in MaxMind's file format.

use std::{borrow::Cow, net::IpAddr};

use maxminddb::{MaxMindDbError, Reader, WithinOptions};

use crate::{Answer, Attribution, DatabaseInfo, Facts, schema::Row};

/// How many networks are read on opening to learn what a database holds.
const NETWORKS_PROBED: usize = 1000;

/// A database in MaxMind's file format, of any vendor.
pub(crate) struct Mmdb {
    reader: Reader<Cow<'static, [u8]>>,
}

impl Mmdb {
    pub(crate) fn from_bytes(bytes: Cow<'static, [u8]>) -> Result<Self, MaxMindDbError> {
        Ok(Self { reader: Reader::from_source(bytes)? })
    }

    pub(crate) fn lookup(
        &self,
        address: IpAddr,
    ) -> Result<Option<Answer<'_>>, MaxMindDbError> {
        // A file of IPv4 networks knows nothing of IPv6; that is no error.
        if address.is_ipv6() && self.reader.metadata().ip_version == 4 {
            return Ok(None);
        }
        let found = self.reader.lookup(address)?;
        let Some(row) = found.decode::<Row<'_>>()? else { return Ok(None) };
        Ok(Some(Answer { network: Some(found.network()?), ..row.answer() }))
    }

    /// What this database is, from its metadata and a probe of its records.
    pub(crate) fn info(&self) -> Result<DatabaseInfo, MaxMindDbError> {
        let metadata = self.reader.metadata();
        Ok(DatabaseInfo {
            name: metadata.database_type.clone(),
            build_epoch: Some(metadata.build_epoch),
            attribution: attribution(&metadata.database_type),
            facts: self.facts()?,
            entries: None,
        })
    }

    fn facts(&self) -> Result<Facts, MaxMindDbError> {
        let mut facts = Facts::default();
        let networks = self.reader.networks(WithinOptions::default())?;
        for network in networks.take(NETWORKS_PROBED) {
            let Some(row) = network?.decode::<Row<'_>>()? else { continue };
            let of_row = row.facts();
            facts.country |= of_row.country;
            facts.city |= of_row.city;
            facts.autonomous_system |= of_row.autonomous_system;
            facts.flags |= of_row.flags;
        }
        Ok(facts)
    }
}

/// The credit that a vendor's licence asks for.
///
/// Only a hint can be had from the type of a database, so this credits where the name
/// is unmistakable, and stays silent elsewhere.
fn attribution(database_type: &str) -> Option<Attribution> {
    let credit = Attribution::new;
    if database_type.starts_with("GeoLite") {
        return Some(credit(
            "This product includes GeoLite Data created by MaxMind",
            "https://www.maxmind.com",
            "LicenseRef-GeoLite-EULA",
        ));
    }
    if database_type.starts_with("DBIP") {
        return Some(credit("IP Geolocation by DB-IP", "https://db-ip.com", "CC-BY-4.0"));
    }
    if database_type.starts_with("ipinfo") {
        return Some(credit(
            "IP address data powered by IPinfo",
            "https://ipinfo.io",
            "CC-BY-SA-4.0",
        ));
    }
    None
}
