//! Answers laid out for look-ups: ranges of addresses, and the rows that they name.
//!
//! A tree of a database is walked bit by bit, and its record read key by key, for each
//! address anew. Here both is done once for all: each network is a *cell*, a row number and
//! the length of the prefix, and a row holds what the answer is made of.

mod batch;
mod place_row;
mod rows;
mod steps;
mod v4;
mod v6;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnetwork::IpNetwork;

pub(crate) use self::{
    batch::{BATCH, Batch},
    place_row::PlaceRow,
    rows::{Rows, RowsBuilder},
    v4::V4,
    v6::V6,
};
use crate::{AddressRange, Answer, address_range::address_of};

/// What is said of a network: the number of a row, and how long its prefix is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell(u32);

/// Rows that a cell can name, and a few numbers more that mean something else.
pub(crate) const ROW_LIMIT: u32 = 0xff_ff00;

/// The row of a network about which nothing is known.
pub(crate) const NOTHING: u32 = 0;

/// In place of a row: the network of IPv4 that the address carries behind the prefix answers.
const ROW_OF_V4: u32 = 0xff_fffe;

/// In place of a row: there are networks of more than 64 bits here.
const ROW_DEEP: u32 = 0xff_ffff;

impl Cell {
    /// A row below [`ROW_LIMIT`], in a network of this prefix.
    pub(crate) fn new(row: u32, prefix: u8) -> Self {
        Self(u32::from(prefix) << 24 | row)
    }

    #[cfg(feature = "mmdb")]
    /// A network of IPv6 in which the bits behind the prefix are an IPv4 address.
    pub(crate) fn of_v4(prefix: u8) -> Self {
        Self::new(ROW_OF_V4, prefix)
    }

    pub(crate) fn row(self) -> u32 {
        self.0 & 0xff_ffff
    }

    pub(crate) fn prefix(self) -> u8 {
        self.0.to_be_bytes()[0]
    }
}

/// The rows of a database, and which of them answers for each address.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) rows: Rows,
    pub(crate) v4: V4,
    pub(crate) v6: V6,
}

impl Table {
    /// From the networks of each family: base, length of the prefix, and row; in order, none
    /// in another.
    pub(crate) fn from_networks(
        rows: Rows,
        v4: impl Iterator<Item = (u128, u8, u32)>,
        v6: impl Iterator<Item = (u128, u8, u32)>,
    ) -> Self {
        let low = |bits: u128| u32::try_from(bits).unwrap_or(u32::MAX);
        Self {
            rows,
            v4: V4::new(with_gaps(v4, 32).map(|(start, cell)| (low(start), cell))),
            v6: V6::new(with_gaps(v6, 128)),
        }
    }

    /// The row for an address and the length of its network's prefix, if anything is known.
    #[inline]
    pub(crate) fn find(&self, address: IpAddr) -> Option<(u32, u8)> {
        let cell = match address {
            IpAddr::V4(address) => self.v4.cell(address.to_bits()),
            IpAddr::V6(address) => self.find_v6(address),
        };
        (cell.row() != NOTHING).then(|| (cell.row(), cell.prefix()))
    }

    fn find_v6(&self, address: Ipv6Addr) -> Cell {
        let cell = self.v6.cell(address.to_bits());
        if cell.row() != ROW_OF_V4 {
            return cell;
        }
        let behind = address.to_bits() << cell.prefix() >> 96;
        let carried = self.v4.cell(u32::try_from(behind).unwrap_or(u32::MAX));
        Cell::new(carried.row(), cell.prefix() + carried.prefix())
    }

    /// What is known of an address, with the network.
    #[inline]
    pub(crate) fn lookup(&self, address: IpAddr) -> Option<Answer<'_>> {
        let (row, prefix) = self.find(address)?;
        let mut answer = self.rows.answer(row);
        answer.network = network(address, prefix);
        Some(answer)
    }

    /// All ranges that something is known of, in order, those of IPv4 first.
    pub(crate) fn for_each_range<'t>(
        &'t self,
        visit: &mut dyn FnMut(AddressRange, Answer<'t>),
    ) {
        let v4 = self.v4.starts().map(|(start, cell)| (u128::from(start), cell));
        let mut of_family = |starts: &mut dyn Iterator<Item = (u128, Cell)>,
                             is_v4: bool| {
            let end = if is_v4 { u32::MAX.into() } else { u128::MAX };
            let mut starts = starts.peekable();
            while let Some((first, cell)) = starts.next() {
                // Every group of steps begins anew with the cell before.
                while starts.next_if(|next| next.1 == cell).is_some() {}
                let last = starts.peek().map_or(end, |next| next.0 - 1);
                // What leads to IPv4 is among the ranges of IPv4.
                let is_known = cell.row() != NOTHING && cell.row() < ROW_LIMIT;
                let ends = (address_of(first, is_v4), address_of(last, is_v4));
                if let Some(range) =
                    AddressRange::new(ends.0, ends.1).filter(|_| is_known)
                {
                    visit(range, self.rows.answer(cell.row()));
                }
            }
        };
        of_family(&mut { v4 }, true);
        of_family(&mut self.v6.starts(), false);
    }

    #[cfg(feature = "mmdb")]
    /// Bytes in memory, but for what allocations waste.
    pub(crate) fn size(&self) -> usize {
        self.rows.size() + self.v4.size() + self.v6.size()
    }
}

/// Where networks begin, and where nothing is known after them.
fn with_gaps(
    networks: impl Iterator<Item = (u128, u8, u32)>,
    width: u32,
) -> impl Iterator<Item = (u128, Cell)> {
    let mut networks = networks.peekable();
    let mut gap = None;
    std::iter::from_fn(move || {
        if let Some(start) = gap.take() {
            return Some((start, Cell::new(NOTHING, 0)));
        }
        let (base, prefix, row) = networks.next()?;
        let size = 1_u128.checked_shl(width - u32::from(prefix));
        let after = size.and_then(|size| base.checked_add(size));
        let after = after.filter(|after| *after <= u128::MAX >> (128 - width));
        gap = after.filter(|after| networks.peek().map(|next| next.0) != Some(*after));
        Some((base, Cell::new(row, prefix)))
    })
}

/// The network around an address with a prefix of this length.
#[inline]
pub(crate) fn network(address: IpAddr, prefix: u8) -> Option<IpNetwork> {
    let host_bits = |width: u8| u32::from(width.saturating_sub(prefix));
    let base = match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(host_bits(32)).unwrap_or(0);
            Ipv4Addr::from_bits(address.to_bits() & mask).into()
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(host_bits(128)).unwrap_or(0);
            Ipv6Addr::from_bits(address.to_bits() & mask).into()
        }
    };
    IpNetwork::new(base, prefix).ok()
}

#[cfg(test)]
mod tests;
