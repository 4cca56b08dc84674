//! Which files are read.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use anyhow::Result;
use same_file::Handle;

use super::{Source, decode::Encoding, progress, unreadable};
use crate::{
    args::{Global, Inputs},
    failure::Hinted,
    output,
};

/// The files that were asked for, each checked to be readable, in the order given;
/// patterns as the files that match them, folders as the files in them, by name.
pub(crate) fn sources(global: &Global, inputs: &Inputs) -> Result<Vec<Source>> {
    collect(global, inputs, Missing::IsAnError)
}

/// The same to be followed: a file that is not there yet may come.
pub(crate) fn sources_to_follow(global: &Global, inputs: &Inputs) -> Result<Vec<Source>> {
    collect(global, inputs, Missing::IsAwaited)
}

/// What to do if a file is not there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Missing {
    IsAnError,
    IsAwaited,
}

fn collect(global: &Global, inputs: &Inputs, missing: Missing) -> Result<Vec<Source>> {
    let encoding = Encoding::parse(&inputs.encoding)?;
    let output = Output::of(global);
    let mut collected =
        Collected { global, inputs, missing, output, encoding, sources: vec![] };
    if inputs.files.is_empty() {
        collected.named(Path::new("-"))?;
    }
    for path in &inputs.files {
        match matching(path)? {
            None => collected.named(path)?,
            // Folders that match are left out unless wanted: a pattern such as `*` is
            // asked for the files.
            Some(paths) => paths
                .iter()
                .filter(|path| inputs.recursive || !path.is_dir())
                .try_for_each(|path| collected.named(path))?,
        }
    }
    Ok(collected.sources)
}

/// The files that match a name if it is a pattern: only where no file has that name, and
/// the shell left it as it is, as in `cron` or on Windows. At least one matches.
fn matching(path: &Path) -> Result<Option<Vec<PathBuf>>> {
    let is_pattern = |name: &&str| name.contains(['*', '?', '[']);
    let Some(pattern) = path.to_str().filter(is_pattern) else { return Ok(None) };
    if fs::symlink_metadata(path).is_ok() {
        return Ok(None);
    }
    // As shells do: a star matches no dot at the beginning of a name.
    let options = glob::MatchOptions {
        require_literal_leading_dot: true,
        require_literal_separator: true,
        ..glob::MatchOptions::default()
    };
    let failed = |reason| format!("cannot read {}: {reason}", path.display());
    let paths = glob::glob_with(pattern, options)
        .map_err(|error| Hinted::error(failed(error.to_string()), "check the name"))?;
    let paths = paths.collect::<std::result::Result<Vec<_>, _>>();
    let paths = paths.map_err(|error| {
        let path = error.path().to_owned();
        unreadable(&path, error.into())
    })?;
    if paths.is_empty() {
        let reason = "no file has this name or matches it as a pattern";
        return Err(Hinted::error(failed(reason.into()), "check the name"));
    }
    Ok(Some(paths))
}

/// The file that the result is written to: read as well, it would be lost or never end.
struct Output(Option<Handle>);

impl Output {
    fn of(global: &Global) -> Self {
        let handle = match global.output.as_deref() {
            Some(path) if path != Path::new("-") => {
                path.is_file().then(|| Handle::from_path(path))
            }
            _ => Some(Handle::stdout()),
        };
        // Devices such as the terminal can be read and written at once.
        let is_file = |handle: &Handle| {
            handle.as_file().metadata().is_ok_and(|metadata| metadata.is_file())
        };
        Self(handle.and_then(io::Result::ok).filter(is_file))
    }

    fn is(&self, file: io::Result<Handle>) -> bool {
        self.0.is_some() && file.ok() == self.0
    }
}

/// Collects sources.
struct Collected<'a> {
    global: &'a Global,
    inputs: &'a Inputs,
    missing: Missing,
    output: Output,
    encoding: Encoding,
    sources: Vec<Source>,
}

impl Collected<'_> {
    /// Add what the user named: what is wrong with it is found out now rather than
    /// after hours in another file.
    fn named(&mut self, path: &Path) -> Result<()> {
        let source = Source { encoding: self.encoding, ..Source::named(path) };
        let refused = |reason: &str, hint: &str| {
            let name = source.name();
            Err(Hinted::error(format!("cannot read {name}: {reason}"), hint))
        };
        let also_output = ("it is also the output", "write to another file");
        if source.path.is_none() {
            if self.output.is(Handle::stdin()) {
                return refused(also_output.0, also_output.1);
            }
            self.sources.push(source);
            return Ok(());
        }
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error)
                if self.missing == Missing::IsAwaited
                    && error.kind() == io::ErrorKind::NotFound =>
            {
                self.sources.push(source);
                return Ok(());
            }
            Err(error) => return Err(unreadable(path, error)),
        };
        if metadata.is_dir() {
            if !self.inputs.recursive {
                return refused(
                    "it is a folder",
                    "use --recursive to read the files in it",
                );
            }
            self.folder(path);
            return Ok(());
        }
        if is_socket(&metadata) {
            return refused(
                "it is a socket",
                "connect to it with `socat - FILE | geoip …`",
            );
        }
        if metadata.is_file() {
            let file = File::open(path).map_err(|error| unreadable(path, error))?;
            if self.output.is(Handle::from_file(file)) {
                return refused(also_output.0, also_output.1);
            }
        }
        self.sources.push(source);
        Ok(())
    }

    /// Add the files of a folder that can be read, and say what cannot.
    fn folder(&mut self, folder: &Path) {
        let paths = fs::read_dir(folder).and_then(|entries| {
            let paths =
                entries.map(|entry| entry.map(|entry| (entry.path(), entry.file_type())));
            paths.collect::<io::Result<Vec<_>>>()
        });
        match paths {
            Ok(mut paths) => {
                paths.sort_by(|one, other| one.0.cmp(&other.0));
                for (path, kind) in paths {
                    self.found(path, kind);
                }
            }
            Err(error) => progress::report_unread(&unreadable(folder, error)),
        }
    }

    fn found(&mut self, path: PathBuf, kind: io::Result<fs::FileType>) {
        if !self.inputs.hidden && is_hidden(&path) {
            return;
        }
        // Links are not followed: they may lead back up, and never end.
        match kind {
            Ok(kind) if kind.is_dir() => self.folder(&path),
            Ok(kind) if kind.is_file() => self.found_file(path),
            Ok(_) => {}
            Err(error) => progress::report_unread(&unreadable(&path, error)),
        }
    }

    fn found_file(&mut self, path: PathBuf) {
        let is_output =
            self.output.0.is_some() && self.output.is(Handle::from_path(&path));
        let source = Source {
            path: Some(path),
            found: true,
            binary: self.inputs.binary,
            encoding: self.encoding,
        };
        if is_output {
            let name = source.name();
            output::note(self.global, &format!("{name} is the output, and not read"));
        } else {
            self.sources.push(source);
        }
    }
}

/// Whether the name begins with a dot. Such files are rarely logs and often many, as
/// those of version control.
fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

#[cfg(unix)]
fn is_socket(metadata: &fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_socket(&metadata.file_type())
}

#[cfg(not(unix))]
fn is_socket(_metadata: &fs::Metadata) -> bool {
    false
}
