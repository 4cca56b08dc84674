//! Databases of one family of addresses, two of which make one.

use super::{Content, Database};
use crate::DatabaseInfo;

impl Database {
    /// Makes one database of two that are each for one family of addresses, as
    /// ip-location-db publishes its own; or gives them back if they are not.
    ///
    /// They must be called the same but for the family, as `city ipv4` and `city ipv6` are.
    /// The result has the older of the two dates.
    ///
    /// # Errors
    /// Both databases, unchanged and in this order.
    pub fn join(self, other: Self) -> Result<Self, Box<[Self; 2]>> {
        if !self.joins(&other) {
            return Err(Box::new([self, other]));
        }
        let swapped = self.family() == Some(Family::V6);
        let (v4, v6) = if swapped { (&other, &self) } else { (&self, &other) };
        let (name, info) = (without_family(&v4.name), &v4.info);
        let info = DatabaseInfo {
            name: without_family(&info.name),
            facts: info.facts.or(v6.info.facts),
            build_epoch: info.build_epoch.min(v6.info.build_epoch),
            ..info.clone()
        };
        let families = if swapped { [other, self] } else { [self, other] };
        Ok(Self { name, info, content: Content::Joined(Box::new(families)) })
    }

    /// Whether [`join`](Self::join) makes one database of these two.
    pub fn joins(&self, other: &Self) -> bool {
        let families = (self.family(), other.family());
        let called = |database: &Self| without_family(&database.info.name);
        families.0.is_some()
            && families.1.is_some()
            && families.0 != families.1
            && called(self) == called(other)
    }

    /// The only family of which this database can know anything.
    fn family(&self) -> Option<Family> {
        match self.content {
            Content::Mmdb(ref content) => content.family(),
            _ => None,
        }
    }
}

/// A family of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    V4,
    V6,
}

/// A name without the family in it: `city` of `city ipv4`.
fn without_family(name: &str) -> String {
    let mut name = name.to_owned();
    for family in ["ipv4", "ipv6", "IPv4", "IPv6"] {
        let Some(at) = name.find(family) else { continue };
        name.replace_range(at..at + family.len(), "");
        // The blank or dash that stood before it goes too.
        if name[..at].ends_with([' ', '-', '_']) {
            name.remove(at - 1);
        }
        break;
    }
    name
}
