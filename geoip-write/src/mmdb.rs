//! Writes databases in MaxMind's format.

mod record;
mod tree;

use std::{hash::BuildHasher, net::IpAddr};

use geoip_core::{AddressRange, Record};
use hashbrown::{DefaultHashBuilder, HashTable};

use self::{record::Section, tree::Tree};
use crate::Error;

/// A database in MaxMind's format that is being written.
///
/// Records have MaxMind's own layout, nested, with names in English, so that any reader of
/// GeoIP2 databases reads them; what that layout has no key for stands beside it, as
/// `is_relay`. Equal texts and equal records are stored once.
///
/// IPv4-mapped addresses (`::ffff:0:0/96`) and 6to4 (`2002::/16`) lead to the networks of
/// IPv4, as in MaxMind's files.
///
/// # Examples
/// ```
/// use geoip_core::{Database, Place, Record};
/// use geoip_write::MmdbWriter;
///
/// let mut writer = MmdbWriter::new("Offices", 1_767_225_600);
/// let mut record = Record::new("192.0.2.0".parse()?);
/// let mut place = Place::default();
/// place.city = Some("Lyon");
/// record.place = Some(place);
/// writer.insert("192.0.2.0/24".parse()?, &record)?;
///
/// let database = Database::from_bytes("offices", writer.finish()?)?;
/// let answer = database.lookup("192.0.2.77".parse()?)?.expect("it is in the network");
/// assert_eq!(answer.place.and_then(|place| place.city), Some("Lyon"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct MmdbWriter {
    database_type: String,
    description: String,
    build_epoch: u64,
    section: Section,
    records: Records,
    tree: Tree,
}

/// The records that were inserted so far.
///
/// Most ranges have a record that another had before, and what tells it from others is written
/// down much faster than what it is in the file.
#[derive(Debug, Default)]
struct Records {
    hasher: DefaultHashBuilder,
    table: HashTable<Known>,
    /// What tells them from each other, one after the other.
    keys: Vec<u8>,
}

/// A record that was inserted.
#[derive(Clone, Copy, Debug)]
struct Known {
    /// Where its key is.
    start: usize,
    length: usize,
    /// Where it is in the data section.
    offset: u32,
}

impl Known {
    fn key<'k>(&self, keys: &'k [u8]) -> &'k [u8] {
        &keys[self.start..self.start + self.length]
    }
}

impl Records {
    /// Where a record is in the data section, put there by `write` if it is new.
    fn offset(
        &mut self,
        record: &Record<'_>,
        write: impl FnOnce() -> Option<u32>,
    ) -> Option<u32> {
        let start = self.keys.len();
        record::append_key(record, &mut self.keys);
        let (keys, key) = self.keys.split_at(start);
        let hash = self.hasher.hash_one(key);
        if let Some(known) = self.table.find(hash, |known| known.key(keys) == key) {
            self.keys.truncate(start);
            return Some(known.offset);
        }
        let known = Known { start, length: key.len(), offset: write()? };
        let (keys, hasher) = (&self.keys, &self.hasher);
        let rehash = |known: &Known| hasher.hash_one(known.key(keys));
        self.table.insert_unique(hash, known, rehash);
        Some(known.offset)
    }
}

/// What precedes the metadata.
const MARKER: &[u8] = b"\xab\xcd\xefMaxMind.com";

/// Zeros between tree and data.
const SEPARATOR: usize = 16;

impl MmdbWriter {
    /// A database of nothing, called `database_type` in its metadata and built at a time in
    /// seconds since 1970.
    pub fn new(database_type: &str, build_epoch: u64) -> Self {
        Self {
            database_type: database_type.into(),
            description: database_type.into(),
            build_epoch,
            section: Section::default(),
            records: Records::default(),
            tree: Tree::default(),
        }
    }

    /// Say in the metadata what the database is, and whom to credit for it.
    #[must_use]
    pub fn description(mut self, description: &str) -> Self {
        self.description = description.into();
        self
    }

    /// Let a record hold for a range of addresses; what was inserted there before gives way.
    ///
    /// Address, network, scope and sources of the record are not written.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when the format cannot hold more.
    pub fn insert(
        &mut self,
        range: AddressRange,
        record: &Record<'_>,
    ) -> Result<(), Error> {
        let section = &mut self.section;
        let write = || {
            let bytes = section.record(record)?;
            section.append(&bytes)
        };
        let number = self.records.offset(record, write).ok_or(Error::TooLarge)?;
        // In the tree the addresses of IPv4 are the first 2^32 of IPv6.
        let bits = |address: IpAddr| match address {
            IpAddr::V4(address) => u128::from(address.to_bits()),
            IpAddr::V6(address) => address.to_bits(),
        };
        self.tree
            .insert(bits(range.first()), bits(range.last()), number)
            .ok_or(Error::TooLarge)
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when tree and data have more than 4 GiB.
    pub fn finish(mut self) -> Result<Vec<u8>, Error> {
        self.tree.alias_v4();
        drop(std::mem::take(&mut self.records));
        let nodes = u32::try_from(self.tree.len()).map_err(|_| Error::TooLarge)?;
        let data = self.section.into_bytes();
        let largest = u64::from(nodes) + SEPARATOR as u64 + data.len() as u64;
        let record_bits: u16 = match largest {
            ..0x100_0000 => 24,
            0x100_0000..0x1000_0000 => 28,
            0x1000_0000..0x1_0000_0000 => 32,
            _ => return Err(Error::TooLarge),
        };
        let mut file = Vec::with_capacity(
            self.tree.len() * usize::from(record_bits) / 4 + data.len(),
        );
        self.tree.write(record_bits, SEPARATOR as u32, &mut file);
        file.extend([0; SEPARATOR]);
        file.extend(data);
        file.extend(MARKER);
        file.extend(record::metadata(
            &self.database_type,
            &self.description,
            self.build_epoch,
            nodes,
            record_bits,
        ));
        Ok(file)
    }
}
