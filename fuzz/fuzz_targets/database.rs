//! Any bytes as a database: what is read answers the same laid out for look-ups or not, and
//! what is not is an error that names the source.

#![no_main]

use std::{net::IpAddr, num::NonZero};

use geoip_core::{Database, Layout};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u128, &[u8])| {
    let (bits, bytes) = input;
    let open = || Database::from_bytes("source", bytes.to_vec());
    let database = match open() {
        Ok(database) => database,
        Err(error) => return assert!(error.to_string().contains("source")),
    };
    let asked = [
        IpAddr::from(bits.to_be_bytes()),
        IpAddr::from((bits as u32).to_be_bytes()),
        IpAddr::from([0; 4]),
        IpAddr::from([255; 16]),
    ];
    let mut flat = open().expect("it was read before");
    let is_flat = flat.flatten(Layout::Ranges, NonZero::<usize>::MIN).is_some();
    for address in asked {
        match (database.lookup(address), flat.lookup(address)) {
            (Ok(one), Ok(other)) => assert_eq!(one, other),
            (Err(_), Err(_)) => {}
            (one, other) => panic!("{one:?} and {other:?}, laid out: {is_flat}"),
        }
        if let Ok(Some(answer)) = database.lookup(address) {
            let network = answer.network.expect("an answer has a network");
            assert!(network.is_ipv6() || network.contains(address.to_canonical()));
        }
    }
    // All of it, or an error.
    let mut ranges = 0_u64;
    drop(database.for_each_range(|range, _| {
        assert!(range.first() <= range.last());
        ranges += 1;
    }));
});
