//! The address that a field holds, and nothing else beside it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str;

/// An address, and where in the field it stands: without brackets, port and zone.
pub(crate) type Found<'t> = (IpAddr, &'t [u8]);

/// The longest spelling of an IPv6 address, with a dotted quad at its end.
const LONGEST_V6: usize = 45;

/// Reads a field that is an address: `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`,
/// `[2001:db8::1]`, `[2001:db8::1]:443`, `fe80::1%eth0`, with spaces around it or not.
///
/// An IPv4-mapped IPv6 address is the IPv4 address. Numbers with leading zeros are none.
#[inline]
pub(crate) fn field(text: &[u8]) -> Option<Found<'_>> {
    match v4(text) {
        Some((address, length)) if length == text.len() => Some((address.into(), text)),
        _ => other(text.trim_ascii()),
    }
}

/// Whether bytes are a port: one to five digits.
pub(crate) fn is_port(text: &[u8]) -> bool {
    (1..=5).contains(&text.len()) && text.iter().all(u8::is_ascii_digit)
}

fn other(text: &[u8]) -> Option<Found<'_>> {
    if let Some((address, length)) = v4(text) {
        let is_whole = match &text[length..] {
            [] => true,
            [b':', port @ ..] => is_port(port),
            _ => false,
        };
        return is_whole.then_some((address.into(), &text[..length]));
    }
    let text = match text {
        [b'[', rest @ ..] => {
            let end = memchr::memchr(b']', rest)?;
            match &rest[end + 1..] {
                [] => &rest[..end],
                [b':', port @ ..] if is_port(port) => &rest[..end],
                _ => return None,
            }
        }
        _ => text,
    };
    let text = match memchr::memchr(b'%', text) {
        Some(percent) if is_zone(&text[percent + 1..]) => &text[..percent],
        Some(_) => return None,
        None => text,
    };
    match v4(text) {
        Some((address, length)) if length == text.len() => Some((address.into(), text)),
        _ => Some((v6(text)?, text)),
    }
}

/// Names of interfaces have at most 15 bytes on Linux and macOS; 32 leaves room.
fn is_zone(text: &[u8]) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    (1..=32).contains(&text.len()) && text.iter().all(is_name)
}

/// Reads a dotted quad at the start of `text`; a digit must not follow it.
#[inline]
pub(crate) fn v4(text: &[u8]) -> Option<(Ipv4Addr, usize)> {
    let mut octets = [0; 4];
    let mut at = 0;
    for (index, octet) in octets.iter_mut().enumerate() {
        if index > 0 {
            if text.get(at) != Some(&b'.') {
                return None;
            }
            at += 1;
        }
        let first = text.get(at)?.wrapping_sub(b'0');
        let mut value = u32::from(first);
        if first > 9 {
            return None;
        }
        at += 1;
        for _ in 0..2 {
            let Some(digit) = digit(text, at) else { break };
            // A zero is no start of a longer number: some programs would read it as octal.
            if value == 0 {
                return None;
            }
            value = value * 10 + digit;
            at += 1;
        }
        *octet = u8::try_from(value).ok()?;
    }
    digit(text, at).is_none().then_some((octets.into(), at))
}

#[inline]
fn digit(text: &[u8], at: usize) -> Option<u32> {
    let digit = text.get(at)?.wrapping_sub(b'0');
    (digit < 10).then_some(digit.into())
}

/// Reads a whole text as IPv6; a mapped address is the IPv4 address.
pub(crate) fn v6(text: &[u8]) -> Option<IpAddr> {
    if !(2..=LONGEST_V6).contains(&text.len()) {
        return None;
    }
    let address: Ipv6Addr = str::from_utf8(text).ok()?.parse().ok()?;
    Some(address.to_ipv4_mapped().map_or(address.into(), IpAddr::from))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Option<String> {
        let (address, part) = field(text.as_bytes())?;
        assert!(text.contains(str::from_utf8(part).unwrap()));
        Some(address.to_string())
    }

    #[test]
    fn ports_brackets_zones_and_spaces_are_no_part_of_the_address() {
        for text in ["192.0.2.1", " 192.0.2.1\t", "192.0.2.1:65535", "::ffff:192.0.2.1"] {
            assert_eq!(read(text).as_deref(), Some("192.0.2.1"), "{text}");
        }
        for text in [
            "2001:db8::1",
            "[2001:db8::1]",
            "[2001:db8::1]:443",
            "2001:DB8::1%eth0",
            "[2001:db8:0:0:0:0:0:1%en0]:1",
        ] {
            assert_eq!(read(text).as_deref(), Some("2001:db8::1"), "{text}");
        }
    }

    #[test]
    fn what_is_more_or_less_than_an_address_is_none() {
        for text in [
            "",
            "-",
            "host",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.04",
            "256.1.1.1",
            "1.2.3.4:",
            "1.2.3.4:123456",
            "1.2.3.4:8o",
            "[1::2",
            "[1::2]x",
            "[1::2]:",
            "1::2%",
            "::1::",
            "1.2.3.4 5",
            "1.2.3.4/24",
            "12:34:56",
            "[[::1]]",
            "1.2.3.4-",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn quads_are_read_as_the_standard_library_reads_them(text in "[0-9.]{0,16}") {
            let expected = text.parse::<Ipv4Addr>().ok();
            let found = v4(text.as_bytes()).filter(|(_, length)| *length == text.len());
            prop_assert_eq!(found.map(|(address, _)| address), expected);
        }

        #[test]
        fn every_address_is_read_from_its_text(address: IpAddr, port: u16) {
            let canonical = address.to_canonical().to_string();
            prop_assert_eq!(read(&address.to_string()), Some(canonical.clone()));
            let socket = std::net::SocketAddr::new(address, port).to_string();
            prop_assert_eq!(read(&socket), Some(canonical));
        }
    }
}
