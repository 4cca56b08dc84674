//! `geoip map`: where the addresses are.

mod layers;
mod options;

use anyhow::{Context, Result};
use geoip_core::{CountryCode, Enricher};
use geoip_render::{Extent, Theme};

use crate::{
    args::{self, Global, LayerKind, MapFormat, ThemeKind},
    failure::Hinted,
    gather::{self, Gathered, GatheredPlace, amount},
    output::{self, Outcome},
    text::{addresses, counted, hits},
};

pub(crate) fn run(global: &Global, options: &args::Map) -> Result<Outcome> {
    let format = format(global, options)?;
    let extent = options::extent(&options.extent)?;
    let (gathered, enricher) = gather::gather(global, &options.places)?;
    let map = describe(options, format, extent, &gathered, enricher.as_ref())?;
    let picture = match format {
        MapFormat::Png => geoip_render::png(&map)?,
        MapFormat::Svg => geoip_render::svg(&map)?.into_bytes(),
        MapFormat::Html => geoip_render::html(&map)?.into_bytes(),
        MapFormat::Geojson => geojson(&gathered)?,
        MapFormat::Geotiff => geoip_render::geotiff(&map)?,
    };
    output::write_result(global, |out| Ok(out.write_all(&picture)?))?;

    for note in &map.notes {
        output::note(global, note);
    }
    let shown = !gathered.places.is_empty() || !gathered.countries.is_empty();
    if !shown {
        output::note(global, "no address could be placed: the map is empty, and says so");
    }
    Ok(Outcome::of(shown))
}

/// The kind of picture: said by `--format`, or by the extension of the file.
fn format(global: &Global, options: &args::Map) -> Result<MapFormat> {
    const HINT: &str = "for example: -o map.png, -o map.svg, -o map.html";
    if let Some(format) = options.format {
        return Ok(format);
    }
    let Some(path) = &global.output else {
        return Err(Hinted::error("no file to draw to: --output is missing", HINT));
    };
    let extension = path.extension().and_then(|extension| extension.to_str());
    match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("png") => Ok(MapFormat::Png),
        Some("svg") => Ok(MapFormat::Svg),
        Some("html" | "htm") => Ok(MapFormat::Html),
        Some("geojson" | "json") => Ok(MapFormat::Geojson),
        Some("tif" | "tiff") => Ok(MapFormat::Geotiff),
        _ => Err(Hinted::error(
            format!("cannot tell the kind of picture from {}", path.display()),
            "end the name in .png, .svg, .html, .geojson or .tif, or say --format",
        )),
    }
}

/// The map as data.
fn describe(
    options: &args::Map,
    format: MapFormat,
    extent: Extent,
    gathered: &Gathered,
    enricher: Option<&Enricher>,
) -> Result<geoip_render::Map> {
    let title = options.title.clone();
    let title =
        title.unwrap_or_else(|| format!("Where the addresses of {} are", gathered.title));
    let theme = match options.theme {
        ThemeKind::Dark => Theme::Dark,
        ThemeKind::Light => Theme::Light,
    };
    let mut map = geoip_render::Map::new(title)
        .subtitle(subtitle(gathered))
        .extent(extent)
        .size(options.width, options.height)
        .theme(theme);
    map.projection = options.projection.map(options::projection);
    (map.transparent, map.dpi) = (options.transparent, options.dpi);
    map.country_names = options.country_names;
    if let Some(center) = &options.center {
        map = map.center(options::center(center)?);
    }
    for info in &gathered.sources {
        if let Some(credit) = &info.attribution {
            map = map.credit(&credit.text, &credit.url);
        }
    }
    let kinds = kinds(options, format);
    for note in notes(gathered, &kinds) {
        map = map.note(note);
    }
    for layer in kinds {
        map = match layer {
            LayerKind::Heat => map.layer(layers::heat(options, gathered)?),
            LayerKind::Points => map.layer(layers::points(options, gathered, enricher)?),
            LayerKind::Choropleth => map.layer(layers::choropleth(options, gathered)?),
            LayerKind::Groups => {
                let (groups, note) = layers::groups(options, gathered)?;
                map.notes.extend(note);
                map.layer(groups)
            }
            LayerKind::Arcs => map.layer(layers::arcs(options, gathered, enricher)?),
        };
    }
    Ok(map)
}

/// The layers asked for; a page can switch between layers, so it gets all of them.
fn kinds(options: &args::Map, format: MapFormat) -> Vec<LayerKind> {
    if !options.layer.is_empty() {
        return options.layer.clone();
    }
    match format {
        MapFormat::Html => {
            vec![LayerKind::Choropleth, LayerKind::Heat, LayerKind::Points]
        }
        _ => vec![LayerKind::Heat],
    }
}

fn subtitle(gathered: &Gathered) -> String {
    let placed = counted(gathered.places.len() as u64, "place", "places");
    let countries = counted(gathered.countries.len() as u64, "country", "countries");
    let sources: Vec<_> = gathered.sources.iter().map(ToString::to_string).collect();
    let mut parts = vec![
        addresses(gathered.all.addresses),
        hits(gathered.all.hits),
        format!("{placed} in {countries}"),
    ];
    if !sources.is_empty() {
        parts.push(sources.join(", "));
    }
    parts.join(" · ")
}

/// What the layers leave out, and why.
fn notes(gathered: &Gathered, layers: &[LayerKind]) -> Vec<String> {
    let mut notes = gathered.notes();
    let coarse = gathered.coarse();
    if coarse.addresses > 0 {
        let treated = match (
            layers.contains(&LayerKind::Heat),
            layers.contains(&LayerKind::Points),
        ) {
            (true, true) => "hollow circles, not in the heat",
            (true, false) => "not in the heat",
            (false, true) => "hollow circles",
            (false, false) => "counted for their country",
        };
        notes.push(format!(
            "{} known to a region or country only: {treated}",
            amount(coarse)
        ));
    }
    notes
}

/// Places as GeoJSON points (RFC 7946: longitude first).
fn geojson(gathered: &Gathered) -> Result<Vec<u8>> {
    let feature = |place: &GatheredPlace| {
        serde_json::json!({
            "type": "Feature",
            "geometry": {
                "type": "Point",
                "coordinates": [place.point.lng(), place.point.lat()],
            },
            "properties": {
                "name": place.full_name(),
                "country": place.country.map(CountryCode::as_str),
                "subdivision": place.subdivision,
                "city": place.city,
                "precision": place.precision.name(),
                "accuracy_radius_km": place.radius_km,
                "hits": place.count.hits,
                "addresses": place.count.addresses,
            },
        })
    };
    let features: Vec<_> = gathered.places.iter().map(feature).collect();
    let credits: Vec<_> = gathered.sources.iter().map(ToString::to_string).collect();
    let collection = serde_json::json!({
        "type": "FeatureCollection",
        "features": features,
        "sources": credits,
    });
    serde_json::to_vec(&collection).context("cannot write GeoJSON")
}
