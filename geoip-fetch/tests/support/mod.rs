//! What the tests of fetching share: a client without patience, and archives.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]
#![allow(dead_code, clippy::allow_attributes, reason = "each test file uses its part")]

use std::{
    fs,
    io::Write,
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use flate2::{Compression, Crc, write::DeflateEncoder, write::GzEncoder};
use geoip_fetch::{Client, ClientOptions, Error, Folder, Source, Updated, Updater};
use geoip_testkit::{http::Server, maxmind};

/// 15 November 2026.
pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_hours(498_528)
}

/// A client that waits for nobody.
pub(crate) fn client() -> Client {
    let options = ClientOptions::default()
        .no_proxy()
        .idle_timeout(Duration::from_millis(300))
        .waits(Duration::from_millis(1), Duration::from_secs(2));
    Client::new(&options).unwrap()
}

pub(crate) fn database() -> Vec<u8> {
    fs::read(maxmind::file("GeoLite2-ASN-Test.mmdb")).unwrap()
}

pub(crate) fn another_database() -> Vec<u8> {
    fs::read(maxmind::file("GeoIP2-City-Test.mmdb")).unwrap()
}

/// Update one source from a server that stands for its provider.
pub(crate) fn update(
    server: &Server,
    folder: &Path,
    name: &str,
) -> Result<Updated, Error> {
    let client = client();
    let source = Source::named(name).unwrap();
    let updater = Updater::new(&client, now()).mirror(source.provider(), &server.url());
    updater.update(&Folder::open(folder).unwrap(), &source, &mut |_| {})
}

/// What is in a folder, without what is hidden.
pub(crate) fn visible(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    names
}

/// What an update leaves behind that is no installed file, note or lock.
pub(crate) fn leftovers(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.contains(".part") || name.contains(".new")).collect()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A tar archive of these files, each with a kind: `0` is a regular file.
pub(crate) fn tar(members: &[(&str, u8, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, kind, content) in members {
        let mut header = [0; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[100..108].copy_from_slice(b"0000644\0");
        header[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
        header[148..156].copy_from_slice(b"        ");
        header[156] = *kind;
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        archive.extend_from_slice(&header);
        archive.extend_from_slice(content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

/// A zip archive of these files.
pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut archive, mut list) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let mut crc = Crc::new();
        crc.update(content);
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(content).unwrap();
        let packed = encoder.finish().unwrap();
        let size = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_le_bytes();
        let common = [
            &[20, 0, 0, 0, 8, 0, 0, 0, 0, 0][..],
            &crc.sum().to_le_bytes(),
            &size(&packed),
            &size(content),
            &u16::try_from(name.len()).unwrap().to_le_bytes(),
            &[0, 0],
        ]
        .concat();
        let at = size(&archive);
        archive.extend([b"PK\x03\x04", &common[..], name.as_bytes(), &packed].concat());
        let rest = [0; 10];
        list.extend(
            [b"PK\x01\x02\x14\x00", &common[..], &rest, &at, name.as_bytes()].concat(),
        );
    }
    let count = u16::try_from(members.len()).unwrap().to_le_bytes();
    let (at, size) = (archive.len(), list.len());
    archive.extend(list);
    let word = |value: usize| u32::try_from(value).unwrap().to_le_bytes();
    let end =
        [b"PK\x05\x06\0\0\0\0", &count[..], &count, &word(size), &word(at), &[0, 0]];
    archive.extend(end.concat());
    archive
}
