//! Embedded city data.
