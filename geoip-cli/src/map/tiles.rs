//! Tiles under a map, when they are asked for.

use std::time::SystemTime;

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
    let client = Client::new(&ClientOptions::default())?;
    let mut tiles = Tiles::new(&client, source, SystemTime::now());
    if let Some(folder) = folders::of_caches() {
        tiles = tiles.cache(&folder.join("tiles"));
    }
    let mut found = Vec::with_capacity(needed.tiles.len());
    let mut failures = 0;
    for (x, y) in needed.tiles {
        match tiles.fetch(needed.zoom, x, y) {
            Ok(picture) => found.extend(picture.map(|png| Tile { x, y, png })),
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
