//! Whole pictures: golden files, what is said on them, and odd values.
//!
//! `GEOIP_BLESS=1 cargo test -p geoip-render --test pictures` writes the golden files
//! anew.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests are no tests to the lint, and may panic all the same"
)]

use std::{env, fs, path::Path};

use geoip_core::{CountryCode, LatLng, WeightedPoint};
use geoip_render::{
    Arc, Arcs, Bins, Choropleth, Classes, Error, Extent, Group, Groups, Heat, Layer, Map,
    Mark, Marker, Palette, PointColor, Points, Projection, Scale, Theme, Unit, svg,
};
use proptest::prelude::*;

const ICELAND: Extent =
    Extent::Box { west: -25.0, south: 63.0, east: -13.0, north: 67.0 };

fn place(lat: f64, lng: f64) -> LatLng {
    LatLng::new(lat, lng).unwrap()
}

fn weighted(lat: f64, lng: f64, weight: u64) -> WeightedPoint {
    WeightedPoint { point: place(lat, lng), weight }
}

fn country(code: &str) -> CountryCode {
    code.parse().unwrap()
}

fn small(title: &str) -> Map {
    Map::new(title)
        .extent(ICELAND)
        .size(400, None)
        .credit("A source", "https://example.org")
}

/// Compares a picture with its golden file. Rasters are left out: what is in them is
/// tested cell by cell, and their bytes depend on the version of a compressor.
fn golden(name: &str, map: &Map) {
    let drawn = svg(map).unwrap();
    let mut parts = drawn.split(";base64,");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(";base64,");
        text.push_str(part.find('"').map_or("", |end| &part[end..]));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if env::var_os("GEOIP_BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap();
    let differing =
        text.lines().zip(expected.lines()).find(|(ours, golden)| ours != golden);
    assert_eq!(differing, None, "{name}");
    assert_eq!(text.lines().count(), expected.lines().count(), "{name}");
}

#[test]
fn heat_is_as_it_was() {
    let points = vec![weighted(64.15, -21.94, 900), weighted(65.68, -18.09, 30)];
    golden("heat.svg", &small("Heat").layer(Heat::new(points, Unit::Hits)));
}

#[test]
fn hexagons_are_as_they_were() {
    let points = vec![weighted(64.15, -21.94, 900), weighted(65.68, -18.09, 30)];
    let heat = Heat::new(points, Unit::Hits).bins(Bins::Hexagons(40.0));
    let map = small("Hexagons").projection(Projection::EqualEarth);
    golden("hexagons.svg", &map.layer(heat.scale(Scale::Linear)));
}

#[test]
fn points_are_as_they_were() {
    let markers = vec![
        Marker::new(place(64.15, -21.94), 900, "Reykjavík"),
        Marker::new(place(65.68, -18.09), 30, "Akureyri <b>"),
        Marker::new(place(65.0, -19.0), 100, "Iceland").coarse(true),
    ];
    let map = small("Points").theme(Theme::Light).note("3 addresses are private");
    golden("points.svg", &map.layer(Points::new(markers, Unit::Addresses)));
}

#[test]
fn a_choropleth_is_as_it_was() {
    let counts = ["DE", "DK", "NL", "BE", "LU", "SG"].map(country);
    let counts = counts.into_iter().zip([4000, 300, 20, 1, 7, 9]).collect();
    let extent = Extent::Box { west: 3.0, south: 49.4, east: 9.0, north: 54.0 };
    let map = small("Countries").extent(extent).theme(Theme::Light);
    golden("choropleth.svg", &map.layer(Choropleth::new(counts, Unit::Addresses)));
}

#[test]
fn groups_are_as_they_were() {
    let corners = vec![place(65.5, -18.5), place(65.5, -17.5), place(66.0, -18.0)];
    let groups = vec![
        Group::new("South-west", place(64.1, -21.5), 60.0, 1000),
        Group::new("North", place(65.7, -18.0), 50.0, 10).outline(corners),
    ];
    golden("groups.svg", &small("Groups").layer(Groups::new(groups, Unit::Hits)));
}

#[test]
fn arcs_are_as_they_were() {
    let home = place(64.15, -21.94);
    let arcs = vec![
        Arc::new(place(65.68, -18.09), home, 900, "Akureyri"),
        Arc::new(place(40.0, -100.0), home, 9, "Far <away>"),
    ];
    golden("arcs.svg", &small("Arcs").layer(Arcs::new(arcs, Unit::Hits).home("Home")));
}

#[test]
fn names_and_categories_are_as_they_were() {
    let markers = vec![
        Marker::new(place(64.15, -21.94), 900, "Reykjavík, Iceland").category("tor"),
        Marker::new(place(64.14, -21.90), 90, "Kópavogur, Iceland").category("vpn"),
        Marker::new(place(65.68, -18.09), 30, "Akureyri, Iceland"),
    ];
    let points = Points::new(markers, Unit::Addresses)
        .color(PointColor::Category)
        .mark(Mark::Dot)
        .labels(2)
        .merge_px(2.0);
    let map = small("Names").country_names().city_names(3);
    golden("names.svg", &map.projection(Projection::Albers).layer(points));
}

#[test]
fn natural_breaks_and_a_table_are_as_they_were() {
    let counts = ["DE", "DK", "NL", "BE", "LU", "SG"].map(country);
    let counts = counts.into_iter().zip([4000, 3900, 20, 1, 7, 9]).collect();
    let extent = Extent::Box { west: 3.0, south: 49.4, east: 9.0, north: 54.0 };
    let layer = Choropleth::new(counts, Unit::Hits)
        .classes(Classes::Jenks)
        .palette(Palette::Viridis)
        .range(5, 3950)
        .table(4);
    golden("jenks.svg", &small("Breaks").extent(extent).layer(layer));
}

#[test]
fn every_projection_draws_the_world() {
    for projection in Projection::ALL {
        let map = Map::new("x").size(300, None).projection(projection);
        let picture = svg(&map.center(place(40.0, 15.0))).unwrap();
        assert!(picture.to_lowercase().contains(&projection.name().to_lowercase()));
        assert_well_formed(&picture);
    }
}

#[test]
fn every_kind_of_classes_has_a_legend() {
    let counts: Vec<_> =
        CountryCode::all().enumerate().map(|(i, code)| (code, (i * i) as u64)).collect();
    for (classes, words) in [
        (Classes::Log, "log classes"),
        (Classes::Equal, "equal classes"),
        (Classes::Quantile, "as many countries"),
        (Classes::Jenks, "natural breaks"),
        (Classes::Linear, "linear scale"),
        (Classes::Distinct, "countries with most"),
    ] {
        let layer = Choropleth::new(counts.clone(), Unit::Hits).classes(classes);
        let picture = svg(&Map::new("x").size(700, None).layer(layer)).unwrap();
        assert!(picture.contains(words), "{words}");
        assert!(picture.contains("<title>Kosovo: "), "{words}");
    }
}

#[test]
fn an_empty_map_says_so() {
    let layers: [Layer; 5] = [
        Arcs::new(vec![], Unit::Hits).into(),
        Heat::new(vec![], Unit::Hits).into(),
        Points::new(vec![], Unit::Hits).into(),
        Choropleth::new(vec![(country("SE"), 0)], Unit::Hits).into(),
        Groups::new(vec![], Unit::Hits).into(),
    ];
    for layer in layers {
        assert!(svg(&small("x").layer(layer)).unwrap().contains("No hits to show"));
    }
    assert!(svg(&small("x")).unwrap().contains("No addresses to show"));
    golden("empty.svg", &small("Nothing"));
}

#[test]
fn what_lies_outside_is_counted() {
    let points = vec![weighted(64.15, -21.94, 900), weighted(0.0, 0.0, 1234)];
    let picture = svg(&small("x").layer(Heat::new(points, Unit::Hits))).unwrap();
    assert!(picture.contains("1,234 of 2,134 hits lie outside of this map"));
}

#[test]
fn a_country_without_an_outline_is_a_circle_and_france_is_not_guiana() {
    let counts = vec![(country("GF"), 5), (country("SG"), 70), (country("AN"), 3)];
    let map = Map::new("x").size(800, None);
    let picture = svg(&map.layer(Choropleth::new(counts, Unit::Addresses))).unwrap();
    assert!(picture.contains("<title>French Guiana: 5 addresses</title></path>"));
    assert!(picture.contains("<title>Singapore: 70 addresses</title></circle>"));
    assert!(picture.contains("not on any map: Netherlands Antilles: 3 addresses"));
    assert!(!picture.contains("<title>France"));
}

#[test]
fn every_text_is_escaped() {
    const EVIL: &str = "\"><script>alert('1')</script>&\u{0}\u{202e}\u{ffff}";
    let map = Map::new(EVIL)
        .subtitle(EVIL)
        .note(EVIL)
        .credit(EVIL, "javascript:alert(1)")
        .credit("quote", "https://example.org/\"onload=\"x")
        .extent(ICELAND)
        .size(400, None)
        .layer(Points::new(vec![Marker::new(place(65.0, -19.0), 1, EVIL)], Unit::Hits))
        .layer(Groups::new(
            vec![Group::new(EVIL, place(65.0, -19.0), 9.0, 1)],
            Unit::Hits,
        ));
    let picture = svg(&map).unwrap();
    for bad in
        ["<script", "href=\"javascript", "\"onload=\"", "\u{0}", "\u{202e}", "\u{ffff}"]
    {
        assert!(!picture.contains(bad), "{bad:?}");
    }
    assert!(picture.contains("&lt;script&gt;"));
    assert_well_formed(&picture);
}

/// Tags nest, attributes are quoted, and no stray `<` or `&` is left.
fn assert_well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    for (index, part) in xml.split('<').enumerate() {
        if index == 0 {
            assert_eq!(part.trim(), "");
            continue;
        }
        let (tag, text) = part.split_once('>').expect("a tag ends");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().unwrap());
        }
        for reference in tag.split('&').skip(1).chain(text.split('&').skip(1)) {
            let name = reference.split_once(';').expect("a reference ends").0;
            assert!(["lt", "gt", "amp", "quot", "#39"].contains(&name), "{name}");
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn sizes_that_cannot_be_are_refused() {
    for (width, height) in [
        (0, None),
        (159, None),
        (u32::MAX, None),
        (1600, Some(0)),
        (1600, Some(u32::MAX)),
        (16_000, Some(16_000)),
        (16_000, None),
    ] {
        let error = svg(&Map::new("x").size(width, height)).unwrap_err();
        assert!(matches!(error, Error::InvalidSize { .. }), "{width} {height:?}");
    }
    let text = "many words ".repeat(90);
    let crowded = Map::new(&text).subtitle(&text).size(300, Some(200));
    let message = svg(&crowded).unwrap_err().to_string();
    assert!(message.contains("need a height of"), "{message}");
}

#[test]
fn numbers_that_are_none_are_refused() {
    let points = vec![weighted(1.0, 1.0, 1)];
    for bandwidth_km in [f64::NAN, f64::INFINITY, 0.0, -5.0, 1e9] {
        let heat = Heat::new(points.clone(), Unit::Hits).bandwidth_km(bandwidth_km);
        let error = svg(&small("x").layer(heat)).unwrap_err();
        assert!(matches!(error, Error::InvalidBandwidth { .. }), "{bandwidth_km}");
    }
    let heat = || Heat::new(points.clone(), Unit::Hits);
    for heat in [
        heat().bandwidth_px(f64::NAN),
        heat().bandwidth_px(1e9),
        heat().opacity(1.1),
        heat().opacity(f64::NAN),
        heat().range(Some(0.0), None),
        heat().range(None, Some(f64::INFINITY)),
        heat().range(Some(2.0), Some(1.0)),
        heat().bins(Bins::Hexagons(0.0)),
        heat().bins(Bins::Squares(f64::NAN)),
    ] {
        let error = svg(&small("x").layer(heat)).unwrap_err();
        assert!(matches!(error, Error::InvalidHeat { .. }), "{error}");
    }
    for radius_km in [f64::NAN, -1.0, 1e9] {
        let group = Group::new("g", place(0.0, 0.0), radius_km, 1);
        let error =
            svg(&small("x").layer(Groups::new(vec![group], Unit::Hits))).unwrap_err();
        assert!(matches!(error, Error::InvalidRadius { .. }), "{radius_km}");
    }
    for degrees_east in [f64::NAN, 181.0] {
        let error = svg(&small("x").central_meridian(degrees_east)).unwrap_err();
        assert!(matches!(error, Error::InvalidCentralMeridian { .. }));
    }
}

#[cfg(feature = "png")]
#[test]
fn a_png_is_what_was_asked_for() {
    let points = vec![weighted(64.15, -21.94, 900)];
    let map = small("漢字 and עברית").size(400, Some(500));
    let bytes = geoip_render::png(&map.layer(Heat::new(points, Unit::Hits))).unwrap();
    let decoder = png::Decoder::new(std::io::Cursor::new(&bytes));
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((info.width, info.height), (400, 500));
    let brightest = pixels.chunks_exact(3).map(|p| p[0]).max().unwrap();
    assert!(brightest > 200, "the heat is there");
}

#[cfg(feature = "png")]
fn chunk(bytes: &[u8], name: [u8; 4]) -> Option<&[u8]> {
    let at = bytes.windows(4).position(|window| window == name)?;
    let length = u32::from_be_bytes(bytes[at - 4..at].try_into().unwrap()) as usize;
    bytes.get(at + 4..at + 4 + length)
}

#[cfg(feature = "png")]
#[test]
fn a_png_tells_its_dots_an_inch_and_its_title() {
    let bytes = geoip_render::png(&small("Größe").dpi(300.0)).unwrap();
    let dots = 11_811_u32.to_be_bytes();
    assert_eq!(chunk(&bytes, *b"pHYs").unwrap(), [&dots[..], &dots, &[1]].concat());
    let title = chunk(&bytes, *b"iTXt").unwrap();
    assert!(title.ends_with("Größe".as_bytes()));
    for dpi in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let error = geoip_render::png(&small("x").dpi(dpi)).unwrap_err();
        assert!(matches!(error, Error::InvalidResolution { .. }), "{dpi}");
    }
}

