//! Whether an address is where something comes from or where it goes, by the words at it.

use std::ops::AddAssign;

/// What an address is on its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Source,
    Destination,
}

/// How many hits an address has as what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Directions {
    pub(crate) source: u64,
    pub(crate) destination: u64,
}

impl Directions {
    pub(crate) fn of(direction: Direction, hits: u64) -> Self {
        match direction {
            Direction::Source => Self { source: hits, destination: 0 },
            Direction::Destination => Self { source: 0, destination: hits },
        }
    }

    /// The word for an address of these.
    pub(crate) fn name(self) -> &'static str {
        match (self.source > 0, self.destination > 0) {
            (true, false) => "source",
            (false, true) => "destination",
            (true, true) => "source and destination",
            (false, false) => "direction not told",
        }
    }
}

impl AddAssign for Directions {
    fn add_assign(&mut self, other: Self) {
        self.source = self.source.saturating_add(other.source);
        self.destination = self.destination.saturating_add(other.destination);
    }
}

/// Words before an address, without what is no letter: `src_ip` is `srcip`.
const OF_SOURCES: &[&str] = &[
    "client",
    "clientip",
    "from",
    "idorigh",
    "remoteaddr",
    "remoteip",
    "rhost",
    "saddr",
    "source",
    "sourceaddress",
    "sourceip",
    "src",
    "srcaddr",
    "srcip",
];
const OF_DESTINATIONS: &[&str] = &[
    "daddr",
    "dest",
    "destination",
    "destinationaddress",
    "destinationip",
    "destip",
    "dst",
    "dstaddr",
    "dstip",
    "idresph",
    "server",
    "serverip",
    "to",
];
/// How far before an address its word may begin, in bytes.
const LONGEST: usize = 40;

/// What an address is between these bytes of its line: `SRC=`, `"dest_ip": "`, `from`, or an
/// arrow from one address to the other.
pub(crate) fn direction(before: &[u8], after: &[u8]) -> Option<Direction> {
    let near = &before[before.len().saturating_sub(LONGEST)..];
    let is_between = |byte: &u8| b" \t\"'[(=:".contains(byte);
    let end = near.iter().rposition(|byte| !is_between(byte)).map_or(0, |last| last + 1);
    let near = &near[..end];
    if near.ends_with(b">") {
        return Some(Direction::Destination);
    }
    let is_of_word = |byte: &u8| byte.is_ascii_alphabetic() || b"_.-".contains(byte);
    let start = near.iter().rposition(|byte| !is_of_word(byte)).map_or(0, |at| at + 1);
    let letters = near[start..].iter().filter(|byte| byte.is_ascii_alphabetic());
    let word: String =
        letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    if OF_SOURCES.contains(&word.as_str()) {
        return Some(Direction::Source);
    }
    if OF_DESTINATIONS.contains(&word.as_str()) {
        return Some(Direction::Destination);
    }
    // A port, then the arrow: `192.0.2.1.5353 > `, `192.0.2.1:80 -> `.
    let port = |byte: &u8| byte.is_ascii_digit() || b".:]/".contains(byte);
    let rest = &after[after.iter().take_while(|byte| port(byte)).count()..];
    let rest = rest.trim_ascii_start();
    let arrows: [&[u8]; 3] = [b"->", b"=>", b"> "];
    arrows.iter().any(|arrow| rest.starts_with(arrow)).then_some(Direction::Source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_arrows_tell() {
        use Direction::{Destination, Source};
        for (line, first, second) in [
            ("IN=eth0 SRC=@ DST=@ LEN=60", Some(Source), Some(Destination)),
            (r#"{"src_ip": "@", "dest_ip": "@"}"#, Some(Source), Some(Destination)),
            (
                r#"{"destination.ip":"@","source.address":"@"}"#,
                Some(Destination),
                Some(Source),
            ),
            ("IP @.5353 > @.53: UDP", Some(Source), Some(Destination)),
            ("tcp @:80 -> @:4000", Some(Source), Some(Destination)),
            ("[@]:80 => [@]:81", Some(Source), Some(Destination)),
            (
                "Failed password from @ port 22, relayed to @",
                Some(Source),
                Some(Destination),
            ),
            ("@ - - GET /", None, None),
            ("unfrom @, x2from=@", None, Some(Source)),
            ("<b>@</b> > x @", Some(Destination), None),
            ("", None, None),
        ] {
            let found: Vec<_> = line
                .match_indices('@')
                .map(|(at, _)| {
                    direction(&line.as_bytes()[..at], &line.as_bytes()[at + 1..])
                })
                .collect();
            let expected: Vec<_> =
                [first, second].into_iter().take(found.len()).collect();
            assert_eq!(found, expected, "{line}");
        }
        assert_eq!(direction(&b"a".repeat(1000), b""), None);
    }

    #[test]
    fn an_address_may_be_both() {
        let mut both = Directions::of(Direction::Source, 2);
        both += Directions::of(Direction::Destination, u64::MAX);
        both += Directions::of(Direction::Destination, 1);
        assert_eq!((both.source, both.destination), (2, u64::MAX));
        assert_eq!(both.name(), "source and destination");
        assert_eq!(Directions::default().name(), "direction not told");
    }
}
