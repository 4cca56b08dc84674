//! One exchange with a server: redirects, keys, and what its errors mean.

use std::{
    fmt,
    io::{
        self,
        ErrorKind::{NotFound, PermissionDenied, TimedOut, UnexpectedEof, WouldBlock},
        Read,
    },
    sync::Arc,
    time::Duration,
};

use base64::Engine;
use ureq::{
    Agent, Proxy,
    http::header::{AUTHORIZATION, HeaderMap, HeaderName, LOCATION, RETRY_AFTER},
    tls::{RootCerts, TlsConfig, TlsProvider},
};

use crate::{Error, Secret, address::Address, retry::Retry, time};

/// More redirects than any server needs.
const MOST_REDIRECTS: usize = 5;

/// The longest message of a server that is repeated, in characters.
const LONGEST_MESSAGE: usize = 200;

/// How to talk to servers.
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use geoip_fetch::{Client, ClientOptions};
///
/// let options = ClientOptions::default().idle_timeout(Duration::from_secs(10)).attempts(2);
/// let client = Client::new(&options)?;
/// # Ok::<(), geoip_fetch::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ClientOptions {
    user_agent: String,
    connect_timeout: Duration,
    idle_timeout: Duration,
    retry: Retry,
    proxy: ProxyChoice,
}

#[derive(Clone, Debug)]
enum ProxyChoice {
    None,
    Environment,
    Named(Secret),
}

impl Default for ClientOptions {
    /// Half a minute to connect and for silence, three attempts, the proxy of the
    /// environment.
    fn default() -> Self {
        Self {
            user_agent: concat!(
                "geoip-fetch/",
                env!("CARGO_PKG_VERSION"),
                " (+",
                env!("CARGO_PKG_REPOSITORY"),
                ")"
            )
            .into(),
            connect_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(30),
            retry: Retry::default(),
            proxy: ProxyChoice::Environment,
        }
    }
}

impl ClientOptions {
    /// What to call ourselves. The default says which crate this is.
    #[must_use]
    pub fn user_agent(mut self, name: &str) -> Self {
        name.clone_into(&mut self.user_agent);
        self
    }

    /// How long a connection may take.
    #[must_use]
    pub fn connect_timeout(self, connect_timeout: Duration) -> Self {
        Self { connect_timeout, ..self }
    }

    /// How long a server may be silent, before its answer or in it.
    #[must_use]
    pub fn idle_timeout(self, idle_timeout: Duration) -> Self {
        Self { idle_timeout, ..self }
    }

    /// How often to try what can succeed when it is tried again; at least once.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.retry.attempts = attempts.max(1);
        self
    }

    /// How long to wait before the second attempt, which is doubled for each further one,
    /// and the longest that a server may ask to wait for.
    #[must_use]
    pub fn waits(mut self, first: Duration, longest: Duration) -> Self {
        self.retry.first_wait = first;
        self.retry.longest_wait = longest;
        self
    }

    /// Go through this proxy (`http://`, `https://`, `socks5://`), whatever the environment
    /// says.
    #[must_use]
    pub fn proxy(self, url: &Secret) -> Self {
        Self { proxy: ProxyChoice::Named(url.clone()), ..self }
    }

    /// Go through no proxy, whatever the environment says.
    #[must_use]
    pub fn no_proxy(self) -> Self {
        Self { proxy: ProxyChoice::None, ..self }
    }
}

/// Talks to servers; to be made once and shared.
pub struct Client {
    agent: Agent,
    pub(crate) retry: Retry,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("retry", &self.retry).finish_non_exhaustive()
    }
}

/// What proves to a server who asks.
#[derive(Clone, Debug)]
pub(crate) enum Key {
    /// Name and password of HTTP (RFC 7617).
    Basic(String, Secret),
    /// A token in a header (RFC 6750).
    Bearer(Secret),
    /// In the address itself, where its owner put it.
    InAddress(Secret),
}

impl Key {
    fn secret(&self) -> &Secret {
        match self {
            Self::Basic(_, secret) | Self::Bearer(secret) | Self::InAddress(secret) => {
                secret
            }
        }
    }

    /// A text of someone else without this key in it.
    pub(crate) fn scrub(&self, text: &str) -> String {
        self.secret().scrub(text)
    }

    /// The value of `Authorization`, if it goes there.
    fn header(&self) -> Option<String> {
        match self {
            Self::Basic(name, secret) => {
                let pair = format!("{name}:{}", secret.expose());
                let coded = base64::engine::general_purpose::STANDARD.encode(pair);
                Some(format!("Basic {coded}"))
            }
            Self::Bearer(secret) => Some(format!("Bearer {}", secret.expose())),
            Self::InAddress(_) => None,
        }
    }
}

