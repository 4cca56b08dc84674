//! The search tree of MaxMind's format, walked from one end to the other.

/// The tree of a file whose metadata has been checked.
#[derive(Clone, Copy)]
pub(super) struct Tree<'b> {
    bytes: &'b [u8],
    node_count: u32,
    /// 24, 28 or 32.
    record_bits: u16,
}

/// A part of the tree that holds for all addresses that begin with some bits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Branch {
    /// What a node says of this half of its addresses: another node, data, or nothing.
    record: u32,
    /// The bits, followed by zeros.
    pub(super) base: u128,
    /// How many bits.
    pub(super) depth: u8,
}

impl Branch {
    /// The whole tree.
    pub(super) const ROOT: Self = Self { record: 0, base: 0, depth: 0 };
}

/// What the tree says of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaf {
    /// It has the record at this offset of the data section.
    Data(u32),
    /// The tree of IPv4 is here once more.
    V4,
}

/// The tree is no tree: it has more branches than nodes.
#[derive(Debug)]
pub(super) struct NotATree;

impl<'b> Tree<'b> {
    pub(super) fn new(bytes: &'b [u8], node_count: u32, record_bits: u16) -> Self {
        Self { bytes, node_count, record_bits }
    }

    /// Where a tree of IPv6 holds the networks of IPv4; none if it ends before.
    pub(super) fn v4_in_v6(self) -> Option<Branch> {
        let mut record = 0;
        for _ in 0..96 {
            record = self.children(record)?[0];
        }
        (record < self.node_count).then_some(Branch { record, base: 0, depth: 0 })
    }

    /// Whether two branches are the same part of the tree.
    fn is(branch: Branch, other: Option<Branch>) -> bool {
        other.is_some_and(|other| other.record == branch.record)
    }

    /// What a node says of its two halves; none if it is no node.
    fn children(self, node: u32) -> Option<[u32; 2]> {
        if node >= self.node_count {
            return None;
        }
        let length = usize::from(self.record_bits) / 4;
        let start = node as usize * length;
        let node = self.bytes.get(start..start + length)?;
        let number = |high: u8, low: &[u8]| {
            low.iter()
                .fold(u32::from(high), |number, &byte| number << 8 | u32::from(byte))
        };
        match (self.record_bits, node) {
            (24, [left @ .., _, _, _]) => Some([number(0, left), number(0, &node[3..])]),
            // The byte in the middle has the first four bits of both.
            (28, [left @ .., both, _, _, _]) => {
                Some([number(both >> 4, left), number(both & 0xf, &node[4..])])
            }
            (32, [left @ .., _, _, _, _]) => {
                Some([number(0, left), number(0, &node[4..])])
            }
            _ => None,
        }
    }

    /// The halves of a branch, if it is a node and has bits left.
    fn halves(self, branch: Branch, width: u8) -> Option<[Branch; 2]> {
        let [left, right] = self.children(branch.record)?;
        let depth = branch.depth + 1;
        let bit = 1_u128.checked_shl(u32::from(width.checked_sub(depth)?))?;
        Some([
            Branch { record: left, depth, ..branch },
            Branch { record: right, depth, base: branch.base | bit },
        ])
    }

    /// Cut a branch into many, in order, that can be walked at the same time.
    pub(super) fn cut(self, root: Branch, width: u8, v4: Option<Branch>) -> Vec<Branch> {
        const PIECES: usize = 512;
        let mut pieces = vec![root];
        for _ in 0..width {
            let cut = |&branch: &Branch| {
                let keep = Self::is(branch, v4) || branch.depth >= width;
                match self.halves(branch, width).filter(|_| !keep) {
                    Some([left, right]) => [Some(left), Some(right)],
                    None => [Some(branch), None],
                }
            };
            let finer: Vec<_> = pieces.iter().flat_map(cut).flatten().collect();
            let done = finer.len() == pieces.len() || finer.len() > PIECES;
            pieces = finer;
            if done {
                break;
            }
        }
        pieces
    }

    /// Visit the leaves of a branch in order.
    ///
    /// `budget` is how many nodes there may be; a tree whose branches meet again would have
    /// more leaves than there is time.
    pub(super) fn walk(
        self,
        branch: Branch,
        width: u8,
        v4: Option<Branch>,
        budget: &mut u32,
        mut visit: impl FnMut(Branch, Leaf),
    ) -> Result<(), NotATree> {
        let mut open = vec![branch];
        while let Some(branch) = open.pop() {
            if Self::is(branch, v4) && branch.depth <= 96 {
                visit(branch, Leaf::V4);
            } else if let Some([left, right]) = self.halves(branch, width) {
                *budget = budget.checked_sub(1).ok_or(NotATree)?;
                open.extend([right, left]);
            } else {
                match branch.record.checked_sub(self.node_count) {
                    Some(0) => {}
                    Some(behind @ 16..) => visit(branch, Leaf::Data(behind - 16)),
                    // A node where no bits are left, or a pointer between tree and data.
                    None | Some(_) => return Err(NotATree),
                }
            }
        }
        Ok(())
    }
}
