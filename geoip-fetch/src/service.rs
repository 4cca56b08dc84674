//! Geolocation services: for those who have a key instead of a database.
//!
//! Each address that is asked for leaves this machine, and tells its owner whom you meet. So
//! only addresses that are global are sent, each once, and what was answered is kept.
//!
//! ```no_run
//! use std::{path::Path, time::{Duration, SystemTime}};
//! use geoip_fetch::{Client, ClientOptions, Secret, service::{Service, Survey}};
//!
//! let client = Client::new(&ClientOptions::default())?;
//! let service = Service::named("ipinfo").expect("it is known").key(Secret::new("token"));
//! let found = Survey::new(&client, service, SystemTime::now())
//!     .cache(Path::new("cache"), Duration::from_hours(24 * 30))
//!     .ask(&["8.8.8.8".parse().unwrap()], &|_| {})?;
//! for (address, answer) in &found.answers {
//!     println!("{address} {:?}", answer.city);
//! }
//! # Ok::<(), geoip_fetch::Error>(())
//! ```

mod fields;
mod preset;
mod reply;
mod survey;

use crate::{
    Error, Secret,
    address::{Address, encoded},
    client::{Ask, Key},
};

#[doc(hidden)]
pub use self::reply::{Read, read};
pub use self::{
    fields::{Field, Fields},
    survey::{Found, Survey},
};

/// A service that answers where an address is with JSON.
#[derive(Clone, Debug)]
pub struct Service {
    name: String,
    template: String,
    fields: Fields,
    /// How the key is sent, if there is one and the template has no place for it.
    key_in: KeyIn,
    key: Option<Secret>,
    home: &'static str,
}

/// How a key is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KeyIn {
    /// Where `{key}` stands in the template.
    Template,
    /// In the header `Authorization`, as a bearer's (RFC 6750).
    Header,
}

impl Service {
    /// A service that is known by name; see [`names`](Self::names).
    pub fn named(name: &str) -> Option<Self> {
        preset::find(name)
    }

    /// The names that [`named`](Self::named) knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        preset::names()
    }

    /// Any service by its address, in which `{ip}` stands for the address that is asked
    /// for, and `{key}` for the key; a key without a place is sent as a bearer's.
    ///
    /// Its answers are read as those of all services that are known, unless
    /// [`fields`](Self::fields) says where things are.
    ///
    /// # Errors
    /// [`Error::InvalidUrl`] if it is no address, or `{ip}` is not in it.
    ///
    /// # Examples
    /// ```
    /// use geoip_fetch::service::Service;
    ///
    /// let ours = Service::new("https://geo.example/v1/{ip}?key={key}")?;
    /// assert_eq!(ours.host()?, "geo.example");
    /// assert!(Service::new("https://geo.example/v1/").is_err());
    /// # Ok::<(), geoip_fetch::Error>(())
    /// ```
    pub fn new(template: &str) -> Result<Self, Error> {
        let in_template = template.contains("{key}");
        let service = Self {
            name: String::new(),
            template: template.into(),
            fields: Fields::default(),
            key_in: if in_template { KeyIn::Template } else { KeyIn::Header },
            key: None,
            home: "",
        };
        let address = service.address("192.0.2.1")?;
        if !template.contains("{ip}") {
            return Err(Error::InvalidUrl {
                url: address.to_string(),
                reason: "it must hold {ip}",
            });
        }
        // A host made of what is asked for would be another host each time.
        let elsewhere = service.address("192.0.2.2")?;
        if !address.same_origin(&elsewhere) {
            return Err(Error::InvalidUrl {
                url: address.to_string(),
                reason: "{ip} must stand behind the host",
            });
        }
        Ok(Self { name: address.host(), ..service })
    }

    /// With this key.
    #[must_use]
    pub fn key(self, key: Secret) -> Self {
        Self { key: Some(key).filter(|key| !key.is_empty()), ..self }
    }

    /// With answers that are read so.
    #[must_use]
    pub fn fields(self, fields: Fields) -> Self {
        Self { fields, ..self }
    }

    /// At another address than its own, such as one's own server that answers as it does;
    /// as [`new`](Self::new).
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn at(self, template: &str) -> Result<Self, Error> {
        let other = Self::new(template)?;
        Ok(Self { template: other.template, key_in: other.key_in, ..self })
    }

    /// What it is called: its name, or its host.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it is at home; empty for one that is not known by name.
    pub fn home(&self) -> &'static str {
        self.home
    }

    /// The host that is asked.
    ///
    /// # Errors
    /// [`Error::InvalidUrl`] if its address is none.
    pub fn host(&self) -> Result<String, Error> {
        Ok(self.address("192.0.2.1")?.host())
    }

    /// Whether it cannot be asked without a key, and there is none.
    pub fn lacks_key(&self) -> bool {
        self.key.is_none() && self.template.contains("{key}")
    }

    fn address(&self, ip: &str) -> Result<Address, Error> {
        let key = self.key.as_ref().map(|key| encoded(key.expose())).unwrap_or_default();
        Address::new(&self.template.replace("{ip}", ip).replace("{key}", &key))
    }

    /// The question about an address.
    fn question(&self, ip: &str) -> Result<Ask, Error> {
        let ask = Ask::new(self.address(ip)?)
            .header(ureq::http::header::ACCEPT, "application/json");
        Ok(match (self.key.clone(), self.key_in) {
            (None, _) => ask,
            (Some(key), KeyIn::Template) => ask.key(Some(Key::InAddress(key))),
            (Some(key), KeyIn::Header) => ask.key(Some(Key::Bearer(key))),
        })
    }
}
