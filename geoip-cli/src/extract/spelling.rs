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

/// A network by its first address and prefix length; an address alone has no length.
pub(super) fn of_network((first, prefix): (IpAddr, u8)) -> String {
    let full = if first.is_ipv4() { 32 } else { 128 };
    if prefix == full { first.to_string() } else { format!("{first}/{prefix}") }
}
