//! Which format a log has.

use crate::format::Format;
use crate::options::Options;
use crate::parser::Parser;

/// How many lines are looked at.
const MOST_LINES: usize = 256;

/// What a log can be, the stricter formats before those that take more.
const BY_STRICTNESS: [Format; 8] = [
    Format::JsonLines,
    Format::W3cExtended,
    Format::CombinedLog,
    Format::CommonLog,
    Format::ApacheError,
    Format::NginxError,
    Format::Sshd,
    Format::Syslog,
];

/// The whole lines at the start of a log.
pub(crate) fn lines(head: &[u8]) -> Vec<&[u8]> {
    let whole = memchr::memrchr(b'\n', head).map_or(head, |end| &head[..end]);
    let lines =
        whole.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    lines.take(MOST_LINES).collect()
}

pub(crate) fn parser(head: &[u8], options: &Options) -> Option<Parser> {
    let lines = lines(head);
    let mut best: Option<(usize, Parser)> = None;
    for format in BY_STRICTNESS {
        let Some(parser) = prepared(format, options) else { continue };
        let read = read(&parser, &lines);
        // Lines that only set up the columns count for those who know them.
        let enough = 2 * read >= lines.len().max(1);
        if enough && best.as_ref().is_none_or(|(most, _)| read > *most) {
            best = Some((read, parser));
        }
    }
    best.map(|(_, parser)| parser).or_else(|| table(&lines, options))
}

/// A parser, without names of fields where the format has none.
fn prepared(format: Format, options: &Options) -> Option<Parser> {
    match format {
        Format::JsonLines | Format::W3cExtended => Parser::new(format, options).ok(),
        _ => {
            let mut options = options.clone();
            options.client_field = None;
            options.time_field = None;
            options.forwarded_field = None;
            Parser::new(format, &options).ok()
        }
    }
}

/// How many lines a parser reads, headings included.
fn read(parser: &Parser, lines: &[&[u8]]) -> usize {
    let mut parser = parser.clone();
    let format = parser.format();
    // A heading counts if it is one of those that name the columns.
    let has_columns = format == Format::W3cExtended
        && lines.iter().any(|line| line.starts_with(b"#Fields:"));
    let is_heading = |line: &[u8]| has_columns && line.starts_with(b"#");
    let quotes = |line: &[u8]| memchr::memchr_iter(b'"', line).count();
    let mut read = |line: &[u8]| match parser.parse(line) {
        Some(entry) if format == Format::CombinedLog => {
            entry.time.is_some() && quotes(line) >= 6
        }
        Some(entry) => entry.time.is_some() || entry.client.is_some(),
        None => is_heading(line),
    };
    lines.iter().filter(|line| read(line)).count()
}

/// CSV: by a header with a known name, or by a column of addresses.
fn table(lines: &[&[u8]], options: &Options) -> Option<Parser> {
    let separators = match options.delimiter {
        Some(delimiter) => vec![(Format::Csv, delimiter)],
        None => vec![
            (Format::Csv, b','),
            (Format::Tsv, b'\t'),
            (Format::Csv, b';'),
            (Format::Csv, b'|'),
        ],
    };
    let mut parsers = separators.into_iter().filter_map(|(format, delimiter)| {
        let options = options.clone().delimiter(delimiter);
        let first = lines.first().filter(|line| line.contains(&delimiter))?;
        let parser = Parser::new(format, &options).ok()?;
        if clients(&parser, lines) * 2 >= lines.len() - 1 && lines.len() > 1 {
            return Some(parser);
        }
        if options.client_field.is_some() {
            return None;
        }
        // No header names the client, but one of the columns may hold it.
        let columns = first.split(|byte| *byte == delimiter).count().min(64);
        (1..=columns).find_map(|column| {
            let options = options.clone().client_field(column.to_string());
            let parser = Parser::new(format, &options).ok()?;
            (clients(&parser, lines) * 2 >= lines.len()).then_some(parser)
        })
    });
    parsers.next()
}

/// How many lines give an address.
fn clients(parser: &Parser, lines: &[&[u8]]) -> usize {
    let mut parser = parser.clone();
    let has_client =
        |line: &&&[u8]| parser.parse(line).is_some_and(|e| e.client.is_some());
    lines.iter().filter(has_client).count()
}
