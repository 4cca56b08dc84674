//! Tiles of a base map, for pictures with streets under them.
//!
//! Pictures need no tiles: the program has outlines of its own, and fetches nothing. Whoever
//! asks for tiles tells their owner which part of the world is looked at.
//!
//! ```no_run
//! use std::{path::Path, time::SystemTime};
//! use geoip_fetch::{Client, ClientOptions, tiles::{TileSource, Tiles}};
//!
//! let client = Client::new(&ClientOptions::default())?;
//! let source = TileSource::named("osm").expect("it is known");
//! println!("{}", source.attribution());
//! let tiles = Tiles::new(&client, source, SystemTime::now()).cache(Path::new("cache"));
//! if let Some(png) = tiles.fetch(2, 1, 1)? {
//!     println!("{} bytes of a picture", png.len());
//! }
//! # Ok::<(), geoip_fetch::Error>(())
//! ```

mod expiry;

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    time::{Duration, SystemTime},
};

use ureq::http::header::{IF_MODIFIED_SINCE, IF_NONE_MATCH};

use crate::{
    Client, Error, Secret,
    address::{Address, encoded},
    cache::{Cache, Kept},
    client::{Ask, Key, Reply, refusal},
    pace::Pace,
    time,
    transfer::Validators,
};

/// Larger than any tile.
const MOST_TILE_BYTES: u64 = 4 << 20;

/// The deepest zoom at which numbers of tiles are still counted in 32 bits.
const DEEPEST_ZOOM: u8 = 30;

/// Whose tiles, and what must be written under them.
#[derive(Clone, Debug)]
pub struct TileSource {
    template: String,
    attribution: String,
    max_zoom: u8,
    key: Option<Secret>,
}

/// Name, template, attribution, deepest zoom.
const KNOWN: [(&str, &str, &str, u8); 4] = [
    (
        "osm",
        "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        "© OpenStreetMap contributors",
        19,
    ),
    (
        "opentopomap",
        "https://tile.opentopomap.org/{z}/{x}/{y}.png",
        "© OpenStreetMap contributors, SRTM; style © OpenTopoMap (CC-BY-SA)",
        17,
    ),
    (
        "carto-light",
        "https://basemaps.cartocdn.com/light_all/{z}/{x}/{y}.png",
        "© OpenStreetMap contributors © CARTO",
        20,
    ),
    (
        "carto-dark",
        "https://basemaps.cartocdn.com/dark_all/{z}/{x}/{y}.png",
        "© OpenStreetMap contributors © CARTO",
        20,
    ),
];

impl TileSource {
    /// A provider by its name: `osm`, `opentopomap`, `carto-light` or `carto-dark`. Each has
    /// terms of use, which forbid fetching many tiles.
    pub fn named(name: &str) -> Option<Self> {
        let known = KNOWN.iter().find(|(known, ..)| *known == name);
        known.map(|(_, template, attribution, max_zoom)| Self {
            template: (*template).into(),
            attribution: (*attribution).into(),
            max_zoom: *max_zoom,
            key: None,
        })
    }

    /// The names that [`named`](Self::named) knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        KNOWN.iter().map(|(name, ..)| *name)
    }

    /// A server by the addresses of its tiles, in which `{z}`, `{x}` and `{y}` stand for
    /// zoom, column and row from the north, `{-y}` for the row from the south, and
    /// `{key}` for a key.
    ///
    /// # Errors
    /// [`Error::InvalidUrl`] if it is no address, or says nowhere which tile is meant.
    ///
    /// # Examples
    /// ```
    /// use geoip_fetch::tiles::TileSource;
    ///
    /// let ours = TileSource::new("https://tiles.example/{z}/{x}/{y}.png", "© Example")?;
    /// assert!(TileSource::new("https://tiles.example/map.png", "© Example").is_err());
    /// # Ok::<(), geoip_fetch::Error>(())
    /// ```
    pub fn new(template: &str, attribution: &str) -> Result<Self, Error> {
        let source = Self {
            template: template.into(),
            attribution: attribution.into(),
            max_zoom: 22,
            key: None,
        };
        let address = source.address(0, 0, 0)?;
        let has = |name| template.contains(name);
        if !has("{z}") || !has("{x}") || !(has("{y}") || has("{-y}")) {
            return Err(Error::InvalidUrl {
                url: address.to_string(),
                reason: "it must hold {z}, {x} and {y}",
            });
        }
        Ok(source)
    }

    /// With a key, for templates that hold `{key}`.
    #[must_use]
    pub fn key(self, key: Secret) -> Self {
        Self { key: Some(key), ..self }
    }

    /// With no tiles beyond this zoom.
    #[must_use]
    pub fn max_zoom(self, max_zoom: u8) -> Self {
        Self { max_zoom: max_zoom.min(DEEPEST_ZOOM), ..self }
    }

    /// What must be written where the tiles are shown.
    pub fn attribution(&self) -> &str {
        &self.attribution
    }

    /// The deepest zoom there is.
    pub fn deepest_zoom(&self) -> u8 {
        self.max_zoom
    }

    /// The host that is asked.
    ///
    /// # Errors
    /// [`Error::InvalidUrl`] if the template is no address.
    pub fn host(&self) -> Result<String, Error> {
        Ok(self.address(0, 0, 0)?.host())
    }

    fn address(&self, zoom: u8, column: u32, row: u32) -> Result<Address, Error> {
        let last = (1_u64 << zoom.min(DEEPEST_ZOOM)) - 1;
        let from_south = last.saturating_sub(u64::from(row));
        let key = self.key.as_ref().map(|key| encoded(key.expose())).unwrap_or_default();
        let text = self
            .template
            .replace("{z}", &zoom.to_string())
            .replace("{x}", &column.to_string())
            .replace("{y}", &row.to_string())
            .replace("{-y}", &from_south.to_string())
            .replace("{key}", &key);
        Address::new(&text)
    }
}

