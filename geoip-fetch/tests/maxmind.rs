//! The protocol of geoipupdate, and the files of those who want a token.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod support;

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use geoip_fetch::{Error, Folder, Keys, Secret, Source, Updated, Updater, installed};
use geoip_testkit::http::{Reply, Request, Server};
use md5::{Digest, Md5};
use support::{another_database, client, database, leftovers, now, tar, visible, zip};
use tempfile::tempdir;

const KEY: &str = "s3cret_key";
/// `42:s3cret_key` in base64.
const BASIC: &str = "Basic NDI6czNjcmV0X2tleQ==";
const METADATA: &str = "/geoip/updates/metadata";
const DOWNLOAD: &str = "/geoip/databases/GeoLite2-ASN/download";

fn md5(bytes: &[u8]) -> String {
    let digits = |byte: u8| [byte >> 4, byte & 15];
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap();
    Md5::digest(bytes).into_iter().flat_map(digits).map(digit).collect()
}

fn metadata(md5: &str) -> String {
    format!(
        r#"{{"databases":[{{"date":"2026-11-13","edition_id":"GeoLite2-ASN","md5":"{md5}"}}]}}"#
    )
}

/// As MaxMind packs it, with what else is in there.
fn packed(content: &[u8]) -> Vec<u8> {
    let members: [(&str, u8, &[u8]); 4] = [
        ("GeoLite2-ASN_20261113/", b'5', b""),
        ("GeoLite2-ASN_20261113/LICENSE.txt", b'0', b"terms"),
        ("../../../../tmp/evil.mmdb", b'2', b""),
        ("GeoLite2-ASN_20261113/GeoLite2-ASN.mmdb", b'0', content),
    ];
    support::gzip(&tar(&members))
}

fn authorized(request: &Request, answer: impl Fn() -> Reply) -> Reply {
    match request.header("authorization") {
        Some(BASIC) => answer(),
        _ => Reply::status(401)
            .body(r#"{"code":"AUTHORIZATION_INVALID","error":"Invalid license key"}"#),
    }
}

fn update_with(
    server: &Server,
    folder: &Path,
    name: &str,
    keys: Keys,
    force: bool,
) -> Result<Updated, Error> {
    let (client, source) = (client(), Source::named(name).unwrap());
    let updater = Updater::new(&client, now())
        .mirror(source.provider(), &server.url())
        .keys(keys)
        .force(force);
    updater.update(&Folder::open(folder).unwrap(), &source, &mut |_| {})
}

fn update(server: &Server, folder: &Path) -> Result<Updated, Error> {
    let keys = Keys::default().maxmind("42", Secret::new(KEY));
    update_with(server, folder, "GeoLite2-ASN", keys, false)
}

#[test]
fn an_edition_is_fetched_from_where_maxmind_leads_without_the_key() {
    let folder = tempdir().unwrap();
    let storage = Server::start(|request| {
        assert_eq!(request.query("signature"), Some("abc"));
        Reply::file(request, &packed(&database()), "v1")
            .header("Last-Modified", "Fri, 13 Nov 2026 10:00:00 GMT")
    });
    let elsewhere = format!("{}/GeoLite2-ASN.tar.gz?signature=abc", storage.url());
    let maxmind = Server::start(move |request| {
        authorized(request, || match request.path() {
            METADATA => {
                assert_eq!(request.query("edition_id"), Some("GeoLite2-ASN"));
                Reply::ok(metadata(&md5(&database())))
            }
            DOWNLOAD => {
                assert_eq!(request.query("date"), Some("20261113"));
                assert_eq!(request.query("suffix"), Some("tar.gz"));
                Reply::redirect(&elsewhere)
            }
            _ => Reply::status(404),
        })
    });
    update(&maxmind, folder.path()).unwrap();
    assert_eq!(visible(folder.path()), ["GeoLite2-ASN.mmdb"]);
    assert!(leftovers(folder.path()).is_empty());
    let path = folder.path().join("GeoLite2-ASN.mmdb");
    assert_eq!(fs::read(&path).unwrap(), database());
    let modified = path.metadata().unwrap().modified().unwrap();
    let epoch = modified.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert_eq!(epoch, 1_794_564_000);
    assert_eq!(storage.requests().len(), 1);
    assert_eq!(storage.requests()[0].header("authorization"), None);
    let known = installed(folder.path(), &Source::named("GeoLite2-ASN").unwrap());
    assert_eq!(known.unwrap().edition.as_deref(), Some("2026-11-13"));

    // What is installed has the digest that is announced: nothing is downloaded.
    assert_eq!(update(&maxmind, folder.path()).unwrap(), Updated::Current);
    assert_eq!(maxmind.paths(), [METADATA, DOWNLOAD, METADATA]);
}

#[test]
fn a_file_of_geoipupdate_is_known_by_its_digest() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("GeoLite2-ASN.mmdb"), database()).unwrap();
    let maxmind = Server::start(|_| Reply::ok(metadata(&md5(&database()))));
    assert_eq!(update(&maxmind, folder.path()).unwrap(), Updated::Current);
    assert_eq!(maxmind.paths(), [METADATA]);
}

