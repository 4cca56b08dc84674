//! Asking a geolocation service, on this machine.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

#[expect(dead_code, reason = "here the program runs with nothing of the user's own")]
mod program;

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
};

use geoip_testkit::http::{Reply, Request, Server};
use program::{Run, folder};
use serde_json::Value;

/// The program with nothing of the user's own, and this on standard input.
fn geoip(home: &Path, input: &str, arguments: &[&str], key: Option<&str>) -> Run {
    let source = home.join("input.txt");
    fs::write(&source, input).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_geoip"))
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .envs(key.map(|key| ("GEOIP_SERVICE_KEY", key)))
        .stdin(Stdio::from(fs::File::open(source).unwrap()))
        .output()
        .unwrap();
    Run::of(output)
}

fn json_lines(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn city_of(request: &Request) -> Reply {
    let address = request.path().trim_start_matches('/');
    Reply::ok(format!(
        r#"{{"country_code":"FR","region":"Somewhere","city":"City {address}",
        "latitude":45.76,"longitude":4.84}}"#
    ))
}

fn template(server: &Server) -> String {
    format!("{}/{{ip}}", server.url())
}

#[test]
fn a_service_answers_before_the_databases_which_add_what_it_does_not_know() {
    let home = folder("a_service_answers");
    let server = Server::start(city_of);
    let template = template(&server);
    let command =
        ["lookup", "--format", "json", "--service", &template, "8.8.8.8", "10.0.0.1"];
    let run = geoip(&home, "", &command, None);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let rows = json_lines(&run);
    assert_eq!(rows[0]["city"], "City 8.8.8.8");
    assert_eq!(rows[0]["network"], "8.8.8.8/32");
    assert_eq!(rows[0]["asn"], 15169);
    let host = server.url().trim_start_matches("http://").to_owned();
    assert_eq!(rows[0]["sources"][0], host.as_str());
    assert_eq!(rows[1]["scope"], "private");
    assert_eq!(server.paths(), ["/8.8.8.8"]);
    let said = format!("sending 1 address to {host}");
    assert!(run.stderr.contains(&said), "{}", run.stderr);

    // What was answered is kept.
    let again = geoip(&home, "", &command, None);
    assert_eq!(again.stdout, run.stdout);
    assert_eq!(server.requests().len(), 1);
    assert!(again.stderr.contains("1 known from before"), "{}", again.stderr);
}

#[test]
fn those_with_most_hits_are_asked_about() {
    let home = folder("those_with_most_hits");
    let server = Server::start(city_of);
    let template = template(&server);
    let input = "8.8.8.8\n1.1.1.1\n9.9.9.9\n1.1.1.1\n9.9.9.9\n9.9.9.9\n192.168.0.1\n";
    let command = ["enrich", "--format", "json", "--service", &template];
    let limit = ["--service-limit", "2", "--service-rate", "1000"];
    let run = geoip(&home, input, &[&command[..], &limit].concat(), None);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let mut paths = server.paths();
    paths.sort();
    assert_eq!(paths, ["/1.1.1.1", "/9.9.9.9"]);
    assert!(run.stderr.contains("1 address beyond --service-limit"), "{}", run.stderr);
    let rows = json_lines(&run);
    assert_eq!(rows[0]["city"], "City 9.9.9.9");
    assert_ne!(rows[2]["city"], "City 8.8.8.8");
}

#[test]
fn a_key_is_read_of_a_variable_or_a_file_and_not_shown() {
    let home = folder("a_key_is_read");
    let server = Server::start(|request| match request.header("authorization") {
        Some("Bearer s3cret") => city_of(request),
        other => Reply::status(401).body(format!("wrong key {other:?}")),
    });
    let template = template(&server);
    let command = ["lookup", "--service", &template, "8.8.8.8"];
    assert_eq!(geoip(&home, "", &command, Some("s3cret")).code, 0);
    let wrong = geoip(&home, "", &[&command[..3], &["9.9.9.9"]].concat(), Some("wr0ng"));
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("refuses the key (status 401)"), "{}", wrong.stderr);
    assert!(wrong.stderr.contains("hint: check the key"), "{}", wrong.stderr);
    assert!(!wrong.stderr.contains("wr0ng"), "{}", wrong.stderr);
    let file = home.join("key.txt");
    fs::write(&file, "s3cret\n").unwrap();
    let file = ["--service-key-file", file.to_str().unwrap(), "9.9.9.9"];
    assert_eq!(geoip(&home, "", &[&command[..3], &file].concat(), None).code, 0);
}

#[test]
fn a_quota_leaves_part_of_the_answer() {
    let home = folder("a_quota_leaves_part");
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |request| match asked.fetch_add(1, SeqCst) {
        0 => city_of(request),
        _ => Reply::status(429).body("Too many requests"),
    });
    let template = template(&server);
    let command = ["enrich", "--format", "json", "--service", &template];
    let run = geoip(&home, "8.8.8.8 1.1.1.1 9.9.9.9 8.8.4.4 1.0.0.1", &command, None);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stderr.contains("takes no more requests"), "{}", run.stderr);
    assert!(run.stderr.contains("1 answer kept"), "{}", run.stderr);
    let rows = json_lines(&run);
    assert_eq!(rows.len(), 5);
    let of_service = |row: &&Value| row["subdivision"] == "Somewhere";
    assert_eq!(rows.iter().filter(of_service).count(), 1);
}

#[test]
fn facts_can_be_anywhere_in_an_answer() {
    let home = folder("facts_can_be_anywhere");
    let server =
        Server::start(|_| Reply::ok(r#"{"data":[{"town":"Lyon","at":"45.76,4.84"}]}"#));
    let template = template(&server);
    let command = ["lookup", "--format", "json", "--service", &template, "8.8.8.8"];
    let fields = ["city=/data/0/town", "latitude=/data/0/at"];
    let fields = fields.map(|field| ["--service-field", field]).concat();
    let run = geoip(&home, "", &[&command[..], &fields].concat(), None);
    assert_eq!(json_lines(&run)[0]["city"], "Lyon", "{}", run.stderr);
    assert_eq!(json_lines(&run)[0]["latitude"], 45.76);
}

#[test]
fn what_is_asked_wrongly_is_explained() {
    let home = folder("what_is_asked_wrongly_of_services");
    for (arguments, part) in [
        (&["--service", "nobody"][..], "geoipify, ipinfo"),
        (&["--service", "https://geo.example/"], "it must hold {ip}"),
        (&["--service", "geoipify"], "put it into GEOIP_SERVICE_KEY"),
        (&["--service", "ipinfo", "--service-field", "colour=/x"], "FACT is country"),
        (&["--service-limit", "5"], "--service <NAME|URL>"),
    ] {
        let run = geoip(&home, "", &[&["lookup", "8.8.8.8"], arguments].concat(), None);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stdout);
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
}
