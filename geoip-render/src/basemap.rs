//! The embedded outlines of countries, at three scales.

#![expect(
    clippy::cast_possible_truncation,
    reason = "the outlines have a grain of 200 m, for which an f32 is enough"
)]

use std::sync::OnceLock;

use geoip_core::{CountryCode, LatLng};

/// A corner of an outline: longitude and latitude in degrees.
pub(crate) type Corner = [f32; 2];

/// How finely the outlines are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// 1:110 million, for thumbnails and pages.
    Coarse,
    /// 1:50 million, for a picture of the world.
    Medium,
    /// 1:10 million, for a region.
    Fine,
}

impl Detail {
    /// The coarsest outlines that still look smooth.
    pub(crate) fn for_scale(pixels_per_degree: f64) -> Self {
        match pixels_per_degree {
            scale if scale < 2.0 => Self::Coarse,
            scale if scale < 12.0 => Self::Medium,
            _ => Self::Fine,
        }
    }
}

/// Outlines that share the lines between neighbours.
#[derive(Debug)]
pub(crate) struct BaseMap {
    /// Lines between the points where more than two shapes meet.
    pub(crate) arcs: Vec<Vec<Corner>>,
    /// What each arc is, in the same order.
    pub(crate) kinds: Vec<ArcKind>,
    /// Countries and what is drawn like one.
    pub(crate) shapes: Vec<Shape>,
}

/// What a line divides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ArcKind {
    /// Land and water.
    Coast,
    /// Two countries.
    Border,
    /// Parts of one country, or a country and what belongs to none: the line of
    /// control where it is not the border that the country codes follow.
    Disputed,
}

/// What is filled as one.
#[derive(Debug)]
pub(crate) struct Shape {
    /// The country whose code is used there.
    pub(crate) country: Option<CountryCode>,
    /// Outer rings and holes, as arc numbers; `!i` is arc `i` backwards.
    pub(crate) rings: Vec<Vec<i32>>,
}

impl BaseMap {
    /// The outlines of one scale, decoded on first use and kept.
    pub(crate) fn get(detail: Detail) -> &'static Self {
        static MAPS: [OnceLock<BaseMap>; 3] = [const { OnceLock::new() }; 3];
        let (index, bytes): (usize, &[u8]) = match detail {
            Detail::Coarse => (0, include_bytes!("../assets/countries-110m.bin")),
            Detail::Medium => (1, include_bytes!("../assets/countries-50m.bin")),
            Detail::Fine => (2, include_bytes!("../assets/countries-10m.bin")),
        };
        MAPS[index].get_or_init(|| {
            // A test decodes all three, so this cannot be met outside of development.
            Self::decode(bytes).expect("the embedded outlines are sound")
        })
    }

    /// The lakes that belong to the outlines of a scale, each a shape of no country.
    pub(crate) fn lakes(detail: Detail) -> &'static Self {
        static LAKES: [OnceLock<BaseMap>; 2] = [const { OnceLock::new() }; 2];
        let (index, bytes): (usize, &[u8]) = match detail {
            Detail::Coarse | Detail::Medium => {
                (0, include_bytes!("../assets/lakes-50m.bin"))
            }
            Detail::Fine => (1, include_bytes!("../assets/lakes-10m.bin")),
        };
        LAKES[index]
            .get_or_init(|| Self::decode(bytes).expect("the embedded lakes are sound"))
    }

    /// Reads what the workspace's builder wrote; its module says what the bytes mean.
    fn decode(bytes: &[u8]) -> Option<Self> {
        let plain = miniz_oxide::inflate::decompress_to_vec(bytes).ok()?;
        let mut reader = Reader { rest: &plain };
        let mut transform = [0.0; 4];
        for value in &mut transform {
            *value = f64::from_le_bytes(*reader.rest.first_chunk()?);
            reader.rest = &reader.rest[8..];
        }
        let arcs = (0..reader.integer()?)
            .map(|_| reader.arc(transform))
            .collect::<Option<Vec<_>>>()?;
        let shapes = (0..reader.integer()?)
            .map(|_| reader.shape(arcs.len()))
            .collect::<Option<Vec<_>>>()?;
        let kinds = kinds(arcs.len(), &shapes);
        reader.rest.is_empty().then_some(Self { arcs, kinds, shapes })
    }
}

/// The corners of a ring made of these arcs, the first not repeated.
pub(crate) fn join(arcs: &[Vec<Corner>], ring: &[i32]) -> Vec<Corner> {
    let mut corners = Vec::new();
    for &number in ring {
        let arc = &arcs[arc_index(number)];
        // Each arc ends where the next one starts.
        let shared = arc.len().saturating_sub(1);
        if number < 0 {
            corners.extend(arc.iter().rev().take(shared));
        } else {
            corners.extend(&arc[..shared]);
        }
    }
    corners
}

