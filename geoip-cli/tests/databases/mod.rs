//! Runs of the program with MaxMind's test databases, whose answers never change.

use geoip_testkit::maxmind;
use serde_json::Value;

use crate::program::{Run, geoip_reading};

/// The program with these arguments, asking the test databases.
pub(crate) fn with_test_databases(arguments: &[&str], input: &[u8]) -> Run {
    let city = maxmind::file("GeoIP2-City-Test.mmdb");
    let asn = maxmind::file("GeoLite2-ASN-Test.mmdb");
    let databases = ["--db", city.to_str().unwrap(), "--db", asn.to_str().unwrap()];
    geoip_reading(arguments.iter().chain(&databases), input)
}

/// The objects that a run printed.
pub(crate) fn json_lines(run: &Run) -> Vec<Value> {
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
