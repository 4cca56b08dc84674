//! Any bytes as what a server sends: answers of services, archives, settings.

#![no_main]

use std::path::Path;

use geoip_fetch::{
    GeoIpConf, probe_archive,
    service::{Fields, Read, read},
};
use libfuzzer_sys::fuzz_target;

/// The most that may come out of an archive here.
const MOST_BYTES: u64 = 1 << 16;

fuzz_target!(|bytes: &[u8]| {
    if let Read::Answer(answer) = read(bytes, &Fields::default()) {
        assert!(!answer.is_empty());
        assert!(answer.organization.is_none() || answer.asn.is_some());
        for text in [&answer.city, &answer.subdivision, &answer.country_name] {
            assert!(text.as_ref().is_none_or(|text| text.len() <= 256 && text.trim() == text));
        }
    }
    for member in probe_archive(bytes, MOST_BYTES) {
        assert!(member.len() as u64 <= MOST_BYTES);
    }
    let Ok(text) = str::from_utf8(bytes) else { return };
    if let Err(error) = GeoIpConf::parse(Path::new("GeoIP.conf"), text) {
        assert!(error.to_string().starts_with("GeoIP.conf, line "));
    }
});
