//! Count the addresses of a log of any size.
//!
//! ```text
//! $ cargo run --release -p geoip-examples --example addresses_of_a_log
//! 2863 distinct addresses
//!  314 77.90.185.20
//!   92 3.130.168.2
//!   59 88.151.33.203
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use std::{error::Error, fs::File, ops::ControlFlow};

use geoip_core::Tally;
use geoip_extract::Extractor;

fn main() -> Result<(), Box<dyn Error>> {
    let log = File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/data/auth.log"))?;

    // The log streams by; memory grows with distinct addresses only.
    let mut tally = Tally::new();
    let _flow = Extractor::default().for_each(log, |found| {
        tally.add(found.address());
        ControlFlow::<()>::Continue(())
    })?;

    println!("{} distinct addresses", tally.len());
    for (address, hits) in tally.top(3) {
        println!("{hits:>4} {address}");
    }
    Ok(())
}
