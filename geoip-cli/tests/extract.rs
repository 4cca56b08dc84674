//! What `geoip extract` prints, form by form.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod program;

use std::fs;

use geoip_testkit::{maxmind, weblog::WebLog};
use program::{folder, geoip, geoip_reading};
use proptest::prelude::*;

const LOG: &[u8] = b"accept from 89.160.20.128 and 10.0.0.7\nnothing here\r\n\
    drop 2001:db8::17 [1:2] -- again 89.160.20.128\n10.0.0.9";

fn stdout(arguments: &[&str]) -> String {
    let run = geoip_reading(arguments, LOG);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{arguments:?}");
    run.stdout
}

#[test]
fn whole_lines() {
    let lines = stdout(&["extract", "--only-line"]);
    assert_eq!(
        lines,
        "accept from 89.160.20.128 and 10.0.0.7\n\
         drop 2001:db8::17 [1:2] -- again 89.160.20.128\n10.0.0.9\n"
    );
    let private = stdout(&["extract", "-l", "-H", "-n", "-b", "--scope", "private"]);
    assert_eq!(
        private,
        "standard input:1:0:accept from 89.160.20.128 and 10.0.0.7\n\
         standard input:4:100:10.0.0.9\n"
    );
    let json = stdout(&["extract", "-l", "-6", "--format", "json"]);
    let line: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        line,
        serde_json::json!({
            "addresses": ["2001:db8::17"], "file": "standard input", "line": 3, "offset": 53,
            "text": "drop 2001:db8::17 [1:2] -- again 89.160.20.128",
        })
    );
}

#[test]
fn colours_are_those_of_grep() {
    let lines = stdout(&["extract", "-ln", "-6", "--color", "always"]);
    assert_eq!(
        lines,
        "\x1b[32m3\x1b[m\x1b[36m:\x1b[mdrop \x1b[1;31m2001:db8::17\x1b[m [1:2] -- again 89.160.20.128\n"
    );
    assert!(!stdout(&["extract", "-l"]).contains('\x1b'), "not into a pipe");
}

#[test]
fn notes_in_the_text() {
    let city = maxmind::file("GeoIP2-City-Test.mmdb");
    let db = ["--db", city.to_str().unwrap()];
    let tagged = stdout(&[&["extract", "--tag"], &db[..]].concat());
    assert_eq!(
        tagged,
        "accept from 89.160.20.128 [SE Linköping] and 10.0.0.7 [private]\nnothing here\r\n\
         drop 2001:db8::17 [documentation] [1:2] -- again 89.160.20.128 [SE Linköping]\n\
         10.0.0.9 [private]"
    );
    let template = "<{address}|{country|none}|{city|}>";
    let arguments = ["extract", "--scope", "global", "--replace", template];
    assert_eq!(
        stdout(&[&arguments[..], &db].concat()),
        "accept from <89.160.20.128|SE|Linköping> and 10.0.0.7\nnothing here\r\n\
         drop 2001:db8::17 [1:2] -- again <89.160.20.128|SE|Linköping>\n10.0.0.9"
    );
}

