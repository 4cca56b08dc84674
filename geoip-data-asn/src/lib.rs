//! Embedded asn data.
