//! Networks as they are written: with a prefix length, with a mask, or as a range.

use std::iter::Peekable;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::address_match::AddressMatch;

/// Which spellings of a network are read; see [`networks`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NetworkForms {
    /// `192.0.2.0/24` and `10.0.0.0/255.0.0.0`.
    pub prefixes: bool,
    /// `192.0.2.1-192.0.2.9`, also with blanks around the hyphen, or an en dash.
    pub ranges: bool,
}

/// All addresses from a first to a last, as one network or range writes them.
#[derive(Clone, Copy, Debug)]
pub struct NetworkMatch<'h> {
    /// The first address that is written; for a range, that is the lower one.
    pub found: AddressMatch<'h>,
    /// The first address of the network.
    pub first: IpAddr,
    /// The last.
    pub last: IpAddr,
}

impl<'h> NetworkMatch<'h> {
    /// The networks that together are the range: one if a network was written, as few as
    /// possible otherwise. Each is its first address and its prefix length.
    pub fn networks(&self) -> Networks {
        Networks { rest: Some((self.first, self.last)) }
    }

    fn of_address(found: AddressMatch<'h>) -> Self {
        Self { found, first: found.address(), last: found.address() }
    }

    fn of_prefix(found: AddressMatch<'h>, prefix: u8) -> Self {
        let (first, last) = match found.address() {
            IpAddr::V4(address) => {
                let host = u32::MAX.checked_shr(u32::from(prefix)).unwrap_or(0);
                let bits = address.to_bits() & !host;
                (
                    Ipv4Addr::from_bits(bits).into(),
                    Ipv4Addr::from_bits(bits | host).into(),
                )
            }
            IpAddr::V6(address) => {
                let host = u128::MAX.checked_shr(u32::from(prefix)).unwrap_or(0);
                let bits = address.to_bits() & !host;
                (
                    Ipv6Addr::from_bits(bits).into(),
                    Ipv6Addr::from_bits(bits | host).into(),
                )
            }
        };
        Self { found, first, last }
    }
}

/// Reads the networks among matches that are in order and of one haystack.
///
/// What is no network of a form that is asked for stays as it is: an address, which is the
/// network of itself alone.
///
/// # Examples
/// ```
/// use geoip_extract::{Extractor, NetworkForms, networks};
///
/// let text = b"deny 192.0.2.0/24; deny 10.0.0.0/255.0.0.0; pool 192.0.2.2 - 192.0.2.5";
/// let forms = NetworkForms { prefixes: true, ranges: true };
/// let extractor = Extractor::default();
/// let found: Vec<_> = networks(extractor.find_iter(text), forms)
///     .flat_map(|network| network.networks())
///     .map(|(first, prefix)| format!("{first}/{prefix}"))
///     .collect();
/// assert_eq!(found, ["192.0.2.0/24", "10.0.0.0/8", "192.0.2.2/31", "192.0.2.4/31"]);
/// ```
pub fn networks<'h, I>(
    matches: I,
    forms: NetworkForms,
) -> impl Iterator<Item = NetworkMatch<'h>>
where
    I: IntoIterator<Item = AddressMatch<'h>>,
{
    let mut matches = matches.into_iter().peekable();
    std::iter::from_fn(move || next_network(&mut matches, forms))
}

fn next_network<'h>(
    matches: &mut Peekable<impl Iterator<Item = AddressMatch<'h>>>,
    forms: NetworkForms,
) -> Option<NetworkMatch<'h>> {
    let found = matches.next()?;
    if forms.prefixes
        && let Some(prefix) = found.prefix()
    {
        return Some(NetworkMatch::of_prefix(found, prefix));
    }
    let between = |next: &AddressMatch<'h>| {
        found.haystack.get(found.end..next.start).unwrap_or_default()
    };
    let is_mask = |next: &AddressMatch<'h>| {
        between(next) == b"/" && prefix_of(next.address()).is_some()
    };
    if forms.prefixes
        && found.address().is_ipv4()
        && let Some(mask) = matches.next_if(is_mask)
        && let Some(prefix) = prefix_of(mask.address())
    {
        return Some(NetworkMatch::of_prefix(found, prefix));
    }
    let is_end = |next: &AddressMatch<'h>| {
        matches!(between(next).trim_ascii(), b"-" | b"\xe2\x80\x93")
            && next.address().is_ipv4() == found.address().is_ipv4()
            && next.address() >= found.address()
            && next.prefix().is_none()
    };
    if forms.ranges
        && let Some(end) = matches.next_if(is_end)
    {
        return Some(NetworkMatch { found, first: found.address(), last: end.address() });
    }
    Some(NetworkMatch::of_address(found))
}

/// The prefix length that an IPv4 netmask stands for.
fn prefix_of(mask: IpAddr) -> Option<u8> {
    let IpAddr::V4(mask) = mask else { return None };
    let ones = mask.to_bits().leading_ones();
    let is_mask = ones == mask.to_bits().count_ones();
    u8::try_from(ones).ok().filter(|_| is_mask)
}

/// Iterator over the networks that a range consists of, see [`NetworkMatch::networks`].
#[derive(Clone, Debug)]
pub struct Networks {
    rest: Option<(IpAddr, IpAddr)>,
}

