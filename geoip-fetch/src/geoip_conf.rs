//! The settings of MaxMind's geoipupdate.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use crate::{Error, Secret};

/// What a `GeoIP.conf` says, so that whoever has one need not say it again.
///
/// # References
/// MaxMind, "GeoIP.conf.md" of geoipupdate 7: a setting a line, its name and its value with
/// blanks between them, `#` before comments. The names of old files (`UserId`,
/// `ProductIds`) are known, and the placeholders of the file that is shipped are nothing.
///
/// # Examples
/// ```
/// use std::path::Path;
/// use geoip_fetch::GeoIpConf;
///
/// let text = "AccountID 12345\nLicenseKey abc # ours\nEditionIDs GeoLite2-City GeoLite2-ASN\n";
/// let settings = GeoIpConf::parse(Path::new("GeoIP.conf"), text)?;
/// assert_eq!(settings.account_id.as_deref(), Some("12345"));
/// assert_eq!(settings.edition_ids, ["GeoLite2-City", "GeoLite2-ASN"]);
/// # Ok::<(), geoip_fetch::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct GeoIpConf {
    /// `AccountID`, or `UserId`.
    pub account_id: Option<String>,
    /// `LicenseKey`.
    pub licence_key: Option<Secret>,
    /// `EditionIDs`, or `ProductIds`.
    pub edition_ids: Vec<String>,
    /// `DatabaseDirectory`.
    pub database_directory: Option<PathBuf>,
    /// `Host`, as an address: `https://` is added if it has none.
    pub host: Option<String>,
    /// `Proxy` with what `ProxyUserPassword` says.
    pub proxy: Option<Secret>,
}

/// More than any such file has.
const MOST_BYTES: u64 = 1 << 20;

impl GeoIpConf {
    /// Read a file.
    ///
    /// # Errors
    /// [`Error::File`] if it cannot be read, else as [`parse`](Self::parse).
    pub fn open(path: &Path) -> Result<Self, Error> {
        let read = || {
            let mut text = String::new();
            File::open(path)?.take(MOST_BYTES).read_to_string(&mut text)?;
            Ok(text)
        };
        let text = read().map_err(|source| Error::File {
            doing: "read",
            path: path.to_owned(),
            source,
        })?;
        Self::parse(path, &text)
    }

    /// Take the settings from a text; errors will name `path`, and no value.
    ///
    /// # Errors
    /// [`Error::Settings`] for a setting without a value. Settings not known here are
    /// passed over.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        let mut settings = Self::default();
        let (mut proxy, mut proxy_user) = (None, None);
        for (index, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            let (name, value) =
                line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let value = value.trim();
            if value.is_empty() {
                let reason = "the setting has no value";
                return Err(Error::Settings {
                    path: path.into(),
                    line: index + 1,
                    reason,
                });
            }
            let text = || Some(value.to_owned());
            match name {
                "AccountID" | "UserId" if !is_placeholder(value) => {
                    settings.account_id = text();
                }
                "LicenseKey" if !is_placeholder(value) => {
                    settings.licence_key = Some(Secret::new(value));
                }
                "EditionIDs" | "ProductIds" => settings.edition_ids = words(value),
                "DatabaseDirectory" => settings.database_directory = Some(value.into()),
                "Host" => settings.host = Some(with_scheme("https", value)),
                "Proxy" => proxy = text(),
                "ProxyUserPassword" => proxy_user = text(),
                _ => {}
            }
        }
        settings.proxy = proxy.map(|proxy| with_user(&proxy, proxy_user.as_deref()));
        Ok(settings)
    }

    /// The same settings, but what the variables of geoipupdate's container say, if they
    /// say anything: `GEOIPUPDATE_ACCOUNT_ID`, `GEOIPUPDATE_LICENSE_KEY`, both also with
    /// `_FILE`, `GEOIPUPDATE_EDITION_IDS`, `GEOIPUPDATE_DB_DIR`, `GEOIPUPDATE_HOST` and
    /// `GEOIPUPDATE_PROXY`.
    ///
    /// # Errors
    /// [`Error::File`] if a file that is named cannot be read.
    pub fn with_variables(
        mut self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Error> {
        let of = |name: &str| {
            let value = variable(&format!("GEOIPUPDATE_{name}"));
            value.filter(|value| !value.trim().is_empty())
        };
        let secret = |name: &str| match of(&format!("{name}_FILE")) {
            Some(path) => Secret::from_file(Path::new(&path)).map(Some),
            None => Ok(of(name).map(|value| Secret::new(&value))),
        };
        if let Some(account) = secret("ACCOUNT_ID")? {
            self.account_id = Some(account.expose().to_owned());
        }
        if let Some(key) = secret("LICENSE_KEY")? {
            self.licence_key = Some(key);
        }
        if let Some(editions) = of("EDITION_IDS") {
            self.edition_ids = words(&editions);
        }
        if let Some(folder) = of("DB_DIR") {
            self.database_directory = Some(folder.into());
        }
        if let Some(host) = of("HOST") {
            self.host = Some(with_scheme("https", host.trim()));
        }
        if let Some(proxy) = of("PROXY") {
            let user = of("PROXY_USER_PASSWORD");
            self.proxy = Some(with_user(proxy.trim(), user.as_deref()));
        }
        Ok(self)
    }
}

