//! `geoip map`: where the addresses are.

use anyhow::{Context, Result};
use geoip_core::{CountryCode, Enricher};
use geoip_render::{Choropleth, Extent, Heat, Marker, Points, Projection, Theme, Unit};

use crate::{
    args::{self, Global, LayerKind, MapFormat, ProjectionKind, ThemeKind, Weight},
    failure::Hinted,
    gather::{self, Gathered, GatheredPlace, amount},
    output::{self, Outcome},
    text::{addresses, counted, hits},
};

/// How many addresses of a place a page lists.
const ADDRESSES_LISTED: usize = 20;

pub(crate) fn run(global: &Global, options: &args::Map) -> Result<Outcome> {
    let format = format(global, options)?;
    let extent = extent(&options.extent)?;
    let (gathered, enricher) = gather::gather(global, &options.places)?;
    let map = describe(options, format, extent, &gathered, enricher.as_ref())?;
    let picture = match format {
        MapFormat::Png => geoip_render::png(&map)?,
        MapFormat::Svg => geoip_render::svg(&map)?.into_bytes(),
        MapFormat::Html => geoip_render::html(&map)?.into_bytes(),
        MapFormat::Geojson => geojson(&gathered)?,
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
        _ => Err(Hinted::error(
            format!("cannot tell the kind of picture from {}", path.display()),
            "end the name in .png, .svg, .html or .geojson, or say --format",
        )),
    }
}

fn extent(text: &str) -> Result<Extent> {
    match text {
        "world" => return Ok(Extent::World),
        "auto" => return Ok(Extent::Auto),
        _ => {}
    }
    let sides: Option<Vec<f64>> =
        text.split(',').map(|side| side.trim().parse().ok()).collect();
    match sides.as_deref() {
        Some(&[west, south, east, north]) => Ok(Extent::Box { west, south, east, north }),
        _ => Err(Hinted::error(
            format!("`{text}` is no extent"),
            "world, auto, or west,south,east,north in degrees, such as -11,35,40,70 for Europe",
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
    let projection = match options.projection {
        ProjectionKind::EqualEarth => Projection::EqualEarth,
        ProjectionKind::NaturalEarth => Projection::NaturalEarth,
        ProjectionKind::Robinson => Projection::Robinson,
        ProjectionKind::Mercator => Projection::Mercator,
        ProjectionKind::Equirectangular => Projection::Equirectangular,
    };
    let theme = match options.theme {
        ThemeKind::Dark => Theme::Dark,
        ThemeKind::Light => Theme::Light,
    };
    let mut map = geoip_render::Map::new(title)
        .subtitle(subtitle(gathered))
        .projection(projection)
        .extent(extent)
        .size(options.width, options.height)
        .theme(theme);
    for info in &gathered.sources {
        if let Some(credit) = &info.attribution {
            map = map.credit(&credit.text, &credit.url);
        }
    }
    let layers = layers(options, format);
    for note in notes(gathered, &layers) {
        map = map.note(note);
    }
    for layer in layers {
        map = match layer {
            LayerKind::Heat => map.layer(heat(options, gathered)),
            LayerKind::Points => map.layer(points(options, gathered, enricher)?),
            LayerKind::Choropleth => map.layer(choropleth(options, gathered)),
        };
    }
    Ok(map)
}

/// The layers asked for; a page can switch between layers, so it gets all of them.
fn layers(options: &args::Map, format: MapFormat) -> Vec<LayerKind> {
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

fn unit(weight: Weight) -> Unit {
    match weight {
        Weight::Addresses => Unit::Addresses,
        Weight::Hits => Unit::Hits,
    }
}

fn heat(options: &args::Map, gathered: &Gathered) -> Heat {
    let precise = gathered.places.iter().filter(|place| place.is_precise());
    let points = precise.map(|place| place.weighted(options.weight)).collect();
    let heat = Heat::new(points, unit(options.weight));
    match options.bandwidth {
        Some(bandwidth_km) => heat.bandwidth_km(bandwidth_km),
        None => heat,
    }
}

fn choropleth(options: &args::Map, gathered: &Gathered) -> Choropleth {
    let count = |&(country, count): &(_, geoip_core::Count)| match options.weight {
        Weight::Addresses => (country, count.addresses),
        Weight::Hits => (country, count.hits),
    };
    Choropleth::new(gathered.countries.iter().map(count).collect(), unit(options.weight))
}

fn points(
    options: &args::Map,
    gathered: &Gathered,
    enricher: Option<&Enricher>,
) -> Result<Points> {
    let marker = |place| marker(place, options.weight, enricher);
    let markers = gathered.places.iter().map(marker).collect::<Result<_>>()?;
    Ok(Points::new(markers, unit(options.weight)))
}

fn marker(
    place: &GatheredPlace,
    weight: Weight,
    enricher: Option<&Enricher>,
) -> Result<Marker> {
    let mut marker = Marker::new(place.point, place.weight(weight), place.full_name())
        .coarse(!place.is_precise())
        .detail("Known to", place.precision.name())
        .detail("Hits", crate::text::thousands(place.count.hits));
    if let Some(radius_km) = place.radius_km {
        marker = marker.detail("Accuracy", format!("within {radius_km} km"));
    }
    if !place.addresses.is_empty() {
        marker =
            marker.detail("Addresses", crate::text::thousands(place.count.addresses));
    }
    for &(address, count) in place.addresses.iter().take(ADDRESSES_LISTED) {
        let record = enricher.map(|enricher| enricher.enrich(address)).transpose()?;
        let system = record.and_then(|record| record.autonomous_system);
        let operator = system.map(|system| {
            format!(", {} {}", system.number, system.organization.unwrap_or_default())
        });
        let value = format!("{}{}", hits(count), operator.unwrap_or_default());
        marker = marker.detail(address.to_string(), value);
    }
    let more = place.addresses.len().saturating_sub(ADDRESSES_LISTED);
    if more > 0 {
        marker = marker.detail("More", format!("{} not listed", addresses(more as u64)));
    }
    Ok(marker)
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
