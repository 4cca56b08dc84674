//! Bringing what is installed up to date.

mod azure;
mod maxmind;

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::Path,
    time::SystemTime,
};

use md5::{Digest, Md5};

use crate::{
    Client, Error, Folder, Keys, Progress, Secret, Source,
    address::{Address, encoded},
    archive::{self, Failure, Packing},
    check,
    client::{Ask, Key},
    folder::Note,
    source::Scheme,
    time,
    transfer::{Transfer, Transferred},
};

/// How an update ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Updated {
    /// What is installed is the newest there is.
    Current,
    /// It was fetched, tried and put into place.
    Installed {
        /// The length of the file.
        bytes: u64,
    },
}

/// What would be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// Where, without what is secret.
    pub url: String,
    /// The key that is needed and not there.
    pub missing_key: Option<&'static str>,
}

/// Brings databases and lists up to date.
///
/// # Examples
/// ```no_run
/// use std::{path::Path, time::SystemTime};
/// use geoip_fetch::{Client, ClientOptions, Folder, Source, Updater};
///
/// let client = Client::new(&ClientOptions::default())?;
/// let folder = Folder::open(Path::new("databases"))?;
/// let updater = Updater::new(&client, SystemTime::now());
/// updater.update(&folder, &Source::named("dbip-city")?, &mut |_| {})?;
/// # Ok::<(), geoip_fetch::Error>(())
/// ```
#[derive(Debug)]
pub struct Updater<'c> {
    client: &'c Client,
    now: SystemTime,
    keys: Keys,
    mirrors: BTreeMap<String, String>,
    force: bool,
    most_bytes: u64,
}

/// Larger than any database on the market, packed or unpacked.
const MOST_DATABASE_BYTES: u64 = 4 << 30;

/// The most that a list or a page has.
const MOST_LIST_BYTES: u64 = 256 << 20;

/// What is to be fetched.
struct Order<'o> {
    ask: Ask,
    edition: Option<&'o str>,
    /// The digest of the unpacked file, if its owner says it.
    md5: Option<&'o str>,
}

impl<'o> Order<'o> {
    fn new(address: Address) -> Self {
        Self { ask: Ask::new(address), edition: None, md5: None }
    }

    fn edition(self, edition: &'o str) -> Self {
        Self { edition: Some(edition), ..self }
    }

    fn key(self, key: Key) -> Self {
        Self { ask: self.ask.key(Some(key)), ..self }
    }
}

impl<'c> Updater<'c> {
    /// An updater at this time, without keys.
    pub fn new(client: &'c Client, now: SystemTime) -> Self {
        Self {
            client,
            now,
            keys: Keys::default(),
            mirrors: BTreeMap::new(),
            force: false,
            most_bytes: MOST_DATABASE_BYTES,
        }
    }

    /// With these keys.
    #[must_use]
    pub fn keys(self, keys: Keys) -> Self {
        Self { keys, ..self }
    }

    /// Ask there instead of at a provider's, see [`Source::provider`] and
    /// [`Source::base`].
    #[must_use]
    pub fn mirror(mut self, provider: &str, base: &str) -> Self {
        self.mirrors.insert(provider.into(), base.trim_end_matches('/').into());
        self
    }

    /// Fetch again what is current.
    #[must_use]
    pub fn force(self, force: bool) -> Self {
        Self { force, ..self }
    }

    /// Take no database larger than this, packed or unpacked.
    #[must_use]
    pub fn most_bytes(self, most_bytes: u64) -> Self {
        Self { most_bytes, ..self }
    }

    /// Say what an update of a source would ask for, and ask for nothing.
    ///
    /// # Errors
    /// [`Error::InvalidUrl`] if a mirror is no address.
    pub fn plan(&self, source: &Source) -> Result<Plan, Error> {
        let [month, _] = time::months(self.now);
        let path = match source.scheme() {
            Scheme::Plain { path } | Scheme::IpInfo { path } => (*path).to_owned(),
            Scheme::DbIp { edition } => db_ip_path(edition, &month),
            Scheme::MaxMind { edition } => format!("geoip/databases/{edition}/download"),
            Scheme::Ip2Location { .. } => "download".into(),
            Scheme::Azure => azure::PAGE.into(),
        };
        let has_key = match source.scheme() {
            Scheme::MaxMind { .. } => self.keys.maxmind.is_some(),
            Scheme::IpInfo { .. } => self.keys.ipinfo.is_some(),
            Scheme::Ip2Location { .. } => self.keys.ip2location.is_some(),
            _ => true,
        };
        let missing_key = source.key().filter(|_| !has_key);
        Ok(Plan { url: self.address(source, &path)?.to_string(), missing_key })
    }

