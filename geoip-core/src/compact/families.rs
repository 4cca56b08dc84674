//! Both address families of a file, as one lookup.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Mutex, OnceLock, PoisonError};

use ipnetwork::{IpNetwork, Ipv4Network, Ipv6Network};

use super::container::Container;
use super::format::FAMILY_COLUMNS;
use super::labels::LabelOrder;
use super::ranges::{Found, RangeTable, RunColumns};
use super::{CompactError, Provenance};
use crate::{AddressRange, address_range::address_of};

/// What is said about IPv4 and IPv6 addresses.
///
/// Each family is unpacked when it is first asked for: many logs have no IPv6 address at
/// all, and then half of the time and of the memory is saved.
#[derive(Debug)]
pub(super) struct Families {
    source: Source,
    v4: Family,
    v6: Family,
}

/// What both families are read from.
#[derive(Debug)]
struct Source {
    file: Container,
    /// Columns of the file before those of the families.
    label_columns: usize,
    order: LabelOrder,
}

/// What is said about the addresses of one family.
#[derive(Debug)]
struct Family {
    /// What errors call it.
    part: &'static str,
    /// Columns of the families before its own.
    columns_before: usize,
    key_bits: u32,
    /// Bits of a key that choose where to search.
    bucket_bits: u32,
    /// Made when there are many look-ups.
    table: OnceLock<Result<RangeTable, CompactError>>,
    /// What answers before, and how often it did.
    sparse: Mutex<(Option<RunColumns>, u32)>,
}

/// Bits of an IPv6 address that are looked up.
const V6_KEY_BITS: u32 = 48;

/// Look-ups without a table: together they take less than it takes to make one.
const SPARSE_LOOKUPS: u32 = 8;

impl Families {
    /// Columns of both families.
    pub(super) const COLUMNS: usize = 2 * FAMILY_COLUMNS.len();

    /// Takes over a file whose labels have been read.
    pub(super) fn new(file: Container, label_columns: usize, order: LabelOrder) -> Self {
        Self {
            source: Source { file, label_columns, order },
            v4: Family {
                part: "IPv4 ranges",
                columns_before: 0,
                key_bits: 32,
                bucket_bits: 16,
                table: OnceLock::new(),
                sparse: Mutex::default(),
            },
            v6: Family {
                part: "IPv6 ranges",
                columns_before: FAMILY_COLUMNS.len(),
                key_bits: V6_KEY_BITS,
                // Twenty bits tell apart the blocks of /12 to /23 that registries hand out.
                bucket_bits: 20,
                table: OnceLock::new(),
                sparse: Mutex::default(),
            },
        }
    }

    pub(super) fn provenance(&self) -> &Provenance {
        &self.source.file.provenance
    }

    /// The table of IPv4, made now if it was not before.
    pub(super) fn v4(&self) -> Result<&RangeTable, CompactError> {
        self.v4.table(&self.source)
    }

    /// The table of IPv6, made now if it was not before.
    pub(super) fn v6(&self) -> Result<&RangeTable, CompactError> {
        self.v6.table(&self.source)
    }

    /// Visits all ranges of addresses that have a label, in order.
    pub(super) fn for_each_range(
        &self,
        mut visit: impl FnMut(AddressRange, u32),
    ) -> Result<(), CompactError> {
        for (table, is_v4) in [(self.v4()?, true), (self.v6()?, false)] {
            let shift = if is_v4 { 0 } else { 128 - V6_KEY_BITS };
            for (first, last, label) in table.runs() {
                let first = u128::from(first) << shift;
                let last = u128::from(last) << shift | ((1 << shift) - 1);
                let ends = [first, last].map(|bits| address_of(bits, is_v4));
                if let Some(range) = AddressRange::new(ends[0], ends[1]) {
                    visit(range, label);
                }
            }
        }
        Ok(())
    }

