//! AS files: labels with a number and an organization.

use std::borrow::Cow;
use std::net::IpAddr;

use ipnetwork::IpNetwork;

use crate::AddressRange;

use super::container::Container;
use super::cursor::Cursor;
use super::format::{ASN_COLUMNS, Kind};
use super::labels::{LabelOrder, check_labels};
use super::names::Names;
use super::{CompactError, Families, Provenance};

/// The autonomous system of every address, from an embedded database.
#[derive(Debug)]
pub struct AsnTable {
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

const NUMBERS: &str = ASN_COLUMNS[0];
const ORGANIZATIONS: &str = ASN_COLUMNS[1];
const CLASSES: &str = ASN_COLUMNS[2];

impl AsnTable {
    /// Takes over a file: unpacks the systems, and leaves the ranges of either family for
    /// when they are first asked for.
    ///
    /// # Errors
    /// When the bytes are not an AS file, or not whole.
    pub fn from_bytes(
        bytes: impl Into<Cow<'static, [u8]>>,
    ) -> Result<Self, CompactError> {
        const LABELS: usize = ASN_COLUMNS.len();
        let file = Container::read(bytes.into(), Kind::Asn, LABELS + Families::COLUMNS)?;
        let mut columns = file.columns(0..LABELS);
        let numbers = read_numbers(&columns.next(NUMBERS)?)?;
        let organizations = columns.next(ORGANIZATIONS)?;
        let organizations = Names::read(&mut Cursor::new(ORGANIZATIONS, &organizations))?;
        let classes = columns.next(CLASSES)?;
        check_labels(CLASSES, numbers.len(), &classes)?;
        if organizations.len() != numbers.len() {
            let reason = "not one for each label";
            return Err(CompactError::Invalid { part: ORGANIZATIONS, reason });
        }
        let order = LabelOrder::new(&vec![0; numbers.len()], &classes);
        let families = Families::new(file, LABELS, order);
        Ok(Self { families, numbers, organizations })
    }

    /// Finds the autonomous system of an address; IPv4-mapped IPv6 addresses are looked
    /// up as IPv4.
    ///
    /// # Errors
    /// When the ranges of the address's family contradict themselves, which the checksum
    /// rules out for a file that was merely damaged.
    ///
    /// # Complexity
    /// As for a city: two binary searches, and an unpacking before the first.
    #[inline]
    pub fn lookup(&self, address: IpAddr) -> Result<Option<AsnAnswer<'_>>, CompactError> {
        let found = self.families.lookup(address)?;
        Ok(found.and_then(|(label, network)| self.answer(label, network)))
    }

    fn answer(&self, label: u32, network: IpNetwork) -> Option<AsnAnswer<'_>> {
        let position = label as usize - 1;
        Some(AsnAnswer {
            network,
            number: *self.numbers.get(position)?,
            organization: self.organizations.get(position),
        })
    }

    /// Visits all ranges of addresses that something is known of, in order, those of IPv4
    /// first. The network of an answer is the first of its range.
    ///
    /// # Errors
    /// As [`lookup`](Self::lookup).
    pub(crate) fn for_each_range<'t>(
        &'t self,
        mut visit: impl FnMut(AddressRange, AsnAnswer<'t>),
    ) -> Result<(), CompactError> {
        self.families.for_each_range(|range, label| {
            let network = IpNetwork::from(range.first());
            if let Some(answer) = self.answer(label, network) {
                visit(range, answer);
            }
        })
    }

    /// Where the data come from.
    pub fn provenance(&self) -> &Provenance {
        self.families.provenance()
    }

    /// Unpacks the ranges of both families now.
    ///
    /// # Errors
    /// As [`lookup`](Self::lookup).
    pub fn load(&self) -> Result<(), CompactError> {
        self.families.v4()?;
        self.families.v6()?;
        Ok(())
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
    let mut column = Cursor::new(NUMBERS, column);
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
