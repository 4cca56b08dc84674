//! Packed files: known by their content, and harmless whatever they unpack to.
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

/// Each by the name of its program.
const PACKERS: [&str; 4] = ["gzip", "bzip2", "xz", "zstd"];

/// So much of a packed file tells its format.
const ENOUGH: usize = 10;

#[test]
fn packed_files_are_known_by_their_content() {
    let folder = folder("packed_files");
    for packer in PACKERS {
        let bytes = packed(packer, LOG);
        let path = write(&folder.join(format!("{packer}.log")), &bytes);
        let run = extract(&path);
        assert_eq!((run.stdout.as_str(), run.stderr.as_str()), (FOUND, ""), "{packer}");
        assert_eq!(geoip_reading(["extract"], &bytes).stdout, FOUND, "{packer}");
        // As log rotation and parallel packers leave them.
        let twice = write(&folder.join("twice"), &[bytes.clone(), bytes].concat());
        assert_eq!(extract(&twice).stdout, [FOUND, FOUND].concat(), "{packer}");
        let nothing = write(&folder.join("nothing"), &packed(packer, b""));
        assert_eq!(extract(&nothing).code, 1, "{packer}");
    }
    // A name says nothing.
    assert_eq!(extract(&write(&folder.join("plain.gz"), LOG)).stdout, FOUND);
}

#[test]
fn zstd_frames_that_hold_no_content_are_skipped() {
    let skipped = b"\x50\x2a\x4d\x18\x03\0\0\0abc";
    let frame = packed("zstd", LOG);
    let bytes = [&skipped[..], &frame, skipped, skipped, &frame].concat();
    assert_eq!(geoip_reading(["extract"], &bytes).stdout, [FOUND, FOUND].concat());
}

#[test]
fn many_empty_members_are_nothing_special() {
    for packer in PACKERS {
        let bytes = packed(packer, b"").repeat(20_000);
        let run = geoip_reading(["extract"], &[bytes, packed(packer, LOG)].concat());
        assert_eq!((run.stdout.as_str(), run.stderr.as_str()), (FOUND, ""), "{packer}");
    }
}

#[test]
fn damaged_files_are_named_wherever_they_are_cut() {
    let folder = folder("damaged_files");
    let log: Vec<u8> = (0..2000_u32)
        .flat_map(|n| format!("192.0.2.{} {n}\n", n % 256).into_bytes())
        .collect();
    for packer in PACKERS {
        let bytes = packed(packer, &log);
        let cuts =
            (ENOUGH..bytes.len()).step_by(bytes.len() / 12).chain([bytes.len() - 1]);
        for cut in cuts {
            let run =
                geoip(["extract", "-c", &write(&folder.join("cut"), &bytes[..cut])]);
            assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{packer} {cut}");
            assert!(run.stderr.contains("damaged_files/cut: "), "{}", run.stderr);
            assert!(run.stderr.contains(&format!("hint: the {packer} data is damaged")));
        }
        let mut wrong = bytes.clone();
        let middle = bytes.len() / 2;
        wrong[middle..middle + 8].iter_mut().for_each(|byte| *byte ^= 0x55);
        let run = extract(&write(&folder.join("wrong"), &wrong));
        assert_eq!(run.code, 2, "{packer} {}", run.stderr);
    }
}

#[test]
fn formats_that_are_not_unpacked_are_named_with_what_unpacks_them() {
    for (bytes, name, command) in [
        (&b"\x04\x22\x4d\x18\x64\x40\xa7"[..], "it is lz4 data", "lz4 -dc FILE"),
        (b"\x1f\x9d\x90\x31\x62", "it is a file of compress", "gzip -dc FILE"),
        (b"PK\x03\x04\x14\0\0\0\x08\0", "it is a zip archive", "unzip -p FILE | geoip"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "it is a 7z archive", "7z x -so FILE"),
        (b"LPKSHHRH\0\0\0\0", "it is a journal of systemd", "journalctl --file FILE"),
        (b"\xff\xfe\0\0\x31\0\0\0", "it is UTF-32 text", "iconv -f UTF-32"),
    ] {
        let run = geoip_reading(["extract"], bytes);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""));
        assert!(run.stderr.contains(name), "{}", run.stderr);
        assert!(run.stderr.contains(&format!("hint: pipe its text in: {command}")));
    }
}

