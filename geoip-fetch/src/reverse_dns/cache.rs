//! Names that were asked for before.

use std::{
    collections::BTreeMap,
    fmt::Write,
    net::IpAddr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::{HostName, ReverseName};

/// Names of addresses for as long as they hold, to be kept as text.
///
/// It opens no file and reads no clock: both are its user's.
///
/// # Examples
/// ```
/// use std::time::SystemTime;
/// use geoip_fetch::reverse_dns::{HostName, ReverseDnsCache};
///
/// let now = SystemTime::now();
/// let cache = ReverseDnsCache::parse("192.0.2.1 99999999999 confirmed a.example\n", now);
/// let name = cache.get("192.0.2.1".parse().unwrap(), now);
/// assert_eq!(name, Some(&HostName::Confirmed("a.example".into())));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReverseDnsCache {
    names: BTreeMap<IpAddr, (u64, HostName)>,
}

impl ReverseDnsCache {
    /// A cache from its text, without what holds no more, and without lines that are none of
    /// its own: to forget is no error.
    pub fn parse(text: &str, now: SystemTime) -> Self {
        let now = seconds(now);
        let entry = |line: &str| {
            let mut words = line.split(' ');
            let address = words.next()?.parse().ok()?;
            let until: u64 = words.next()?.parse().ok()?;
            let host = match (words.next()?, words.next()) {
                ("confirmed", Some(name)) => HostName::Confirmed(name.into()),
                ("unconfirmed", Some(name)) => HostName::Unconfirmed(name.into()),
                ("none", None) => HostName::None,
                _ => return None,
            };
            let is_whole = words.next().is_none() && line.is_ascii();
            (is_whole && until > now).then_some((address, (until, host)))
        };
        Self { names: text.lines().filter_map(entry).collect() }
    }

    /// The text from which [`parse`](Self::parse) makes the same cache: an address, the
    /// second from which on it holds no more, and what is known, a line.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (address, (until, host)) in &self.names {
            let (kind, name) = match host {
                HostName::Confirmed(name) => ("confirmed", Some(name)),
                HostName::Unconfirmed(name) => ("unconfirmed", Some(name)),
                HostName::None => ("none", None),
                HostName::Unknown => continue,
            };
            // Writing to a text does not fail.
            let _ = write!(text, "{address} {until} {kind}");
            if let Some(name) = name {
                text.push(' ');
                text.push_str(name);
            }
            text.push('\n');
        }
        text
    }

    /// What is known of an address, if it still holds.
    pub fn get(&self, address: IpAddr, now: SystemTime) -> Option<&HostName> {
        let (until, host) = self.names.get(&address)?;
        (*until > seconds(now)).then_some(host)
    }

    /// Keep what was found out now; what is not known is not kept.
    pub fn insert(&mut self, address: IpAddr, name: &ReverseName, now: SystemTime) {
        if name.host != HostName::Unknown {
            let until = seconds(now).saturating_add(name.holds_for.as_secs());
            self.names.insert(address, (until, name.host.clone()));
        }
    }

    /// How many addresses it knows.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn names_are_kept_for_as_long_as_they_hold() {
        let address = |n: u8| IpAddr::from([192, 0, 2, n]);
        let mut cache = ReverseDnsCache::default();
        let name = |host, ttl_s| ReverseName::new(host, ttl_s);
        cache.insert(address(1), &name(HostName::Confirmed("a.b".into()), 100), at(1000));
        cache.insert(address(2), &name(HostName::Unconfirmed("c".into()), 0), at(1000));
        cache.insert(address(3), &ReverseName::none(), at(1000));
        cache.insert(address(4), &ReverseName::unknown(), at(1000));
        let text = cache.to_text();
        assert_eq!(
            text,
            "192.0.2.1 1100 confirmed a.b\n192.0.2.2 1060 unconfirmed c\n192.0.2.3 1900 none\n"
        );
        assert_eq!(ReverseDnsCache::parse(&text, at(1059)), cache);
        let later = ReverseDnsCache::parse(&text, at(1100));
        assert_eq!(later.to_text(), "192.0.2.3 1900 none\n");
        assert_eq!(cache.get(address(2), at(1060)), None);
        assert_eq!(cache.get(address(3), at(1060)), Some(&HostName::None));
        assert_eq!((cache.len(), later.len()), (3, 1));
    }

    #[test]
    fn lines_of_anyone_are_forgotten() {
        for line in [
            "",
            "x",
            "192.0.2.1 9 confirmed",
            "192.0.2.1 9 none x",
            "192.0.2.1 9 confirmed a b",
            "192.0.2.1 9 confirmed é",
            "192.0.2.1 -1 none",
            "192.0.2.1 9 told a",
        ] {
            assert!(ReverseDnsCache::parse(line, at(0)).is_empty(), "{line}");
        }
    }
}
