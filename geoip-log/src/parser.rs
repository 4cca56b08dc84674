//! A parser of one log.

use crate::detect;
use crate::entry::Entry;
use crate::error::Error;
use crate::format::Format;
use crate::json::JsonLines;
use crate::options::Options;
use crate::proxies::TrustedProxies;
use crate::table::Table;
use crate::times::Times;
use crate::{access, error_logs, syslog};

/// Reads the lines of one log in a known format.
///
/// Lines are given one by one, in their order, without or with their end. A parser takes a
/// bounded amount of memory, whatever the lines; nothing in them makes it panic.
///
/// # Examples
/// ```
/// use geoip_log::{Format, Options, Parser};
///
/// let mut parser = Parser::new(Format::CombinedLog, &Options::default())?;
/// let line = br#"192.0.2.7 - eve [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 200 5 "-" "-""#;
/// let entry = parser.parse(line).unwrap();
/// assert_eq!(entry.client, Some("192.0.2.7".parse().unwrap()));
/// assert_eq!(entry.time, Some("2000-10-10T20:55:36Z".parse().unwrap()));
/// assert_eq!(entry.status, Some(200));
/// # Ok::<(), geoip_log::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Parser {
    format: Format,
    reader: Reader,
    times: Times,
    trusted: TrustedProxies,
}

/// What reads a line; most formats remember nothing from one line to the next.
#[derive(Clone, Debug)]
enum Reader {
    Access,
    NginxError,
    ApacheError,
    Sshd,
    Syslog,
    W3c(Box<Table>),
    Csv(Box<Table>),
    Json(Box<JsonLines>),
}

impl Parser {
    /// A parser for a format.
    ///
    /// # Errors
    /// If a field is named for a format that has none to choose from, or cannot be one; or a
    /// delimiter can be none.
    pub fn new(format: Format, options: &Options) -> Result<Self, Error> {
        let mut times = Times::new(&options.zone, options.reference);
        let reader = match format {
            Format::W3cExtended => {
                times = times.in_utc();
                Reader::W3c(Box::new(Table::w3c(options)))
            }
            Format::Csv | Format::Tsv => {
                let named = [
                    &options.client_field,
                    &options.time_field,
                    &options.forwarded_field,
                ];
                for field in named.into_iter().flatten() {
                    if field.is_empty() || field.parse() == Ok(0_usize) {
                        let reason =
                            "must be the name of a column, or its number from 1 on";
                        return Err(Error::InvalidField { field: field.clone(), reason });
                    }
                }
                Reader::Csv(Box::new(Table::csv(delimiter(format, options)?, options)))
            }
            Format::JsonLines => Reader::Json(Box::new(JsonLines::new(options)?)),
            _ => {
                let named = [
                    &options.client_field,
                    &options.time_field,
                    &options.forwarded_field,
                ];
                if let Some(field) = named.into_iter().flatten().next() {
                    return Err(Error::FixedFields { format, field: field.clone() });
                }
                match format {
                    Format::NginxError => Reader::NginxError,
                    Format::ApacheError => Reader::ApacheError,
                    Format::Sshd => Reader::Sshd,
                    Format::Syslog => Reader::Syslog,
                    _ => Reader::Access,
                }
            }
        };
        Ok(Self { format, reader, times, trusted: options.trusted.clone() })
    }

    /// The format that most of the first lines of a log have, and a parser for it, to be
    /// given the log from its first line on.
    ///
    /// `head` is as much of the log as is at hand, from its start: 64 KiB are plenty. At
    /// most 256 lines are looked at, and the last only if it is whole. `None` if less than
    /// half of the lines are of one format.
    ///
    /// Names of fields in `options` count for the formats that have such.
    pub fn detect(head: &[u8], options: &Options) -> Option<(Format, Self)> {
        detect::parser(head, options).map(|parser| (parser.format, parser))
    }

    /// The format.
    pub fn format(&self) -> Format {
        self.format
    }

    /// What a line says; `None` if it is not of the format, or a heading.
    ///
    /// An end of line may be there, `\n` or `\r\n`, or not.
    ///
    /// # Complexity
    /// O(n) for a line of n bytes.
    #[inline]
    pub fn parse<'l>(&mut self, line: &'l [u8]) -> Option<Entry<'l>> {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        // A mark of UTF-8 before the first line is no part of it.
        let Some(after_mark) = line.strip_prefix(b"\xef\xbb\xbf") else {
            return self.read(line);
        };
        let mut entry = self.read(after_mark)?;
        entry.client_start += line.len() - after_mark.len();
        Some(entry)
    }

    fn read<'l>(&mut self, line: &'l [u8]) -> Option<Entry<'l>> {
        let (times, trusted) = (&mut self.times, &self.trusted);
        match &mut self.reader {
            Reader::Access => access::parse(line, times, trusted),
            Reader::NginxError => error_logs::nginx(line, times),
            Reader::ApacheError => error_logs::apache(line, times),
            Reader::Sshd => syslog::parse_sshd(line, times),
            Reader::Syslog => syslog::parse(line, times),
            Reader::W3c(table) => table.parse_w3c(line, times, trusted),
            Reader::Csv(table) => table.parse_csv(line, times, trusted),
            Reader::Json(json) => json.parse(line, times, trusted),
        }
    }

    /// Whether what a line says depends on the lines before it: headings name the columns of
    /// W3C logs and CSV, and a cell of CSV may go on in the next line.
    ///
    /// If not, a log can be cut at any end of line, and each part be read by a clone.
    pub fn carries_state(&self) -> bool {
        matches!(self.reader, Reader::W3c(_) | Reader::Csv(_))
    }
}

fn delimiter(format: Format, options: &Options) -> Result<u8, Error> {
    let usual = if format == Format::Tsv { b'\t' } else { b',' };
    let delimiter = options.delimiter.unwrap_or(usual);
    if delimiter.is_ascii_alphanumeric() || b"\"\r\n".contains(&delimiter) {
        return Err(Error::InvalidDelimiter { delimiter });
    }
    Ok(delimiter)
}
