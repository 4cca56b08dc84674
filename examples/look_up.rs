//! Where an address is and who runs its network, from the embedded databases.
//!
//! ```text
//! $ cargo run --release -p geoip-examples --example look_up
//! 1.1.1.1 is in Sydney, run by Cloudflare, Inc.
//! 2620:fe::fe is in Berkeley, run by Quad9
//! 10.0.0.1 is in nowhere, run by nobody
//! IP Geolocation by DB-IP (https://db-ip.com)
//! AS data by RouteViews, NRO and DB-IP (https://db-ip.com)
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use std::error::Error;

use geoip_core::{Database, Enricher};

fn main() -> Result<(), Box<dyn Error>> {
    // Unpacked once, in about a tenth of a second; every look-up after that takes well
    // under a microsecond. `Database::open` takes files in MaxMind's format the same way.
    let enricher = Enricher::new()
        .with(Database::from_bytes("embedded cities", geoip_data_city::CITY)?)
        .with(Database::from_bytes("embedded networks", geoip_data_asn::ASN)?);

    for address in ["1.1.1.1", "2620:fe::fe", "10.0.0.1"] {
        let record = enricher.enrich(address.parse()?)?;
        let place = record.place.and_then(|place| place.city).unwrap_or("nowhere");
        let operator = record.autonomous_system.and_then(|system| system.organization);
        println!("{address} is in {place}, run by {}", operator.unwrap_or("nobody"));
    }
    // The licence of the data asks for this wherever answers are shown.
    for credit in enricher.sources().iter().filter_map(|info| info.attribution.as_ref()) {
        println!("{} ({})", credit.text, credit.url);
    }
    Ok(())
}
