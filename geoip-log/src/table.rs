//! Tables: CSV, TSV and W3C extended logs.

use memchr::memchr;

use crate::address;
use crate::entry::Entry;
use crate::forwarded;
use crate::layout;
use crate::names;
use crate::options::Options;
use crate::proxies::TrustedProxies;
use crate::times::Times;
use crate::timestamp::Timestamp;

/// What is wanted of a row, in this order: client, time, forwarded chain, date (where the
/// time has a column of its own), user, status.
type Row<T> = [Option<T>; 6];

/// Columns after these are not read.
const MOST_COLUMNS: usize = 4096;

/// Places in a [`Row`].
const CLIENT: usize = 0;
const TIME: usize = 1;
const FORWARDED: usize = 2;

/// The columns of a table, and what separates them.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    wanted: Wanted,
    separator: Separator,
    /// Number from 0 of each column, as far as the header has told.
    columns: Row<usize>,
    /// For each column a bit for each place of a [`Row`] that it fills.
    places: Vec<u8>,
    /// Whether the next line is the header.
    wants_header: bool,
    /// Whether the last line ended inside quotes: the next one is a part of its cell.
    in_quotes: bool,
    /// The date of `#Date:`, for tables with a time and no date.
    day: Option<[u8; 10]>,
}

/// The columns that were named.
#[derive(Clone, Debug)]
struct Wanted {
    client: Option<String>,
    time: Option<String>,
    forwarded: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Separator {
    /// A byte, around cells that may be in quotes.
    Byte(u8),
    /// Spaces or tabs; W3C logs have no quotes that matter here.
    Blank,
}

impl Table {
    pub(crate) fn csv(delimiter: u8, options: &Options) -> Self {
        let mut table = Self::new(Separator::Byte(delimiter), options);
        let by_number =
            |name: &Option<String>| name.as_ref()?.parse::<usize>().ok()?.checked_sub(1);
        let wanted = &table.wanted;
        table.columns[CLIENT] = by_number(&wanted.client);
        table.columns[TIME] = by_number(&wanted.time);
        table.columns[FORWARDED] = by_number(&wanted.forwarded);
        table.wants_header = table.columns[CLIENT].is_none()
            || [&wanted.time, &wanted.forwarded]
                .iter()
                .any(|name| name.is_some() && by_number(name).is_none());
        table.set_places();
        table
    }

    pub(crate) fn w3c(options: &Options) -> Self {
        Self::new(Separator::Blank, options)
    }

    fn new(separator: Separator, options: &Options) -> Self {
        let wanted = Wanted {
            client: options.client_field.clone(),
            time: options.time_field.clone(),
            forwarded: options.forwarded_field.clone(),
        };
        Self {
            wanted,
            separator,
            columns: Row::default(),
            places: Vec::new(),
            wants_header: false,
            in_quotes: false,
            day: None,
        }
    }

