//! Countries and territories by their ISO 3166-1 codes.

use std::{fmt, str::FromStr};

use crate::country_table::{COUNTRIES, OTHER_CODES, Row, WITHDRAWN};

/// A country or territory, by its ISO 3166-1 alpha-2 code.
///
/// Only codes of the table can be made: the 249 of the standard, `XK` for Kosovo and
/// the withdrawn `AN`, `CS`, `SU` and `YU`, which no one country took the place of. So a
/// code from a hostile database can be printed, or be part of a path, as it is.
///
/// Other withdrawn codes mean the country that took their place, `ZR` the DR Congo;
/// `UK` and `EL`, as the European Union writes, are Britain and Greece.
///
/// # Examples
/// ```
/// use geoip_core::CountryCode;
///
/// let brazil: CountryCode = "BR".parse()?;
/// assert_eq!((brazil.name(), brazil.alpha3(), brazil.numeric()), ("Brazil", "BRA", Some(76)));
/// assert_eq!(CountryCode::from_numeric(76), Some(brazil));
/// assert_eq!("BRA".parse(), Ok(brazil));
/// assert!("ZZ".parse::<CountryCode>().is_err());
/// # Ok::<(), geoip_core::InvalidCountryCode>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode(u8);

impl CountryCode {
    /// A country from the two letters of its alpha-2 code, in upper or lower case.
    #[inline]
    pub fn from_alpha2(letters: [u8; 2]) -> Option<Self> {
        let [first, second] = letters.map(|letter| letter.to_ascii_uppercase());
        if !(first.is_ascii_uppercase() && second.is_ascii_uppercase()) {
            return None;
        }
        match ROW_OF_LETTERS[place_of_letters(first, second)] {
            NO_ROW => None,
            row => Some(Self(row)),
        }
    }

    /// A country from the three letters of its alpha-3 code, in upper or lower case.
    pub fn from_alpha3(letters: [u8; 3]) -> Option<Self> {
        let is = |code: &str| code.as_bytes().eq_ignore_ascii_case(&letters);
        let other = || {
            let (.., country) = OTHER_CODES.iter().find(|(_, code, _)| is(code))?;
            country.parse().ok()
        };
        Self::all().find(|country| is(country.alpha3())).or_else(other)
    }

    /// A country from its numeric code. 891, which was Yugoslavia's before, is that of
    /// Serbia and Montenegro.
    pub fn from_numeric(code: u16) -> Option<Self> {
        Self::all().find(|country| country.numeric() == Some(code))
    }

    /// All countries and territories, in the order of their alpha-2 codes.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..=u8::MAX).take(COUNTRIES.len()).map(Self)
    }

    fn row(self) -> &'static Row {
        &COUNTRIES[usize::from(self.0)]
    }

    /// The alpha-2 code: two upper-case letters.
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The alpha-3 code: three upper-case letters.
    pub fn alpha3(self) -> &'static str {
        self.row().1
    }

    /// The numeric code of ISO 3166-1 (UN M49); Kosovo has none.
    pub fn numeric(self) -> Option<u16> {
        Some(self.row().2).filter(|&code| code != 0)
    }

    /// Whether the code was withdrawn, and several countries took its place.
    pub fn is_withdrawn(self) -> bool {
        WITHDRAWN.contains(&self.as_str())
    }

    /// The name in everyday English: "Bolivia", not "Bolivia, Plurinational State of".
    pub fn name(self) -> &'static str {
        self.row().3
    }
}

/// What stands in [`ROW_OF_LETTERS`] for letters that are no code.
const NO_ROW: u8 = u8::MAX;

