//! The names of countries and cities.

#![expect(
    clippy::cast_possible_truncation,
    reason = "pixels of a picture whose sides are bounded"
)]

use super::{Canvas, Taken, label::Style};
use crate::{
    basemap,
    scene::Item,
    text::{self, Weight},
};

/// Names of countries over them, largest first, and of the largest cities, as far as
/// there is room beside the names of the layers.
pub(super) fn draw(canvas: &Canvas<'_>, taken: &mut Taken) -> Vec<Item> {
    let mut items = Vec::new();
    if canvas.map.country_names {
        items.extend(countries(canvas, taken));
    }
    if canvas.map.city_names > 0 {
        items.extend(cities(canvas, taken));
    }
    items
}

fn style(canvas: &Canvas<'_>, size: f32, weight: Weight) -> Style {
    Style {
        size: size * canvas.page.text,
        weight,
        color: canvas.colors.quiet,
        halo: canvas.colors.halo,
        longest: 220.0 * canvas.page.text,
    }
}

/// Countries whose name is hardly wider than they are.
fn countries(canvas: &Canvas<'_>, taken: &mut Taken) -> Vec<Item> {
    let style = style(canvas, 12.5, Weight::SemiBold);
    let mut shapes: Vec<_> = canvas.base.shapes.iter().collect();
    shapes.sort_by(|a, b| b.1.area().total_cmp(&a.1.area()));
    shapes
        .into_iter()
        .filter_map(|(country, path)| {
            let country = (*country)?;
            let place = basemap::anchor(country)?;
            let name = country.name();
            let fits = text::width(name, style.size, style.weight) < 1.15 * path.width();
            (fits && canvas.frame.shows(place))
                .then(|| taken.over(canvas.frame.place(place), name, &style))
                .flatten()
        })
        .collect()
}

/// The largest cities in view with a dot each.
fn cities(canvas: &Canvas<'_>, taken: &mut Taken) -> Vec<Item> {
    let style = style(canvas, 11.5, Weight::Regular);
    let radius = 1.6 * canvas.page.unit;
    let mut items = Vec::new();
    let mut named = 0;
    for (name, place) in basemap::cities() {
        if named == canvas.map.city_names {
            break;
        }
        if !canvas.frame.shows(place) {
            continue;
        }
        let at = canvas.frame.place(place);
        if let Some(label) = taken.beside(at, radius, name, &style) {
            named += 1;
            items.push(dot(at, radius, canvas));
            items.push(label);
        }
    }
    items
}

fn dot((x, y): (f64, f64), radius: f32, canvas: &Canvas<'_>) -> Item {
    Item::Circle {
        x: x as f32,
        y: y as f32,
        radius,
        fill: canvas.colors.quiet,
        outline: canvas.colors.halo,
        width: 0.8 * canvas.page.unit,
        title: String::new(),
    }
}

/// Whose names of cities these are.
pub(super) const CREDIT: (&str, &str) =
    ("City names: GeoNames, CC BY 4.0", "https://www.geonames.org");

#[cfg(test)]
mod tests {
    use super::*;
    use geoip_core::LatLng;

    #[test]
    fn the_largest_cities_come_first_and_lie_where_they_do() {
        let cities: Vec<(&str, LatLng)> = basemap::cities().collect();
        assert!(cities.len() > 1000, "{}", cities.len());
        assert_eq!(cities[0].0, "Shanghai");
        let (_, oslo) = cities.iter().find(|(name, _)| *name == "Oslo").unwrap();
        assert!((oslo.lat() - 59.9).abs() < 0.1 && (oslo.lng() - 10.75).abs() < 0.1);
    }
}
