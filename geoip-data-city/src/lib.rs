//! The embedded city database of `geoip-core`, as bytes, and what has to be said of it.
//!
//! There is no code here: `geoip-core` unpacks [`CITY`] when it is first asked for a
//! place. The data are DB-IP City Lite, changed as the `NOTICE` of this crate says, under
//! the licence CC BY 4.0: wherever results are shown, [`ATTRIBUTION`] has to be said,
//! with a link to [`ATTRIBUTION_URL`] where there can be one.
//!
//! ```
//! assert_eq!(&geoip_data_city::CITY[..8], b"GEOIPCMP");
//! assert_eq!(geoip_data_city::ATTRIBUTION, "IP Geolocation by DB-IP");
//! ```

/// The database, in the compact format of `geoip-core`.
pub static CITY: &[u8] = include_bytes!("../data/city.bin");

/// Whose data these are.
pub const SOURCE: &str = "DB-IP City Lite";

/// Day on which the source was built, year-month-day.
pub const BUILD_DATE: &str = "2026-06-05";

/// What has to be said wherever results are shown.
pub const ATTRIBUTION: &str = "IP Geolocation by DB-IP";

/// Where the attribution has to link.
pub const ATTRIBUTION_URL: &str = "https://db-ip.com";

/// SPDX identifier of the licence of the data.
pub const LICENSE: &str = "CC-BY-4.0";
