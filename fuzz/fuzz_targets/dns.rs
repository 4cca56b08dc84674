//! Any bytes as a reply of DNS: read to an end, and names in it are printable text.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| geoip_fetch::reverse_dns::read_reply_of_anyone(bytes));
