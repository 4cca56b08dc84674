//! Records as one asks for them: fields, order, counts by any field, formats.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod databases;
mod program;

use std::fs;

use databases::{json_lines, with_test_databases};
use program::{folder, geoip};
use serde_json::{Value, json};

/// Sweden and Britain twice each, an office, and an address that nothing knows.
const LOG: &[u8] = b"from 89.160.20.128\nfrom 89.160.20.128\nfrom 89.160.20.112\n\
    from 10.1.0.7\nfrom 81.2.69.144\nfrom 81.2.69.160\nfrom 203.0.113.5\n";

fn csv(arguments: &[&str]) -> String {
    let run =
        with_test_databases(&[&["enrich", "--format", "csv"], arguments].concat(), LOG);
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

#[test]
fn fields_are_printed_in_the_order_asked_for() {
    let fields = ["--fields", "country_numeric,address,hits,operator", "--top", "1"];
    assert_eq!(
        csv(&fields),
        "country_numeric,address,hits,operator\n752,89.160.20.128,2,AS29518 Bredband2 AB\n"
    );
    let table = with_test_databases(&[&["enrich"], &fields[..]].concat(), LOG);
    assert_eq!(
        table.stdout,
        "numeric  address        hits  operator\n\
         752      89.160.20.128     2  AS29518 Bredband2 AB\n"
    );
    let json =
        with_test_databases(&[&["enrich", "-f", "json"], &fields[..]].concat(), LOG);
    assert_eq!(
        json.stdout,
        "{\"country_numeric\":\"752\",\"address\":\"89.160.20.128\",\"hits\":2,\
         \"operator\":\"AS29518 Bredband2 AB\"}\n"
    );
    let lookup = ["lookup", "--fields", "scope,address", "-f", "csv", "10.0.0.1"];
    assert_eq!(geoip(lookup).stdout, "scope,address\nprivate,10.0.0.1\n");
}

#[test]
fn every_field_can_be_asked_for() {
    let unknown = with_test_databases(&["enrich", "--fields", "?"], LOG);
    assert_eq!(unknown.code, 2);
    let (_, names) = unknown.stderr.split_once("the fields are ").unwrap();
    let names: Vec<_> = names.trim().split(", ").collect();
    assert!(names.len() > 20 && names.contains(&"time_zone"), "{names:?}");
    let all = csv(&["--fields", &names.join(","), "--top", "1"]);
    assert_eq!(all.lines().next().unwrap(), names.join(","));
    for name in names.into_iter().chain(["flag", "source"]) {
        assert_ne!(csv(&["--by", name, "--sort", name]).lines().count(), 0, "{name}");
    }
}

#[test]
fn records_are_sorted_by_several_fields_and_then_cut() {
    let addresses = |options: &[&str]| -> Vec<String> {
        let options = [&["--fields", "address"], options].concat();
        csv(&options).lines().skip(1).map(str::to_owned).collect()
    };
    let by_country = [
        "81.2.69.160",
        "81.2.69.144",
        "89.160.20.128",
        "89.160.20.112",
        "203.0.113.5",
        "10.1.0.7",
    ];
    assert_eq!(addresses(&["--sort", "country,address:desc"]), by_country);
    let two = ["--sort", "country", "--sort", "address:desc", "--top", "2"];
    assert_eq!(addresses(&two), by_country[..2]);
    assert_eq!(addresses(&["--sort", "hits:asc"])[5], "89.160.20.128");
    assert_eq!(addresses(&["--sort", "hits"])[0], "89.160.20.128");
}

#[test]
fn counts_by_country_have_all_its_codes() {
    let run = with_test_databases(&["enrich", "--by", "country", "-f", "json"], LOG);
    let rows = json_lines(&run);
    assert_eq!(
        rows[0],
        json!({"country": "SE", "country_alpha3": "SWE", "country_numeric": "752",
            "country_name": "Sweden", "hits": 3, "hits_share": 0.428_571,
            "addresses": 2, "addresses_share": 0.333_333})
    );
    assert_eq!((&rows[1]["country"], &rows[1]["hits"]), (&"GB".into(), &2.into()));
    assert_eq!((rows[2].get("country"), &rows[2]["hits"]), (None, &2.into()));

    let table = with_test_databases(&["enrich", "--by", "country", "--top", "1"], LOG);
    assert_eq!(
        table.stdout,
        "hits  of hits  addresses  of addresses  country  alpha-3  numeric  country name\n   \
         3   42.9 %          2        33.3 %  SE       SWE      752      Sweden\n"
    );
    let by_addresses = ["--by", "country", "--fields", "country,addresses", "--sort"];
    assert_eq!(
        csv(&[&by_addresses[..], &["addresses:asc,country:desc"]].concat()),
        "country,addresses\nSE,2\nGB,2\n,2\n"
    );
}

#[test]
fn counts_add_up_whatever_they_are_by() {
    for by in ["country", "city", "asn", "organization", "scope", "network", "precision"]
    {
        let run = with_test_databases(&["enrich", "--by", by, "-f", "json"], LOG);
        let rows = json_lines(&run);
        let sum = |key: &str| -> u64 {
            rows.iter().map(|row| row[key].as_u64().unwrap()).sum()
        };
        assert_eq!((sum("hits"), sum("addresses")), (7, 6), "{by}");
        let shares: f64 =
            rows.iter().map(|row| row["hits_share"].as_f64().unwrap()).sum();
        assert!((shares - 1.0).abs() < 1e-4, "{by}: {shares}");
    }
    assert_eq!(
        csv(&["--by", "city,scope", "--fields", "city,country,scope", "--top", "1"]),
        "city,country,scope\nLinköping,SE,global\n"
    );
}

#[test]
fn what_hides_is_set_aside_and_counted_by_organization() {
    let folder = folder("what_hides_is_set_aside");
    let list = folder.join("list");
    fs::write(&list, "203.0.113.5\nAS29518\n").unwrap();
    let list = format!("tor={}", list.to_str().unwrap());
    let (countries, aside) = (folder.join("countries.csv"), folder.join("aside.json"));
    let options = [
        "enrich",
        "--by=country",
        "--exclude=tor",
        "--list",
        &list,
        "-o",
        countries.to_str().unwrap(),
        "--set-aside",
        aside.to_str().unwrap(),
    ];
    let run = with_test_databases(&options, LOG);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert!(run.stderr.contains("3 addresses (4 hits) set aside"), "{}", run.stderr);
    let countries = fs::read_to_string(&countries).unwrap();
    assert_eq!(
        countries,
        "country,country_alpha3,country_numeric,country_name,hits,hits_share,addresses,\
         addresses_share\n\
         GB,GBR,826,United Kingdom,2,0.666667,2,0.666667\n,,,,1,0.333333,1,0.333333\n"
    );
    let aside: Vec<Value> = fs::read_to_string(&aside)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(aside.len(), 2);
    assert_eq!(aside[0]["organization"], "Bredband2 AB");
    assert_eq!((&aside[0]["hits"], &aside[0]["addresses"]), (&3.into(), &2.into()));
    assert_eq!(aside[1].get("organization"), None);

    // Other filters do not set aside: what they leave out was not asked for.
    let by_flag = ["--set-aside-by", "flag,country", "--country", "SE"];
    let run = with_test_databases(&[&options[..], &by_flag].concat(), LOG);
    assert!(run.stderr.contains("2 addresses (3 hits) set aside"), "{}", run.stderr);
    assert_eq!(run.code, 1, "no Swede is left");
    let aside = fs::read_to_string(folder.join("aside.json")).unwrap();
    assert!(aside.starts_with("{\"flag\":\"tor\",\"country\":\"SE\","), "{aside}");
}

#[test]
fn filters_compose() {
    let rows = |options: &[&str]| csv(options).lines().count() - 1;
    assert_eq!(rows(&["--country", "SWE"]), 2);
    assert_eq!(rows(&["--country", "SE,GB"]), 4);
    assert_eq!(rows(&["--country", "SE", "--exclude", "89.160.20.128"]), 1);
    assert_eq!(rows(&["--country", "SE,GB", "--asn", "AS29518"]), 2);
    assert_eq!(rows(&["--scope", "global", "--include", "81.0.0.0/8"]), 2);
    assert_eq!(rows(&["--by", "country", "--country", "SE,GB", "--asn", "29518"]), 1);
}

#[test]
fn hostile_names_are_text_in_every_format() {
    let folder = folder("hostile_names_are_text");
    let places = folder.join("places.csv");
    fs::write(
        &places,
        "10.1.0.0/16,\u{1b}]0;x\u{7}\u{202e}evil,FR\n10.2.0.0/16,=1+1,FR\n",
    )
    .unwrap();
    let places = places.to_str().unwrap();
    let lookup = |format: &str| {
        let options = ["lookup", "--places", places, "-f", format, "--fields", "name"];
        geoip(options.iter().chain(&["10.1.0.7", "10.2.0.7"])).stdout
    };
    assert_eq!(lookup("table"), "name\n\\u{1b}]0;x\\u{7}\\u{202e}evil\n=1+1\n");
    assert!(lookup("csv").ends_with("\n'=1+1\n"));
    assert!(lookup("json").starts_with(r#"{"name":"\u001b]0;x\u0007"#));
}

#[test]
fn what_a_scan_found_is_added_and_a_cut_one_is_told() {
    let folder = folder("what_a_scan_found");
    let scan = folder.join("scan.xml");
    let text = "<nmaprun start=\"1767225600\"><host><address addr=\"10.1.0.7\" addrtype=\"ipv4\"/>\
        <hostnames><hostname name=\"&#27;[2Jnas\" type=\"PTR\"/></hostnames><ports>\
        <port protocol=\"tcp\" portid=\"22\"><state state=\"open\"/><service name=\"ssh\"/></port>\
        <port protocol=\"tcp\" portid=\"80\"><state state=\"open\"/></port></ports>\
        <os><osmatch name=\"Linux\" accuracy=\"99\"/></os></host>";
    fs::write(&scan, text).unwrap();
    let scan = scan.to_str().unwrap();
    let options = ["enrich", "--nmap", scan, "--scope", "private", "-f", "json"];
    let run = with_test_databases(&options, LOG);
    assert_eq!(
        json_lines(&run),
        [json!({"address": "10.1.0.7", "scope": "private", "hits": 1,
            "host_names": ["\u{1b}[2Jnas"], "open_ports": ["22/tcp ssh", "80/tcp"],
            "operating_system": "Linux", "sources": [format!("{scan} 2026-01-01")]})]
    );
    assert!(run.stderr.contains("ends early: 1 host was finished"), "{}", run.stderr);
    let table = geoip(["lookup", "--quiet", "--nmap", scan, "10.1.0.7"]);
    assert_eq!(
        (table.code, table.stdout.as_str()),
        (
            0,
            "address   scope    host names    open ports          system\n\
             10.1.0.7  private  \\u{1b}[2Jnas  22/tcp ssh; 80/tcp  Linux\n"
        )
    );
    let by_port = ["--by", "open_port", "--fields", "open_port,addresses", "--quiet"];
    let by_port = csv(&[&by_port[..], &["--nmap", scan, "--scope", "private"]].concat());
    assert_eq!(by_port, "open_port,addresses\n22/tcp ssh,1\n80/tcp,1\n");
    let wrong = geoip(["lookup", "--nmap", "Cargo.toml", "10.1.0.7"]);
    assert!(
        wrong.stderr.contains("Cargo.toml is not a list: no XML"),
        "{}",
        wrong.stderr
    );
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_is_written_to_files_of_that_name() {
    let folder = folder("parquet_is_written");
    let path = folder.join("records.parquet");
    let run = with_test_databases(&["enrich", "-o", path.to_str().unwrap()], LOG);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    let bytes = fs::read(&path).unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("accuracy_radius_km") && text.contains("Linköping"));
}

#[test]
fn mistakes_are_told_before_anything_is_read() {
    let cases: [(&[&str], &str); 7] = [
        (&["--fields", "town"], "`town` is no field here"),
        (&["--sort", "city:up"], "`up` is no direction"),
        (&["--by", "town"], "`town` is no field here"),
        (&["--by", "country", "--fields", "address"], "`address` is no field here"),
        (&["--by", "country", "--sort", "city"], "`city` is no field here"),
        (&["--set-aside", "x"], "nothing is to be set aside"),
        (&["--set-aside", "x", "--exclude=tor", "--set-aside-by=y"], "`y` is no field"),
    ];
    for (options, message) in cases {
        let options = [&["enrich", "nowhere.log"], options].concat();
        let run = with_test_databases(&options, b"");
        assert_eq!(run.code, 2, "{options:?}");
        assert!(run.stderr.contains(message), "{options:?}: {}", run.stderr);
        assert!(run.stderr.contains("\nhint: "), "{}", run.stderr);
    }
}
