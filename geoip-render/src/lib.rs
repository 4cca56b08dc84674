//! geoip-render
