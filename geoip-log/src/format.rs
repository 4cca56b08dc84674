//! The formats that are known.

use std::fmt;
use std::str::FromStr;

/// A format of logs whose lines name a client, a time, or both.
///
/// `docs/log-formats.md` has an example line of each, what is taken from it, and what is
/// ambiguous in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Apache's Common Log Format, also with a virtual host before the client.
    CommonLog,
    /// The same with referer and user agent, and nginx's with a forwarded chain after them.
    CombinedLog,
    /// W3C Extended Log Format, as IIS and others write it: columns after `#Fields:`.
    W3cExtended,
    /// The error log of nginx.
    NginxError,
    /// The error log of Apache, 2.2 and 2.4.
    ApacheError,
    /// What sshd says to the system log; other lines are none of this format.
    Sshd,
    /// The system log, RFC 3164 and RFC 5424. Lines of sshd are read as [`Sshd`](Self::Sshd)
    /// reads them; of others, the first address of the message is the client.
    Syslog,
    /// A JSON object a line.
    JsonLines,
    /// Cells between commas, or another [delimiter](crate::Options::delimiter).
    Csv,
    /// Cells between tabs.
    Tsv,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 10] = [
        Self::CommonLog,
        Self::CombinedLog,
        Self::W3cExtended,
        Self::NginxError,
        Self::ApacheError,
        Self::Sshd,
        Self::Syslog,
        Self::JsonLines,
        Self::Csv,
        Self::Tsv,
    ];

    /// A short name, for options and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::CommonLog => "common",
            Self::CombinedLog => "combined",
            Self::W3cExtended => "w3c",
            Self::NginxError => "nginx-error",
            Self::ApacheError => "apache-error",
            Self::Sshd => "sshd",
            Self::Syslog => "syslog",
            Self::JsonLines => "jsonl",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
        }
    }
}

/// The [name](Format::name).
impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The [name](Format::name), in any case; also `iis` and `json`.
impl FromStr for Format {
    type Err = InvalidFormat;

    fn from_str(text: &str) -> Result<Self, InvalidFormat> {
        let name = text.to_ascii_lowercase();
        let name = match name.as_str() {
            "iis" => "w3c",
            "json" | "ndjson" => "jsonl",
            name => name,
        };
        let format = Self::ALL.into_iter().find(|format| format.name() == name);
        format.ok_or_else(|| InvalidFormat { text: text.into() })
    }
}

/// Text that names no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown log format `{text}`: must be {}", names())]
pub struct InvalidFormat {
    /// What was given.
    pub text: String,
}

fn names() -> String {
    let names = Format::ALL.map(|format| format!("`{format}`"));
    let (last, others) = names.split_last().unwrap_or((&names[0], &[]));
    format!("{} or {last}", others.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_back() {
        for format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(format));
            assert_eq!(format.name().to_uppercase().parse(), Ok(format));
        }
        let message = "xml".parse::<Format>().unwrap_err().to_string();
        assert!(message.ends_with("`jsonl`, `csv` or `tsv`"), "{message}");
    }
}
