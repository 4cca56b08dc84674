//! Draw places as heat and circles, as a picture and as a page.
//!
//! ```text
//! $ cargo run --release -p geoip-examples --example draw_a_map
//! wrote places.png and places.html to /tmp
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it did")]

use std::{error::Error, fs};

use geoip_core::{LatLng, WeightedPoint};
use geoip_render::{Heat, Map, Marker, Points, Unit};

fn main() -> Result<(), Box<dyn Error>> {
    let visits = [
        ("London, United Kingdom", 51.51, -0.13, 40),
        ("São Paulo, Brazil", -23.55, -46.63, 25),
        ("Singapore", 1.29, 103.85, 90),
    ];
    let mut points = Vec::new();
    let mut markers = Vec::new();
    for (name, lat, lng, weight) in visits {
        let point = LatLng::new(lat, lng)?;
        points.push(WeightedPoint { point, weight });
        markers.push(Marker::new(point, weight, name).detail("Network", "192.0.2.0/24"));
    }

    // A map is inert data: drawing it opens no file and fetches nothing.
    let map = Map::new("Where the visitors are")
        .subtitle("155 visits to three cities")
        .note("2 addresses are private and have no place")
        .layer(Heat::new(points, Unit::Hits))
        .layer(Points::new(markers, Unit::Hits));

    let folder = std::env::temp_dir();
    fs::write(folder.join("places.png"), geoip_render::png(&map)?)?;
    fs::write(folder.join("places.html"), geoip_render::html(&map)?)?;
    println!("wrote places.png and places.html to {}", folder.display());
    Ok(())
}
