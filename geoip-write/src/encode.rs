//! Writes the compact format: runs and labels to columns to a file.
//!
//! The decoder is `geoip_core::compact`; what both must agree on is in its `format`.

mod entropy;
mod file;
mod ranges;

pub(crate) use file::{File, front_coded, no_nul, put_varint};
#[cfg(test)]
pub(crate) use {entropy::pack as pack_entropy, file::signed};

use geoip_core::compact::format::GROUP_LIMIT;

use crate::Error;
use crate::runs::Runs;

/// Both families as columns, and the class of each label by which its rank is told.
#[derive(Debug)]
pub(crate) struct Ranges {
    /// Class of labels 1, 2, …
    pub(crate) classes: Vec<u8>,
    /// The columns of IPv4, then those of IPv6.
    pub(crate) columns: Vec<Vec<u8>>,
}

impl Ranges {
    /// Encodes runs whose labels 1, 2, … belong to `groups`, which must not decrease.
    pub(crate) fn new(v4: &Runs, v6: &Runs, groups: &[u16]) -> Result<Self, Error> {
        let group_count = groups.last().map_or(0, |&last| usize::from(last) + 1);
        if group_count > GROUP_LIMIT {
            return Err(Error::compact(format!("{group_count} countries are too many")));
        }
        let families = [ranges::Palettes::new(v4), ranges::Palettes::new(v6)];
        let mut uses = vec![0_u32; groups.len()];
        for &label in families.iter().flat_map(|family| &family.named) {
            if label != 0 {
                uses[label as usize - 1] += 1;
            }
        }
        let classes: Vec<u8> = uses.iter().map(|uses| ranges::class(*uses)).collect();
        let ranks = ranges::ranks(groups, &classes);
        let mut columns = Vec::new();
        for (runs, family) in [v4, v6].into_iter().zip(families) {
            columns.extend(ranges::lengths(runs));
            columns.extend(family.columns(groups, &ranks));
        }
        Ok(Self { classes, columns })
    }
}
