//! Autonomous system numbers.

use std::{fmt, str::FromStr};

/// The number of an autonomous system (RFC 6793): a network under one routing policy.
///
/// # Examples
/// ```
/// use geoip_core::Asn;
///
/// assert_eq!(Asn(29_518).to_string(), "AS29518");
/// assert_eq!("as29518".parse(), Ok(Asn(29_518)));
/// assert_eq!("29518".parse(), Ok(Asn(29_518)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Asn(pub u32);

/// `AS` and the number ("asplain", RFC 5396).
impl fmt::Display for Asn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AS{}", self.0)
    }
}

impl FromStr for Asn {
    type Err = InvalidAsn;

    fn from_str(text: &str) -> Result<Self, InvalidAsn> {
        let invalid = || InvalidAsn { text: text.into() };
        let digits = match text.as_bytes() {
            [b'a' | b'A', b's' | b'S', ..] => &text[2..],
            _ => text,
        };
        // `u32::from_str` would take a leading plus sign.
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(invalid());
        }
        digits.parse().map(Self).map_err(|_| invalid())
    }
}

/// Text that names no autonomous system.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid AS number `{text}`: must be `AS` and a number up to 4294967295")]
pub struct InvalidAsn {
    /// What was given.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_signs_words_and_overflow() {
        for text in ["", "AS", "+1", "AS-1", "ASN1", "AS4294967296", "1.10"] {
            assert!(text.parse::<Asn>().is_err(), "{text}");
        }
    }
}
