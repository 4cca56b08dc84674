//! The time of a line, whatever else is in it.

use crate::detect;
use crate::layout::{self, Read};
use crate::options::Options;
use crate::parser::Parser;
use crate::times::Times;
use crate::timestamp::Timestamp;

/// How far into a line a time is looked for.
const FARTHEST: usize = 512;

/// Layouts of times, those first that nothing else looks like.
const LAYOUTS: [Read; 7] = [
    layout::common,
    layout::iso,
    layout::slashes,
    layout::asctime,
    layout::mail,
    layout::syslog,
    layout::epoch,
];

/// Reads the time of each line, for logs of which all addresses are taken.
///
/// The layout and the place of the time are found once, from the first lines of the log.
/// After that a line costs little, and what it says depends on no other line.
///
/// # Examples
/// ```
/// use geoip_log::{Options, TimeFinder};
///
/// let log = b"2015-07-29 19:04:12,394 - INFO - connection request /192.0.2.11:45307\n\
///             2015-07-29 19:04:29,071 - WARN - worker leaving thread\n";
/// let mut finder = TimeFinder::detect(log, &Options::default()).unwrap();
/// let time = finder.time_of(b"2015-07-29 19:13:24,282 - WARN - broken").unwrap();
/// assert_eq!(time.to_string(), "2015-07-29T19:13:24.282Z");
/// ```
#[derive(Clone, Debug)]
pub struct TimeFinder {
    way: Way,
}

#[derive(Clone, Debug)]
enum Way {
    /// The format is known.
    Format(Box<Parser>),
    /// Only the layout of the time is.
    Layout { layout: Read, start: usize, times: Times },
}

impl TimeFinder {
    /// A finder for a log, from as much as is at hand of its start; 64 KiB are plenty.
    ///
    /// The time is that of the format, if [`Parser::detect`] knows it; otherwise it is the
    /// first text in a line that has the form of a time. `None` if less than half of the
    /// lines have one.
    pub fn detect(head: &[u8], options: &Options) -> Option<Self> {
        let lines = detect::lines(head);
        let is_enough = |found: usize| found > 0 && 2 * found >= lines.len();
        if let Some(parser) = detect::parser(head, options) {
            let mut finder = Self::from(parser.clone());
            let timed =
                lines.iter().filter(|line| finder.time_of(line).is_some()).count();
            if is_enough(timed) {
                // One that has seen no line yet.
                return Some(Self::from(parser));
            }
        }
        let times = Times::new(&options.zone, options.reference);
        LAYOUTS.iter().find_map(|&layout| {
            let starts: Vec<_> =
                lines.iter().filter_map(|line| find(layout, line)).collect();
            if !is_enough(starts.len()) {
                return None;
            }
            let start = *starts.first()?;
            Some(Self { way: Way::Layout { layout, start, times: times.clone() } })
        })
    }

    /// When a line says that it was written.
    pub fn time_of(&mut self, line: &[u8]) -> Option<Timestamp> {
        match &mut self.way {
            Way::Format(parser) => parser.parse(line)?.time,
            Way::Layout { layout, start, times } => {
                let start = if is_start(*layout, line, *start) {
                    *start
                } else {
                    find(*layout, line)?
                };
                times.read(*layout, line.get(start..)?)
            }
        }
    }

    /// Whether the times of lines depend on lines before; see [`Parser::carries_state`].
    pub fn carries_state(&self) -> bool {
        match &self.way {
            Way::Format(parser) => parser.carries_state(),
            Way::Layout { .. } => false,
        }
    }
}

/// The times that a parser reads.
impl From<Parser> for TimeFinder {
    fn from(parser: Parser) -> Self {
        Self { way: Way::Format(Box::new(parser)) }
    }
}

/// Where the first time of a layout begins.
fn find(layout: Read, line: &[u8]) -> Option<usize> {
    let near = &line[..line.len().min(FARTHEST)];
    (0..near.len()).find(|start| is_start(layout, near, *start))
}

/// Whether a time begins at `start`, and is no part of a longer word.
fn is_start(layout: Read, line: &[u8], start: usize) -> bool {
    let Some(text) = line.get(start..) else { return false };
    let joins = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.';
    if start > 0 && joins(line[start - 1]) {
        return false;
    }
    let end = layout(text).map(|(_, length)| length);
    end.is_some_and(|end| !text.get(end).is_some_and(u8::is_ascii_alphanumeric))
}
