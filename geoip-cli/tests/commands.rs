//! What each command prints, on small inputs.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod databases;
mod program;

use std::fs;

use databases::{json_lines, with_test_databases};
use program::{folder, geoip, geoip_reading};
use serde_json::Value;

const LOG: &[u8] = b"Failed password for root from 89.160.20.128 port 4022 ssh2\n\
    Failed password for root from 89.160.20.128 port 4023 ssh2\n\
    Accepted publickey for deploy from 10.0.0.7 port 51022 ssh2\n\
    Invalid user pi from 81.2.69.144 port 2022\n";

#[test]
fn extract_prints_addresses_in_order() {
    let run = geoip_reading(["extract"], LOG);
    assert_eq!(run.stdout, "89.160.20.128\n89.160.20.128\n10.0.0.7\n81.2.69.144\n");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));

    let unique = geoip_reading(["extract", "--unique", "--scope", "global"], LOG);
    assert_eq!(unique.stdout, "89.160.20.128\n81.2.69.144\n");
    let count = geoip_reading(["extract", "--count"], LOG);
    assert_eq!(count.stdout, "2 89.160.20.128\n1 10.0.0.7\n1 81.2.69.144\n");
}

#[test]
fn extract_says_where_a_match_stands() {
    let where_it_stands = ["extract", "-H", "-n", "-b", "--scope", "private"];
    let run = geoip_reading(where_it_stands, LOG);
    assert_eq!(run.stdout, "standard input:3:153:10.0.0.7\n");

    let json = json_lines(&geoip_reading(["extract", "--format", "json"], LOG));
    let expected = serde_json::json!(
        {"address": "81.2.69.144", "file": "standard input", "line": 4, "offset": 199}
    );
    assert_eq!(json[3], expected);
    let csv = geoip_reading(["extract", "--format", "csv", "--line-number"], LOG);
    assert!(
        csv.stdout.starts_with("address,file,line,offset\n")
            || csv.stdout.starts_with("address,line\n"),
        "{}",
        csv.stdout
    );
}

#[test]
fn extract_tells_families_apart() {
    let text = b"2001:db8::1 ::ffff:192.0.2.1 192.0.2.2 2001:DB8:0::2";
    let run =
        |options: &[&str]| geoip_reading([&["extract"], options].concat(), text).stdout;
    assert_eq!(run(&["-6"]), "2001:db8::1\n2001:DB8:0::2\n");
    assert_eq!(run(&["-6", "--unique"]), "2001:db8::1\n2001:db8::2\n");
    assert!(run(&["-4"]).ends_with("192.0.2.2\n"));
}

#[test]
fn lookup_prints_a_record_an_address() {
    let run = with_test_databases(
        &["lookup", "--format", "json", "89.160.20.128", "10.0.0.1"],
        b"",
    );
    let records = json_lines(&run);
    assert_eq!(records.len(), 2);
    assert_eq!(records[0]["city"], "Linköping");
    assert_eq!(records[0]["asn"], 29_518);
    assert_eq!(
        records[1],
        serde_json::json!({"address": "10.0.0.1", "scope": "private"})
    );

    let table = with_test_databases(&["lookup"], b"89.160.20.128\n\n");
    assert!(table.stdout.contains("Linköping"), "{}", table.stdout);
    assert!(table.stdout.contains("AS29518 Bredband2 AB"), "{}", table.stdout);
}

#[test]
fn lookup_reads_standard_input_where_a_hyphen_stands() {
    let lookup = ["lookup", "--fields", "address", "--format", "csv", "1.1.1.1", "-"];
    let run = geoip_reading(lookup, b"8.8.8.8\n\n 9.9.9.9 \n");
    assert_eq!(run.stdout, "address\n1.1.1.1\n8.8.8.8\n9.9.9.9\n", "{}", run.stderr);
}

#[test]
fn enrich_counts_and_sorts() {
    let records = json_lines(&with_test_databases(&["enrich", "--format", "json"], LOG));
    let seen: Vec<_> = records
        .iter()
        .map(|record| {
            (record["address"].as_str().unwrap(), record["hits"].as_u64().unwrap())
        })
        .collect();
    assert_eq!(seen, [("89.160.20.128", 2), ("10.0.0.7", 1), ("81.2.69.144", 1)]);

    let csv = with_test_databases(&["enrich", "--format", "csv", "--top", "1"], LOG);
    let mut reader = csv::Reader::from_reader(csv.stdout.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let row = reader.records().next().unwrap().unwrap();
    let cell = |name| &row[columns.iter().position(|column| column == name).unwrap()];
    assert_eq!((cell("hits"), cell("city"), cell("country")), ("2", "Linköping", "SE"));
    assert_eq!(csv.stdout.lines().count(), 2);
}

#[test]
fn map_says_what_it_left_out() {
    let folder = folder("map_says_what_it_left_out");
    for (name, start) in [("m.png", "\u{fffd}PNG"), ("m.svg", "<"), ("m.html", "<!")] {
        let path = folder.join(name);
        let run = with_test_databases(&["map", "-o", path.to_str().unwrap()], LOG);
        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
        assert!(run.stderr.contains("1 address (1 hit) private"), "{}", run.stderr);
        let picture = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&picture);
        assert!(text.to_lowercase().starts_with(&start.to_lowercase()), "{name}");
        if name != "m.png" {
            assert!(text.contains("1 address (1 hit) private"), "{name}");
            assert!(text.contains("GeoIP2-City 2026-02-04"), "{name}");
        }
    }
    let path = folder.join("m.geojson");
    with_test_databases(&["map", "-q", "-o", path.to_str().unwrap()], LOG);
    let geojson: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let names: Vec<_> = geojson["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature["properties"]["city"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), 2);
    assert!(names.contains(&"Linköping"));
}

#[test]
fn places_can_be_given_as_they_are() {
    let folder = folder("places_can_be_given_as_they_are");
    let path = folder.join("points.geojson");
    let options = ["map", "--points", "-", "-o", path.to_str().unwrap()];
    let run = geoip_reading(options, b"latitude,longitude,weight\n51.5,-0.1,3\n");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let geojson: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let feature = &geojson["features"][0];
    assert_eq!(feature["geometry"]["coordinates"], serde_json::json!([-0.1, 51.5]));
    assert_eq!(feature["properties"]["hits"], 3);
}

#[test]
fn db_info_and_version_name_the_sources() {
    let info = json_lines(&geoip(["db", "info", "--format", "json"]));
    assert_eq!(info.len(), 2);
    assert_eq!(info[0]["attribution"], "IP Geolocation by DB-IP");
    assert_eq!(info[0]["url"], "https://db-ip.com");
    assert!(info.iter().all(|row| row["build_date"].as_str().unwrap().starts_with("20")));

    let version = geoip(["--version"]);
    assert!(version.stdout.contains("IP Geolocation by DB-IP"), "{}", version.stdout);
    let table = with_test_databases(&["db", "info"], b"");
    assert!(table.stdout.contains("GeoIP2-City"), "{}", table.stdout);
}

#[test]
fn embedded_databases_answer_without_any_setup() {
    let records =
        json_lines(&geoip(["lookup", "--format", "json", "1.1.1.1", "2606:4700::1111"]));
    for record in &records {
        assert_eq!(record["organization"], "Cloudflare, Inc.", "{record}");
        assert_eq!(record["precision"], "city", "{record}");
        assert!(record["accuracy_radius_km"].as_u64().unwrap() >= 1, "{record}");
    }
}
