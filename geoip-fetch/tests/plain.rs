//! Files without a key: DB-IP by month, and lists as they are.

mod support;

use std::{
    fs,
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
    time::{Duration, Instant},
};

use geoip_core::Database;
use geoip_fetch::{Error, Folder, Progress, Source, Updated, Updater, installed};
use geoip_testkit::http::{Reply, Server};
use support::{
    another_database, client, database, gzip, leftovers, now, update, visible,
};
use tempfile::tempdir;

/// A server that has these files, and gives them as a good one does.
fn files(files: Vec<(&'static str, Vec<u8>)>) -> Server {
    Server::start(move |request| {
        match files.iter().find(|(path, _)| *path == request.path()) {
            Some((path, bytes)) => Reply::file(request, bytes, path),
            None => Reply::status(404),
        }
    })
}

#[test]
fn a_database_is_fetched_unpacked_and_opened() {
    let folder = tempdir().unwrap();
    let server = files(vec![("/dbip-asn-lite-2026-11.mmdb.gz", gzip(&database()))]);
    let outcome = update(&server, folder.path(), "dbip-asn").unwrap();
    assert_eq!(outcome, Updated::Installed { bytes: database().len() as u64 });
    assert_eq!(visible(folder.path()), ["dbip-asn-lite.mmdb"]);
    assert!(leftovers(folder.path()).is_empty());
    let path = folder.path().join("dbip-asn-lite.mmdb");
    assert!(Database::open(&path).is_ok());

    let known = installed(folder.path(), &Source::named("dbip-asn").unwrap()).unwrap();
    assert_eq!(known.edition.as_deref(), Some("2026-11"));
    assert_eq!(known.checked, Some(1_794_700_800));
}

#[test]
fn what_is_current_is_not_sent_again() {
    let folder = tempdir().unwrap();
    let server = files(vec![("/dbip-asn-lite-2026-11.mmdb.gz", gzip(&database()))]);
    update(&server, folder.path(), "dbip-asn").unwrap();
    let again = update(&server, folder.path(), "dbip-asn").unwrap();
    assert_eq!(again, Updated::Current);
    let tags: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.header("if-none-match").is_some())
        .collect();
    assert_eq!(tags, [false, true]);

    // Somebody else's file in its place is replaced.
    fs::write(folder.path().join("dbip-asn-lite.mmdb"), b"other").unwrap();
    let replaced = update(&server, folder.path(), "dbip-asn").unwrap();
    assert!(matches!(replaced, Updated::Installed { .. }));
}

#[test]
fn the_last_month_answers_until_there_is_this_one() {
    let folder = tempdir().unwrap();
    let server = files(vec![("/dbip-asn-lite-2026-10.mmdb.gz", gzip(&database()))]);
    update(&server, folder.path(), "dbip-asn").unwrap();
    assert_eq!(
        server.paths(),
        ["/dbip-asn-lite-2026-11.mmdb.gz", "/dbip-asn-lite-2026-10.mmdb.gz"]
    );
    assert_eq!(update(&server, folder.path(), "dbip-asn").unwrap(), Updated::Current);

    let nothing = files(Vec::new());
    let error = update(&nothing, folder.path(), "dbip-asn").unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error}");
}

#[test]
fn a_cut_connection_is_gone_on_with() {
    let folder = tempdir().unwrap();
    let packed = gzip(&another_database());
    let (half, whole) = (packed.len() / 2, packed.clone());
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |request| {
        let reply = Reply::file(request, &whole, "v1");
        match asked.fetch_add(1, SeqCst) {
            0 => reply.cut_after(half),
            _ => reply,
        }
    });
    update(&server, folder.path(), "dbip-city").unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    let range = requests[1].header("range").unwrap();
    assert_eq!(range, format!("bytes={half}-"));
    assert_eq!(requests[1].header("if-range"), Some("\"v1\""));
    let path = folder.path().join("dbip-city-lite.mmdb");
    assert_eq!(fs::read(path).unwrap(), another_database());
}

