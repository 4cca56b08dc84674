//! What can be said about a geolocation service.

use std::{num::NonZero, path::PathBuf};

use clap::Args;

/// Whom to ask over the network, if anyone.
#[derive(Debug, Args)]
#[command(next_help_heading = "Asking a geolocation service")]
pub(crate) struct ServiceOptions {
    /// Ask this service about addresses, before any database: geoipify, ipinfo, ipapi,
    /// ipstack, ip-api, freegeoip, or an address such as `https://geo.example/{ip}`. The
    /// addresses that are global leave this machine; how many, and where to, is said
    #[arg(long, value_name = "NAME|URL", global = true)]
    pub(crate) service: Option<String>,
    /// A file with the key of the service [env: `GEOIP_SERVICE_KEY`]
    #[arg(long, value_name = "FILE", global = true, requires = "service")]
    pub(crate) service_key_file: Option<PathBuf>,
    /// Ask about no more addresses than this, those with most hits first
    #[arg(long, value_name = "N", global = true, requires = "service")]
    #[arg(default_value_t = NonZero::new(1000).expect("a thousand"))]
    pub(crate) service_limit: NonZero<usize>,
    /// Where a fact stands in the answers of the service (repeatable): city=/data/0/town
    #[arg(long, value_name = "FACT=POINTER", global = true, requires = "service")]
    pub(crate) service_field: Vec<String>,
    /// Ask no more than this many questions a second
    #[arg(long, value_name = "N", global = true, requires = "service")]
    #[arg(default_value_t = NonZero::new(10).expect("ten"))]
    pub(crate) service_rate: NonZero<u32>,
}
