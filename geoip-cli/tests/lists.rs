//! Lists that mark addresses, places of the user's own, and filters by what is known.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod databases;
mod program;

use std::{fs, path::Path};

use databases::{json_lines, with_test_databases};
use program::{Run, folder, geoip, geoip_reading};
use serde_json::Value;

const LOG: &[u8] = b"from 89.160.20.128\nfrom 89.160.20.128\nfrom 10.1.0.7\n\
    from 81.2.69.144\nfrom 203.0.113.5\n";

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn addresses(run: &Run) -> Vec<String> {
    let rows = json_lines(run);
    rows.iter().map(|row| row["address"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn lists_mark_addresses_and_are_named() {
    let folder = folder("lists_mark_addresses_and_are_named");
    let exits = file(&folder, "exits.txt", "# date 2026-08-22\n203.0.113.5\n");
    let aws = file(
        &folder,
        "ip-ranges.json",
        r#"{"createDate":"2026-09-01-00-00-00","prefixes":[{"ip_prefix":"81.2.69.0/24"}]}"#,
    );
    let (tor, vpn) = (format!("tor={exits}"), file(&folder, "vpn", "AS29518\n"));
    let vpn = format!("vpn={vpn}");
    let lists = ["--list", &tor, "--list", &aws, "--list", &vpn, "--format", "json"];

    let rows = json_lines(&with_test_databases(&[&["enrich"], &lists[..]].concat(), LOG));
    let of = |address: &str| rows.iter().find(|row| row["address"] == address).unwrap();
    assert_eq!(of("203.0.113.5")["flags"], serde_json::json!(["tor"]));
    assert_eq!(
        of("203.0.113.5")["sources"],
        serde_json::json!([format!("{exits} 2026-08-22")])
    );
    assert_eq!(of("81.2.69.144")["flags"], serde_json::json!(["hosting"]));
    assert_eq!(of("89.160.20.128")["flags"], serde_json::json!(["vpn"]));
    assert!(of("10.1.0.7").get("flags").is_none());

    let info =
        json_lines(&with_test_databases(&[&["db", "info"], &lists[..]].concat(), b""));
    let row = info.iter().find(|row| row["name"] == exits.as_str()).unwrap();
    assert_eq!(
        (&row["build_date"], &row["facts"]),
        (&"2026-08-22".into(), &"tor".into())
    );
    assert_eq!(row["entries"], 1);
    let csv = ["db", "info", "--list", &tor, "--format", "csv"];
    let csv = with_test_databases(&csv, b"");
    assert_eq!((csv.code, csv.stdout.lines().count()), (0, 4), "{}", csv.stderr);
}

#[test]
fn records_are_taken_by_what_is_known_about_them() {
    let folder = folder("records_are_taken_by_what_is_known_about_them");
    let list = file(&folder, "list", "203.0.113.5\nAS29518\n");
    let tor = format!("tor={list}");
    let enrich = |filter: &[&str]| {
        let options = ["enrich", "--format", "json", "--list", &tor];
        with_test_databases(&[&options, filter].concat(), LOG)
    };
    assert_eq!(addresses(&enrich(&["--flag", "tor"])), ["89.160.20.128", "203.0.113.5"]);
    assert_eq!(addresses(&enrich(&["--exclude", "tor"])), ["10.1.0.7", "81.2.69.144"]);
    let both = ["--exclude", "10.0.0.0/8,tor", "--exclude", "192.0.2.1"];
    assert_eq!(addresses(&enrich(&both)), ["81.2.69.144"]);
    assert_eq!(addresses(&enrich(&["--country", "gb,fr"])), ["81.2.69.144"]);
    assert_eq!(addresses(&enrich(&["--asn", "AS29518"])), ["89.160.20.128"]);
    assert_eq!(addresses(&enrich(&["--exclude", "tor", "--top", "1"])), ["10.1.0.7"]);
    let none = enrich(&["--flag", "tor", "--country", "GB"]);
    assert_eq!((none.code, none.stdout.as_str()), (1, ""));

    let map = folder.join("map.geojson");
    let options =
        ["map", "-o", map.to_str().unwrap(), "--list", &tor, "--exclude", "tor"];
    let run = with_test_databases(&options, LOG);
    assert!(
        run.stderr.contains("2 addresses (3 hits) set aside by --exclude"),
        "{}",
        run.stderr
    );
    let geojson: Value = serde_json::from_slice(&fs::read(&map).unwrap()).unwrap();
    assert_eq!(geojson["features"].as_array().unwrap().len(), 1);
}

#[test]
fn organizations_are_marked_by_words_that_the_user_can_change() {
    let folder = folder("organizations_are_marked_by_words");
    let words = file(&folder, "words", "bredband # of Sweden\n");
    let flags = |words: &str, address: &str| {
        let lookup = ["lookup", "--format", "json", "--hosting-words", words, address];
        json_lines(&with_test_databases(&lookup, b""))[0]["flags"].clone()
    };
    assert_eq!(flags(&words, "89.160.20.128"), serde_json::json!(["hosting"]));
    assert!(flags("default", "89.160.20.128").is_null());
    let default = ["lookup", "--format", "json", "--hosting-words", "default", "1.1.1.1"];
    assert_eq!(json_lines(&geoip(default))[0]["flags"], serde_json::json!(["hosting"]));
}

#[test]
fn embedded_lists_answer_when_asked_and_no_other_does() {
    let enrich = |options: &[&str]| {
        let all = [&["enrich", "--format", "json"], options].concat();
        let run = geoip_reading(all, b"159.89.0.1 89.160.20.128");
        assert!(run.code < 2, "{}", run.stderr);
        run.stdout
    };
    assert!(!enrich(&[]).contains("flags"));
    let hosting = enrich(&["--flag", "hosting"]);
    assert!(hosting.contains(r#""159.89.0.1""#), "{hosting}");
    assert!(hosting.contains("bad-asn-list 2026-03-16"), "{hosting}");
    assert_eq!(enrich(&["--exclude", "hosting,vpn"]).lines().count(), 1);
    assert!(enrich(&["--list", "embedded"]).contains("flags"));

    // A list that the user names takes the place of the embedded ones.
    let folder = folder("embedded_lists_answer");
    let list = format!("hosting={}", file(&folder, "list", "89.160.20.128\n"));
    let named = enrich(&["--flag", "hosting", "--list", &list]);
    assert!(named.contains("89.160.20.128") && !named.contains("159.89.0.1"), "{named}");

    let info = geoip(["db", "info", "--list", "embedded"]);
    assert!(info.stdout.contains("X4BNet"), "{}", info.stdout);
}

#[test]
fn places_of_the_user_are_on_the_map() {
    let folder = folder("places_of_the_user_are_on_the_map");
    let places = file(
        &folder,
        "offices.csv",
        "network,name,city,country,latitude,longitude\n10.1.0.0/16,Office,Lyon,FR,45.76,4.84\n",
    );
    let lookup = ["lookup", "--format", "json", "--places", &places, "10.1.2.3"];
    let row = &json_lines(&geoip(lookup))[0];
    assert_eq!((&row["name"], &row["city"]), (&"Office".into(), &"Lyon".into()));
    assert_eq!((&row["precision"], &row["scope"]), (&"city".into(), &"private".into()));
    assert_eq!(row["sources"], serde_json::json!([places]));

    let map = folder.join("map.geojson");
    let options = ["map", "-q", "-o", map.to_str().unwrap(), "--places", &places];
    with_test_databases(&options, LOG);
    let geojson = fs::read_to_string(&map).unwrap();
    assert!(geojson.contains("Office, Lyon, France"), "{geojson}");
    let csv = geoip(["lookup", "--format", "csv", "--places", &places, "10.1.2.3"]);
    let cells = csv.stdout.lines().nth(1).unwrap();
    assert!(
        cells.starts_with("10.1.2.3,10.1.0.0/16,Office,FR,France,,Lyon,45.76,"),
        "{cells}"
    );
}

#[test]
fn mistakes_are_told_with_what_to_do() {
    let folder = folder("mistakes_are_told_with_what_to_do");
    let plain = file(&folder, "plain", "192.0.2.1\n");
    let wrong = file(&folder, "wrong", "192.0.2.1\n<html>\n");
    let tor_wrong = format!("tor={wrong}");
    let unknown = format!("dark={plain}");
    let cases: [(&[&str], &str); 9] = [
        (&["--list", &plain], "does not say what its addresses are"),
        (&["--list", &tor_wrong], "line 2: `<html>` is no address"),
        (&["--list", &unknown], "`dark` is no flag"),
        (&["--list", "tor=nowhere"], "cannot read nowhere"),
        (&["--places", &wrong], "line 2: `<html>` is no address"),
        (&["--flag", "dark"], "`dark` is no flag"),
        (&["--exclude", "tor"], "nothing here knows which addresses are tor"),
        (&["--country", "QQ"], "`QQ` is no country"),
        (&["--asn", "x"], "`x` is no autonomous system"),
    ];
    for (options, message) in cases {
        let run = with_test_databases(&[&["enrich"], options].concat(), LOG);
        assert_eq!(run.code, 2, "{options:?}");
        assert!(run.stderr.contains(message), "{}", run.stderr);
        assert!(run.stderr.contains("\nhint: "), "{}", run.stderr);
    }
    let run = geoip_reading(["extract", "--exclude", "tor"], LOG);
    assert!(run.stderr.contains("use `geoip enrich --exclude tor`"), "{}", run.stderr);
}
