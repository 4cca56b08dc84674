//! A map to a scene: frame, base map, layers, and the text around them.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixels of a picture whose sides are bounded"
)]

mod arcs;
mod bins;
mod choropleth;
mod classes;
mod extent;
mod groups;
mod heat;
mod label;
mod names;
mod points;
mod scale;
mod table;

pub(crate) use extent::{of_country, region};
pub(crate) use heat::spread;
use label::Taken;

use crate::{
    Credit, Error, Layer, Map, Unit,
    base::Base,
    frame::{Frame, Rect, Region},
    legend::Legend,
    page::{Footer, Header, Page},
    palette::{self, Colors},
    scene::{Anchor, Group, Item, Scene, Text},
    text::{self, Weight},
    tiles,
};

/// Sides of a picture, in pixels.
const MIN_SIDE: u32 = 160;
const MAX_SIDE: u32 = 16_384;
const MAX_PIXELS: u64 = 64_000_000;

/// What a layer puts on the map, beside it and below it.
#[derive(Debug, Default)]
struct Drawn {
    /// Areas, which lie under the lines between countries.
    areas: Vec<Item>,
    /// Marks, which lie over them.
    marks: Vec<Item>,
    legends: Vec<Legend>,
    /// What was not drawn, and why.
    notes: Vec<String>,
    /// How it was drawn.
    method: Option<String>,
    /// Whether there was anything to draw.
    empty: bool,
}

/// What drawing a layer needs to know.
struct Canvas<'a> {
    frame: &'a Frame,
    base: &'a Base,
    colors: &'a Colors,
    map: &'a Map,
    page: &'a Page,
}

/// Draws a map as a scene.
pub(crate) fn scene(map: &Map) -> Result<Scene, Error> {
    compose(map).map(|(scene, _)| scene)
}

/// The part of a picture that is the map.
pub(crate) fn frame(map: &Map) -> Result<Frame, Error> {
    compose(map).map(|(_, frame)| frame)
}

fn compose(map: &Map) -> Result<(Scene, Frame), Error> {
    check(map)?;
    let region = extent::region(map)?;
    let colors = palette::colors(map.theme);
    let page = Page::new(map.width);
    let header = Header::new(map, &page);
    let mut rect = page.map_rect(&header, region.aspect_ratio());
    let mut body = Body::draw(map, &region, rect, &colors, &page)?;
    let mut footer = body.footer(map, &page);
    if let Some(height) = map.height {
        // The text below is known only now; the map takes what it leaves.
        let room = f64::from(height) - rect.top - footer.height(&page);
        let least = f64::from(MIN_SIDE) / 2.0;
        if room < least {
            let needed = (f64::from(height) - room + least).ceil();
            return Err(size_error(
                map.width,
                height,
                format!("its text and a map above it need a height of {needed} pixels"),
            ));
        }
        rect.bottom = (rect.top + room).floor();
        body = Body::draw(map, &region, rect, &colors, &page)?;
        footer = body.footer(map, &page);
    }
    let needed = (rect.bottom + footer.height(&page)).ceil() as u32;
    let height = map.height.unwrap_or(needed);
    check_size(map.width, height)?;

    let mut groups = body.groups;
    groups.push(Group { name: "heading", items: header.items(&page, &colors) });
    groups.push(Group {
        name: "legend",
        items: footer.items(&page, &colors, rect.bottom as f32),
    });
    let scene = Scene {
        width: map.width,
        height,
        background: (!map.transparent).then_some(colors.background),
        dpi: map.dpi,
        font: map.font.clone(),
        title: header.title_text(),
        description: text::clean(&map.subtitle),
        groups,
    };
    Ok((scene, Frame::fit(&region, rect)))
}