/// How long a small answer may take in all, however little is sent at a time.
const SMALL_DEADLINE: Duration = Duration::from_mins(1);

/// What is asked of a server.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) address: Address,
    pub(crate) headers: Vec<(HeaderName, String)>,
    pub(crate) key: Option<Key>,
    /// How long the exchange may take in all.
    pub(crate) deadline: Duration,
}

impl Ask {
    pub(crate) fn new(address: Address) -> Self {
        Self { address, headers: Vec::new(), key: None, deadline: SMALL_DEADLINE }
    }

    pub(crate) fn key(self, key: Option<Key>) -> Self {
        Self { key, ..self }
    }

    pub(crate) fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// What a server answers.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// Where it came from in the end.
    pub(crate) address: Address,
    body: ureq::Body,
}

impl Reply {
    pub(crate) fn text_header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn body(&mut self) -> impl Read + '_ {
        self.body.as_reader()
    }

    /// The body, up to so many bytes, and whether that was all.
    pub(crate) fn read(&mut self, limit_bytes: u64) -> Result<(Vec<u8>, bool), Error> {
        let mut bytes = Vec::new();
        let host = self.address.host();
        let mut limited = self.body().take(limit_bytes + 1);
        limited.read_to_end(&mut bytes).map_err(|error| of_body(host, error))?;
        let whole = bytes.len() as u64 <= limit_bytes;
        bytes.truncate(usize::try_from(limit_bytes).unwrap_or(usize::MAX));
        Ok((bytes, whole))
    }
}

impl Client {
    /// A client with these options. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::InvalidProxy`] if a proxy was named that is none.
    pub fn new(options: &ClientOptions) -> Result<Self, Error> {
        let proxy = match &options.proxy {
            ProxyChoice::None => None,
            ProxyChoice::Environment => Proxy::try_from_env(),
            ProxyChoice::Named(url) => {
                Some(Proxy::new(url.expose()).map_err(|_| Error::InvalidProxy)?)
            }
        };
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(
                rustls::crypto::ring::default_provider(),
            ))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .proxy(proxy)
            .user_agent(options.user_agent.as_str())
            // Statuses and redirects are judged here, where keys are known.
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(options.connect_timeout))
            .timeout_recv_response(Some(options.idle_timeout))
            .timeout_per_read(Some(options.idle_timeout))
            .timeout_per_write(Some(options.idle_timeout))
            .build();
        Ok(Self { agent: config.new_agent(), retry: options.retry.clone() })
    }

    /// Ask once, and follow where the answer leads. A key goes to the server that was
    /// asked, and to no other.
    pub(crate) fn ask(&self, ask: &Ask) -> Result<Reply, Error> {
        if ask.key.is_some() && !ask.address.is_encrypted() && !ask.address.is_local() {
            return Err(Error::NotEncrypted { host: ask.address.host() });
        }
        let mut address = ask.address.clone();
        for _ in 0..=MOST_REDIRECTS {
            let deadline = Some(ask.deadline);
            let request = self.agent.get(address.uri());
            let mut request = request.config().timeout_global(deadline).build();
            for (name, value) in &ask.headers {
                request = request.header(name, value);
            }
            let key = ask.key.as_ref().and_then(Key::header);
            if let Some(key) = key.filter(|_| address.same_origin(&ask.address)) {
                request = request.header(AUTHORIZATION, key);
            }
            let response =
                request.call().map_err(|error| of_transport(&address, error))?;
            let (head, body) = response.into_parts();
            let reply = Reply {
                status: head.status.as_u16(),
                headers: head.headers,
                address,
                body,
            };
            if !matches!(reply.status, 301 | 302 | 303 | 307 | 308) {
                return Ok(reply);
            }
            address = redirected(&reply)?;
        }
        Err(Error::Redirect { url: ask.address.to_string(), reason: "again and again" })
    }

    /// Ask until there is an answer of status 200 or 304, as often as that makes sense.
    pub(crate) fn ask_patiently(&self, ask: &Ask) -> Result<Reply, Error> {
        self.retry.run(|_| {
            let reply = self.ask(ask)?;
            match reply.status {
                200 | 304 => Ok(reply),
                _ => Err(refusal(reply, ask.key.as_ref())),
            }
        })
    }
}

