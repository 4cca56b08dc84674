//! Which files are read.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use anyhow::Result;

use super::{progress, unreadable};
use crate::{
    args::{Global, Inputs},
    failure::Hinted,
    text::printable,
};

/// One file, or standard input, and how it is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// None: standard input.
    path: Option<PathBuf>,
    /// Found in a folder rather than named by the user.
    found: bool,
    /// Read it even if it was found and holds binary data.
    binary: bool,
}

impl Source {
    /// The file of this name, or standard input for `-`.
    pub(crate) fn named(path: &Path) -> Self {
        let path = (path != Path::new("-")).then(|| path.to_owned());
        Self { path, found: false, binary: true }
    }

    /// The file; none for standard input.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What messages and `--with-filename` call it.
    pub(crate) fn name(&self) -> String {
        match &self.path {
            None => "standard input".into(),
            Some(path) => printable(&path.display().to_string()).into_owned(),
        }
    }

    /// The name without its folder.
    pub(crate) fn short_name(&self) -> String {
        let name = self.path.as_deref().and_then(Path::file_name);
        name.map_or_else(
            || self.name(),
            |name| printable(&name.to_string_lossy()).into_owned(),
        )
    }

    /// Whether the user asked for a whole folder: then a file in it that cannot be read
    /// does not keep the others from being read.
    pub(super) fn was_found(&self) -> bool {
        self.found
    }

    pub(super) fn may_be_skipped(&self) -> bool {
        self.found && !self.binary
    }
}

/// The files that were asked for, each checked to be readable, in the order given;
/// folders as the files in them, by name.
pub(crate) fn sources(_global: &Global, inputs: &Inputs) -> Result<Vec<Source>> {
    if inputs.files.is_empty() {
        return Ok(vec![Source::named(Path::new("-"))]);
    }
    let mut sources = Vec::new();
    for path in &inputs.files {
        let source = Source::named(path);
        if source.path.is_none() {
            sources.push(source);
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
            Walk { inputs, sources: &mut sources }.folder(path);
        } else {
            if metadata.is_file() {
                // Found out now rather than after hours in another file.
                File::open(path).map_err(|error| unreadable(path, error))?;
            }
            sources.push(source);
        }
    }
    Ok(sources)
}

/// Collects the files of folders.
struct Walk<'s> {
    inputs: &'s Inputs,
    sources: &'s mut Vec<Source>,
}

impl Walk<'_> {
    /// Collect what can be read, and say what cannot.
    fn folder(&mut self, folder: &Path) {
        let paths = fs::read_dir(folder).and_then(|entries| {
            let paths = entries.map(|entry| entry.map(|entry| entry.path()));
            paths.collect::<io::Result<Vec<_>>>()
        });
        match paths {
            Ok(mut paths) => {
                paths.sort();
                for path in paths {
                    self.entry(path);
                }
            }
            Err(error) => progress::report_unread(&unreadable(folder, error)),
        }
    }

    fn entry(&mut self, path: PathBuf) {
        if !self.inputs.hidden && is_hidden(&path) {
            return;
        }
        // Links are not followed: they may lead back up, and never end.
        match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_dir() => self.folder(&path),
            Ok(metadata) if metadata.is_file() => {
                let binary = self.inputs.binary;
                self.sources.push(Source { path: Some(path), found: true, binary });
            }
            Ok(_) => {}
            Err(error) => progress::report_unread(&unreadable(&path, error)),
        }
    }
}

/// Whether the name begins with a dot. Such files are rarely logs and often many, as
/// those of version control.
fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}