    /// A line of CSV.
    pub(crate) fn parse_csv<'l>(
        &mut self,
        line: &'l [u8],
        times: &mut Times,
        trusted: &TrustedProxies,
    ) -> Option<Entry<'l>> {
        let Separator::Byte(delimiter) = self.separator else { return None };
        if self.in_quotes {
            // A part of a cell that began lines ago, and the cells after it.
            self.in_quotes = Cells::after_quoted(line, delimiter).leaves_open();
            return None;
        }
        if self.wants_header {
            self.wants_header = false;
            self.in_quotes = Cells::new(line, self.separator).leaves_open();
            self.read_header(line);
            return None;
        }
        let mut cells = Cells::new(line, self.separator);
        let found = self.found(&mut cells);
        self.in_quotes = cells.leaves_open();
        let entry = self.entry(line, &found, times, trusted)?;
        (entry.client_text.is_some() || entry.time.is_some()).then_some(entry)
    }

    /// A line of a W3C extended log.
    pub(crate) fn parse_w3c<'l>(
        &mut self,
        line: &'l [u8],
        times: &mut Times,
        trusted: &TrustedProxies,
    ) -> Option<Entry<'l>> {
        if line.first() != Some(&b'#') {
            let found = self.found(&mut Cells::new(line, self.separator));
            return self.entry(line, &found, times, trusted);
        }
        if let Some(fields) = directive(line, b"#Fields:") {
            // Exchange separates by commas.
            let has_commas = memchr(b',', fields).is_some();
            self.separator =
                if has_commas { Separator::Byte(b',') } else { Separator::Blank };
            self.read_header(fields);
        } else if let Some(date) = directive(line, b"#Date:") {
            self.day = date.first_chunk().copied();
        }
        None
    }

    fn read_header(&mut self, header: &[u8]) {
        let names: Vec<&[u8]> = Cells::new(header, self.separator)
            .take(MOST_COLUMNS)
            .map(<[u8]>::trim_ascii)
            .collect();
        let find = |name: &str| {
            names.iter().position(|header| header.eq_ignore_ascii_case(name.as_bytes()))
        };
        let any = |known: &[&str]| known.iter().find_map(|name| find(name));
        let numbered = self.columns;
        let column = |column: usize, wanted: Option<&String>, known: &[&str]| match wanted
        {
            Some(name) => find(name).or(numbered[column]),
            None => any(known),
        };
        let wanted = &self.wanted;
        let client = column(CLIENT, wanted.client.as_ref(), names::CLIENT);
        let mut time = column(TIME, wanted.time.as_ref(), names::TIME);
        let forwarded = column(FORWARDED, wanted.forwarded.as_ref(), names::FORWARDED);
        let mut date = None;
        if wanted.time.is_none()
            && let Some(clock) = find("time")
        {
            (date, time) = (find("date"), Some(clock));
        }
        self.columns =
            [client, time, forwarded, date, any(names::USER), any(names::STATUS)];
        self.set_places();
    }

    fn set_places(&mut self) {
        let numbers =
            self.columns.iter().flatten().filter(|number| **number < MOST_COLUMNS);
        self.places = vec![0; numbers.max().map_or(0, |last| last + 1)];
        for (place, number) in self.columns.iter().enumerate() {
            if let Some(places) = number.and_then(|number| self.places.get_mut(number)) {
                *places |= 1 << place;
            }
        }
    }

    /// The cells of the columns that are wanted, as far as there is something in them.
    fn found<'l>(&self, cells: &mut Cells<'l>) -> Row<&'l [u8]> {
        let mut found = Row::default();
        for (places, cell) in self.places.iter().zip(cells) {
            let mut places = if matches!(cell, b"" | b"-") { 0 } else { *places };
            while places != 0 {
                found[places.trailing_zeros() as usize] = Some(cell);
                places &= places - 1;
            }
        }
        found
    }

    fn entry<'l>(
        &self,
        line: &'l [u8],
        found: &Row<&'l [u8]>,
        times: &mut Times,
        trusted: &TrustedProxies,
    ) -> Option<Entry<'l>> {
        let [client, time, forwarded, date, user, status] = *found;
        let mut entry = Entry::EMPTY;
        set_client(&mut entry, line, client, forwarded, trusted);
        entry.time = self.time(date, time, times);
        entry.user = user;
        entry.status = status
            .filter(|status| status.len() == 3)
            .and_then(|status| std::str::from_utf8(status).ok()?.parse().ok());
        let is_row = found.iter().any(Option::is_some);
        is_row.then_some(entry)
    }

    fn time(
        &self,
        date: Option<&[u8]>,
        time: Option<&[u8]>,
        times: &mut Times,
    ) -> Option<Timestamp> {
        let clock = time?.trim_ascii();
        let date = date.or(self.day.as_ref().map(<[u8; 10]>::as_slice));
        match date {
            // Two cells, `2024-05-01` and `10:00:00.123`, as one text.
            Some(date) if clock.get(2) == Some(&b':') => {
                let mut joined = [0; 48];
                let length = date.len() + 1 + clock.len();
                let text = joined.get_mut(..length)?;
                text[..date.len()].copy_from_slice(date);
                text[date.len()] = b' ';
                text[date.len() + 1..].copy_from_slice(clock);
                whole_time(text, times)
            }
            _ => whole_time(clock, times),
        }
    }
}

