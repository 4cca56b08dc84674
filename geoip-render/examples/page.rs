//! Writes a page with made-up places to stdout, to be looked at and measured.
//!
//! `cargo run --release -p geoip-render --example page -- 10000 > page.html`
//!
//! The first argument is how many places, or `empty` or `hostile`; the second may be
//! `light`, `hits` (no heat: places and groups of hits), `choropleth`, `all` (heat,
//! places and choropleth) or `report` (a report with a row for each place). The same
//! arguments give the same page.

use std::{collections::BTreeMap, env, error::Error, io::Write};

use geoip_core::{Asn, CountryCode, LatLng, Precision, WeightedPoint};
use geoip_render::{
    Choropleth, Group, Groups, Heat, Listed, Map, Marker, PlaceOfRows, Points, Report,
    Row, Theme, Timeline, Unit, html, report,
};

/// Cities around which the places are strewn: name, country, latitude, longitude, share.
const CITIES: &[(&str, &str, f64, f64, f64)] = &[
    ("New York", "US", 40.71, -74.01, 9.0),
    ("Ashburn", "US", 39.04, -77.49, 14.0),
    ("Los Angeles", "US", 34.05, -118.24, 7.0),
    ("San Jose", "US", 37.34, -121.89, 8.0),
    ("Chicago", "US", 41.88, -87.63, 5.0),
    ("Dallas", "US", 32.78, -96.8, 5.0),
    ("Miami", "US", 25.76, -80.19, 3.0),
    ("Seattle", "US", 47.61, -122.33, 4.0),
    ("Toronto", "CA", 43.65, -79.38, 3.0),
    ("Mexico City", "MX", 19.43, -99.13, 3.0),
    ("Bogotá", "CO", 4.71, -74.07, 2.0),
    ("Lima", "PE", -12.05, -77.04, 1.0),
    ("São Paulo", "BR", -23.55, -46.63, 6.0),
    ("Rio de Janeiro", "BR", -22.91, -43.17, 3.0),
    ("Buenos Aires", "AR", -34.6, -58.38, 2.0),
    ("London", "GB", 51.51, -0.13, 9.0),
    ("Paris", "FR", 48.86, 2.35, 7.0),
    ("Amsterdam", "NL", 52.37, 4.9, 8.0),
    ("Frankfurt am Main", "DE", 50.11, 8.68, 9.0),
    ("Berlin", "DE", 52.52, 13.4, 4.0),
    ("Madrid", "ES", 40.42, -3.7, 3.0),
    ("Rome", "IT", 41.9, 12.5, 3.0),
    ("Warsaw", "PL", 52.23, 21.01, 3.0),
    ("Stockholm", "SE", 59.33, 18.07, 2.0),
    ("Kyiv", "UA", 50.45, 30.52, 3.0),
    ("Moscow", "RU", 55.76, 37.62, 6.0),
    ("Novosibirsk", "RU", 55.01, 82.93, 1.0),
    ("Istanbul", "TR", 41.01, 28.98, 3.0),
    ("Cairo", "EG", 30.04, 31.24, 2.0),
    ("Lagos", "NG", 6.52, 3.38, 2.0),
    ("Nairobi", "KE", -1.29, 36.82, 1.0),
    ("Johannesburg", "ZA", -26.2, 28.05, 2.0),
    ("Tehran", "IR", 35.69, 51.39, 3.0),
    ("Dubai", "AE", 25.2, 55.27, 2.0),
    ("Karachi", "PK", 24.86, 67.0, 2.0),
    ("Delhi", "IN", 28.61, 77.21, 6.0),
    ("Mumbai", "IN", 19.08, 72.88, 6.0),
    ("Bengaluru", "IN", 12.97, 77.59, 4.0),
    ("Dhaka", "BD", 23.81, 90.41, 2.0),
    ("Bangkok", "TH", 13.76, 100.5, 3.0),
    ("Ho Chi Minh City", "VN", 10.82, 106.63, 4.0),
    ("Singapore", "SG", 1.35, 103.82, 8.0),
    ("Jakarta", "ID", -6.21, 106.85, 4.0),
    ("Manila", "PH", 14.6, 120.98, 2.0),
    ("Hong Kong", "HK", 22.32, 114.17, 6.0),
    ("Shanghai", "CN", 31.23, 121.47, 8.0),
    ("Beijing", "CN", 39.9, 116.41, 8.0),
    ("Seoul", "KR", 37.57, 126.98, 6.0),
    ("Tokyo", "JP", 35.68, 139.69, 9.0),
    ("Sydney", "AU", -33.87, 151.21, 3.0),
    ("Auckland", "NZ", -36.85, 174.76, 1.0),
    ("Suva", "FJ", -18.14, 178.44, 0.2),
    ("Gibraltar", "GI", 36.14, -5.35, 0.2),
];

