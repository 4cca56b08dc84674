//! Many addresses asked for at once, no faster than a service wants.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    num::NonZero,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    thread,
    time::{Duration, SystemTime},
};

use geoip_core::{LearntAnswer, Scope};

use super::{
    Service,
    reply::{Read, read},
};
use crate::{
    Client, Error, cache::Cache, client::refusal, pace::Pace, time, transfer::Validators,
};

/// More than an answer about one address has.
const MOST_ANSWER_BYTES: u64 = 1 << 20;

/// So many failures one after the other, and the service is left alone.
const MOST_FAILURES: usize = 5;

/// Asks a service about addresses.
#[derive(Debug)]
pub struct Survey<'c> {
    client: &'c Client,
    service: Service,
    now: SystemTime,
    threads: usize,
    pace: Pace,
    cache: Option<(Cache, Duration)>,
}

/// What a service said, and what it did not.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Found {
    /// What it said.
    pub answers: BTreeMap<IpAddr, LearntAnswer>,
    /// How many addresses were sent.
    pub asked: usize,
    /// How many answers were kept from before, those that there is nothing among them.
    pub kept: usize,
    /// How many addresses it knows nothing of.
    pub unknown: usize,
    /// How many questions failed.
    pub failed: usize,
    /// How many addresses were not asked for, since it was stopped.
    pub left: usize,
    /// How many addresses were never to be sent, because they are not global.
    pub not_global: usize,
    /// The first failure, if any; the one that stopped it, if one did.
    pub error: Option<Error>,
}

/// What is shared by the threads.
#[derive(Default)]
struct Progress {
    next: AtomicUsize,
    failures: AtomicUsize,
    stopped: AtomicBool,
    found: Mutex<Found>,
}

impl<'c> Survey<'c> {
    /// Questions to a service at this time: four at once, twenty a second at most, and no
    /// answer is kept.
    pub fn new(client: &'c Client, service: Service, now: SystemTime) -> Self {
        Self {
            client,
            service,
            now,
            threads: 4,
            pace: Pace::new(Duration::from_millis(50)),
            cache: None,
        }
    }

    /// Ask so many questions at once.
    #[must_use]
    pub fn threads(self, threads: NonZero<usize>) -> Self {
        Self { threads: threads.get().min(64), ..self }
    }

    /// Keep questions this far apart.
    #[must_use]
    pub fn interval(self, interval: Duration) -> Self {
        Self { pace: Pace::new(interval), ..self }
    }

    /// Keep answers in this folder for so long.
    #[must_use]
    pub fn cache(self, folder: &Path, lifetime: Duration) -> Self {
        let cache = Cache::new(folder, time::epoch(self.now));
        Self { cache: Some((cache, lifetime)), ..self }
    }

    /// The service.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// Of these addresses, those that would be sent: global, each once, and not answered
    /// before. In their order.
    pub fn would_ask(&self, addresses: &[IpAddr]) -> Vec<IpAddr> {
        let (_, todo) = self.before(addresses);
        todo
    }

    /// Ask about addresses, in their order. `watch` is told how many were asked so far, from
    /// several threads.
    ///
    /// A key that is refused and a quota that is used up stop it, and so do five failures
    /// in a row; what was answered until then is kept. So there is no error for that: see
    /// [`Found::error`].
    ///
    /// # Errors
    /// [`Error::NoKey`] if the service needs a key, [`Error::InvalidUrl`] if its address is
    /// none.
    pub fn ask(
        &self,
        addresses: &[IpAddr],
        watch: &(dyn Fn(usize) + Sync),
    ) -> Result<Found, Error> {
        if self.service.lacks_key() {
            let name = self.service.name().to_owned();
            return Err(Error::NoKey { name, needed: "a key" });
        }
        self.service.host()?;
        let (found, todo) = self.before(addresses);
        let shared = Progress { found: Mutex::new(found), ..Progress::default() };
        thread::scope(|scope| {
            for _ in 0..self.threads.min(todo.len()) {
                scope.spawn(|| self.work(&todo, &shared, watch));
            }
        });
        let mut found = shared.found.into_inner().unwrap_or_else(PoisonError::into_inner);
        found.left = todo.len() - found.asked;
        Ok(found)
    }

