//! A cell for each of many keys, stored where it changes.

#![expect(clippy::cast_possible_truncation, reason = "there are fewer than 2^32 cells")]

use super::Cell;

/// Which cell holds for each key, stored only where one begins to hold.
///
/// Keys are in groups of 64. A group has a bit for each key at which a cell begins, so that
/// the cell of a key is found by counting bits. The first key of a group needs none: what
/// holds there is stored anyway.
///
/// # Complexity
/// A look-up waits for memory twice, and has nothing to search and no branch that the
/// processor cannot foresee. Four bytes a change, 16 bytes a group.
///
/// # References
/// H. Asai and Y. Ohara, "Poptrie: A Compressed Trie with Population Count for Fast and
/// Scalable Software IP Routing Table Lookup", SIGCOMM 2015.
#[derive(Debug, Default)]
pub(super) struct Steps {
    groups: Vec<Group>,
    cells: Vec<Cell>,
}

/// Where among 64 keys cells begin to hold; four of these are a line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(16))]
struct Group {
    /// Bit `n` is for key `n + 1` of the group.
    bits: u64,
    /// The position of the cell that holds for the first key.
    first: u32,
}

/// Keys of a group.
const GROUP: u32 = 64;

impl Steps {
    /// Let a cell hold from a key on; `before` holds where nothing has begun yet.
    ///
    /// Keys come in order. What begins where another began takes its place.
    pub(super) fn begin(&mut self, key: u32, cell: Cell, before: Cell) {
        self.fill(key / GROUP + 1, before);
        let bit = (key % GROUP).checked_sub(1).map_or(0, |bit| 1 << bit);
        let Some(group) = self.groups.last_mut() else { return };
        if bit == 0 || group.bits & bit != 0 {
            self.cells.pop();
        }
        group.bits |= bit;
        self.cells.push(cell);
    }

    /// Let a cell hold in all groups up to as many as this that are not there yet.
    pub(super) fn fill(&mut self, groups: u32, cell: Cell) {
        while self.groups.len() < groups as usize {
            self.groups.push(Group { bits: 0, first: self.cells.len() as u32 });
            self.cells.push(cell);
        }
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.groups.shrink_to_fit();
        self.cells.shrink_to_fit();
    }

    /// Where among the cells that of a key is.
    #[inline]
    pub(super) fn position(&self, key: u32) -> u32 {
        let group = self.groups[(key / GROUP) as usize];
        let begun = group.bits & ((1 << (key % GROUP)) - 1);
        group.first + begun.count_ones()
    }

    /// The cell at a position.
    #[inline]
    pub(super) fn at(&self, position: u32) -> Cell {
        self.cells[position as usize]
    }

    /// The cell of a key.
    #[inline]
    pub(super) fn cell(&self, key: u32) -> Cell {
        self.at(self.position(key))
    }

    /// The keys of some groups at which cells begin to hold, and the cells.
    pub(super) fn starts(
        &self,
        groups: std::ops::Range<u32>,
    ) -> impl Iterator<Item = (u32, Cell)> {
        let of_group = move |number: u32| {
            let group = self.groups.get(number as usize).copied();
            group.into_iter().flat_map(move |group| {
                let begins =
                    move |&key: &u32| key == 0 || group.bits >> (key - 1) & 1 == 1;
                let cells = self.cells.get(group.first as usize..).unwrap_or_default();
                let keys = (0..GROUP).filter(begins).map(move |key| number * GROUP + key);
                keys.zip(cells.iter().copied())
            })
        };
        groups.flat_map(of_group)
    }

    #[cfg(feature = "mmdb")]
    pub(super) fn size(&self) -> usize {
        size_of_val(self.groups.as_slice()) + size_of_val(self.cells.as_slice())
    }
}
