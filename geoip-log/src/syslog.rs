//! The head of a line of the system log: when, and which program.

use geoip_extract::Extractor;
use memchr::memchr;

use crate::entry::Entry;
use crate::layout::{self, Written};
use crate::sshd;
use crate::times::Times;

/// RFC 3164 gives a tag 32 bytes; paths are longer.
const LONGEST_TAG: usize = 96;

/// A line of the system log, taken apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'l> {
    written: Option<Written>,
    /// The program without its path, number and module: `sshd` of `sshd(pam_unix)[1]`.
    pub(crate) program: &'l [u8],
    pub(crate) message: &'l [u8],
}

/// Reads any line of the system log.
pub(crate) fn parse<'l>(line: &'l [u8], times: &mut Times) -> Option<Entry<'l>> {
    let record = record(line)?;
    let mut entry = Entry::EMPTY;
    read_message(line, record.program, record.message, &mut entry);
    entry.time = record.written.and_then(|written| times.instant(written));
    Some(entry)
}

/// Reads what a program says into `entry`; it is a part of `line`.
pub(crate) fn read_message<'l>(
    line: &'l [u8],
    program: &[u8],
    message: &'l [u8],
    entry: &mut Entry<'l>,
) {
    if sshd::is_program(program) {
        sshd::read(line, message, entry);
    } else if let Some(found) = Extractor::default().find_iter(message).next() {
        entry.set_client(line, Some(found.address()), found.text());
    }
}

/// Reads lines of sshd only.
pub(crate) fn parse_sshd<'l>(line: &'l [u8], times: &mut Times) -> Option<Entry<'l>> {
    let record = record(line)?;
    if !sshd::is_program(record.program) {
        return None;
    }
    let mut entry = Entry::EMPTY;
    sshd::read(line, record.message, &mut entry);
    entry.time = record.written.and_then(|written| times.instant(written));
    Some(entry)
}

fn record(line: &[u8]) -> Option<Record<'_>> {
    let (line, has_priority) = match priority(line) {
        Some(rest) => (rest, true),
        None => (line, false),
    };
    if has_priority && let Some(rest) = line.strip_prefix(b"1 ") {
        return rfc5424(rest);
    }
    let (written, rest) = time(line)?;
    let (host, rest) = word(rest)?;
    // Without a host, the program is first: `sshd[1]:`.
    let (program, message) = match host {
        [tag @ .., b':'] if !tag.is_empty() => (program(tag), rest),
        _ => tagged(rest),
    };
    Some(Record { written: Some(written), program, message })
}

/// The text after a priority, `<34>`.
fn priority(line: &[u8]) -> Option<&[u8]> {
    let digits = line.strip_prefix(b"<")?;
    let end = memchr(b'>', &digits[..digits.len().min(4)])?;
    let is_number = end > 0 && digits[..end].iter().all(u8::is_ascii_digit);
    is_number.then(|| &digits[end + 1..])
}

/// The time at the start of a line, and the rest after a space: RFC 3164, ISO 8601 as
/// rsyslog and journald write it, or one of journald's other forms.
fn time(line: &[u8]) -> Option<(Written, &[u8])> {
    let first = *line.first()?;
    let (written, length) = if first.is_ascii_alphabetic() {
        layout::syslog(line).or_else(|| weekday_and_iso(line))?
    } else if line.get(10).is_some_and(|gap| matches!(gap, b'T' | b't')) {
        layout::iso(line)?
    } else {
        // Seconds with a fraction, `journalctl -o short-unix`.
        layout::epoch(line).filter(|_| line.get(10) == Some(&b'.'))?
    };
    let rest = &line[length..];
    // Some switches put a colon after the time.
    let rest = rest.strip_prefix(b":").unwrap_or(rest);
    Some((written, rest.strip_prefix(b" ")?))
}

/// `Fri 2024-05-01 10:00:00 CEST`, `journalctl -o short-full`. Abbreviations of zones are
/// ambiguous and not read: the time is one of the zone that the options name.
fn weekday_and_iso(line: &[u8]) -> Option<(Written, usize)> {
    let &[a, b, c, b' '] = line.first_chunk::<4>()? else { return None };
    let (written, length) = layout::iso(&line[4..])?;
    let mut end = 4 + length;
    if written.offset.is_none()
        && let Some(zone) = line[end..].strip_prefix(b" ")
    {
        let letters = zone.iter().take(6).take_while(|byte| byte.is_ascii_uppercase());
        end += 1 + letters.count();
    }
    crate::civil::is_weekday([a, b, c]).then_some((written, end))
}

/// A word and what follows the space after it.
fn word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = memchr(b' ', text)?;
    Some((&text[..space], &text[space + 1..]))
}

/// The program and the message of `sshd[24200]: message`; the colon ends the tag.
///
/// Tags are so short that one look at each byte is the fastest way.
#[inline]
fn tagged(text: &[u8]) -> (&[u8], &[u8]) {
    let mut program = Program::default();
    for (at, byte) in text[..text.len().min(LONGEST_TAG)].iter().enumerate() {
        match byte {
            b':' => {
                let message = &text[at + 1..];
                let message = message.strip_prefix(b" ").unwrap_or(message);
                return (program.name(&text[..at]), message);
            }
            b' ' => break,
            _ => program.see(at, *byte),
        }
    }
    // A line without a tag.
    (&[], text)
}

/// The name of the program of a whole tag.
fn program(tag: &[u8]) -> &[u8] {
    let mut program = Program::default();
    tag.iter().enumerate().for_each(|(at, byte)| program.see(at, *byte));
    program.name(tag)
}

/// Where the name stands in a tag: after the last slash before a number or a module.
#[derive(Default)]
struct Program {
    start: usize,
    end: Option<usize>,
}

impl Program {
    #[inline]
    fn see(&mut self, at: usize, byte: u8) {
        match (byte, self.end) {
            (b'/', None) => self.start = at + 1,
            (b'[' | b'(', None) => self.end = Some(at),
            _ => {}
        }
    }

    fn name<'t>(&self, tag: &'t [u8]) -> &'t [u8] {
        &tag[self.start..self.end.unwrap_or(tag.len())]
    }
}

/// RFC 5424 after `<34>1 `: time, host, program, process, message id, data, message.
fn rfc5424(rest: &[u8]) -> Option<Record<'_>> {
    let (time, rest) = word(rest)?;
    let written = match time {
        b"-" => None,
        time => Some(layout::iso(time).filter(|(_, length)| *length == time.len())?.0),
    };
    let (_host, rest) = word(rest)?;
    let (name, rest) = word(rest)?;
    let (_process, rest) = word(rest)?;
    let (_message_id, rest) = word(rest)?;
    let message = structured_data(rest)?.trim_ascii_start();
    let message = message.strip_prefix(b"\xef\xbb\xbf").unwrap_or(message);
    Some(Record { written, program: program(name), message })
}

/// What follows the structured data: `-`, or elements in brackets in whose quoted values
/// `"`, `]` and the backslash are escaped.
fn structured_data(text: &[u8]) -> Option<&[u8]> {
    if let Some(rest) = text.strip_prefix(b"-") {
        return Some(rest);
    }
    let mut rest = text;
    while rest.first() == Some(&b'[') {
        let (mut quoted, mut at) = (false, 1);
        loop {
            match rest.get(at)? {
                b'\\' if quoted => at += 1,
                b'"' => quoted = !quoted,
                b']' if !quoted => break,
                _ => {}
            }
            at += 1;
        }
        rest = &rest[at + 1..];
    }
    (rest.len() < text.len()).then_some(rest)
}
