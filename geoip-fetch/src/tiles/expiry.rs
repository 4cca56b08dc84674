//! How long an answer is good.
//!
//! # References
//! RFC 9111, sections 4.2.1 (freshness lifetime), 5.1 (`Age`) and 5.2.2 (`Cache-Control`).

use ureq::http::header::{AGE, CACHE_CONTROL, EXPIRES};

use crate::{client::Reply, time};

/// If the server does not say: what the tile policy of OpenStreetMap asks for.
const USUAL_SECONDS: u64 = 7 * 24 * 60 * 60;

/// For how many seconds from now an answer is good; none if it must not be kept.
pub(super) fn seconds(reply: &Reply, now: u64) -> Option<u64> {
    let text = |name| reply.text_header(name);
    lifetime(text(&CACHE_CONTROL), text(&EXPIRES), text(&AGE), now)
}

fn lifetime(
    control: Option<&str>,
    expires: Option<&str>,
    age: Option<&str>,
    now: u64,
) -> Option<u64> {
    let mut named = None;
    for directive in control.unwrap_or_default().split(',') {
        let directive = directive.trim().to_ascii_lowercase();
        match directive.as_str() {
            "no-store" => return None,
            "no-cache" => return Some(0),
            _ => {}
        }
        if let Some(seconds) = directive.strip_prefix("max-age=") {
            named = named.or_else(|| seconds.trim_matches('"').parse().ok());
        }
    }
    if let Some(seconds) = named {
        let age = age.and_then(|age| age.trim().parse().ok()).unwrap_or(0);
        return Some(u64::saturating_sub(seconds, age));
    }
    match expires {
        Some(date) => {
            Some(time::date(date).map_or(0, |date| time::epoch(date).saturating_sub(now)))
        }
        None => Some(USUAL_SECONDS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_how_long() {
        let day = Some("Wed, 21 Oct 2015 07:28:00 GMT");
        let at = 1_445_412_480;
        assert_eq!(lifetime(Some("public, max-age=60"), day, Some("10"), 0), Some(50));
        assert_eq!(lifetime(Some("max-age=60"), None, Some("90"), 0), Some(0));
        assert_eq!(lifetime(Some("private, no-store"), day, None, 0), None);
        assert_eq!(lifetime(Some("no-cache"), day, None, 0), Some(0));
        assert_eq!(lifetime(None, day, None, at - 100), Some(100));
        assert_eq!(lifetime(None, day, None, at + 100), Some(0));
        assert_eq!(lifetime(None, Some("0"), None, at), Some(0));
        assert_eq!(lifetime(None, None, None, at), Some(USUAL_SECONDS));
    }
}
