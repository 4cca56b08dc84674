//! The place that arcs lead to.

use std::net::IpAddr;

use anyhow::Result;
use geoip_core::{Enricher, LatLng};
use geoip_render::Home;

use crate::{
    args::{LayerKind, LineOptions},
    failure::Hinted,
    map::options,
};

/// What `--home` says, if arcs are to be drawn.
pub(crate) fn asked_for<'o>(
    layers: &[LayerKind],
    options: &'o LineOptions,
) -> Result<Option<&'o str>> {
    let wants_arcs = layers.contains(&LayerKind::Arcs);
    if wants_arcs && options.home.is_none() {
        return Err(Hinted::error(
            "arcs lead nowhere: --home is missing",
            "such as --home 59.91,10.75 or --home 192.0.2.1",
        ));
    }
    let home = options.home.as_deref();
    Ok(home.filter(|_| wants_arcs || layers.is_empty()))
}

/// The place that `--home` names: latitude and longitude, or where an address is.
pub(crate) fn find(text: &str, name: &str, enricher: Option<&Enricher>) -> Result<Home> {
    let (point, known_as) = match text.parse::<IpAddr>() {
        Ok(address) => place_of(address, enricher)?,
        Err(_) => (options::center(text)?, String::new()),
    };
    let name = if name.is_empty() { known_as } else { name.to_owned() };
    Ok(Home { point, name })
}

/// Where an address is, and what that is called.
fn place_of(address: IpAddr, enricher: Option<&Enricher>) -> Result<(LatLng, String)> {
    let record = enricher.map(|enricher| enricher.enrich(address)).transpose()?;
    let place = record.and_then(|record| record.place);
    let point = place.and_then(|place| place.location.map(|location| location.point));
    let name = place.and_then(|place| place.city.or(place.country_name));
    point.map(|point| (point, name.unwrap_or_default().to_owned())).ok_or_else(|| {
        Hinted::error(
            format!("the place of {address} is not known"),
            "say --home latitude,longitude",
        )
    })
}
