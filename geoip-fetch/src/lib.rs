//! Gets databases, lists, answers of geolocation services and map tiles over HTTP.
//!
//! ```no_run
//! use std::{path::Path, time::SystemTime};
//! use geoip_fetch::{Client, ClientOptions, Folder, Source, Updated, Updater};
//!
//! let client = Client::new(&ClientOptions::default())?;
//! let folder = Folder::open(Path::new("databases"))?;
//! let updater = Updater::new(&client, SystemTime::now());
//! match updater.update(&folder, &Source::named("dbip-city")?, &mut |_| {})? {
//!     Updated::Current => println!("nothing new"),
//!     _ => println!("dbip-city-lite.mmdb is there"),
//! }
//! # Ok::<(), geoip_fetch::Error>(())
//! ```
//!
//! - [`Updater`] brings databases and lists up to date; [`Source`] is the table of what there
//!   is, [`GeoIpConf`] the settings of geoipupdate;
//! - [`service`] asks geolocation services;
//! - [`tiles`] fetches tiles of a base map;
//! - [`reverse_dns`] asks for the names of addresses.
//!
//! This is the one crate of the toolkit that dials out, and it does so only when one of its
//! functions is called that says so. It opens no port, runs no thread after such a call
//! returned, and keeps nothing but what it was asked to keep.
//!
//! What comes from a server is not trusted: sizes are bounded, packed and unpacked; names
//! in archives are never made paths; a database or list is opened before it takes the
//! place of the old one; keys go to the host that they are for, encrypted, and into no
//! message.

mod address;
mod archive;
mod cache;
mod check;
mod client;
mod error;
mod folder;
mod geoip_conf;
mod keys;
mod pace;
mod progress;
mod retry;
pub mod reverse_dns;
mod secret;
pub mod service;
mod source;
pub mod tiles;
mod time;
mod transfer;
mod update;

#[doc(hidden)]
pub use archive::probe as probe_archive;
pub use client::{Client, ClientOptions};
pub use error::Error;
pub use folder::{Folder, Installed, installed};
pub use geoip_conf::GeoIpConf;
pub use keys::Keys;
pub use progress::Progress;
pub use secret::Secret;
pub use source::{Content, Source, providers};
pub use update::{Plan, Updated, Updater};
