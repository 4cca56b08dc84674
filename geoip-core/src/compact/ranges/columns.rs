//! The columns of a family, and a few look-ups in them as they are.

use super::Found;
use super::recent::Recent;
use crate::compact::CompactError;
use crate::compact::both::both;
use crate::compact::container::Columns;
use crate::compact::cursor::Cursor;
use crate::compact::format::{
    BLOCK_BITS, EXPONENT_BITS, FACTOR_FOLLOWS, FIRST_GROUP, NEW_LABEL, NO_LABEL,
    PALETTE_LIMIT, SAME_GROUP,
};
use crate::compact::labels::LabelOrder;

/// The unpacked columns of a family.
#[derive(Debug)]
pub(in crate::compact) struct RunColumns {
    /// What errors call the family.
    pub(super) part: &'static str,
    /// Bits of a key.
    pub(super) key_bits: u32,
    pub(super) lengths: Vec<u8>,
    pub(super) factors: Vec<u8>,
    pub(super) recencies: Vec<u8>,
    pub(super) groups: Vec<u8>,
    pub(super) ranks: Vec<u8>,
}

/// Blocks that are gone back for a label before a table is made after all.
const BLOCKS_BACK: usize = 4;

/// Where a run is among those of a family.
struct Position<'c> {
    run: usize,
    key: u64,
    factors: Cursor<'c>,
}

/// The run around a key.
struct RunAt {
    start: u64,
    end: u64,
    /// Which of the labels that are new to their palettes; none for that of the run that
    /// comes into the block from before.
    label: Option<usize>,
    /// The first key in the block at which a run starts.
    block: u64,
}

impl RunColumns {
    /// Unpacks the columns of a family, which errors call `part`.
    pub(in crate::compact) fn read(
        columns: &Columns<'_>,
        part: &'static str,
        key_bits: u32,
    ) -> Result<Self, CompactError> {
        // Lengths take about as long to unpack as all that names labels.
        let (labels, lengths) = both(
            || {
                let mut columns = columns.after(2);
                Ok((columns.next(part)?, columns.next(part)?, columns.next(part)?))
            },
            || {
                let mut columns = columns.clone();
                Ok((columns.next(part)?, columns.next(part)?))
            },
        );
        let ((recencies, groups, ranks), (lengths, factors)) = (labels?, lengths?);
        Ok(Self { part, key_bits, lengths, factors, recencies, groups, ranks })
    }

    /// Finds the label of a key as a table would, 0 if it has none; nothing if it takes a table
    /// to tell, or to say what is wrong.
    ///
    /// To make a table takes a third of the time of all that a single look-up takes. Here
    /// lengths are added up to the key, and labels followed in its block only.
    ///
    /// # Complexity
    /// Linear in the runs before the key.
    pub(in crate::compact) fn lookup(
        &self,
        order: &LabelOrder,
        key: u64,
    ) -> Option<Found> {
        let run = self.run_at(key)?;
        let (mut label, mut block) = (run.label, run.block);
        for _ in 0..BLOCKS_BACK {
            if label.is_none() && block != 0 {
                let before = self.run_at(block - 1)?;
                (label, block) = (before.label, before.block);
            }
        }
        let label = self.label(order, label?)?;
        let bits = |outside: u64| (key ^ outside).checked_ilog2().unwrap_or(0);
        let is_last = run.end >> self.key_bits != 0;
        let after = if is_last { self.key_bits } else { bits(run.end) };
        let before = run.start.checked_sub(1).map_or(after, bits);
        Some(Found { label, host_bits: after.min(before) })
    }

    /// The run around a key; none if there is none, or its label is nowhere.
    fn run_at(&self, key: u64) -> Option<RunAt> {
        let first = self.block_of(key)?;
        let Position { mut run, key: mut start, mut factors } = first;
        let before = self.recencies.get(..run)?;
        #[expect(clippy::naive_bytecount, reason = "the compiler makes vectors of it")]
        let mut labels = before.iter().filter(|&&recency| recency == NEW_LABEL).count();
        let mut recent = Recent::default();
        let mut palette = Vec::new();
        if start % (1 << BLOCK_BITS) != 0 {
            recent.next(NEW_LABEL)?;
            palette.push(None);
        }
        loop {
            let recency = *self.recencies.get(run)?;
            if recency == NEW_LABEL {
                if recent.count() == PALETTE_LIMIT {
                    recent.clear();
                    palette.clear();
                }
                palette.push(Some(labels));
                labels += 1;
            }
            let label = *palette.get(usize::from(recent.next(recency)?))?;
            let end = start + length(*self.lengths.get(run)?, &mut factors).ok()?;
            if end > key {
                return Some(RunAt { start, end, label, block: first.key });
            }
            (run, start) = (run + 1, end);
        }
    }

