//! Places of both layouts, and every list against a search through all of it.

use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> PlaceList {
    PlaceList::parse("ours", text.as_bytes()).unwrap()
}

fn error(text: &str) -> String {
    PlaceList::parse("ours", text.as_bytes()).unwrap_err().to_string()
}

fn place<'l>(list: &'l PlaceList, address: &str) -> Place<'l> {
    list.lookup(address.parse().unwrap()).unwrap().0
}

#[test]
fn names_come_with_or_without_a_header() {
    let header = "longitude,name,network,radius_km,latitude\n\
                  4.84,\"Office, Lyon\",10.1.0.0/16,0.5,45.76\n";
    let plain = "# ours\n10.1.0.0/16,\"Office, Lyon\",FR,,Lyon,45.76,4.84,1\n\
                 2001:db8::/32,Lab\n";
    for (text, city) in [(header, None), (plain, Some("Lyon"))] {
        let list = parse(text);
        let place = place(&list, "::ffff:10.1.2.3");
        assert_eq!((place.name, place.city), (Some("Office, Lyon"), city));
        let location = place.location.unwrap();
        assert_eq!((location.point.lat(), location.accuracy_radius_km), (45.76, Some(1)));
        assert_eq!(place.precision(), crate::Precision::City);
        assert!(list.lookup("10.2.0.0".parse().unwrap()).is_none());
    }
    let lab = parse(plain);
    assert_eq!(place(&lab, "2001:db8::1").name, Some("Lab"));
    assert!(place(&lab, "2001:db8::1").location.is_none());
}

#[test]
fn geofeeds_have_names_and_no_point() {
    let feed = "# made 2026-08-22\n192.0.2.0/24,FR,FR-ARA,Lyon,\n198.51.100.0/24,,,,\n\
                2001:db8::/32,ZZ,,,\n203.0.113.0/24,se,SE-M\n";
    let list = parse(feed);
    let lyon = place(&list, "192.0.2.9");
    assert_eq!((lyon.country_name, lyon.city), (Some("France"), Some("Lyon")));
    assert_eq!((lyon.subdivision, lyon.location), (Some("FR-ARA"), None));
    assert_eq!(place(&list, "203.0.113.1").country.unwrap().as_str(), "SE");
    assert_eq!(place(&list, "2001:db8::"), Place::default());
    assert_eq!(list.info().to_string(), "ours 2026-08-22");
    assert_eq!(list.info().entries, Some(4));
}

#[test]
fn mistakes_name_their_line() {
    let cases = [
        ("192.0.2.0/33,FR,,,", "ours, line 1: `192.0.2.0/33` is no address"),
        ("192.0.2.0/24,FR,,,\n192.0.3.0/24,QQ,,,", "ours, line 2: "),
        ("network,lat,lng\n10.0.0.0/8,91,0", "ours, line 2: "),
        ("network,lat,lng\n10.0.0.0/8,1,", "ours, line 2: latitude and longitude go"),
        ("network,lat,lng\n10.0.0.0/8,x,1", "ours, line 2: `x` is no latitude"),
        ("# nothing\n", "holds no network and place"),
    ];
    for (text, message) in cases {
        assert!(error(text).contains(message), "{}", error(text));
    }
    let bytes = PlaceList::parse("ours", b"10.0.0.0/8,a\n\xff").unwrap_err();
    assert!(bytes.to_string().contains("line 2"));
}

fn address(bits: u32) -> IpAddr {
    IpAddr::from(bits.to_be_bytes())
}

proptest! {
    #[test]
    fn the_narrowest_range_answers(
        ranges in prop::collection::vec((0_u32..60, 0_u32..60), 1..20),
        top in any::<bool>(),
    ) {
        // At either end of all addresses, where one more is none.
        let base = if top { u32::MAX - 59 } else { 0 };
        let ranges: Vec<_> =
            ranges.into_iter().map(|(a, b)| (base + a.min(b), base + a.max(b))).collect();
        let line = |(number, (first, last)): (usize, &(u32, u32))| {
            format!("{}-{},place {number}", address(*first), address(*last))
        };
        let list = parse(&ranges.iter().enumerate().map(line).collect::<Vec<_>>().join("\n"));
        for bits in base..=base + 59 {
            let holding = ranges.iter().enumerate().filter(|(_, (first, last))| {
                *first <= bits && bits <= *last
            });
            let narrowest =
                holding.min_by_key(|(number, (first, last))| (last - first, Reverse(*number)));
            let name = narrowest.map(|(number, _)| format!("place {number}"));
            let found = list.lookup(address(bits));
            prop_assert_eq!(found.and_then(|(place, _)| place.name), name.as_deref());
            let Some((place, network)) = found else { continue };
            prop_assert!(network.contains(address(bits)));
            for inside in &network {
                prop_assert_eq!(list.lookup(inside).map(|(place, _)| place), Some(place));
            }
        }
    }

    #[test]
    fn no_text_is_too_strange(text in "[0-9a-f:./,\" \n#-]{0,80}") {
        drop(PlaceList::parse("ours", text.as_bytes()));
    }
}
