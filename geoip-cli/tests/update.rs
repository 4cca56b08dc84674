//! Keeping databases up to date, from a server on this machine.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

#[expect(dead_code, reason = "here the program runs with nothing of the user's own")]
mod program;

use std::{fs, path::Path, process::Command};

use flate2::{Compression, write::GzEncoder};
use geoip_testkit::{
    http::{Reply, Server, certificate},
    maxmind,
};
use program::{Run, folder};
use serde_json::Value;

/// The program with nothing of the user's own: no home, no keys, no proxy.
fn geoip(home: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_geoip"))
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("SSL_CERT_FILE", "/dev/null")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    Run::of(output)
}

fn json_lines(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn database() -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let bytes = fs::read(maxmind::file("GeoLite2-ASN-Test.mmdb")).unwrap();
    std::io::Write::write_all(&mut encoder, &bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn an_update_installs_and_the_next_finds_nothing_new() {
    let home = folder("an_update_installs");
    let server = Server::start(|request| Reply::file(request, &database(), "v1"));
    let mirror = format!("dbip={}", server.url());
    let update = |arguments: &[&str]| {
        let command = ["db", "update", "--format", "json", "--mirror", &mirror];
        geoip(&home, &[&command[..], arguments].concat(), &[])
    };
    // Nothing is there, so it is what one begins with.
    let planned = update(&["--dry-run"]);
    assert_eq!(planned.code, 0, "{}", planned.stderr);
    let names: Vec<_> =
        json_lines(&planned).iter().map(|row| row["name"].clone()).collect();
    assert_eq!(names, ["dbip-city", "dbip-asn"]);
    assert!(server.requests().is_empty());
    assert!(!home.join(".local").exists());

    let first = update(&["dbip-asn"]);
    assert_eq!(first.code, 0, "{}", first.stderr);
    assert_eq!(json_lines(&first)[0]["outcome"], "installed");
    let file = home.join(".local/share/geoip/dbip-asn-lite.mmdb");
    assert_eq!(json_lines(&first)[0]["file"], file.to_str().unwrap());
    assert!(file.is_file());

    // Without a name, what is installed.
    let again = update(&[]);
    let rows = json_lines(&again);
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(
        (&rows[0]["name"], &rows[0]["outcome"]),
        (&"dbip-asn".into(), &"current".into())
    );

    let list = geoip(&home, &["db", "list", "--installed", "--format", "json"], &[]);
    let rows = json_lines(&list);
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0]["licence"], "CC-BY-4.0");
    assert_eq!(rows[0]["age_days"], 0);
}

