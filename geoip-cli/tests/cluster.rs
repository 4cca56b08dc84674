//! `geoip cluster`: every method, every format, and what stops it.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod program;

use std::{collections::BTreeSet, fs};

use program::{Run, folder, geoip, geoip_reading};
use serde_json::Value;

/// Towns of England around London, two in Scotland, and one far off.
const TOWNS: &[u8] = b"lat,lon,weight,label,country\n\
    51.507,-0.128,900,London,GB\n\
    51.752,-1.258,40,Oxford,GB\n\
    51.454,-0.973,60,Reading,GB\n\
    51.455,-2.588,80,Bristol,GB\n\
    55.953,-3.189,50,Edinburgh,GB\n\
    55.864,-4.252,30,Glasgow,GB\n\
    -23.55,-46.633,20,S\xc3\xa3o Paulo,BR\n";

fn cluster(options: &[&str], points: &[u8]) -> Run {
    geoip_reading([&["cluster", "--points", "-"], options].concat(), points)
}

fn json_lines(options: &[&str], points: &[u8]) -> Vec<Value> {
    let run = cluster(&[options, &["--format", "json"]].concat(), points);
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The labels of each group.
fn groups(options: &[&str], points: &[u8]) -> Vec<Vec<String>> {
    let label = |place: &Value| place["city"].as_str().unwrap().to_owned();
    let labels =
        |group: &Value| group["places"].as_array().unwrap().iter().map(label).collect();
    json_lines(options, points).iter().map(labels).collect()
}

/// Points around a circle of 444.8 km: a limit just below that gives 2^(n/2) cliques.
fn ring(count: u32) -> String {
    let line = |index| {
        let turn = f64::from(index) / f64::from(count) * std::f64::consts::TAU;
        format!("{} {}\n", 2.0 * turn.sin(), 2.0 * turn.cos())
    };
    (0..count).map(line).collect()
}

#[test]
fn cliques_overlap_and_say_how_much() {
    let within = ["--within", "120km"];
    let expected = [
        vec!["London", "Reading", "Oxford"],
        vec!["Bristol", "Reading", "Oxford"],
        vec!["Edinburgh", "Glasgow"],
        vec!["São Paulo"],
    ];
    assert_eq!(groups(&within, TOWNS), expected);
    let json = json_lines(&within, TOWNS);
    assert_eq!(json[0]["name"], "London and 2 places within 83 km");
    let shared: Vec<_> =
        json.iter().map(|group| group["shared_places"].as_u64()).collect();
    assert_eq!(shared, [Some(2), Some(2), Some(0), Some(0)]);
    let text = cluster(&within, TOWNS);
    assert!(
        text.stdout.starts_with("Clique No. 1: London and 2 places"),
        "{}",
        text.stdout
    );
    assert!(!text.stderr.contains("partial"), "{}", text.stderr);
}

#[test]
fn each_other_method_has_its_groups() {
    let cover = groups(&["--method", "cover", "--within", "120km"], TOWNS);
    let covered: BTreeSet<_> = cover.iter().flatten().collect();
    assert_eq!((cover.len(), covered.len()), (4, 7));
    let chained = groups(&["--method", "components", "--within", "120km"], TOWNS);
    assert_eq!(chained[0].len(), 4);

    let dense = ["--method", "dbscan", "--within", "120km", "--min-points", "3"];
    assert_eq!(groups(&dense, TOWNS), [["London", "Bristol", "Reading", "Oxford"]]);
    let run = cluster(&dense, TOWNS);
    assert!(run.stderr.contains("nothing limits how wide"), "{}", run.stderr);
    assert!(run.stderr.contains("3 places in no group"), "{}", run.stderr);
}

#[test]
fn a_hierarchy_nests_its_levels() {
    let options = ["--method", "hierarchy", "--within", "1000km,120km"];
    let json = json_lines(&options, TOWNS);
    let wide: Vec<_> = json.iter().filter(|group| group["within_km"] == 1000.0).collect();
    assert_eq!(wide.len(), 2);
    assert_eq!(
        (&wide[0]["group"], &wide[0]["hits"]),
        (&Value::from(1), &Value::from(1160))
    );
    assert!(wide.iter().all(|group| group.get("part_of").is_none()));
    let labels = |group: &Value| -> BTreeSet<String> {
        let places = group["places"].as_array().unwrap();
        places.iter().map(|place| place["city"].to_string()).collect()
    };
    let narrow: Vec<_> =
        json.iter().filter(|group| group["within_km"] == 120.0).collect();
    assert!(narrow.len() > wide.len());
    for group in narrow {
        let parent = usize::try_from(group["part_of"].as_u64().unwrap()).unwrap();
        assert!(labels(group).is_subset(&labels(&json[parent - 1])), "{group}");
    }
    let text = cluster(&options, TOWNS);
    assert!(text.stdout.contains(", part of No. 1)"), "{}", text.stdout);
    let wrong = cluster(&["--within", "1km,2km"], TOWNS);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("--method hierarchy"), "{}", wrong.stderr);
}

