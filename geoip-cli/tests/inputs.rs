//! What is read: encodings, patterns, folders, and never the output.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod files;
mod program;

use std::fs;

use files::{packed, write};
use program::{Run, folder, geoip, geoip_reading};

const LOG: &[u8] = b"192.0.2.1 first\n192.0.2.2 second\n";
const FOUND: &str = "192.0.2.1\n192.0.2.2\n";

fn extract(path: &str) -> Run {
    geoip(["extract", path])
}

#[test]
fn encodings_are_told_by_a_mark_or_by_name() {
    let folder = folder("encodings");
    let text = "Zürich 192.0.2.1\r\n2001:db8::1 日本\r\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let found = "192.0.2.1\n2001:db8::1\n";
    for (mark, text, name) in
        [(b"\xff\xfe", &little, "utf-16le"), (b"\xfe\xff", &big, "utf-16be")]
    {
        let marked = [&mark[..], text].concat();
        assert_eq!(geoip_reading(["extract"], &marked).stdout, found, "{name}");
        let packed = packed("gzip", &marked);
        assert_eq!(geoip_reading(["extract"], &packed).stdout, found, "{name}");
        assert_eq!(geoip_reading(["extract", "-E", name], text).stdout, found, "{name}");
        let raw = ["extract", "--encoding", "none"];
        assert_eq!(geoip_reading(raw, &marked).code, 1, "{name}");
        // Text, though it is full of NUL bytes.
        write(&folder.join(name), &marked);
    }
    write(&folder.join("binary"), &little);
    let all = geoip(["extract", "-r", folder.to_str().unwrap()]);
    assert_eq!((all.code, all.stdout), (0, [found, found].concat()));
    assert!(all.stderr.contains("2 files read, 1 binary skipped"), "{}", all.stderr);

    let run = geoip_reading(["extract", "--encoding", "utf-99"], b"");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("unknown encoding `utf-99`"), "{}", run.stderr);
    // Without a mark nothing is changed, so that offsets are those of the file.
    let run = geoip_reading(["extract", "-b"], b"\xef\xbb\xbf192.0.2.1 \xfc 192.0.2.2");
    assert_eq!(run.stdout, "3:192.0.2.1\n15:192.0.2.2\n");
}

#[test]
fn patterns_that_the_shell_left_are_expanded() {
    let folder = folder("patterns");
    fs::create_dir(folder.join("b.log.d")).unwrap();
    for (name, text) in
        [("b.log", "192.0.2.2"), ("a.log", "192.0.2.1"), (".c.log", "192.0.2.3")]
    {
        write(&folder.join(name), text.as_bytes());
    }
    write(&folder.join("b.log.d/x.log"), b"192.0.2.4");
    let pattern = |pattern: &str| extract(folder.join(pattern).to_str().unwrap());
    assert_eq!(pattern("*.log").stdout, "192.0.2.1\n192.0.2.2\n");
    assert_eq!(pattern("[b-z].lo?*").stdout, "192.0.2.2\n");
    assert_eq!(pattern("**/*.log").stdout, "192.0.2.1\n192.0.2.2\n192.0.2.4\n");
    let run = pattern("?.txt");
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("?.txt: no file has this name"), "{}", run.stderr);
    assert_eq!(pattern("[").code, 2);
    // A file of that very name is meant first.
    write(&folder.join("[ab].log"), b"192.0.2.5");
    assert_eq!(pattern("[ab].log").stdout, "192.0.2.5\n");
}

#[test]
fn folders_are_read_in_order_without_binary_and_hidden_files() {
    let folder = folder("folders");
    fs::create_dir_all(folder.join("b/.git")).unwrap();
    for (name, bytes) in [
        ("c.log", &b"192.0.2.3"[..]),
        ("a.log", b"192.0.2.1"),
        ("b/inner.log", b"192.0.2.2"),
        ("b/.git/index", b"192.0.2.9"),
        (".hidden", b"192.0.2.8"),
        ("z.bin", b"192.0.2.7\0"),
        ("z.pcap", b"\xd4\xc3\xb2\xa1\x02\0\x04\0 192.0.2.6"),
    ] {
        write(&folder.join(name), bytes);
    }
    write(&folder.join("z.gz"), &packed("gzip", b"192.0.2.5\0"));
    let path = folder.to_str().unwrap();
    let run = geoip(["extract", "-r", path]);
    assert_eq!(run.stdout, "192.0.2.1\n192.0.2.2\n192.0.2.3\n");
    let summary = "geoip: 3 files read, 3 binary skipped (--binary reads them)\n";
    assert_eq!((run.code, run.stderr.as_str()), (0, summary));
    assert_eq!(geoip(["extract", "-qr", path]).stderr, "");

    let run = geoip(["extract", "-r", "--binary", path]);
    assert_eq!(run.stdout.lines().count(), 6, "{}", run.stderr);
    let run = geoip(["extract", "-r", "--hidden", path]);
    assert_eq!(run.stdout.lines().count(), 5, "{}", run.stderr);
    // What is named is always read.
    assert_eq!(extract(&format!("{path}/z.bin")).stdout, "192.0.2.7\n");
    assert_eq!(extract(&format!("{path}/.hidden")).stdout, "192.0.2.8\n");
    let hidden = geoip(["extract", "-r", &format!("{path}/b/.git")]);
    assert_eq!(hidden.stdout, "192.0.2.9\n");
}

