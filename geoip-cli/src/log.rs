//! Which part of the lines is read, and how that is found out.

use std::{fs, path::Path, time::SystemTime};

use anyhow::Result;
use geoip_log::{
    Format, Options, Parser, TimeFinder, TimeZone, Timestamp, TrustedProxies,
};

use crate::{args::Lines, failure::Hinted, found::Reading};

/// What [`Lines`] asks for, checked.
#[derive(Debug)]
pub(crate) struct LineReader {
    options: Options,
    what: What,
    /// Whether the times of lines are wanted.
    times: bool,
}

#[derive(Clone, Copy, Debug)]
enum What {
    /// Every address of any text.
    Everything,
    /// The client in each line of a log, whose format its first lines tell.
    Detect,
    /// The same, and every address of anything else.
    DetectIfLog,
    /// The client in each line of a log of this format.
    Format(Format),
}

impl LineReader {
    pub(crate) fn new(lines: &Lines, times: bool, detects: bool) -> Result<Self> {
        let what = match lines.log.as_deref() {
            None if detects => What::DetectIfLog,
            None | Some("plain") => What::Everything,
            Some("auto") => What::Detect,
            Some(name) => What::Format(name.parse().map_err(
                |error: geoip_log::InvalidFormat| {
                    Hinted::error(error.to_string(), "`auto` finds out by itself")
                },
            )?),
        };
        let reader = Self { options: options(lines)?, what, times };
        if let What::Format(format) = what {
            // What the options do not allow is said before anything is read.
            Parser::new(format, &reader.options).map_err(|error| {
                Hinted::error(error.to_string(), "`geoip extract --help` has the formats")
            })?;
        }
        Ok(reader)
    }

    /// Whether every address is taken, whatever the lines are.
    pub(crate) fn takes_everything(&self) -> bool {
        matches!(self.what, What::Everything)
    }

    /// Whether how an input is read depends on how it begins.
    pub(crate) fn needs_head(&self) -> bool {
        self.times || !matches!(self.what, What::Everything)
    }

    /// How an input is read that begins like this, and whether that is what was asked for:
    /// what should be a log and looks like none that is known is read as any text.
    pub(crate) fn reading(&self, path: Option<&Path>, head: &[u8]) -> (Reading, bool) {
        let options = self.options.clone().reference(last_changed(path));
        let everything = || {
            let finder = TimeFinder::detect(head, &options).filter(|_| self.times);
            finder.map_or(Reading::Plain, Reading::timed)
        };
        let parser = match self.what {
            What::Everything => return (everything(), true),
            What::Detect | What::DetectIfLog => {
                Parser::detect(head, &options).map(|(_, parser)| parser)
            }
            What::Format(format) => Parser::new(format, &options).ok(),
        };
        match parser {
            Some(parser) => (Reading::log(parser), true),
            None => (everything(), matches!(self.what, What::DetectIfLog)),
        }
    }
}

/// When the last line was written: times without a year are before that.
fn last_changed(path: Option<&Path>) -> Timestamp {
    let changed = path.and_then(|path| fs::metadata(path).ok()?.modified().ok());
    let time = changed.unwrap_or_else(SystemTime::now);
    Timestamp::from_system_time(time).unwrap_or(Timestamp::MAX)
}

/// The zone of this machine, which mostly is that of its logs; UTC if it has none.
fn local_zone() -> TimeZone {
    let zone = jiff::tz::TimeZone::try_system().ok();
    let name = zone.as_ref().and_then(|zone| zone.iana_name());
    name.and_then(|name| name.parse().ok()).unwrap_or(TimeZone::UTC)
}

fn options(lines: &Lines) -> Result<Options> {
    let zone = match &lines.time_zone {
        Some(zone) => zone.parse().map_err(|error: geoip_log::InvalidTimeZone| {
            let hint = "the zone is that of the machine that wrote the log";
            Hinted::error(error.to_string(), hint)
        })?,
        None => local_zone(),
    };
    let mut options = Options::default().time_zone(zone);
    if let Some(field) = &lines.field {
        options = options.client_field(field);
    }
    if let Some(field) = &lines.time_field {
        options = options.time_field(field);
    }
    if let Some(field) = &lines.forwarded_field {
        options = options.forwarded_field(field);
    }
    if let Some(delimiter) = lines.delimiter {
        let delimiter = u8::try_from(delimiter).map_err(|_| {
            Hinted::error(
                format!("--delimiter {delimiter:?} is no single byte"),
                "it is a character of ASCII, such as ';'",
            )
        })?;
        options = options.delimiter(delimiter);
    }
    if !lines.trusted_proxy.is_empty() {
        let proxies = lines.trusted_proxy.join(",");
        let proxies: TrustedProxies =
            proxies.parse().map_err(|error: geoip_log::InvalidTrustedProxies| {
                Hinted::error(
                    error.to_string(),
                    "only proxies of your own are to be believed",
                )
            })?;
        options = options.trusted_proxies(proxies);
    }
    Ok(options)
}
