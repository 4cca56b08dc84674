//! The numbers of countries in MaxMind's legacy databases.

use crate::CountryCode;

/// The country of a number; none for what is none: unknown, a proxy or satellite, "other",
/// Europe, or Asia and the Pacific.
pub(super) fn country(number: u8) -> Option<CountryCode> {
    CountryCode::from_alpha2(*CODES[usize::from(number)])
}

/// As libGeoIP numbers them; `--`, `AP`, `EU`, `A1`, `A2` and `O1` are no countries.
const CODES: [&[u8; 2]; 256] = [
    b"--", b"AP", b"EU", b"AD", b"AE", b"AF", b"AG", b"AI", b"AL", b"AM", b"CW", b"AO",
    b"AQ", b"AR", b"AS", b"AT", b"AU", b"AW", b"AZ", b"BA", b"BB", b"BD", b"BE", b"BF",
    b"BG", b"BH", b"BI", b"BJ", b"BM", b"BN", b"BO", b"BR", b"BS", b"BT", b"BV", b"BW",
    b"BY", b"BZ", b"CA", b"CC", b"CD", b"CF", b"CG", b"CH", b"CI", b"CK", b"CL", b"CM",
    b"CN", b"CO", b"CR", b"CU", b"CV", b"CX", b"CY", b"CZ", b"DE", b"DJ", b"DK", b"DM",
    b"DO", b"DZ", b"EC", b"EE", b"EG", b"EH", b"ER", b"ES", b"ET", b"FI", b"FJ", b"FK",
    b"FM", b"FO", b"FR", b"SX", b"GA", b"GB", b"GD", b"GE", b"GF", b"GH", b"GI", b"GL",
    b"GM", b"GN", b"GP", b"GQ", b"GR", b"GS", b"GT", b"GU", b"GW", b"GY", b"HK", b"HM",
    b"HN", b"HR", b"HT", b"HU", b"ID", b"IE", b"IL", b"IN", b"IO", b"IQ", b"IR", b"IS",
    b"IT", b"JM", b"JO", b"JP", b"KE", b"KG", b"KH", b"KI", b"KM", b"KN", b"KP", b"KR",
    b"KW", b"KY", b"KZ", b"LA", b"LB", b"LC", b"LI", b"LK", b"LR", b"LS", b"LT", b"LU",
    b"LV", b"LY", b"MA", b"MC", b"MD", b"MG", b"MH", b"MK", b"ML", b"MM", b"MN", b"MO",
    b"MP", b"MQ", b"MR", b"MS", b"MT", b"MU", b"MV", b"MW", b"MX", b"MY", b"MZ", b"NA",
    b"NC", b"NE", b"NF", b"NG", b"NI", b"NL", b"NO", b"NP", b"NR", b"NU", b"NZ", b"OM",
    b"PA", b"PE", b"PF", b"PG", b"PH", b"PK", b"PL", b"PM", b"PN", b"PR", b"PS", b"PT",
    b"PW", b"PY", b"QA", b"RE", b"RO", b"RU", b"RW", b"SA", b"SB", b"SC", b"SD", b"SE",
    b"SG", b"SH", b"SI", b"SJ", b"SK", b"SL", b"SM", b"SN", b"SO", b"SR", b"ST", b"SV",
    b"SY", b"SZ", b"TC", b"TD", b"TF", b"TG", b"TH", b"TJ", b"TK", b"TM", b"TN", b"TO",
    b"TL", b"TR", b"TT", b"TV", b"TW", b"TZ", b"UA", b"UG", b"UM", b"US", b"UY", b"UZ",
    b"VA", b"VC", b"VE", b"VG", b"VI", b"VN", b"VU", b"WF", b"WS", b"YE", b"YT", b"RS",
    b"ZA", b"ZM", b"ME", b"ZW", b"A1", b"A2", b"O1", b"AX", b"GG", b"IM", b"JE", b"BL",
    b"MF", b"BQ", b"SS", b"O1",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_lib_geo_ip() {
        let of = |number| country(number).map(|country| country.to_string());
        let known =
            [(225, "US"), (77, "GB"), (56, "DE"), (38, "CA"), (254, "SS"), (3, "AD")];
        for (number, code) in known {
            assert_eq!(of(number).as_deref(), Some(code));
        }
        for number in [0, 1, 2, 244, 245, 246, 255] {
            assert_eq!(of(number), None, "{number}");
        }
        let count = (0..=u8::MAX).filter_map(country).count();
        assert_eq!(count, 256 - 7, "each other number is a country");
    }
}
