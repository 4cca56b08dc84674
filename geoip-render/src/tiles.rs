//! Pictures of the ground that others made, as squares of the Mercator map.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "numbers of tiles and pixels of a picture are bounded"
)]

mod decode;

use std::f64::consts::PI;

use self::decode::decode;
use crate::{
    Credit, Error, Map, Projection, draw,
    frame::Frame,
    scene::{Image, Item},
};

/// No picture is laid with more tiles: servers ask not to be asked for many.
const MOST: usize = 256;
/// Sides of a tile in pixels, which zooms are counted by.
const SIDE: f64 = 256.0;

/// Pictures of the ground under a map in the Mercator projection: streets, relief.
///
/// Outlines stand in for tiles that are missing or cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tiles {
    /// The zoom of all tiles.
    pub zoom: u8,
    /// The tiles, in any order.
    pub tiles: Vec<Tile>,
    /// Whose they are; drawn below the map.
    pub credit: Credit,
}

impl Tiles {
    /// Tiles of a zoom, with whose they are.
    pub fn new(zoom: u8, tiles: Vec<Tile>, credit: Credit) -> Self {
        Self { zoom, tiles, credit }
    }
}

/// A square of the Mercator map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Column from the antimeridian to the east.
    pub x: u32,
    /// Row from the north.
    pub y: u32,
    /// The picture: PNG, and with the feature `tiles` JPEG or WebP as well.
    pub picture: Vec<u8>,
}

/// The tiles that a map has room for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TileGrid {
    /// The zoom that fits the scale.
    pub zoom: u8,
    /// Column and row of each.
    pub tiles: Vec<(u32, u32)>,
}

/// Which tiles a map has room for: those of the zoom that fits its scale, but of none
/// beyond `max_zoom`, and never more than 256.
///
/// # Errors
/// [`Error::TilesNeedMercator`] in another projection, and what drawing the map meets.
///
/// # Examples
/// ```
/// use geoip_render::{Map, Projection, tiles_needed};
///
/// let map = Map::new("World").projection(Projection::Mercator).size(512, None);
/// let needed = tiles_needed(&map, 19)?;
/// assert_eq!((needed.zoom, needed.tiles.len()), (1, 4));
/// # Ok::<(), geoip_render::Error>(())
/// ```
pub fn tiles_needed(map: &Map, max_zoom: u8) -> Result<TileGrid, Error> {
    let frame = draw::frame(map)?;
    check(&frame)?;
    let fitting = (frame.scale * 2.0 * PI / SIDE).log2().round();
    let mut zoom = (fitting.max(0.0) as u8).min(max_zoom).min(24);
    loop {
        let tiles = covering(&frame, zoom);
        if tiles.len() <= MOST || zoom == 0 {
            return Ok(TileGrid { zoom, tiles });
        }
        zoom -= 1;
    }
}

pub(crate) fn check(frame: &Frame) -> Result<(), Error> {
    let projection = frame.aspect.projection;
    if projection == Projection::Mercator {
        return Ok(());
    }
    Err(Error::TilesNeedMercator { projection: projection.name() })
}

/// The tiles of a zoom that a frame shows.
fn covering(frame: &Frame, zoom: u8) -> Vec<(u32, u32)> {
    let count = 1_u32 << zoom;
    (0..count)
        .filter(|&row| {
            let (_, top, side) = place(frame, zoom, 0, row);
            top < frame.rect.bottom && top + side > frame.rect.top
        })
        .take(MOST + 1)
        .flat_map(|row| {
            let columns = (0..count)
                .filter(move |&column| turns(frame, zoom, column, row).next().is_some());
            columns.take(MOST + 1).map(move |column| (column, row))
        })
        .take(MOST + 1)
        .collect()
}

/// Left, top and side of a tile in pixels.
fn place(frame: &Frame, zoom: u8, column: u32, row: u32) -> (f64, f64, f64) {
    let size = 2.0 * PI / f64::from(1_u32 << zoom);
    let west = f64::from(column) * size - PI - frame.aspect.central.to_radians();
    let (left, top) = frame.on_picture((west, PI - f64::from(row) * size));
    (left, top, size * frame.scale)
}

/// Where a tile is seen: it may be so at both ends of the world.
fn turns(
    frame: &Frame,
    zoom: u8,
    column: u32,
    row: u32,
) -> impl Iterator<Item = (f64, f64, f64)> {
    let (left, top, side) = place(frame, zoom, column, row);
    let turn = 2.0 * PI * frame.scale;
    let rect = frame.rect;
    let world = frame.on_picture((-PI, 0.0)).0..frame.on_picture((PI, 0.0)).0;
    [-turn, 0.0, turn].into_iter().map(move |shift| (left + shift, top, side)).filter(
        move |&(left, top, side)| {
            left < rect.right.min(world.end)
                && left + side > rect.left.max(world.start)
                && top < rect.bottom
                && top + side > rect.top
        },
    )
}

/// The tiles as rasters, and how many could not be read or are missing.
pub(crate) fn items(tiles: &Tiles, frame: &Frame) -> (Vec<Item>, usize, usize) {
    let zoom = tiles.zoom.min(24);
    let wanted = covering(frame, zoom);
    let mut items = Vec::new();
    let mut missing = 0;
    for &(column, row) in &wanted {
        let tile = tiles.tiles.iter().find(|tile| (tile.x, tile.y) == (column, row));
        let Some(image) = tile.and_then(|tile| decode(&tile.picture)) else {
            missing += 1;
            continue;
        };
        items.extend(
            turns(frame, zoom, column, row).filter_map(|at| cut(&image, at, frame)),
        );
    }
    (items, missing, wanted.len())
}

