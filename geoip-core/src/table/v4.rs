//! The networks of IPv4: by counting bits, or with a cell for every 256 addresses.

#![expect(clippy::cast_possible_truncation, reason = "a batch has few addresses")]

use super::{BATCH, Cell, NOTHING, steps::Steps};

/// Which cell holds for each address of IPv4.
///
/// The first 24 bits of an address choose a part, and where the cell of a part changes is
/// kept as [`Steps`]. A part in which a network of more than 24 bits begins has steps of its
/// own by the last eight.
///
/// # Complexity
/// A look-up waits for memory twice, four times below 24 bits; once and three times if there
/// is a cell for every part, known for routers as `DIR-24-8`. Four bytes a network and 4 MiB;
/// 64 MiB more for a cell for every part.
///
/// # References
/// P. Gupta, S. Lin and N. `McKeown`, "Routing lookups in hardware at memory access speeds",
/// INFOCOM 1998.
#[derive(Debug)]
pub(crate) struct V4 {
    parts: Steps,
    /// By the number of a part with steps of its own, and the last eight bits.
    deep: Steps,
    /// For each part the same as `parts`, if it was asked for.
    direct: Option<Vec<Cell>>,
}

/// In place of a cell: the number of a part with steps of its own. No prefix of IPv4 needs
/// this bit.
const IN_DEEP: u32 = 1 << 31;

/// Parts of all addresses.
const PARTS: u32 = 1 << 24;

/// Groups of steps of all parts, and of the 256 addresses of one.
const GROUPS: u32 = PARTS / 64;
const GROUPS_OF_PART: u32 = 256 / 64;

impl V4 {
    /// From where networks begin, in order.
    pub(crate) fn new(starts: impl IntoIterator<Item = (u32, Cell)>) -> Self {
        let mut table =
            Self { parts: Steps::default(), deep: Steps::default(), direct: None };
        let mut current = Cell::new(NOTHING, 0);
        // The part with steps of its own that is being filled, and how many are before it.
        let mut filled = None;
        let mut deep_parts = 0;
        for (start, cell) in starts {
            let (part, last) = (start >> 8, start & 0xff);
            if let Some(before) = filled.filter(|filled| *filled < part) {
                table.end_deep(before, deep_parts, current);
                filled = None;
            }
            if last == 0 {
                table.parts.begin(part, cell, current);
            } else {
                if filled.is_none() {
                    table.parts.begin(part, Cell(IN_DEEP | deep_parts), current);
                    deep_parts += 1;
                    filled = Some(part);
                }
                table.deep.begin((deep_parts - 1) << 8 | last, cell, current);
            }
            current = cell;
        }
        if let Some(part) = filled {
            table.end_deep(part, deep_parts, current);
        }
        table.parts.fill(GROUPS, current);
        table.parts.shrink_to_fit();
        table.deep.shrink_to_fit();
        table
    }

    /// End the steps of a part, the last so far; what came last in there goes on behind.
    fn end_deep(&mut self, part: u32, deep_parts: u32, current: Cell) {
        self.deep.fill(deep_parts * GROUPS_OF_PART, current);
        if part + 1 < PARTS {
            self.parts.begin(part + 1, current, current);
        }
    }

    /// The cell of an address.
    #[inline]
    pub(crate) fn cell(&self, address: u32) -> Cell {
        let part = address >> 8;
        let cell = match &self.direct {
            Some(direct) => direct[part as usize],
            None => self.parts.cell(part),
        };
        if cell.0 & IN_DEEP == 0 { cell } else { self.deep.cell(deep_key(cell, address)) }
    }

    /// The cells of some addresses, at most as many as a batch has.
    ///
    /// Each look in memory is made for all of them before the next is made for any, so that
    /// they are waited for together.
    pub(super) fn cells(&self, addresses: &[u32], cells: &mut [Cell]) {
        let mut positions = [0; BATCH];
        if let Some(direct) = &self.direct {
            for (cell, address) in cells.iter_mut().zip(addresses) {
                *cell = direct[(address >> 8) as usize];
            }
        } else {
            for (position, address) in positions.iter_mut().zip(addresses) {
                *position = self.parts.position(address >> 8);
            }
            for (cell, position) in cells.iter_mut().zip(positions).take(addresses.len())
            {
                *cell = self.parts.at(position);
            }
        }
        // Which of them are deep, without a branch that would wait for each.
        let (mut deep, mut deep_count) = ([0_u8; BATCH], 0);
        for (number, cell) in (0..BATCH as u8).zip(&*cells) {
            deep[deep_count % BATCH] = number;
            deep_count += usize::from(cell.0 & IN_DEEP != 0);
        }
        let deep = &deep[..deep_count.min(addresses.len())];
        for &number in deep {
            let number = usize::from(number);
            positions[number] =
                self.deep.position(deep_key(cells[number], addresses[number]));
        }
        for &number in deep {
            cells[usize::from(number)] = self.deep.at(positions[usize::from(number)]);
        }
    }

    /// Where each cell begins to hold.
    pub(crate) fn starts(&self) -> impl Iterator<Item = (u32, Cell)> {
        self.parts.starts(0..GROUPS).flat_map(move |(part, cell)| {
            let is_deep = cell.0 & IN_DEEP != 0;
            let groups = (cell.0 & !IN_DEEP) * GROUPS_OF_PART;
            let groups = if is_deep { groups..groups + GROUPS_OF_PART } else { 0..0 };
            let deep = self.deep.starts(groups);
            let deep = deep.map(move |(key, cell)| (part << 8 | key & 0xff, cell));
            deep.chain((!is_deep).then_some((part << 8, cell)))
        })
    }

    #[cfg(feature = "mmdb")]
    /// Answer from a large table from now on.
    pub(crate) fn make_direct(&mut self) {
        if self.direct.is_some() {
            return;
        }
        let mut direct = Vec::with_capacity(PARTS as usize);
        let mut current = Cell::new(NOTHING, 0);
        for (part, cell) in self.parts.starts(0..GROUPS) {
            direct.resize(part as usize, current);
            current = cell;
        }
        direct.resize(PARTS as usize, current);
        self.direct = Some(direct);
    }

    #[cfg(feature = "mmdb")]
    pub(super) fn size(&self) -> usize {
        let direct = self.direct.as_deref().map_or(0, size_of_val);
        self.parts.size() + self.deep.size() + direct
    }
}

/// The key of an address among the steps of the part that a cell names.
#[inline]
fn deep_key(cell: Cell, address: u32) -> u32 {
    // The mark is shifted out.
    cell.0 << 8 | address & 0xff
}
