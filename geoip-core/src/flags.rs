//! Marks of addresses that hide who is behind them.

use std::{fmt, ops};

/// Marks of an address that may hide who is behind it; a set.
///
/// # Examples
/// ```
/// use geoip_core::Flags;
///
/// let exit = Flags::TOR | Flags::ANONYMOUS;
/// assert!(exit.contains(Flags::TOR));
/// assert_eq!(exit.names().collect::<Vec<_>>(), ["tor", "anonymous"]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flags(u8);

impl Flags {
    /// An exit of the Tor network.
    pub const TOR: Self = Self(1);
    /// An exit of a virtual private network that anyone can rent.
    pub const VPN: Self = Self(1 << 1);
    /// A datacenter or cloud: a program rather than a person at home.
    pub const HOSTING: Self = Self(1 << 2);
    /// A public or residential proxy.
    pub const PROXY: Self = Self(1 << 3);
    /// A privacy relay of a device vendor.
    pub const RELAY: Self = Self(1 << 4);
    /// Anonymous by any means, named or not.
    pub const ANONYMOUS: Self = Self(1 << 5);

    const NAMED: [(Self, &'static str); 6] = [
        (Self::TOR, "tor"),
        (Self::VPN, "vpn"),
        (Self::HOSTING, "hosting"),
        (Self::PROXY, "proxy"),
        (Self::RELAY, "relay"),
        (Self::ANONYMOUS, "anonymous"),
    ];

    /// All flags.
    pub fn all() -> Self {
        Self::NAMED.into_iter().fold(Self::default(), |all, (flag, _)| all | flag)
    }

    /// Whether no flag is set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether all of these flags are set.
    pub fn contains(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }

    /// Whether any of these flags is set.
    pub fn intersects(self, flags: Self) -> bool {
        self.0 & flags.0 != 0
    }

    /// The names of the flags that are set, in the order of their declaration.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMED
            .into_iter()
            .filter(move |(flag, _)| self.contains(*flag))
            .map(|(_, name)| name)
    }

    /// The flag of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|(_, known)| *known == name).map(|(flag, _)| flag)
    }
}

impl ops::BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl ops::BitOrAssign for Flags {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

/// The names, with a comma between them.
impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, name) in self.names().enumerate() {
            write!(f, "{}{name}", if position == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}