#[cfg(feature = "png")]
#[test]
fn a_transparent_picture_has_nothing_behind_its_text() {
    let heat = Heat::new(vec![weighted(64.15, -21.94, 900)], Unit::Hits);
    let map = small("Clear").transparent().layer(heat);
    let bytes = geoip_render::png(&map).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgba);
    assert_eq!(pixels[3], 0, "the corner");
    assert!(pixels.chunks_exact(4).any(|pixel| pixel[3] == 255));
    assert!(!svg(&map).unwrap().contains("<rect width=\"400\""));
}

#[cfg(feature = "png")]
#[test]
fn the_frames_of_an_animation_share_one_scale() {
    let frame = |weight| {
        let heat = Heat::new(vec![weighted(64.15, -21.94, weight)], Unit::Hits);
        small("Frames").size(300, Some(300)).layer(heat)
    };
    let frames = [frame(9), frame(90_000)];
    let bytes = geoip_render::animated_png(&frames, 500).unwrap();
    let control = chunk(&bytes, *b"acTL").unwrap();
    assert_eq!(control[..4], 2_u32.to_be_bytes());
    let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
    let mut brightest = || {
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        // Of the map alone, without the text and the legend.
        let map = pixels[300 * 3 * 60..300 * 3 * 160].chunks_exact(3);
        map.map(|pixel| pixel[0]).max().unwrap()
    };
    let (few, many) = (brightest(), brightest());
    assert!(many > few, "{few} {many}");
    let other = small("Frames").size(320, Some(300));
    for bad in [vec![], vec![frame(1), other]] {
        let error = geoip_render::animated_png(&bad, 500).unwrap_err();
        assert!(matches!(error, Error::InvalidFrames { .. }), "{error}");
    }
}

