//! What a database found, not yet read.

use std::net::IpAddr;

use ipnetwork::IpNetwork;

use crate::{
    Answer, CountryCode, LatLng,
    table::{BATCH, Batch, PlaceRow, Table, network},
};

/// What a database found for an address.
///
/// To find is one thing, to put together all that is known another: whoever wants a
/// country and a point, and this ten million times, asks only for those.
#[derive(Clone, Debug)]
pub struct Found<'d>(Kind<'d>);

#[derive(Clone, Debug)]
enum Kind<'d> {
    Row {
        table: &'d Table,
        row: u32,
        address: IpAddr,
        prefix: u8,
        /// Read before it is asked for, which costs no time unless it is waited for.
        place: PlaceRow,
    },
    #[cfg_attr(
        not(any(feature = "mmdb", feature = "compact")),
        expect(dead_code, reason = "what is left is a table")
    )]
    /// In a box, because a find in a table must be small to be quick, and one in the file has
    /// taken so long that an allocation is nothing.
    Answer(Box<Answer<'d>>),
}

impl<'d> Found<'d> {
    #[inline]
    pub(crate) fn in_table(table: &'d Table, address: IpAddr) -> Option<Self> {
        let (row, prefix) = table.find(address)?;
        let place = table.rows.place_row(row);
        Some(Self(Kind::Row { table, row, address, prefix, place }))
    }

    /// What the first of two tables finds for addresses of IPv4, and the second for those of
    /// IPv6; at most as many as a [`BATCH`] has.
    #[inline]
    pub(crate) fn in_tables(
        batch: &mut Batch,
        tables: [&'d Table; 2],
        addresses: &[IpAddr],
        mut visit: impl FnMut(usize, Option<Self>),
    ) {
        batch.find(tables, addresses);
        for (number, address) in addresses.iter().enumerate().take(BATCH) {
            let address = address.to_canonical();
            let table = tables[usize::from(address.is_ipv6())];
            let found = batch.hit(number).map(|(row, prefix, place)| {
                Self(Kind::Row { table, row, address, prefix, place })
            });
            visit(number, found);
        }
    }

    #[cfg(any(feature = "mmdb", feature = "compact"))]
    pub(crate) fn answer_of(answer: Answer<'d>) -> Self {
        Self(Kind::Answer(Box::new(answer)))
    }

    /// The country, if it is known.
    #[inline]
    pub fn country(&self) -> Option<CountryCode> {
        match &self.0 {
            Kind::Row { place, .. } => place.country(),
            Kind::Answer(answer) => answer.place.and_then(|place| place.country),
        }
    }

    /// The point, if it is known. How far it is to be trusted stands in the
    /// [`answer`](Self::answer).
    #[inline]
    pub fn point(&self) -> Option<LatLng> {
        match &self.0 {
            Kind::Row { table, place, .. } => place.point(table.rows.points()),
            Kind::Answer(answer) => {
                let location = answer.place.and_then(|place| place.location);
                location.map(|location| location.point)
            }
        }
    }

    /// The largest network around the address for which the answer holds.
    #[inline]
    pub fn network(&self) -> Option<IpNetwork> {
        match &self.0 {
            Kind::Row { address, prefix, .. } => network(*address, *prefix),
            Kind::Answer(answer) => answer.network,
        }
    }

    /// All that is known.
    #[inline]
    pub fn answer(&self) -> Answer<'d> {
        match &self.0 {
            Kind::Row { table, row, address, prefix, .. } => {
                Answer { network: network(*address, *prefix), ..table.rows.answer(*row) }
            }
            Kind::Answer(answer) => **answer,
        }
    }
}
