//! Microsoft's ranges, whose file has a new name each week that a page tells.

use super::Updater;
use crate::{Error, Source, address::Address, client::Ask};

/// The page of the file.
pub(super) const PAGE: &str = "details.aspx?id=56519";

/// The host that the page leads to.
const HOST: &str = "download.microsoft.com";

const MOST_PAGE_BYTES: u64 = 8 << 20;

impl Updater<'_> {
    /// Where the newest file is.
    pub(super) fn azure_file(&self, source: &Source) -> Result<Address, Error> {
        let address = self.address(source, PAGE)?;
        let ask = Ask::new(address.clone());
        let (bytes, _) = self.client.ask_patiently(&ask)?.read(MOST_PAGE_BYTES)?;
        let page = String::from_utf8_lossy(&bytes);
        let found =
            links(&page).filter_map(|link| Address::new(link).ok()).find(|link| {
                // A page of a mirror names files of the mirror.
                link.host() == HOST && link.is_encrypted() || link.same_origin(&address)
            });
        found.ok_or_else(|| Error::Unusable {
            url: address.to_string(),
            reason: "it names no ServiceTags_Public file".into(),
        })
    }
}

/// The addresses in a page that end in such a name.
fn links(page: &str) -> impl Iterator<Item = &str> {
    let end = |character: char| {
        character.is_whitespace() || matches!(character, '"' | '\'' | '<' | '>' | '\\')
    };
    page.match_indices("http").filter_map(move |(at, _)| {
        let rest = &page[at..];
        let link = &rest[..rest.find(end).unwrap_or(rest.len())];
        let name = link.rsplit('/').next()?;
        let date = name.strip_prefix("ServiceTags_Public_")?.strip_suffix(".json")?;
        date.bytes().all(|byte| byte.is_ascii_digit()).then_some(link)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_is_found_in_the_page() {
        let page = "<a href=\"https://x.example/a\">http</a> {\"url\":\"https://\
            download.microsoft.com/download/7/1/d/ServiceTags_Public_20261116.json\"}";
        let found: Vec<_> = links(page).collect();
        let link = "https://download.microsoft.com/download/7/1/d/ServiceTags_Public_20261116.json";
        assert_eq!(found, [link]);
        assert_eq!(links("http ServiceTags_Public_x.json http://").count(), 0);
    }
}
