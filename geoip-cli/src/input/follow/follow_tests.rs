use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
};

use clap::Parser;

use super::*;
use crate::args::{Arguments, Global};

/// Long enough for any machine, as nothing waits for it when all goes well.
const PATIENCE: Duration = Duration::from_secs(20);

/// Lines as they were handed out: source, offset, number of the line, text.
type Seen = (usize, u64, u64, String);

/// Follows files on a thread of its own.
struct Watch(Receiver<Seen>);

impl Watch {
    fn of(paths: &[&Path]) -> Self {
        let (sender, receiver) = channel();
        let sources: Vec<_> = paths.iter().map(|path| Source::named(path)).collect();
        thread::spawn(move || {
            let global: Global = Arguments::parse_from(["geoip", "-q", "extract"]).global;
            let progress = Progress::hidden(&global);
            let mut follow = Follow::new(&sources, &progress).unwrap();
            follow.interval = Duration::from_millis(5);
            while let Some(lines) = follow.next_lines().unwrap() {
                let text = String::from_utf8(lines.bytes.to_owned()).unwrap();
                if sender.send((lines.source, lines.offset, lines.line, text)).is_err() {
                    return;
                }
            }
        });
        Self(receiver)
    }

    /// Wait until this text came from this source, in whatever pieces; tell where the
    /// first of them was.
    fn expect(&self, source: usize, text: &str) -> (u64, u64) {
        let (mut all, mut place) = (String::new(), None);
        while all != text {
            let (from, offset, line, piece) = self.0.recv_timeout(PATIENCE).unwrap();
            assert_eq!(from, source);
            place.get_or_insert((offset, line));
            all += &piece;
            assert!(text.starts_with(&all), "{all:?} instead of {text:?}");
        }
        place.unwrap()
    }

    fn expect_nothing(&self) {
        let quiet = self.0.recv_timeout(Duration::from_millis(100));
        assert_eq!(quiet, Err(RecvTimeoutError::Timeout));
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn append(path: &Path, text: &str) {
    let file = OpenOptions::new().append(true).create(true).open(path);
    file.unwrap().write_all(text.as_bytes()).unwrap();
}

fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    append(&path, text);
    path
}

#[test]
fn whole_lines_come_as_they_are_written() {
    let folder = folder();
    let log = file(&folder, "a.log", "one\ntwo\nthr");
    let watch = Watch::of(&[&log]);
    assert_eq!(watch.expect(0, "one\ntwo\n"), (0, 1));
    watch.expect_nothing();
    append(&log, "ee");
    watch.expect_nothing();
    append(&log, "\nfour\n\nfive\n");
    assert_eq!(watch.expect(0, "three\nfour\n\nfive\n"), (8, 3));
    append(&log, "six\n");
    assert_eq!(watch.expect(0, "six\n"), (25, 7));
}

#[test]
fn a_renamed_file_is_read_to_its_end_before_the_new_one() {
    let folder = folder();
    let log = file(&folder, "a.log", "one\n");
    let watch = Watch::of(&[&log]);
    watch.expect(0, "one\n");
    let old = folder.path().join("a.log.1");
    fs::rename(&log, &old).unwrap();
    // The program that writes still has the old one open, and so on with an empty new
    // one, as log rotation makes it.
    append(&old, "two\n");
    watch.expect(0, "two\n");
    File::create(&log).unwrap();
    append(&old, "three\nfour");
    watch.expect(0, "three\n");
    watch.expect_nothing();
    append(&log, "five\n");
    // A line that was never finished is handed out before the new file.
    assert_eq!(watch.expect(0, "four"), (14, 4));
    assert_eq!(watch.expect(0, "five\n"), (0, 1));
    append(&log, "six\n");
    assert_eq!(watch.expect(0, "six\n"), (5, 2));
}

#[test]
fn a_truncated_file_is_read_from_its_start() {
    let folder = folder();
    let log = file(&folder, "a.log", "one\ntwo\nunfinished");
    let watch = Watch::of(&[&log]);
    watch.expect(0, "one\ntwo\n");
    watch.expect_nothing();
    // As `copytruncate` does.
    File::create(&log).unwrap();
    assert_eq!(watch.expect(0, "unfinished"), (8, 3));
    append(&log, "three\n");
    assert_eq!(watch.expect(0, "three\n"), (0, 1));
    fs::write(&log, "4\n").unwrap();
    assert_eq!(watch.expect(0, "4\n"), (0, 1));
}

#[test]
fn a_missing_file_is_waited_for() {
    let folder = folder();
    let (log, other) = (folder.path().join("a.log"), file(&folder, "b.log", "other\n"));
    let watch = Watch::of(&[&log, &other]);
    watch.expect(1, "other\n");
    append(&log, "one\n");
    watch.expect(0, "one\n");
    fs::remove_file(&log).unwrap();
    watch.expect_nothing();
    append(&log, "two\n");
    assert_eq!(watch.expect(0, "two\n"), (0, 1));
    append(&other, "more\n");
    assert_eq!(watch.expect(1, "more\n"), (6, 2));
}

#[test]
fn every_line_is_seen_once_through_many_rotations() {
    let folder = folder();
    let log = file(&folder, "a.log", "");
    let watch = Watch::of(&[&log]);
    let mut expected = String::new();
    for round in 0..20 {
        // One program writes, and after a rotation goes on in the new file.
        let mut writer = OpenOptions::new().append(true).open(&log).unwrap();
        for line in 0..50 {
            let text = format!("{round} {line}\n");
            writer.write_all(text.as_bytes()).unwrap();
            expected += &text;
        }
        watch.expect(0, &std::mem::take(&mut expected));
        fs::rename(&log, folder.path().join("a.log.1")).unwrap();
        File::create(&log).unwrap();
        let late = format!("{round} late\n");
        writer.write_all(late.as_bytes()).unwrap();
        expected += &late;
    }
}

#[test]
fn a_busy_file_does_not_silence_the_others() {
    let folder = folder();
    let lines = "busy\n".repeat(200_000);
    let (busy, quiet) = (file(&folder, "a.log", &lines), file(&folder, "b.log", "b\n"));
    let watch = Watch::of(&[&busy, &quiet]);
    let mut received = watch.0.iter().take(3);
    assert!(received.any(|(source, ..)| source == 1));
}

#[test]
fn a_line_without_an_end_is_handed_out_in_pieces_between_words() {
    let folder = folder();
    let line = "192.0.2.1 ".repeat(300_000);
    let log = file(&folder, "a.log", &line);
    let watch = Watch::of(&[&log]);
    let mut received = 0;
    while received + LONGEST_LINE < line.len() {
        let (_, offset, number, piece) = watch.0.recv_timeout(PATIENCE).unwrap();
        assert_eq!((offset, number), (received as u64, 1));
        assert!(piece.ends_with(' ') && piece.len() <= LONGEST_LINE + CHUNK);
        received += piece.len();
    }
}

#[test]
fn packed_files_are_not_followed() {
    let folder = folder();
    let log = file(&folder, "a.log", "\u{1f}");
    fs::write(&log, b"\x1f\x8b\x08\0\0\0\0\0\0\0\0").unwrap();
    let global: Global = Arguments::parse_from(["geoip", "-q", "extract"]).global;
    let progress = Progress::hidden(&global);
    let mut follow = Follow::new(&[Source::named(&log)], &progress).unwrap();
    let error = follow.next_lines().unwrap_err();
    assert!(error.to_string().ends_with("a.log: it is gzip"), "{error}");
}
