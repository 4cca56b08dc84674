//! `geoip map`: what its options draw, and tiles from a server on this machine.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod program;

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use geoip_testkit::http::{Reply, Server};
use program::{folder, geoip, geoip_reading};

const POINTS: &[u8] = b"latitude,longitude,weight,label,country\n\
    51.5,-0.1,30,London,GB\n48.9,2.4,20,Paris,FR\n52.5,13.4,9,Berlin,DE\n";

/// What `geoip map` draws of a few places, as text.
fn drawn(name: &str, options: &[&str]) -> String {
    let path = folder(name).join("map.svg");
    let file = path.to_str().unwrap();
    let always = ["map", "-q", "-o", file, "--width", "600", "--points", "-"];
    let run = geoip_reading(always.iter().chain(options), POINTS);
    assert_eq!(run.code, 0, "{options:?}: {}", run.stderr);
    fs::read_to_string(path).unwrap()
}

#[test]
fn options_say_how_a_map_is_drawn() {
    for (options, words) in [
        (&["--extent", "auto"][..], "Azimuthal equal-area projection"),
        (&["--extent", "GB"], "Azimuthal equal-area projection"),
        (
            &["--projection", "orthographic", "--center", "50,5"],
            "Orthographic projection",
        ),
        (&["--bandwidth", "9px", "--single-kernel"], "by a Gaussian kernel"),
        (&["--scale", "linear", "--palette", "#000,#ff0"], "linear scale"),
        (&["--bins", "squares:300km"], "counted in squares of 300 km"),
        (&["-l", "points", "--labels", "3", "--color-by", "country"], ">London</text>"),
        (&["-l", "points", "--merge", "300"], " and 2 more nearby"),
        (&["-l", "choropleth", "--classes", "jenks", "--table", "2"], "natural breaks"),
        (&["-l", "arcs", "--home", "64.1,-21.9", "--home-name", "Home"], ">Home</text>"),
        (&["-l", "groups", "--within", "400km"], "London"),
        (&["--extent", "FR", "--city-names", "5", "--country-names"], ">Paris</text>"),
    ] {
        let picture = drawn("options_say_how_a_map_is_drawn", options);
        assert!(picture.contains(words), "{options:?}");
    }
}

#[test]
fn a_page_of_a_log_is_as_that_of_a_report_and_can_hide_addresses() {
    const LOG: &str = "../examples/data/auth.log";
    let path = folder("maps-page").join("map.html");
    let file = path.to_str().unwrap();
    let page = |options: &[&str]| {
        let run = geoip(["map", "-q", "-o", file, LOG].iter().chain(options));
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{options:?}");
        fs::read_to_string(&path).unwrap()
    };
    let plain = page(&["--addresses", "100"]);
    let data = |page: &str, id: &str| {
        let (_, from) = page.split_once(&format!("id=\"{id}\">")).unwrap();
        from.split_once('<').unwrap().0.len()
    };
    assert!(data(&plain, "report-data") > 1000 && data(&plain, "report-words") > 1000);
    assert!(plain.contains("DB-IP City Lite"), "whose data it is stands in the file");
    assert!(plain.contains("listed one by one, but in all figures (--addresses 100)"));
    let hidden = page(&["--redact=all"]);
    assert!(hidden.contains("Addresses are not shown"));
    assert!(data(&hidden, "report-words") < data(&page(&[]), "report-words"));
    let run = geoip(["map", "-o", file, "-l", "arcs", LOG]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("--home is missing"), "{}", run.stderr);
}

