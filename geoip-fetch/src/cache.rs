//! Answers kept on disk, each as long as it is good.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use crate::{transfer::Validators, update::hex};

/// A folder of answers. Whatever goes wrong with it, it only knows less: an answer that
/// cannot be kept is asked for again.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
    /// Seconds since 1970.
    now: u64,
}

/// An answer, as it was kept.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) head: Head,
    pub(crate) bytes: Vec<u8>,
    /// Whether it is still good.
    pub(crate) fresh: bool,
}

/// What is known of a kept answer; its first line.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Head {
    /// What was asked, so that two questions of one digest are not mixed up.
    question: String,
    /// Until when it is good, in seconds since 1970.
    expires: u64,
    #[serde(flatten)]
    pub(crate) validators: Validators,
    /// That there is nothing is an answer too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) nothing: bool,
}

/// A clock that was wrong must not keep an answer for ever.
const LONGEST_SECONDS: u64 = 366 * 24 * 60 * 60;

impl Cache {
    pub(crate) fn new(folder: &Path, now: u64) -> Self {
        Self { folder: folder.to_owned(), now }
    }

    pub(crate) fn get(&self, question: &str) -> Option<Kept> {
        let content = fs::read(self.path(question)).ok()?;
        let end = content.iter().position(|byte| *byte == b'\n')?;
        let head: Head = serde_json::from_slice(&content[..end]).ok()?;
        let fresh = (self.now..self.now + LONGEST_SECONDS).contains(&head.expires);
        let bytes = content[end + 1..].to_vec();
        (head.question == question).then_some(Kept { head, bytes, fresh })
    }

    pub(crate) fn put(
        &self,
        question: &str,
        seconds: u64,
        validators: Validators,
        answer: Option<&[u8]>,
    ) {
        let head = Head {
            question: question.to_owned(),
            expires: self.now.saturating_add(seconds),
            validators,
            nothing: answer.is_none(),
        };
        let path = self.path(question);
        // What is not kept is asked for again, so there is nothing to report.
        let _ = self.write(&path, &head, answer.unwrap_or_default());
    }

    fn write(&self, path: &Path, head: &Head, answer: &[u8]) -> std::io::Result<()> {
        /// Tells the threads of a process apart.
        static COUNT: AtomicU64 = AtomicU64::new(0);

        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder)?;
        let number = COUNT.fetch_add(1, Relaxed);
        let fresh = folder.join(format!(".{}-{number}.new", process::id()));
        let mut file = fs::File::create(&fresh)?;
        let mut text = serde_json::to_vec(head)?;
        text.push(b'\n');
        file.write_all(&text)?;
        file.write_all(answer)?;
        fs::rename(&fresh, path)
    }

    /// Two letters of the digest make folders that can be looked through.
    fn path(&self, question: &str) -> PathBuf {
        let digest = hex(&Md5::digest(question.as_bytes()));
        self.folder.join(&digest[..2]).join(&digest[2..])
    }
}