    /// Fetch a source, if there is anything newer than what is installed.
    ///
    /// A file that is installed stays as it is until the new one is whole, has the
    /// announced checksum if there is one, and was opened.
    ///
    /// # Errors
    /// Any [`Error`]; whatever it is, the installed file is not touched.
    pub fn update(
        &self,
        folder: &Folder,
        source: &Source,
        watch: &mut dyn FnMut(Progress),
    ) -> Result<Updated, Error> {
        match source.scheme() {
            Scheme::Plain { path } => {
                let order = Order::new(self.address(source, path)?);
                self.fetch(folder, source, &order, watch)
            }
            Scheme::DbIp { edition } => self.db_ip(folder, source, edition, watch),
            Scheme::MaxMind { edition } => self.maxmind(folder, source, edition, watch),
            Scheme::IpInfo { path } => {
                let token = token(source, self.keys.ipinfo.as_ref())?;
                let path = format!("{path}?token={}", encoded(token.expose()));
                self.with_token(folder, source, &path, token, watch)
            }
            Scheme::Ip2Location { code } => {
                let token = token(source, self.keys.ip2location.as_ref())?;
                let token_text = encoded(token.expose());
                let path = format!("download?token={token_text}&file={code}");
                self.with_token(folder, source, &path, token, watch)
            }
            Scheme::Azure => {
                let address = self.azure_file(source)?;
                let order = Order::new(address);
                self.fetch(folder, source, &order, watch)
            }
        }
    }

    /// The file of this month, or as long as there is none that of the last.
    fn db_ip(
        &self,
        folder: &Folder,
        source: &Source,
        edition: &str,
        watch: &mut dyn FnMut(Progress),
    ) -> Result<Updated, Error> {
        let [this, last] = time::months(self.now);
        let mut of_month = |month: &str| {
            let address = self.address(source, &db_ip_path(edition, month))?;
            self.fetch(folder, source, &Order::new(address).edition(month), watch)
        };
        match of_month(&this) {
            Err(Error::NotFound { .. }) => of_month(&last),
            outcome => outcome,
        }
    }

    /// A file of those who count downloads and say little about versions: it is asked for
    /// once a day at most.
    fn with_token(
        &self,
        folder: &Folder,
        source: &Source,
        path: &str,
        token: &Secret,
        watch: &mut dyn FnMut(Progress),
    ) -> Result<Updated, Error> {
        const DAY_SECONDS: u64 = 24 * 60 * 60;

        let note = folder.note(source.file());
        let age = note.map(|note| time::epoch(self.now).saturating_sub(note.fetched));
        if !self.force && age.is_some_and(|seconds| seconds < DAY_SECONDS) {
            return Ok(Updated::Current);
        }
        let order = Order::new(self.address(source, path)?);
        self.fetch(folder, source, &order.key(Key::InAddress(token.clone())), watch)
    }

    fn address(&self, source: &Source, path: &str) -> Result<Address, Error> {
        let mirror = self.mirrors.get(source.provider()).map(String::as_str);
        let base = mirror.unwrap_or_else(|| source.base());
        Address::new(&format!("{base}/{path}"))
    }