#[test]
fn odd_options_are_refused_with_a_reason() {
    for (options, words) in [
        (&["--extent", "1,2,3"][..], "`1,2,3` is no extent"),
        (&["--extent", "0,0,nan,1"], "invalid extent"),
        (&["--center", "91,0"], "`91,0` is no place"),
        (&["--bandwidth", "wide"], "`wide` is no bandwidth"),
        (&["--bandwidth", "nan"], "invalid bandwidth"),
        (&["--bins", "circles"], "`circles` are no cells"),
        (&["--palette", "sunset"], "unknown colours `sunset`"),
        (&["--opacity", "2"], "invalid opacity"),
        (&["--floor=-1"], "invalid floor"),
        (&["--width", "0"], "invalid picture size"),
        (&["--dpi", "inf"], "invalid resolution"),
        (&["-l", "arcs"], "--home is missing"),
        (&["-l", "choropleth", "--range", "9,1"], "`9,1` is no range"),
        (&["--frames", "3"], "no frames without times"),
        (&["--tiles", "nobody"], "no tiles are known as `nobody`"),
        (&["--tiles", "http://127.0.0.1:9/{z}/{x}/{y}"], "whose tiles these are"),
        (&["--tiles", "osm", "--projection", "albers"], "tiles are squares"),
    ] {
        let path = folder("odd_options_are_refused_with_a_reason").join("map.png");
        let always = ["map", "-o", path.to_str().unwrap(), "--points", "-"];
        let run = geoip_reading(always.iter().chain(options), POINTS);
        assert_eq!(run.code, 2, "{options:?}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{options:?}: {}", run.stderr);
        assert!(!path.exists(), "{options:?}");
    }
}

#[test]
fn frames_follow_the_time_of_a_log() {
    let path = folder("frames_follow_the_time_of_a_log").join("map.png");
    let log = b"81.2.69.142 - - [01/Mar/2026:00:00:00 +0000] \"GET / HTTP/1.1\" 200 1\n\
        8.8.8.8 - - [03/Mar/2026:00:00:00 +0000] \"GET / HTTP/1.1\" 200 1\n";
    let file = path.to_str().unwrap();
    let options = ["map", "-q", "-o", file, "--width", "300", "--frames", "2"];
    let run = geoip_reading(options, log);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let picture = fs::read(path).unwrap();
    assert!(picture.windows(4).any(|name| name == b"acTL"));
}

#[test]
fn colours_tell_sources_from_destinations() {
    let folder = folder("colours_tell_sources_from_destinations");
    let path = folder.join("map.svg");
    let log = b"IN=eth0 SRC=81.2.69.142 DST=8.8.8.8 LEN=60\n\
        81.2.69.142:5353 -> 1.1.1.1:53\n";
    let options = [
        "map",
        "-q",
        "-l",
        "points",
        "--color-by",
        "direction",
        "-o",
        path.to_str().unwrap(),
    ];
    let run = geoip_reading(options, log);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let picture = fs::read_to_string(&path).unwrap();
    assert!(
        picture.contains(">source</text>") && picture.contains(">destination</text>")
    );
    let run = geoip_reading(options, b"81.2.69.142 8.8.8.8\n");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("no line tells a direction"), "{}", run.stderr);
}