fn layers() -> impl Strategy<Value = Layer> {
    let lat = prop_oneof![-90.0..=90.0, Just(-90.0), Just(90.0)];
    let lng = prop_oneof![-180.0..=180.0, Just(-180.0), Just(180.0)];
    let weight = prop_oneof![0..10_u64, Just(u64::MAX), any::<u64>()];
    let points = proptest::collection::vec((lat, lng, weight, ".{0,12}"), 0..8);
    (points, 0..7, 5.0..5000.0, 0.0..20_000.0).prop_map(
        |(points, kind, bandwidth_km, radius_km): (
            Vec<(f64, f64, u64, String)>,
            _,
            _,
            _,
        )| {
            let rows = points.into_iter();
            match kind {
                0 => {
                    let points =
                        rows.map(|(lat, lng, w, _)| weighted(lat, lng, w)).collect();
                    Heat::new(points, Unit::Hits).bandwidth_km(bandwidth_km).into()
                }
                1 => {
                    let marker =
                        |(lat, lng, w, title)| Marker::new(place(lat, lng), w, title);
                    Points::new(rows.map(marker).collect(), Unit::Hits).into()
                }
                4 => {
                    let points: Vec<_> =
                        rows.map(|(lat, lng, w, _)| weighted(lat, lng, w)).collect();
                    let radii = points.iter().map(|_| radius_km).collect();
                    Heat::new(points, Unit::Hits)
                        .bandwidth_px(bandwidth_km / 10.0)
                        .radii_km(radii)
                        .single_kernel()
                        .scale(Scale::Quantile)
                        .palette(Palette::Turbo)
                        .into()
                }
                5 => {
                    let points =
                        rows.map(|(lat, lng, w, _)| weighted(lat, lng, w)).collect();
                    let bins = Bins::Hexagons(bandwidth_km);
                    Heat::new(points, Unit::Hits).bins(bins).scale(Scale::Linear).into()
                }
                2 => {
                    let codes = CountryCode::all().step_by(31);
                    let counts = codes.zip(rows.map(|row| row.2)).collect();
                    let classes =
                        if radius_km > 9000.0 { Classes::Jenks } else { Classes::Equal };
                    Choropleth::new(counts, Unit::Hits).classes(classes).table(5).into()
                }
                6 => {
                    let places: Vec<_> = rows.collect();
                    let arcs = places.windows(2).map(|pair| {
                        let ends = [0, 1].map(|end| place(pair[end].0, pair[end].1));
                        Arc::new(ends[0], ends[1], pair[0].2, pair[1].3.clone())
                    });
                    let arcs = arcs.collect();
                    Arcs::new(arcs, Unit::Hits).home("home").into()
                }
                _ => {
                    let group = |(lat, lng, w, label)| {
                        Group::new(label, place(lat, lng), radius_km, w)
                    };
                    Groups::new(rows.map(group).collect(), Unit::Hits).into()
                }
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn whatever_a_map_holds_is_drawn_or_refused(
        title in ".{0,60}",
        layers in proptest::collection::vec(layers(), 0..3),
        box_sides in proptest::option::of((
            -180.0..=180.0, -90.0..=90.0, -180.0..=180.0, -90.0..=90.0,
        )),
        which in 0..Projection::ALL.len(),
        central in proptest::option::of(-180.0..=180.0),
        width in 160..500_u32,
        height in proptest::option::of(160..500_u32),
    ) {
        let mut map = Map::new(title).size(width, height).projection(Projection::ALL[which]);
        map.central_meridian = central;
        map.layers = layers;
        map.extent = box_sides.map_or(Extent::Auto, |(west, south, east, north)| {
            Extent::Box { west, south, east, north }
        });
        match svg(&map) {
            Ok(picture) => {
                // Quoted, for titles and rasters may hold any letters.
                for odd in ["\"NaN\"", "\"inf\"", "\"-inf\""] {
                    prop_assert!(!picture.contains(odd), "{}", odd);
                }
                assert_well_formed(&picture);
            }
            Err(Error::InvalidSize { .. } | Error::InvalidExtent { .. }) => {}
            Err(error) => prop_assert!(false, "{error}"),
        }
    }
}