fn redirected(reply: &Reply) -> Result<Address, Error> {
    let astray = |reason| Error::Redirect { url: reply.address.to_string(), reason };
    let location = reply.text_header(&LOCATION).ok_or_else(|| astray("to nowhere"))?;
    let next = reply.address.join(location).map_err(|_| astray("to no address"))?;
    if reply.address.is_encrypted() && !next.is_encrypted() {
        return Err(astray("to where there is no encryption"));
    }
    Ok(next)
}

/// What a status other than success means.
pub(crate) fn refusal(mut reply: Reply, key: Option<&Key>) -> Error {
    let retry_after = reply.text_header(&RETRY_AFTER).and_then(time::delay);
    let said = match reply.read(4096) {
        Ok((bytes, _)) => message(&bytes, key.map(Key::secret)),
        Err(_) => String::new(),
    };
    let (host, url, status) =
        (reply.address.host(), reply.address.to_string(), reply.status);
    match status {
        401..=403 => Error::Refused { host, status, said },
        404 | 410 => Error::NotFound { url },
        429 => Error::Quota { host, said, retry_after },
        // What a server says when it is down for a while, and for how long.
        503 if retry_after.is_some() => Error::Quota { host, said, retry_after },
        _ => Error::Status { url, status, said },
    }
}

/// What a server says in an error: the `error` or `message` of its JSON, or a line of text.
fn message(bytes: &[u8], secret: Option<&Secret>) -> String {
    let text = String::from_utf8_lossy(bytes);
    let json: Option<serde_json::Value> = serde_json::from_str(&text).ok();
    let of_json = json.as_ref().and_then(|json| {
        let inner = ["error", "message", "messages", "reason"];
        let found = inner.into_iter().find_map(|name| json.get(name))?;
        let deeper =
            || ["message", "info", "title"].iter().find_map(|n| found.get(n)?.as_str());
        found.as_str().or_else(deeper)
    });
    let line = match of_json {
        Some(line) => line,
        None if json.is_some() || text.trim_start().starts_with('<') => "",
        None => text.lines().next().unwrap_or_default(),
    };
    let clean = line.trim().chars().filter(|character| !character.is_control());
    let short: String = clean.take(LONGEST_MESSAGE).collect();
    match secret {
        Some(secret) => secret.scrub(&short),
        None => short,
    }
}

/// An error of the connection. Its words are ours: those of others may hold the address,
/// and with it a key.
fn of_transport(address: &Address, error: ureq::Error) -> Error {
    let host = address.host();
    let protocol =
        |reason: &str| Error::Protocol { host: host.clone(), reason: reason.into() };
    match error {
        ureq::Error::Io(error) => of_io(host, error),
        ureq::Error::Timeout(_) => Error::TimedOut { host },
        ureq::Error::HostNotFound => {
            let reason = "its name is not known";
            Error::Unreachable { host, source: io::Error::new(NotFound, reason) }
        }
        ureq::Error::ConnectionFailed => {
            Error::Unreachable { host, source: io::Error::other("no connection") }
        }
        ureq::Error::ConnectProxyFailed(_) => {
            let reason = "the proxy refuses to connect";
            Error::Unreachable { host, source: io::Error::new(PermissionDenied, reason) }
        }
        ureq::Error::Rustls(error) => {
            Error::Untrusted { host, reason: error.to_string() }
        }
        ureq::Error::Tls(reason) => Error::Untrusted { host, reason: reason.into() },
        ureq::Error::LargeResponseHeader(..) => protocol("its headers have no end"),
        ureq::Error::Protocol(error) => protocol(&error.to_string()),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
            protocol("the request cannot be written")
        }
        _ => protocol("the exchange failed"),
    }
}

/// An error within a body.
pub(crate) fn of_body(host: String, error: io::Error) -> Error {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
    match inner {
        Some(ureq::Error::Timeout(_)) => Error::TimedOut { host },
        Some(ureq::Error::Protocol(reason)) => {
            Error::Protocol { host, reason: reason.to_string() }
        }
        Some(_) => Error::Unreachable {
            host,
            source: io::Error::new(UnexpectedEof, "the connection ended early"),
        },
        None => of_io(host, error),
    }
}

fn of_io(host: String, error: io::Error) -> Error {
    // TLS reports its troubles as those of input and output.
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match (error.kind(), tls) {
        (_, Some(tls)) => Error::Untrusted { host, reason: tls.to_string() },
        (TimedOut | WouldBlock, None) => Error::TimedOut { host },
        _ => Error::Unreachable { host, source: error },
    }
}
