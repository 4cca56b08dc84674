//! geoip-cluster
