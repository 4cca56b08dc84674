//! Density as numbers, for other programs.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "cells of a grid whose sides are bounded"
)]

use crate::{
    Error, Heat, Layer, Map, Projection,
    density::DensityGrid,
    draw,
    frame::{Frame, Rect},
    text,
};

/// The density of a map's first heat layer as a `GeoTIFF`: 32-bit numbers, addresses or
/// hits a square kilometre, in degrees of longitude and latitude (EPSG:4326), north at
/// the top. It has as many columns as the map has pixels or fewer, where the kernel is
/// wide enough for that.
///
/// # Errors
/// [`Error::NoHeat`] if the map has no such layer, and what [`Error`] lists of sizes,
/// extents and bandwidths.
///
/// # References
/// TIFF 6.0 (1992); OGC `GeoTIFF` Standard 1.1 (OGC 19-008r4), section 7.
///
/// # Examples
/// ```
/// use geoip_core::{LatLng, WeightedPoint};
/// use geoip_render::{Heat, Map, Unit, geotiff};
///
/// let oslo = WeightedPoint { point: LatLng::new(59.91, 10.75)?, weight: 40 };
/// let map = Map::new("Oslo").size(400, None).layer(Heat::new(vec![oslo], Unit::Hits));
/// assert!(geotiff(&map)?.starts_with(b"II*\0"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn geotiff(map: &Map) -> Result<Vec<u8>, Error> {
    let heat = map.layers.iter().find_map(|layer| match layer {
        Layer::Heat(heat) => Some(heat),
        _ => None,
    });
    let heat = heat.ok_or(Error::NoHeat)?;
    let mut flat = map.clone();
    flat.projection = Some(Projection::Equirectangular);
    flat.height = None;
    let region = draw::region(&flat)?;
    let width = f64::from(map.width);
    let bottom = (width * region.aspect_ratio()).clamp(1.0, width);
    let rect = Rect { left: 0.0, top: 0.0, right: width, bottom };
    let frame = Frame::fit(&region, rect);
    let grid = DensityGrid::new(&heat.points, &frame, &draw::spread(heat));
    Ok(write(&grid, &frame, &description(map, heat)))
}

fn description(map: &Map, heat: &Heat) -> String {
    let noun = heat.unit.noun(2);
    // The format asks for letters of ASCII.
    let title = text::clean(&map.title).replace(|letter: char| !letter.is_ascii(), "?");
    format!("{title}: {noun} per square kilometre, two Gaussian kernels")
}

