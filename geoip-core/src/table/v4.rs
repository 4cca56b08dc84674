//! The networks of IPv4: bits say where they begin, and are counted.

#![expect(clippy::cast_possible_truncation, reason = "addresses are cut to bytes")]

use super::{Cell, NOTHING};

/// Which cell holds for each address of IPv4.
///
/// The first 16 bits of an address choose a block, the next eight a part of it. A cell is
/// stored where it begins to hold, and a bit in the block says that one begins at a part: so
/// the cell of a part is found by counting bits. A part in which a network of more than 24
/// bits begins has a block of its own.
///
/// # Complexity
/// A look-up waits for memory twice, four times below 24 bits, and has nothing to search and
/// no branch that the processor cannot foresee. Four bytes a network, 40 a block.
///
/// # References
/// H. Asai and Y. Ohara, "Poptrie: A Compressed Trie with Population Count for Fast and
/// Scalable Software IP Routing Table Lookup", SIGCOMM 2015.
#[derive(Debug)]
pub(crate) struct V4 {
    /// By the first 16 bits.
    blocks: Vec<Block>,
    cells: Vec<Cell>,
    /// Of parts in which networks of more than 24 bits begin.
    deep: Vec<Block>,
    deep_cells: Vec<Cell>,
    /// A cell for every 256 addresses, if it was asked for.
    direct: Option<Direct>,
}

/// Where in 256 parts cells begin to hold.
#[derive(Clone, Copy, Debug, Default)]
struct Block {
    /// A bit for each part; that of the first is set.
    bits: [u64; 4],
    /// The first of its cells.
    first: u32,
    /// How many bits are set in the words before each.
    before: [u8; 4],
}

/// In place of a cell: the number of a deep block. No prefix of IPv4 needs this bit.
const IN_DEEP: u32 = 1 << 31;

impl Block {
    /// The number of the cell of a part.
    #[inline]
    fn cell(&self, part: u8) -> usize {
        let word = usize::from(part / 64);
        let up_to_part = self.bits[word] & (u64::MAX >> (63 - part % 64));
        let count = u32::from(self.before[word]) + up_to_part.count_ones();
        // The bit of the first part is set, so that there is one at least.
        (self.first + count).saturating_sub(1) as usize
    }

    /// Note that a cell begins at a part, after all those noted before.
    fn begin(&mut self, part: u8) {
        let word = usize::from(part / 64);
        self.bits[word] |= 1 << (part % 64);
        for later in &mut self.before[word + 1..] {
            // The last word counts 192 bits before it at most.
            *later += 1;
        }
    }

    fn begins(&self, part: u8) -> bool {
        self.bits[usize::from(part / 64)] >> (part % 64) & 1 == 1
    }

    /// The parts at which cells begin.
    fn parts(self) -> impl Iterator<Item = u8> {
        (0..=u8::MAX).filter(move |&part| self.begins(part))
    }
}

impl V4 {
    /// From where networks begin, in order.
    pub(crate) fn new(starts: impl IntoIterator<Item = (u32, Cell)>) -> Self {
        let mut table = Self {
            blocks: Vec::with_capacity(1 << 16),
            cells: Vec::new(),
            deep: Vec::new(),
            deep_cells: Vec::new(),
            direct: None,
        };
        let mut current = Cell::new(NOTHING, 0);
        // The first 24 bits of the deep block that is being filled.
        let mut filled = None;
        for (start, cell) in starts {
            let [first, second, part, last] = start.to_be_bytes();
            let block = usize::from(u16::from_be_bytes([first, second]));
            if let Some(next) =
                filled.filter(|filled| *filled < start >> 8).map(|filled| filled + 1)
            {
                // What came last in there goes on behind.
                table.open_blocks((next >> 8) as usize, current);
                table.begin(next as u8, current);
                filled = None;
            }
            table.open_blocks(block, current);
            if last == 0 {
                table.begin(part, cell);
            } else {
                if filled.is_none() {
                    table.begin_deep(part, current);
                    filled = Some(start >> 8);
                }
                if let Some(deep) = table.deep.last_mut() {
                    deep.begin(last);
                    table.deep_cells.push(cell);
                }
            }
            current = cell;
        }
        if let Some(next) = filled.map(|filled| filled + 1).filter(|next| *next < 1 << 24)
        {
            table.open_blocks((next >> 8) as usize, current);
            table.begin(next as u8, current);
        }
        table.open_blocks(0xffff, current);
        table.cells.shrink_to_fit();
        table.deep.shrink_to_fit();
        table.deep_cells.shrink_to_fit();
        table
    }

    /// Begin all blocks up to one with the cell that comes in from before.
    fn open_blocks(&mut self, block: usize, current: Cell) {
        while self.blocks.len() <= block {
            let mut opened = Block { first: self.cells.len() as u32, ..Block::default() };
            opened.begin(0);
            self.blocks.push(opened);
            self.cells.push(current);
        }
    }

    /// Let a cell hold from a part of the last block on.
    fn begin(&mut self, part: u8, cell: Cell) {
        let Some(block) = self.blocks.last_mut() else { return };
        // What begins where another begins takes its place.
        if block.begins(part) {
            self.cells.pop();
        } else {
            block.begin(part);
        }
        self.cells.push(cell);
    }

