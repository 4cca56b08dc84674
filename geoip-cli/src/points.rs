//! Places given as they are, instead of addresses.

mod json;
mod merge;
mod parse;

use std::{io::Read, path::Path};

use anyhow::{Context, Result};

use self::parse::parse;
pub(crate) use self::{
    merge::{MergedPlace, merged},
    parse::GivenPlace,
};
use crate::{
    args::Global,
    input::{self, Progress, Source},
};

/// Read places from a file, or from standard input if it is `-`.
pub(crate) fn read(global: &Global, path: &Path) -> Result<(Source, Vec<GivenPlace>)> {
    let source = Source::named(path);
    let mut text = Vec::new();
    let progress = Progress::new(global, std::slice::from_ref(&source));
    if let Some(mut input) = input::open(&source, &progress)? {
        input.read_to_end(&mut text).map_err(|error| input.explain(error))?;
    }
    progress.finish();
    let places = parse(&text)
        .with_context(|| format!("cannot read places from {}", source.name()))?;
    Ok((source, places))
}
