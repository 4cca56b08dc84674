//! geoip-extract