/// What stands in the file that is shipped, for the user to replace.
fn is_placeholder(value: &str) -> bool {
    value.bytes().all(|byte| byte == b'0') || value.starts_with("YOUR_")
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn with_scheme(scheme: &str, address: &str) -> String {
    if address.contains("://") {
        address.to_owned()
    } else {
        format!("{scheme}://{address}")
    }
}

/// A proxy as one address.
fn with_user(proxy: &str, user: Option<&str>) -> Secret {
    let address = with_scheme("http", proxy);
    match (user, address.split_once("://")) {
        (Some(user), Some((scheme, host))) if !host.contains('@') => {
            Secret::new(&format!("{scheme}://{user}@{host}"))
        }
        _ => Secret::new(&address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<GeoIpConf, Error> {
        GeoIpConf::parse(Path::new("GeoIP.conf"), text)
    }

    #[test]
    fn a_file_of_today_is_read() {
        let settings = parse(
            "# from MaxMind\nAccountID 42\nLicenseKey\tabc_def # key\n\n\
             EditionIDs GeoLite2-ASN  GeoLite2-City\nDatabaseDirectory /srv/geo data\n\
             Host updates.example\nProxy 127.0.0.1:8888\nProxyUserPassword u:p\n\
             RetryFor 5m\n",
        )
        .unwrap();
        assert_eq!(settings.account_id.as_deref(), Some("42"));
        assert_eq!(settings.licence_key, Some(Secret::new("abc_def")));
        assert_eq!(settings.edition_ids, ["GeoLite2-ASN", "GeoLite2-City"]);
        assert_eq!(settings.database_directory, Some("/srv/geo data".into()));
        assert_eq!(settings.host.as_deref(), Some("https://updates.example"));
        assert_eq!(settings.proxy, Some(Secret::new("http://u:p@127.0.0.1:8888")));
        assert!(!format!("{settings:?}").contains("abc"));
    }

    #[test]
    fn a_file_of_old_and_one_as_shipped_are_read() {
        let old = parse("UserId 7\nProductIds GeoLite2-City\n").unwrap();
        assert_eq!(old.account_id.as_deref(), Some("7"));
        assert_eq!(old.edition_ids, ["GeoLite2-City"]);
        let shipped = parse("AccountID YOUR_ACCOUNT_ID_HERE\nLicenseKey 000000000000\n");
        assert_eq!(shipped.unwrap(), GeoIpConf::default());
    }

    #[test]
    fn a_setting_without_a_value_is_named_by_its_line() {
        let error = parse("AccountID 1\nLicenseKey\n").unwrap_err();
        assert_eq!(error.to_string(), "GeoIP.conf, line 2: the setting has no value");
    }

    #[test]
    fn variables_win() {
        let settings = parse("AccountID 1\nLicenseKey old\n").unwrap();
        let settings = settings
            .with_variables(|name| match name {
                "GEOIPUPDATE_LICENSE_KEY" => Some("new".into()),
                "GEOIPUPDATE_EDITION_IDS" => Some("GeoIP2-City".into()),
                "GEOIPUPDATE_DB_DIR" => Some("  ".into()),
                _ => None,
            })
            .unwrap();
        assert_eq!(settings.account_id.as_deref(), Some("1"));
        assert_eq!(settings.licence_key, Some(Secret::new("new")));
        assert_eq!(settings.edition_ids, ["GeoIP2-City"]);
        assert_eq!(settings.database_directory, None);
    }
}