#[test]
fn a_budget_that_is_spent_makes_a_cover_and_says_so() {
    let ring = ring(40);
    let folder = folder("a_budget_that_is_spent_makes_a_cover_and_says_so");
    let path = folder.join("summary.json");
    let summary =
        || -> Value { serde_json::from_slice(&fs::read(&path).unwrap()).unwrap() };
    let within = ["--within", "440km", "--summary", path.to_str().unwrap()];
    let run = |options: &[&str]| cluster(&[&within, options].concat(), ring.as_bytes());

    let covered = run(&["--limit", "500"]);
    assert!(covered.stdout.starts_with("Group No. 1"), "{}", covered.stdout);
    assert!(covered.stderr.contains("more than 500 cliques"), "{}", covered.stderr);
    let said = summary();
    assert_eq!((&said["method"], &said["complete"]), (&"cover".into(), &true.into()));
    assert_eq!(said["instead_of"]["stopped_by"], "limit");
    assert_eq!(said["instead_of"]["groups"], 500);
    assert!(said["groups_at_least"].as_u64() <= said["groups"].as_u64());

    // More than any machine finds in that time.
    let endless = ["--limit", "999999999999", "--time", "50ms", "--top", "1"];
    let options = [&within[2..], &["--within", "444.6km"], &endless].concat();
    let timed = cluster(&options, self::ring(80).as_bytes());
    assert!(timed.stderr.contains("stopped after 50ms"), "{}", timed.stderr);
    assert_eq!(summary()["instead_of"]["stopped_by"], "time");

    let partial = run(&["--method", "cliques", "--limit", "500"]);
    assert!(partial.stdout.starts_with("Clique No. 1"), "{}", partial.stdout);
    assert!(partial.stderr.contains("partial: stopped after 500 cliques"));
    assert_eq!((covered.code, partial.code), (0, 3));
    let said = summary();
    assert_eq!(
        (&said["complete"], &said["stopped_by"]),
        (&false.into(), &"limit".into())
    );
    let shared = said["overlap"]["places_in_several_groups"].as_u64().unwrap();
    assert!((20..=40).contains(&shared), "{shared}");

    let whole = run(&["--min-places", "21"]);
    assert_eq!((whole.code, summary()["complete"].as_bool()), (1, Some(true)));
}

