//! The folder that databases and lists are kept in.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::{Deserialize, Serialize};

use crate::{Error, Source, transfer::Validators};

/// What is known of an installed file; noted beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Note {
    /// The name of the source.
    pub(crate) source: String,
    /// Where it came from, without the query.
    pub(crate) address: String,
    #[serde(flatten)]
    pub(crate) validators: Validators,
    /// Which edition it is, such as a month, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) edition: Option<String>,
    /// When it came, in seconds since 1970.
    pub(crate) fetched: u64,
    /// When it was last known to be the newest, in seconds since 1970.
    pub(crate) checked: u64,
    /// How long the file is: another length means another file.
    pub(crate) bytes: u64,
}

/// A file that is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Installed {
    /// The file.
    pub path: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// Its time of modification: that of the server's file, if the server says so.
    pub modified: Option<SystemTime>,
    /// Which edition it is, such as a month, if that is known.
    pub edition: Option<String>,
    /// When it was last fetched, or found to be the newest, in seconds since 1970.
    pub checked: Option<u64>,
}

/// What is installed of a source in a folder; nothing is locked or changed for that.
pub fn installed(folder: &Path, source: &Source) -> Option<Installed> {
    let path = folder.join(source.file());
    let metadata = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?;
    let note = read_note(folder, source.file(), metadata.len());
    Some(Installed {
        path,
        bytes: metadata.len(),
        modified: metadata.modified().ok(),
        edition: note.as_ref().and_then(|note| note.edition.clone()),
        checked: note.map(|note| note.checked),
    })
}

/// A folder to install in, locked: two updates at once would tread on each other.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Held as long as this is.
    _lock: File,
}

impl Folder {
    /// Take hold of a folder, which is made if it is not there.
    ///
    /// # Errors
    /// [`Error::Locked`] if another process has hold of it, [`Error::File`] if it cannot be
    /// made or written.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let error = |doing, path: &Path| {
            let path = path.to_owned();
            move |source| Error::File { doing, path, source }
        };
        fs::create_dir_all(path).map_err(error("make", path))?;
        let lock_path = path.join(".geoip-fetch.lock");
        let lock =
            File::options().create(true).write(true).truncate(false).open(&lock_path);
        let lock = lock.map_err(error("write", &lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Locked { folder: path.to_owned() });
            }
            // A file system without locks: all that is lost is the warning.
            Err(TryLockError::Error(source))
                if source.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(source)) => {
                return Err(error("lock", &lock_path)(source));
            }
        }
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where a file is installed.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Where the packed file grows.
    pub(crate) fn part(&self, name: &str) -> PathBuf {
        self.path.join(format!(".{name}.part"))
    }

    /// Where the unpacked file is made.
    pub(crate) fn fresh(&self, name: &str) -> PathBuf {
        self.path.join(format!(".{name}.new"))
    }

    pub(crate) fn note(&self, name: &str) -> Option<Note> {
        let length = fs::metadata(self.file(name)).ok()?.len();
        read_note(&self.path, name, length)
    }

    pub(crate) fn write_note(&self, name: &str, note: &Note) -> Result<(), Error> {
        let path = note_path(&self.path, name);
        let mut text = serde_json::to_vec_pretty(note).unwrap_or_default();
        text.push(b'\n');
        let fresh = self.path.join(format!(".{name}.json.new"));
        let written = || {
            let mut file = File::create(&fresh)?;
            file.write_all(&text)?;
            file.sync_all()?;
            fs::rename(&fresh, &path)
        };
        written().map_err(|source| Error::File {
            doing: "write",
            path: path.clone(),
            source,
        })
    }

    /// Put a finished file in the place of the old one: the old one, whole, or the new
    /// one, whole, is there at any time, power cut or not.
    pub(crate) fn install(
        &self,
        name: &str,
        modified: Option<SystemTime>,
    ) -> Result<u64, Error> {
        let (fresh, path) = (self.fresh(name), self.file(name));
        let put = || {
            let file = File::options().write(true).open(&fresh)?;
            if let Some(modified) = modified {
                // Only the age that is shown depends on it.
                let _ = file.set_modified(modified);
            }
            file.sync_all()?;
            let bytes = file.metadata()?.len();
            drop(file);
            fs::rename(&fresh, &path)?;
            sync_folder(&self.path)?;
            Ok(bytes)
        };
        put().map_err(|source| Error::File { doing: "write", path: path.clone(), source })
    }
}

/// Make sure that a name is on the disk, where folders can be asked for that.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

fn note_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!(".{name}.json"))
}

/// The note of a file, if it is of this very file.
fn read_note(folder: &Path, name: &str, length: u64) -> Option<Note> {
    let text = fs::read(note_path(folder, name)).ok()?;
    let note: Note = serde_json::from_slice(&text).ok()?;
    (note.bytes == length).then_some(note)
}
