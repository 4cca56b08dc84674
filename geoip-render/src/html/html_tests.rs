use geoip_core::{LatLng, WeightedPoint};
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::{
    Choropleth, Extent, Group, Groups, Heat, Marker, Points, Theme, Unit,
    html::data::to_json,
};

fn at(lat: f64, lng: f64) -> LatLng {
    LatLng::new(lat, lng).unwrap()
}

/// What stands between the start tag with an id and the next end tag of a script.
fn block<'a>(page: &'a str, id: &str) -> &'a str {
    let from = page.find(&format!(" id=\"{id}\">")).unwrap();
    let inner = page[from..].split_once('>').unwrap().1;
    inner.split_once("</script>").unwrap().0
}

fn json(page: &str, id: &str) -> Value {
    serde_json::from_str(block(page, id)).unwrap()
}

/// Sums of differences: what the page's script makes of a column.
fn degrees(column: &Value) -> Vec<f64> {
    let steps = column.as_array().unwrap().iter().map(|step| step.as_i64().unwrap());
    let sums = steps.scan(0, |sum, step| {
        *sum += step;
        Some(*sum)
    });
    #[expect(clippy::cast_precision_loss, reason = "at most 1,800,000")]
    sums.map(|sum| sum as f64 / 1e4).collect()
}

/// A text as the page's script resolves it.
fn text<'a>(texts: &'a Value, text: &'a Value) -> &'a str {
    match text.as_u64() {
        Some(number) => {
            texts["shared"][usize::try_from(number).unwrap()].as_str().unwrap()
        }
        None => text.as_str().unwrap(),
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] =
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0_usize, |bits, i| {
            bits << 8 | usize::from(*chunk.get(i).unwrap_or(&0))
        });
        for i in 0..4 {
            let letter = char::from(LETTERS[bits >> (18 - 6 * i) & 63]);
            out.push(if i > chunk.len() { '=' } else { letter });
        }
    }
    out
}

/// SHA-256 (FIPS 180-4), with the constants computed from the primes they stand for.
fn sha256(message: &[u8]) -> [u8; 32] {
    let primes: Vec<u32> =
        (2..312).filter(|n| (2..*n).all(|divisor| n % divisor != 0)).collect();
    // The first 32 bits behind the point, by search as floats have too few.
    let root_bits = |n: u32, power: u32| {
        let target = u128::from(n) << (32 * power);
        let (mut low, mut high) = (0_u128, 1_u128 << 40);
        while high - low > 1 {
            let middle = u128::midpoint(low, high);
            if middle.pow(power) <= target { low = middle } else { high = middle }
        }
        u32::try_from(low & 0xffff_ffff).unwrap()
    };
    let constants: Vec<u32> = primes.iter().map(|&n| root_bits(n, 3)).collect();
    let mut state: Vec<u32> = primes[..8].iter().map(|&n| root_bits(n, 2)).collect();
    let mut padded = message.to_vec();
    padded.push(0x80);
    padded.resize((padded.len() + 8).next_multiple_of(64) - 8, 0);
    padded.extend((message.len() as u64 * 8).to_be_bytes());
    for chunk in padded.chunks(64) {
        let mut words: Vec<u32> = chunk
            .chunks(4)
            .map(|word| u32::from_be_bytes(word.try_into().unwrap()))
            .collect();
        for i in 16..64 {
            let (a, b) = (words[i - 15], words[i - 2]);
            let s0 = a.rotate_right(7) ^ a.rotate_right(18) ^ (a >> 3);
            let s1 = b.rotate_right(17) ^ b.rotate_right(19) ^ (b >> 10);
            let sum = words[i - 16].wrapping_add(s0).wrapping_add(words[i - 7]);
            words.push(sum.wrapping_add(s1));
        }
        let mut v = state.clone();
        for i in 0..64 {
            let s1 = v[4].rotate_right(6) ^ v[4].rotate_right(11) ^ v[4].rotate_right(25);
            let choice = (v[4] & v[5]) ^ (!v[4] & v[6]);
            let one = [s1, choice, constants[i], words[i]]
                .into_iter()
                .fold(v[7], u32::wrapping_add);
            let s0 = v[0].rotate_right(2) ^ v[0].rotate_right(13) ^ v[0].rotate_right(22);
            let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
            v.rotate_right(1);
            v[4] = v[4].wrapping_add(one);
            v[0] = one.wrapping_add(s0).wrapping_add(majority);
        }
        for (sum, new) in state.iter_mut().zip(v) {
            *sum = sum.wrapping_add(new);
        }
    }
    let bytes: Vec<u8> = state.into_iter().flat_map(u32::to_be_bytes).collect();
    bytes.try_into().unwrap()
}

