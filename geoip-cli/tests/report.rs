//! `geoip report`: one page or one JSON of everything.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod program;

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;

use self::program::{folder, geoip, geoip_reading};

const ACCESS_LOG: &str = "../examples/data/access.log";
const AUTH_LOG: &str = "../examples/data/auth.log";

/// Write a file and tell its name.
fn write(path: &Path, bytes: &[u8]) -> String {
    fs::write(path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The report of these arguments as JSON.
fn json(arguments: &[&str]) -> Value {
    let run = geoip(["report", "--format", "json", "--quiet"].iter().chain(arguments));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    serde_json::from_str(&run.stdout).unwrap()
}

/// What in a value is not as a schema says: the keywords that ours has.
fn violations(value: &Value, schema: &Value, root: &Value, at: &str) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let target = root.pointer(name.trim_start_matches('#')).expect("a definition");
        return violations(value, target, root, at);
    }
    let wrong = |what: &str| vec![format!("{at}: {what}: {value}")];
    if schema.get("const").is_some_and(|wanted| wanted != value)
        || schema
            .get("enum")
            .is_some_and(|them| !them.as_array().unwrap().contains(value))
    {
        return wrong("not one of those named");
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.clone(),
        Value::Null => vec![],
        one => vec![one.clone()],
    };
    let is = |name: &Value| match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("no type {other}"),
    };
    if !types.is_empty() && !types.iter().any(is) {
        return wrong("of another type");
    }
    let mut found = Vec::new();
    if let Some(object) = value.as_object() {
        for key in schema["required"].as_array().into_iter().flatten() {
            if !object.contains_key(key.as_str().unwrap()) {
                found.push(format!("{at}: without {key}"));
            }
        }
        for (key, value) in object {
            let at = format!("{at}/{key}");
            match schema["properties"].get(key) {
                Some(schema) => found.extend(violations(value, schema, root, &at)),
                None if schema["additionalProperties"] == Value::Bool(false) => {
                    found.push(format!("{at}: not in the schema"));
                }
                None => {}
            }
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        let at = format!("{at}/{index}");
        found.extend(violations(item, &schema["items"], root, &at));
    }
    found
}

#[test]
fn the_json_is_what_the_schema_says() {
    let schema = fs::read_to_string("../docs/report.schema.json").unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    for arguments in [
        &[ACCESS_LOG][..],
        &[AUTH_LOG],
        &["--redact", AUTH_LOG],
        &["--redact=all", "--since", "2026-11-20T12:00:00Z", ACCESS_LOG],
        &["--addresses", "10", "../examples/data/addresses.txt"],
        &["--since", "1s", ACCESS_LOG],
    ] {
        let found = violations(&json(arguments), &schema, &schema, "");
        assert!(found.is_empty(), "{arguments:?}: {found:#?}");
    }
    let other = serde_json::json!({ "version": 2, "more": 1 });
    assert!(violations(&other, &schema, &schema, "").len() > 10, "it can fail");
}

#[test]
fn its_sums_are_those_of_single_records() {
    let run = geoip(["enrich", "--format", "json", "--log", "auto", ACCESS_LOG]);
    let mut countries: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let (mut addresses, mut hits) = (0, 0);
    for line in run.stdout.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        let count = record["hits"].as_u64().unwrap();
        addresses += 1;
        hits += count;
        if let Some(country) = record["country"].as_str() {
            let sum = countries.entry(country.into()).or_default();
            *sum = (sum.0 + 1, sum.1 + count);
        }
    }
    let report = json(&[ACCESS_LOG]);
    assert_eq!(report["totals"]["addresses"], addresses);
    assert_eq!(report["totals"]["hits"], hits);
    assert_eq!(report["totals"]["lines"], 6000);
    let told: BTreeMap<_, _> = report["countries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let count = |key: &str| it[key].as_u64().unwrap();
            (
                it["country"].as_str().unwrap().to_owned(),
                (count("addresses"), count("hits")),
            )
        })
        .collect();
    assert_eq!(told, countries);
    let sum = |list: &Value| -> u64 {
        list.as_array().unwrap().iter().map(|it| it["hits"].as_u64().unwrap()).sum()
    };
    let special = report["left_out"]["special"]["hits"].as_u64().unwrap();
    assert_eq!(sum(&report["addresses"]) + special, hits);
    assert_eq!(sum(&report["special"]), special);
    let slots = report["time"]["hits"].as_array().unwrap();
    assert_eq!(slots.iter().map(|it| it.as_u64().unwrap()).sum::<u64>() + special, hits);
}

#[test]
fn addresses_beyond_the_limit_are_in_the_sums() {
    let all = json(&[ACCESS_LOG]);
    let few = json(&["--addresses", "7", ACCESS_LOG]);
    assert_eq!(few["addresses"].as_array().unwrap().len(), 7);
    for key in
        ["totals", "time", "countries", "places", "autonomous_systems", "flags", "groups"]
    {
        assert_eq!(few[key], all[key], "{key}");
    }
}

