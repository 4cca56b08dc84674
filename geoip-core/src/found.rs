//! What a database found, not yet read.

use std::net::IpAddr;

use ipnetwork::IpNetwork;

use crate::{
    Answer, CountryCode, LatLng,
    table::{Table, network},
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
        Some(Self(Kind::Row { table, row, address, prefix }))
    }

    #[cfg(any(feature = "mmdb", feature = "compact"))]
    pub(crate) fn answer_of(answer: Answer<'d>) -> Self {
        Self(Kind::Answer(Box::new(answer)))
    }

    /// The country, if it is known.
    #[inline]
    pub fn country(&self) -> Option<CountryCode> {
        match &self.0 {
            Kind::Row { table, row, .. } => table.rows.country_and_point(*row).0,
            Kind::Answer(answer) => answer.place.and_then(|place| place.country),
        }
    }

    /// The point, if it is known. How far it is to be trusted stands in the
    /// [`answer`](Self::answer).
    #[inline]
    pub fn point(&self) -> Option<LatLng> {
        match &self.0 {
            Kind::Row { table, row, .. } => table.rows.country_and_point(*row).1,
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
            Kind::Row { table, row, address, prefix } => {
                Answer { network: network(*address, *prefix), ..table.rows.answer(*row) }
            }
            Kind::Answer(answer) => **answer,
        }
    }
}
