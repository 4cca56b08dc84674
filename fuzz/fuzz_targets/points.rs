//! Any bytes given as places: each is a place on Earth or an error that says where, and what
//! is read does not change with a byte order mark or blank lines before it.

#![no_main]

use libfuzzer_sys::fuzz_target;

// The program has no library: its parser is compiled in from where it is.
#[path = "../../geoip-cli/src/failure.rs"]
#[allow(dead_code, reason = "the parser needs a part")]
mod failure;
#[path = "../../geoip-cli/src/points/json.rs"]
mod json;
#[path = "../../geoip-cli/src/points/parse.rs"]
mod parse;

fuzz_target!(|text: &[u8]| {
    let marked = [b"\xef\xbb\xbf".as_slice(), text].concat();
    let spaced = [b"\n\n".as_slice(), text].concat();
    match parse::parse(text) {
        Ok(places) => {
            for place in &places {
                let (lat, lng) = (place.point.lat(), place.point.lng());
                assert!(lat.abs() <= 90.0 && lng.abs() <= 180.0, "{lat} {lng}");
                assert!(place.label.as_ref().is_none_or(|label| !label.is_empty()));
            }
            assert_eq!(parse::parse(&marked).ok(), Some(places.clone()));
            if !text.starts_with(b"\xef\xbb\xbf") {
                assert_eq!(parse::parse(&spaced).ok(), Some(places));
            }
        }
        Err(error) => {
            let said = format!("{error:#}");
            assert!(!said.is_empty());
            assert!(failure::hint(&error).is_none_or(|hint| !hint.is_empty()));
        }
    }
});