#[test]
fn only_the_outer_packing_is_undone_and_that_is_said() {
    let nested = packed("gzip", &packed("xz", LOG));
    let run = geoip_reading(["extract"], &nested);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("it is packed twice, xz in gzip"), "{}", run.stderr);
    let run = geoip_reading(["extract"], &packed("zstd", b"PK\x03\x04\x14\0\0\0"));
    assert!(run.stderr.contains("it is a zip archive"), "{}", run.stderr);
    let run = geoip_reading(["extract"], b"\xd4\xc3\xb2\xa1\x02\0\x04\0 192.0.2.1 \0");
    assert_eq!(run.stdout, "192.0.2.1\n");
    assert!(run.stderr.contains("is a capture of packets"), "{}", run.stderr);
}

/// Runs that must not take memory in proportion to what they read.
#[cfg(target_os = "linux")]
mod memory {
    use std::{
        process::{Child, Command, Stdio},
        time::Duration,
    };

    use super::*;

    const MIB: usize = 1 << 20;

    /// A run that was watched.
    struct Peak {
        code: i32,
        memory_mib: usize,
    }

    impl Peak {
        fn of(arguments: &[&str]) -> Self {
            let mut child = spawn(arguments);
            let (mut memory_mib, mut looks) = (0, 0);
            loop {
                // None when it has ended.
                if let Some(now_mib) = memory_mib_of(child.id()) {
                    memory_mib = memory_mib.max(now_mib);
                    looks += 1;
                }
                if let Some(status) = child.try_wait().unwrap() {
                    assert!(looks > 0, "not watched at all");
                    return Self { code: status.code().unwrap(), memory_mib };
                }
                std::thread::sleep(Duration::from_millis(2));
            }
        }
    }

    fn spawn(arguments: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_geoip"))
            .args(arguments)
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// The memory that the process has for itself, as Linux knows it. The pages of its code
    /// do not count, which are many without optimisation.
    fn memory_mib_of(process: u32) -> Option<usize> {
        let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let line = status.lines().find(|line| line.starts_with("RssAnon:"))?;
        let kib: usize = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib / 1024)
    }

    #[test]
    fn bombs_are_read_in_little_memory() {
        let folder = folder("bombs");
        for packer in PACKERS {
            // 32 times as much as it says at first, in few bytes.
            let bomb = packed(packer, &vec![0; MIB]).repeat(32);
            assert!(bomb.len() < MIB, "{packer}");
            let path = write(&folder.join(packer), &bomb);
            let peak = Peak::of(&["extract", "--count", &path]);
            assert_eq!(peak.code, 1, "{packer}");
            assert!(peak.memory_mib < 24, "{packer}: {} MiB", peak.memory_mib);
        }
    }

    #[test]
    fn one_line_without_an_end_is_read_in_little_memory() {
        let folder = folder("one_line");
        let mut line = b"192.0.2.1 ".to_vec();
        line.resize(32 * MIB, b'x');
        line.extend_from_slice(b" 192.0.2.2");
        let path = write(&folder.join("line"), &line);
        let peak = Peak::of(&["extract", "--unique", &path]);
        assert_eq!(peak.code, 0);
        assert!(peak.memory_mib < 24, "{} MiB", peak.memory_mib);
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn more_memory_than_packers_need_is_refused() {
        // RFC 8878: a window of 2 GiB, then an empty block.
        let zstd = b"\x28\xb5\x2f\xfd\0\xa8\x01\0\0";
        let run = geoip_reading(["extract"], zstd);
        assert_eq!(run.code, 2);
        assert!(
            run.stderr.contains("`zstd -dc --long=31 FILE | geoip"),
            "{}",
            run.stderr
        );
        // The dictionary's size in the header of the first block, and its checksum.
        let mut xz = packed("xz", LOG);
        assert_eq!(xz[14..16], [0x21, 1]);
        xz[16] = 37;
        let length = 4 * usize::from(xz[12]);
        let mut checksum = flate2::Crc::new();
        checksum.update(&xz[12..12 + length]);
        xz[12 + length..16 + length].copy_from_slice(&checksum.sum().to_le_bytes());
        let run = geoip_reading(["extract"], &xz);
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains("`xz -dc FILE | geoip"), "{}", run.stderr);
    }

    #[test]
    fn devices_without_an_end_are_read_until_interrupted() {
        let mut endless = spawn(&["extract", "/dev/zero"]);
        std::thread::sleep(Duration::from_millis(300));
        let peak = memory_mib_of(endless.id()).unwrap();
        assert!(endless.try_wait().unwrap().is_none());
        endless.kill().unwrap();
        endless.wait().unwrap();
        assert!(peak < 24, "{peak} MiB");
    }
}