fn arc_index(number: i32) -> usize {
    (if number < 0 { !number } else { number }).unsigned_abs() as usize
}

/// What each arc divides, by the shapes that use it.
fn kinds(arcs: usize, shapes: &[Shape]) -> Vec<ArcKind> {
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); arcs];
    for (index, shape) in shapes.iter().enumerate() {
        for &number in shape.rings.iter().flatten() {
            let of_arc = &mut users[arc_index(number)];
            if !of_arc.contains(&index) {
                of_arc.push(index);
            }
        }
    }
    let kind = |users: &Vec<usize>| match users[..] {
        [a, b, ..] => {
            let (a, b) = (shapes[a].country, shapes[b].country);
            let disputed = a == b || a.is_none() || b.is_none();
            if disputed { ArcKind::Disputed } else { ArcKind::Border }
        }
        _ => ArcKind::Coast,
    };
    users.iter().map(kind).collect()
}

/// Where a country is, if it is one point: inside of its largest part.
pub(crate) fn anchor(country: CountryCode) -> Option<LatLng> {
    let entries = include_bytes!("../assets/anchors.bin").as_chunks::<6>().0;
    let code = country.as_str().as_bytes();
    let entry = entries.iter().find(|entry| entry[..2] == *code)?;
    let degrees = |low: u8, high: u8| f64::from(i16::from_le_bytes([low, high])) / 100.0;
    LatLng::new(degrees(entry[2], entry[3]), degrees(entry[4], entry[5])).ok()
}

/// The largest cities of the world, the largest first, each with where it is.
pub(crate) fn cities() -> impl Iterator<Item = (&'static str, LatLng)> {
    static LINES: OnceLock<String> = OnceLock::new();
    let lines = LINES.get_or_init(|| {
        let bytes = include_bytes!("../assets/cities.bin");
        let plain = miniz_oxide::inflate::decompress_to_vec(bytes).unwrap_or_default();
        String::from_utf8(plain).unwrap_or_default()
    });
    lines.lines().filter_map(|line| {
        let mut fields = line.split('\t');
        let name = fields.next()?;
        let mut degrees =
            || fields.next()?.parse::<f64>().ok().map(|value| value / 100.0);
        let (lat, lng) = (degrees()?, degrees()?);
        Some((name, LatLng::new(lat, lng).ok()?))
    })
}