    fn fetch(
        &self,
        folder: &Folder,
        source: &Source,
        order: &Order<'_>,
        watch: &mut dyn FnMut(Progress),
    ) -> Result<Updated, Error> {
        let (file, now) = (source.file(), time::epoch(self.now));
        let address = order.ask.address.to_string();
        let note = folder.note(file).filter(|note| note.address == address);
        let part = folder.part(file);
        let limit_bytes = self.limit_bytes(source);
        let transfer = Transfer {
            client: self.client,
            ask: order.ask.clone(),
            part: &part,
            limit_bytes,
            known: note
                .as_ref()
                // Where a digest says what is newest, the file is known to be old.
                .filter(|_| !self.force && order.md5.is_none())
                .map(|note| note.validators.clone()),
        };
        let validators = match (transfer.run(watch)?, note) {
            (Transferred::NotModified, Some(note)) => {
                folder.write_note(file, &Note { checked: now, ..note })?;
                return Ok(Updated::Current);
            }
            (Transferred::NotModified, None) => return Ok(Updated::Current),
            (Transferred::Whole(validators), _) => validators,
        };
        watch(Progress::Checking);
        let fresh = folder.fresh(file);
        let outcome = self.prepare(source, order, &part, &fresh).and_then(|()| {
            let modified = validators.last_modified.as_deref().and_then(time::date);
            folder.install(file, modified)
        });
        // Whatever is wrong with what came, continuing it later would not mend it.
        transfer.forget();
        if outcome.is_err() {
            let _ = fs::remove_file(&fresh);
        }
        let bytes = outcome?;
        let note = Note {
            source: source.name().into(),
            address,
            validators,
            edition: order.edition.map(str::to_owned),
            fetched: now,
            checked: now,
            bytes,
        };
        folder.write_note(file, &note)?;
        Ok(Updated::Installed { bytes })
    }

    fn limit_bytes(&self, source: &Source) -> u64 {
        match source.content() {
            crate::Content::Database => self.most_bytes,
            crate::Content::List(_) => self.most_bytes.min(MOST_LIST_BYTES),
        }
    }

    /// Unpack what came, compare it with what was announced, and open it.
    fn prepare(
        &self,
        source: &Source,
        order: &Order<'_>,
        part: &Path,
        fresh: &Path,
    ) -> Result<(), Error> {
        let url = order.ask.address.to_string();
        let limit_bytes = self.limit_bytes(source);
        let write =
            |source| Error::File { doing: "write", path: fresh.to_owned(), source };
        let file = File::create(fresh).map_err(write)?;
        let mut out = Summed { out: BufWriter::new(file), md5: Md5::new() };
        archive::unpack(
            source.packing(),
            part,
            &[".mmdb", ".csv"],
            limit_bytes,
            &mut out,
        )
        .map_err(|failure| match failure {
            Failure::TooLarge => Error::TooLarge { url: url.clone(), limit_bytes },
            Failure::Write(error) => write(error),
            Failure::Damaged(reason) => not_unpacked(source, order, part, reason),
        })?;
        out.flush().map_err(write)?;
        let found = hex(&out.md5.finalize());
        match order.md5 {
            Some(expected) if !found.eq_ignore_ascii_case(expected) => {
                Err(Error::Checksum { url, expected: expected.into(), found })
            }
            _ => check::usable(source, &url, fresh),
        }
    }
}

/// Why what came cannot be unpacked: it may be words instead.
fn not_unpacked(
    source: &Source,
    order: &Order<'_>,
    part: &Path,
    reason: String,
) -> Error {
    let url = order.ask.address.to_string();
    if source.packing() == Packing::Plain {
        return Error::Archive { url, reason };
    }
    let Some(message) = check::message_instead(part) else {
        return Error::Archive { url, reason };
    };
    let said = match &order.ask.key {
        Some(key) => key.scrub(&message),
        None => message.clone(),
    };
    let host = order.ask.address.host();
    // IP2Location answers with status 200 and these words.
    if matches!(source.scheme(), Scheme::Ip2Location { .. }) {
        if message.contains("NO PERMISSION") || message.contains("INVALID") {
            return Error::Refused { host, status: 200, said };
        }
        if message.contains("TIMES") {
            return Error::Quota { host, said, retry_after: None };
        }
    }
    Error::Unusable { url, reason: said }
}

fn token<'k>(source: &Source, token: Option<&'k Secret>) -> Result<&'k Secret, Error> {
    token.filter(|token| !token.is_empty()).ok_or_else(|| no_key(source))
}

fn no_key(source: &Source) -> Error {
    let needed = source.key().unwrap_or("a key");
    Error::NoKey { name: source.name().into(), needed }
}

fn db_ip_path(edition: &str, month: &str) -> String {
    format!("dbip-{edition}-lite-{month}.mmdb.gz")
}

/// A file that is summed while it is written.
struct Summed<W> {
    out: W,
    md5: Md5,
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.md5.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
