//! Which databases answer, and in which words.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod program;

use std::fs;

use geoip_testkit::maxmind;
use program::{folder, geoip};

#[test]
fn names_are_in_the_language_asked_for() {
    let city = maxmind::file("GeoIP2-City-Test.mmdb");
    let lookup = |languages: &str| {
        let db = city.to_str().unwrap();
        let command = ["lookup", "--format", "json", "--db", db, "--lang", languages];
        geoip(command.iter().chain(&["81.2.69.142"]))
    };
    assert!(lookup("de").stdout.contains("Vereinigtes Königreich"));
    assert!(lookup("xx,ja").stdout.contains("イギリス"));
    assert!(lookup("en,ja").stdout.contains("United Kingdom"));
}

#[test]
fn a_language_that_no_database_has_is_an_error() {
    let run = geoip(["lookup", "--lang", "de", "1.1.1.1"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("no database here has names in `de`"), "{}", run.stderr);
    assert_eq!(geoip(["lookup", "--lang", "en", "1.1.1.1"]).code, 0);
}

#[test]
fn a_database_that_is_cut_short_is_named() {
    let whole = fs::read(maxmind::file("GeoIP2-City-Test.mmdb")).unwrap();
    let cut = folder("cut_short").join("GeoLite2-City.mmdb");
    fs::write(&cut, &whole[..whole.len() / 2]).unwrap();
    let run = geoip(["lookup", "--db", cut.to_str().unwrap(), "1.1.1.1"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("GeoLite2-City.mmdb"), "{}", run.stderr);
}
