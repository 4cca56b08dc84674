//! What can be fetched, from whom, and on which terms.

use std::{borrow::Cow, fmt};

use crate::{Error, archive::Packing};

/// A database or list that is known by name.
///
/// # Examples
/// ```
/// use geoip_fetch::Source;
///
/// let cities = Source::named("dbip-city")?;
/// assert_eq!(cities.file(), "dbip-city-lite.mmdb");
/// assert_eq!(cities.licence(), "CC-BY-4.0");
/// // Every edition of MaxMind, with or without an account to get it.
/// assert_eq!(Source::named("GeoIP2-ISP")?.file(), "GeoIP2-ISP.mmdb");
/// # Ok::<(), geoip_fetch::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    name: Cow<'static, str>,
    file: Cow<'static, str>,
    about: &'static str,
    content: Content,
    scheme: Scheme,
    terms: Terms,
}

/// What a source holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// A database that [`geoip_core::Database`] opens.
    Database,
    /// A list that [`geoip_core::List`] reads, and the name of the flag that it sets.
    List(&'static str),
}

/// How a source is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// This path, as it is.
    Plain { path: &'static str },
    /// A file of DB-IP for a month.
    DbIp { edition: &'static str },
    /// An edition by the protocol of geoipupdate.
    MaxMind { edition: Cow<'static, str> },
    /// A path that wants a token.
    IpInfo { path: &'static str },
    /// A code that wants a token.
    Ip2Location { code: Cow<'static, str> },
    /// A file with a date in its name, which a page names.
    Azure,
}

/// On which terms, and whom to credit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Terms {
    licence: &'static str,
    credit: &'static str,
    home: &'static str,
}

const DB_IP: Terms = Terms {
    licence: "CC-BY-4.0",
    credit: "IP Geolocation by DB-IP",
    home: "https://db-ip.com",
};
const MAXMIND: Terms = Terms {
    licence: "GeoLite EULA",
    credit: "This product includes GeoLite2 data created by MaxMind",
    home: "https://www.maxmind.com",
};
const MAXMIND_PAID: Terms = Terms {
    licence: "MaxMind EULA",
    credit: "Data created by MaxMind",
    home: "https://www.maxmind.com",
};
const IPINFO: Terms = Terms {
    licence: "CC-BY-SA-4.0",
    credit: "IP address data powered by IPinfo",
    home: "https://ipinfo.io",
};
const IP2LOCATION: Terms = Terms {
    licence: "IP2Location LITE",
    credit: "This site or product includes IP2Location LITE data",
    home: "https://www.ip2location.com",
};
const TOR: Terms = Terms {
    licence: "none stated",
    credit: "The Tor Project",
    home: "https://www.torproject.org",
};
const X4BNET: Terms = Terms {
    licence: "MIT",
    credit: "X4BNet lists_vpn",
    home: "https://github.com/X4BNet/lists_vpn",
};
const BAD_ASN: Terms = Terms {
    licence: "MIT",
    credit: "bad-asn-list",
    home: "https://github.com/brianhama/bad-asn-list",
};
const AMAZON: Terms = published("Amazon Web Services", "https://aws.amazon.com");
const GOOGLE: Terms = published("Google", "https://www.gstatic.com/ipranges");
const MICROSOFT: Terms = published("Microsoft", "https://www.microsoft.com");
const ORACLE: Terms = published("Oracle", "https://docs.oracle.com");
const CLOUDFLARE: Terms = published("Cloudflare", "https://www.cloudflare.com/ips");

/// Ranges that their owner publishes without a licence.
const fn published(credit: &'static str, home: &'static str) -> Terms {
    Terms { licence: "none stated", credit, home }
}

const fn source(
    name: &'static str,
    file: &'static str,
    about: &'static str,
    content: Content,
    scheme: Scheme,
    terms: Terms,
) -> Source {
    let (name, file) = (Cow::Borrowed(name), Cow::Borrowed(file));
    Source { name, file, about, content, scheme, terms }
}

const fn plain(path: &'static str) -> Scheme {
    Scheme::Plain { path }
}

const fn db_ip(edition: &'static str) -> Scheme {
    Scheme::DbIp { edition }
}

const fn maxmind(edition: &'static str) -> Scheme {
    Scheme::MaxMind { edition: Cow::Borrowed(edition) }
}

const fn ip2location(code: &'static str) -> Scheme {
    Scheme::Ip2Location { code: Cow::Borrowed(code) }
}

use Content::{Database, List};

/// The sources with a name of their own. Any edition of MaxMind and any code of
/// IP2Location can be named beside them, see [`Source::named`].
#[rustfmt::skip]
const KNOWN: &[Source] = &[
    source("dbip-city", "dbip-city-lite.mmdb", "cities", Database, db_ip("city"), DB_IP),
    source("dbip-country", "dbip-country-lite.mmdb", "countries", Database, db_ip("country"), DB_IP),
    source("dbip-asn", "dbip-asn-lite.mmdb", "network operators", Database, db_ip("asn"), DB_IP),
    source("geolite2-city", "GeoLite2-City.mmdb", "cities", Database, maxmind("GeoLite2-City"), MAXMIND),
    source("geolite2-country", "GeoLite2-Country.mmdb", "countries", Database, maxmind("GeoLite2-Country"), MAXMIND),
    source("geolite2-asn", "GeoLite2-ASN.mmdb", "network operators", Database, maxmind("GeoLite2-ASN"), MAXMIND),
    source("ipinfo-lite", "ipinfo_lite.mmdb", "countries and network operators", Database, Scheme::IpInfo { path: "ipinfo_lite.mmdb" }, IPINFO),
    source("ip2location-city", "IP2LOCATION-LITE-DB11.mmdb", "cities", Database, ip2location("DB11LITEMMDB"), IP2LOCATION),
    source("ip2location-asn", "IP2LOCATION-LITE-ASN.mmdb", "network operators", Database, ip2location("DBASNLITEMMDB"), IP2LOCATION),
    source("tor-exits", "tor-exit-addresses.txt", "exits of Tor", List("tor"), plain("exit-addresses"), TOR),
    source("tor-bulk", "torbulkexitlist.txt", "exits of Tor, addresses only", List("tor"), plain("torbulkexitlist"), TOR),
    source("tor-onionoo", "onionoo-exits.json", "exits of Tor, IPv6 too", List("tor"), plain("details?type=relay&running=true&flag=Exit"), TOR),
    source("x4bnet-vpn", "x4bnet-vpn-ipv4.txt", "networks of VPNs", List("vpn"), plain("output/vpn/ipv4.txt"), X4BNET),
    source("x4bnet-datacenter", "x4bnet-datacenter-ipv4.txt", "networks of datacenters", List("hosting"), plain("output/datacenter/ipv4.txt"), X4BNET),
    source("x4bnet-datacenter-ipv6", "x4bnet-datacenter-ipv6.txt", "networks of datacenters", List("hosting"), plain("output/datacenter/ipv6.txt"), X4BNET),
    source("bad-asn", "bad-asn-list.csv", "systems of hosting companies", List("hosting"), plain("bad-asn-list.csv"), BAD_ASN),
    source("aws", "aws-ip-ranges.json", "ranges of Amazon", List("hosting"), plain("ip-ranges.json"), AMAZON),
    source("google", "google-cloud.json", "ranges of Google's customers", List("hosting"), plain("cloud.json"), GOOGLE),
    source("google-all", "google-goog.json", "all ranges of Google", List("hosting"), plain("goog.json"), GOOGLE),
    source("azure", "azure-service-tags.json", "ranges of Microsoft", List("hosting"), Scheme::Azure, MICROSOFT),
    source("oracle", "oracle-public-ip-ranges.json", "ranges of Oracle", List("hosting"), plain("public_ip_ranges.json"), ORACLE),
    source("cloudflare", "cloudflare-ips-v4.txt", "ranges of Cloudflare", List("hosting"), plain("ips-v4"), CLOUDFLARE),
    source("cloudflare-ipv6", "cloudflare-ips-v6.txt", "ranges of Cloudflare", List("hosting"), plain("ips-v6"), CLOUDFLARE),
];

/// Whoever a source comes from, for naming a mirror.
///
/// Each has an address that a mirror takes the place of; what follows it stays the same.
const PROVIDERS: &[(&str, &str)] = &[
    ("dbip", "https://download.db-ip.com/free"),
    ("maxmind", "https://updates.maxmind.com"),
    ("ipinfo", "https://ipinfo.io/data"),
    ("ip2location", "https://www.ip2location.com"),
    ("tor", "https://check.torproject.org"),
    ("onionoo", "https://onionoo.torproject.org"),
    ("x4bnet", "https://raw.githubusercontent.com/X4BNet/lists_vpn/main"),
    ("bad-asn", "https://raw.githubusercontent.com/brianhama/bad-asn-list/master"),
    ("aws", "https://ip-ranges.amazonaws.com"),
    ("google", "https://www.gstatic.com/ipranges"),
    ("azure", "https://www.microsoft.com/en-us/download"),
    ("oracle", "https://docs.oracle.com/en-us/iaas/tools"),
    ("cloudflare", "https://www.cloudflare.com"),
];

impl Source {
    /// The sources that have a name of their own.
    pub fn all() -> &'static [Self] {
        KNOWN
    }

    /// The source of a name: one of [`all`](Self::all), an edition of MaxMind such as
    /// `GeoIP2-City`, or `ip2location:` and a code of IP2Location such as `DB5LITEMMDB`.
    ///
    /// # Errors
    /// [`Error::UnknownSource`] if there is none, [`Error::NotReadHere`] for a code of
    /// IP2Location's own binary format.
    pub fn named(name: &str) -> Result<Self, Error> {
        let same = |source: &&Self| {
            source.name.eq_ignore_ascii_case(name)
                || source.edition().is_some_and(|edition| edition == name)
        };
        if let Some(known) = KNOWN.iter().find(same) {
            return Ok(known.clone());
        }
        let unknown = || Error::UnknownSource { name: name.chars().take(80).collect() };
        if let Some(code) = name.strip_prefix("ip2location:") {
            if let Some((product, _)) = code.split_once("BIN") {
                let instead = format!("ip2location:{product}MMDB");
                return Self::named(&instead).and_then(|instead| {
                    Err(Error::NotReadHere {
                        name: name.chars().take(80).collect(),
                        instead: instead.name().to_owned(),
                    })
                });
            }
            return Self::of_ip2location(code).ok_or_else(unknown);
        }
        Self::of_maxmind(name).ok_or_else(unknown)
    }

    /// Names become names of files, so they hold nothing but letters, digits and hyphens.
    fn of_maxmind(edition: &str) -> Option<Self> {
        let (start, rest) = edition.split_once('-')?;
        let known = matches!(start, "GeoIP2" | "GeoLite2" | "GeoIP" | "GeoLite");
        let sound = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if !known || rest.is_empty() || edition.len() > 60 || !edition.bytes().all(sound)
        {
            return None;
        }
        let free = start.starts_with("GeoLite");
        Some(Self {
            name: edition.to_owned().into(),
            file: format!("{edition}.mmdb").into(),
            about: "an edition of MaxMind",
            content: Database,
            scheme: Scheme::MaxMind { edition: edition.to_owned().into() },
            terms: if free { MAXMIND } else { MAXMIND_PAID },
        })
    }

    fn of_ip2location(code: &str) -> Option<Self> {
        let sound = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        if code.is_empty() || code.len() > 30 || !code.bytes().all(sound) {
            return None;
        }
        // What is not said to be in MaxMind's format is CSV.
        let extension = if code.ends_with("MMDB") { "mmdb" } else { "csv" };
        Some(Self {
            name: format!("ip2location:{code}").into(),
            file: format!("IP2LOCATION-{code}.{extension}").into(),
            about: "a database of IP2Location",
            content: Database,
            scheme: Scheme::Ip2Location { code: code.to_owned().into() },
            terms: IP2LOCATION,
        })
    }

    /// Its name, for people and for [`named`](Self::named).
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of the file that it is installed as.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// What it holds, in a few words.
    pub fn about(&self) -> &'static str {
        self.about
    }

    /// Whether it is a database or a list.
    pub fn content(&self) -> Content {
        self.content
    }

    /// Its licence, by its SPDX identifier if it has one.
    pub fn licence(&self) -> &'static str {
        self.terms.licence
    }

    /// What must be said wherever its answers are shown.
    pub fn credit(&self) -> &'static str {
        self.terms.credit
    }

    /// Where it is at home.
    pub fn home(&self) -> &'static str {
        self.terms.home
    }

    /// Whether it is only for those who have a key, and what that key is.
    pub fn key(&self) -> Option<&'static str> {
        match self.scheme {
            Scheme::MaxMind { .. } => Some("an account and licence key of MaxMind"),
            Scheme::IpInfo { .. } => Some("a token of IPinfo"),
            Scheme::Ip2Location { .. } => Some("a token of IP2Location"),
            Scheme::Plain { .. } | Scheme::DbIp { .. } | Scheme::Azure => None,
        }
    }

    /// Whom it comes from, as a name for a mirror.
    pub fn provider(&self) -> &'static str {
        match self.scheme {
            Scheme::DbIp { .. } => "dbip",
            Scheme::MaxMind { .. } => "maxmind",
            Scheme::IpInfo { .. } => "ipinfo",
            Scheme::Ip2Location { .. } => "ip2location",
            Scheme::Azure => "azure",
            Scheme::Plain { .. } => {
                let name = &self.name;
                let starts = |provider: &str| name.starts_with(provider);
                if starts("tor-onionoo") {
                    return "onionoo";
                }
                let known = PROVIDERS.iter().find(|(provider, _)| starts(provider));
                known.map_or("", |(provider, _)| provider)
            }
        }
    }

    /// Where its provider is asked, unless a mirror is named.
    pub fn base(&self) -> &'static str {
        let provider = self.provider();
        let known = PROVIDERS.iter().find(|(name, _)| *name == provider);
        known.map_or("", |(_, base)| base)
    }

    pub(crate) fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    pub(crate) fn packing(&self) -> Packing {
        match self.scheme {
            Scheme::DbIp { .. } => Packing::Gzip,
            Scheme::MaxMind { .. } => Packing::TarGzip,
            Scheme::Ip2Location { .. } => Packing::Zip,
            Scheme::Plain { .. } | Scheme::IpInfo { .. } | Scheme::Azure => {
                Packing::Plain
            }
        }
    }

    fn edition(&self) -> Option<&str> {
        match &self.scheme {
            Scheme::MaxMind { edition } => Some(edition),
            _ => None,
        }
    }
}

