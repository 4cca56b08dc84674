//! Lists of which each line is an entry.

use super::{Content, ListKind};
use crate::{AddressRange, Asn, Error, date};

/// Names of a first column; a line that begins with one is a header.
const HEADERS: [&str; 8] =
    ["asn", "ip", "address", "ip_address", "network", "cidr", "prefix", "range"];

/// Words of the comments at the top of a list that say when it was made.
const DATED: [&str; 5] = ["update", "date", "generated", "created", "time"];

pub(super) fn parse(name: &str, bytes: &[u8]) -> Result<Content, Error> {
    let mut content = Content::new(ListKind::Lines);
    let mut is_first = true;
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let end = line.iter().position(|byte| matches!(byte, b'#' | b';'));
        let (line, comment) = line.split_at(end.unwrap_or(line.len()));
        if is_first && content.day.is_none() {
            content.day = day_of_comment(comment);
        }
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let entry = str::from_utf8(line).ok().and_then(|line| entry(line, content.kind));
        let header = if is_first { kind_of_header(line) } else { None };
        is_first = false;
        match (entry, header) {
            (_, Some(kind)) => content.kind = kind,
            (Some(Entry::Range(range)), _) => content.ranges.push(range),
            (Some(Entry::System(asn)), _) => content.systems.push(asn),
            (Some(Entry::Relay { day }), _) => {
                content.kind = ListKind::TorExitAddresses;
                content.day = content.day.max(day);
            }
            (None, None) => {
                let text: String =
                    String::from_utf8_lossy(line).chars().take(60).collect();
                let reason = format!("`{text}` is no address, network or AS number");
                return Err(Error::Line { name: name.into(), line: number, reason });
            }
        }
    }
    Ok(content)
}

/// What a line says.
enum Entry {
    Range(AddressRange),
    System(Asn),
    /// Something about a relay of Tor that is not its exit address.
    Relay {
        day: Option<u64>,
    },
}

fn entry(line: &str, kind: ListKind) -> Option<Entry> {
    let (word, rest) = first_word(line);
    if kind == ListKind::Systems {
        return word.parse().ok().map(Entry::System);
    }
    if let Some(asn) = system(word) {
        return Some(Entry::System(asn));
    }
    // Before words of Tor, which no address begins like.
    if let Ok(range) = word.parse() {
        // `192.0.2.1 - 192.0.2.9` is one range, `192.0.2.1 - x` has a remark.
        let whole =
            rest.trim_start().starts_with('-').then(|| line.parse().ok()).flatten();
        return Some(Entry::Range(whole.unwrap_or(range)));
    }
    match word {
        "ExitAddress" => first_word(rest.trim_start()).0.parse().ok().map(Entry::Range),
        "LastStatus" => Some(Entry::Relay { day: date::find_day(rest) }),
        "ExitNode" | "Published" | "Downloaded" => Some(Entry::Relay { day: None }),
        _ => None,
    }
}

/// The first cell or word of a line, without quotes, and what follows it.
fn first_word(line: &str) -> (&str, &str) {
    let end = line.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(line.len());
    let (word, rest) = line.split_at(end);
    (word.trim_matches('"'), rest)
}

/// An AS number with its `AS`: a bare number could be anything.
fn system(word: &str) -> Option<Asn> {
    word.get(..2)?.eq_ignore_ascii_case("as").then(|| word.parse().ok())?
}

/// Whether the line is a header, and of what.
fn kind_of_header(line: &[u8]) -> Option<ListKind> {
    let (word, _) = first_word(str::from_utf8(line).ok()?);
    let known = HEADERS.iter().any(|header| word.eq_ignore_ascii_case(header));
    let is_systems = word.eq_ignore_ascii_case("asn");
    known.then_some(if is_systems { ListKind::Systems } else { ListKind::Lines })
}

/// The day in a comment like `# Last update: Sat, 22 Aug 2026`.
fn day_of_comment(comment: &[u8]) -> Option<u64> {
    let comment = str::from_utf8(comment).ok()?.to_ascii_lowercase();
    DATED.iter().any(|word| comment.contains(word)).then(|| date::find_day(&comment))?
}
