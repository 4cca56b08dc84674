//! A body into a file, however often the connection ends.

use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Read, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use ureq::http::header::{
    CONTENT_LENGTH, CONTENT_RANGE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
    LAST_MODIFIED, RANGE,
};

use crate::{
    Client, Error, Progress,
    address::Address,
    client::{Ask, Reply, of_body, refusal},
};

/// What tells one version of a file on a server from another (RFC 9110, section 8.8).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Validators {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_modified: Option<String>,
}

impl Validators {
    pub(crate) fn of(reply: &Reply) -> Self {
        let text = |name| reply.text_header(name).map(str::to_owned);
        Self { etag: text(&ETAG), last_modified: text(&LAST_MODIFIED) }
    }

    /// What a part can be continued by: weak tags do not promise the same bytes.
    fn for_range(&self) -> Option<&str> {
        let strong = self.etag.as_deref().filter(|tag| !tag.starts_with("W/"));
        strong.or(self.last_modified.as_deref())
    }
}

/// How a transfer ended.
pub(crate) enum Transferred {
    /// What is known already is what there is.
    NotModified,
    /// The part file is whole.
    Whole(Validators),
}

/// What is to be fetched, and what of it is there.
pub(crate) struct Transfer<'t> {
    pub(crate) client: &'t Client,
    pub(crate) ask: Ask,
    /// The file that grows; beside it is noted what it is a part of.
    pub(crate) part: &'t Path,
    pub(crate) limit_bytes: u64,
    /// What is installed already, if it is.
    pub(crate) known: Option<Validators>,
}

/// Noted beside a part, so that a later run can go on with it.
#[derive(Serialize, Deserialize)]
struct PartNote {
    /// Where it came from, without the query.
    address: String,
    validators: Validators,
}

/// How long one attempt may take; the next goes on where it ended.
const DEADLINE: Duration = Duration::from_mins(30);

/// What an attempt must bring for not being in vain. Otherwise a server that sends a byte
/// now and then would be waited for all day.
const SOMETHING_BYTES: u64 = 64 << 10;

/// More attempts than this are made for nothing, even if each brings a little.
const MOST_ATTEMPTS: u32 = 50;