/// A field of the directory: its number and what it holds.
enum Field<'a> {
    Short(u16, &'a [u16]),
    Long(u16, u32),
    Double(u16, &'a [f64]),
    Ascii(u16, &'a str),
}

fn write(grid: &DensityGrid, frame: &Frame, description: &str) -> Vec<u8> {
    const HEADER: u32 = 8;
    let rect = frame.rect;
    let degrees = |pixels: f64| (pixels / frame.scale).to_degrees();
    let cell = (
        degrees(rect.width() / grid.columns as f64),
        degrees(rect.height() / grid.rows as f64),
    );
    let (west, north) = frame.unplace((rect.left, rect.top)).unwrap_or((-180.0, 90.0));
    let scale = [cell.0, cell.1, 0.0];
    let tie = [0.0, 0.0, 0.0, west + frame.aspect.central, north, 0.0];
    // Geographic, cells are areas, WGS 84.
    let keys = [1, 1, 1, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326];
    let bytes = (grid.cells.len() * 4) as u32;
    let fields = [
        Field::Long(256, grid.columns as u32),
        Field::Long(257, grid.rows as u32),
        Field::Short(258, &[32]),
        Field::Short(259, &[1]),
        Field::Short(262, &[1]),
        Field::Ascii(270, description),
        Field::Long(273, HEADER),
        Field::Short(277, &[1]),
        Field::Long(278, grid.rows as u32),
        Field::Long(279, bytes),
        Field::Short(339, &[3]),
        Field::Double(33_550, &scale),
        Field::Double(33_922, &tie),
        Field::Short(34_735, &keys),
    ];
    let mut out = b"II*\0".to_vec();
    out.extend((HEADER + bytes).to_le_bytes());
    out.extend(grid.cells.iter().flat_map(|cell| cell.to_le_bytes()));

    // What does not fit into its entry follows the directory.
    let mut beyond = Vec::new();
    let after = HEADER + bytes + 2 + fields.len() as u32 * 12 + 4;
    out.extend((fields.len() as u16).to_le_bytes());
    for field in &fields {
        let (tag, kind, count, value) = match field {
            Field::Short(tag, values) => {
                let bytes: Vec<u8> =
                    values.iter().flat_map(|v| v.to_le_bytes()).collect();
                (*tag, 3_u16, values.len(), bytes)
            }
            Field::Long(tag, value) => (*tag, 4, 1, value.to_le_bytes().to_vec()),
            Field::Double(tag, values) => {
                let bytes: Vec<u8> =
                    values.iter().flat_map(|v| v.to_le_bytes()).collect();
                (*tag, 12, values.len(), bytes)
            }
            Field::Ascii(tag, text) => {
                let bytes: Vec<u8> = text.bytes().chain([0]).collect();
                (*tag, 2, bytes.len(), bytes)
            }
        };
        out.extend(tag.to_le_bytes());
        out.extend(kind.to_le_bytes());
        out.extend((count as u32).to_le_bytes());
        if value.len() <= 4 {
            let mut inline = [0; 4];
            inline[..value.len()].copy_from_slice(&value);
            out.extend(inline);
        } else {
            out.extend((after + beyond.len() as u32).to_le_bytes());
            beyond.extend(value);
            // Every value starts at an even byte.
            beyond.resize(beyond.len().next_multiple_of(2), 0);
        }
    }
    out.extend(0_u32.to_le_bytes());
    out.extend(beyond);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Extent, Unit};
    use geoip_core::{LatLng, WeightedPoint};

    fn long(bytes: &[u8], at: usize) -> usize {
        u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
    }

    /// The place of a field's value, by reading the directory.
    fn field(bytes: &[u8], wanted: u16) -> (usize, usize) {
        let directory = long(bytes, 4);
        let count = u16::from_le_bytes([bytes[directory], bytes[directory + 1]]) as usize;
        let entry = (0..count)
            .map(|index| directory + 2 + index * 12)
            .find(|&at| u16::from_le_bytes([bytes[at], bytes[at + 1]]) == wanted)
            .unwrap();
        (entry + 8, long(bytes, entry + 8))
    }

    #[test]
    fn the_densest_cell_lies_at_the_point() {
        let place = LatLng::new(59.91, 10.75).unwrap();
        let heat =
            Heat::new(vec![WeightedPoint { point: place, weight: 40 }], Unit::Hits);
        let extent = Extent::Box { west: 0.0, south: 50.0, east: 30.0, north: 70.0 };
        let map = Map::new("Ås").size(600, None).extent(extent).layer(heat);
        let bytes = geotiff(&map).unwrap();
        let (columns, rows) = (field(&bytes, 256).1, field(&bytes, 257).1);
        let double =
            |at: usize| f64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
        let (scale, tie) = (field(&bytes, 33_550).1, field(&bytes, 33_922).1);
        let cells: Vec<f32> = bytes[8..8 + columns * rows * 4]
            .chunks_exact(4)
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect();
        let densest = (0..cells.len()).max_by(|&a, &b| cells[a].total_cmp(&cells[b]));
        let (row, column) = (densest.unwrap() / columns, densest.unwrap() % columns);
        let lng = double(tie + 24) + (column as f64 + 0.5) * double(scale);
        let lat = double(tie + 32) - (row as f64 + 0.5) * double(scale + 8);
        assert!((lng - 10.75).abs() < 2.0 * double(scale), "{lng}");
        assert!((lat - 59.91).abs() < 2.0 * double(scale + 8), "{lat}");
        // The sum over the ground is the weight.
        let sum: f64 = cells
            .iter()
            .enumerate()
            .map(|(index, &cell)| {
                let lat = double(tie + 32)
                    - ((index / columns) as f64 + 0.5) * double(scale + 8);
                let km = 111.195 * 111.195 * double(scale) * double(scale + 8);
                f64::from(cell) * km * lat.to_radians().cos()
            })
            .sum();
        assert!((sum / 40.0 - 1.0).abs() < 0.03, "{sum}");
    }

    #[test]
    fn a_map_without_heat_has_no_numbers() {
        assert!(matches!(geotiff(&Map::new("x")), Err(Error::NoHeat)));
    }
}