#[test]
fn places_too_many_for_a_graph_get_a_cover() {
    // 30,000 places in a square of 100 km have 450 million pairs.
    let line = |index: u32| {
        format!("{} {}\n", f64::from(index % 173) / 173.0, f64::from(index / 173) / 173.0)
    };
    let crowd: String = (0..30_000).map(line).collect();
    // No group is told: to sum up one of 30,000 takes a while without optimisation.
    let run = cluster(&["--top", "0"], crowd.as_bytes());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("too many for the memory"), "{}", run.stderr);
    let refused = cluster(&["--method", "cliques"], crowd.as_bytes());
    assert_eq!(refused.code, 2);
    assert!(
        refused.stderr.contains("hint: shorten --within to about"),
        "{}",
        refused.stderr
    );
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_with_what_was_found() {
    use std::{io::Write, process::Command, time::Duration};

    let mut child = Command::new(env!("CARGO_BIN_EXE_geoip"))
        .args(["cluster", "--points", "-", "--within", "444.6km", "--top", "3"])
        .args(["--limit", "999999999999"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(ring(80).as_bytes()).unwrap();
    // Long enough to be in the search; it would go on for years.
    std::thread::sleep(Duration::from_secs(3));
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("partial: stopped after"), "{stderr}");
    assert!(stderr.contains("it was interrupted"), "{stderr}");
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(output.stdout.starts_with(b"Clique No. 1"));
}

#[test]
fn geodesics_decide_where_asked() {
    // A degree of latitude at the equator is 110.57 km on the ellipsoid, 111.20 on the
    // sphere.
    let points = b"0 0\n1 0\n";
    for (distance, count) in [("great-circle", 2), ("geodesic", 1)] {
        for method in ["cliques", "cover", "hierarchy", "components"] {
            let options =
                ["--within", "111km", "--distance", distance, "--method", method];
            assert_eq!(json_lines(&options, points).len(), count, "{distance} {method}");
        }
    }
}

#[test]
fn geojson_has_the_shapes_asked_for() {
    let shapes = |shapes: &[&str]| -> Vec<(String, String)> {
        let run = cluster(
            &[&["--within", "120km", "--format", "geojson"], shapes].concat(),
            TOWNS,
        );
        let json: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(
            (&json["type"], &json["complete"]),
            (&"FeatureCollection".into(), &true.into())
        );
        let features = json["features"].as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        features
            .iter()
            .map(|it| (text(&it["properties"]["shape"]), text(&it["geometry"]["type"])))
            .collect()
    };
    // Coordinates are those given, to the last digit.
    let whole = cluster(&["--within", "120km", "--format", "geojson"], TOWNS);
    assert!(whole.stdout.contains("[-0.128,51.507]"), "{}", whole.stdout);
    let hulls = shapes(&["--shapes", "hulls"]);
    let kinds: Vec<_> = hulls.iter().map(|(_, kind)| kind.as_str()).collect();
    assert_eq!(kinds, ["Polygon", "Polygon", "LineString", "Point"]);
    assert_eq!(shapes(&[]).len(), 4 + 9);
    // Of the two triangles, one side is the same.
    assert_eq!(shapes(&["--shapes", "edges"]).len(), 3 + 3 - 1 + 1);
}

#[test]
fn places_at_one_point_are_one_place() {
    let points =
        b"lat,lon,weight,label\n51.5,-0.1,2,Ann\n51.5,-0.1,3,Bob\n51.6,-0.1,1,Cid\n";
    let json = json_lines(&["--within", "50km"], points);
    let places = json[0]["places"].as_array().unwrap();
    assert_eq!((json.len(), places.len()), (1, 2));
    assert_eq!((&places[0]["hits"], &places[0]["city"]), (&5.into(), &"Bob, Ann".into()));
    assert_eq!(places[0]["labels"], serde_json::json!(["Bob", "Ann"]));
    assert!(places[1].get("labels").is_none());
}

#[test]
fn tables_have_a_line_a_group() {
    let run = cluster(&["--within", "120km", "--format", "table"], TOWNS);
    let lines: Vec<_> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 5);
    assert!(lines[0].contains("shared") && !lines[0].contains("part of"), "{}", lines[0]);
    assert!(lines[1].ends_with("83 km  London, United Kingdom"), "{}", lines[1]);
}

#[test]
fn places_can_be_json_and_what_was_written_can_be_read() {
    let geojson = cluster(
        &["--within", "120km", "--method", "cover", "--format", "geojson"],
        TOWNS,
    );
    let again = json_lines(
        &["--within", "120km", "--method", "cover"],
        geojson.stdout.as_bytes(),
    );
    let first = json_lines(&["--within", "120km", "--method", "cover"], TOWNS);
    let sizes = |groups: &[Value]| -> Vec<_> {
        groups.iter().map(|it| (it["hits"].clone(), it["diameter_km"].clone())).collect()
    };
    assert_eq!(sizes(&again), sizes(&first));
}

#[test]
fn wrong_options_and_places_are_explained() {
    for (options, points, message) in [
        (&["--time", "soon"][..], &b"1 2"[..], "`soon` is no duration"),
        (&["--time=-1s"], b"1 2", "`-1s` is no duration"),
        (&["--within", "50km,x", "--method", "hierarchy"], b"1 2", "`x` is no distance"),
        (&[], b"nan 2", "line 1"),
        (&[], b"1 inf", "line 1"),
        (&[], b"[{\"lat\": 95, \"lon\": 0}]", "place 1"),
        (&[], b"[{\"lat\": 95", "not JSON"),
    ] {
        let run = cluster(options, points);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{options:?}");
        assert!(run.stderr.contains(message), "{options:?}: {}", run.stderr);
    }
    let missing = geoip(["cluster", "--points", "no-such-file.csv"]);
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.contains("no-such-file.csv"), "{}", missing.stderr);
    for within in ["0m", "1m", "20037km", "1e9km"] {
        assert_eq!(cluster(&["--within", within], TOWNS).code, 0, "{within}");
    }
}