#[test]
fn a_folder_of_xdg_and_one_that_is_named_are_used() {
    let home = folder("a_folder_of_xdg");
    let server = Server::start(|_| Reply::ok("192.0.2.0/24\n"));
    let mirror = format!("cloudflare={}", server.url());
    let data = home.join("data");
    let command = ["db", "update", "-q", "--mirror", &mirror, "cloudflare"];
    let run = geoip(&home, &command, &[("XDG_DATA_HOME", data.to_str().unwrap())]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(data.join("geoip/cloudflare-ips-v4.txt").is_file());

    let named = home.join("named");
    let command = [&command[..], &["--directory", named.to_str().unwrap()]].concat();
    assert_eq!(geoip(&home, &command, &[]).code, 0);
    assert!(named.join("cloudflare-ips-v4.txt").is_file());
}

#[test]
fn encryption_is_by_who_is_trusted_and_leads_to_nowhere_without() {
    let home = folder("encryption_is_by_who_is_trusted");
    let plain = Server::start(|_| Reply::ok("192.0.2.0/24\n"));
    let open = format!("{}/ips-v4", plain.url());
    let server = Server::start_encrypted(move |request| match request.path() {
        "/astray/ips-v4" => Reply::redirect(&open),
        _ => Reply::ok("192.0.2.0/24\n"),
    });
    let certificate = certificate();
    let trusted = [("SSL_CERT_FILE", certificate.to_str().unwrap())];
    let update = |base: &str, variables: &[(&str, &str)]| {
        let mirror = format!("cloudflare={base}");
        let command = ["db", "update", "--force", "--mirror", &mirror, "cloudflare"];
        geoip(&home, &command, variables)
    };
    let run = update(&server.url(), &trusted);
    assert_eq!(run.code, 0, "{}", run.stderr);
    // It is trusted as `localhost`, and as nobody else.
    let other = server.url().replace("localhost", "127.0.0.1");
    let run = update(&other, &trusted);
    assert!(run.stderr.contains("cannot trust 127.0.0.1"), "{}", run.stderr);
    let run = update(&server.url(), &[]);
    assert!(run.stderr.contains("cannot trust localhost"), "{}", run.stderr);
    assert!(run.stderr.contains("SSL_CERT_FILE"), "{}", run.stderr);
    let run = update(&format!("{}/astray", server.url()), &trusted);
    assert!(run.stderr.contains("where there is no encryption"), "{}", run.stderr);
    assert!(plain.requests().is_empty());
}

#[test]
fn keys_come_from_files_and_variables_and_are_not_shown() {
    let home = folder("keys_come_from_files");
    let conf = home.join("GeoIP.conf");
    fs::write(&conf, "AccountID 42\nLicenseKey s3cret\nEditionIDs GeoIP2-ISP\n").unwrap();
    let server = Server::start(|request| {
        Reply::status(401).body(format!("{:?}", request.header("authorization")))
    });
    let mirror = format!("maxmind={}", server.url());
    let update = |arguments: &[&str], variables: &[(&str, &str)]| {
        let command = ["db", "update", "--mirror", &mirror];
        let run = geoip(&home, &[&command[..], arguments].concat(), variables);
        let sent =
            server.requests().last().unwrap().header("authorization").unwrap().to_owned();
        assert_eq!(run.code, 2, "{}", run.stdout);
        assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
        assert!(run.stderr.contains("refuses the key"), "{}", run.stderr);
        sent
    };
    // 42:s3cret and 7:other
    let conf = conf.to_str().unwrap();
    assert_eq!(update(&["--config", conf], &[]), "Basic NDI6czNjcmV0");
    let variables =
        [("GEOIPUPDATE_ACCOUNT_ID", "7"), ("GEOIPUPDATE_LICENSE_KEY", "other")];
    assert_eq!(update(&["GeoLite2-City"], &variables), "Basic NzpvdGhlcg==");
    let key = home.join("key.txt");
    fs::write(&key, "other\n").unwrap();
    let arguments = [
        "--account-id",
        "7",
        "--license-key-file",
        key.to_str().unwrap(),
        "GeoLite2-City",
    ];
    assert_eq!(update(&arguments, &[]), "Basic NzpvdGhlcg==");
}

#[test]
fn one_failure_does_not_stop_the_others() {
    let home = folder("one_failure_does_not_stop");
    let server = Server::start(|request| match request.path() {
        "/ips-v6" => Reply::ok("2001:db8::/32\n"),
        _ => Reply::ok("<html>Sorry</html>"),
    });
    let mirror = format!("cloudflare={}", server.url());
    let command = ["db", "update", "--format", "json", "--mirror", &mirror];
    let names = ["cloudflare", "cloudflare-ipv6", "GeoLite2-City"];
    let run = geoip(&home, &[&command[..], &names].concat(), &[]);
    assert_eq!(run.code, 2);
    let outcomes: Vec<_> =
        json_lines(&run).iter().map(|row| row["outcome"].clone()).collect();
    assert_eq!(outcomes, ["failed", "installed", "failed"]);
    for part in [
        "cannot update cloudflare:",
        "web page",
        "cannot update geolite2-city: geolite2-city is only for those who have an account",
        "2 sources of 3 could not be updated",
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
}

#[test]
fn no_network_is_no_riddle() {
    let home = folder("no_network_is_no_riddle");
    let server = Server::start(|_| Reply::status(200));
    let mirror = format!("aws={}", server.url());
    drop(server);
    let run = geoip(&home, &["db", "update", "--mirror", &mirror, "aws"], &[]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("cannot reach 127.0.0.1"), "{}", run.stderr);
    assert!(run.stderr.contains("hint: is there a connection"), "{}", run.stderr);
    assert!(run.stderr.contains("HTTPS_PROXY"), "{}", run.stderr);
}

#[test]
fn what_is_asked_wrongly_is_explained() {
    let home = folder("what_is_asked_wrongly");
    for (arguments, part) in [
        (&["nobody"][..], "`geoip db list` names them"),
        (&["--mirror", "x=https://h"], "the provider is one of dbip"),
        (&["--mirror", "aws=ftp://h", "aws"], "it must begin with https://"),
        (&["--config", "/nowhere"], "cannot read /nowhere"),
    ] {
        let run = geoip(&home, &[&["db", "update"], arguments].concat(), &[]);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stdout);
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
}

#[test]
fn lists_that_are_installed_answer_by_their_name_and_when_asked_for_their_mark() {
    let home = folder("lists_that_are_installed");
    let server = Server::start(|_| Reply::ok("203.0.113.5\n"));
    let mirror = format!("tor={}", server.url());
    let lookup = ["lookup", "--format", "json", "--list", "tor-bulk", "203.0.113.5"];
    let missing = geoip(&home, &lookup, &[]);
    assert!(missing.stderr.contains("`geoip db update tor-bulk`"), "{}", missing.stderr);

    let run = geoip(&home, &["db", "update", "--mirror", &mirror, "tor-bulk"], &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let row = &json_lines(&geoip(&home, &lookup, &[]))[0];
    assert_eq!(row["flags"], serde_json::json!(["tor"]));
    assert!(row["sources"][0].as_str().unwrap().starts_with("tor-bulk 20"), "{row}");

    let log = home.join("log");
    fs::write(&log, "203.0.113.5\n203.0.113.6\n").unwrap();
    let enrich =
        ["enrich", "--format", "json", "--exclude", "tor", log.to_str().unwrap()];
    let rows = json_lines(&geoip(&home, &enrich, &[]));
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0]["address"], "203.0.113.6");
}
