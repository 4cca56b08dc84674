//! AS files: labels with a number and an organization.

use std::net::IpAddr;

use ipnetwork::IpNetwork;

use super::container::Container;
use super::cursor::Cursor;
use super::format::Kind;
use super::labels::{LabelOrder, check_labels};
use super::names::Names;
use super::{CompactError, Families, Provenance};

/// The autonomous system of every address, from an embedded database.
#[derive(Debug)]
pub struct AsnTable {
    provenance: Provenance,
    families: Families,
    numbers: Vec<u32>,
    organizations: Names,
}

/// What an AS database says about an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsnAnswer<'t> {
    /// The largest network around the address for which the answer is the same.
    pub network: IpNetwork,
    /// Number of the autonomous system.
    pub number: u32,
    /// Who runs it.
    pub organization: Option<&'t str>,
}

impl AsnTable {
    /// Unpacks a file.
    ///
    /// # Errors
    /// When the bytes are not an AS file, or not whole.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CompactError> {
        let mut file = Container::read(bytes, Kind::Asn)?;
        let numbers = read_numbers(&file.next_column("AS numbers")?)?;
        let organizations = file.next_column("organizations")?;
        let organizations = Names::read(&mut Cursor::new("organizations", &organizations))?;
        let classes = file.next_column("AS classes")?;
        check_labels("AS classes", numbers.len(), &classes)?;
        if organizations.len() != numbers.len() {
            let reason = "not one for each label";
            return Err(CompactError::Invalid { part: "organizations", reason });
        }
        let order = LabelOrder::new(&vec![0; numbers.len()], &classes);
        let families = Families::read(&mut file, &order)?;
        Ok(Self { provenance: file.provenance, families, numbers, organizations })
    }

    /// Finds the autonomous system of an address; IPv4-mapped IPv6 addresses are looked
    /// up as IPv4.
    #[inline]
    pub fn lookup(&self, address: IpAddr) -> Option<AsnAnswer<'_>> {
        let (label, network) = self.families.lookup(address)?;
        let position = label as usize - 1;
        Some(AsnAnswer {
            network,
            number: *self.numbers.get(position)?,
            organization: self.organizations.get(position),
        })
    }

    /// Where the data come from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Number of autonomous systems that an answer can name.
    pub fn system_count(&self) -> usize {
        self.numbers.len()
    }
}

/// Increasing numbers, each as what it is more than the one before.
///
/// A number repeats where the source gives several organizations for it.
fn read_numbers(column: &[u8]) -> Result<Vec<u32>, CompactError> {
    let mut column = Cursor::new("AS numbers", column);
    let mut numbers = Vec::new();
    let mut number = 0_u32;
    while !column.is_at_end() {
        number = number
            .checked_add(column.number()?)
            .ok_or_else(|| column.invalid("a number is too large"))?;
        numbers.push(number);
    }
    Ok(numbers)
}
