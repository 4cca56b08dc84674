//! Which country code a part of the source is drawn under.
//!
//! The rule is ISO 3166: what is counted by country code is coloured by country code.
//! Natural Earth draws who is in control, merges overseas departments into their
//! country, and draws some places that the standard does not know. See
//! `docs/decisions/030-disputed-areas.md` for why, and for what this says about nobody's claim.

use geoip_core::CountryCode;

use super::topology::Bounds;

/// What a polygon falls to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Assignment {
    pub(crate) country: Option<CountryCode>,
}

/// Shapes that the source gives no number, and the code that the places have in
/// databases. What is missing here is drawn without a country.
const UNNUMBERED: [(&str, &str); 9] = [
    ("Kosovo", "XK"),
    ("N. Cyprus", "CY"),
    ("Cyprus U.N. Buffer Zone", "CY"),
    ("Somaliland", "SO"),
    ("Baikonur", "KZ"),
    ("USNB Guantanamo Bay", "CU"),
    ("Coral Sea Is.", "AU"),
    ("Akrotiri", "CY"),
    ("Dhekelia", "CY"),
];

/// Parts that the source counts as another country: by its number or name, the box
/// that holds the part (west, south, east, north), and the part's own code.
const PARTS: [(&str, [f64; 4], &str); 16] = [
    ("France", [-55.0, 2.0, -51.0, 6.0], "GF"),
    ("France", [-62.0, 15.7, -60.9, 16.6], "GP"),
    ("France", [-61.4, 14.2, -60.7, 15.0], "MQ"),
    ("France", [55.0, -21.6, 56.0, -20.7], "RE"),
    ("France", [44.9, -13.2, 45.4, -12.5], "YT"),
    ("Norway", [-10.0, 70.5, -7.0, 71.5], "SJ"),
    ("Norway", [9.0, 74.0, 35.0, 81.5], "SJ"),
    ("Norway", [3.0, -54.7, 3.7, -54.2], "BV"),
    ("Netherlands", [-68.6, 11.9, -68.0, 12.5], "BQ"),
    ("Netherlands", [-63.4, 17.3, -62.8, 17.8], "BQ"),
    ("New Zealand", [-173.0, -10.0, -171.0, -8.0], "TK"),
    ("Australia", [105.0, -11.0, 106.0, -10.0], "CX"),
    ("Australia", [96.0, -13.0, 97.5, -11.5], "CC"),
    ("Indian Ocean Ter.", [105.0, -11.0, 106.0, -10.0], "CX"),
    ("Indian Ocean Ter.", [96.0, -13.0, 97.5, -11.5], "CC"),
    // ISO 3166-2 lists Crimea and Sevastopol as UA-43 and UA-40.
    ("Russia", [32.0, 44.2, 36.8, 46.3], "UA"),
];

/// The code for a polygon of a geometry with this number and name.
pub(crate) fn assign(id: Option<u16>, name: &str, bounds: Bounds) -> Assignment {
    let code = |text: &str| text.parse::<CountryCode>().ok();
    let inside = |[west, south, east, north]: &[f64; 4]| {
        bounds.west >= *west
            && bounds.south >= *south
            && bounds.east <= *east
            && bounds.north <= *north
    };
    let part = PARTS.iter().find(|(of, area, _)| *of == name && inside(area));
    let unnumbered = UNNUMBERED.iter().find(|(of, _)| *of == name);
    let country = part
        .and_then(|(_, _, text)| code(text))
        .or_else(|| id.and_then(CountryCode::from_numeric))
        .or_else(|| unnumbered.and_then(|(_, text)| code(text)));
    Assignment { country }
}

/// A point, as latitude and longitude, for a country that has no shape in any scale
/// or whose largest shape is not where its people are.
pub(crate) fn anchor(country: CountryCode) -> Option<(f64, f64)> {
    Some(match country.as_str() {
        "BQ" => (12.18, -68.25),
        "BV" => (-54.42, 3.36),
        "CC" => (-12.17, 96.83),
        "CX" => (-10.49, 105.63),
        "GF" => (4.0, -53.0),
        "GI" => (36.14, -5.35),
        "GP" => (16.25, -61.55),
        "MQ" => (14.65, -61.0),
        "RE" => (-21.12, 55.53),
        "SJ" => (78.6, 16.0),
        "TK" => (-9.2, -171.85),
        "TV" => (-8.52, 179.2),
        "UM" => (19.3, 166.6),
        "YT" => (-12.83, 45.15),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(id: Option<u16>, name: &str, area: [f64; 4]) -> Option<&'static str> {
        let [west, south, east, north] = area;
        let bounds = Bounds { west, south, east, north };
        assign(id, name, bounds).country.map(CountryCode::as_str)
    }

    #[test]
    fn every_code_of_the_tables_is_known() {
        for (_, text) in UNNUMBERED {
            assert!(text.parse::<CountryCode>().is_ok(), "{text}");
        }
        for (name, area, text) in PARTS {
            assert_eq!(code(Some(250), name, area), Some(text));
        }
    }

    #[test]
    fn a_mainland_keeps_its_code() {
        assert_eq!(code(Some(250), "France", [-4.8, 42.3, 8.1, 51.1]), Some("FR"));
        assert_eq!(code(Some(643), "Russia", [27.0, 41.0, 180.0, 78.0]), Some("RU"));
    }

    #[test]
    fn a_place_outside_the_standard_has_no_country() {
        assert_eq!(code(None, "Siachen Glacier", [77.0, 35.0, 77.8, 35.7]), None);
    }
}
