//! The table of cases, `cases.tsv`.

use geoip_extract::{Extractor, Rule};

pub(crate) struct Case {
    /// Line of the table, for messages.
    pub(crate) line: usize,
    pub(crate) text: Vec<u8>,
    pub(crate) extractor: Extractor,
    /// Whether the matches are compared by their text, or as addresses.
    pub(crate) by_address: bool,
    pub(crate) expected: Vec<String>,
}

impl Case {
    pub(crate) fn all() -> Vec<Self> {
        let table = include_str!("cases.tsv");
        let lines = table.lines().enumerate().filter(|(_, line)| !line.starts_with("# "));
        lines.map(|(index, line)| Self::parse(index + 1, line)).collect()
    }

    fn parse(line: usize, row: &str) -> Self {
        let columns: Vec<_> = row.split('\t').collect();
        let [text, switches, expected, _category, _reason] = columns[..] else {
            panic!("line {line} has {} columns", columns.len());
        };
        let readings = ["defanged", "ansi_escapes", "json_escapes", "percent_encoded"];
        let by_address = readings.iter().any(|reading| switches.contains(reading));
        let in_form = |expected: &str| {
            if by_address {
                expected.parse::<std::net::IpAddr>().expect("an address").to_string()
            } else {
                expected.to_owned()
            }
        };
        Self {
            line,
            text: unescape(text),
            extractor: switches.split(',').fold(Extractor::default(), turn),
            by_address,
            expected: expected
                .split(',')
                .filter(|address| !address.is_empty())
                .map(in_form)
                .collect(),
        }
    }

    /// What the extractor finds in a text, in the form of `expected`.
    pub(crate) fn found<'h>(
        &self,
        matches: impl Iterator<Item = geoip_extract::AddressMatch<'h>>,
    ) -> Vec<String> {
        matches.map(|found| self.form(found)).collect()
    }

    pub(crate) fn form(&self, found: geoip_extract::AddressMatch<'_>) -> String {
        if self.by_address {
            found.address().to_string()
        } else {
            String::from_utf8(found.text().to_vec()).expect("addresses are ASCII")
        }
    }
}

/// Turns the switch of this name from its default.
fn turn(extractor: Extractor, switch: &str) -> Extractor {
    if switch == "-" {
        return extractor;
    }
    let rule: Rule = switch.parse().expect("the name of a rule");
    extractor.rule(rule, !rule.is_default())
}

fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        if let Some((unit, count, after)) = repetition(rest) {
            bytes.extend(unescape(unit).repeat(count));
            rest = after;
        } else if next == '\\' {
            rest = push_escaped(&rest[1..], &mut bytes);
        } else {
            bytes.extend(next.to_string().bytes());
            rest = &rest[next.len_utf8()..];
        }
    }
    bytes
}

fn repetition(text: &str) -> Option<(&str, usize, &str)> {
    let (inner, after) = text.strip_prefix("<<")?.split_once(">>")?;
    let (unit, count) = inner.rsplit_once('*')?;
    Some((unit, count.parse().ok()?, after))
}

/// Pushes what an escape stands for, and returns what follows it.
fn push_escaped<'t>(text: &'t str, bytes: &mut Vec<u8>) -> &'t str {
    let number = |digits: &str| u32::from_str_radix(digits, 16).expect("hexadecimal");
    match &text[..1] {
        "t" => bytes.push(b'\t'),
        "n" => bytes.push(b'\n'),
        "r" => bytes.push(b'\r'),
        "\\" => bytes.push(b'\\'),
        "x" => {
            bytes.push(u8::try_from(number(&text[1..3])).expect("two digits"));
            return &text[3..];
        }
        "u" => {
            let scalar = char::from_u32(number(&text[1..5])).expect("a scalar value");
            bytes.extend(scalar.to_string().bytes());
            return &text[5..];
        }
        other => panic!("no escape \\{other}"),
    }
    &text[1..]
}
