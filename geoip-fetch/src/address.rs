//! Where requests go.

use std::fmt;

use ureq::http::Uri;

use crate::Error;

/// An absolute `http` or `https` address. What it shows of itself is without its query, in
/// which keys are sent.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Address {
    uri: Uri,
}

impl Address {
    /// # Errors
    /// [`Error::InvalidUrl`] if it is none, or holds a name and password.
    pub(crate) fn new(text: &str) -> Result<Self, Error> {
        let invalid = |reason| Error::InvalidUrl { url: without_query(text), reason };
        let uri: Uri = text.parse().map_err(|_| invalid("it is not written as one"))?;
        match uri.scheme_str() {
            Some("http" | "https") => {}
            _ => return Err(invalid("it must begin with https:// or http://")),
        }
        let authority = uri.authority().ok_or_else(|| invalid("it names no host"))?;
        if authority.as_str().contains('@') {
            return Err(Error::InvalidUrl {
                url: format!("…@{}", authority.host()),
                reason: "a name and password do not belong into it",
            });
        }
        if authority.host().is_empty() {
            return Err(invalid("it names no host"));
        }
        Ok(Self { uri })
    }

    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The host, with its port if that is not the usual one.
    pub(crate) fn host(&self) -> String {
        self.uri.authority().map(ToString::to_string).unwrap_or_default()
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.uri.scheme_str() == Some("https")
    }

    /// Whether it is on this machine.
    pub(crate) fn is_local(&self) -> bool {
        let host = self.uri.host().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost"
            || bare.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
    }

    /// Whether two addresses are of one server: scheme, host and port are the same.
    pub(crate) fn same_origin(&self, other: &Self) -> bool {
        let port = |uri: &Uri| {
            let usual = if uri.scheme_str() == Some("https") { 443 } else { 80 };
            uri.port_u16().unwrap_or(usual)
        };
        let host = |uri: &Uri| uri.host().map(str::to_ascii_lowercase);
        self.uri.scheme() == other.uri.scheme()
            && host(&self.uri) == host(&other.uri)
            && port(&self.uri) == port(&other.uri)
    }

    /// Where a redirect from here leads (RFC 3986, section 5.2, without dot segments, which
    /// servers resolve themselves).
    pub(crate) fn join(&self, location: &str) -> Result<Self, Error> {
        let location = location.split('#').next().unwrap_or_default();
        let scheme = self.uri.scheme_str().unwrap_or("https");
        if location.contains("://") {
            return Self::new(location);
        }
        if location.starts_with("//") {
            return Self::new(&format!("{scheme}:{location}"));
        }
        let before = format!("{scheme}://{}", self.host());
        if location.starts_with('/') {
            return Self::new(&format!("{before}{location}"));
        }
        let path = self.uri.path();
        let folder = path.rfind('/').map_or("/", |end| &path[..=end]);
        Self::new(&format!("{before}{folder}{location}"))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.uri.scheme_str().unwrap_or_default();
        write!(f, "{scheme}://{}{}", self.host(), self.uri.path())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

/// A text that was to be an address, without what may be secret in it.
fn without_query(text: &str) -> String {
    let end = text.find(['?', '#']).unwrap_or(text.len());
    let text = &text[..end];
    match text.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => text.chars().take(200).collect(),
    }
}

/// A text as a value in a query (RFC 3986, unreserved characters as they are).
pub(crate) fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for digit in [byte >> 4, byte & 15] {
                let digit = char::from_digit(u32::from(digit), 16).unwrap_or('0');
                encoded.push(digit.to_ascii_uppercase());
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_hides_its_query() {
        let address = Address::new("https://h.example:8443/a/b?token=K").unwrap();
        assert_eq!(address.to_string(), "https://h.example:8443/a/b");
        assert!(!format!("{address:?}").contains('K'));
    }

    #[test]
    fn what_is_no_address_is_refused_without_its_secrets() {
        for text in ["", "ftp://h/x", "/x", "https:///x", "https://u:K@h/x", "h?K", "a b"]
        {
            let error = Address::new(text).unwrap_err().to_string();
            assert!(!error.contains('K'), "{error}");
        }
    }

    #[test]
    fn redirects_lead_where_they_say() {
        let from = Address::new("https://h.example/a/b?c").unwrap();
        for (location, to) in [
            ("https://o.example/x?y", "https://o.example/x?y"),
            ("//o.example/x", "https://o.example/x"),
            ("/x?y#z", "https://h.example/x?y"),
            ("x", "https://h.example/a/x"),
        ] {
            assert_eq!(from.join(location).unwrap().uri().to_string(), to);
        }
        assert!(from.join("file:///etc/passwd").is_err());
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let same = |a: &str, b: &str| {
            Address::new(a).unwrap().same_origin(&Address::new(b).unwrap())
        };
        assert!(same("https://h.example/a", "https://H.example:443/b"));
        assert!(!same("https://h.example/", "http://h.example/"));
        assert!(!same("https://h.example/", "https://h.example:444/"));
        assert!(!same("https://h.example/", "https://h.example.evil.example/"));
    }

    #[test]
    fn values_are_encoded() {
        assert_eq!(encoded("a b&c=ü~"), "a%20b%26c%3D%C3%BC~");
    }
}