    /// The label of an address and the largest network around it that shares the label.
    #[inline]
    pub(super) fn lookup(
        &self,
        address: IpAddr,
    ) -> Result<Option<(u32, IpNetwork)>, CompactError> {
        Ok(match address.to_canonical() {
            IpAddr::V4(address) => {
                let key = u64::from(u32::from(address));
                self.v4.lookup(&self.source, key)?.and_then(|found| in_v4(address, found))
            }
            IpAddr::V6(address) => {
                let Ok(key) = u64::try_from(u128::from(address) >> (128 - V6_KEY_BITS))
                else {
                    return Ok(None);
                };
                self.v6.lookup(&self.source, key)?.and_then(|found| in_v6(address, found))
            }
        })
    }
}

impl Family {
    /// Finds the label of a key, if it has one.
    #[inline]
    fn lookup(&self, source: &Source, key: u64) -> Result<Option<Found>, CompactError> {
        match self.table.get() {
            Some(Ok(table)) => Ok(table.lookup(key)),
            Some(Err(error)) => Err(error.clone()),
            None => self.lookup_sparse(source, key),
        }
    }

    /// Answers from the columns while there are few look-ups, then from a table.
    #[cold]
    fn lookup_sparse(
        &self,
        source: &Source,
        key: u64,
    ) -> Result<Option<Found>, CompactError> {
        if let Some(found) = self.found_in_columns(source, key) {
            return Ok(Some(found).filter(|found| found.label != 0));
        }
        Ok(self.table(source)?.lookup(key))
    }

    /// What the columns say of a key, with label 0 if that is nothing; none if they were asked
    /// often enough, or do not tell.
    fn found_in_columns(&self, source: &Source, key: u64) -> Option<Found> {
        let mut sparse = self.sparse.lock().unwrap_or_else(PoisonError::into_inner);
        let (columns, lookups) = &mut *sparse;
        *lookups += 1;
        if *lookups > SPARSE_LOOKUPS || self.table.get().is_some() {
            return None;
        }
        if columns.is_none() {
            *columns = self.columns(source).ok();
        }
        columns.as_ref()?.lookup(&source.order, key)
    }

    /// The table, made now if it was not before.
    fn table(&self, source: &Source) -> Result<&RangeTable, CompactError> {
        let make = || {
            let mut sparse = self.sparse.lock().unwrap_or_else(PoisonError::into_inner);
            // Nobody unpacks them again while the table is being made.
            sparse.1 = SPARSE_LOOKUPS;
            let columns = match sparse.0.take() {
                Some(columns) => columns,
                None => self.columns(source)?,
            };
            RangeTable::of_columns(&columns, self.bucket_bits, &source.order)
        };
        self.table.get_or_init(make).as_ref().map_err(Clone::clone)
    }

    fn columns(&self, source: &Source) -> Result<RunColumns, CompactError> {
        let first = source.label_columns + self.columns_before;
        let columns = source.file.columns(first..first + FAMILY_COLUMNS.len());
        RunColumns::read(&columns, self.part, self.key_bits)
    }
}

#[inline]
fn in_v4(
    address: Ipv4Addr,
    Found { label, host_bits }: Found,
) -> Option<(u32, IpNetwork)> {
    let base = u32::from(address) & u32::MAX.checked_shl(host_bits).unwrap_or(0);
    let prefix = u8::try_from(32 - host_bits).ok()?;
    let network = Ipv4Network::new(Ipv4Addr::from(base), prefix).ok()?;
    Some((label, IpNetwork::V4(network)))
}

#[inline]
fn in_v6(
    address: Ipv6Addr,
    Found { label, host_bits }: Found,
) -> Option<(u32, IpNetwork)> {
    let prefix = V6_KEY_BITS - host_bits;
    let base = u128::from(address) & u128::MAX.checked_shl(128 - prefix).unwrap_or(0);
    let network = Ipv6Network::new(Ipv6Addr::from(base), u8::try_from(prefix).ok()?);
    Some((label, IpNetwork::V6(network.ok()?)))
}