#[test]
fn networks() {
    let text = b"deny 192.0.2.77/24;\npool 10.0.0.1 - 10.0.0.6\n10.9.8.7/255.255.0.0 192.0.2.0/24";
    let print = |arguments: &[&str]| geoip_reading(arguments, text).stdout;
    assert_eq!(
        print(&["extract", "--cidr", "-n"]),
        "1:192.0.2.0/24\n2:10.0.0.1\n2:10.0.0.6\n3:10.9.0.0/16\n3:192.0.2.0/24\n"
    );
    assert_eq!(
        print(&["extract", "--range", "--cidr", "--unique"]),
        "192.0.2.0/24\n10.0.0.1\n10.0.0.2/31\n10.0.0.4/31\n10.0.0.6\n10.9.0.0/16\n"
    );
    assert!(print(&["extract", "--cidr", "--count"]).starts_with("2 192.0.2.0/24\n"));
    let json = print(&["extract", "--cidr", "--format", "json"]);
    assert!(
        json.starts_with(r#"{"network":"192.0.2.0/24","file":"standard input""#),
        "{json}"
    );
    let csv = print(&["extract", "--cidr", "--format", "csv", "-n"]);
    assert!(csv.starts_with("network,line\n192.0.2.0/24,1\n"), "{csv}");
}

#[test]
fn selections() {
    let folder = folder("extract-selections");
    let list = folder.join("office.txt");
    fs::write(&list, "# office\n10.0.0.0/29\n2001:db8::10-2001:db8::20 ; lab\n").unwrap();
    let list = list.to_str().unwrap();
    assert_eq!(stdout(&["extract", "-u", "--include", list]), "10.0.0.7\n2001:db8::17\n");
    assert_eq!(
        stdout(&["extract", "-u", "--exclude", list]),
        "89.160.20.128\n10.0.0.9\n"
    );
    assert_eq!(
        stdout(&["extract", "-u", "--include", "10.0.0.0/8", "--exclude", "10.0.0.8/31"]),
        "10.0.0.7\n"
    );
    assert_eq!(stdout(&["extract", "-u", "-6"]), "2001:db8::17\n");
    assert_eq!(stdout(&["extract", "-u", "--scope", "documentation"]), "2001:db8::17\n");
    // The same for what is counted and placed.
    let enriched = stdout(&["enrich", "--format", "csv", "--scope", "private"]);
    assert_eq!(enriched.lines().count(), 3, "{enriched}");
}

#[test]
fn rules_by_name() {
    let run =
        geoip_reading(["extract", "--rule", "tcpdump-ports"], b"IP 192.0.2.1.443 >");
    assert_eq!(run.stdout, "192.0.2.1\n");
    let run =
        geoip_reading(["extract", "--no-rule", "labels"], b"addr:192.0.2.1 192.0.2.2");
    assert_eq!(run.stdout, "192.0.2.2\n");
    let run =
        geoip_reading(["extract", "--rule", "percent-encoded"], b"ip=2001%3Adb8%3A%3A1&");
    assert_eq!(run.stdout, "2001:db8::1\n");
    let rules = geoip(["extract", "--list-rules"]);
    assert!(rules.stdout.contains("versions         off"), "{}", rules.stdout);
}

#[test]
fn what_makes_no_sense_is_said() {
    let refused = |arguments: &[&str]| {
        let run = geoip_reading(arguments, LOG);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}");
        run.stderr
    };
    let unknown = refused(&["extract", "--rule", "everything"]);
    assert!(unknown.contains("--list-rules"), "{unknown}");
    let network = refused(&["extract", "--include", "10.0.0.0/33"]);
    assert!(network.contains("a network is written 192.0.2.0/24"), "{network}");
    let format = refused(&["extract", "--tag", "--format", "csv"]);
    assert!(format.contains("has no other format"), "{format}");
    let field = refused(&["extract", "--replace", "{town}"]);
    assert!(field.contains("the fields are address, network, country"), "{field}");
    let both = refused(&["extract", "--unique", "--tag"]);
    assert!(both.contains("cannot be used with"), "{both}");
}

/// All that `extract` can print, whatever the number of threads.
#[test]
fn the_number_of_threads_changes_nothing() {
    let folder = folder("extract-threads");
    let log = WebLog::generate(7, 1_300_000);
    fs::write(folder.join("a.log"), &log.text).unwrap();
    let one_line: Vec<_> =
        log.text.iter().map(|byte| if *byte == b'\n' { b' ' } else { *byte }).collect();
    let mut packed =
        flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &log.text[..300_000]).unwrap();
    fs::write(folder.join("b.log.gz"), packed.finish().unwrap()).unwrap();
    fs::write(folder.join("c.log"), one_line).unwrap();
    let folder = folder.to_str().unwrap();
    for options in [
        &["-Hnb"][..],
        &["-u"],
        &["-c"],
        &["-ln"],
        &["--format", "json"],
        &["--replace", "{address}!"],
        &["--cidr", "--range", "-n"],
    ] {
        let print = |threads: &str| {
            let run = geoip(
                [&["extract", "-r", folder, "--threads", threads], options].concat(),
            );
            assert_eq!(run.code, 0, "{}", run.stderr);
            run.stdout
        };
        let one = print("1");
        assert!(one.len() > 20_000, "{options:?}");
        assert!(one == print("2") && one == print("5"), "{options:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Notes are all that `--replace` adds: without them, the text is what it was.
    #[test]
    fn text_with_notes_is_the_text(
        text in "([ -~\n]{0,30}(1\\.2\\.3\\.[0-9]{1,3}|2001:db8::[0-9]|\u{e9})){0,40}",
    ) {
        let city = maxmind::file("GeoIP2-City-Test.mmdb");
        let replaced = |template| {
            let db = city.to_str().unwrap();
            geoip_reading(["extract", "--db", db, "--replace", template], text.as_bytes())
        };
        let run = replaced("{address}");
        prop_assert_eq!(run.stdout, text.clone());
        let marked = replaced("\u{1}{address}\u{2}");
        let plain = geoip_reading(["extract"], text.as_bytes());
        prop_assert_eq!(marked.stdout.replace(['\u{1}', '\u{2}'], ""), text);
        let inside: Vec<_> = marked.stdout.split('\u{1}').skip(1)
            .map(|part| part.split('\u{2}').next().unwrap().to_owned()).collect();
        let addresses: Vec<_> = plain.stdout.lines()
            .map(str::to_owned).collect();
        prop_assert_eq!(inside, addresses);
    }
}
