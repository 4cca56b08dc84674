//! One file that grows, is rotated or truncated.

use std::{
    fs,
    io::{self, Seek},
    path::{Path, PathBuf},
};

use anyhow::Result;
use same_file::Handle;

use super::{Buffer, Lines};
use crate::{
    failure::Hinted,
    input::{Progress, foreign::foreign, unpack::Packing, unreadable},
};

/// A file by its name, whichever file has it.
#[derive(Debug)]
pub(super) struct Growing {
    path: PathBuf,
    name: String,
    buffer: Buffer,
    /// The file that is read; none until there is one.
    file: Option<Handle>,
    /// The file that has taken the name over; it is read when the old one is at its end.
    next: Option<Handle>,
    /// Whether the lines that are handed out are the last of their file.
    restarts: bool,
    said_missing: bool,
}

impl Growing {
    pub(super) fn new(path: &Path, name: String) -> Self {
        Self {
            path: path.to_owned(),
            name,
            buffer: Buffer::default(),
            file: None,
            next: None,
            restarts: false,
            said_missing: false,
        }
    }

    /// The lines that [`Self::poll`] found.
    pub(super) fn lines(&self, source: usize) -> Lines<'_> {
        self.buffer.lines(source)
    }

    /// Whether there are whole lines, after those that were there are let go.
    pub(super) fn poll(&mut self, progress: &Progress<'_>) -> Result<bool> {
        self.buffer.release();
        if std::mem::take(&mut self.restarts) {
            self.buffer.restart();
        }
        while self.buffer.whole == 0 {
            let Some(file) = &mut self.file else {
                match named_file(&self.path) {
                    Ok(Some(file)) => {
                        self.file = Some(file);
                        continue;
                    }
                    Ok(None) => {}
                    Err(error) => return Err(unreadable(&self.path, error)),
                }
                if !std::mem::replace(&mut self.said_missing, true) {
                    progress.say(&format!("waiting for {}", self.name));
                }
                return Ok(false);
            };
            let count = self.buffer.read(file.as_file_mut());
            if count.map_err(|error| unreadable(&self.path, error))? > 0 {
                if self.buffer.offset == 0 {
                    self.check_format()?;
                }
            } else if self.is_truncated()? {
                progress.say(&format!("{} was truncated: from its start", self.name));
                self.rewind()?;
            } else if let Some(next) = self.next.take() {
                progress.say(&format!("{} was replaced: on with the new one", self.name));
                self.file = Some(next);
                self.start_over();
            } else if self.is_replaced() {
                // What was added to the old one meanwhile is read before the new one.
            } else {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Packed data cannot be read piece by piece as it is written.
    fn check_format(&self) -> Result<()> {
        let head = &self.buffer.bytes;
        let packing = Packing::of(head);
        let format = match foreign(head) {
            Some(foreign) => foreign.name,
            None if packing != Packing::Plain => packing.name(),
            None if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") => {
                "UTF-16 text"
            }
            None => return Ok(()),
        };
        Err(Hinted::error(
            format!("cannot follow {}: it is {format}", self.name),
            "only plain text can be followed; read it without --follow",
        ))
    }

    fn is_truncated(&self) -> Result<bool> {
        let Some(file) = &self.file else { return Ok(false) };
        let metadata = file.as_file().metadata();
        let length = metadata.map_err(|error| unreadable(&self.path, error))?.len();
        Ok(length < self.buffer.offset + self.buffer.bytes.len() as u64)
    }

    /// Whether another file has the name, and something in it: until then the program
    /// that writes may not know of the new one and still write to the old one.
    fn is_replaced(&mut self) -> bool {
        let named = named_file(&self.path).ok().flatten();
        self.next = named.filter(|named| {
            let is_empty = named.as_file().metadata().map_or(0, |file| file.len()) == 0;
            !is_empty && Some(named) != self.file.as_ref()
        });
        self.next.is_some()
    }

    fn rewind(&mut self) -> Result<()> {
        if let Some(file) = &mut self.file {
            let rewound = file.as_file_mut().rewind();
            rewound.map_err(|error| unreadable(&self.path, error))?;
        }
        self.start_over();
        Ok(())
    }

    /// A line that was not finished never will be. The next bytes are those of a start.
    fn start_over(&mut self) {
        self.buffer.end_line();
        if self.buffer.whole == 0 {
            self.buffer.restart();
        } else {
            self.restarts = true;
        }
    }
}

/// The regular file that has this name, if there is one.
fn named_file(path: &Path) -> io::Result<Option<Handle>> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    }
    match Handle::from_path(path) {
        Ok(file) => Ok(Some(file)),
        // Renamed at this very moment.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