#[test]
fn a_later_run_goes_on_unless_the_file_is_another() {
    let packed = gzip(&another_database());
    let half = packed.len() / 2;
    for (tag, first_byte) in [("v1", half), ("v2", 0)] {
        let folder = tempdir().unwrap();
        let (old, asked) = (packed.clone(), AtomicUsize::new(0));
        let broken = Server::start(move |request| match asked.fetch_add(1, SeqCst) {
            0 => Reply::file(request, &old, "v1").cut_after(half),
            _ => Reply::status(403),
        });
        let address = broken.url();
        let error = update(&broken, folder.path(), "dbip-city").unwrap_err();
        assert!(matches!(error, Error::Refused { .. }), "{error}");
        assert!(visible(folder.path()).is_empty());
        drop(broken);

        // The same address, as a mirror of the same name would have.
        let note = folder.path().join(".dbip-city-lite.mmdb.part.json");
        let new = packed.clone();
        let sound = Server::start(move |request| Reply::file(request, &new, tag));
        let text = fs::read_to_string(&note).unwrap().replace(&address, &sound.url());
        fs::write(&note, text).unwrap();

        let mut first = None;
        let (client, source) = (client(), Source::named("dbip-city").unwrap());
        let updater = Updater::new(&client, now()).mirror("dbip", &sound.url());
        let target = Folder::open(folder.path()).unwrap();
        let mut watch = |progress: Progress<'_>| {
            if let Progress::Received { bytes, .. } = progress {
                first.get_or_insert(bytes);
            }
        };
        updater.update(&target, &source, &mut watch).unwrap();
        assert!(first.unwrap() > first_byte as u64);
        assert!(sound.requests()[0].header("range").is_some());
        let path = folder.path().join("dbip-city-lite.mmdb");
        assert_eq!(fs::read(path).unwrap(), another_database());
    }
}

#[test]
fn a_server_that_recovers_is_asked_again() {
    let folder = tempdir().unwrap();
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |request| match asked.fetch_add(1, SeqCst) {
        0 => Reply::status(500),
        1 => Reply::status(503).header("Retry-After", "1"),
        _ => Reply::file(request, &gzip(&database()), "v1"),
    });
    let begun = Instant::now();
    update(&server, folder.path(), "dbip-asn").unwrap();
    assert_eq!(server.requests().len(), 3);
    assert!(begun.elapsed() >= Duration::from_secs(1), "Retry-After was not kept");
}

