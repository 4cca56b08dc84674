//! Tiles of a base map.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod support;

use std::time::{Duration, Instant};

use geoip_fetch::{
    Error, Secret,
    tiles::{TileSource, Tiles},
};
use geoip_testkit::http::{Reply, Server};
use support::{client, now};
use tempfile::tempdir;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nthe rest of a picture";

fn source(server: &Server) -> TileSource {
    TileSource::new(&format!("{}/{{z}}/{{x}}/{{y}}.png", server.url()), "© us").unwrap()
}

#[test]
fn a_tile_is_fetched_by_zoom_column_and_row() {
    let server = Server::start(|_| Reply::ok(PNG));
    let client = client();
    let tiles = Tiles::new(&client, source(&server), now());
    assert_eq!(tiles.fetch(3, 5, 2).unwrap().unwrap(), PNG);
    assert_eq!(server.paths(), ["/3/5/2.png"]);
    let agent = server.requests()[0].header("user-agent").unwrap().to_owned();
    assert!(agent.starts_with("geoip-fetch/") && agent.contains("https://"), "{agent}");
    // There are no such tiles in the world, and nobody is asked for them.
    assert_eq!(tiles.fetch(3, 8, 0).unwrap(), None);
    assert_eq!(tiles.fetch(23, 0, 0).unwrap(), None);
    assert_eq!(tiles.fetch(255, 0, 0).unwrap(), None);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn rows_from_the_south_and_keys_have_their_place() {
    let server = Server::start(|_| Reply::status(403).body("bad key K&1"));
    let template = format!("{}/{{z}}/{{x}}/{{-y}}?key={{key}}", server.url());
    let source = TileSource::new(&template, "© us").unwrap().key(Secret::new("K&1"));
    let client = client();
    let error = Tiles::new(&client, source, now()).fetch(3, 5, 2).unwrap_err();
    assert_eq!(server.requests()[0].target, "/3/5/5?key=K%261");
    assert!(matches!(error, Error::Refused { .. }), "{error}");
    assert!(!error.to_string().contains("K&1"), "{error}");
}

#[test]
fn a_second_run_asks_for_nothing_that_is_still_good() {
    let folder = tempdir().unwrap();
    let server = Server::start(|request| match request.path() {
        "/0/0/0.png" => {
            Reply::file(request, PNG, "v1").header("Cache-Control", "max-age=60")
        }
        _ => Reply::status(404),
    });
    let client = client();
    let at = |seconds| {
        let now = now() + Duration::from_secs(seconds);
        Tiles::new(&client, source(&server), now).cache(folder.path())
    };
    for seconds in [0, 59] {
        assert_eq!(at(seconds).fetch(0, 0, 0).unwrap().unwrap(), PNG);
        assert_eq!(at(seconds).fetch(1, 0, 0).unwrap(), None);
    }
    assert_eq!(server.paths(), ["/0/0/0.png", "/1/0/0.png"]);
    // Then it is asked whether there is another, which there is not.
    assert_eq!(at(61).fetch(0, 0, 0).unwrap().unwrap(), PNG);
    assert_eq!(server.requests()[2].header("if-none-match"), Some("\"v1\""));
    assert_eq!(at(100).fetch(0, 0, 0).unwrap().unwrap(), PNG);
    assert_eq!(server.requests().len(), 3);

    // Without a connection, old tiles are better than none.
    let source = source(&server);
    drop(server);
    let offline = Tiles::new(&client, source, now() + Duration::from_secs(1000));
    let offline = offline.cache(folder.path());
    assert_eq!(offline.fetch(0, 0, 0).unwrap().unwrap(), PNG);
    assert!(offline.fetch(2, 0, 0).unwrap_err().is_offline());
}

#[test]
fn what_must_not_be_kept_is_not() {
    let folder = tempdir().unwrap();
    let server = Server::start(|_| Reply::ok(PNG).header("Cache-Control", "no-store"));
    let client = client();
    for _ in 0..2 {
        let tiles = Tiles::new(&client, source(&server), now()).cache(folder.path());
        assert!(tiles.fetch(0, 0, 0).unwrap().is_some());
    }
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn what_is_no_tile_is_said_so() {
    let client = client();
    let fetch = |reply: Reply| {
        let server = Server::start(move |_| reply.clone());
        Tiles::new(&client, source(&server), now()).fetch(0, 0, 0).unwrap_err()
    };
    let page = fetch(Reply::ok("<html>Access blocked</html>"));
    assert!(matches!(page, Error::Unusable { .. }), "{page}");
    let slow = fetch(Reply::ok(PNG).after(Duration::from_secs(3)));
    assert!(matches!(slow, Error::TimedOut { .. }), "{slow}");
    let endless = fetch(Reply::ok(vec![0; 4096]).endless());
    assert!(matches!(endless, Error::TooLarge { .. }), "{endless}");
    let blocked = fetch(Reply::status(429).body("Too many"));
    assert!(matches!(blocked, Error::Quota { .. }), "{blocked}");
}

#[test]
fn a_picture_needs_so_many_tiles_and_no_faster() {
    let server = Server::start(|_| Reply::ok(PNG));
    let client = client();
    let tiles = Tiles::new(&client, source(&server), now())
        .interval(Duration::from_millis(40))
        .most_tiles(3);
    let begun = Instant::now();
    for column in 0..3 {
        tiles.fetch(3, column, 0).unwrap();
    }
    assert!(begun.elapsed() >= Duration::from_millis(80));
    let error = tiles.fetch(3, 4, 0).unwrap_err();
    assert!(matches!(error, Error::TooManyTiles { .. }), "{error}");
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn providers_are_credited() {
    for name in TileSource::names() {
        let source = TileSource::named(name).unwrap();
        assert!(source.attribution().contains("OpenStreetMap"), "{name}");
        assert!(source.host().unwrap().contains('.'), "{name}");
    }
    assert!(TileSource::named("nobody").is_none());
}
