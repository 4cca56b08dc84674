//! Files and standard input: which of them are read, and how each is opened.

mod collect;
mod decode;
mod follow;
mod foreign;
mod progress;
mod source;
mod unpack;

use std::{
    fmt,
    fs::File,
    io::{self, BufReader, Cursor, IsTerminal, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use anyhow::Result;

pub(crate) use self::{
    collect::sources,
    progress::{Progress, some_unread},
    source::Source,
};
pub(crate) use self::{
    collect::sources_to_follow,
    follow::{Follow, Lines},
};
use self::{foreign::foreign, unpack::Packing};
use crate::failure::Hinted;

/// An open source: its content, unpacked, in UTF-8, and counted for the progress.
pub(crate) struct Input {
    name: String,
    packing: Packing,
    content: Box<dyn Read + Send>,
    /// Whether nobody knows when more of it comes.
    is_live: bool,
    /// Counts what is unpacked.
    unpacked: Arc<AtomicU64>,
}

/// Open a source. There is none to read if it was found in a folder and is passed over;
/// that is said and counted already.
pub(crate) fn open(source: &Source, progress: &Progress<'_>) -> Result<Option<Input>> {
    progress.begin(source);
    match open_content(source, progress) {
        Ok(Some(input)) => {
            progress.opened();
            Ok(Some(input))
        }
        Ok(None) => {
            progress.skipped_binary();
            Ok(None)
        }
        Err(error) => progress.unread(source, error).map(|()| None),
    }
}

/// Open a source and look at how it begins; none if it is binary and to be skipped.
fn open_content(source: &Source, progress: &Progress<'_>) -> Result<Option<Input>> {
    let mut raw = open_raw(source, progress)?;
    let mut input = Input {
        name: source.name(),
        packing: Packing::Plain,
        content: Box::new(io::empty()),
        is_live: source.is_live(),
        unpacked: progress.unpacked(),
    };
    let format = if input.is_live { Peek::ARRIVED } else { Peek::FORMAT };
    let head = peek(&mut raw, format).map_err(|error| input.explain(error))?;
    if is_skipped(source, &head)? {
        return Ok(None);
    }
    input.packing = Packing::of(&head);
    let raw = BufReader::with_capacity(BUFFER, Cursor::new(head).chain(raw));
    input.content = input.packing.unpack(raw);

    let head = peek(&mut input.content, format).map_err(|error| input.explain(error))?;
    let (outer, inner) = (input.packing, Packing::of(&head));
    if outer != Packing::Plain {
        if inner != Packing::Plain {
            return Err(packed_twice(&input.name, outer, inner));
        }
        if is_skipped(source, &head)? {
            return Ok(None);
        }
    }
    let content = Cursor::new(head.clone()).chain(input.content);
    input.content = source.encoding.decode(&head, Box::new(content));
    if source.skips_binary() {
        let text = peek(&mut input.content, Peek::TEXT);
        let text = text.map_err(|error| input.explain(error))?;
        if text.contains(&0) {
            return Ok(None);
        }
        input.content = Box::new(Cursor::new(text).chain(input.content));
    }
    if foreign::is_capture(&head) {
        progress.say(&format!(
            "{} is a capture of packets: only addresses written as text are found; \
             `tcpdump -nr FILE | geoip …` reads all",
            input.name
        ));
    }
    Ok(Some(input))
}

/// Whether a source that begins so is a container to be skipped as other binary files
/// are; an error if it holds text that cannot be unpacked.
fn is_skipped(source: &Source, head: &[u8]) -> Result<bool> {
    match foreign(head) {
        None => Ok(false),
        Some(foreign) if source.skips_binary() && !foreign.is_packed_text => Ok(true),
        Some(foreign) => Err(Hinted::error(
            format!("cannot read {}: it is {}", source.name(), foreign.name),
            format!("pipe its text in: {} | geoip …", foreign.command),
        )),
    }
}

fn packed_twice(name: &str, outer: Packing, inner: Packing) -> anyhow::Error {
    let (outer, inner) = (outer.name(), inner.name());
    Hinted::error(
        format!("cannot read {name}: it is packed twice, {inner} in {outer}"),
        format!("unpack it once: {outer} -dc FILE | geoip …"),
    )
}

/// The bytes of a source, each counted for the progress.
fn open_raw(source: &Source, progress: &Progress<'_>) -> Result<Box<dyn Read + Send>> {
    let Some(path) = source.path() else {
        if io::stdin().is_terminal() {
            progress.say("reading the terminal; end with Ctrl-D, or name a file");
        }
        return Ok(Box::new(progress.count(io::stdin(), source.length().unwrap_or(0))));
    };
    let opened = if source.found { open_found(path) } else { File::open(path) };
    let opened = opened.and_then(|file| Ok((file.metadata()?, file)));
    let (metadata, file) = opened.map_err(|error| unreadable(path, error))?;
    if source.found && !metadata.is_file() {
        let error = io::Error::other("it is no regular file any more");
        return Err(unreadable(path, error));
    }
    Ok(Box::new(progress.count(file, metadata.len())))
}

/// Open a file that was found in a folder: what took its place since then, a link to a
/// secret or a pipe that never ends, must not be read for it.
fn open_found(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
    }
    options.read(true).open(path)
}

/// How much is read ahead and unpacked at once, in bytes.
const BUFFER: usize = 128 << 10;

/// How far to look ahead, in bytes.
#[derive(Clone, Copy)]
struct Peek {
    enough: usize,
    at_most: usize,
    /// Not past a line: whoever pipes a live log in waits for its first line.
    or_a_line: bool,
}

impl Peek {
    /// What tells the format.
    const FORMAT: Self =
        Self { enough: unpack::ENOUGH_TO_TELL, at_most: 8 << 10, or_a_line: true };
    /// The same, and all that came with it.
    const ARRIVED: Self = Self { at_most: BUFFER, ..Self::FORMAT };
    /// What tells text from binary data.
    const TEXT: Self = Self { enough: 8 << 10, at_most: 8 << 10, or_a_line: false };
    /// What shows how a log is written.
    const BEGINNING: Self =
        Self { enough: 64 << 10, at_most: 64 << 10, or_a_line: false };
}

/// The first bytes of a source: all that came at once, and more if that is not enough.
fn peek(content: &mut impl Read, peek: Peek) -> io::Result<Vec<u8>> {
    let mut head = vec![0; peek.at_most];
    let mut length = 0;
    while length < peek.enough && !(peek.or_a_line && head[..length].contains(&b'\n')) {
        match content.read(&mut head[length..]) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    head.truncate(length);
    Ok(head)
}

impl Input {
    /// Whether it is unpacked while it is read, which takes longer than to search it.
    pub(crate) fn is_packed(&self) -> bool {
        self.packing != Packing::Plain
    }

    /// How the content begins, which stays to be read; of what comes bit by bit, what is
    /// there.
    pub(crate) fn head(&mut self) -> io::Result<Vec<u8>> {
        let much = if self.is_live { Peek::ARRIVED } else { Peek::BEGINNING };
        let head = peek(&mut self.content, much)?;
        let rest = std::mem::replace(&mut self.content, Box::new(io::empty()));
        self.content = Box::new(Cursor::new(head.clone()).chain(rest));
        Ok(head)
    }

    /// What went wrong while reading this, and what to do.
    pub(crate) fn explain(&self, error: io::Error) -> anyhow::Error {
        let hint = self.packing.hint(&error);
        Hinted::because(error, format!("cannot read {}", self.name), hint)
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, packing, .. } = self;
        f.debug_struct("Input").field("name", name).field("packing", packing).finish()
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.content.read(buffer)?;
        if self.packing != Packing::Plain {
            self.unpacked.fetch_add(count as u64, Relaxed);
        }
        Ok(count)
    }
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