#[test]
fn a_page_is_written_whole_and_says_where_it_is_from() {
    let path = folder("report-page").join("page.html");
    let path = path.to_str().unwrap();
    let run = geoip(["report", "-o", path, "--title", "<b>Visitors</b>", ACCESS_LOG]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let page = fs::read_to_string(path).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    assert!(
        page.contains("&lt;b&gt;Visitors&lt;/b&gt;") && !page.contains("<b>Visitors")
    );
    assert!(page.contains("https://db-ip.com"), "the credit is part of the file");
    assert!(page.len() < 450_000, "{} bytes", page.len());
    assert!(!page.contains("192.42.116.116"), "data stands in the page packed");
}

#[test]
fn nothing_is_an_honest_page_and_no_failure() {
    let path = folder("report-nothing").join("page.html");
    let path = path.to_str().unwrap();
    for (arguments, reason) in [
        (&["--since", "1s", ACCESS_LOG][..], "in 6,000 lines"),
        (&["-"], "nothing was there to read"),
    ] {
        let run = geoip(["report", "-o", path].iter().chain(arguments));
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(run.stderr.contains("No events"), "{}", run.stderr);
        let page = fs::read_to_string(path).unwrap();
        assert!(page.contains("No events") && page.contains(reason), "{arguments:?}");
    }
}

#[test]
fn a_report_that_fails_leaves_the_old_one() {
    let path = folder("report-old").join("page.html");
    fs::write(&path, "old").unwrap();
    let run = geoip(["report", "-o", path.to_str().unwrap(), "no-such.log"]);
    assert_eq!(run.code, 2);
    assert_eq!(fs::read_to_string(path).unwrap(), "old");
}

#[test]
fn lines_outside_of_the_time_asked_for_are_counted_apart() {
    let log = "2026-11-20T05:59:59Z sshd[1]: Failed password for a from 8.8.8.8 port 1 ssh2\n\
               2026-11-20T06:00:00Z sshd[1]: Failed password for b from 8.8.8.8 port 1 ssh2\n\
               2026-11-20T07:00:00Z sshd[1]: Failed password for c from 8.8.8.8 port 1 ssh2\n";
    let folder = folder("report-span");
    let path = write(&folder.join("log"), log.as_bytes());
    let span = ["--since", "2026-11-20T06:00:00Z", "--until", "2026-11-20T07:00:00Z"];
    let report = json(&[&span[..], &[&path]].concat());
    assert_eq!(report["totals"]["hits"], 1);
    assert_eq!(report["left_out"]["hits_outside_of_time"], 2);
    assert_eq!(report["users"][0]["user"], "b");

    let run = geoip(["report", "-o", "x.html", "--since", "yesterday", &path]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("`yesterday` is no time"), "{}", run.stderr);
}

#[test]
fn logins_are_told_for_each_address_and_user() {
    let mut log = String::new();
    for line in [
        "Invalid user eve from 8.8.8.8 port 1",
        "Failed password for invalid user eve from 8.8.8.8 port 1 ssh2",
        "Failed password for root from 8.8.8.8 port 1 ssh2",
        "Accepted publickey for deploy from 1.1.1.1 port 2 ssh2: ED25519 SHA256:abc",
        // A name that looks like an address does not become one.
        "Failed password for invalid user x from 9.9.9.9 port 9 ssh2 from 8.8.8.8 port 1 ssh2",
    ] {
        log.push_str("2026-11-20T06:00:00Z gate sshd[7]: ");
        log.push_str(line);
        log.push('\n');
    }
    let path = write(&folder("report-logins").join("log"), log.as_bytes());
    let report = json(&[&path]);
    let address = |address: &str| {
        let list = report["addresses"].as_array().unwrap();
        let found = list.iter().find(|it| it["address"] == address);
        found.map(|it| {
            (
                it["failed_logins"].as_u64().unwrap(),
                it["accepted_logins"].as_u64().unwrap(),
            )
        })
    };
    assert_eq!(address("8.8.8.8"), Some((3, 0)));
    assert_eq!(address("1.1.1.1"), Some((0, 1)));
    assert_eq!(address("9.9.9.9"), None);
    let users: Vec<_> = report["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["user"].as_str().unwrap())
        .collect();
    assert_eq!(users, ["deploy", "eve", "root", "x from 9.9.9.9 port 9 ssh2"]);
}

#[test]
fn a_redacted_report_has_no_address_in_it() {
    let log = "8.8.8.8 8.8.8.9 2001:4860:4860::8888 10.1.2.3 10.1.2.4\n";
    let redacted = |how: &str| {
        let run = geoip_reading(["report", "--format", "json", how, "-"], log.as_bytes());
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    let networks = redacted("--redact");
    for address in ["8.8.8.8", "8.8.8.9", "::8888", "10.1.2.3", "10.1.2.4"] {
        assert!(!networks.contains(address), "{address}");
    }
    let report: Value = serde_json::from_str(&networks).unwrap();
    let list = report["addresses"].as_array().unwrap();
    let network = list.iter().find(|it| it["address"] == "8.8.8.0/24").unwrap();
    assert_eq!(
        (network["addresses"].as_u64(), network["hits"].as_u64()),
        (Some(2), Some(2))
    );
    assert!(list.iter().any(|it| it["address"] == "2001:4860:4860::/48"));
    assert_eq!(report["special"][0]["addresses"], 2);

    let all: Value = serde_json::from_str(&redacted("--redact=all")).unwrap();
    assert_eq!(all["addresses"].as_array().unwrap().len(), 0);
    assert_eq!(all["totals"], report["totals"]);
    assert!(all.get("command").is_none());
}
