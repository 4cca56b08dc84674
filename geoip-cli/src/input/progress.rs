//! How far reading has come, and what could not be read.

use std::{
    fmt,
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use anyhow::Result;
use indicatif::{
    BinaryBytes, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle,
};

use super::Source;
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
    sources: usize,
    begun: AtomicU64,
    read: AtomicU64,
    binary: AtomicU64,
    unpacked: Arc<AtomicU64>,
}

/// What the bar shows if it is known how much there is to read, and if it is not. All is
/// counted in bytes as they are in the files; `unpacked` adds what packed ones hold.
const WITH_TOTAL: &str = "{prefix} {bar:24} {binary_bytes} of {binary_total_bytes}, \
                          {binary_bytes_per_sec}, {eta} left{unpacked}";
const WITHOUT_TOTAL: &str =
    "{prefix} {spinner} {binary_bytes}, {binary_bytes_per_sec}{unpacked}";

impl<'g> Progress<'g> {
    pub(crate) fn new(global: &'g Global, sources: &[Source]) -> Self {
        let total = sources.iter().map(Source::length).sum::<Option<u64>>();
        let template = if total.is_some() { WITH_TOTAL } else { WITHOUT_TOTAL };
        let target = if global.quiet {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr_with_hz(5)
        };
        let mut progress = Self::hidden(global);
        progress.sources = sources.len();
        progress.bar = ProgressBar::with_draw_target(total, target)
            .with_style(style(template, progress.unpacked.clone()));
        progress
    }

    /// No bar: for when the results themselves go to the terminal.
    pub(crate) fn hidden(global: &'g Global) -> Self {
        Self {
            global,
            bar: ProgressBar::hidden(),
            sources: 0,
            begun: AtomicU64::new(0),
            read: AtomicU64::new(0),
            binary: AtomicU64::new(0),
            unpacked: Arc::default(),
        }
    }

    /// Show that this source comes now: `3/12 access.log`.
    pub(super) fn begin(&self, source: &Source) {
        let number = self.begun.fetch_add(1, Relaxed) + 1;
        let name = shortened(&source.short_name());
        self.bar.set_prefix(match self.sources {
            0 | 1 => name,
            many => format!("{number}/{many} {name}"),
        });
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

    pub(crate) fn say(&self, message: &str) {
        self.bar.suspend(|| output::note(self.global, message));
    }

    /// The count of unpacked bytes.
    pub(super) fn unpacked(&self) -> Arc<AtomicU64> {
        self.unpacked.clone()
    }

    /// Count what is read of something this long.
    pub(super) fn count<R>(&self, inner: R, length: u64) -> Counted<R> {
        Counted { inner, bar: self.bar.clone(), left: length }
    }
}

fn style(template: &str, unpacked: Arc<AtomicU64>) -> ProgressStyle {
    let style = ProgressStyle::with_template(template);
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    style.with_key("unpacked", move |_: &ProgressState, line: &mut dyn fmt::Write| {
        let unpacked = unpacked.load(Relaxed);
        if unpacked > 0 {
            // A terminal that does not take it loses nothing.
            let _ = write!(line, ", {} unpacked", BinaryBytes(unpacked));
        }
    })
}

/// A name that leaves room for the bar.
fn shortened(name: &str) -> String {
    const LONGEST: usize = 24;
    let length = name.chars().count();
    if length <= LONGEST {
        return name.to_owned();
    }
    // The end tells files of one rotation apart.
    let end = name.chars().skip(length + 1 - LONGEST);
    std::iter::once('…').chain(end).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bars_are_spelled_right() {
        for template in [WITH_TOTAL, WITHOUT_TOTAL] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }

    #[test]
    fn long_names_keep_their_end() {
        assert_eq!(shortened("access.log"), "access.log");
        let name = shortened("a-very-long-name-of-a-server-access.log.12.gz");
        assert_eq!(name, "…server-access.log.12.gz");
        assert_eq!(name.chars().count(), 24);
    }
}
