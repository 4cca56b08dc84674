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

/// A folder with two databases in it, and what is no database.
fn databases(test: &str) -> std::path::PathBuf {
    let folder = folder(test);
    for name in ["GeoIP2-City-Test.mmdb", "GeoLite2-ASN-Test.mmdb"] {
        fs::copy(maxmind::file(name), folder.join(name)).unwrap();
    }
    fs::write(folder.join("README.txt"), "no database").unwrap();
    folder
}

#[test]
fn a_folder_stands_for_the_databases_in_it() {
    let folder = databases("folder_of_databases");
    let run = geoip(["db", "info", "--db", folder.to_str().unwrap()]);
    assert!(run.stdout.contains("GeoIP2-City") && run.stdout.contains("GeoLite2-ASN"));
    let empty = folder.join("empty");
    fs::create_dir(&empty).unwrap();
    let run = geoip(["db", "info", "--db", empty.to_str().unwrap()]);
    assert!(run.stderr.contains("has no database in it"), "{}", run.stderr);
}

#[test]
fn a_folder_has_csv_of_ip2location_and_legacy_files_where_there_is_nothing_newer() {
    let folder = folder("older_databases");
    let lookup = || {
        let source = folder.to_str().unwrap();
        geoip(["lookup", "--format", "json", "--db", source, "81.2.69.142"])
    };
    fs::write(folder.join("GeoIP.dat"), "no database").unwrap();
    let run = lookup();
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("GeoIP.dat"), "{}", run.stderr);

    let (first, last) = (0x5102_4500, 0x5102_45ff);
    let row = format!(
        "\"{first}\",\"{last}\",\"GB\",\"United Kingdom\",\"England\",\"Hull\",\"53.7446\",\"-0.3352\"\n"
    );
    fs::write(folder.join("IP2LOCATION-DB5LITECSV.csv"), row).unwrap();
    let run = lookup();
    assert!(run.stdout.contains("Hull"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn databases_are_counted_and_dated() {
    let city = maxmind::file("GeoIP2-City-Test.mmdb");
    let info = ["db", "info", "--db", city.to_str().unwrap(), "--format", "json"];
    let short = geoip(info);
    assert!(!short.stdout.contains("ipv4_ranges"), "{}", short.stdout);
    let run = geoip(info.iter().chain(&["--count"]));
    let row: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(row["ipv4_ranges"].as_u64() > Some(10), "{row}");
    assert!(row["ipv6_ranges"].as_u64() > Some(50), "{row}");
    assert!(row["age_days"].as_u64() > Some(30), "{row}");
    assert!(row["languages"].as_array().unwrap().contains(&"en".into()), "{row}");
}

#[test]
fn embedded_databases_can_be_named_beside_others() {
    let asn = maxmind::file("GeoLite2-ASN-Test.mmdb");
    let command = ["db", "info", "--db", asn.to_str().unwrap(), "--db", "embedded"];
    let run = geoip(command);
    let lines: Vec<_> = run.stdout.lines().collect();
    assert!(lines[1].starts_with("GeoLite2-ASN") && lines[2].starts_with("DB-IP"));
}

#[test]
fn what_is_exported_and_built_answers_as_its_source() {
    let folder = databases("exported");
    let source = folder.to_str().unwrap();
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (mmdb, compact) = (path("all.mmdb"), path("city.bin"));
    let run = geoip(["db", "export", "--db", source, "-o", mmdb.as_str()]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let csv = path("networks.csv");
    fs::write(
        &csv,
        "network,country_code,city,latitude,longitude\n192.0.2.0/24,FR,Lyon,45.76,4.84\n",
    )
    .unwrap();
    let run = geoip(["db", "build", "--db", csv.as_str(), "-o", compact.as_str()]);
    assert_eq!(run.code, 0, "{}", run.stderr);

    let place = |db: &str, address: &str| {
        let run = geoip(["lookup", "--format", "json", "--db", db, address]);
        let mut record: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        record
            .as_object_mut()
            .unwrap()
            .retain(|key, _| key != "sources" && key != "network");
        record
    };
    for address in ["89.160.20.128", "2001:218::1", "1.128.0.0", "216.160.83.56"] {
        assert_eq!(place(&mmdb, address), place(source, address));
    }
    assert_eq!(place(&compact, "192.0.2.9"), place(&csv, "192.0.2.9"));
    assert_eq!(place(&csv, "192.0.2.9")["city"], "Lyon");
}

#[test]
fn a_database_is_not_written_to_a_terminal_or_from_nothing() {
    let folder = folder("built_from_two");
    let out = folder.join("x.bin");
    let (city, asn) =
        (maxmind::file("GeoIP2-City-Test.mmdb"), maxmind::file("GeoLite2-ASN-Test.mmdb"));
    let command = ["db", "build", "--of", "asn", "-o", out.to_str().unwrap()];
    let run = geoip(command.iter().chain(&["--db", city.to_str().unwrap()]));
    assert!(
        run.stderr.contains("0 databases have what is to be built"),
        "{}",
        run.stderr
    );
    assert!(!out.exists());
    let run = geoip(command.iter().chain(&["--db", asn.to_str().unwrap()]));
    assert_eq!((run.code, out.exists()), (0, true), "{}", run.stderr);
}
