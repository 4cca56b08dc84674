//! Addresses from a first to a last one.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use ipnetwork::IpNetwork;

/// All addresses from a first to a last one, both included; of one family.
///
/// IPv4-mapped IPv6 addresses are taken as the IPv4 addresses that they carry, as look-ups
/// take them.
///
/// # Examples
/// ```
/// use geoip_core::AddressRange;
///
/// let range: AddressRange = "192.0.2.0/30".parse()?;
/// assert_eq!(range, "192.0.2.0 - 192.0.2.3".parse()?);
/// assert_eq!("192.0.2.7".parse::<AddressRange>()?.to_string(), "192.0.2.7");
/// assert!("192.0.2.9-192.0.2.1".parse::<AddressRange>().is_err());
/// # Ok::<(), geoip_core::InvalidAddressRange>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressRange {
    first: IpAddr,
    last: IpAddr,
}

impl AddressRange {
    /// The range between two addresses; none if they are of different families, or in the
    /// wrong order.
    pub fn new(first: IpAddr, last: IpAddr) -> Option<Self> {
        let (short_first, short_last) = (first.to_canonical(), last.to_canonical());
        // A range that only begins or ends among the mapped addresses stays as it is.
        let (first, last) = if short_first.is_ipv4() == short_last.is_ipv4() {
            (short_first, short_last)
        } else {
            (first, last)
        };
        (first.is_ipv4() == last.is_ipv4() && first <= last)
            .then_some(Self { first, last })
    }

    /// The first address.
    pub fn first(self) -> IpAddr {
        self.first
    }

    /// The last address.
    pub fn last(self) -> IpAddr {
        self.last
    }

    /// The largest network around an address of which all addresses are in this range;
    /// none if the address itself is not.
    pub(crate) fn network_around(self, address: IpAddr) -> Option<IpNetwork> {
        let (first, last) = (bits(self.first), bits(self.last));
        let width = if self.first.is_ipv4() { 32 } else { 128 };
        let at = bits(address);
        if address.is_ipv4() != self.first.is_ipv4() || at < first || at > last {
            return None;
        }
        let fits = |host_bits: &u8| {
            let mask =
                1_u128.checked_shl((*host_bits).into()).unwrap_or(0).wrapping_sub(1);
            at & !mask >= first && at | mask <= last
        };
        let host_bits = (1..=width).take_while(fits).last().unwrap_or(0);
        let network = IpNetwork::new(address, width - host_bits).ok()?;
        IpNetwork::new(network.network(), network.prefix()).ok()
    }
}

/// The bits of an address as a number.
pub(crate) fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

impl From<IpNetwork> for AddressRange {
    fn from(network: IpNetwork) -> Self {
        let (first, last) = (network.network(), network.broadcast());
        // Ends of a network are always in order; only what they are mapped to can differ.
        Self::new(first, last).unwrap_or(Self { first, last })
    }
}

/// An address, a network (`192.0.2.0/24`) or two addresses with `-` between them.
impl FromStr for AddressRange {
    type Err = InvalidAddressRange;

    fn from_str(text: &str) -> Result<Self, InvalidAddressRange> {
        let invalid = || InvalidAddressRange { text: text.into() };
        if let Ok(network) = text.parse::<IpNetwork>() {
            return Ok(network.into());
        }
        let (first, last) = text.split_once('-').ok_or_else(invalid)?;
        let end = |text: &str| text.trim().parse().map_err(|_| invalid());
        Self::new(end(first)?, end(last)?).ok_or_else(invalid)
    }
}

/// One address, or the first and the last with `-` between them.
impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            return write!(f, "{}", self.first);
        }
        write!(f, "{}-{}", self.first, self.last)
    }
}

/// Text that is no address, network or range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is no address, network or range", text.chars().take(60).collect::<String>()
)]
pub struct InvalidAddressRange {
    /// What was given.
    pub text: String,
}

/// The address of a family from its bits.
pub(crate) fn address_of(bits: u128, is_ipv4: bool) -> IpAddr {
    match u32::try_from(bits) {
        Ok(bits) if is_ipv4 => IpAddr::from(bits.to_be_bytes()),
        _ => IpAddr::V6(Ipv6Addr::from_bits(bits)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_every_spelling_and_refuses_the_rest() {
        let range = |text: &str| text.parse::<AddressRange>().unwrap().to_string();
        assert_eq!(range("198.51.100.2/24"), "198.51.100.0-198.51.100.255");
        assert_eq!(range("2001:db8::1"), "2001:db8::1");
        assert_eq!(range("::ffff:192.0.2.0/127"), "192.0.2.0-192.0.2.1");
        for text in ["", "-", "192.0.2.1-", "192.0.2.1-2001:db8::1", "10.0.0.0/33", "12"]
        {
            assert!(text.parse::<AddressRange>().is_err(), "{text}");
        }
        // All of IPv6 is no range of IPv4, though the mapped addresses are in it.
        assert!("::/0".parse::<AddressRange>().unwrap().first().is_ipv6());
    }

    proptest! {
        #[test]
        fn the_network_around_an_address_is_the_largest_that_fits(
            first in any::<u32>(), length in 0_u32..5000, offset in 0_u32..5000,
        ) {
            let last = first.saturating_add(length);
            let at = first.saturating_add(offset.min(length));
            let of = |bits: u32| IpAddr::from(bits.to_be_bytes());
            let range = AddressRange::new(of(first), of(last)).unwrap();
            let network = range.network_around(of(at)).unwrap();
            let all = AddressRange::from(network);
            prop_assert!(network.contains(of(at)));
            prop_assert!(all.first() >= range.first() && all.last() <= range.last());
            if let Some(prefix) = network.prefix().checked_sub(1) {
                let wider = AddressRange::from(IpNetwork::new(of(at), prefix).unwrap());
                prop_assert!(wider.first() < range.first() || wider.last() > range.last());
            }
            prop_assert_eq!(range.network_around("::1".parse().unwrap()), None);
        }
    }
}