#[test]
fn densities_are_written_as_geotiff() {
    let path = folder("densities_are_written_as_geotiff").join("map.tif");
    let run = geoip_reading(
        ["map", "-q", "-o", path.to_str().unwrap(), "--points", "-"],
        POINTS,
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(fs::read(path).unwrap().starts_with(b"II*\0"));
}

fn with_tiles(server: &Server, folder: &Path, name: &str) -> (i32, String, String) {
    let points = folder.join("points.csv");
    fs::write(&points, POINTS).unwrap();
    let output = folder.join(name);
    let template = format!("{}/{{z}}/{{x}}/{{y}}.png", server.url());
    let run = Command::new(env!("CARGO_BIN_EXE_geoip"))
        .args(["map", "--width", "300", "--tiles", &template])
        .args(["--tiles-credit", "© A server", "-o"])
        .arg(&output)
        .arg("--points")
        .arg(points)
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .output()
        .unwrap();
    let stderr = String::from_utf8(run.stderr).unwrap();
    let picture = fs::read(output).unwrap_or_default();
    (run.status.code().unwrap(), String::from_utf8(picture).unwrap(), stderr)
}

#[test]
fn tiles_lie_under_the_map_and_are_kept() {
    let folder = folder("tiles_lie_under_the_map_and_are_kept");
    let tile =
        geoip_render::png(&geoip_render::Map::new("").size(400, Some(400))).unwrap();
    let server = Server::start(move |request| match request.path() {
        "/0/0/0.png" | "/1/0/0.png" | "/1/1/0.png" => {
            Reply::file(request, &tile, "v1").header("Cache-Control", "max-age=600")
        }
        "/1/0/1.png" => Reply::ok("<html>no tile</html>"),
        _ => Reply::status(404),
    });
    let (code, picture, stderr) = with_tiles(&server, &folder, "first.svg");
    assert_eq!(code, 0, "{stderr}");
    assert!(picture.contains("<g id=\"tiles\">") && picture.contains("© A server"));
    assert!(picture.contains("Mercator projection"));
    let asked = server.paths().len();
    assert!(asked >= 1, "{:?}", server.paths());

    // What is still good is not asked for again.
    let (code, again, stderr) = with_tiles(&server, &folder, "second.svg");
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(picture, again);
    let second = server.paths().split_off(asked);
    assert!(!second.iter().any(|path| path == "/0/0/0.png"), "{second:?}");
}

#[test]
fn a_server_without_tiles_leaves_the_outlines() {
    let folder = folder("a_server_without_tiles_leaves_the_outlines");
    let server = Server::start(|_| Reply::status(404));
    let (code, picture, stderr) = with_tiles(&server, &folder, "map.svg");
    assert_eq!(code, 0, "{stderr}");
    assert!(picture.contains("missing: outlines stand in"), "{stderr}");
    assert!(!picture.contains("<g id=\"tiles\">"));
}

#[test]
fn tiles_may_be_jpeg_and_webp() {
    let folder = folder("tiles_may_be_jpeg_and_webp");
    let jpeg = include_bytes!("../../geoip-render/tests/tiles/plain.jpg");
    let webp = include_bytes!("../../geoip-render/tests/tiles/plain.webp");
    let server = Server::start(move |request| match request.path() {
        "/1/0/0.png" | "/1/1/0.png" => Reply::ok(webp.as_slice()),
        "/1/0/1.png" => Reply::ok(&jpeg[..300]),
        _ => Reply::ok(jpeg.as_slice()),
    });
    let (code, picture, stderr) = with_tiles(&server, &folder, "map.svg");
    assert_eq!(code, 0, "{stderr}");
    assert!(picture.contains("<g id=\"tiles\">"), "{stderr}");
}

#[test]
fn a_server_that_is_slow_ends_no_map() {
    let folder = folder("a_server_that_is_slow_ends_no_map");
    let server = Server::start(|_| {
        Reply::ok(&b"\x89PNG\r\n\x1a\n"[..]).stalled_after(4, Duration::from_mins(10))
    });
    let start = Instant::now();
    let (code, picture, stderr) = with_tiles(&server, &folder, "map.svg");
    assert_eq!(code, 0, "{stderr}");
    assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());
    assert!(stderr.contains("no more tiles"), "{stderr}");
    assert!(picture.contains("missing: outlines stand in"), "{stderr}");
}

#[test]
fn letters_of_other_scripts_come_from_a_font() {
    let folder = folder("letters_of_other_scripts_come_from_a_font");
    let squares =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../geoip-render/tests/fonts/squares.ttf");
    let path = folder.join("map.png");
    let always = ["map", "-o", path.to_str().unwrap(), "--width", "300", "--points", "-"];
    let drawn = |options: &[&str]| {
        let run = geoip_reading(always.iter().chain(options), POINTS);
        (run.code, run.stderr)
    };
    let (code, stderr) = drawn(&["--title", "漢字"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(
        stderr.contains("2 letters are in no font") && stderr.contains("--font FILE")
    );
    let without = fs::read(&path).unwrap();
    // A blank letter of Hangul, which a terminal would not show.
    let (_, stderr) = drawn(&["--title", "\u{3164}"]);
    assert!(stderr.contains("(\\u{3164})"), "{stderr}");
    let (code, stderr) = drawn(&["--title", "漢字", "--font", squares]);
    assert!(code == 0 && !stderr.contains("in no font"), "{stderr}");
    assert_ne!(without, fs::read(&path).unwrap());
    let (code, stderr) =
        drawn(&["--font", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")]);
    assert_eq!(code, 2);
    assert!(stderr.contains("cannot read the font") && stderr.contains("no TrueType"));
}

#[test]
fn a_country_without_a_place_is_an_error() {
    let run =
        geoip(["map", "-o", "never.png", "--extent", "AN", "--points", "/dev/null"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("has no place on the base map"), "{}", run.stderr);
}
