//! One thing to read.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::decode::Encoding;
use crate::text::printable;

/// One file, or standard input, and how it is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// None: standard input.
    pub(super) path: Option<PathBuf>,
    /// Found in a folder rather than named by the user: then not being able to read it
    /// does not keep the others from being read.
    pub(super) found: bool,
    /// Read it even if it was found and holds binary data.
    pub(super) binary: bool,
    pub(super) encoding: Encoding,
}

impl Source {
    /// The file of this name, or standard input for `-`.
    pub(crate) fn named(path: &Path) -> Self {
        let path = (path != Path::new("-")).then(|| path.to_owned());
        Self { path, found: false, binary: true, encoding: Encoding::Auto }
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

    /// How much there is to read, if that is known: of files, also as standard input.
    pub(super) fn length(&self) -> Option<u64> {
        let metadata = match &self.path {
            None => {
                same_file::Handle::stdin().and_then(|stdin| stdin.as_file().metadata())
            }
            Some(path) => fs::metadata(path),
        };
        metadata.ok().filter(fs::Metadata::is_file).map(|file| file.len())
    }

    /// The name without its folder.
    pub(crate) fn short_name(&self) -> String {
        let name = self.path.as_deref().and_then(Path::file_name);
        name.map_or_else(
            || self.name(),
            |name| printable(&name.to_string_lossy()).into_owned(),
        )
    }

    /// Whether nobody knows when more of it comes: standard input, a pipe or a device.
    pub(crate) fn is_live(&self) -> bool {
        let is_other =
            |path: &Path| fs::metadata(path).is_ok_and(|metadata| !metadata.is_file());
        !self.found && self.path.as_deref().is_none_or(is_other)
    }

    /// Whether it is skipped if it turns out to be binary.
    pub(super) fn skips_binary(&self) -> bool {
        self.found && !self.binary
    }
}
