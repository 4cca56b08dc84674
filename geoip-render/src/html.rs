//! A map as one HTML file that fetches nothing.

mod columns;
mod data;
mod report;
mod text;

use crate::{Credit, Error, Map, Report, svg::base64};

use data::{PageData, TextsData};

/// The page without a map, made from `web/` by `npm run build`.
const FRAME: &str = include_str!("../web/dist/page.html");

const NATURAL_EARTH: (&str, &str) =
    ("Made with Natural Earth", "https://www.naturalearthdata.com/");

/// Draws a map as an interactive page: one file, with nothing fetched.
///
/// The page zooms and pans, switches the layers of the map, tells what is known about
/// a place on a click, finds places by anything that is written about them, and holds
/// the same as a table for readers who do not see it. It follows the reader's choice
/// of light or dark, and the map's [`theme`](Map::theme) where there is none. Its
/// projection is always Equal Earth with the prime meridian in the middle, so that its
/// densities are per area of ground at every zoom; the map's own projection and the
/// size of its picture do not matter to it.
///
/// Text from a log or a database is data to it: the policy in the page names by its
/// hash the one script that may run, text becomes text nodes only, and characters that
/// would hide or reorder other text are written out.
///
/// # Errors
/// [`Error::InvalidExtent`], [`Error::InvalidBandwidth`] and [`Error::InvalidRadius`]
/// for what a picture would refuse as well.
///
/// # Complexity
/// O(n log n) for n places; about 20 bytes a place and its text, besides 180 kB of
/// frame and base map.
///
/// # Examples
/// ```
/// use geoip_core::LatLng;
/// use geoip_render::{Map, Marker, Points, Unit, html};
///
/// let london = Marker::new(LatLng::new(51.51, -0.13)?, 40, "London, United Kingdom")
///     .detail("Network", "192.0.2.0/24");
/// let map = Map::new("Where the requests come from")
///     .note("2 addresses are private and have no place")
///     .layer(Points::new(vec![london], Unit::Addresses));
/// let page = html(&map)?;
/// assert!(page.starts_with("<!doctype html>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn html(map: &Map) -> Result<String, Error> {
    let data = data::to_json(&PageData::new(map)?)?;
    let texts = data::to_json(&TextsData::new(map))?;
    Ok(fill(&Parts { map, data, texts, report: String::new(), words: String::new() }))
}

/// Draws a report as an interactive page: one file, with nothing fetched.
///
/// Above is the same map as that of [`html`]; below it stand the hits over time, and
/// tables of countries, places, systems, networks and addresses. All of it is made of the
/// report's rows, so that what the reader chooses in one part (a country, a span of time,
/// a kind of address) changes the others.
///
/// # Errors
/// Those of [`html`].
///
/// # Complexity
/// O(n log n) for n rows; some ten bytes a row, and half of the text that is written of it,
/// besides the frame and base map.
pub fn report(report: &Report) -> Result<String, Error> {
    let map = &report.map;
    let arranged = report::Arranged::new(report);
    Ok(fill(&Parts {
        map,
        data: data::to_json(&PageData::of_report(map)?)?,
        texts: String::new(),
        report: packed(&data::to_json(&arranged.data())?),
        words: packed(&data::to_json(&arranged.texts())?),
    }))
}

/// Text as few letters, none of which means anything to a parser.
fn packed(text: &str) -> String {
    base64(&miniz_oxide::deflate::compress_to_vec_zlib(text.as_bytes(), 9))
}

/// What the frame is filled with.
struct Parts<'m> {
    map: &'m Map,
    data: String,
    texts: String,
    report: String,
    words: String,
}

fn fill(parts: &Parts<'_>) -> String {
    let Parts { map, data, texts, report, words } = parts;
    let size = FRAME.len() + data.len() + texts.len() + report.len() + words.len();
    let mut page = String::with_capacity(size + 1024);
    let mut rest = FRAME;
    // One pass over the frame, so that nothing within a map is ever a placeholder.
    while let Some((before, after)) = rest.split_once("{{") {
        page.push_str(before);
        let Some((name, behind)) = after.split_once("}}") else {
            page.push_str("{{");
            rest = after;
            continue;
        };
        match name {
            "theme" => page.push_str(data::theme_name(map.theme)),
            "title" => text::push_html(&mut page, &map.title),
            "subtitle" => text::push_html(&mut page, &map.subtitle),
            "notes" => push_notes(&mut page, &map.notes),
            "credits" => push_credits(&mut page, &map.credits),
            "data" => page.push_str(data),
            "texts" => page.push_str(texts),
            "report" => page.push_str(report),
            "words" => page.push_str(words),
            _ => {
                page.push_str("{{");
                rest = after;
                continue;
            }
        }
        rest = behind;
    }
    page.push_str(rest);
    page
}

/// What was left out and why, always in sight.
fn push_notes(page: &mut String, notes: &[String]) {
    if notes.is_empty() {
        return;
    }
    page.push_str("<ul id=\"notes\">");
    for note in notes {
        page.push_str("<li dir=\"auto\">");
        text::push_html(page, note);
        page.push_str("</li>");
    }
    page.push_str("</ul>");
}

/// Whose data it is, with the links that licences ask for. They are part of the file
/// as it stands, so that they are there whatever becomes of the script.
fn push_credits(page: &mut String, credits: &[Credit]) {
    let given = credits.iter().map(|credit| (credit.text.as_str(), credit.url.as_str()));
    for (i, (words, url)) in given.chain([NATURAL_EARTH]).enumerate() {
        if i > 0 {
            page.push_str(" · ");
        }
        // A link may lead to a page and never be a script.
        if url.starts_with("https://") || url.starts_with("http://") {
            page.push_str("<a rel=\"noopener noreferrer\" href=\"");
            text::push_html(page, url);
            page.push_str("\">");
            text::push_html(page, words);
            page.push_str("</a>");
        } else {
            text::push_html(page, words);
        }
    }
}

#[cfg(test)]
#[path = "html/html_tests.rs"]
mod tests;