/// The same maps, their heat layers with the floor and the ceiling of the widest range
/// where they set none.
#[cfg(feature = "png")]
pub(crate) fn with_one_scale(maps: &[Map]) -> Result<Vec<Map>, Error> {
    let mut range: Option<(f64, f64)> = None;
    for map in maps {
        check(map)?;
        let region = extent::region(map)?;
        let page = Page::new(map.width);
        let rect = page.map_rect(&Header::new(map, &page), region.aspect_ratio());
        check_size(map.width, rect.bottom as u32)?;
        let frame = Frame::fit(&region, rect);
        for layer in &map.layers {
            if let Layer::Heat(heat) = layer
                && let Some((floor, ceiling)) = heat::range(heat, &frame)
            {
                let (low, high) = range.unwrap_or((floor, ceiling));
                range = Some((low.min(floor), high.max(ceiling)));
            }
        }
    }
    let mut maps = maps.to_vec();
    for layer in maps.iter_mut().flat_map(|map| &mut map.layers) {
        if let (Layer::Heat(heat), Some((floor, ceiling))) = (layer, range) {
            heat.floor.get_or_insert(floor);
            heat.ceiling.get_or_insert(ceiling);
        }
    }
    Ok(maps)
}

/// Refuses what no picture can be made of, before anything is drawn.
fn check(map: &Map) -> Result<(), Error> {
    check_size(map.width, map.height.unwrap_or(MIN_SIDE))?;
    if let Some(dpi) = map.dpi.filter(|dpi| !(1.0..=10_000.0).contains(dpi)) {
        return Err(Error::InvalidResolution { dpi });
    }
    for layer in &map.layers {
        match layer {
            Layer::Heat(heat) => heat.check()?,
            Layer::Groups(groups) => {
                for group in &groups.groups {
                    if !(0.0..=20_000.0).contains(&group.radius_km) {
                        return Err(Error::InvalidRadius {
                            label: text::clean(&group.label),
                            radius_km: group.radius_km,
                        });
                    }
                }
            }
            Layer::Arcs(arcs) => arcs.check()?,
            Layer::Points(points) => {
                if let Some(pixels) = points.merge_px
                    && !(1.0..=1000.0).contains(&pixels)
                {
                    return Err(Error::InvalidMerge { pixels });
                }
            }
            Layer::Choropleth(_) => {}
        }
    }
    Ok(())
}

fn check_size(width: u32, height: u32) -> Result<(), Error> {
    let sides = MIN_SIDE..=MAX_SIDE;
    if !sides.contains(&width) || !sides.contains(&height) {
        let reason = format!("sides must lie in {MIN_SIDE}..={MAX_SIDE} pixels");
        return Err(size_error(width, height, reason));
    }
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        let reason =
            format!("at most {} million pixels are drawn", MAX_PIXELS / 1_000_000);
        return Err(size_error(width, height, reason));
    }
    Ok(())
}

fn size_error(width: u32, height: u32, reason: String) -> Error {
    Error::InvalidSize { width, height, reason }
}

/// Everything inside of the frame, and what is to be said about it.
struct Body {
    groups: Vec<Group>,
    legends: Vec<Legend>,
    notes: Vec<String>,
    method: Vec<String>,
}

