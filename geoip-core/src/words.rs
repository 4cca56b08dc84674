//! Words by which hosting companies are known.

use crate::{DatabaseInfo, Error, Facts};

/// Words of names of organizations that rent out computers; whose network is called so is a
/// program rather than a person at home.
///
/// A guess, and told as one: `Cloud Nine Bakery` is no cloud. Lists of networks and of
/// autonomous systems know better; words go on where those end.
///
/// # Complexity
/// [`matches`](Self::matches) compares, at each letter of the name, the words that begin
/// with it.
///
/// # Examples
/// ```
/// use geoip_core::HostingWords;
///
/// let words = HostingWords::default();
/// assert!(words.matches("AMAZON-02"));
/// assert!(words.matches("DigitalOcean, LLC"));
/// assert!(!words.matches("Deutsche Telekom AG"));
/// assert!(HostingWords::parse("mine", b"Example\n")?.matches("The Example Company"));
/// # Ok::<(), geoip_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct HostingWords {
    info: DatabaseInfo,
    /// In lower case, in order.
    words: Vec<String>,
    /// For each byte, where the words begin that begin with it; and once beyond.
    starts: Vec<u32>,
}

/// The words of [`HostingWords::default`]: companies and products known for computers to
/// rent, and the words that such companies call themselves by.
const DEFAULT: &[&str] = &[
    "aceville",
    "akamai",
    "alibaba",
    "alicloud",
    "amazon",
    "aruba s.p.a",
    "choopa",
    "cloudflare",
    "colocation",
    "constant company",
    "contabo",
    "data center",
    "datacamp",
    "datacenter",
    "dedicated server",
    "digitalocean",
    "dreamhost",
    "equinix",
    "fastly",
    "godaddy",
    "google-cloud",
    "google cloud",
    "hetzner",
    "hosting",
    "hostinger",
    "huawei cloud",
    "ibm-cloud",
    "ionos",
    "leaseweb",
    "linode",
    "m247",
    "microsoft-azure",
    "namecheap",
    "online s.a.s",
    "oracle",
    "ovh",
    "packethub",
    "psychz",
    "quadranet",
    "rackspace",
    "scaleway",
    "servers.com",
    "softlayer",
    "strato ag",
    "tencent",
    "upcloud",
    "vultr",
    "worldstream",
    "zenlayer",
];

impl HostingWords {
    /// Read words from the lines of a text; `#` starts a comment.
    ///
    /// # Errors
    /// [`Error::Line`] for a line that is no text, or of fewer than three letters, which
    /// would be in most names; [`Error::NotAList`] if there is no word.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Self, Error> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut words = Vec::new();
        for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
            let wrong = |reason: &str| Error::Line {
                name: name.into(),
                line: number,
                reason: reason.into(),
            };
            let line =
                str::from_utf8(line).map_err(|_| wrong("it is no text in UTF-8"))?;
            let word = line.split('#').next().unwrap_or_default().trim();
            match word.chars().count() {
                0 => {}
                1 | 2 => return Err(wrong("a word of three letters or more is needed")),
                _ => words.push(word.to_ascii_lowercase()),
            }
        }
        if words.is_empty() {
            let found = "it holds no word".into();
            return Err(Error::NotAList { name: name.into(), found });
        }
        Ok(Self::new(name, words))
    }

    fn new(name: &str, mut words: Vec<String>) -> Self {
        words.sort_unstable();
        words.dedup();
        let begins_before = |byte: u16| {
            let before =
                words.partition_point(|word| u16::from(word.as_bytes()[0]) < byte);
            u32::try_from(before).unwrap_or(u32::MAX)
        };
        Self {
            info: DatabaseInfo {
                name: name.into(),
                build_epoch: None,
                attribution: None,
                facts: Facts { flags: true, ..Facts::default() },
                entries: Some(words.len() as u64),
            },
            starts: (0..=256).map(begins_before).collect(),
            words,
        }
    }

    /// What the words are called, and how many there are.
    pub fn info(&self) -> &DatabaseInfo {
        &self.info
    }

    /// The words, in lower case and in order.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether the name of an organization contains one of the words, in upper or lower
    /// case.
    pub fn matches(&self, organization: &str) -> bool {
        let name = organization.as_bytes();
        (0..name.len()).any(|at| {
            let first = usize::from(name[at].to_ascii_lowercase());
            let (from, to) = (self.starts[first], self.starts[first + 1]);
            self.words[from as usize..to as usize].iter().any(|word| {
                name[at..]
                    .get(..word.len())
                    .is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()))
            })
        })
    }
}

/// The words that this crate knows.
impl Default for HostingWords {
    fn default() -> Self {
        let words = DEFAULT.iter().map(|&word| word.to_owned()).collect();
        Self::new("words of hosting companies", words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn short_words_and_no_words_are_refused() {
        let error = |text: &[u8]| HostingWords::parse("w", text).unwrap_err().to_string();
        assert_eq!(
            error(b"amazon\nab\n"),
            "w, line 2: a word of three letters or more is needed"
        );
        assert!(error(b"# none\n").contains("no word"));
        assert!(error(b"ok!\n\xff\n").contains("line 2"));
    }

    proptest! {
        #[test]
        fn a_name_matches_if_it_contains_a_word(
            words in prop::collection::vec("[a-cA-Cé]{3,4}", 1..6),
            name in "[a-dA-Cé ]{0,12}",
        ) {
            let list = HostingWords::parse("w", words.join("\n").as_bytes()).unwrap();
            let lower = name.to_ascii_lowercase();
            let contains = |word: &String| lower.contains(&word.to_ascii_lowercase());
            prop_assert_eq!(list.matches(&name), words.iter().any(contains));
        }
    }
}