/// What is left of the bytes.
struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(byte)
    }

    /// A zigzag varint.
    fn integer(&mut self) -> Option<i32> {
        let mut value = 0_u32;
        for shift in (0..32).step_by(7) {
            let byte = self.byte()?;
            value |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed());
            }
        }
        None
    }

    fn arc(&mut self, [scale_x, scale_y, left, bottom]: [f64; 4]) -> Option<Vec<Corner>> {
        let len = usize::try_from(self.integer()?).ok()?;
        // A step takes two bytes at least, which bounds what a length may claim.
        let mut corners = vec![[0.0; 2]; (len <= self.rest.len()).then_some(len)?];
        for (axis, scale, start) in [(0, scale_x, left), (1, scale_y, bottom)] {
            let mut at = 0_i32;
            for corner in &mut corners {
                at = at.checked_add(self.integer()?)?;
                corner[axis] = (f64::from(at) * scale + start) as f32;
            }
        }
        Some(corners)
    }

    fn shape(&mut self, arcs: usize) -> Option<Shape> {
        let code = [self.byte()?, self.byte()?];
        let country = CountryCode::from_alpha2(code);
        let mut rings = Vec::new();
        for _ in 0..self.integer()? {
            let ring = (0..self.integer()?)
                .map(|_| self.integer())
                .collect::<Option<Vec<_>>>()?;
            rings.push(ring.iter().all(|&arc| arc_index(arc) < arcs).then_some(ring)?);
        }
        (country.is_some() || code == *b"--").then_some(Shape { country, rings })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Detail; 3] = [Detail::Coarse, Detail::Medium, Detail::Fine];

    fn countries(detail: Detail) -> Vec<&'static str> {
        let shapes = &BaseMap::get(detail).shapes;
        shapes.iter().filter_map(|shape| Some(shape.country?.as_str())).collect()
    }

    #[test]
    fn every_scale_has_its_countries_and_finer_ones_have_more() {
        let counts = ALL.map(|detail| {
            let mut codes = countries(detail);
            codes.sort_unstable();
            codes.dedup();
            assert!(["XK", "GF", "TW", "EH", "PS"].iter().all(|c| codes.contains(c)));
            codes.len()
        });
        assert_eq!(counts, [177, 246, 250]);
    }

    #[test]
    fn lakes_are_where_they_are_and_islands_are_land() {
        for (detail, least) in [(Detail::Coarse, 80), (Detail::Fine, 1000)] {
            let lakes = BaseMap::lakes(detail);
            assert!(lakes.shapes.len() > least, "{}", lakes.shapes.len());
            let is_water = |place: Corner| {
                lakes.shapes.iter().any(|lake| {
                    let rings = lake.rings.iter().map(|ring| join(&lakes.arcs, ring));
                    rings.filter(|ring| contains(ring, place)).count() % 2 == 1
                })
            };
            // Victoria, Superior, Baikal; Berlin, Manitoulin Island.
            for water in [[33.0, -1.0], [-87.5, 47.7], [108.0, 53.6]] {
                assert!(is_water(water), "{water:?}");
            }
            for land in [[13.4, 52.5], [-82.3, 45.75]] {
                assert!(!is_water(land), "{land:?}");
            }
        }
    }

    #[test]
    fn crimea_is_drawn_by_its_code() {
        for detail in ALL {
            let map = BaseMap::get(detail);
            let simferopol = [34.1, 44.95];
            let holder = map.shapes.iter().find(|shape| {
                let rings = shape.rings.iter().map(|ring| join(&map.arcs, ring));
                rings.filter(|ring| contains(ring, simferopol)).count() % 2 == 1
            });
            assert_eq!(holder.unwrap().country.unwrap().as_str(), "UA");
        }
    }

    #[test]
    fn every_arc_is_used_and_every_ring_closes() {
        for detail in ALL {
            let map = BaseMap::get(detail);
            for ring in map.shapes.iter().flat_map(|shape| &shape.rings) {
                let ends = |number: i32| {
                    let arc = &map.arcs[arc_index(number)];
                    let (first, last) = (arc[0], arc[arc.len() - 1]);
                    if number < 0 { (last, first) } else { (first, last) }
                };
                for (i, &number) in ring.iter().enumerate() {
                    let next = ring[(i + 1) % ring.len()];
                    let ((_, end), (start, _)) = (ends(number), ends(next));
                    // Longitudes -180 and 180 are one meridian.
                    assert!(end[1].to_bits() == start[1].to_bits(), "{end:?} {start:?}");
                    let apart = (end[0] - start[0]).abs();
                    assert!(!(1e-9..=359.9).contains(&apart), "{end:?} {start:?}");
                }
            }
        }
    }

    #[test]
    fn kosovo_has_a_border_and_somaliland_a_dashed_line() {
        let map = BaseMap::get(Detail::Coarse);
        let has = |code: &str, kind: ArcKind| {
            let shapes = map.shapes.iter();
            shapes
                .filter(|shape| shape.country.is_some_and(|c| c.as_str() == code))
                .flat_map(|shape| shape.rings.iter().flatten())
                .any(|&arc| map.kinds[arc_index(arc)] == kind)
        };
        assert!(has("XK", ArcKind::Border) && !has("XK", ArcKind::Disputed));
        assert!(has("SO", ArcKind::Disputed) && has("FR", ArcKind::Coast));
    }

    #[test]
    fn anchors_are_where_the_countries_are() {
        for (code, lat, lng) in
            [("SG", 1.35, 103.82), ("MU", -20.25, 57.58), ("GF", 4.0, -53.0)]
        {
            let point = anchor(code.parse().unwrap()).unwrap();
            assert!((point.lat() - lat).abs() < 0.3, "{code} {point}");
            assert!((point.lng() - lng).abs() < 0.3, "{code} {point}");
        }
        let without = CountryCode::all().filter(|&country| anchor(country).is_none());
        let codes: Vec<_> = without.map(CountryCode::as_str).collect();
        assert_eq!(codes, ["AN", "CS", "SU", "YU"], "withdrawn");
    }

    #[test]
    fn damaged_outlines_are_refused() {
        let whole = include_bytes!("../assets/countries-110m.bin");
        for len in [0, 1, 40, whole.len() / 2, whole.len() - 1] {
            assert!(BaseMap::decode(&whole[..len]).is_none(), "{len} bytes");
        }
    }

    /// Whether a point lies inside of a ring, by the even-odd rule.
    fn contains(ring: &[Corner], [x, y]: Corner) -> bool {
        let mut inside = false;
        for (i, a) in ring.iter().enumerate() {
            let b = ring[(i + 1) % ring.len()];
            if (a[1] > y) != (b[1] > y)
                && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]
            {
                inside = !inside;
            }
        }
        inside
    }
}
