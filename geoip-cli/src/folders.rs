//! Where databases are kept.

use std::{env, path::PathBuf};

/// The folders in which packages of operating systems and geoipupdate keep databases.
pub(crate) const SYSTEM_FOLDERS: [&str; 3] =
    ["/usr/share/GeoIP", "/var/lib/GeoIP", "/usr/local/share/GeoIP"];

/// The files of settings that geoipupdate reads by itself.
pub(crate) const SETTINGS: [&str; 2] = ["/etc/GeoIP.conf", "/usr/local/etc/GeoIP.conf"];

/// The user's folder for databases, whether it is there or not: that of the XDG base
/// directory specification, or of local data on Windows. None for a user without a home.
pub(crate) fn of_user() -> Option<PathBuf> {
    of_xdg("XDG_DATA_HOME", ".local/share").map(|folder| folder.join("geoip"))
}

/// The user's folder for what can be fetched again, as [`of_user`].
pub(crate) fn of_caches() -> Option<PathBuf> {
    let folder = of_xdg("XDG_CACHE_HOME", ".cache")?.join("geoip");
    Some(if cfg!(windows) { folder.join("cache") } else { folder })
}

fn of_xdg(variable: &str, in_home: &str) -> Option<PathBuf> {
    // The specification: paths that are not absolute are to be ignored.
    let absolute = |name: &str| {
        let path = PathBuf::from(env::var_os(name)?);
        path.is_absolute().then_some(path)
    };
    if cfg!(windows) {
        absolute("LOCALAPPDATA")
    } else {
        absolute(variable).or_else(|| Some(absolute("HOME")?.join(in_home)))
    }
}
