//! Distances as people write them.

use std::{fmt, str::FromStr};

use crate::failure::Hinted;

/// A distance in the unit it was given in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Distance {
    value: f64,
    unit: &'static str,
    meters_of_unit: f64,
}

/// Metre, kilometre, international mile, nautical mile (BIPM, "The International System
/// of Units", table 8; Weights and Measures Act 1959).
const UNITS: [(&str, f64); 4] =
    [("km", 1000.0), ("mi", 1609.344), ("nmi", 1852.0), ("m", 1.0)];

impl Distance {
    pub(crate) fn meters(self) -> f64 {
        self.value * self.meters_of_unit
    }

    /// One distance, or several with commas between them, the least first.
    pub(crate) fn list(text: &str) -> Result<Vec<Self>, anyhow::Error> {
        let mut list: Vec<Self> =
            text.split(',').map(str::parse).collect::<Result<_, _>>()?;
        list.sort_by(|a, b| a.meters().total_cmp(&b.meters()));
        list.dedup_by(|a, b| a.meters().total_cmp(&b.meters()).is_eq());
        Ok(list)
    }

    /// A length in metres for people, in the unit of this distance.
    pub(crate) fn like_this(self, meters: f64) -> String {
        let value = meters / self.meters_of_unit;
        let digits = usize::from(value < 10.0);
        format!("{value:.digits$} {}", self.unit)
    }
}

impl Default for Distance {
    fn default() -> Self {
        let (unit, meters_of_unit) = UNITS[0];
        Self { value: 0.0, unit, meters_of_unit }
    }
}

impl FromStr for Distance {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self, anyhow::Error> {
        let text = text.trim();
        let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let name = &text[digits.len()..];
        let unit = UNITS.into_iter().find(|(unit, _)| unit.eq_ignore_ascii_case(name));
        let value = digits.trim().parse::<f64>().ok();
        let usable = value.filter(|value| value.is_finite() && *value >= 0.0);
        match (usable, unit) {
            (Some(value), Some((unit, meters_of_unit))) => {
                Ok(Self { value, unit, meters_of_unit })
            }
            _ => Err(Hinted::error(
                format!("`{text}` is no distance"),
                "a number and its unit: 300mi, 50km, 20nmi or 500m",
            )),
        }
    }
}

impl fmt::Display for Distance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value, self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_units_in_any_case() {
        for (text, meters) in
            [("300mi", 482_803.2), ("50 km", 50_000.0), ("1nmi", 1852.0), ("0M", 0.0)]
        {
            let distance: Distance = text.parse().unwrap();
            assert!((distance.meters() - meters).abs() < 1e-6, "{text}");
        }
        let miles: Distance = "300mi".parse().unwrap();
        assert_eq!(miles.to_string(), "300 mi");
        assert_eq!(miles.like_this(16_093.44), "10 mi");
        assert_eq!(miles.like_this(1609.344), "1.0 mi");
    }

    #[test]
    fn several_are_sorted() {
        let text = |list: Vec<Distance>| {
            list.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let list = Distance::list("300mi, 50km,50000m,1000km").unwrap();
        assert_eq!(text(list), ["50 km", "300 mi", "1000 km"]);
        assert!(Distance::list("50km,").is_err());
    }

    #[test]
    fn refuses_what_is_no_distance() {
        for text in ["", "5", "km", "-1km", "nan km", "infkm", "5 parsecs", "1e400m"] {
            assert!(text.parse::<Distance>().is_err(), "{text}");
        }
    }
}
