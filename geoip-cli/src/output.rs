//! Where results and messages go.

use std::{
    fs,
    io::{self, BufWriter, IsTerminal, Write},
    path::Path,
};

use anyhow::{Context, Result};
use serde::Serialize;

use crate::{args::Global, failure, failure::Hinted, text::printable};

/// What a command that did its work has to say by its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// There was something.
    Found,
    /// There was nothing: exit code 1.
    Nothing,
    /// A budget or Ctrl-C ended the search, and there is more: exit code 3.
    Partial,
}

impl Outcome {
    pub(crate) fn of(found: bool) -> Self {
        if found { Self::Found } else { Self::Nothing }
    }
}

/// Check that there is a folder for the result, before hours are spent on making one.
pub(crate) fn check_folder(global: &Global) -> Result<()> {
    let Some(path) = &global.output else { return Ok(()) };
    fs::metadata(folder_of(path)).map(|_| ()).map_err(|error| {
        let message = format!("cannot write {}", path.display());
        Hinted::because(error, message, "make its folder first, or name another one")
    })
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Where a result is written, by whichever thread has it.
pub(crate) type Out<'o> = dyn Write + Send + 'o;

/// Write a result to the file that `--output` names, or to standard output.
///
/// A file is complete or is not there: it is written under a temporary name in the same
/// folder and renamed when all of it is on the disk. What it replaces stays until then.
pub(crate) fn write_result(
    global: &Global,
    write: impl FnOnce(&mut Out<'_>) -> Result<()>,
) -> Result<()> {
    match global.output.as_deref() {
        Some(path) if path != Path::new("-") => write_file(path, write),
        _ => {
            let stdout = Named { inner: io::stdout(), name: "standard output" };
            let mut out = BufWriter::with_capacity(64 * 1024, stdout);
            write(&mut out)?;
            Ok(out.flush()?)
        }
    }
}

/// A JSON object a line.
pub(crate) fn write_json_lines(out: &mut Out<'_>, rows: &[impl Serialize]) -> Result<()> {
    for row in rows {
        serde_json::to_writer(&mut *out, row)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Write a file as a whole, see [`write_result`].
pub(crate) fn write_file(
    path: &Path,
    write: impl FnOnce(&mut Out<'_>) -> Result<()>,
) -> Result<()> {
    let name = path.display().to_string();
    let doing = || format!("cannot write {name}");
    // Devices and pipes cannot be renamed over, and keep nothing half-written.
    let special = fs::metadata(path).is_ok_and(|metadata| !metadata.is_file());
    if special {
        if path.is_dir() {
            return Err(Hinted::error(
                format!("{}: it is a folder", doing()),
                "name a file in it",
            ));
        }
        let file = fs::OpenOptions::new().write(true).open(path).with_context(doing)?;
        let mut out = BufWriter::new(Named { inner: file, name: &name });
        write(&mut out)?;
        return Ok(out.flush()?);
    }
    // A link is written through, so that it stays a link.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut file = tempfile::Builder::new()
        .prefix(".geoip-")
        .permissions(permissions(&target))
        .tempfile_in(folder_of(&target))
        .with_context(doing)?;
    {
        let named = Named { inner: file.as_file_mut(), name: &name };
        let mut out = BufWriter::with_capacity(64 * 1024, named);
        write(&mut out)?;
        out.flush()?;
    }
    file.as_file().sync_all().with_context(doing)?;
    file.persist(&target).map_err(|error| error.error).with_context(doing)?;
    Ok(())
}

/// A writer whose errors say what could not be written: those of reading, which come up
/// while results are written, must not be taken for them.
struct Named<'n, W> {
    inner: W,
    name: &'n str,
}

impl<W> Named<'_, W> {
    fn explain<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            io::Error::new(error.kind(), format!("cannot write {}: {error}", self.name))
        })
    }
}

impl<W: Write> Write for Named<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.inner.write(bytes);
        self.explain(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.inner.flush();
        self.explain(result)
    }
}

/// The permissions of the file that is replaced, or those that any new file gets.
#[cfg(unix)]
fn permissions(target: &Path) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    // The process's umask is applied to this by the system.
    fs::metadata(target).map_or_else(
        |_| fs::Permissions::from_mode(0o666),
        |metadata| metadata.permissions(),
    )
}

#[cfg(not(unix))]
fn permissions(target: &Path) -> fs::Permissions {
    fs::metadata(target).map_or_else(
        |_| fs::metadata(".").expect("the current folder exists").permissions(),
        |metadata| metadata.permissions(),
    )
}

/// A text as a cell of CSV that no spreadsheet takes for a formula (CWE-1236): one that
/// starts like a formula gets an apostrophe before it.
pub(crate) fn csv_text(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']);
    if formula { format!("'{text}") } else { text.to_owned() }
}

/// Whether the result goes to a terminal.
pub(crate) fn goes_to_terminal(global: &Global) -> bool {
    let to_stdout = global.output.as_deref().is_none_or(|path| path == Path::new("-"));
    to_stdout && io::stdout().is_terminal()
}

/// The width of the terminal that standard output is, in columns.
pub(crate) fn terminal_width(global: &Global) -> Option<usize> {
    if !goes_to_terminal(global) {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

/// Say something beside the result, unless `--quiet`. Words of strangers may be in it.
#[expect(clippy::print_stderr, reason = "the one place for notes of the program")]
pub(crate) fn note(global: &Global, message: &str) {
    if !global.quiet {
        eprintln!("geoip: {}", printable(message));
    }
}

/// Say what went wrong: the chain of causes on one line, and what to do on the next.
#[expect(clippy::print_stderr, reason = "the one place for errors of the program")]
pub(crate) fn report_failure(error: &anyhow::Error) {
    eprintln!("geoip: {}", printable(&format!("{error:#}")));
    if let Some(hint) = failure::hint(error) {
        eprintln!("hint: {}", printable(hint));
    }
}
