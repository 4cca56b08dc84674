//! `X-Forwarded-For` and `Forwarded`: the client behind proxies.

use std::net::IpAddr;

use crate::address;
use crate::proxies::TrustedProxies;

/// How many hops are read, from the nearest on.
const MOST_HOPS: usize = 16;

/// What a chain of proxies says about the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin<'t> {
    /// `None` where the last proxy that is believed does not know or does not tell.
    pub(crate) address: Option<IpAddr>,
    pub(crate) text: &'t [u8],
}

/// The first hop of a header that is no trusted proxy, read from the right.
///
/// The caller has made sure that the peer is trusted. Each proxy appends the address that it
/// was called from, so an entry is worth as much as the proxy to its right; what is left of
/// the first stranger was written by the stranger. If all hops are trusted, or more than 16
/// are, the client is the last hop that was read. `None` if the header names no hop at all.
pub(crate) fn origin<'t>(
    header: &'t [u8],
    trusted: &TrustedProxies,
) -> Option<Origin<'t>> {
    let mut last = None;
    let mut rest = header;
    let mut hops = 0;
    // Commas are cut at even inside quotes: what a client leaves unclosed must not swallow
    // what the proxies append.
    loop {
        let comma = memchr::memrchr(b',', rest);
        let hop = rest[comma.map_or(0, |comma| comma + 1)..].trim_ascii();
        if !hop.is_empty() && hop != b"-" {
            let text = node(hop);
            let found = address::field(text);
            let (address, text) = found.map_or((None, text), |(a, t)| (Some(a), t));
            last = Some(Origin { address, text });
            hops += 1;
            if hops == MOST_HOPS || !address.is_some_and(|hop| trusted.contains(hop)) {
                return last;
            }
        }
        match comma {
            Some(comma) => rest = &rest[..comma],
            None => return last,
        }
    }
}

/// The node of a hop: the value of `for=` in an element of `Forwarded` (RFC 7239, section
/// 4), and the whole hop in `X-Forwarded-For`.
fn node(hop: &[u8]) -> &[u8] {
    for pair in hop.split(|byte| *byte == b';') {
        let pair = unquoted(pair.trim_ascii());
        if let Some((name, value)) = pair.split_first_chunk::<4>()
            && name.eq_ignore_ascii_case(b"for=")
        {
            return unquoted(value);
        }
    }
    unquoted(hop)
}

/// Without quotes around it, also those that a log escapes as `\"` or `\x22`.
fn unquoted(mut text: &[u8]) -> &[u8] {
    const QUOTES: [&[u8]; 3] = [b"\\\"", b"\\x22", b"\""];
    for quote in QUOTES {
        text = text.strip_prefix(quote).unwrap_or(text);
        text = text.strip_suffix(quote).unwrap_or(text);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    fn trusted() -> TrustedProxies {
        "10.0.0.0/8 2001:db8:ff::/48".parse().unwrap()
    }

    /// The client that a header names, or why it names none.
    fn client(header: &str) -> String {
        match origin(header.as_bytes(), &trusted()) {
            Some(Origin { address: Some(address), .. }) => address.to_string(),
            Some(_) => "unknown".into(),
            None => "no hop".into(),
        }
    }

    #[test]
    fn the_first_stranger_from_the_right_is_the_client() {
        for header in [
            "203.0.113.9",
            "1.1.1.1, 203.0.113.9, 10.0.0.1",
            "1.1.1.1,203.0.113.9:4711 ,10.0.0.1, 10.2.0.1",
            "for=203.0.113.9",
            "For=\"203.0.113.9:80\";proto=https;by=10.0.0.2, for=10.0.0.1",
            "for=\"unclosed, for=203.0.113.9, by=10.0.0.1;for=10.0.0.1",
            "for=1.1.1.1;for=2.2.2.2, proto=http; for=\\x22203.0.113.9\\x22",
            ", 203.0.113.9, , -",
        ] {
            assert_eq!(client(header), "203.0.113.9", "{header}");
        }
        let v6 = "for=\"[2001:db8::1]:4711\", for=\"[2001:db8:ff::1]\"";
        assert_eq!(client(v6), "2001:db8::1");
        assert_eq!(client("for=\\\"[2001:db8::1]\\\""), "2001:db8::1");
    }

    #[test]
    fn a_client_that_a_trusted_proxy_does_not_tell_is_unknown() {
        for header in
            ["unknown", "1.1.1.1, for=unknown, 10.0.0.1", "for=_hidden", "by=1.1.1.1"]
        {
            assert_eq!(client(header), "unknown", "{header}");
        }
        assert_eq!(client(" , -,"), "no hop");
    }

    #[test]
    fn sixteen_hops_are_read_and_no_more() {
        let proxies = ", 10.0.0.1".repeat(15);
        assert_eq!(client(&format!("203.0.113.9{proxies}")), "203.0.113.9");
        let proxies = ", 10.0.0.1".repeat(10_000);
        assert_eq!(client(&format!("203.0.113.9{proxies}")), "10.0.0.1");
    }

    proptest! {
        #[test]
        fn the_walk_is_that_of_the_rule(
            hops in vec(select(vec!["10.0.0.1", "10.9.9.9", "192.0.2.1", "x", "2001:db8::1"]), 1..20),
        ) {
            let read: Vec<_> = hops.iter().rev().take(16).collect();
            let is_proxy = |hop: &&&&str| hop.starts_with("10.");
            let expected = read.iter().find(|hop| !is_proxy(hop)).or(read.last()).unwrap();
            let expected = if *expected == &"x" { &"unknown" } else { *expected };
            prop_assert_eq!(&client(&hops.join(", ")), expected);
        }
    }
}