    /// What is known without asking, and what is to be asked.
    fn before(&self, addresses: &[IpAddr]) -> (Found, Vec<IpAddr>) {
        let mut found = Found::default();
        let mut seen = std::collections::BTreeSet::new();
        let mut todo = Vec::new();
        for address in addresses.iter().map(IpAddr::to_canonical) {
            if !seen.insert(address) {
                continue;
            }
            if Scope::of(address) != Scope::Global {
                found.not_global += 1;
                continue;
            }
            match self.kept(address) {
                Some(answer) => {
                    found.kept += 1;
                    match answer {
                        Read::Answer(answer) => {
                            found.answers.insert(address, *answer);
                        }
                        _ => found.unknown += 1,
                    }
                }
                None => todo.push(address),
            }
        }
        (found, todo)
    }

    fn work(&self, todo: &[IpAddr], shared: &Progress, watch: &(dyn Fn(usize) + Sync)) {
        while !shared.stopped.load(Relaxed) {
            let Some(address) = todo.get(shared.next.fetch_add(1, Relaxed)) else {
                return;
            };
            let outcome = self.one(*address, shared);
            if matches!(outcome, Err(Error::Stopped { .. })) {
                return;
            }
            let mut found = shared.found.lock().unwrap_or_else(PoisonError::into_inner);
            found.asked += 1;
            watch(found.asked);
            match outcome {
                Ok(answer) => {
                    shared.failures.store(0, Relaxed);
                    match answer {
                        Some(answer) => drop(found.answers.insert(*address, answer)),
                        None => found.unknown += 1,
                    }
                }
                Err(error) => {
                    found.failed += 1;
                    let in_a_row = shared.failures.fetch_add(1, Relaxed) + 1;
                    let final_one =
                        matches!(error, Error::Refused { .. } | Error::Quota { .. });
                    if final_one || in_a_row >= MOST_FAILURES {
                        shared.stopped.store(true, Relaxed);
                    }
                    if found.error.is_none() || final_one {
                        found.error = Some(error);
                    }
                }
            }
        }
    }

    /// Ask about one address.
    fn one(
        &self,
        address: IpAddr,
        shared: &Progress,
    ) -> Result<Option<LearntAnswer>, Error> {
        let ask = self.service.question(&address.to_string())?;
        let host = ask.address.host();
        let (bytes, whole) = self.client.retry.run(|_| {
            if shared.stopped.load(Relaxed) {
                // Another thread learnt that it is of no use.
                return Err(Error::Stopped { host: host.clone() });
            }
            self.pace.wait();
            let mut reply = self.client.ask(&ask)?;
            match reply.status {
                200 => reply.read(MOST_ANSWER_BYTES),
                404 => Ok((b"{}".to_vec(), true)),
                _ => Err(refusal(reply, ask.key.as_ref())),
            }
        })?;
        let url = ask.address.to_string();
        if !whole {
            return Err(Error::TooLarge { url, limit_bytes: MOST_ANSWER_BYTES });
        }
        let scrub = |said: String| match &ask.key {
            Some(key) => key.scrub(&said),
            None => said,
        };
        let answer = match read(&bytes, &self.service.fields) {
            Read::Answer(answer) => Some(*answer),
            Read::Nothing => None,
            Read::Refused(said) => {
                return Err(Error::Refused { host, status: 200, said: scrub(said) });
            }
            Read::Quota(said) => {
                return Err(Error::Quota { host, said: scrub(said), retry_after: None });
            }
            Read::Unusable(reason) => {
                return Err(Error::Unusable { url, reason: reason.into() });
            }
        };
        if let Some((cache, lifetime)) = &self.cache {
            let kept = answer.as_ref().map(|_| bytes.as_slice());
            let seconds = lifetime.as_secs();
            cache.put(&self.question(address), seconds, Validators::default(), kept);
        }
        Ok(answer)
    }

    /// What was answered before, if it is still good.
    fn kept(&self, address: IpAddr) -> Option<Read> {
        let (cache, _) = self.cache.as_ref()?;
        let kept = cache.get(&self.question(address)).filter(|kept| kept.fresh)?;
        if kept.head.nothing {
            return Some(Read::Nothing);
        }
        let read = read(&kept.bytes, &self.service.fields);
        Some(read).filter(|read| matches!(read, Read::Answer(_)))
    }

    /// What an answer is kept under: the question without its key.
    fn question(&self, address: IpAddr) -> String {
        format!("{} {address}", self.service.template)
    }
}
