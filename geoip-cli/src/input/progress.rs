//! How far reading has come, and what could not be read.

use std::{
    io::{self, Read},
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use anyhow::Result;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Source, length};
use crate::{
    args::Global,
    output,
    text::{counted, thousands},
};

/// How many files and folders of this run could not be read though others were.
static UNREAD: AtomicU64 = AtomicU64::new(0);

/// Whether something was asked for that could not be read: the result is not the whole
/// truth then, and the exit code must say so.
pub(crate) fn some_unread() -> bool {
    UNREAD.load(Relaxed) > 0
}

/// Say that something could not be read, and go on.
pub(super) fn report_unread(error: &anyhow::Error) {
    UNREAD.fetch_add(1, Relaxed);
    output::report_failure(error);
}

/// How far reading has come: a bar on a terminal and nowhere else, and counts.
///
/// Sources may be opened and read on several threads that share one of these.
#[derive(Debug)]
pub(crate) struct Progress<'g> {
    global: &'g Global,
    bar: ProgressBar,
    read: AtomicU64,
    binary: AtomicU64,
}

impl<'g> Progress<'g> {
    pub(crate) fn new(global: &'g Global, sources: &[Source]) -> Self {
        let total =
            sources.iter().map(|source| length(source.path()?)).sum::<Option<u64>>();
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
        Self::with_bar(
            global,
            ProgressBar::with_draw_target(total, target).with_style(style),
        )
    }

    /// No bar: for when the results themselves go to the terminal.
    pub(crate) fn hidden(global: &'g Global) -> Self {
        Self::with_bar(global, ProgressBar::hidden())
    }

    fn with_bar(global: &'g Global, bar: ProgressBar) -> Self {
        Self { global, bar, read: AtomicU64::new(0), binary: AtomicU64::new(0) }
    }

    /// Take the bar off the terminal, and say what was left out, if anything.
    pub(crate) fn finish(self) {
        self.bar.finish_and_clear();
        let (binary, unread) = (self.binary.into_inner(), UNREAD.load(Relaxed));
        if binary == 0 && unread == 0 {
            return;
        }
        let read = self.read.into_inner();
        let mut summary = vec![counted(read, "file read", "files read")];
        if binary > 0 {
            let binary = thousands(binary);
            summary.push(format!("{binary} binary skipped (--binary reads them)"));
        }
        if unread > 0 {
            summary.push(format!("{} could not be read", thousands(unread)));
        }
        output::note(self.global, &summary.join(", "));
    }

    /// The source could not be read, or not to its end: an error if the user named it,
    /// else it is said and counted, and the others go on.
    pub(crate) fn unread(&self, source: &Source, error: anyhow::Error) -> Result<()> {
        if !source.found {
            return Err(error);
        }
        self.bar.suspend(|| report_unread(&error));
        Ok(())
    }

    pub(super) fn opened(&self) {
        self.read.fetch_add(1, Relaxed);
    }

    pub(super) fn skipped_binary(&self) {
        self.binary.fetch_add(1, Relaxed);
    }

    pub(super) fn say(&self, message: &str) {
        self.bar.suspend(|| output::note(self.global, message));
    }

    /// Count what is read of something this long.
    pub(super) fn count<R>(&self, inner: R, length: u64) -> Counted<R> {
        Counted { inner, bar: self.bar.clone(), left: length }
    }
}

/// Moves the bar while it is read. What is left unread when this is dropped counts as
/// read: nothing of it is still to come.
pub(super) struct Counted<R> {
    inner: R,
    bar: ProgressBar,
    left: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.bar.inc(count as u64);
        self.left = self.left.saturating_sub(count as u64);
        Ok(count)
    }
}

impl<R> Drop for Counted<R> {
    fn drop(&mut self) {
        self.bar.inc(self.left);
    }
}
