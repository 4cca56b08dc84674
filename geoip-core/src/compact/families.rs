//! Both address families of a file, as one lookup.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::OnceLock;

use ipnetwork::{IpNetwork, Ipv4Network, Ipv6Network};

use super::container::Container;
use super::format::FAMILY_COLUMNS;
use super::labels::LabelOrder;
use super::ranges::{Found, RangeTable};
use super::{CompactError, Provenance};
use crate::{AddressRange, address_range::address_of};

/// What is said about IPv4 and IPv6 addresses.
///
/// Each family is unpacked when it is first asked for: many logs have no IPv6 address at
/// all, and then half of the time and of the memory is saved.
#[derive(Debug)]
pub(super) struct Families {
    file: Container,
    /// Columns of the file before those of the families.
    label_columns: usize,
    order: LabelOrder,
    v4: OnceLock<Result<RangeTable, CompactError>>,
    v6: OnceLock<Result<RangeTable, CompactError>>,
}

/// Bits of an IPv6 address that are looked up.
const V6_KEY_BITS: u32 = 48;

impl Families {
    /// Columns of both families.
    pub(super) const COLUMNS: usize = 2 * FAMILY_COLUMNS.len();

    /// Takes over a file whose labels have been read.
    pub(super) fn new(file: Container, label_columns: usize, order: LabelOrder) -> Self {
        Self { file, label_columns, order, v4: OnceLock::new(), v6: OnceLock::new() }
    }

    pub(super) fn provenance(&self) -> &Provenance {
        &self.file.provenance
    }

    /// The table of IPv4, unpacked now if it was not before.
    pub(super) fn v4(&self) -> Result<&RangeTable, CompactError> {
        let first = self.label_columns;
        let read = || self.read("IPv4 ranges", first, 32, 16);
        self.v4.get_or_init(read).as_ref().map_err(Clone::clone)
    }

    /// The table of IPv6, unpacked now if it was not before.
    pub(super) fn v6(&self) -> Result<&RangeTable, CompactError> {
        let first = self.label_columns + FAMILY_COLUMNS.len();
        // Twenty bits tell apart the blocks of /12 to /23 that registries hand out.
        let read = || self.read("IPv6 ranges", first, V6_KEY_BITS, 20);
        self.v6.get_or_init(read).as_ref().map_err(Clone::clone)
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

    fn read(
        &self,
        part: &'static str,
        first: usize,
        key_bits: u32,
        bucket_bits: u32,
    ) -> Result<RangeTable, CompactError> {
        let columns = self.file.columns(first..first + FAMILY_COLUMNS.len());
        RangeTable::read(&columns, part, key_bits, bucket_bits, &self.order)
    }

    /// The label of an address and the largest network around it that shares the label.
    #[inline]
    pub(super) fn lookup(
        &self,
        address: IpAddr,
    ) -> Result<Option<(u32, IpNetwork)>, CompactError> {
        Ok(match address.to_canonical() {
            IpAddr::V4(address) => self.v4()?.lookup_v4(address),
            IpAddr::V6(address) => self.v6()?.lookup_v6(address),
        })
    }
}

impl RangeTable {
    #[inline]
    fn lookup_v4(&self, address: Ipv4Addr) -> Option<(u32, IpNetwork)> {
        let bits = u32::from(address);
        let Found { label, host_bits } = self.lookup(u64::from(bits))?;
        let base = bits & u32::MAX.checked_shl(host_bits).unwrap_or(0);
        let prefix = u8::try_from(32 - host_bits).ok()?;
        let network = Ipv4Network::new(Ipv4Addr::from(base), prefix).ok()?;
        Some((label, IpNetwork::V4(network)))
    }

    #[inline]
    fn lookup_v6(&self, address: Ipv6Addr) -> Option<(u32, IpNetwork)> {
        let bits = u128::from(address);
        let key = u64::try_from(bits >> (128 - V6_KEY_BITS)).ok()?;
        let Found { label, host_bits } = self.lookup(key)?;
        let prefix = V6_KEY_BITS - host_bits;
        let base = bits & u128::MAX.checked_shl(128 - prefix).unwrap_or(0);
        let network = Ipv6Network::new(Ipv6Addr::from(base), u8::try_from(prefix).ok()?);
        Some((label, IpNetwork::V6(network.ok()?)))
    }
}
