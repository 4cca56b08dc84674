//! The protocol of MaxMind's geoipupdate, version 8.
//!
//! What is installed is compared by its digest, so that asking costs no download; of those
//! an account has only some thirty a day.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use md5::{Digest, Md5};
use serde::Deserialize;

use super::{Order, Updated, Updater, hex, no_key};
use crate::{
    Error, Folder, Progress, Source,
    address::encoded,
    client::{Ask, Key},
    folder::Note,
    time,
    transfer::Validators,
};

/// More than the metadata of one edition has.
const MOST_METADATA_BYTES: u64 = 1 << 20;

#[derive(Deserialize)]
struct Metadata {
    databases: Vec<Edition>,
}

#[derive(Deserialize)]
struct Edition {
    #[serde(rename = "edition_id")]
    id: String,
    md5: String,
    date: String,
}

impl Updater<'_> {
    pub(super) fn maxmind(
        &self,
        folder: &Folder,
        source: &Source,
        edition: &str,
        watch: &mut dyn FnMut(Progress),
    ) -> Result<Updated, Error> {
        let (account, key) = self
            .keys
            .maxmind
            .clone()
            .filter(|(_, key)| !key.is_empty())
            .ok_or_else(|| no_key(source))?;
        let key = Key::Basic(account, key);
        let newest = self.newest(source, edition, &key)?;
        let file = source.file();
        if !self.force && digest(&folder.file(file)).as_ref() == Some(&newest.md5) {
            self.note_current(folder, source, &newest)?;
            return Ok(Updated::Current);
        }
        let date = newest.date.replace('-', "");
        let path = format!(
            "geoip/databases/{edition}/download?date={}&suffix=tar.gz",
            encoded(&date)
        );
        let order =
            Order::new(self.address(source, &path)?).edition(&newest.date).key(key);
        self.fetch(folder, source, &Order { md5: Some(&newest.md5), ..order }, watch)
    }

    /// What MaxMind says about the newest file of an edition.
    fn newest(
        &self,
        source: &Source,
        edition: &str,
        key: &Key,
    ) -> Result<Edition, Error> {
        let path = format!("geoip/updates/metadata?edition_id={}", encoded(edition));
        let address = self.address(source, &path)?;
        let url = address.to_string();
        let ask = Ask::new(address).key(Some(key.clone()));
        let (bytes, _) = self.client.ask_patiently(&ask)?.read(MOST_METADATA_BYTES)?;
        let unusable =
            |reason: &str| Error::Unusable { url: url.clone(), reason: reason.into() };
        let metadata: Metadata = serde_json::from_slice(&bytes)
            .map_err(|_| unusable("it is not the metadata of databases"))?;
        let newest = metadata
            .databases
            .into_iter()
            .find(|database| database.id == edition)
            .ok_or_else(|| unusable("it does not name the edition"))?;
        let sound = newest.md5.len() == 32
            && newest.md5.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !sound {
            return Err(unusable("its checksum is none"));
        }
        Ok(Edition { md5: newest.md5.to_ascii_lowercase(), ..newest })
    }

    fn note_current(
        &self,
        folder: &Folder,
        source: &Source,
        newest: &Edition,
    ) -> Result<(), Error> {
        let now = time::epoch(self.now);
        let file = source.file();
        let known = folder.note(file).unwrap_or_else(|| Note {
            source: source.name().into(),
            validators: Validators::default(),
            fetched: now,
            bytes: folder.file(file).metadata().map_or(0, |metadata| metadata.len()),
            ..Note::default()
        });
        let edition = Some(newest.date.clone());
        folder.write_note(file, &Note { checked: now, edition, ..known })
    }
}

/// The digest of a file, if there is one.
fn digest(path: &Path) -> Option<String> {
    let mut file = File::open(path).ok()?;
    let mut md5 = Md5::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Some(hex(&md5.finalize())),
            Ok(count) => md5.update(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
}