impl Iterator for Networks {
    type Item = (IpAddr, u8);

    fn next(&mut self) -> Option<(IpAddr, u8)> {
        let (first, last) = self.rest.take()?;
        let width: u32 = if first.is_ipv4() { 32 } else { 128 };
        let (low, high) = (bits(first), bits(last));
        // The largest network that starts here: aligned, and no longer than what is left.
        let aligned = low.trailing_zeros().min(width);
        let room = (high - low).checked_add(1).map_or(128, u128::ilog2);
        let host = aligned.min(room);
        let end = low | u128::MAX.checked_shr(128 - host).unwrap_or(0);
        if end < high {
            self.rest = Some((address(end + 1, first.is_ipv4()), last));
        }
        Some((first, u8::try_from(width - host).unwrap_or(0)))
    }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

fn address(bits: u128, is_v4: bool) -> IpAddr {
    match u32::try_from(bits) {
        Ok(bits) if is_v4 => Ipv4Addr::from_bits(bits).into(),
        _ => Ipv6Addr::from_bits(bits).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Extractor;
    use proptest::prelude::*;

    fn found(text: &str, prefixes: bool, ranges: bool) -> Vec<String> {
        let extractor = Extractor::default();
        networks(extractor.find_iter(text.as_bytes()), NetworkForms { prefixes, ranges })
            .map(|network| format!("{}-{}", network.first, network.last))
            .collect()
    }

    #[test]
    fn reads_each_form_only_where_it_is_asked_for() {
        let text = "192.0.2.9/24 10.0.0.1/255.0.0.0 192.0.2.1-192.0.2.3 2001:db8::/127";
        let v6 = ["2001:db8::-2001:db8::1", "2001:db8::-2001:db8::"];
        let prefixes = ["192.0.2.0-192.0.2.255", "10.0.0.0-10.255.255.255"];
        let ends = ["192.0.2.1-192.0.2.1", "192.0.2.3-192.0.2.3"];
        let plain = ["192.0.2.9-192.0.2.9", "10.0.0.1-10.0.0.1", "255.0.0.0-255.0.0.0"];
        assert_eq!(found(text, true, false), [&prefixes[..], &ends, &v6[..1]].concat());
        assert_eq!(
            found(text, false, true),
            [&plain[..], &["192.0.2.1-192.0.2.3"], &v6[1..]].concat()
        );
        assert_eq!(found(text, false, false), [&plain[..], &ends, &v6[1..]].concat());
    }

    #[test]
    fn takes_for_a_range_only_what_is_one() {
        for text in [
            "192.0.2.9 - 192.0.2.1",
            "192.0.2.1 - 2001:db8::1",
            "192.0.2.1 -- 192.0.2.3",
            "192.0.2.1 to 192.0.2.3",
            "192.0.2.1 192.0.2.3",
        ] {
            assert_eq!(found(text, true, true).len(), 2, "{text}");
        }
        for text in
            ["192.0.2.1 - 192.0.2.3", "192.0.2.1\u{2013}192.0.2.3", "192.0.2.1-192.0.2.3"]
        {
            assert_eq!(found(text, true, true), ["192.0.2.1-192.0.2.3"], "{text}");
        }
        assert_eq!(found("192.0.2.1/255.0.255.0", true, true).len(), 2);
        assert_eq!(found("0.0.0.0/0", true, true), ["0.0.0.0-255.255.255.255"]);
    }

    #[test]
    fn the_whole_world_is_one_network() {
        for (first, last, network) in [
            ("0.0.0.0", "255.255.255.255", ("0.0.0.0", 0)),
            ("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ("::", 0)),
            ("255.255.255.255", "255.255.255.255", ("255.255.255.255", 32)),
        ] {
            let rest = Some((first.parse().unwrap(), last.parse().unwrap()));
            let all: Vec<_> = Networks { rest }.collect();
            assert_eq!(all, [(network.0.parse().unwrap(), network.1)]);
        }
    }

    proptest! {
        #[test]
        fn networks_of_a_range_are_that_range_and_no_two_make_one(
            first in any::<u32>(), length in 0_u32..5000, wide in any::<bool>(),
        ) {
            let (low, high) = (first, first.saturating_add(length));
            let shift = if wide { 96 } else { 0 };
            let full = |bits: u32| u128::from(bits) << shift;
            let end = if wide { full(high) | ((1 << 96) - 1) } else { full(high) };
            let rest = Some((address(full(low), !wide), address(end, !wide)));
            let width: u32 = if wide { 128 } else { 32 };
            let mut next = full(low);
            let mut before = None;
            for (start, prefix) in (Networks { rest }) {
                let size = 1_u128 << (width - u32::from(prefix));
                prop_assert_eq!(bits(start), next);
                prop_assert_eq!(next % size, 0);
                // Two of one size that are halves of a larger one would have been that.
                if let Some((last, last_size)) = before && last_size == size {
                    prop_assert_ne!(last % (2 * size), 0);
                }
                before = Some((next, size));
                next += size;
            }
            prop_assert_eq!(next - 1, end);
        }
    }
}