/// A congruential generator of 64 bits (Knuth's MMIX): the pages need no good one.
struct Random(u64);

impl Random {
    /// A number in 0..1.
    fn unit(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        f64::from((self.0 >> 32) as u32) / f64::from(u32::MAX)
    }

    /// A number around zero that is seldom far from it.
    fn around_zero(&mut self, spread: f64) -> f64 {
        let sum: f64 = (0..4).map(|_| self.unit()).sum();
        (sum - 2.0) * spread * self.unit().powi(2)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let what = arguments.next().unwrap_or_else(|| "1000".into());
    let how = arguments.next().unwrap_or_default();
    if how == "report" {
        let page = report(&made_up_report(what.parse()?)?)?;
        return Ok(std::io::stdout().lock().write_all(page.as_bytes())?);
    }
    let map = match what.as_str() {
        "empty" => Map::new("Where the requests come from")
            .note("3 addresses are private and have no place")
            .layer(Heat::new(Vec::new(), Unit::Addresses))
            .layer(Points::new(Vec::new(), Unit::Addresses)),
        "hostile" => hostile()?,
        count => made_up(count.parse()?, &how)?,
    };
    let map = if how == "light" { map.theme(Theme::Light) } else { map };
    let page = html(&map.credit("IP Geolocation by DB-IP", "https://db-ip.com"))?;
    std::io::stdout().lock().write_all(page.as_bytes())?;
    Ok(())
}

fn made_up(count: usize, how: &str) -> Result<Map, Box<dyn Error>> {
    let unit = if how == "hits" { Unit::Hits } else { Unit::Addresses };
    let markers = places(count)?;
    let total: u64 = markers.iter().map(|marker| marker.weight).sum();
    let map = Map::new("Where the requests come from")
        .subtitle(format!(
            "{total} {} at {count} places, made up for a test · DB-IP City Lite 2026-06",
            unit.noun(total),
        ))
        .note("1,204 addresses are private or reserved and have no place")
        .note("37 addresses are known to their country only and drawn hollow");
    let mut counts: BTreeMap<CountryCode, u64> = BTreeMap::new();
    for marker in &markers {
        let code = &marker.details[0].1;
        *counts.entry(code.parse()?).or_default() += marker.weight;
    }
    let countries = Choropleth::new(counts.into_iter().collect(), unit);
    let precise = markers.iter().filter(|marker| !marker.coarse);
    let heat = precise
        .map(|marker| WeightedPoint { point: marker.point, weight: marker.weight })
        .collect();
    Ok(match how {
        "choropleth" => map.layer(countries),
        "all" => map
            .layer(countries)
            .layer(Heat::new(heat, unit))
            .layer(Points::new(markers, unit)),
        "hits" => map.layer(groups()?).layer(Points::new(markers, unit)),
        _ => map.layer(Heat::new(heat, unit)).layer(Points::new(markers, unit)),
    })
}

/// A row for each place, of which the first three thousand are single addresses.
fn made_up_report(count: usize) -> Result<Report, Box<dyn Error>> {
    const SLOTS: u32 = 144;
    let mut made = Report::new(made_up(0, "")?);
    made.map.layers.clear();
    made.systems = (0..16).map(|i| (Asn(64_496 + i), format!("Example {i}"))).collect();
    made.timeline = Some(Timeline {
        start: 1_795_132_800,
        width_seconds: 600,
        slots: SLOTS,
        untimed: 0,
        outside: 0,
    });
    let mut random = Random(7);
    for (i, marker) in (0_u32..).zip(places(count)?) {
        let mut place = PlaceOfRows::new(&marker.title, Some(marker.point));
        place.country = Some(marker.details[0].1.parse()?);
        if marker.coarse {
            place.precision = Precision::Country;
        }
        made.places.push(place);
        let slot = (random.unit() * f64::from(SLOTS - 1)).round();
        #[expect(clippy::cast_possible_truncation, reason = "at most 144")]
        #[expect(clippy::cast_sign_loss, reason = "at least 0")]
        let slot = slot as u32;
        made.rows.push(Row {
            place: Some(made.places.len() - 1),
            system: Some(made.rows.len() % 16),
            addresses: 1,
            hits: marker.weight,
            times: vec![(slot, marker.weight)],
            listed: (i < 3000).then(|| Listed {
                address: format!("198.18.{}.{}", i / 256, i % 256),
                ..Listed::default()
            }),
            ..Row::default()
        });
    }
    Ok(made)
}

fn places(count: usize) -> Result<Vec<Marker>, Box<dyn Error>> {
    let mut random = Random(20_260_601);
    let shares: f64 = CITIES.iter().map(|city| city.4).sum();
    (0..count)
        .map(|i| {
            let mut left = random.unit() * shares;
            let city = CITIES
                .iter()
                .find(|city| {
                    left -= city.4;
                    left < 0.0
                })
                .unwrap_or(&CITIES[0]);
            let (name, code, lat, lng, _) = *city;
            let coarse = i % 150 == 149;
            let lat = lat + random.around_zero(7.0);
            let lng = lng + random.around_zero(7.0 / lat.to_radians().cos());
            let weight = weight(random.unit());
            let country: CountryCode = code.parse()?;
            let title = if coarse {
                country.name().to_owned()
            } else {
                format!("{name} {i}, {}", country.name())
            };
            let (a, b) = (i / 256 % 256, i % 256);
            let marker = Marker::new(LatLng::new(lat, wrapped(lng))?, weight, title)
                .detail("Country", code)
                .detail("Network", format!("198.{a}.{b}.0/24"))
                .detail(
                    "Organisation",
                    format!("AS{} Example {}", 64_496 + i % 16, i % 16),
                )
                .detail("Precision", if coarse { "country" } else { "city" })
                .detail(
                    "Addresses",
                    format!("198.{a}.{b}.7, 198.{a}.{b}.9, 2001:db8:{i:x}::1"),
                )
                .coarse(coarse);
            Ok(marker)
        })
        .collect()
}

/// Many places of little weight and few of much.
#[expect(clippy::cast_possible_truncation, reason = "at most 48,000")]
#[expect(clippy::cast_sign_loss, reason = "at least 0.3")]
fn weight(unit: f64) -> u64 {
    1 + (0.4 / (unit + 1e-4)).powf(1.3) as u64
}

fn wrapped(lng: f64) -> f64 {
    (lng + 540.0).rem_euclid(360.0) - 180.0
}

fn groups() -> Result<Groups, Box<dyn Error>> {
    let near = |name: &str, lat, lng, radius_km| -> Result<Group, Box<dyn Error>> {
        Ok(Group::new(name, LatLng::new(lat, lng)?, radius_km, 900)
            .detail("Places", "12"))
    };
    let hull = [(51.5, -0.1), (48.9, 2.4), (50.8, 4.4), (52.4, 4.9)];
    let hull = hull.map(|(lat, lng)| LatLng::new(lat, lng)).into_iter();
    Ok(Groups::new(
        vec![
            near("Around Fiji", -17.8, 178.0, 480.0)?,
            near("Around Tokyo", 35.7, 139.7, 480.0)?,
            near("Channel", 51.0, 2.5, 300.0)?.outline(hull.collect::<Result<_, _>>()?),
        ],
        Unit::Hits,
    ))
}

/// What an attacker would write into a log or a database.
fn hostile() -> Result<Map, Box<dyn Error>> {
    const TEXTS: &[&str] = &[
        "</script><script>window.hacked=1</script>",
        "<img src=x onerror=window.hacked=2>",
        "<svg/onload=window.hacked=3>",
        "<!--<script>",
        "{{data}}{{script}}",
        "\u{2028}\u{2029}\u{202e}txt.exe\u{0}\u{1b}[2J",
        "\"';alert(1)//`${window.hacked=4}`",
        "javascript:window.hacked=5",
        "=HYPERLINK(\"http://example.org\")",
        "__proto__",
        "<meta http-equiv=refresh content='0;url=http://example.org'>",
    ];
    let long = "A".repeat(100_000);
    let mut map = Map::new(TEXTS.concat())
        .subtitle(TEXTS.join(" "))
        .credit(TEXTS[1], "javascript:window.hacked=6")
        .credit(
            "\"><script>window.hacked=7</script>",
            "https://example.org/\"><script>window.hacked=8</script>",
        );
    let mut markers = Vec::new();
    for (i, text) in (0_u32..).zip(TEXTS.iter().copied().chain([long.as_str()])) {
        map = map.note(text);
        let point = LatLng::new(10.0 * f64::from(i) - 60.0, 15.0 * f64::from(i) - 90.0)?;
        markers.push(
            Marker::new(point, 10, text).detail(text, text).detail("__proto__", text),
        );
    }
    let group =
        Group::new(TEXTS[0], LatLng::new(0.0, 0.0)?, 500.0, 3).detail(TEXTS[1], TEXTS[2]);
    Ok(map
        .layer(Points::new(markers, Unit::Hits))
        .layer(Groups::new(vec![group], Unit::Hits))
        .layer(Choropleth::new(vec![("US".parse()?, 5)], Unit::Hits)))
}