impl Body {
    fn draw(
        map: &Map,
        region: &Region,
        rect: Rect,
        colors: &Colors,
        page: &Page,
    ) -> Result<Self, Error> {
        check_size(map.width, rect.bottom as u32)?;
        let frame = Frame::fit(region, rect);
        let base = Base::new(&frame, page.unit.max(0.8));
        let canvas = Canvas { frame: &frame, base: &base, colors, map, page };
        let mut taken = Taken::new(rect);
        let mut drawn = Vec::with_capacity(map.layers.len());
        for layer in &map.layers {
            drawn.push(canvas.draw_layer(layer, &mut taken));
        }
        let names = names::draw(&canvas, &mut taken);

        let mut body = Self {
            groups: Vec::new(),
            legends: Vec::new(),
            notes: Vec::new(),
            method: vec![format!(
                "{} projection",
                capitalized(frame.aspect.projection.name())
            )],
        };
        let nothing = drawn.iter().all(|layer| layer.empty);
        let (mut areas, mut marks) = (Vec::new(), Vec::new());
        let several = drawn.len() > 1;
        for (drawn_as, layer) in map.layers.iter().zip(drawn) {
            let told = |note: String| {
                if several { format!("{}: {note}", drawn_as.name()) } else { note }
            };
            areas.extend(layer.areas);
            marks.extend(layer.marks);
            body.legends.extend(layer.legends);
            body.notes.extend(layer.notes.into_iter().map(told));
            body.method.extend(layer.method);
        }
        if nothing {
            marks.push(canvas.nothing_to_show());
        }
        let mut tiles = Vec::new();
        if let Some(given) = &map.tiles {
            tiles::check(&frame)?;
            let (items, missing, all) = tiles::items(given, &frame);
            tiles = items;
            if missing > 0 {
                let verb = if missing == 1 { "is" } else { "are" };
                body.notes.push(format!(
                    "{missing} of {all} tiles {verb} missing: outlines stand in for them"
                ));
            }
        }
        // Tiles have lines of their own.
        let (mut under, mut over) = (Vec::new(), base.lines(colors));
        if !tiles.is_empty() {
            std::mem::swap(&mut under, &mut over);
        }
        for (name, items) in [
            ("ground", base.ground(colors)),
            ("outlines", under),
            ("tiles", tiles),
            ("areas", areas),
            ("lines", over),
            ("edge", vec![base.edge(colors)]),
            ("names", names),
            ("marks", marks),
        ] {
            body.groups.push(Group { name, items });
        }
        Ok(body)
    }

    fn footer(&self, map: &Map, page: &Page) -> Footer {
        let notes = map.notes.iter().chain(&self.notes);
        let mut credits = map.credits.clone();
        credits.extend(map.tiles.iter().map(|tiles| tiles.credit.clone()));
        if map.city_names > 0 {
            let (text, url) = names::CREDIT;
            credits.push(Credit { text: text.to_owned(), url: url.to_owned() });
        }
        Footer::new(page, self.legends.clone(), notes, &self.method.join("; "), &credits)
    }
}

impl Canvas<'_> {
    fn draw_layer(&self, layer: &Layer, taken: &mut Taken) -> Drawn {
        match layer {
            Layer::Heat(heat) => heat::draw(heat, self),
            Layer::Points(points) => points::draw(points, self, taken),
            Layer::Choropleth(choropleth) => choropleth::draw(choropleth, self, taken),
            Layer::Groups(groups) => groups::draw(groups, self, taken),
            Layer::Arcs(arcs) => arcs::draw(arcs, self, taken),
        }
    }

    /// Says on the map that it shows nothing, rather than leaving one to wonder.
    fn nothing_to_show(&self) -> Item {
        let mut unit = self.map.layers.iter().map(|layer| match layer {
            Layer::Heat(heat) => heat.unit,
            Layer::Points(points) => points.unit,
            Layer::Choropleth(choropleth) => choropleth.unit,
            Layer::Groups(groups) => groups.unit,
            Layer::Arcs(arcs) => arcs.unit,
        });
        let noun = unit.next_back().unwrap_or(Unit::Addresses).noun(0);
        let rect = self.frame.rect;
        Item::Text(Text {
            x: f64::midpoint(rect.left, rect.right) as f32,
            y: f64::midpoint(rect.top, rect.bottom) as f32,
            size: 30.0 * self.page.unit,
            weight: Weight::SemiBold,
            anchor: Anchor::Middle,
            color: self.colors.ink,
            content: format!("No {noun} to show"),
            link: String::new(),
        })
    }
}

/// Says how much of a layer lies beside the map.
fn outside_note(outside: u64, all: u64, unit: Unit) -> Option<String> {
    (outside > 0).then(|| {
        let verb = if outside == 1 { "lies" } else { "lie" };
        let (outside_text, all_text) = (text::grouped(outside), text::grouped(all));
        format!(
            "{outside_text} of {all_text} {} {verb} outside of this map",
            unit.noun(all)
        )
    })
}

fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
