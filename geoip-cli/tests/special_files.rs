//! Pipes, sockets, links and strange names, as Unix has them.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod files;
mod program;

use std::{
    ffi::OsStr,
    fs,
    io::{Read, Write},
    os::unix::{ffi::OsStrExt, fs::symlink, net::UnixListener},
    path::Path,
    process::{Child, Command, Stdio},
};

use files::{packed, write};
use program::{Run, folder, geoip};

const LOG: &[u8] = b"192.0.2.1 first\n192.0.2.2 second\n";
const FOUND: &str = "192.0.2.1\n192.0.2.2\n";

fn extract(path: &str) -> Run {
    geoip(["extract", path])
}

fn spawn(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_geoip"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn pipes_sockets_and_links_are_read_only_when_named() {
    let folder = folder("special_files");
    let log = write(&folder.join("a.log"), b"192.0.2.1\n");
    fifo(&folder.join("fifo"));
    symlink(&folder, folder.join("loop")).unwrap();
    symlink("/etc/passwd", folder.join("secret")).unwrap();
    symlink(&log, folder.join("link")).unwrap();
    symlink("nowhere", folder.join("dangling")).unwrap();
    // The name of a socket must be short.
    let socket = std::env::temp_dir().join(format!("geoip-{}", std::process::id()));
    let _listener = UnixListener::bind(&socket).unwrap();

    let path = folder.to_str().unwrap();
    let run = geoip(["extract", "-H", "-r", path]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(run.stdout, format!("{log}:192.0.2.1\n"));
    assert_eq!(extract(&format!("{path}/link")).stdout, "192.0.2.1\n");

    let fifo = folder.join("fifo");
    let writer = std::thread::spawn({
        let fifo = fifo.clone();
        move || fs::write(fifo, LOG).unwrap()
    });
    assert_eq!(extract(fifo.to_str().unwrap()).stdout, FOUND);
    writer.join().unwrap();

    let run = extract(socket.to_str().unwrap());
    fs::remove_file(&socket).unwrap();
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains(": it is a socket"), "{}", run.stderr);
    assert_eq!(extract("/dev/null").code, 1);
}

#[test]
fn a_file_that_is_replaced_meanwhile_is_read_to_its_end() {
    let folder = folder("replaced");
    let path = write(&folder.join("a.log"), &b"192.0.2.1\n".repeat(200_000));
    // Standard output that nobody reads yet stops the program midway.
    let mut child = spawn(&["extract", &path]);
    let mut stdout = child.stdout.take().unwrap();
    let mut first = [0; 10];
    stdout.read_exact(&mut first).unwrap();
    let new = write(&folder.join("new.log"), b"192.0.2.2\n");
    fs::rename(new, &path).unwrap();
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(rest.lines().count(), 199_999);
    assert!(rest.lines().all(|line| line == "192.0.2.1"));
}

#[test]
fn formats_are_told_however_slowly_they_come() {
    for bytes in [packed("bzip2", LOG), LOG.to_owned()] {
        let mut child = spawn(&["extract"]);
        let mut stdin = child.stdin.take().unwrap();
        for byte in bytes {
            stdin.write_all(&[byte]).unwrap();
            stdin.flush().unwrap();
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), FOUND);
    }
}

#[test]
fn names_are_bytes() {
    let folder = folder("names");
    let long = "l".repeat(255);
    let names: [&[u8]; 6] =
        [b"new\nline", b"esc\x1b[2J", b"-rf", b"caf\xe9\xff", b" *?[", long.as_bytes()];
    for name in names {
        fs::write(folder.join(OsStr::from_bytes(name)), b"192.0.2.1\n").unwrap();
    }
    for name in names {
        let run = Command::new(env!("CARGO_BIN_EXE_geoip"))
            .args([OsStr::new("extract"), OsStr::new("-H"), OsStr::new("--")])
            .arg(OsStr::from_bytes(name))
            .current_dir(&folder)
            .output()
            .unwrap();
        assert_eq!(run.status.code(), Some(0), "{run:?}");
        let line = String::from_utf8(run.stdout).unwrap();
        assert!(line.ends_with(":192.0.2.1\n"), "{line:?}");
        assert!(!line.trim_end().contains(char::is_control), "{line:?}");
    }
    let run = geoip(["extract", "-r", "--unique", folder.to_str().unwrap()]);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("192.0.2.1\n", ""));

    // In messages, one line each.
    for name in names {
        let name = [b"no such ", &name[..name.len().min(240)]].concat();
        let run = geoip([OsStr::new("extract"), OsStr::from_bytes(&name)]);
        assert_eq!((run.code, run.stderr.lines().count()), (2, 2), "{}", run.stderr);
        assert!(!run.stderr.contains('\x1b'), "{}", run.stderr);
    }
    let broken = folder.join("broken\n\x1b[2J");
    fs::write(&broken, &packed("gzip", LOG)[..20]).unwrap();
    let run = geoip([OsStr::new("extract"), broken.as_os_str()]);
    assert_eq!((run.code, run.stderr.lines().count()), (2, 2), "{}", run.stderr);
    assert!(!run.stderr.contains('\x1b'), "{}", run.stderr);
}

#[test]
fn a_shell_may_not_send_the_output_into_an_input() {
    let folder = folder("shell_output");
    let log = folder.join("a.log");
    for command in ["$GEOIP extract a.log >> a.log", "$GEOIP extract < a.log >> a.log"] {
        fs::write(&log, LOG).unwrap();
        let run = Command::new("sh")
            .args(["-c", command])
            .env("GEOIP", env!("CARGO_BIN_EXE_geoip"))
            .current_dir(&folder)
            .output()
            .unwrap();
        assert_eq!(run.status.code(), Some(2), "{command}");
        assert!(String::from_utf8_lossy(&run.stderr).contains("also the output"));
        assert_eq!(fs::read(&log).unwrap(), LOG);
    }
}
