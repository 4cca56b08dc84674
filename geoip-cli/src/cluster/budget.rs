//! What ends the search for cliques: their number, time, or Ctrl-C.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use geoip_cluster::{Enumeration, Stop};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use signal_hook::{consts::SIGINT, flag};

use crate::{
    args::{self, Global},
    failure::Hinted,
};

/// How much may be spent on a search for cliques.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    pub(super) cliques: u64,
    pub(super) time: Option<Duration>,
}

/// Which budget stopped a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StoppedBy {
    Limit,
    Time,
    Interrupt,
    /// The graph of neighbours would not fit the memory.
    Memory,
}

impl StoppedBy {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Limit => "limit",
            Self::Time => "time",
            Self::Interrupt => "interrupt",
            Self::Memory => "memory",
        }
    }
}

impl Budget {
    /// As many cliques as can be kept in memory, or, where only the heaviest are kept, as
    /// many as can be looked at in about ten seconds.
    pub(super) fn new(options: &args::Cluster) -> Result<Self> {
        let default = if options.top.is_some() { 10_000_000 } else { 100_000 };
        let time = match &options.time {
            Some(text) => Some(duration(text)?),
            // There is another method to go on with.
            None if options.method.is_none() => Some(Duration::from_mins(1)),
            None => None,
        };
        Ok(Self { cliques: options.limit.unwrap_or(default), time })
    }
}

/// A number and its unit.
fn duration(text: &str) -> Result<Duration> {
    let digits =
        text.trim().trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let seconds = match &text.trim()[digits.len()..] {
        "ms" => Some(0.001),
        "s" => Some(1.0),
        "m" | "min" => Some(60.0),
        "h" => Some(3600.0),
        _ => None,
    };
    let value = digits.trim().parse::<f64>().ok();
    let duration = seconds
        .zip(value)
        .and_then(|(seconds, value)| Duration::try_from_secs_f64(value * seconds).ok());
    duration.ok_or_else(|| {
        Hinted::error(
            format!("`{text}` is no duration"),
            "a number and its unit: 500ms, 10s, 5min or 2h",
        )
    })
}

/// A search that goes on: its clock, its progress on the terminal, and whether somebody
/// pressed Ctrl-C.
pub(super) struct Watch {
    deadline: Option<Instant>,
    interrupted: Arc<AtomicBool>,
    bar: ProgressBar,
}

impl Watch {
    pub(super) fn new(global: &Global, budget: &Budget) -> Result<Self> {
        let interrupted = Arc::new(AtomicBool::new(false));
        // In this order: the first Ctrl-C finds the flag down and raises it, the second
        // finds it up and ends the program.
        flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&interrupted))
            .and_then(|_| flag::register(SIGINT, Arc::clone(&interrupted)))
            .context("cannot listen to Ctrl-C")?;
        let target = if global.quiet {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr_with_hz(5)
        };
        let template = "{spinner} {human_pos} cliques, {per_sec}, {elapsed}; Ctrl-C for \
                        what was found";
        let style = ProgressStyle::with_template(template);
        let bar = ProgressBar::with_draw_target(None, target)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.enable_steady_tick(Duration::from_millis(200));
        // A time too far off to be told is no deadline.
        let deadline = budget.time.and_then(|time| Instant::now().checked_add(time));
        Ok(Self { deadline, interrupted, bar })
    }

    /// Whether to stop; `found` cliques are new.
    pub(super) fn should_stop(&self, found: u64) -> bool {
        self.bar.inc(found);
        self.is_interrupted() || self.deadline.is_some_and(|it| Instant::now() >= it)
    }

    fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// What stopped the search, which has ended.
    pub(super) fn end(&self, enumeration: Enumeration) -> Option<StoppedBy> {
        self.bar.finish_and_clear();
        let stopped_by = enumeration.stopped_by.map(|stop| match stop {
            Stop::CliqueLimit => StoppedBy::Limit,
            _ if self.is_interrupted() => StoppedBy::Interrupt,
            _ => StoppedBy::Time,
        });
        // Nobody asks any more: from here on the first Ctrl-C ends the program.
        self.interrupted.store(true, Ordering::Relaxed);
        stopped_by
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_durations() {
        for (text, milliseconds) in
            [("500ms", 500), ("10s", 10_000), ("1.5 min", 90_000), ("2h", 7_200_000)]
        {
            assert_eq!(duration(text).unwrap(), Duration::from_millis(milliseconds));
        }
        for text in ["", "5", "s", "-1s", "nan s", "inf s", "5 weeks", "1e400s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