#[test]
fn a_server_that_does_not_recover_is_left_alone() {
    let folder = tempdir().unwrap();
    let server = Server::start(|_| Reply::status(502));
    let error = update(&server, folder.path(), "aws").unwrap_err();
    assert!(matches!(error, Error::Status { status: 502, .. }), "{error}");
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_refusal_is_asked_for_once() {
    let folder = tempdir().unwrap();
    for (status, name) in [(401, "aws"), (403, "aws"), (404, "aws"), (429, "aws")] {
        let server =
            Server::start(move |_| Reply::status(status).body("{\"error\":\"no\"}"));
        let error = update(&server, folder.path(), name).unwrap_err();
        assert_eq!(server.requests().len(), 1, "{error}");
        match status {
            404 => assert!(matches!(error, Error::NotFound { .. }), "{error}"),
            429 => assert!(matches!(error, Error::Quota { .. }), "{error}"),
            _ => assert!(error.to_string().ends_with(": no"), "{error}"),
        }
    }
}

#[test]
fn a_silent_server_is_not_waited_for() {
    let folder = tempdir().unwrap();
    let begun = Instant::now();
    let silent = Server::start(|_| Reply::ok("late").after(Duration::from_secs(5)));
    let error = update(&silent, folder.path(), "aws").unwrap_err();
    assert!(matches!(error, Error::TimedOut { .. }), "{error}");

    let pause = Duration::from_secs(5);
    let stalled =
        Server::start(move |_| Reply::ok(vec![b' '; 1000]).stalled_after(10, pause));
    let error = update(&stalled, folder.path(), "aws").unwrap_err();
    assert!(matches!(error, Error::TimedOut { .. }), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_page_is_no_database_and_the_old_one_stays() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("dbip-asn-lite.mmdb");
    fs::write(&path, database()).unwrap();
    let page = b"<!DOCTYPE html><title>Log in</title>";
    for body in [page.to_vec(), gzip(page), gzip(&database())[..900].to_vec(), Vec::new()]
    {
        let server = Server::start(move |_| Reply::ok(body.clone()));
        let error = update(&server, folder.path(), "dbip-asn").unwrap_err();
        let expected = matches!(error, Error::Unusable { .. } | Error::Archive { .. });
        assert!(expected, "{error}");
        assert_eq!(fs::read(&path).unwrap(), database());
        assert!(leftovers(folder.path()).is_empty());
    }
    let server = Server::start(move |_| Reply::ok(page.to_vec()));
    let error = update(&server, folder.path(), "dbip-asn").unwrap_err();
    assert!(error.to_string().contains("web page"), "{error}");
    let error = update(&server, folder.path(), "tor-exits").unwrap_err();
    assert!(error.to_string().contains("web page"), "{error}");
}

#[test]
fn no_server_fills_the_disk() {
    let folder = tempdir().unwrap();
    let (client, source) = (client(), Source::named("dbip-asn").unwrap());
    let target = Folder::open(folder.path()).unwrap();
    let fetch = |server: &Server| {
        let updater = Updater::new(&client, now())
            .mirror("dbip", &server.url())
            .most_bytes(1 << 20);
        updater.update(&target, &source, &mut |_| {}).unwrap_err()
    };
    // Without a length, with a false one, and small until it is unpacked.
    let endless = Server::start(|_| Reply::ok(vec![b'x'; 4096]).endless());
    let announced = Server::start(|_| Reply::ok("x").header("Content-Length", "2000000"));
    let bomb = Server::start(|_| Reply::ok(gzip(&vec![0; 8 << 20])));
    for server in [endless, announced, bomb] {
        let error = fetch(&server);
        assert!(matches!(error, Error::TooLarge { .. }), "{error}");
        assert!(leftovers(folder.path()).is_empty());
    }
}

#[test]
fn redirects_are_followed_but_not_for_ever() {
    let folder = tempdir().unwrap();
    let server = files(vec![("/there/ips-v4", b"192.0.2.0/24\n".to_vec())]);
    let to = format!("{}/there/ips-v4", server.url());
    let first = Server::start(move |_| Reply::redirect(&to));
    update(&first, folder.path(), "cloudflare").unwrap();
    assert_eq!(visible(folder.path()), ["cloudflare-ips-v4.txt"]);

    let circle = Server::start(|request| Reply::redirect(request.path()));
    let error = update(&circle, folder.path(), "cloudflare").unwrap_err();
    assert!(matches!(error, Error::Redirect { .. }), "{error}");
    assert_eq!(circle.requests().len(), 6);

    let astray = Server::start(|_| Reply::redirect("file:///etc/passwd"));
    let error = update(&astray, folder.path(), "cloudflare").unwrap_err();
    assert!(matches!(error, Error::Redirect { .. }), "{error}");
}

#[test]
fn lists_of_every_provider_are_fetched() {
    let folder = tempdir().unwrap();
    let tor = "ExitNode 63BF46A63F9C21FD315CD061B3EAA3EB05283A0A\n\
        Published 2026-11-14 09:41:01\nLastStatus 2026-11-14 10:00:00\n\
        ExitAddress 203.0.113.9 2026-11-14 10:05:01\n";
    let server = Server::start(move |request| {
        let link = "/files/ServiceTags_Public_20261116.json";
        let text = match request.path() {
            "/exit-addresses" => tor.to_owned(),
            "/torbulkexitlist" | "/ips-v4" => "203.0.113.9\n".to_owned(),
            "/ips-v6" | "/output/datacenter/ipv6.txt" => "2001:db8::/32\n".to_owned(),
            "/details" => {
                assert_eq!(request.query("flag"), Some("Exit"));
                r#"{"relays":[{"exit_addresses":["203.0.113.9"],"or_addresses":["203.0.113.9:443"]}]}"#.to_owned()
            }
            "/output/vpn/ipv4.txt" | "/output/datacenter/ipv4.txt" => {
                "192.0.2.0/24\n".to_owned()
            }
            "/bad-asn-list.csv" => "ASN,Entity\n64496,\"Example\"\n".to_owned(),
            "/ip-ranges.json" => {
                r#"{"prefixes":[{"ip_prefix":"192.0.2.0/24"}]}"#.to_owned()
            }
            "/cloud.json" | "/goog.json" => {
                r#"{"prefixes":[{"ipv4Prefix":"192.0.2.0/24"}]}"#.to_owned()
            }
            "/public_ip_ranges.json" => {
                r#"{"regions":[{"region":"x","cidrs":[{"cidr":"192.0.2.0/24"}]}]}"#.to_owned()
            }
            "/details.aspx" => {
                let host = request.header("host").unwrap();
                format!("<a href=\"http://{host}{link}\">Download</a>")
            }
            path if path == link => {
                r#"{"changeNumber":1,"cloud":"Public","values":[{"name":"A","id":"A","properties":{"addressPrefixes":["192.0.2.0/24"]}}]}"#.to_owned()
            }
            _ => return Reply::status(404),
        };
        Reply::ok(text)
    });
    for source in Source::all() {
        if let geoip_fetch::Content::List(_) = source.content() {
            let outcome = update(&server, folder.path(), source.name());
            assert!(outcome.is_ok(), "{source}: {outcome:?}");
            assert!(folder.path().join(source.file()).is_file());
        }
    }
}

#[test]
fn a_page_that_leads_elsewhere_is_not_followed() {
    let folder = tempdir().unwrap();
    let page = "https://evil.example/ServiceTags_Public_20261116.json";
    let server = Server::start(move |_| Reply::ok(page));
    let error = update(&server, folder.path(), "azure").unwrap_err();
    assert!(error.to_string().contains("names no ServiceTags"), "{error}");
}

#[test]
fn two_updates_do_not_tread_on_each_other() {
    let folder = tempdir().unwrap();
    let held = Folder::open(folder.path()).unwrap();
    let error = Folder::open(folder.path()).unwrap_err();
    assert!(matches!(error, Error::Locked { .. }), "{error}");
    drop(held);
    Folder::open(folder.path()).unwrap();
}

#[test]
fn nobody_there_is_said_so() {
    let folder = tempdir().unwrap();
    let server = Server::start(|_| Reply::status(200));
    let url = server.url();
    drop(server);
    let (client, source) = (client(), Source::named("aws").unwrap());
    let updater = Updater::new(&client, now()).mirror("aws", &url);
    let target = Folder::open(folder.path()).unwrap();
    let error = updater.update(&target, &source, &mut |_| {}).unwrap_err();
    assert!(error.is_offline(), "{error}");
    assert!(error.advice().contains("HTTPS_PROXY"));
}

#[test]
fn a_plan_asks_nobody() {
    let client = client();
    let server = Server::start(|_| Reply::status(500));
    let updater = Updater::new(&client, now()).mirror("dbip", &server.url());
    let plan = updater.plan(&Source::named("dbip-city").unwrap()).unwrap();
    assert_eq!(plan.url, format!("{}/dbip-city-lite-2026-11.mmdb.gz", server.url()));
    assert_eq!(plan.missing_key, None);
    let plan = updater.plan(&Source::named("GeoLite2-City").unwrap()).unwrap();
    assert!(plan.missing_key.is_some());
    assert!(server.requests().is_empty());
}
