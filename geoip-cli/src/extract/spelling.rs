//! How an address is printed.

use std::{borrow::Cow, net::IpAddr};

use crate::found::Found;

/// The address as it is written, if that is an address to any reader; else in the form of
/// RFC 5952.
pub(super) fn as_written<'h>(found: &Found<'h>) -> Cow<'h, str> {
    let plain = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':');
    match str::from_utf8(found.text) {
        Ok(text) if text.bytes().all(|byte| plain(&byte)) => Cow::Borrowed(text),
        _ => Cow::Owned(found.address.to_string()),
    }
}

/// A network, by its first address and prefix length; of full length it is an address.
pub(super) type Network = (IpAddr, u8);

/// The network of an address alone.
pub(super) fn alone(address: IpAddr) -> Network {
    (address, full_length(address))
}

/// A network by its first address and prefix length; an address alone has no length.
pub(super) fn of_network(network: Network) -> String {
    let mut text = Vec::new();
    push_network(&mut text, network);
    String::from_utf8_lossy(&text).into_owned()
}

/// Appends what [`of_network`] says. Logs hold IPv4 mostly, so that has a way of its own,
/// several times as fast as that of the standard library.
pub(super) fn push_network(text: &mut Vec<u8>, (first, prefix): Network) {
    match first {
        IpAddr::V4(address) => {
            for (index, octet) in address.octets().into_iter().enumerate() {
                if index > 0 {
                    text.push(b'.');
                }
                push_octet(text, octet);
            }
        }
        IpAddr::V6(address) => text.extend_from_slice(address.to_string().as_bytes()),
    }
    if prefix != full_length(first) {
        text.push(b'/');
        push_octet(text, prefix);
    }
}

fn full_length(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn push_octet(text: &mut Vec<u8>, octet: u8) {
    if octet >= 100 {
        text.push(b'0' + octet / 100);
    }
    if octet >= 10 {
        text.push(b'0' + octet / 10 % 10);
    }
    text.push(b'0' + octet % 10);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_networks_are_written_as_the_standard_library_does() {
        for octet in 0..=u8::MAX {
            let address = IpAddr::from([octet, 0, 255 - octet, 7]);
            assert_eq!(of_network(alone(address)), address.to_string());
            let network = (address, octet % 32);
            assert_eq!(of_network(network), format!("{address}/{}", octet % 32));
        }
        let address: IpAddr = "2001:db8::".parse().unwrap();
        assert_eq!(of_network(alone(address)), "2001:db8::");
        assert_eq!(of_network((address, 112)), "2001:db8::/112");
    }
}
