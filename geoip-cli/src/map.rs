//! `geoip map`: where the addresses are.

mod font;
mod frames;
mod layers;
pub(crate) mod options;
mod tiles;

use anyhow::{Context, Result};
use geoip_core::{CountryCode, Enricher};
use geoip_log::Timestamp;
use geoip_render::{Extent, Theme};

use crate::{
    args::{self, ColorKind, Global, LayerKind, MapFormat, ThemeKind},
    failure::Hinted,
    gather::{self, Gathered, GatheredPlace, amount},
    output::{self, Outcome},
    report,
    search::Noting,
    text::{addresses, counted, hits},
};

pub(crate) fn run(global: &Global, options: &args::Map) -> Result<Outcome> {
    let format = format(global, options)?;
    let extent = options::extent(&options.extent)?;
    // Given places are all there is to them; of addresses a reader may ask for more.
    if format == MapFormat::Html && options.places.points.is_none() {
        return write_page(global, options, extent);
    }
    let (gathered, enricher) = gather::gather(global, &options.places, noting(options))?;
    let font = options.font.as_deref().map(font::read).transpose()?;
    let mut map = describe(options, format, extent, &gathered, enricher.as_ref())?;
    map.font.clone_from(&font);
    if format == MapFormat::Png {
        font::tell_missing(global, &map);
    }
    let map = tiles::lay(global, options, map)?;
    let picture = match format {
        MapFormat::Png => match options.frames {
            Some(count) => {
                let mut maps =
                    frames::maps(options, count, extent, &gathered, enricher.as_ref())?;
                for map in &mut maps {
                    map.font.clone_from(&font);
                }
                geoip_render::animated_png(&maps, options.frame_time)?
            }
            None => geoip_render::png(&map)?,
        },
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
    say_what_is_missing(global, options, format, shown);
    Ok(Outcome::of(shown))
}

/// The map that its reader can filter.
fn write_page(global: &Global, options: &args::Map, extent: Extent) -> Result<Outcome> {
    let (report, shown) = report::of_map(global, options, extent)?;
    let page = geoip_render::report(&report)?;
    output::write_result(global, |out| Ok(out.write_all(page.as_bytes())?))?;
    for note in &report.map.notes {
        output::note(global, note);
    }
    say_what_is_missing(global, options, MapFormat::Html, shown);
    Ok(Outcome::of(shown))
}

fn say_what_is_missing(
    global: &Global,
    options: &args::Map,
    format: MapFormat,
    shown: bool,
) {
    if options.frames.is_some() && format != MapFormat::Png {
        output::note(
            global,
            "--frames are for .png only: this is one picture of all times",
        );
    }
    if !shown {
        output::note(global, "no address could be placed: the map is empty, and says so");
    }
}

/// What the map needs to know of each address.
fn noting(options: &args::Map) -> Noting {
    Noting {
        times: true,
        timeline: options.frames.is_some(),
        directions: options.points.color_by == ColorKind::Direction,
    }
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
    (map.country_names, map.city_names) = (options.country_names, options.city_names);
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
        // Given places need not tell their country.
        if gathered.countries.is_empty() {
            placed
        } else {
            format!("{placed} in {countries}")
        },
    ];
    parts.extend(gathered.span.map(span));
    if !sources.is_empty() {
        parts.push(sources.join(", "));
    }
    parts.join(" · ")
}

/// Days, or times if they are few: `2026-03-01 to 2026-03-07`, `2026-03-01 08:15 to 09:40 UTC`.
fn span((first_time, last_time): (Timestamp, Timestamp)) -> String {
    // 2026-03-01T08:15:30Z
    let (first, last) = (first_time.to_string(), last_time.to_string());
    let parts = |text: &str| {
        let (day, time) = text.split_once('T').unwrap_or((text, ""));
        (day.to_owned(), time.get(..5).unwrap_or_default().to_owned())
    };
    let ((first_day, from), (last_day, to)) = (parts(&first), parts(&last));
    let days = (last_time.seconds() - first_time.seconds()) / 86_400;
    match (first_day == last_day, from == to) {
        (true, true) => format!("{first_day} {from} UTC"),
        (true, false) => format!("{first_day} {from} to {to} UTC"),
        (false, _) if days < 3 => format!("{first_day} {from} to {last_day} {to} UTC"),
        (false, _) => format!("{first_day} to {last_day}"),
    }
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
