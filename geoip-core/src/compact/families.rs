//! Both address families of a file, as one lookup.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnetwork::{IpNetwork, Ipv4Network, Ipv6Network};

use super::CompactError;
use super::container::Container;
use super::labels::LabelOrder;
use super::ranges::{Found, RangeTable};

/// What is said about IPv4 and IPv6 addresses.
#[derive(Debug)]
pub(super) struct Families {
    v4: RangeTable,
    v6: RangeTable,
}

/// Bits of an IPv6 address that are looked up.
const V6_KEY_BITS: u32 = 48;

impl Families {
    /// Unpacks the columns of both families, the last ones of a file.
    pub(super) fn read(
        file: &mut Container<'_>,
        order: &LabelOrder,
    ) -> Result<Self, CompactError> {
        let v4 = RangeTable::read(file, "IPv4 ranges", 32, 16, order)?;
        // Twenty bits tell apart the blocks of /12 to /23 that registries hand out.
        let v6 = RangeTable::read(file, "IPv6 ranges", V6_KEY_BITS, 20, order)?;
        file.expect_end()?;
        Ok(Self { v4, v6 })
    }

    /// The label of an address and the largest network around it that shares the label.
    #[inline]
    pub(super) fn lookup(&self, address: IpAddr) -> Option<(u32, IpNetwork)> {
        match address.to_canonical() {
            IpAddr::V4(address) => {
                let bits = u32::from(address);
                let Found { label, host_bits } = self.v4.lookup(u64::from(bits))?;
                let prefix = 32 - host_bits;
                let base = bits & u32::MAX.checked_shl(host_bits).unwrap_or(0);
                let network = Ipv4Network::new(Ipv4Addr::from(base), prefix as u8).ok()?;
                Some((label, IpNetwork::V4(network)))
            }
            IpAddr::V6(address) => {
                let bits = u128::from(address);
                let key = (bits >> (128 - V6_KEY_BITS)) as u64;
                let Found { label, host_bits } = self.v6.lookup(key)?;
                let prefix = V6_KEY_BITS - host_bits;
                let base = bits & u128::MAX.checked_shl(128 - prefix).unwrap_or(0);
                let network = Ipv6Network::new(Ipv6Addr::from(base), prefix as u8).ok()?;
                Some((label, IpNetwork::V6(network)))
            }
        }
    }
}
