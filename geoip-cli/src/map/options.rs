//! What options of `geoip map` mean.

use anyhow::Result;
use geoip_core::{CountryCode, LatLng};
use geoip_render::{Bins, Classes, Extent, Heat, Projection, Scale};

use crate::{
    args::{ClassKind, HeatOptions, ProjectionKind, ScaleKind},
    failure::Hinted,
};

pub(super) fn extent(text: &str) -> Result<Extent> {
    match text {
        "world" => return Ok(Extent::World),
        "auto" => return Ok(Extent::Auto),
        _ => {}
    }
    if let Ok(country) = text.to_ascii_uppercase().parse::<CountryCode>() {
        return Ok(Extent::Country(country));
    }
    match numbers(text).as_deref() {
        Some(&[west, south, east, north]) => Ok(Extent::Box { west, south, east, north }),
        _ => Err(Hinted::error(
            format!("`{text}` is no extent"),
            "world, auto, a country code such as FR, or west,south,east,north in degrees, \
             such as -11,35,40,70 for Europe",
        )),
    }
}

pub(crate) fn center(text: &str) -> Result<LatLng> {
    let place = match numbers(text).as_deref() {
        Some(&[lat, lng]) => LatLng::new(lat, lng).ok(),
        _ => None,
    };
    place.ok_or_else(|| {
        Hinted::error(
            format!("`{text}` is no place"),
            "latitude,longitude in degrees, such as 35.7,139.7 for Tokyo",
        )
    })
}

/// Numbers with commas between them.
fn numbers(text: &str) -> Option<Vec<f64>> {
    text.split(',').map(|number| number.trim().parse().ok()).collect()
}

pub(super) fn projection(kind: ProjectionKind) -> Projection {
    match kind {
        ProjectionKind::EqualEarth => Projection::EqualEarth,
        ProjectionKind::NaturalEarth => Projection::NaturalEarth,
        ProjectionKind::Robinson => Projection::Robinson,
        ProjectionKind::Mercator => Projection::Mercator,
        ProjectionKind::Equirectangular => Projection::Equirectangular,
        ProjectionKind::Orthographic => Projection::Orthographic,
        ProjectionKind::AzimuthalEqualArea => Projection::AzimuthalEqualArea,
        ProjectionKind::Stereographic => Projection::Stereographic,
        ProjectionKind::Albers => Projection::Albers,
    }
}

/// Sets what was said about heat.
pub(crate) fn heat(options: &HeatOptions, heat: &mut Heat) -> Result<()> {
    if let Some(text) = &options.bandwidth {
        let hint = "kilometres or pixels, such as 80, 80km or 12px";
        let (number, is_pixels) = match text.strip_suffix("px") {
            Some(pixels) => (pixels, true),
            None => (text.strip_suffix("km").unwrap_or(text), false),
        };
        let width: f64 = number
            .trim()
            .parse()
            .map_err(|_| Hinted::error(format!("`{text}` is no bandwidth"), hint))?;
        *(if is_pixels { &mut heat.bandwidth_px } else { &mut heat.bandwidth_km }) =
            Some(width);
    }
    heat.single_kernel = options.single_kernel;
    heat.bins = options.bins.as_deref().map(bins).transpose()?;
    heat.scale = match options.scale {
        ScaleKind::Log => Scale::Log,
        ScaleKind::Linear => Scale::Linear,
        ScaleKind::Quantile => Scale::Quantile,
    };
    heat.palette = options.palette.parse()?;
    heat.opacity = options.opacity.unwrap_or(Heat::OPACITY);
    (heat.floor, heat.ceiling) = (options.floor, options.ceiling);
    Ok(())
}

/// `hexagons`, `squares:50` or `hexagons:200km`.
fn bins(text: &str) -> Result<Bins> {
    const WIDTH_KM: f64 = 150.0;
    let (shape, width) = text.split_once(':').unwrap_or((text, ""));
    let width = match width.strip_suffix("km").unwrap_or(width).trim() {
        "" => Some(WIDTH_KM),
        width => width.parse().ok(),
    };
    match (shape, width) {
        ("hexagons" | "hexagon" | "hex", Some(km)) => Ok(Bins::Hexagons(km)),
        ("squares" | "square" | "grid", Some(km)) => Ok(Bins::Squares(km)),
        _ => Err(Hinted::error(
            format!("`{text}` are no cells"),
            "hexagons or squares, with a width: hexagons:100km",
        )),
    }
}

pub(super) fn classes(kind: ClassKind) -> Classes {
    match kind {
        ClassKind::Log => Classes::Log,
        ClassKind::Equal => Classes::Equal,
        ClassKind::Quantile => Classes::Quantile,
        ClassKind::Jenks => Classes::Jenks,
        ClassKind::Linear => Classes::Linear,
        ClassKind::Distinct => Classes::Distinct,
    }
}

/// `10,5000`.
pub(super) fn range(text: &str) -> Result<(u64, u64)> {
    let ends = text.split_once(',').and_then(|(least, most)| {
        Some((least.trim().parse().ok()?, most.trim().parse().ok()?))
    });
    ends.filter(|(least, most)| least < most).ok_or_else(|| {
        Hinted::error(format!("`{text}` is no range"), "two counts such as 10,5000")
    })
}
