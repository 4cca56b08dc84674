//! What goes wrong is said in one clear line, with the right exit code, and leaves no
//! half-written file.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod program;

use std::{fs, io::Write, path::Path};

use program::{Run, folder, geoip, geoip_reading};

/// Check that a run failed with this line, said nothing else, and did not panic.
fn failed(run: &Run, message: &str) {
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    let lines: Vec<_> = run.stderr.lines().collect();
    assert!(lines[0].starts_with("geoip: "), "{}", run.stderr);
    assert!(lines[0].contains(message), "{}", run.stderr);
    assert!(lines[1..].iter().all(|line| line.starts_with("hint: ")), "{}", run.stderr);
    assert!(lines.len() <= 2, "{}", run.stderr);
}

fn write(path: &Path, bytes: &[u8]) -> String {
    fs::write(path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn inputs_without_addresses_exit_with_1() {
    for input in [&b""[..], b"no address here\n", b"\x00\xff\xfe\x80rubbish\x1f\x8b"] {
        for command in ["extract", "enrich", "cluster"] {
            let run = geoip_reading([command], input);
            assert_eq!(
                (run.code, run.stdout.as_str()),
                (1, ""),
                "{command} {}",
                run.stderr
            );
        }
    }
}

#[test]
fn a_map_of_nothing_says_so() {
    let folder = folder("a_map_of_nothing_says_so");
    for (input, reason) in
        [(&b""[..], "no address"), (b"10.0.0.1 127.0.0.1", "2 addresses")]
    {
        let path = folder.join("nothing.svg");
        let run = geoip_reading(["map", "-o", path.to_str().unwrap()], input);
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!(run.stderr.contains(reason), "{}", run.stderr);
        let picture = fs::read_to_string(&path).unwrap();
        assert!(picture.contains("0 places") || picture.contains("no "), "{picture}");
    }
}

#[test]
fn unreadable_inputs_are_named() {
    let folder = folder("unreadable_inputs_are_named");
    let missing = folder.join("missing.log");
    let missing = missing.to_str().unwrap();
    for command in ["extract", "enrich", "cluster"] {
        failed(&geoip([command, missing]), "missing.log: No such file or directory");
    }
    failed(&geoip(["extract", folder.to_str().unwrap()]), "it is a folder");
    let log = write(&folder.join("a.log"), b"192.0.2.1 192.0.2.2\n");
    // Nothing is read before everything is known to be there.
    failed(&geoip(["extract", &log, missing]), "missing.log");
    let recursive = geoip(["extract", "-r", folder.to_str().unwrap()]);
    assert_eq!((recursive.code, recursive.stdout.lines().count()), (0, 2));
}

#[test]
fn databases_that_cannot_be_read_are_errors_never_fallbacks() {
    let folder = folder("databases");
    let not_mmdb = write(&folder.join("page.mmdb"), b"<!doctype html><title>401</title>");
    let lookup = |path: &str| geoip(["lookup", "1.1.1.1", "--db", path]);
    failed(&lookup(&not_mmdb), "page.mmdb is not a GeoIP database: it is a web page");
    failed(&lookup("/no/such.mmdb"), "/no/such.mmdb: No such file or directory");
}

#[test]
fn failed_writes_leave_what_was_there() {
    let folder = folder("failed_writes");
    let log = write(&folder.join("a.log"), b"1.1.1.1\n");
    let old = folder.join("map.png");
    fs::write(&old, b"old").unwrap();
    let broken = write(&folder.join("broken.gz"), b"\x1f\x8b\x08\x00rubbish");
    failed(&geoip(["map", "-o", old.to_str().unwrap(), &broken]), "broken.gz");
    assert_eq!(fs::read(&old).unwrap(), b"old");

    failed(
        &geoip(["map", "-o", "/no/such/folder/m.png", &log]),
        "cannot write /no/such/folder/m.png",
    );
    failed(&geoip(["map", "-o", "map.bmp", &log]), "map.bmp");
    failed(&geoip(["map", &log]), "--output is missing");
    if Path::new("/dev/full").exists() {
        let full = geoip(["map", "-q", "--format", "png", "-o", "/dev/full", &log]);
        failed(&full, "cannot write /dev/full: No space left on device");
        let full = geoip(["extract", "-o", "/dev/full", &log]);
        failed(&full, "cannot write /dev/full: No space left on device");
        let unread =
            geoip(["extract", "-o", folder.join("x").to_str().unwrap(), &broken]);
        failed(&unread, "cannot read");
    }
    let left: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn wrong_arguments_are_explained() {
    failed(&geoip(["lookup", "1.2.3"]), "`1.2.3` is not an IP address");
    failed(&geoip_reading(["lookup"], b"1.1.1.1\nx\n"), "`x` in line 2");
    failed(&geoip(["extract", "--scope", "globl"]), "unknown scope `globl`");
    for within in ["-5km", "5 parsecs", "nan", "inf km", ""] {
        let run = geoip(["cluster", &format!("--within={within}")]);
        failed(&run, &format!("`{within}` is no distance"));
    }
    for extent in ["mars", "1,2,3", "1,2,3,x"] {
        failed(&geoip(["map", "-o", "x.png", "--extent", extent]), "is no extent");
    }
    let run = geoip(["extract", "--no-such-option"]);
    assert_eq!(run.code, 2);
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_success() {
    use std::process::{Command, Stdio};

    let mut child = Command::new(env!("CARGO_BIN_EXE_geoip"))
        .arg("extract")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    // The program may stop reading at any time.
    drop(stdin.write_all("192.0.2.1\n".repeat(100_000).as_bytes()));
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}