    /// The first run that starts in the last block in which one starts at a key or before it.
    fn block_of(&self, key: u64) -> Option<Position<'_>> {
        let mut factors = Cursor::new(self.part, &self.factors);
        let mut first = Position { run: 0, key: 0, factors };
        let mut start = 0;
        for (run, &symbol) in self.lengths.iter().enumerate() {
            if start > key {
                return Some(first);
            }
            if start >> BLOCK_BITS != first.key >> BLOCK_BITS {
                first = Position { run, key: start, factors };
            }
            start += length(symbol, &mut factors).ok()?;
        }
        (start > key).then_some(first)
    }

    /// One of the labels that are new to their palettes, 0 for none.
    fn label(&self, order: &LabelOrder, number: usize) -> Option<u32> {
        let (before, groups) = self.groups.split_at_checked(number)?;
        let group = *groups.first()?;
        if group == NO_LABEL {
            return Some(0);
        }
        let named = |&&group: &&u8| group != SAME_GROUP && group != NO_LABEL;
        let same = if group == SAME_GROUP {
            before.iter().rev().find(named)
        } else {
            Some(&group)
        };
        let group = same.map_or(0, |group| group - FIRST_GROUP);
        // Each label before that is one has a rank, and each rank one byte without the top bit.
        let ranks = before.iter().filter(|&&group| group != NO_LABEL).count();
        let ends = self.ranks.iter().enumerate().filter(|(_, byte)| **byte < 0x80);
        let mut ends = ends.map(|(at, _)| at + 1);
        let start = ranks.checked_sub(1).map_or(Some(0), |last| ends.nth(last))?;
        let mut rank = Cursor::new(self.part, self.ranks.get(start..)?);
        order.label(group, rank.number().ok()?)
    }
}

/// The length of a run: a power of two, times 1, 3, 5 or a factor from its own column.
#[inline]
pub(super) fn length(symbol: u8, factors: &mut Cursor<'_>) -> Result<u64, CompactError> {
    let half = match symbol >> EXPONENT_BITS {
        FACTOR_FOLLOWS => factors.varint()?,
        half => u64::from(half),
    };
    let exponent = u32::from(symbol % (1 << EXPONENT_BITS));
    // No run is as long as 2^49, so that adding its length to a key cannot overflow.
    if exponent > 48 || half >> (48 - exponent) != 0 {
        return Err(factors.invalid("a run is longer than the address space"));
    }
    Ok((half * 2 + 1) << exponent)
}

#[cfg(test)]
mod tests {
    use crate::compact::{AsnTable, CityTable};
    use std::net::IpAddr;

    /// Where runs begin, in the embedded databases, and before.
    fn asked() -> Vec<IpAddr> {
        let table = CityTable::from_bytes(geoip_data_city::CITY).unwrap();
        let (mut asked, mut number) = (Vec::new(), 0_u32);
        table
            .for_each_range(|range, _| {
                number += 1;
                // Prime, so that any place in a block is met.
                if number % 300_007 == 1 {
                    asked.extend([range.first(), range.last()]);
                }
            })
            .unwrap();
        asked.extend(
            ["0.0.0.0", "255.255.255.255", "::", "10.0.0.1", "2001:db8::1"]
                .map(|text| text.parse::<IpAddr>().unwrap()),
        );
        asked
    }

    #[test]
    fn columns_answer_as_tables_do() {
        let asked = asked();
        assert!(asked.len() > 40);
        let cities = || CityTable::from_bytes(geoip_data_city::CITY).unwrap();
        let systems = || AsnTable::from_bytes(geoip_data_asn::ASN).unwrap();
        let (all_cities, all_systems) = (cities(), systems());
        all_cities.load().unwrap();
        all_systems.load().unwrap();
        // Few enough at a time not to make a table of them.
        for some in asked.chunks(8) {
            let (few_cities, few_systems) = (cities(), systems());
            for &address in some {
                assert_eq!(few_cities.lookup(address), all_cities.lookup(address));
                assert_eq!(few_systems.lookup(address), all_systems.lookup(address));
            }
        }
    }
}