#[test]
fn a_cut_download_goes_on_where_maxmind_led_to() {
    let folder = tempdir().unwrap();
    let asked = AtomicUsize::new(0);
    let storage = Server::start(move |request| {
        let whole = packed(&another_database());
        let reply = Reply::file(request, &whole, "v1");
        match asked.fetch_add(1, SeqCst) {
            0 => reply.cut_after(whole.len() / 3),
            _ => reply,
        }
    });
    let elsewhere = format!("{}/x?signature=abc", storage.url());
    let maxmind = Server::start(move |request| match request.path() {
        METADATA => Reply::ok(metadata(&md5(&another_database()))),
        _ => Reply::redirect(&elsewhere),
    });
    update(&maxmind, folder.path()).unwrap();
    // Only one download counts.
    assert_eq!(maxmind.paths(), [METADATA, DOWNLOAD]);
    assert_eq!(storage.requests().len(), 2);
    assert!(storage.requests()[1].header("range").is_some());
}

#[test]
fn an_address_that_is_good_no_more_is_asked_for_anew() {
    let folder = tempdir().unwrap();
    let asked = AtomicUsize::new(0);
    let storage = Server::start(move |request| {
        let reply = Reply::file(request, &packed(&database()), "v1");
        match asked.fetch_add(1, SeqCst) {
            0 => reply.cut_after(1000),
            1 => Reply::status(403).body("<Error>Request has expired</Error>"),
            _ => reply,
        }
    });
    let elsewhere = format!("{}/x?signature=abc", storage.url());
    let maxmind = Server::start(move |request| match request.path() {
        METADATA => Reply::ok(metadata(&md5(&database()))),
        _ => Reply::redirect(&elsewhere),
    });
    update(&maxmind, folder.path()).unwrap();
    assert_eq!(maxmind.paths(), [METADATA, DOWNLOAD, DOWNLOAD]);
}

#[test]
fn another_file_than_announced_is_not_installed() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("GeoLite2-ASN.mmdb"), b"old").unwrap();
    let announced = md5(b"something else");
    let maxmind = Server::start(move |request| match request.path() {
        METADATA => Reply::ok(metadata(&announced)),
        _ => Reply::ok(packed(&database())),
    });
    let error = update(&maxmind, folder.path()).unwrap_err();
    assert!(matches!(error, Error::Checksum { .. }), "{error}");
    assert_eq!(fs::read(folder.path().join("GeoLite2-ASN.mmdb")).unwrap(), b"old");
    assert!(leftovers(folder.path()).is_empty());
}

