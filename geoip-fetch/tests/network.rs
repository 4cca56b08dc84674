//! Proxies, and servers that are not who they should be.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod support;

use std::time::Duration;

use geoip_fetch::{
    Client, ClientOptions, Error, Folder, Secret, Source, Updated, Updater,
};
use geoip_testkit::http::{Reply, Server};
use support::{now, update};
use tempfile::tempdir;

fn through(proxy: &str, mirror: &str) -> Result<Updated, Error> {
    let options = ClientOptions::default()
        .proxy(&Secret::new(proxy))
        .idle_timeout(Duration::from_millis(300))
        .attempts(1);
    let client = Client::new(&options)?;
    let folder = tempdir().unwrap();
    let source = Source::named("cloudflare").unwrap();
    let updater = Updater::new(&client, now()).mirror("cloudflare", mirror);
    updater.update(&Folder::open(folder.path()).unwrap(), &source, &mut |_| {})
}

#[test]
fn a_proxy_is_gone_through() {
    let server = Server::start(|_| Reply::ok("192.0.2.0/24\n"));
    let proxy = server.url().replace("http://", "http://user:s3cret@");
    through(&proxy, "http://nowhere.invalid/list").unwrap();
    let requests = server.requests();
    let first = &requests[0];
    assert!(first.target.contains("nowhere.invalid"), "{first:?}");
    // user:s3cret
    let expected = Some("Basic dXNlcjpzM2NyZXQ=");
    assert_eq!(first.header("proxy-authorization"), expected, "{first:?}");
}

#[test]
fn a_proxy_that_is_none_is_said_without_its_password() {
    let error = through("http://user:s3cret@", "http://nowhere.invalid").unwrap_err();
    assert!(!format!("{error:?} {error}").contains("s3cret"), "{error:?}");
    let server = Server::start(|_| Reply::status(200));
    let gone = server.url().replace("http://", "http://user:s3cret@");
    drop(server);
    let error = through(&gone, "http://nowhere.invalid").unwrap_err();
    assert!(error.is_offline(), "{error:?}");
    assert!(!format!("{error:?} {error}").contains("s3cret"), "{error:?}");
}

#[test]
fn a_certificate_of_nobody_is_not_trusted() {
    let folder = tempdir().unwrap();
    let server = Server::start_encrypted(|_| Reply::ok("192.0.2.0/24\n"));
    let error = update(&server, folder.path(), "cloudflare").unwrap_err();
    assert!(matches!(error, Error::Untrusted { .. }), "{error:?}");
    assert!(error.advice().contains("SSL_CERT_FILE"));
    assert!(server.requests().is_empty());
}

#[test]
fn what_is_not_encrypted_is_no_https() {
    let plain = Server::start(|_| Reply::ok("192.0.2.0/24\n"));
    let folder = tempdir().unwrap();
    let client = support::client();
    let source = Source::named("cloudflare").unwrap();
    let https = plain.url().replace("http://", "https://");
    let updater = Updater::new(&client, now()).mirror("cloudflare", &https);
    let target = Folder::open(folder.path()).unwrap();
    let error = updater.update(&target, &source, &mut |_| {}).unwrap_err();
    // It depends on when the server gives up.
    let expected = matches!(error, Error::Untrusted { .. } | Error::Unreachable { .. });
    assert!(expected, "{error:?}");
}
