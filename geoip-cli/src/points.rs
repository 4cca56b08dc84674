//! Places given as they are, instead of addresses.

mod decimal;
mod json;
mod lines;
mod merge;
mod parse;

use std::{
    io::{self, Cursor, Read},
    path::Path,
};

use anyhow::{Context, Result};

pub(crate) use self::merge::{Given, MergedPlace};
use self::{merge::Merger, parse::GivenPlace};
use crate::{
    args::Global,
    input::{self, Input, Progress, Source},
};

/// Read places from a file, or from standard input if it is `-`.
pub(crate) fn read(global: &Global, path: &Path) -> Result<(Source, Given)> {
    let source = Source::named(path);
    let progress = Progress::new(global, std::slice::from_ref(&source));
    let mut merger = Merger::default();
    if let Some(input) = input::open(&source, &progress)? {
        read_input(global, input, &mut merger)
            .with_context(|| format!("cannot read places from {}", source.name()))?;
    }
    progress.finish();
    Ok((source, merger.into_given()))
}

fn read_input(global: &Global, mut input: Input, merger: &mut Merger) -> Result<()> {
    let head = input.head().map_err(|error| input.explain(error))?;
    let form = Form::of(&head);
    let mut text = without_mark(input)?;
    match form {
        Form::Json => {
            let mut json = Vec::new();
            text.read_to_end(&mut json)?;
            json::parse(&String::from_utf8_lossy(&json), merger)
        }
        Form::Csv => parse::read_csv(text, merger),
        Form::Lines => lines::read(global.threads, text, merger),
    }
}

/// How places are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Json,
    Csv,
    /// `lat lon [weight]` a line.
    Lines,
}

impl Form {
    /// Told by the first line that is not blank.
    fn of(head: &[u8]) -> Self {
        let head = head.strip_prefix(MARK).unwrap_or(head).trim_ascii_start();
        match head.first() {
            Some(b'{' | b'[') => Self::Json,
            _ if first_line(head).contains(&b',') => Self::Csv,
            _ => Self::Lines,
        }
    }
}

fn first_line(text: &[u8]) -> &[u8] {
    text.split(|&byte| byte == b'\n').next().unwrap_or_default()
}

/// The byte-order mark, with which some programs begin UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The rest of a text after its byte-order mark, if it has one.
fn without_mark(mut text: impl Read + Send) -> io::Result<impl Read + Send> {
    let mut start = Vec::new();
    text.by_ref().take(MARK.len() as u64).read_to_end(&mut start)?;
    if start == MARK {
        start.clear();
    }
    Ok(Cursor::new(start).chain(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_tells_the_form() {
        for (head, form) in [
            ("", Form::Lines),
            ("\n \n1 2\n3,4", Form::Lines),
            ("# lat lon\n1 2", Form::Lines),
            ("\u{feff}\r\nlat,lon\n1,2", Form::Csv),
            ("1,2", Form::Csv),
            ("\u{feff} [{}]", Form::Json),
            ("\n{\"lat\": 1", Form::Json),
        ] {
            assert_eq!(Form::of(head.as_bytes()), form, "{head}");
        }
    }

    #[test]
    fn the_mark_is_dropped_and_nothing_else() {
        for (text, rest) in [("\u{feff}a", "a"), ("\u{feff}", ""), ("ab", "ab"), ("", "")]
        {
            let mut read = String::new();
            without_mark(text.as_bytes()).unwrap().read_to_string(&mut read).unwrap();
            assert_eq!(read, rest);
        }
    }
}
