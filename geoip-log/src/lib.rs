//! Who and when: the client address and the time of each line of a log.
//!
//! ```
//! use geoip_log::{Options, Parser};
//!
//! let log = b"192.0.2.7 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 2326\n\
//!             2001:db8::7 - eve [10/Oct/2000:13:55:37 -0700] \"GET /a HTTP/1.0\" 404 0\n";
//! let (format, mut parser) = Parser::detect(log, &Options::default()).unwrap();
//! assert_eq!(format.name(), "common");
//!
//! let entries = log.split(|byte| *byte == b'\n').filter_map(|line| parser.parse(line));
//! let seen: Vec<_> = entries
//!     .map(|entry| format!("{} {}", entry.client.unwrap(), entry.time.unwrap()))
//!     .collect();
//! assert_eq!(seen, ["192.0.2.7 2000-10-10T20:55:36Z", "2001:db8::7 2000-10-10T20:55:37Z"]);
//! ```
//!
//! `geoip-extract` finds every address in any bytes. This crate knows where in a line of a
//! known [`Format`] the one stands that is the client's, and which part of the line strangers
//! write: a user named `x from 192.0.2.1 port 22 ssh2`, a request that holds a time, and a
//! forged `X-Forwarded-For` are not believed. Where a line can be read in two ways, it names
//! no client.
//!
//! [`Parser`] reads lines of one format, which it is told or detects. [`TimeFinder`] reads
//! nothing but the time of lines. Nothing is opened, printed or asked of a clock; a parser
//! takes a bounded amount of memory, and no line makes it panic.

mod access;
mod address;
mod civil;
mod detect;
mod entry;
mod error;
mod error_logs;
mod format;
mod forwarded;
mod json;
mod layout;
mod names;
mod options;
mod parser;
mod proxies;
mod sshd;
mod syslog;
mod table;
mod time_finder;
mod times;
mod timestamp;
mod zone;

pub use entry::{Entry, Outcome};
pub use error::Error;
pub use format::{Format, InvalidFormat};
pub use ipnetwork::IpNetwork;
pub use options::Options;
pub use parser::Parser;
pub use proxies::{InvalidTrustedProxies, TrustedProxies};
pub use time_finder::TimeFinder;
pub use timestamp::{InvalidTimestamp, Timestamp};
pub use zone::{InvalidTimeZone, TimeZone};
