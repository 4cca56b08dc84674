//! Any bytes as a list, as places and as words: what is read is held, and what is not is an
//! error that names the source.

#![no_main]

use std::net::IpAddr;

use geoip_core::{AddressRange, Error, HostingWords, List, PlaceList};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u128, &[u8])| {
    let (bits, bytes) = input;
    let asked = [
        IpAddr::from(bits.to_be_bytes()),
        IpAddr::from((bits as u32).to_be_bytes()),
    ];
    if let Some(list) = checked(List::parse("source", bytes)) {
        assert!(list.networks() + list.systems().len() > 0);
        for address in asked {
            let found = list.marks(address, None, None);
            assert_eq!(found.is_some(), list.contains(address));
            assert!(found.flatten().is_none_or(|network| network.contains(address.to_canonical())));
        }
        // A line that is a range and nothing else is held from end to end.
        let text = String::from_utf8_lossy(bytes);
        for line in text.lines().filter(|_| list.kind().flags().is_empty()) {
            if let Ok(range) = line.trim_start_matches('\u{feff}').parse::<AddressRange>() {
                assert!(list.contains(range.first()) && list.contains(range.last()));
            }
        }
    }
    if let Some(places) = checked(PlaceList::parse("source", bytes)) {
        for address in asked {
            let Some((_, network)) = places.lookup(address) else { continue };
            assert!(network.contains(address.to_canonical()));
        }
    }
    if let Some(words) = checked(HostingWords::parse("source", bytes)) {
        assert!(words.words().iter().all(|word| words.matches(word)));
    }
});

/// What was read, if anything; an error names its source.
fn checked<T>(read: Result<T, Error>) -> Option<T> {
    read.inspect_err(|error| assert!(error.to_string().starts_with("source"))).ok()
}
