//! The embedded AS database of `geoip-core`, as bytes, and what has to be said of it.
//!
//! There is no code here: `geoip-core` unpacks [`ASN`] when it is first asked for an
//! autonomous system. The data are those of `RouteViews`, NRO and DB-IP, put together by
//! ip-location-db and changed as the `NOTICE` of this crate says, under the licence
//! CC BY 4.0: wherever results are shown, [`ATTRIBUTION`] has to be said.
//!
//! ```
//! assert_eq!(&geoip_data_asn::ASN[..8], b"GEOIPCMP");
//! assert_eq!(geoip_data_asn::LICENSE, "CC-BY-4.0");
//! ```

/// The database, in the compact format of `geoip-core`.
pub static ASN: &[u8] = include_bytes!("../data/asn.bin");

/// Whose data these are.
pub const SOURCE: &str = "ip-location-db ASN";

/// Day on which the source was built, year-month-day.
pub const BUILD_DATE: &str = "2026-06-17";

/// What has to be said wherever results are shown.
pub const ATTRIBUTION: &str = "AS data by RouteViews, NRO and DB-IP";

/// Where the attribution has to link.
pub const ATTRIBUTION_URL: &str = "https://db-ip.com";

/// SPDX identifier of the licence of the data.
pub const LICENSE: &str = "CC-BY-4.0";