/// The client of fields: the peer, or what a chain says about it if the peer is trusted.
///
/// A client field that is a chain itself was written by a server that was told to believe
/// it; its last hop is by the nearest proxy.
pub(crate) fn set_client<'l>(
    entry: &mut Entry<'l>,
    line: &'l [u8],
    client: Option<&'l [u8]>,
    chain: Option<&'l [u8]>,
    trusted: &TrustedProxies,
) {
    let Some(text) = client else { return };
    match address::field(text) {
        Some((peer, text)) => {
            entry.set_client(line, Some(peer), text);
            if trusted.contains(peer)
                && let Some(origin) =
                    chain.and_then(|chain| forwarded::origin(chain, trusted))
            {
                entry.set_client(line, origin.address, origin.text);
                entry.forwarded = true;
            }
        }
        None if memchr(b',', text).is_some() => {
            if let Some(origin) = forwarded::origin(text, trusted) {
                entry.set_client(line, origin.address, origin.text);
                entry.forwarded = true;
            }
        }
        None => entry.set_client(line, None, text),
    }
}

/// The instant of a text that is a time and nothing else.
pub(crate) fn whole_time(text: &[u8], times: &mut Times) -> Option<Timestamp> {
    let text =
        text.strip_prefix(b"[").and_then(|text| text.strip_suffix(b"]")).unwrap_or(text);
    let (written, length) = layout::any(text)?;
    (length == text.len()).then(|| times.instant(written))?
}

fn directive<'l>(line: &'l [u8], name: &[u8]) -> Option<&'l [u8]> {
    let (start, value) = line.split_at_checked(name.len())?;
    start.eq_ignore_ascii_case(name).then(|| value.trim_ascii())
}

/// The cells of a line. Quotes around a cell are no part of it; quotes inside one stay as
/// they are written, doubled.
struct Cells<'l> {
    rest: Option<&'l [u8]>,
    separator: Separator,
    /// Whether the last cell has a quote before it and none after it.
    is_open: bool,
}

impl<'l> Cells<'l> {
    fn new(line: &'l [u8], separator: Separator) -> Self {
        Self { rest: Some(line), separator, is_open: false }
    }

    /// The cells of a line that begins inside a quoted cell, without that one.
    fn after_quoted(line: &'l [u8], delimiter: u8) -> Self {
        let mut cells = Self::new(line, Separator::Byte(delimiter));
        cells.quoted(line, delimiter);
        cells
    }

    /// A cell, of which the quote before it has been read.
    fn quoted(&mut self, text: &'l [u8], delimiter: u8) -> &'l [u8] {
        let Some(end) = closing_quote(text) else {
            (self.rest, self.is_open) = (None, true);
            return text;
        };
        let after = &text[end + 1..];
        let next = after.iter().position(|byte| *byte == delimiter);
        self.rest = next.map(|next| &after[next + 1..]);
        &text[..end]
    }

    /// Reads to the end of the line: does the last cell go on in the next one?
    fn leaves_open(mut self) -> bool {
        while let Some(rest) = self.rest {
            if memchr(b'"', rest).is_none() {
                return false;
            }
            self.next();
        }
        self.is_open
    }
}

impl<'l> Iterator for Cells<'l> {
    type Item = &'l [u8];

    #[inline]
    fn next(&mut self) -> Option<&'l [u8]> {
        let rest = self.rest?;
        // Cells are mostly too short to call anything for.
        let end = match self.separator {
            Separator::Blank => rest.iter().position(|byte| matches!(byte, b' ' | b'\t')),
            Separator::Byte(delimiter) => {
                if let Some(quoted) = rest.strip_prefix(b"\"") {
                    return Some(self.quoted(quoted, delimiter));
                }
                rest.iter().position(|byte| *byte == delimiter)
            }
        };
        self.rest = end.map(|end| &rest[end + 1..]);
        Some(&rest[..end.unwrap_or(rest.len())])
    }
}

/// The quote that ends a cell: the first that is not doubled.
fn closing_quote(quoted: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let quote = from + memchr(b'"', &quoted[from..])?;
        if quoted.get(quote + 1) != Some(&b'"') {
            return Some(quote);
        }
        from = quote + 2;
    }
}