/// The part of a tile that lies in the frame, on whole pixels so that neighbours meet.
fn cut(image: &Image, (left, top, side): (f64, f64, f64), frame: &Frame) -> Option<Item> {
    let rect = frame.rect;
    let world = frame.on_picture((-PI, 0.0)).0..frame.on_picture((PI, 0.0)).0;
    let (x0, x1) = (
        left.max(rect.left).max(world.start).round(),
        (left + side).min(rect.right).min(world.end).round(),
    );
    let (y0, y1) = (top.max(rect.top).round(), (top + side).min(rect.bottom).round());
    let (width, height) = ((x1 - x0).max(0.0) as usize, (y1 - y0).max(0.0) as usize);
    if width == 0 || height == 0 {
        return None;
    }
    let mut rgba = Vec::with_capacity(width * height * 4);
    for row in 0..height {
        let v = (y0 + row as f64 + 0.5 - top) / side * image.height as f64;
        for column in 0..width {
            let u = (x0 + column as f64 + 0.5 - left) / side * image.width as f64;
            rgba.extend(image.between(u - 0.5, v - 0.5));
        }
    }
    let (x, y) = (x0 as f32, y0 as f32);
    let image = Image { width, height, rgba };
    Some(Item::Raster { x, y, width: width as f32, height: height as f32, image })
}

impl Image {
    /// The colour between the four pixels around a place.
    fn between(&self, x: f64, y: f64) -> [u8; 4] {
        let (x, y) = (
            x.clamp(0.0, (self.width - 1) as f64),
            y.clamp(0.0, (self.height - 1) as f64),
        );
        let (left, top) = (x as usize, y as usize);
        let (u, v) = (x.fract(), y.fract());
        let (right, below) =
            ((left + 1).min(self.width - 1), (top + 1).min(self.height - 1));
        [0, 1, 2, 3].map(|channel| {
            let at = |column: usize, row: usize| {
                f64::from(self.rgba[(row * self.width + column) * 4 + channel])
            };
            let upper = at(left, top) * (1.0 - u) + at(right, top) * u;
            let lower = at(left, below) * (1.0 - u) + at(right, below) * u;
            (upper * (1.0 - v) + lower * v).round() as u8
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Extent, encode, svg};

    fn world() -> Map {
        Map::new("").projection(Projection::Mercator).size(600, None)
    }

    fn plain(rgb: [u8; 3]) -> Vec<u8> {
        let pixels = rgb.repeat(16 * 16);
        encode::png(16, 16, png::ColorType::Rgb, &pixels).unwrap()
    }

    fn credit() -> Credit {
        Credit { text: "© Someone".to_owned(), url: String::new() }
    }

    #[test]
    fn the_tiles_of_a_box_cover_it() {
        let extent =
            Extent::Box { west: 170.0, south: -50.0, east: -170.0, north: -30.0 };
        let map = world().extent(extent).size(1600, None);
        let needed = tiles_needed(&map, 19).unwrap();
        assert!(needed.zoom > 4 && needed.tiles.len() <= MOST);
        let last = (1 << needed.zoom) - 1;
        let columns: Vec<u32> = needed.tiles.iter().map(|tile| tile.0).collect();
        assert!(
            columns.contains(&0) && columns.contains(&last),
            "both sides of the line"
        );
        let shallow = tiles_needed(&map, 3).unwrap();
        assert_eq!(shallow.zoom, 3);
    }

    #[test]
    fn tiles_need_mercator() {
        let error = tiles_needed(&Map::new(""), 19).unwrap_err();
        assert!(matches!(error, Error::TilesNeedMercator { .. }), "{error}");
        let mut map = Map::new("").size(300, None);
        map.tiles = Some(Tiles::new(0, Vec::new(), credit()));
        assert!(svg(&map).is_err());
    }

    #[cfg(feature = "png")]
    #[test]
    fn tiles_lie_where_they_should_and_outlines_stand_in_for_the_others() {
        let mut map = world();
        let tiles = [(0, 0, [200, 0, 0]), (1, 0, [0, 200, 0]), (0, 1, [0, 0, 200])];
        let mut tiles: Vec<Tile> = tiles
            .into_iter()
            .map(|(x, y, rgb)| Tile { x, y, picture: plain(rgb) })
            .collect();
        tiles.push(Tile { x: 1, y: 1, picture: b"<html>429 too many".to_vec() });
        map.tiles = Some(Tiles::new(1, tiles, credit()));
        let picture = svg(&map).unwrap();
        assert!(picture.contains("© Someone"));
        assert!(picture.contains("1 of 4 tiles is missing"), "{}", &picture[..600]);
        let bytes = crate::png(&map).unwrap();
        let image = decode(&bytes).unwrap();
        let frame = draw::frame(&map).unwrap();
        for (lng, lat, rgb) in [
            (-60.0, 60.0, [200, 0, 0]),
            (100.0, 75.0, [0, 200, 0]),
            (-150.0, -30.0, [0, 0, 200]),
        ] {
            let (x, y) = frame.pixel((lng, lat));
            assert_eq!(image.between(x, y)[..3], rgb, "{lng} {lat}");
        }
    }
}
