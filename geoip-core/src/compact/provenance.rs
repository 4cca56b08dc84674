//! Where the data of a file come from, and under which terms.

use super::CompactError;
use super::cursor::Cursor;

/// Where the data of an embedded database come from, and under which terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Name of the source, "DB-IP City Lite".
    pub source: String,
    /// When the source was built, in seconds since 1970.
    pub build_epoch: u64,
    /// How far a city may lie from the larger one that stands for it, in kilometres; 0
    /// when every city is kept.
    pub radius_km: u16,
    /// What has to be said wherever results are shown.
    pub attribution: String,
    /// Where the attribution has to link.
    pub attribution_url: String,
    /// SPDX identifier of the licence.
    pub license: String,
}

impl Provenance {
    pub(super) fn read(header: &mut Cursor<'_>) -> Result<Self, CompactError> {
        Ok(Self {
            build_epoch: header.varint()?,
            radius_km: header.number()?,
            source: header.text()?,
            attribution: header.text()?,
            attribution_url: header.text()?,
            license: header.text()?,
        })
    }
}