impl Transfer<'_> {
    /// Fetch the file, going on where the connection ended if the server can.
    pub(crate) fn run(
        &self,
        watch: &mut dyn FnMut(Progress),
    ) -> Result<Transferred, Error> {
        let (mut in_vain, mut attempts) = (0, 0);
        let mut led_to = None;
        loop {
            let before = length(self.part);
            let error = match self.attempt(&mut led_to, watch) {
                Ok(transferred) => return Ok(transferred),
                Err(error) => error,
            };
            attempts += 1;
            let brought = length(self.part).saturating_sub(before);
            in_vain = if brought >= SOMETHING_BYTES { 1 } else { in_vain + 1 };
            let wait = self.client.retry.wait(in_vain, &error);
            match wait.filter(|_| attempts < MOST_ATTEMPTS) {
                Some(wait) => {
                    watch(Progress::Waiting { wait, reason: &error });
                    std::thread::sleep(wait);
                }
                None => return Err(error),
            }
        }
    }

    /// Ask once. `led_to` is another server that the first one led to in this run, which can
    /// be asked to go on without the first one counting one more download.
    fn attempt(
        &self,
        led_to: &mut Option<Address>,
        watch: &mut dyn FnMut(Progress),
    ) -> Result<Transferred, Error> {
        let address = self.ask.address.to_string();
        let mut ask = Ask { deadline: DEADLINE, ..self.ask.clone() };
        let begun = self.begun(&address);
        if let Some((length, validator)) = &begun {
            if let Some(other) = led_to.clone() {
                ask = Ask { deadline: DEADLINE, ..Ask::new(other) };
            }
            ask =
                ask.header(RANGE, format!("bytes={length}-")).header(IF_RANGE, validator);
        } else if let Some(known) = &self.known {
            if let Some(tag) = &known.etag {
                ask = ask.header(IF_NONE_MATCH, tag);
            }
            if let Some(date) = &known.last_modified {
                ask = ask.header(IF_MODIFIED_SINCE, date);
            }
        }
        let mut reply = self.client.ask(&ask)?;
        let straight = led_to.take().is_some() && begun.is_some();
        let elsewhere = !reply.address.same_origin(&self.ask.address);
        *led_to = elsewhere.then(|| reply.address.clone());
        let start = match (reply.status, &begun) {
            (200, _) => 0,
            (206, Some((length, _))) if continues(&reply, *length) => *length,
            (304, None) if self.known.is_some() => return Ok(Transferred::NotModified),
            // What is there is more than there is, or the answer is of something else.
            (206 | 416, Some(_)) => {
                self.forget();
                // What cannot be removed would be answered like this for ever.
                if self.begun(&address).is_some() {
                    return Err(refusal(reply, self.ask.key.as_ref()));
                }
                return self.attempt(led_to, watch);
            }
            // Such addresses are good for some minutes only.
            (400..=499, Some(_)) if straight => {
                *led_to = None;
                return self.attempt(led_to, watch);
            }
            _ => return Err(refusal(reply, self.ask.key.as_ref())),
        };
        let validators = Validators::of(&reply);
        let mut part = self.open_part(start)?;
        if start == 0 {
            self.note(&PartNote { address, validators: validators.clone() })?;
        }
        self.receive(&mut reply, &mut part, start, watch)?;
        Ok(Transferred::Whole(validators))
    }

    /// How much of the file is there, and what proves that it is still the same file.
    fn begun(&self, address: &str) -> Option<(u64, String)> {
        let note = fs::read(note_path(self.part)).ok()?;
        let note: PartNote = serde_json::from_slice(&note).ok()?;
        let length = length(self.part);
        let validator = note.validators.for_range()?;
        (length > 0 && note.address == address).then(|| (length, validator.to_owned()))
    }

    fn note(&self, note: &PartNote) -> Result<(), Error> {
        let path = note_path(self.part);
        let text = serde_json::to_vec(note).unwrap_or_default();
        fs::write(&path, text).map_err(|source| Error::File {
            doing: "write",
            path,
            source,
        })
    }

    /// Start from nothing.
    pub(crate) fn forget(&self) {
        // What is not there need not be removed.
        let _ = fs::remove_file(self.part);
        let _ = fs::remove_file(note_path(self.part));
    }

    fn open_part(&self, start: u64) -> Result<File, Error> {
        let mut options = OpenOptions::new();
        if start == 0 {
            options.write(true).create(true).truncate(true);
        } else {
            options.append(true);
        }
        options.open(self.part).map_err(|source| self.file_error("write", source))
    }

    fn receive(
        &self,
        reply: &mut Reply,
        part: &mut File,
        start: u64,
        watch: &mut dyn FnMut(Progress),
    ) -> Result<(), Error> {
        let host = reply.address.host();
        let announced =
            reply.text_header(&CONTENT_LENGTH).and_then(|text| text.parse::<u64>().ok());
        let total = announced.map(|length| length.saturating_add(start));
        let too_large = || {
            self.forget();
            Error::TooLarge {
                url: self.ask.address.to_string(),
                limit_bytes: self.limit_bytes,
            }
        };
        if total.is_some_and(|total| total > self.limit_bytes) {
            return Err(too_large());
        }
        let mut received = start;
        let mut buffer = vec![0; 64 << 10];
        let mut body = reply.body();
        loop {
            let count = match body.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(of_body(host, error)),
            };
            received += count as u64;
            if received > self.limit_bytes {
                return Err(too_large());
            }
            part.write_all(&buffer[..count])
                .map_err(|source| self.file_error("write", source))?;
            watch(Progress::Received { bytes: received, total });
        }
        match total {
            Some(total) if received != total => {
                Err(Error::Unreachable { host, source: ErrorKind::UnexpectedEof.into() })
            }
            _ => Ok(()),
        }
    }

    fn file_error(&self, doing: &'static str, source: std::io::Error) -> Error {
        Error::File { doing, path: self.part.to_owned(), source }
    }
}

/// Whether a part of a file begins where ours ends.
fn continues(reply: &Reply, length: u64) -> bool {
    let range = reply.text_header(&CONTENT_RANGE).unwrap_or_default();
    range.strip_prefix(&format!("bytes {length}-")).is_some()
}

fn length(part: &Path) -> u64 {
    fs::metadata(part).map_or(0, |metadata| metadata.len())
}

pub(crate) fn note_path(part: &Path) -> PathBuf {
    let mut name = part.as_os_str().to_owned();
    name.push(".json");
    name.into()
}