/// Tiles of one source.
#[derive(Debug)]
pub struct Tiles<'c> {
    client: &'c Client,
    source: TileSource,
    now: SystemTime,
    cache: Option<Cache>,
    pace: Pace,
    left: AtomicU32,
}

/// How many tiles are fetched for one picture at most: more than a large one has.
const MOST_TILES: u32 = 256;

/// How far requests are apart.
const INTERVAL: Duration = Duration::from_millis(50);

impl<'c> Tiles<'c> {
    /// Tiles of a source at this time, which are kept nowhere.
    pub fn new(client: &'c Client, source: TileSource, now: SystemTime) -> Self {
        Self {
            client,
            source,
            now,
            cache: None,
            pace: Pace::new(INTERVAL),
            left: AtomicU32::new(MOST_TILES),
        }
    }

    /// Keep tiles in this folder, each as long as its server says, or a week.
    #[must_use]
    pub fn cache(self, folder: &Path) -> Self {
        let cache = Some(Cache::new(folder, time::epoch(self.now)));
        Self { cache, ..self }
    }

    /// Keep requests this far apart.
    #[must_use]
    pub fn interval(self, interval: Duration) -> Self {
        Self { pace: Pace::new(interval), ..self }
    }

    /// Ask for no more tiles than this; those that are kept do not count.
    #[must_use]
    pub fn most_tiles(self, most: u32) -> Self {
        Self { left: AtomicU32::new(most), ..self }
    }

    /// The source.
    pub fn source(&self) -> &TileSource {
        &self.source
    }

    /// The picture of a tile, as it came: PNG, JPEG, WebP or GIF. Nothing if there is no such
    /// tile, which is how servers say that nothing is there.
    ///
    /// May be called from several threads. A tile that is no longer good is asked for
    /// again, and used in any case if there is no connection.
    ///
    /// # Errors
    /// [`Error::TooManyTiles`] if there were enough, [`Error::Unusable`] if what comes is
    /// no picture, and those of any request.
    pub fn fetch(
        &self,
        zoom: u8,
        column: u32,
        row: u32,
    ) -> Result<Option<Vec<u8>>, Error> {
        let side = 1_u64 << zoom.min(DEEPEST_ZOOM);
        let outside = u64::from(column) >= side || u64::from(row) >= side;
        if zoom > self.source.max_zoom || outside {
            return Ok(None);
        }
        let address = self.source.address(zoom, column, row)?;
        let question = address.to_string();
        let kept = self.cache.as_ref().and_then(|cache| cache.get(&question));
        if let Some(kept) = kept.as_ref().filter(|kept| kept.fresh) {
            return Ok(picture(kept));
        }
        match self.ask(address, &question, kept.as_ref()) {
            Err(error) if error.is_offline() && kept.is_some() => {
                Ok(kept.as_ref().and_then(picture))
            }
            outcome => outcome,
        }
    }

    fn ask(
        &self,
        address: Address,
        question: &str,
        kept: Option<&Kept>,
    ) -> Result<Option<Vec<u8>>, Error> {
        let one_less = |left: u32| left.checked_sub(1);
        if self.left.fetch_update(Relaxed, Relaxed, one_less).is_err() {
            return Err(Error::TooManyTiles { host: address.host() });
        }
        let key = self.source.key.clone().map(Key::InAddress);
        let mut ask = Ask::new(address).key(key);
        if let Some(validators) = kept.map(|kept| &kept.head.validators) {
            if let Some(tag) = &validators.etag {
                ask = ask.header(IF_NONE_MATCH, tag);
            }
            if let Some(date) = &validators.last_modified {
                ask = ask.header(IF_MODIFIED_SINCE, date);
            }
        }
        let mut reply = self.client.retry.run(|_| {
            self.pace.wait();
            let reply = self.client.ask(&ask)?;
            match reply.status {
                200 | 204 | 304 | 404 | 410 => Ok(reply),
                _ => Err(refusal(reply, ask.key.as_ref())),
            }
        })?;
        let bytes = match (reply.status, kept) {
            (304, Some(kept)) => picture(kept),
            (200, _) => Some(read_picture(&mut reply)?),
            _ => None,
        };
        let seconds = expiry::seconds(&reply, time::epoch(self.now));
        if let (Some(cache), Some(seconds)) = (&self.cache, seconds) {
            let mut validators = Validators::of(&reply);
            if let (304, Some(kept)) = (reply.status, kept) {
                let old = kept.head.validators.clone();
                validators.etag = validators.etag.or(old.etag);
                validators.last_modified = validators.last_modified.or(old.last_modified);
            }
            cache.put(question, seconds, validators, bytes.as_deref());
        }
        Ok(bytes)
    }
}

fn picture(kept: &Kept) -> Option<Vec<u8>> {
    (!kept.head.nothing).then(|| kept.bytes.clone())
}

fn read_picture(reply: &mut Reply) -> Result<Vec<u8>, Error> {
    let url = reply.address.to_string();
    let (bytes, whole) = reply.read(MOST_TILE_BYTES)?;
    if !whole {
        return Err(Error::TooLarge { url, limit_bytes: MOST_TILE_BYTES });
    }
    let is_picture = bytes.starts_with(b"\x89PNG\r\n\x1a\n")
        || bytes.starts_with(b"\xff\xd8\xff")
        || bytes.starts_with(b"GIF8")
        || bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    if is_picture {
        Ok(bytes)
    } else {
        Err(Error::Unusable { url, reason: "it is no picture".into() })
    }
}
