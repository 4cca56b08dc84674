//! The search tree, a node for each bit that is looked at.

/// A binary tree over the bits of IPv6 addresses.
#[derive(Debug)]
pub(super) struct Tree {
    /// What each node says of the half of its addresses whose next bit is 0, and of the other.
    nodes: Vec<[Half; 2]>,
}

/// What is known of half of the addresses of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    Nothing,
    Node(u32),
    /// A record, by where it is in the data section.
    Data(u32),
}

/// Bits of an address.
const WIDTH: u32 = 128;

impl Default for Tree {
    fn default() -> Self {
        Self { nodes: vec![[Half::Nothing; 2]] }
    }
}

impl Tree {
    /// Number of nodes.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Let a record hold for all addresses from a first to a last one; none if there would be
    /// too many nodes.
    pub(super) fn insert(&mut self, first: u128, last: u128, data: u32) -> Option<()> {
        let mut at = first;
        loop {
            // The largest network that begins here and does not reach beyond the last.
            let aligned = at.trailing_zeros().min(WIDTH);
            let length = (last - at).checked_add(1);
            let fits = length.map_or(WIDTH, u128::ilog2);
            let host_bits = aligned.min(fits);
            self.insert_network(at, WIDTH - host_bits, data)?;
            let size = 1_u128.checked_shl(host_bits)?;
            match at.checked_add(size) {
                Some(next) if next <= last => at = next,
                _ => return Some(()),
            }
        }
    }

    fn insert_network(&mut self, base: u128, prefix: u32, data: u32) -> Option<()> {
        let mut node = 0;
        for depth in 0..prefix.saturating_sub(1) {
            node = self.child(node, bit(base, depth))?;
        }
        match prefix.checked_sub(1) {
            Some(depth) => self.nodes[node][bit(base, depth)] = Half::Data(data),
            // All addresses there are.
            None => self.nodes[0] = [Half::Data(data); 2],
        }
        Some(())
    }

    /// The node of a half, made if there is none: it says of both of its halves what was said
    /// of the whole.
    fn child(&mut self, node: usize, half: usize) -> Option<usize> {
        match self.nodes[node][half] {
            Half::Node(child) => Some(child as usize),
            whole => {
                let child = u32::try_from(self.nodes.len()).ok()?;
                self.nodes.push([whole; 2]);
                self.nodes[node][half] = Half::Node(child);
                Some(child as usize)
            }
        }
    }

    /// Let the addresses of IPv6 that carry one of IPv4 lead to the networks of IPv4, unless
    /// something is known of them.
    pub(super) fn alias_v4(&mut self) {
        let mut v4 = 0;
        for _ in 0..96 {
            match self.nodes[v4][0] {
                Half::Node(child) => v4 = child as usize,
                Half::Nothing | Half::Data(_) => return,
            }
        }
        let Ok(v4) = u32::try_from(v4) else { return };
        for (base, prefix) in [(0xffff_u128 << 32, 96), (0x2002_u128 << 112, 16)] {
            let mut node = 0;
            for depth in 0..prefix - 1 {
                match self.child(node, bit(base, depth)) {
                    Some(child) => node = child,
                    None => return,
                }
            }
            let half = &mut self.nodes[node][bit(base, prefix - 1)];
            if *half == Half::Nothing {
                *half = Half::Node(v4);
            }
        }
    }

    /// Write the nodes with two records of so many bits each.
    pub(super) fn write(&self, record_bits: u16, separator: u32, file: &mut Vec<u8>) {
        let count = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let value = |half: Half| match half {
            Half::Nothing => count,
            Half::Node(node) => node,
            // The caller has chosen the width so that this fits.
            Half::Data(offset) => count.saturating_add(separator).saturating_add(offset),
        };
        for node in &self.nodes {
            let [left, right] = node.map(|half| value(half).to_be_bytes());
            match record_bits {
                24 => {
                    file.extend(&left[1..]);
                    file.extend(&right[1..]);
                }
                28 => {
                    file.extend(&left[1..]);
                    file.push(left[0] << 4 | right[0]);
                    file.extend(&right[1..]);
                }
                _ => {
                    file.extend(left);
                    file.extend(right);
                }
            }
        }
    }
}

/// A bit of an address, the first one being number 0.
fn bit(address: u128, number: u32) -> usize {
    usize::from(address >> (WIDTH - 1 - number) & 1 == 1)
}
