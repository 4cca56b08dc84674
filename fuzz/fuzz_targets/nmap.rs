//! Any bytes as the XML of a scan: hosts, or an error that names the source; and a scan that
//! is cut has no other hosts than the whole.

#![no_main]

use geoip_core::NmapScan;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // What is in the middle of a scan is reached from the first byte on.
    let inside = [b"<nmaprun><host>", bytes].concat();
    for bytes in [bytes, &inside] {
        match NmapScan::parse("source", bytes) {
            Ok(scan) => {
                let cut = NmapScan::parse("source", &bytes[..bytes.len() / 2]);
                assert!(cut.is_err() || cut.is_ok_and(|cut| cut.len() <= scan.len()));
            }
            Err(error) => assert!(error.to_string().starts_with("source")),
        }
    }
});