/// The row of each pair of letters: every answer of a database asks for one.
static ROW_OF_LETTERS: [u8; 26 * 26] = {
    let mut rows = [NO_ROW; 26 * 26];
    let mut row: u8 = 0;
    while (row as usize) < COUNTRIES.len() {
        let letters = COUNTRIES[row as usize].0.as_bytes();
        rows[place_of_letters(letters[0], letters[1])] = row;
        row += 1;
    }
    let mut other = 0;
    while other < OTHER_CODES.len() {
        let (code, _, country) = OTHER_CODES[other];
        if let ([first, second], [a, b]) = (code.as_bytes(), country.as_bytes()) {
            rows[place_of_letters(*first, *second)] = rows[place_of_letters(*a, *b)];
        }
        other += 1;
    }
    rows
};

/// Where a pair of upper-case letters stands in [`ROW_OF_LETTERS`].
const fn place_of_letters(first: u8, second: u8) -> usize {
    (first - b'A') as usize * 26 + (second - b'A') as usize
}

/// The alpha-2 code.
impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CountryCode({self})")
    }
}

/// From an alpha-2 or alpha-3 code, in upper or lower case.
impl FromStr for CountryCode {
    type Err = InvalidCountryCode;

    fn from_str(text: &str) -> Result<Self, InvalidCountryCode> {
        let country = match *text.as_bytes() {
            [a, b] => Self::from_alpha2([a, b]),
            [a, b, c] => Self::from_alpha3([a, b, c]),
            _ => None,
        };
        country.ok_or_else(|| InvalidCountryCode { text: text.into() })
    }
}

/// Text that is no country code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown country code `{text}`: must be an ISO 3166-1 code such as BR or BRA")]
pub struct InvalidCountryCode {
    /// What was given.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_its_codes_are_distinct() {
        assert!(COUNTRIES.is_sorted_by(|a, b| a.0 < b.0));
        let distinct = |codes: Vec<&str>| {
            let mut unique = codes.clone();
            unique.sort_unstable();
            unique.dedup();
            assert_eq!(unique.len(), codes.len());
        };
        distinct(CountryCode::all().map(CountryCode::alpha3).collect());
        distinct(CountryCode::all().map(CountryCode::name).collect());
        let numeric: Vec<_> =
            CountryCode::all().filter_map(CountryCode::numeric).collect();
        assert_eq!(numeric.len(), 253, "all but Kosovo");
        for code in numeric {
            assert_eq!(CountryCode::from_numeric(code).unwrap().numeric(), Some(code));
        }
        for country in CountryCode::all() {
            assert_eq!(country.as_str().parse(), Ok(country));
            assert_eq!(country.alpha3().to_lowercase().parse(), Ok(country));
        }
    }

    #[test]
    fn reads_either_case_and_codes_outside_the_standard() {
        for (text, name) in
            [("se", "Sweden"), ("XK", "Kosovo"), ("AN", "Netherlands Antilles")]
        {
            assert_eq!(text.parse::<CountryCode>().unwrap().name(), name);
        }
    }

    #[test]
    fn withdrawn_codes_mean_what_took_their_place_or_themselves() {
        for (code, country) in
            [("ZR", "CD"), ("zar", "CD"), ("DD", "DE"), ("UK", "GB"), ("ROM", "RO")]
        {
            assert_eq!(code.parse::<CountryCode>().unwrap().as_str(), country);
        }
        let withdrawn = CountryCode::all().filter(|country| country.is_withdrawn());
        let withdrawn: Vec<_> = withdrawn.map(CountryCode::as_str).collect();
        assert_eq!(withdrawn, ["AN", "CS", "SU", "YU"]);
        for (alpha2, alpha3, country) in OTHER_CODES {
            let country: CountryCode = country.parse().unwrap();
            for code in [alpha2, alpha3].into_iter().filter(|code| !code.is_empty()) {
                assert_eq!(code.parse(), Ok(country));
                let taken = |c: CountryCode| c.as_str() == code || c.alpha3() == code;
                assert!(!CountryCode::all().any(taken), "{code} is a code of another");
            }
        }
    }

    #[test]
    fn refuses_what_is_no_code() {
        for text in ["", "S", "ZZ", "ZZZ", "SWED", "..", "é", "é1", "NT", "EU"] {
            assert!(text.parse::<CountryCode>().is_err(), "{text}");
        }
    }
}
