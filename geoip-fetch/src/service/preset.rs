//! Services that are known by name.

use super::{Fields, KeyIn, Service};

/// Name, address, how a key is sent, home. Where in their answers things are, is in
/// [`Fields`]: their shapes do not contradict each other.
#[rustfmt::skip]
const KNOWN: &[(&str, &str, KeyIn, &str)] = &[
    ("geoipify", "https://geo.ipify.org/api/v2/country,city?apiKey={key}&ipAddress={ip}", KeyIn::Template, "https://geo.ipify.org"),
    ("ipinfo", "https://ipinfo.io/{ip}/json", KeyIn::Header, "https://ipinfo.io"),
    ("ipapi", "https://ipapi.co/{ip}/json/", KeyIn::Header, "https://ipapi.co"),
    ("ipstack", "https://api.ipstack.com/{ip}?access_key={key}", KeyIn::Template, "https://ipstack.com"),
    ("ip-api", "https://pro.ip-api.com/json/{ip}?key={key}", KeyIn::Template, "https://ip-api.com"),
    ("freegeoip", "http://localhost:8080/json/{ip}", KeyIn::Header, "https://github.com/fiorix/freegeoip"),
];

pub(super) fn find(name: &str) -> Option<Service> {
    let known = KNOWN.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name))?;
    let (name, template, key_in, home) = *known;
    Some(Service {
        name: name.into(),
        template: template.into(),
        fields: Fields::default(),
        key_in,
        key: None,
        home,
    })
}

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|(name, ..)| *name)
}
