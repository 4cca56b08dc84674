//! Tiles under a map, when they are asked for.

use std::time::{Duration, Instant, SystemTime};

use anyhow::Result;
use geoip_fetch::{
    Client, ClientOptions,
    tiles::{TileSource, Tiles},
};
use geoip_render::{Credit, Map, Projection, Tile, tiles_needed};

use crate::{
    args::{self, Global},
    failure::Hinted,
    folders, output,
};

/// How long a server may keep one waiting for the next bytes of a tile.
const WAIT: Duration = Duration::from_secs(5);
/// How long one waits for all tiles: after that, outlines stand in for the others.
const WAIT_FOR_ALL: Duration = Duration::from_mins(2);

/// The map with the tiles that it has room for. A tile that cannot be had is left out,
/// and the map says so.
pub(super) fn lay(global: &Global, options: &args::Map, mut map: Map) -> Result<Map> {
    let Some(name) = &options.tiles else { return Ok(map) };
    let source = source(name, &options.tiles_credit)?;
    if map.projection.is_some_and(|projection| projection != Projection::Mercator) {
        return Err(Hinted::error(
            "tiles are squares of the Mercator projection",
            "leave --projection out, or say --projection mercator",
        ));
    }
    map.projection = Some(Projection::Mercator);
    let needed = tiles_needed(&map, source.deepest_zoom())?;
    let credit = Credit { text: source.attribution().to_owned(), url: String::new() };
    let patience = ClientOptions::default().connect_timeout(WAIT).idle_timeout(WAIT);
    let client = Client::new(&patience.attempts(1))?;
    let start = Instant::now();
    let mut tiles = Tiles::new(&client, source, SystemTime::now());
    if let Some(folder) = folders::of_caches() {
        tiles = tiles.cache(&folder.join("tiles"));
    }
    let mut found = Vec::with_capacity(needed.tiles.len());
    let mut failures = 0;
    for (x, y) in needed.tiles {
        if start.elapsed() > WAIT_FOR_ALL {
            output::note(global, "no more tiles: their server is too slow");
            break;
        }
        match tiles.fetch(needed.zoom, x, y) {
            Ok(picture) => found.extend(picture.map(|picture| Tile { x, y, picture })),
            // A server that is not there will not be there for the next one either.
            Err(error) if found.is_empty() || failures > 2 => {
                output::note(global, &format!("no more tiles: {error}"));
                break;
            }
            Err(_) => failures += 1,
        }
    }
    Ok(map.tiles(geoip_render::Tiles::new(needed.zoom, found, credit)))
}

fn source(name: &str, credit: &str) -> Result<TileSource> {
    if let Some(known) = TileSource::named(name) {
        return Ok(known);
    }
    if !name.contains("://") {
        let names: Vec<_> = TileSource::names().collect();
        return Err(Hinted::error(
            format!("no tiles are known as `{name}`"),
            format!("{}, or an address with {{z}}, {{x}} and {{y}}", names.join(", ")),
        ));
    }
    if credit.is_empty() {
        return Err(Hinted::error(
            "whose tiles these are must stand on the map",
            "say it with --tiles-credit",
        ));
    }
    Ok(TileSource::new(name, credit)?)
}