    /// Give a part of the last block a block of its own, which begins with what holds there.
    fn begin_deep(&mut self, part: u8, current: Cell) {
        let number = self.deep.len() as u32;
        self.begin(part, Cell(IN_DEEP | number));
        let mut deep = Block { first: self.deep_cells.len() as u32, ..Block::default() };
        deep.begin(0);
        self.deep.push(deep);
        self.deep_cells.push(current);
    }

    /// The cell of an address.
    #[inline]
    pub(crate) fn cell(&self, address: u32) -> Cell {
        match &self.direct {
            Some(direct) => direct.cell(address),
            None => self.cell_by_counting(address),
        }
    }

    #[inline]
    fn cell_by_counting(&self, address: u32) -> Cell {
        let [first, second, part, last] = address.to_be_bytes();
        let block = usize::from(u16::from_be_bytes([first, second]));
        let cell = self.cells[self.blocks[block].cell(part)];
        if cell.0 & IN_DEEP == 0 {
            return cell;
        }
        let deep = &self.deep[(cell.0 & !IN_DEEP) as usize];
        self.deep_cells[deep.cell(last)]
    }

    /// Where each cell begins to hold.
    pub(crate) fn starts(&self) -> impl Iterator<Item = (u32, Cell)> {
        let parts = self.blocks.iter().zip(0_u32..).flat_map(|(block, number)| {
            block.parts().map(move |part| number << 16 | u32::from(part) << 8)
        });
        parts.zip(&self.cells).flat_map(move |(start, &cell)| {
            let is_deep = cell.0 & IN_DEEP != 0;
            let deep = (cell.0 & !IN_DEEP) as usize;
            let deep = is_deep.then(|| self.deep[deep]);
            let cells = deep.into_iter().flat_map(move |deep| {
                let cells = self.deep_cells[deep.first as usize..].iter();
                deep.parts()
                    .zip(cells)
                    .map(move |(last, &cell)| (start | u32::from(last), cell))
            });
            cells.chain((!is_deep).then_some((start, cell)))
        })
    }

    #[cfg(feature = "mmdb")]
    /// Answer from a large table from now on.
    pub(crate) fn make_direct(&mut self) {
        if self.direct.is_none() {
            self.direct = Some(Direct::new(self.starts()));
        }
    }

    #[cfg(feature = "mmdb")]
    pub(super) fn size(&self) -> usize {
        size_of_val(self.blocks.as_slice())
            + size_of_val(self.cells.as_slice())
            + size_of_val(self.deep.as_slice())
            + size_of_val(self.deep_cells.as_slice())
            + self.direct.as_ref().map_or(0, Direct::size)
    }
}

/// A cell for every 256 addresses, and 256 more where they do not share one; known for
/// routers as `DIR-24-8`.
///
/// # References
/// P. Gupta, S. Lin and N. `McKeown`, "Routing lookups in hardware at memory access speeds",
/// INFOCOM 1998.
#[derive(Debug)]
pub(crate) struct Direct {
    /// By the first 24 bits. With the top bit, which no prefix of IPv4 needs: the number of a
    /// block of `last`.
    first: Vec<u32>,
    /// By the last eight bits, in blocks of 256.
    last: Vec<Cell>,
}

/// In [`Direct`]: the cell is among the last eight bits.
const IN_LAST: u32 = 1 << 31;

impl Direct {
    #[cfg(feature = "mmdb")]
    fn new(starts: impl Iterator<Item = (u32, Cell)>) -> Self {
        let mut table = Self { first: vec![0; 1 << 24], last: Vec::new() };
        let mut starts = starts.peekable();
        while let Some((start, cell)) = starts.next() {
            let end = starts.peek().map_or(1 << 32, |next| u64::from(next.0));
            table.fill(start.into(), end, cell);
        }
        table.last.shrink_to_fit();
        table
    }

    #[cfg(feature = "mmdb")]
    /// Let a cell hold from an address to before another.
    fn fill(&mut self, start: u64, end: u64, cell: Cell) {
        let mut at = start;
        while at < end {
            let block = (at >> 8) as usize;
            if at.is_multiple_of(256) && end - at >= 256 {
                let whole = (end >> 8) as usize;
                self.first[block..whole].fill(cell.0);
                at = (whole as u64) << 8;
                continue;
            }
            let stop = end.min(((block as u64) + 1) << 8);
            let last = self.block_of_last(block);
            let (from, to) =
                ((at - (block as u64 * 256)) as usize, stop - block as u64 * 256);
            self.last[last + from..last + to as usize].fill(cell);
            at = stop;
        }
    }

    #[cfg(feature = "mmdb")]
    /// Where the 256 cells of a block are in `last`, made if they are not there.
    fn block_of_last(&mut self, block: usize) -> usize {
        if self.first[block] & IN_LAST == 0 {
            let cell = Cell(self.first[block]);
            self.first[block] = IN_LAST | (self.last.len() / 256) as u32;
            self.last.resize(self.last.len() + 256, cell);
        }
        (self.first[block] & !IN_LAST) as usize * 256
    }

    #[inline]
    fn cell(&self, address: u32) -> Cell {
        let entry = self.first[(address >> 8) as usize];
        if entry & IN_LAST == 0 {
            return Cell(entry);
        }
        self.last[(entry & !IN_LAST) as usize * 256 + (address & 255) as usize]
    }

    #[cfg(feature = "mmdb")]
    fn size(&self) -> usize {
        size_of_val(self.first.as_slice()) + size_of_val(self.last.as_slice())
    }
}
