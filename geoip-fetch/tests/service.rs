//! Geolocation services.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod support;

use std::{
    net::{IpAddr, Ipv4Addr},
    num::NonZero,
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
    time::{Duration, Instant},
};

use geoip_fetch::{
    Client, Error, Secret,
    service::{Service, Survey},
};
use geoip_testkit::http::{Reply, Request, Server};
use support::{client, now};
use tempfile::tempdir;

const KEY: &str = "s3cret/key";

/// As `ipapi` answers: each address is in a city of its own name.
fn city_of(request: &Request) -> Reply {
    let address = request.path().trim_start_matches("/json/");
    Reply::ok(format!(r#"{{"country_code":"FR","city":"City {address}","asn":64496}}"#))
}

fn service(server: &Server) -> Service {
    Service::new(&format!("{}/json/{{ip}}", server.url())).unwrap()
}

fn survey(client: &Client, service: Service) -> Survey<'_> {
    Survey::new(client, service, now()).interval(Duration::ZERO)
}

fn global(count: u8) -> Vec<IpAddr> {
    (0..count).map(|last| Ipv4Addr::new(8, 8, 4, last).into()).collect()
}

#[test]
fn each_global_address_is_asked_for_once_and_no_other() {
    let server = Server::start(city_of);
    let client = client();
    let texts = [
        "8.8.8.8",
        "10.0.0.1",
        "8.8.8.8",
        "::ffff:8.8.8.8",
        "127.0.0.1",
        "2001:db8::1",
        "2606:4700::1111",
    ];
    let addresses = texts.map(|text| text.parse().unwrap());
    let survey = survey(&client, service(&server));
    assert_eq!(survey.would_ask(&addresses), [addresses[0], addresses[6]]);
    assert!(server.requests().is_empty());
    let found = survey.ask(&addresses, &|_| {}).unwrap();
    assert_eq!((found.asked, found.not_global, found.left), (2, 3, 0));
    let mut paths = server.paths();
    paths.sort();
    assert_eq!(paths, ["/json/2606:4700::1111", "/json/8.8.8.8"]);
    assert_eq!(found.answers[&addresses[0]].city.as_deref(), Some("City 8.8.8.8"));
    assert!(found.error.is_none());
}

#[test]
fn many_are_asked_for_at_once_but_no_faster_than_wanted() {
    let server =
        Server::start(|request| city_of(request).after(Duration::from_millis(100)));
    let client = client();
    let begun = Instant::now();
    let eight = NonZero::new(8).unwrap();
    let found = survey(&client, service(&server))
        .threads(eight)
        .interval(Duration::from_millis(10))
        .ask(&global(16), &|_| {})
        .unwrap();
    assert_eq!(found.answers.len(), 16);
    assert!(begun.elapsed() >= Duration::from_millis(150), "faster than wanted");
    // One after the other would take 1.6 seconds.
    assert!(begun.elapsed() < Duration::from_millis(1500), "one after the other");
}

#[test]
fn answers_are_kept_as_long_as_they_are_good() {
    let folder = tempdir().unwrap();
    let server = Server::start(|request| match request.path() {
        "/json/8.8.4.0" => Reply::status(404),
        _ => city_of(request),
    });
    let client = client();
    let at = |seconds, count| {
        let now = now() + Duration::from_secs(seconds);
        let survey = Survey::new(&client, service(&server), now).interval(Duration::ZERO);
        let survey = survey.cache(folder.path(), Duration::from_mins(1));
        survey.ask(&global(count), &|_| {}).unwrap()
    };
    let first = at(0, 3);
    assert_eq!(
        (first.asked, first.kept, first.unknown, first.answers.len()),
        (3, 0, 1, 2)
    );
    let second = at(59, 4);
    assert_eq!((second.asked, second.kept, second.unknown), (1, 3, 1));
    assert_eq!(second.answers.len(), 3);
    assert_eq!(at(61, 3).asked, 3);
}

#[test]
fn a_wrong_key_stops_it_and_is_not_shown() {
    let server = Server::start(|request| {
        assert_eq!(request.header("authorization"), Some("Bearer s3cret/key"));
        Reply::status(401).body(format!(r#"{{"message":"{KEY} is no key"}}"#))
    });
    let client = client();
    let one = NonZero::new(1).unwrap();
    let service = service(&server).key(Secret::new(KEY));
    assert!(!format!("{service:?}").contains(KEY));
    let found = survey(&client, service).threads(one).ask(&global(9), &|_| {}).unwrap();
    let error = found.error.unwrap();
    assert!(matches!(error, Error::Refused { status: 401, .. }), "{error}");
    assert!(error.to_string().ends_with(": … is no key"), "{error}");
    assert_eq!((found.asked, found.failed, found.left), (1, 1, 8));
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_used_up_quota_leaves_what_was_answered() {
    for quota in [
        Reply::status(429).body("Too Many Requests"),
        Reply::ok(r#"{"error":true,"reason":"RateLimited"}"#),
    ] {
        let asked = AtomicUsize::new(0);
        let server = Server::start(move |request| match asked.fetch_add(1, SeqCst) {
            0..4 => city_of(request),
            _ => quota.clone(),
        });
        let client = client();
        let survey = survey(&client, service(&server)).threads(NonZero::new(1).unwrap());
        let found = survey.ask(&global(20), &|_| {}).unwrap();
        assert!(matches!(found.error, Some(Error::Quota { .. })), "{:?}", found.error);
        assert_eq!((found.answers.len(), found.asked, found.left), (4, 5, 15));
    }
}

#[test]
fn a_key_in_the_address_is_not_shown_either() {
    let server = Server::start(|request| {
        assert_eq!(request.query("apiKey"), Some("s3cret%2Fkey"));
        Reply::status(403).body(r#"{"code":403,"messages":"Access restricted."}"#)
    });
    let client = client();
    let template = format!("{}/api?apiKey={{key}}&ipAddress={{ip}}", server.url());
    let service = Service::named("geoipify").unwrap().at(&template).unwrap();
    let without = survey(&client, service.clone()).ask(&global(1), &|_| {});
    assert!(matches!(without, Err(Error::NoKey { .. })));
    let service = service.key(Secret::new(KEY));
    let found = survey(&client, service).ask(&global(1), &|_| {}).unwrap();
    let text = format!("{:?} {}", found.error, found.error.as_ref().unwrap());
    assert!(text.contains("Access restricted"), "{text}");
    assert!(!text.contains("s3cret"), "{text}");
}

#[test]
fn a_server_that_stumbles_is_asked_again_and_one_that_lies_is_left() {
    let asked = AtomicUsize::new(0);
    let stumbling = Server::start(move |request| match asked.fetch_add(1, SeqCst) {
        0 => Reply::status(503),
        1 => city_of(request).cut_after(3),
        _ => city_of(request),
    });
    let client = client();
    let found = survey(&client, service(&stumbling)).ask(&global(1), &|_| {}).unwrap();
    assert_eq!((found.answers.len(), found.failed), (1, 0), "{:?}", found.error);

    let page = Server::start(|_| Reply::ok("<html>hello</html>"));
    let one = NonZero::new(1).unwrap();
    let lying = survey(&client, service(&page)).threads(one);
    let found = lying.ask(&global(20), &|_| {}).unwrap();
    assert!(matches!(found.error, Some(Error::Unusable { .. })));
    assert_eq!((found.failed, found.left), (5, 15));

    let endless = Server::start(|_| Reply::ok(vec![b' '; 4096]).endless());
    let found = survey(&client, service(&endless)).ask(&global(1), &|_| {}).unwrap();
    assert!(matches!(found.error, Some(Error::TooLarge { .. })), "{:?}", found.error);
}

#[test]
fn nobody_there_is_learnt_soon() {
    let server = Server::start(city_of);
    let service = service(&server);
    drop(server);
    let client = client();
    let one = NonZero::new(1).unwrap();
    let found = survey(&client, service).threads(one).ask(&global(50), &|_| {}).unwrap();
    assert!(found.error.unwrap().is_offline());
    assert_eq!((found.asked, found.left), (5, 45));
}

#[test]
fn services_are_where_they_say() {
    for name in Service::names() {
        let service = Service::named(name).unwrap();
        assert!(!service.host().unwrap().is_empty(), "{name}");
        assert_eq!(service.name(), name);
    }
    for template in ["https://{ip}.example/", "https://h.example/", "h/{ip}", ""] {
        assert!(Service::new(template).is_err(), "{template}");
    }
}
