//! `geoip extract --follow` on files that grow.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod program;

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use program::{folder, geoip, geoip_reading};

/// The program at work, and the lines that it prints.
struct Following {
    child: Child,
    lines: Receiver<String>,
}

impl Following {
    fn start(arguments: &[&str], log: &Path) -> Self {
        Self::all(arguments, &[log])
    }

    fn all(arguments: &[&str], logs: &[&Path]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_geoip"))
            .args(["extract", "--follow"])
            .args(arguments)
            .args(logs)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines() {
                if sender.send(line.unwrap()).is_err() {
                    break;
                }
            }
        });
        Self { child, lines }
    }

    fn prints(&self, expected: &str) {
        let line = self.lines.recv_timeout(Duration::from_secs(20));
        assert_eq!(line.as_deref(), Ok(expected));
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn append(log: &Path, text: &str) {
    let mut file = File::options().append(true).create(true).open(log).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

#[test]
fn what_is_added_is_printed_as_it_comes_also_after_rotation() {
    let folder = folder("follow-rotation");
    let log = folder.join("auth.log");
    append(&log, "from 192.0.2.1\nfrom 192.0.2.");
    let following = Following::start(&["--line-number"], &log);
    following.prints("1:192.0.2.1");
    append(&log, "2\n");
    following.prints("2:192.0.2.2");
    fs::rename(&log, folder.join("auth.log.1")).unwrap();
    append(&log, "new 192.0.2.3\n");
    following.prints("1:192.0.2.3");
    // As copytruncate of logrotate does it.
    File::create(&log).unwrap();
    append(&log, "\n192.0.2.4\n");
    following.prints("2:192.0.2.4");
}

#[test]
fn every_form_is_passed_on_at_once() {
    let folder = folder("follow-forms");
    for (index, (form, first, second)) in [
        (&["--unique"][..], "192.0.2.1", "192.0.2.2"),
        (&["--only-line"], "a 192.0.2.1 b", "c 192.0.2.1 d"),
        (&["--replace", "<{address}>"], "a <192.0.2.1> b", "c <192.0.2.1> d"),
        (&["--unique", "--format", "csv"], "address", "192.0.2.1"),
        (
            &["--unique", "--format", "json"],
            r#"{"address":"192.0.2.1"}"#,
            r#"{"address":"192.0.2.2"}"#,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let log = folder.join(index.to_string());
        append(&log, "a 192.0.2.1 b\n");
        let following = Following::start(form, &log);
        following.prints(first);
        append(&log, "c 192.0.2.1 d\n");
        append(&log, "e 192.0.2.2 f\n");
        following.prints(second);
    }
}

#[test]
fn several_files_are_followed_and_missing_ones_waited_for() {
    let folder = folder("follow-several");
    let (log, late) = (folder.join("a.log"), folder.join("late.log"));
    let place = |log: &Path, place: &str| format!("{}:{place}", log.display());
    append(&log, "192.0.2.1\n");
    let following = Following::all(&["-H", "-n", "-b"], &[&log, &late]);
    following.prints(&place(&log, "1:0:192.0.2.1"));
    append(&late, "\n2001:db8::1\n");
    following.prints(&place(&late, "2:1:2001:db8::1"));
    append(&log, "192.0.2.2\n");
    following.prints(&place(&log, "2:10:192.0.2.2"));
    fs::remove_file(&log).unwrap();
    append(&log, "192.0.2.3 in a new file\n");
    following.prints(&place(&log, "1:0:192.0.2.3"));
}

#[test]
fn a_pipe_is_read_to_its_end() {
    let run = geoip_reading(["extract", "--follow", "-n"], b"\n192.0.2.1\n192.0.2.2");
    assert_eq!((run.code, run.stdout.as_str()), (0, "2:192.0.2.1\n3:192.0.2.2\n"));
}

#[test]
fn what_cannot_be_followed_is_said() {
    let folder = folder("follow-not");
    let packed = folder.join("packed.log");
    fs::write(&packed, b"\x1f\x8b\x08\0\0\0\0\0\0\x03").unwrap();
    let packed = packed.to_str().unwrap();
    for (arguments, message) in [
        (&[packed][..], "packed.log: it is gzip"),
        (
            &["-", "late.log"],
            "cannot follow standard input: a pipe can be followed only alone",
        ),
        (&["-E", "utf-16le", "late.log"], "late.log: only UTF-8 and its like"),
    ] {
        let run = geoip([&["extract", "--follow"], arguments].concat());
        assert_eq!((run.code, run.stdout.as_str()), (2, ""));
        assert!(run.stderr.contains(message), "{}", run.stderr);
    }
    let run = geoip(["extract", "--follow", "--count", "x"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("cannot be used with"), "{}", run.stderr);
}