#[test]
fn what_cannot_be_read_in_a_folder_does_not_stop_the_rest() {
    let folder = folder("unreadable_in_folder");
    let gzip = packed("gzip", LOG);
    write(&folder.join("a.gz"), &gzip[..gzip.len() - 6]);
    write(&folder.join("b.log"), b"192.0.2.7\n");
    write(&folder.join("c.lz4"), b"\x04\x22\x4d\x18\x64\x40\xa7");
    let path = folder.to_str().unwrap();
    for command in ["extract", "enrich", "cluster"] {
        let run = geoip([command, "-r", "--format", "json", path]);
        assert_eq!(run.code, 2, "{}", run.stderr);
        assert!(command == "cluster" || run.stdout.contains("192.0.2.7"), "{command}");
        for line in ["a.gz: ", "c.lz4: it is lz4 data", "2 could not be read"] {
            assert!(run.stderr.contains(line), "{command} {}", run.stderr);
        }
    }
    // Errors are said even then.
    assert!(geoip(["extract", "-qr", path]).stderr.contains("c.lz4"));
    // Named, it is an error at once.
    let named = geoip(["enrich", &format!("{path}/a.gz"), &format!("{path}/b.log")]);
    assert_eq!((named.code, named.stdout.as_str()), (2, ""));
}

#[test]
fn the_output_is_never_read() {
    let folder = folder("output_is_input");
    let log = write(&folder.join("a.log"), LOG);
    let other = write(&folder.join("b.log"), b"192.0.2.7\n");
    let run = geoip(["extract", "-o", &log, &other, &log]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("a.log: it is also the output"), "{}", run.stderr);
    assert_eq!(fs::read(&log).unwrap(), LOG);
    let hard_link = folder.join("link.log");
    fs::hard_link(&log, &hard_link).unwrap();
    let run = geoip(["extract", "-o", hard_link.to_str().unwrap(), &log]);
    assert!(run.stderr.contains("a.log: it is also the output"), "{}", run.stderr);
    fs::remove_file(hard_link).unwrap();

    // An earlier result in the folder that is read again.
    let result = folder.join("result.txt");
    for _ in 0..2 {
        let result = result.to_str().unwrap();
        let run = geoip(["extract", "-r", "-o", result, folder.to_str().unwrap()]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_eq!(fs::read_to_string(result).unwrap(), [FOUND, "192.0.2.7\n"].concat());
    }
}

#[test]
fn lines_of_any_kind_are_read() {
    let found = |input: &[u8]| geoip_reading(["extract"], input).stdout;
    // Ends of lines, and none.
    assert_eq!(found(b"192.0.2.1\r\n192.0.2.2\r\n"), FOUND);
    assert_eq!(found(b"192.0.2.1\r192.0.2.2\r"), FOUND);
    assert_eq!(found(b"192.0.2.1\n192.0.2.2"), FOUND);
    // NUL bytes, Latin-1, broken UTF-8, and what acts on a terminal.
    let controls = b"\x1b[2J\x1b]52;c;aGk=\x07192.0.2.1\x1b]8;;http://x\x07\x9b192.0.2.2";
    let nul = b"\x00\x00192.0.2.1\0 caf\xe9 \xff\xfe\xc3 192.0.2.2 \xe2\x80\xae";
    assert_eq!(found(controls), FOUND);
    assert_eq!(found(nul), FOUND);
    let run = geoip_reading(["extract", "--format", "json"], controls);
    assert!(run.stdout.bytes().all(|byte| byte == b'\n' || byte >= b' '));
}
