//! Asking a geolocation service, if the user says so.

use std::{
    env,
    net::IpAddr,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    time::{Duration, SystemTime},
};

use anyhow::Result;
use geoip_core::{Answers, Attribution, Scope};
use geoip_fetch::{
    Client, ClientOptions, Error, Secret,
    service::{Fields, Found, Service, Survey},
};

use crate::{
    args::{Global, ServiceOptions},
    failure::Hinted,
    folders, output,
    text::{addresses as count_of, counted, printable, thousands},
};

/// Whether a service was to answer more than it did.
static UNANSWERED: AtomicBool = AtomicBool::new(false);

/// Whether a service was to answer more than it did: the result is not the whole truth then,
/// and the exit code must say so.
pub(crate) fn some_unanswered() -> bool {
    UNANSWERED.load(Relaxed)
}

/// How long an answer is good: networks move to other places, but not every day.
const LIFETIME: Duration = Duration::from_hours(30 * 24);

/// What the service that is named says about these addresses, the most important first;
/// nothing if none is named.
///
/// Only global addresses are sent, each once, and no more than the user allows. Before any
/// is, it is said how many, and where to; afterwards, what came of it.
pub(crate) fn ask<I: IntoIterator<Item = IpAddr>>(
    global: &Global,
    addresses: impl FnOnce() -> I,
) -> Result<Option<Answers>> {
    let options = &global.service;
    let Some(name) = &options.service else { return Ok(None) };
    let service = service(name, options)?;
    let host = hinted(service.host())?;
    if service.lacks_key() {
        return Err(Hinted::error(
            format!("{} wants a key", printable(service.name())),
            "put it into GEOIP_SERVICE_KEY or into a file, and name that: \
             --service-key-file FILE",
        ));
    }
    let credit = Attribution::new(service.name(), service.home(), "terms of the service");
    let mut answers = Answers::new(service.name(), Some(credit));
    let client = hinted(Client::new(&ClientOptions::default()))?;
    let interval = Duration::from_secs(1) / options.service_rate.get();
    let mut survey = Survey::new(&client, service, SystemTime::now()).interval(interval);
    if let Some(folder) = folders::of_caches() {
        survey = survey.cache(&folder.join("service"), LIFETIME);
    }
    let is_global = |it: &IpAddr| Scope::of(it.to_canonical()) == Scope::Global;
    let mut wanted = addresses().into_iter().filter(is_global);
    let first: Vec<_> = wanted.by_ref().take(options.service_limit.get()).collect();
    let beyond = wanted.count();
    let sent = survey.would_ask(&first).len();
    if sent > 0 {
        let many = count_of(sent as u64);
        output::note(global, &format!("sending {many} to {host}"));
    }
    if beyond > 0 {
        let many = count_of(beyond as u64);
        output::note(global, &format!("{many} beyond --service-limit: not asked about"));
    }
    let found = hinted(survey.ask(&first, &|_| {}))?;
    report(global, &found, &host)?;
    for (address, answer) in found.answers {
        answers.insert(address, answer);
    }
    Ok(Some(answers))
}

fn service(name: &str, options: &ServiceOptions) -> Result<Service> {
    let service = match Service::named(name) {
        Some(service) => service,
        None if name.contains("://") => hinted(Service::new(name))?,
        None => {
            let names: Vec<_> = Service::names().collect();
            return Err(Hinted::error(
                format!("`{}` is no service known here", printable(name)),
                format!("{}, or an address with {{ip}} in it", names.join(", ")),
            ));
        }
    };
    let mut fields = Fields::default();
    for field in &options.service_field {
        let (fact, pointer) = field.split_once('=').unwrap_or((field, ""));
        fields = fields.with(fact, pointer).map_err(|error| {
            let facts: Vec<_> = Fields::names().collect();
            let hint = format!("FACT=/POINTER, where FACT is {}", facts.join(", "));
            Hinted::error(printable(&error.to_string()).into_owned(), hint)
        })?;
    }
    let key = match &options.service_key_file {
        Some(path) => Some(hinted(Secret::from_file(path))?),
        None => env::var("GEOIP_SERVICE_KEY").ok().map(|key| Secret::new(&key)),
    };
    let service = service.fields(fields);
    Ok(match key {
        Some(key) => service.key(key),
        None => service,
    })
}

/// Say what came of it. A service that answered nothing at all is an error: the databases
/// would answer in its name.
fn report(global: &Global, found: &Found, host: &str) -> Result<()> {
    let mut parts = vec![format!(
        "{host}: {} of {} answered",
        thousands((found.asked - found.failed) as u64),
        thousands(found.asked as u64)
    )];
    let counts = [
        (found.kept, "known from before"),
        (found.unknown, "not known there"),
        (found.failed, "failed"),
        (found.left, "not asked about"),
    ];
    let named = counts.into_iter().filter(|(count, _)| *count > 0);
    parts
        .extend(named.map(|(count, what)| format!("{} {what}", thousands(count as u64))));
    output::note(global, &parts.join(", "));
    let Some(error) = &found.error else { return Ok(()) };
    let hint = error.advice();
    if found.answers.is_empty() && found.unknown == 0 {
        let message = printable(&chain(error)).into_owned();
        return Err(Hinted::error(message, hint));
    }
    UNANSWERED.store(true, Relaxed);
    // There are answers: they are not the whole truth, but they are kept.
    let partly = counted(found.answers.len() as u64, "answer", "answers");
    let message = format!("{}; {partly} kept", chain(error));
    output::report_failure(&Hinted::error(message, hint));
    Ok(())
}

/// An error and its cause on one line.
fn chain(error: &Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

fn hinted<T>(result: Result<T, Error>) -> Result<T> {
    result.map_err(|error| {
        Hinted::error(printable(&chain(&error)).into_owned(), error.advice())
    })
}
