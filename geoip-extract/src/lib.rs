//! Finds every IPv4 and IPv6 address in any bytes, at memory speed.
//!
//! ```
//! use geoip_extract::Extractor;
//!
//! let log = b"sshd[24200]: Failed password for root from 192.0.2.7 port 42393 ssh2\n\
//!             httpd: [2001:db8::17]:4711 Mozilla/5.0 Chrome/120.0.0.0 at 12:34:56\n";
//! let extractor = Extractor::default();
//! let found: Vec<_> =
//!     extractor.find_iter(log).map(|found| found.address().to_string()).collect();
//! assert_eq!(found, ["192.0.2.7", "2001:db8::17"]);
//! ```
//!
//! The haystack is bytes: no encoding is asked for, any byte that is no ASCII letter or digit
//! separates. What is an address and what only looks like one (versions, times, MAC
//! addresses, object identifiers, C++ scopes) is decided by rules, each of which is a switch
//! of [`Extractor`]. [`Extractor::for_each`] reads a stream of any length in constant memory.
//!
//! The crate opens no file. With the feature `parallel`, on by default, [`parallel::Search`]
//! searches streams with several threads; nothing else starts one.

mod address_match;
#[cfg(target_arch = "x86_64")]
mod avx2;
mod bytes;
mod extractor;
mod find;
mod networks;
#[cfg(feature = "parallel")]
pub mod parallel;
mod processor;
mod products;
mod quad;
mod readings;
mod rules;
mod scan;
mod stream;
mod token;
mod v4;
mod v6;
mod word;

pub use address_match::AddressMatch;
pub use extractor::Extractor;
pub use find::FindIter;
pub use networks::{NetworkForms, NetworkMatch, Networks, networks};
pub use rules::{Rule, UnknownRule};
