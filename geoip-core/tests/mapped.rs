//! Files that are mapped, against the same files read.
#![cfg(all(feature = "mmap", feature = "compact"))]

use std::{net::IpAddr, num::NonZero, path::Path};

use geoip_core::{Database, Error, Layout};
use geoip_testkit::maxmind;

fn open_mapped(path: &Path) -> Result<Database, Error> {
    #[expect(unsafe_code, reason = "what is tested")]
    // SAFETY: nobody changes the files of the tests.
    unsafe {
        Database::open_mapped(path)
    }
}

#[test]
fn a_mapped_file_answers_as_one_that_was_read() {
    let path = maxmind::file("GeoIP2-City-Test.mmdb");
    let read = Database::open(&path).unwrap();
    let mut mapped = open_mapped(&path).unwrap();
    assert_eq!(mapped.info(), read.info());
    let asked: Vec<IpAddr> = (0..=255_u8)
        .flat_map(|first| [[first, 1, 1, 1], [first, 160, 20, 128], [first, 69, 142, 0]])
        .map(IpAddr::from)
        .chain(["89.160.20.128", "2001:218::1"].map(|text| text.parse().unwrap()))
        .collect();
    let answers = |database: &Database| -> Vec<String> {
        let answer = |&address| format!("{:?}", database.lookup(address).unwrap());
        asked.iter().map(answer).collect()
    };
    let expected = answers(&read);
    assert!(expected.iter().any(|answer| answer.contains("Linköping")));
    assert_eq!(answers(&mapped), expected);
    mapped.flatten(Layout::Ranges, NonZero::<usize>::MIN).unwrap();
    assert_eq!(answers(&mapped), expected);
}

#[test]
fn what_cannot_be_mapped_is_read() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let compact = folder.join("mapped-city.bin");
    std::fs::write(&compact, geoip_data_city::CITY).unwrap();
    let address = "1.1.1.1".parse().unwrap();
    let cities = open_mapped(&compact).unwrap();
    let place = cities.lookup(address).unwrap().unwrap().place.unwrap();
    assert_eq!(place.city, Some("Sydney"));

    let empty = folder.join("mapped-empty.mmdb");
    std::fs::write(&empty, "").unwrap();
    let error = open_mapped(&empty).unwrap_err();
    assert!(matches!(error, Error::NotADatabase { .. }), "{error}");
    assert!(error.to_string().contains("the file is empty"));
    let error = open_mapped(Path::new("nowhere.mmdb")).unwrap_err();
    assert!(matches!(error, Error::Read { .. }), "{error}");
}

#[test]
fn damage_is_told_of_mapped_files_too() {
    for path in maxmind::damaged() {
        let said = |opened: Result<Database, Error>| {
            let address = "89.160.20.128".parse().unwrap();
            opened.map_or_else(
                |error| error.to_string(),
                |database| format!("{:?}", database.lookup(address)),
            )
        };
        assert_eq!(said(open_mapped(&path)), said(Database::open(&path)));
    }
}
