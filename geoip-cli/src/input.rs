//! Files and standard input, read through to a tally.

mod unpack;

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, IsTerminal, Read},
    net::IpAddr,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use anyhow::Result;
use geoip_core::Tally;
use geoip_extract::Extractor;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{
    args::{Global, Inputs},
    failure::Hinted,
    output,
    text::printable,
};

/// One file, or standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Stdin,
    File(PathBuf),
}

impl Source {
    /// What messages and `--with-filename` call it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Stdin => "standard input".into(),
            Self::File(path) => printable(&path.display().to_string()).into_owned(),
        }
    }
}

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
        let short = |source: &Source| match source {
            Source::Stdin => source.name(),
            Source::File(path) => path.file_name().map_or_else(
                || source.name(),
                |name| printable(&name.to_string_lossy()).into_owned(),
            ),
        };
        match self.sources.as_slice() {
            [] => "nothing".into(),
            [one] => short(one),
            [one, other] => format!("{} and {}", short(one), short(other)),
            [first, rest @ ..] => format!("{} and {} more", short(first), rest.len()),
        }
    }
}

/// Count the addresses of all sources.
pub(crate) fn scan(global: &Global, inputs: &Inputs) -> Result<Scan> {
    let extractor = Extractor::default().defanged(inputs.defang);
    let mut scan = Scan { tally: Tally::new(), sources: sources(inputs)? };
    let mut progress = Progress::new(global, &scan.sources);
    for source in &scan.sources {
        read(source, &mut progress, |reader| {
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

/// The files that were asked for, each checked to be readable, in the order given;
/// folders as the files in them, by name.
pub(crate) fn sources(inputs: &Inputs) -> Result<Vec<Source>> {
    if inputs.files.is_empty() {
        return Ok(vec![Source::Stdin]);
    }
    let mut sources = Vec::new();
    for path in &inputs.files {
        if path == Path::new("-") {
            sources.push(Source::Stdin);
            continue;
        }
        let metadata = fs::metadata(path).map_err(|error| unreadable(path, error))?;
        if metadata.is_dir() {
            if !inputs.recursive {
                return Err(Hinted::error(
                    format!("cannot read {}: it is a folder", path.display()),
                    "use --recursive to read the files in it",
                ));
            }
            collect_files(path, &mut sources)?;
        } else {
            if metadata.is_file() {
                // Found out now rather than after hours in another file.
                File::open(path).map_err(|error| unreadable(path, error))?;
            }
            sources.push(Source::File(path.clone()));
        }
    }
    Ok(sources)
}

fn collect_files(folder: &Path, sources: &mut Vec<Source>) -> Result<()> {
    let failed = |error| unreadable(folder, error);
    let entries = fs::read_dir(folder).map_err(failed)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<io::Result<Vec<_>>>().map_err(failed)?;
    paths.sort();
    for path in paths {
        // Links are not followed: they may lead back up, and never end.
        let metadata =
            fs::symlink_metadata(&path).map_err(|error| unreadable(&path, error))?;
        if metadata.is_dir() {
            collect_files(&path, sources)?;
        } else if metadata.is_file() {
            sources.push(Source::File(path));
        }
    }
    Ok(())
}

/// Open a source, unpack it if it is compressed, and hand it to `consume`, whose errors
/// must be those of reading only.
pub(crate) fn read(
    source: &Source,
    progress: &mut Progress,
    consume: impl FnOnce(Box<dyn Read + '_>) -> io::Result<()>,
) -> Result<()> {
    let raw: Box<dyn Read> = match source {
        Source::Stdin => {
            if io::stdin().is_terminal() {
                progress.say("reading the terminal; end with Ctrl-D, or name a file");
            }
            Box::new(io::stdin().lock())
        }
        Source::File(path) => {
            Box::new(File::open(path).map_err(|error| unreadable(path, error))?)
        }
    };
    let name = source.name();
    let mut raw = BufReader::with_capacity(128 * 1024, progress.bar.wrap_read(raw));
    let reading = |error: io::Error, hint: &str| {
        Hinted::because(error, format!("cannot read {name}"), hint)
    };
    let head = raw.fill_buf().map_err(|error| reading(error, ""))?;
    let packing = unpack::Packing::of(head);
    consume(packing.unpack(raw)).map_err(|error| {
        let hint = packing.hint(&error);
        reading(error, hint)
    })
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

/// How far reading has come, shown on a terminal and nowhere else.
#[derive(Debug)]
pub(crate) struct Progress<'g> {
    global: &'g Global,
    bar: ProgressBar,
}

impl<'g> Progress<'g> {
    pub(crate) fn new(global: &'g Global, sources: &[Source]) -> Self {
        let size = |source: &Source| match source {
            Source::Stdin => None,
            Source::File(path) => fs::metadata(path)
                .ok()
                .filter(fs::Metadata::is_file)
                .map(|file| file.len()),
        };
        let total = sources.iter().map(size).sum::<Option<u64>>();
        let target = if global.quiet {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr_with_hz(5)
        };
        let template = match total {
            Some(_) => "{bar:32} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left",
            None => "{spinner} {bytes}, {bytes_per_sec}",
        };
        let style = ProgressStyle::with_template(template);
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(total, target).with_style(style);
        Self { global, bar }
    }

    /// No bar: for when the results themselves go to the terminal.
    pub(crate) fn hidden(global: &'g Global) -> Self {
        Self { global, bar: ProgressBar::hidden() }
    }

    /// Take the bar off the terminal.
    pub(crate) fn finish(self) {
        self.bar.finish_and_clear();
    }

    fn say(&self, message: &str) {
        output::note(self.global, message);
    }
}
