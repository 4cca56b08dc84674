//! Files and standard input: which of them are read, and how each is opened.

mod progress;
mod source;
mod unpack;

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Cursor, IsTerminal, Read},
    net::IpAddr,
    ops::ControlFlow,
    path::Path,
};

use anyhow::Result;
use geoip_core::Tally;
use geoip_extract::Extractor;

use self::unpack::Packing;
pub(crate) use self::{
    progress::{Progress, some_unread},
    source::{Source, sources},
};
use crate::{
    args::{Global, Inputs},
    failure::Hinted,
};

/// What came out of reading all sources.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// How often each address was found.
    pub(crate) tally: Tally<IpAddr>,
    /// The sources, in order.
    pub(crate) sources: Vec<Source>,
}

impl Scan {
    /// The sources for a title: `access.log`, `access.log and 3 more`.
    pub(crate) fn title(&self) -> String {
        match self.sources.as_slice() {
            [] => "nothing".into(),
            [one] => one.short_name(),
            [one, other] => format!("{} and {}", one.short_name(), other.short_name()),
            [first, rest @ ..] => {
                format!("{} and {} more", first.short_name(), rest.len())
            }
        }
    }
}

/// Count the addresses of all sources.
pub(crate) fn scan(global: &Global, inputs: &Inputs) -> Result<Scan> {
    let extractor = Extractor::default().defanged(inputs.defang);
    let sources = sources(global, inputs)?;
    let mut scan = Scan { tally: Tally::new(), sources };
    let progress = Progress::new(global, &scan.sources);
    for source in &scan.sources {
        read(source, &progress, |reader| {
            let flow = extractor.for_each(reader, |found| {
                scan.tally.add(found.address());
                ControlFlow::<()>::Continue(())
            });
            flow.map(|_| ())
        })?;
    }
    progress.finish();
    Ok(scan)
}

/// An open source: its content, unpacked and counted for the progress.
pub(crate) struct Input {
    name: String,
    packing: Packing,
    content: Box<dyn Read + Send>,
}

/// Open a source. There is none to read if it was found in a folder and is passed over;
/// that is said and counted already.
pub(crate) fn open(source: &Source, progress: &Progress<'_>) -> Result<Option<Input>> {
    match open_whatever(source, progress) {
        Ok(Some(input)) => {
            progress.opened();
            Ok(Some(input))
        }
        Ok(None) => Ok(None),
        Err(error) => progress.unread(source, error).map(|()| None),
    }
}

fn open_whatever(source: &Source, progress: &Progress<'_>) -> Result<Option<Input>> {
    let raw: Box<dyn Read + Send> = match source.path() {
        None => {
            if io::stdin().is_terminal() {
                progress.say("reading the terminal; end with Ctrl-D, or name a file");
            }
            Box::new(progress.count(io::stdin(), 0))
        }
        Some(path) => {
            let file = File::open(path).map_err(|error| unreadable(path, error))?;
            let length = file.metadata().map_or(0, |metadata| metadata.len());
            Box::new(progress.count(file, length))
        }
    };
    let mut raw = BufReader::with_capacity(128 * 1024, raw);
    let mut input = Input {
        name: source.name(),
        packing: Packing::Plain,
        content: Box::new(io::empty()),
    };
    input.packing = Packing::of(raw.fill_buf().map_err(|error| input.explain(error))?);
    input.content = input.packing.unpack(raw);
    if source.may_be_skipped() {
        let head = peek(&mut input).map_err(|error| input.explain(error))?;
        if head.contains(&0) {
            progress.skipped_binary();
            return Ok(None);
        }
    }
    Ok(Some(input))
}

/// The first 8 KiB of the content, which stay to be read.
fn peek(input: &mut Input) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    input.content.by_ref().take(8192).read_to_end(&mut head)?;
    let rest = std::mem::replace(&mut input.content, Box::new(io::empty()));
    input.content = Box::new(Cursor::new(head.clone()).chain(rest));
    Ok(head)
}

impl Input {
    /// What went wrong while reading this, and what to do.
    pub(crate) fn explain(&self, error: io::Error) -> anyhow::Error {
        let hint = self.packing.hint(&error);
        Hinted::because(error, format!("cannot read {}", self.name), hint)
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.content.read(buffer)
    }
}

/// Open a source and hand it to `consume`, whose errors must be those of reading only.
pub(crate) fn read(
    source: &Source,
    progress: &Progress<'_>,
    consume: impl FnOnce(&mut Input) -> io::Result<()>,
) -> Result<()> {
    let Some(mut input) = open(source, progress)? else { return Ok(()) };
    consume(&mut input).or_else(|error| progress.unread(source, input.explain(error)))
}

fn unreadable(path: &Path, error: io::Error) -> anyhow::Error {
    let hint = match error.kind() {
        io::ErrorKind::NotFound => "check the name; `-` means standard input",
        io::ErrorKind::PermissionDenied => {
            "run as a user who may read it, or pipe it in: sudo cat FILE | geoip …"
        }
        _ => "",
    };
    Hinted::because(error, format!("cannot read {}", path.display()), hint)
}

/// The length of a regular file; nothing else has one.
fn length(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|file| file.len())
}