/// The names of all providers, for which a mirror can be named.
pub fn providers() -> impl Iterator<Item = &'static str> {
    PROVIDERS.iter().map(|(name, _)| *name)
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::address::Address;

    #[test]
    fn every_source_has_a_provider_and_names_of_its_own() {
        let mut names = BTreeSet::new();
        let mut files = BTreeSet::new();
        for source in Source::all() {
            assert!(Address::new(source.base()).unwrap().is_encrypted(), "{source}");
            assert!(names.insert(source.name()), "{source}");
            assert!(files.insert(source.file()), "{source}");
            assert_eq!(&Source::named(source.name()).unwrap(), source);
            if let Content::List(flag) = source.content() {
                assert!(geoip_core::Flags::from_name(flag).is_some(), "{source}");
            }
        }
    }

    #[test]
    fn editions_are_known_by_the_name_of_their_owner() {
        assert_eq!(Source::named("GeoLite2-City").unwrap().name(), "geolite2-city");
        assert_eq!(Source::named("GeoIP2-ISP").unwrap().key(), MAXMIND_KEY);
        let code = Source::named("ip2location:DB5LITEMMDB").unwrap();
        assert_eq!(code.file(), "IP2LOCATION-DB5LITEMMDB.mmdb");
        let csv = Source::named("ip2location:DB11LITECSVIPV6").unwrap();
        assert_eq!(csv.file(), "IP2LOCATION-DB11LITECSVIPV6.csv");
    }

    #[test]
    fn a_format_that_is_not_read_names_one_that_is() {
        for code in ["DB11LITEBIN", "DB11LITEBINIPV6"] {
            let error = Source::named(&format!("ip2location:{code}")).unwrap_err();
            let expected = format!(
                "`ip2location:{code}` is in a format that is not read here; \
                 `ip2location:DB11LITEMMDB` has the same"
            );
            assert_eq!(error.to_string(), expected);
        }
    }

    const MAXMIND_KEY: Option<&str> = Some("an account and licence key of MaxMind");

    #[test]
    fn no_name_leaves_the_folder() {
        for name in [
            "",
            "GeoIP2-",
            "GeoIP2-../../etc/passwd",
            "GeoIP2-a/b",
            "ip2location:../x",
            "ip2location:",
            "ip2location:BIN/../x",
            "ip2location:../BIN",
            "../dbip-city",
            "GeoIP2-\0",
        ] {
            assert!(Source::named(name).is_err(), "{name:?}");
        }
    }
}
