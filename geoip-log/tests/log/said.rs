//! What a parser says about a line, as text to compare.

use geoip_log::{Entry, Format, Options, Parser};

/// Options with a reference in 2026 and proxies in private networks.
pub(crate) fn options() -> Options {
    Options::default()
        .reference("2026-11-21T12:00:00Z".parse().expect("a time"))
        .trusted_proxies("private".parse().expect("a network"))
}

/// Client or host name, time, and the rest of an entry, with a space between; `-` for what
/// is not there, `no entry` for a line of another format.
pub(crate) fn said(format: Format, line: &str) -> String {
    let mut parser = Parser::new(format, &options()).expect("the options are valid");
    parser
        .parse(line.as_bytes())
        .map_or("no entry".into(), |entry| spelled(line.as_bytes(), &entry))
}

/// The same for the last of several lines.
pub(crate) fn said_last(format: Format, options: &Options, lines: &[&str]) -> String {
    let mut parser = Parser::new(format, options).expect("the options are valid");
    let said: Vec<_> =
        lines.iter().map(|line| (line, parser.parse(line.as_bytes()))).collect();
    let (line, entry) = said.last().expect("a line");
    entry.map_or("no entry".into(), |entry| spelled(line.as_bytes(), &entry))
}

pub(crate) fn spelled(line: &[u8], entry: &Entry<'_>) -> String {
    assert_eq!(entry.client_span().map(|span| &line[span]), entry.client_text);
    let text = |text: Option<&[u8]>| {
        text.map_or("-".into(), |text| String::from_utf8_lossy(text).into_owned())
    };
    let client = entry.client.map_or_else(
        || {
            entry
                .client_text
                .map_or("-".into(), |host| format!("host:{}", text(Some(host))))
        },
        |client| client.to_string(),
    );
    let time = entry.time.map_or("-".into(), |time| time.to_string());
    let words = [
        entry.forwarded.then(|| "forwarded".into()),
        entry.user.map(|user| format!("user={}", text(Some(user)))),
        entry.outcome.map(|outcome| format!("{outcome:?}")),
        entry.status.map(|status| status.to_string()),
        (entry.count != 1).then(|| format!("x{}", entry.count)),
    ];
    [client, time]
        .into_iter()
        .chain(words.into_iter().flatten())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Compares each line of a table, `line => expected`, and names all that are wrong.
pub(crate) fn check(format: Format, table: &[(&str, &str)]) {
    let wrong: Vec<_> = table
        .iter()
        .map(|(line, expected)| (line, said(format, line), expected))
        .filter(|(_, said, expected)| said != *expected)
        .map(|(line, said, expected)| format!("{line}\n  {said}\n  not {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