#[test]
fn a_wrong_key_is_said_once_and_not_shown() {
    let folder = tempdir().unwrap();
    let maxmind = Server::start(|request| {
        authorized(request, || Reply::status(500));
        Reply::status(401).body(format!(r#"{{"error":"key {KEY} is not valid"}}"#))
    });
    let error = update(&maxmind, folder.path()).unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(matches!(error, Error::Refused { status: 401, .. }), "{text}");
    assert!(text.contains("key … is not valid"), "{text}");
    assert!(!text.contains(KEY), "{text}");
    assert_eq!(maxmind.requests().len(), 1);

    let error =
        update_with(&maxmind, folder.path(), "GeoIP2-City", Keys::default(), false);
    assert!(matches!(error, Err(Error::NoKey { .. })));
    assert_eq!(maxmind.requests().len(), 1);
}

#[test]
fn a_quota_is_not_burnt() {
    let folder = tempdir().unwrap();
    let maxmind = Server::start(|request| {
        match request.path() {
        METADATA => Reply::ok(metadata(&md5(&database()))),
        _ => Reply::status(429).body(
            r#"{"code":"LIMIT_EXCEEDED","error":"Daily GeoIP database download limit reached"}"#,
        ),
    }
    });
    let error = update(&maxmind, folder.path()).unwrap_err();
    assert!(matches!(error, Error::Quota { retry_after: None, .. }), "{error}");
    assert!(error.to_string().ends_with("download limit reached"), "{error}");
    assert_eq!(maxmind.paths(), [METADATA, DOWNLOAD]);
}

#[test]
fn metadata_that_is_none_is_an_error() {
    let folder = tempdir().unwrap();
    for text in ["<html>", "{}", r#"{"databases":[]}"#, &metadata("no digest")] {
        let text = text.to_owned();
        let maxmind = Server::start(move |_| Reply::ok(text.clone()));
        let error = update(&maxmind, folder.path()).unwrap_err();
        assert!(matches!(error, Error::Unusable { .. }), "{error}");
    }
}

#[test]
fn a_damaged_archive_is_an_error() {
    let folder = tempdir().unwrap();
    let whole = packed(&database());
    let plain = tar(&[("a/GeoLite2-ASN.mmdb", b'0', &database())]);
    let mut other_sum = plain.clone();
    other_sum[0] ^= 1;
    let archives = [
        whole[..whole.len() / 2].to_vec(),
        support::gzip(&plain[..plain.len() / 2]),
        support::gzip(&other_sum),
        support::gzip(&tar(&[("a/README", b'0', b"no database")])),
        support::gzip(b""),
    ];
    for archive in archives {
        let maxmind = Server::start(move |request| match request.path() {
            METADATA => Reply::ok(metadata(&md5(&database()))),
            _ => Reply::ok(archive.clone()),
        });
        let error = update(&maxmind, folder.path()).unwrap_err();
        assert!(matches!(error, Error::Archive { .. }), "{error}");
        assert!(visible(folder.path()).is_empty());
    }
}

#[test]
fn keys_go_over_no_open_line() {
    let (client, folder) = (client(), tempdir().unwrap());
    let source = Source::named("GeoLite2-ASN").unwrap();
    let updater = Updater::new(&client, now())
        .mirror("maxmind", "http://192.0.2.1")
        .keys(Keys::default().maxmind("42", Secret::new(KEY)));
    let target = Folder::open(folder.path()).unwrap();
    let error = updater.update(&target, &source, &mut |_| {}).unwrap_err();
    assert!(matches!(error, Error::NotEncrypted { .. }), "{error}");
}

#[test]
fn a_token_of_ipinfo_is_sent_and_not_shown() {
    let folder = tempdir().unwrap();
    let keys = || Keys::default().ipinfo(Secret::new("t0ken/&"));
    let server = Server::start(|request| match request.query("token") {
        Some("t0ken%2F%26") => Reply::file(request, &database(), "v1"),
        _ => Reply::status(403).body("Unknown token t0ken/&"),
    });
    update_with(&server, folder.path(), "ipinfo-lite", keys(), false).unwrap();
    assert_eq!(server.paths(), ["/ipinfo_lite.mmdb"]);
    // Once a day is enough; by force it is asked again, and has nothing new.
    let again = update_with(&server, folder.path(), "ipinfo-lite", keys(), false);
    assert_eq!((again.unwrap(), server.requests().len()), (Updated::Current, 1));
    let forced = update_with(&server, folder.path(), "ipinfo-lite", keys(), true);
    assert!(matches!(forced.unwrap(), Updated::Installed { .. }));

    let wrong = Keys::default().ipinfo(Secret::new("wr0ng"));
    let error =
        update_with(&server, folder.path(), "ipinfo-lite", wrong, true).unwrap_err();
    assert!(matches!(error, Error::Refused { status: 403, .. }), "{error}");
    let notes = fs::read_to_string(folder.path().join(".ipinfo_lite.mmdb.json")).unwrap();
    assert!(!notes.contains("t0ken") && !format!("{error:?}").contains("wr0ng"));
}

#[test]
fn ip2location_comes_in_a_zip_and_complains_in_plain_words() {
    let folder = tempdir().unwrap();
    let keys = || Keys::default().ip2location(Secret::new("T"));
    let answer = Arc::new(std::sync::Mutex::new(zip(&[
        ("LICENSE_LITE.TXT", b"terms"),
        ("../../IP2LOCATION-LITE-DB11.MMDB", &another_database()),
    ])));
    let answers = answer.clone();
    let server = Server::start(move |request| {
        assert_eq!(request.query("token"), Some("T"));
        assert_eq!(request.query("file"), Some("DB11LITEMMDB"));
        Reply::ok(answers.lock().unwrap().clone())
    });
    let update = || update_with(&server, folder.path(), "ip2location-city", keys(), true);
    update().unwrap();
    assert_eq!(visible(folder.path()), ["IP2LOCATION-LITE-DB11.mmdb"]);
    let path = folder.path().join("IP2LOCATION-LITE-DB11.mmdb");
    assert_eq!(fs::read(&path).unwrap(), another_database());

    let says = |bytes: &[u8]| {
        *answer.lock().unwrap() = bytes.to_vec();
        update().unwrap_err()
    };
    assert!(matches!(says(b"NO PERMISSION"), Error::Refused { .. }));
    let hourly = b"THIS FILE CAN ONLY BE DOWNLOADED 5 TIMES WITHIN 24 HOURS.";
    assert!(matches!(says(hourly), Error::Quota { .. }));
    assert!(matches!(says(&zip(&[("a.bin", b"x")])), Error::Archive { .. }));
    let mut wrong_sum = zip(&[("a.mmdb", &database()[..])]);
    wrong_sum[40] ^= 1;
    assert!(matches!(says(&wrong_sum), Error::Archive { .. }));
    assert_eq!(fs::read(&path).unwrap(), another_database());
}
