//! Some addresses at a time, so that what they wait for is waited for together.

use std::net::{IpAddr, Ipv6Addr};

use super::{Cell, NOTHING, PlaceRow, ROW_OF_V4, Table};

/// Addresses that are looked up together: enough to have as many looks in memory under way as
/// a processor can, few enough for all that is known of them to stay in its nearest cache.
pub(crate) const BATCH: usize = BATCH_END as usize;
const BATCH_END: u8 = 64;

/// Some addresses, and what tables say of them.
///
/// One is used again and again, since to clear it takes as long as a few look-ups.
pub(crate) struct Batch {
    v4: OfFamily<u32>,
    v6: OfFamily<u128>,
    found: [Cell; BATCH],
    hits: Hits,
}

/// What tables say of each address.
struct Hits {
    cells: [Cell; BATCH],
    places: [PlaceRow; BATCH],
}

/// The addresses of a batch that are of one family.
struct OfFamily<K> {
    bits: [K; BATCH],
    /// Where in the batch each is.
    numbers: [u8; BATCH],
    count: usize,
}

impl Batch {
    pub(crate) fn new() -> Self {
        let nothing = Cell::new(NOTHING, 0);
        let places = [PlaceRow::default(); BATCH];
        Self {
            v4: OfFamily { bits: [0; BATCH], numbers: [0; BATCH], count: 0 },
            v6: OfFamily { bits: [0; BATCH], numbers: [0; BATCH], count: 0 },
            found: [nothing; BATCH],
            hits: Hits { cells: [nothing; BATCH], places },
        }
    }

    /// Find addresses, as many as a batch has at most: those of IPv4 in the first table,
    /// those of IPv6 in the second.
    pub(crate) fn find(&mut self, [v4, v6]: [&Table; 2], addresses: &[IpAddr]) {
        self.v4.count = 0;
        self.v6.count = 0;
        for (number, address) in (0..BATCH_END).zip(addresses) {
            match address.to_canonical() {
                IpAddr::V4(address) => self.v4.push(number, address.to_bits()),
                IpAddr::V6(address) => self.v6.push(number, address.to_bits()),
            }
        }
        v4.v4.cells(self.v4.bits(), &mut self.found);
        self.v4.put(v4, &self.found, &mut self.hits);
        if self.v6.count == 0 {
            return;
        }
        v6.v6.cells(self.v6.bits(), &mut self.found);
        for (cell, &bits) in self.found.iter_mut().zip(self.v6.bits()) {
            if cell.row() == ROW_OF_V4 {
                *cell = v6.find_v6(Ipv6Addr::from_bits(bits));
            }
        }
        self.v6.put(v6, &self.found, &mut self.hits);
    }

    /// The row, the length of the prefix and the place of an address, if anything is known.
    #[inline]
    pub(crate) fn hit(&self, number: usize) -> Option<(u32, u8, PlaceRow)> {
        let cell = self.hits.cells[number];
        let place = self.hits.places[number];
        (cell.row() != NOTHING).then(|| (cell.row(), cell.prefix(), place))
    }
}

impl<K> OfFamily<K> {
    #[inline]
    fn push(&mut self, number: u8, bits: K) {
        // A batch has as many at most.
        let at = self.count % BATCH;
        self.bits[at] = bits;
        self.numbers[at] = number;
        self.count = at + 1;
    }

    fn bits(&self) -> &[K] {
        &self.bits[..self.count]
    }

    /// Put what a table found for them to where they are in the batch, with the places, which
    /// are waited for here.
    fn put(&self, table: &Table, cells: &[Cell; BATCH], hits: &mut Hits) {
        for (cell, &number) in cells.iter().zip(&self.numbers[..self.count]) {
            let number = usize::from(number) % BATCH;
            hits.cells[number] = *cell;
            hits.places[number] = table.rows.place_row(cell.row());
        }
    }
}