#[test]
fn the_policy_names_the_script_and_the_style_by_their_hashes() {
    assert_eq!(base64(&sha256(b"abc")), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    let page = html(&Map::new("")).unwrap();
    let script =
        page.split_once("<script>").unwrap().1.split_once("</script>").unwrap().0;
    let style = page.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
    let hash = |code: &str| format!("'sha256-{}'", base64(&sha256(code.as_bytes())));
    let policy = page.split_once("Content-Security-Policy\" content=\"").unwrap().1;
    let policy = policy.split_once('"').unwrap().0;
    assert!(policy.starts_with("default-src 'none'; "));
    assert!(policy.contains(&format!("script-src {};", hash(script))));
    assert!(policy.contains(&format!("style-src {};", hash(style))));
}

#[test]
fn nothing_is_fetched() {
    let page = html(&Map::new("")).unwrap();
    for loads in [" src=", "@import", "url(", "<link", "<iframe", "fetch(", "XMLHttp"] {
        assert!(!page.contains(loads), "{loads}");
    }
    // The name of SVG's elements is an address that nobody goes to.
    let page = page.replace("\"http://www.w3.org/2000/svg\"", "");
    let addresses: Vec<&str> =
        page.match_indices("://").map(|(i, _)| &page[..i]).collect();
    assert_eq!(addresses.len(), 1, "the credit of the base map and nothing else");
    assert!(addresses[0].ends_with("href=\"https"));
}

#[test]
fn what_a_map_holds_is_in_the_page() {
    let markers = vec![
        Marker::new(at(48.8567, 2.3508), 7, "Paris").detail("Network", "192.0.2.0/24"),
        Marker::new(at(-33.8688, 151.2093), 9, "Sydney")
            .detail("Network", "198.51.100.0/24")
            .detail("Organisation", "Example"),
        Marker::new(at(39.8, -98.6), 3, "United States").coarse(true),
    ];
    let heat = vec![WeightedPoint { point: at(48.8567, 2.3508), weight: 7 }];
    let map = Map::new("Title")
        .theme(Theme::Light)
        .extent(Extent::Box { west: -10.0, south: 35.0, east: 30.0, north: 60.0 })
        .layer(Heat::new(heat, Unit::Hits).bandwidth_km(80.0))
        .layer(Points::new(markers, Unit::Addresses))
        .layer(Choropleth::new(
            vec![
                ("FR".parse().unwrap(), 2),
                ("AU".parse().unwrap(), 9),
                ("FR".parse().unwrap(), 5),
                ("DE".parse().unwrap(), 0),
            ],
            Unit::Addresses,
        ))
        .layer(Groups::new(
            vec![Group::new("Around", at(1.0, 2.0), 300.0, 4).detail("Places", "2")],
            Unit::Hits,
        ));
    let page = html(&map).unwrap();
    let data = json(&page, "map-data");
    let texts = json(&page, "map-texts");
    assert_eq!(data["title"], "Title");
    assert_eq!(data["theme"], "light");
    assert_eq!(data["extent"]["west"], -10.0);
    assert_eq!(data["countries"]["FR"], "France");

    let layers = &data["layers"];
    assert_eq!(layers[0]["kind"], "heat");
    assert_eq!(layers[0]["unit"], "hits");
    assert_eq!(layers[0]["bandwidth_km"], 80.0);
    assert_eq!(degrees(&layers[0]["lng"]), [2.3508]);

    let points = &layers[1];
    // Ordered from south to north.
    assert_eq!(degrees(&points["lat"]), [-33.8688, 39.8, 48.8567]);
    assert_eq!(degrees(&points["lng"]), [151.2093, -98.6, 2.3508]);
    assert_eq!(points["weight"], serde_json::json!([9, 3, 7]));
    assert_eq!(points["coarse"], serde_json::json!([1]));
    let about = &texts["layers"][0];
    assert_eq!(text(&texts, &about["title"][2]), "Paris");
    let shape = |i: usize| {
        let row = usize::try_from(about["shape"][i].as_u64().unwrap()).unwrap();
        about["shapes"][row].as_array().unwrap()
    };
    assert_eq!((shape(0).len(), shape(1).len(), shape(2).len()), (2, 0, 1));
    assert_eq!(text(&texts, &shape(2)[0]), "Network");
    assert_eq!(text(&texts, &about["values"][2]), "192.0.2.0/24");

    assert_eq!(layers[2]["counts"], serde_json::json!([["AU", 9], ["FR", 7]]));
    assert_eq!(layers[3]["groups"][0]["center"], serde_json::json!([1.0, 2.0]));
    assert_eq!(layers[3]["groups"][0]["details"], serde_json::json!([["Places", "2"]]));
}

#[test]
fn hostile_text_is_inert_wherever_it_stands() {
    let evil = "</script><img src=x onerror=alert(1)>{{data}}<!--\u{2028}\u{202e}\"'&";
    let group = Group::new(evil, at(0.0, 0.0), 1.0, 1).detail(evil, evil);
    let marker = Marker::new(at(0.0, 0.0), 1, evil).detail(evil, evil);
    let map = Map::new(evil)
        .subtitle(evil)
        .note(evil)
        .credit(evil, "javascript:alert(1)")
        .credit(evil, format!("https://example.org/{evil}"))
        .layer(Points::new(vec![marker], Unit::Hits))
        .layer(Groups::new(vec![group], Unit::Hits));
    let page = html(&map).unwrap();
    let plain = html(&Map::new("").note("x")).unwrap();
    for mark in ["<script", "</script", "<img", "<!--", "\u{2028}", "\u{202e}"] {
        assert_eq!(page.matches(mark).count(), plain.matches(mark).count(), "{mark}");
    }
    assert!(!page.contains("href=\"javascript"));
    let data = json(&page, "map-data");
    let shown = data["title"].as_str().unwrap();
    assert!(shown.starts_with("</script><img"), "{shown}");
    assert!(shown.contains("{{data}}") && shown.contains("\\u{202e}"));
    assert_eq!(json(&page, "map-texts")["shared"][0], shown);
}

#[test]
fn links_lead_to_pages_only() {
    let map =
        Map::new("").credit("One", "https://example.org/?a=1&b=2").credit("Two", "");
    let page = html(&map).unwrap();
    assert!(
        page.contains("href=\"https://example.org/?a=1&amp;b=2\">One</a> · Two · <a")
    );
}

#[test]
fn refuses_what_no_picture_would_show() {
    let group = Group::new("g", at(0.0, 0.0), f64::NAN, 1);
    let boxed = |west, south, north| Extent::Box { west, south, east: 10.0, north };
    let maps = [
        Map::new("").layer(Groups::new(vec![group], Unit::Hits)),
        Map::new("").layer(Heat::new(Vec::new(), Unit::Hits).bandwidth_km(0.5)),
        Map::new("").extent(boxed(f64::NAN, 0.0, 10.0)),
        Map::new("").extent(boxed(0.0, 20.0, 10.0)),
    ];
    for map in maps {
        assert!(html(&map).is_err(), "{map:?}");
    }
}

#[test]
fn the_frame_stays_small() {
    let page = html(&Map::new("")).unwrap();
    let packed = miniz_oxide::deflate::compress_to_vec(page.as_bytes(), 9);
    assert!(packed.len() < 150_000, "{} bytes compressed", packed.len());
}

#[test]
fn a_hundred_thousand_places_take_less_than_twenty_bytes_each_besides_their_text() {
    let mut seed = 1_u64;
    let mut random = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        f64::from(u32::try_from(seed >> 32).unwrap()) / f64::from(u32::MAX)
    };
    let markers = (0..100_000)
        .map(|_| {
            Marker::new(at(random() * 180.0 - 90.0, random() * 360.0 - 180.0), 1, "")
        })
        .collect();
    let map = Map::new("").layer(Points::new(markers, Unit::Hits));
    let json = to_json(&PageData::new(&map).unwrap()).unwrap();
    assert!(json.len() < 20 * 100_000, "{} bytes", json.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn places_come_back_as_they_were(
        places in prop::collection::vec(
            (-90.0..=90.0_f64, -180.0..=180.0_f64, 0..1000_u64, "[ab<\u{202e}]{0,2}"), 0..40),
    ) {
        let markers = places
            .iter()
            .map(|(lat, lng, weight, title)| {
                let marker = Marker::new(at(*lat, *lng), *weight, title.as_str());
                marker.detail(title.as_str(), "same").detail("same", title.as_str())
            })
            .collect();
        let map = Map::new("").layer(Points::new(markers, Unit::Hits));
        let page = html(&map).unwrap();
        let (data, texts) = (json(&page, "map-data"), json(&page, "map-texts"));
        let (points, about) = (&data["layers"][0], &texts["layers"][0]);
        let mut expected = places.clone();
        expected.sort_by_key(|(lat, lng, ..)| at(*lat, *lng).key());
        let (lats, lngs) = (degrees(&points["lat"]), degrees(&points["lng"]));
        prop_assert_eq!(lats.len(), expected.len());
        let mut value = 0;
        for (i, (lat, lng, weight, title)) in expected.iter().enumerate() {
            prop_assert!((lats[i] - lat).abs() <= 5.1e-5 && (lngs[i] - lng).abs() <= 5.1e-5);
            prop_assert_eq!(points["weight"][i].as_u64(), Some(*weight));
            let title = title.replace('\u{202e}', "\\u{202e}");
            prop_assert_eq!(text(&texts, &about["title"][i]), title.as_str());
            let row = usize::try_from(about["shape"][i].as_u64().unwrap()).unwrap();
            let names = about["shapes"][row].as_array().unwrap();
            prop_assert_eq!(text(&texts, &names[0]), title.as_str());
            prop_assert_eq!(text(&texts, &about["values"][value]), "same");
            prop_assert_eq!(text(&texts, &about["values"][value + 1]), title.as_str());
            value += names.len();
        }
    }
}

#[test]
fn arcs_come_along() {
    let home = at(10.0, 20.0);
    let arc = |from, weight| crate::Arc::new(from, home, weight, "x");
    let arcs = vec![arc(at(5.0, 6.0), 3), arc(at(1.0, 2.0), 7), arc(home, 0)];
    let arcs = crate::Arcs::new(arcs, Unit::Hits).home("</script>");
    let page = html(&Map::new("").layer(arcs)).unwrap();
    let layer = &json(&page, "map-data")["layers"][0];
    assert_eq!((&layer["kind"], &layer["home"]), (&"arcs".into(), &"</script>".into()));
    assert_eq!(degrees(&layer["from"]["lat"]), [1.0, 5.0]);
    assert_eq!(degrees(&layer["to"]["lng"]), [20.0, 20.0]);
    assert_eq!(layer["weight"], serde_json::json!([7, 3]));
}
