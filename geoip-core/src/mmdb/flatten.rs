//! From a tree and its records to a table.

use std::{
    cmp::Reverse,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use hashbrown::HashMap;

use super::{
    Mmdb,
    tree::{Branch, Leaf, NotATree, Tree},
};
use crate::{
    Answer,
    table::{Cell, NOTHING, RowsBuilder, Table, V4, V6},
};

/// How many records are read at a time by one thread.
const RECORDS_AT_ONCE: usize = 4096;

impl Mmdb {
    /// All networks and records as a table.
    ///
    /// None for a tree that is not one, for a record that cannot be read, and for more than
    /// a table can hold: then look-ups go on in the file itself, and each says what is wrong
    /// where it meets it.
    pub(super) fn flattened(&self, threads: usize) -> Option<Table> {
        let metadata = self.reader.metadata();
        let nodes = metadata.node_count;
        let tree = Tree::new(self.bytes.as_ref(), nodes, metadata.record_size);
        let is_v6 = metadata.ip_version == 6;
        let v4_root = if is_v6 { tree.v4_in_v6() } else { Some(Branch::ROOT) };
        let v4 = match v4_root {
            Some(root) => leaves(tree, root, None, nodes, threads).ok()?,
            None => Vec::new(),
        };
        // A tree of IPv6 that ends before IPv4 can have one record for all of that, which
        // only the file itself can answer with the right network.
        let any = Ipv4Addr::UNSPECIFIED.into();
        if v4_root.is_none() && self.reader.lookup(any).ok()?.has_data() {
            return None;
        }
        let v6 = if is_v6 {
            leaves(tree, Branch::ROOT, v4_root, nodes, threads).ok()?
        } else {
            Vec::new()
        };
        let (rows, builder) = self.rows(&v4, &v6, threads)?;
        Some(Table {
            rows: builder.finish(),
            v4: V4::new(starts(&v4, &rows)),
            v6: V6::new(starts(&v6, &rows)),
        })
    }

    /// The row of each offset that leaves name.
    fn rows(
        &self,
        v4: &[Network<u32>],
        v6: &[Network<Bits128>],
        threads: usize,
    ) -> Option<(HashMap<u32, u32>, RowsBuilder)> {
        let of_v4 = v4.iter().map(|network| {
            (IpAddr::from(Ipv4Addr::from_bits(network.base)), network.depth, network.leaf)
        });
        let of_v6 = v6.iter().map(|network| {
            let base = Ipv6Addr::from_bits(network.base.bits());
            (IpAddr::from(base), network.depth, network.leaf)
        });
        let mut records: Vec<Record> = Vec::new();
        let mut positions: HashMap<u32, usize> = HashMap::new();
        for (address, depth, leaf) in of_v4.chain(of_v6) {
            let Leaf::Data(offset) = leaf else { continue };
            let position = *positions.entry(offset).or_insert_with(|| {
                records.push(Record { address, offset, share: 0 });
                records.len() - 1
            });
            records[position].share += 1 << 32_u8.saturating_sub(depth);
        }
        drop(positions);
        // What most addresses share is beside each other, and so stays in the caches.
        records.sort_by_key(|record| Reverse(record.share));
        // Learned before there are threads, which would all wait for it.
        self.default_points();
        let chunks: Vec<_> = records.chunks(RECORDS_AT_ONCE).collect();
        let read = |chunk: &&[Record]| -> Option<Vec<Answer<'_>>> {
            let answer = |record: &Record| {
                let found = self.reader.lookup(record.address).ok()?;
                self.answer(&found).ok()?
            };
            chunk.iter().map(answer).collect()
        };
        let mut rows = HashMap::with_capacity(records.len());
        let mut builder = RowsBuilder::default();
        // As many chunks at a time as there are threads: answers are ten times as large as
        // the rows that they become.
        for chunks in chunks.chunks(threads) {
            let answers = in_parallel(chunks, threads, read);
            for (chunk, answers) in chunks.iter().zip(answers) {
                for (record, answer) in chunk.iter().zip(answers?) {
                    rows.insert(record.offset, builder.add(&answer)?);
                }
            }
        }
        Some((rows, builder))
    }
}

/// A record that networks have.
struct Record {
    /// An address that has it: records are read by their address.
    address: IpAddr,
    offset: u32,
    /// How many addresses of IPv4 have it, or networks /32 of IPv6.
    share: u64,
}

/// A leaf of the tree, in as few bytes as it takes: there are millions.
#[derive(Clone, Copy, Debug)]
struct Network<K> {
    base: K,
    depth: u8,
    leaf: Leaf,
}

/// The bits of an address of a family.
trait Bits: Copy + Send {
    /// What a table takes for the bits.
    type Key;

    const WIDTH: u8;
    const LAST: u128 = u128::MAX >> (128 - Self::WIDTH);

    fn key(bits: u128) -> Self::Key;

    fn new(bits: u128) -> Self;

    fn bits(self) -> u128;
}

impl Bits for u32 {
    type Key = Self;

    const WIDTH: u8 = 32;

    fn key(bits: u128) -> Self {
        Self::new(bits)
    }

    fn new(bits: u128) -> Self {
        Self::try_from(bits).unwrap_or(Self::MAX)
    }

    fn bits(self) -> u128 {
        self.into()
    }
}

/// The bits of an IPv6 address, which need less alignment so.
#[derive(Clone, Copy, Debug)]
struct Bits128([u32; 4]);

impl Bits for Bits128 {
    type Key = u128;

    const WIDTH: u8 = 128;

    fn key(bits: u128) -> u128 {
        bits
    }

    fn new(bits: u128) -> Self {
        let part = |shift: u32| u32::new(bits >> shift & u128::from(u32::MAX));
        Self([96, 64, 32, 0].map(part))
    }

    fn bits(self) -> u128 {
        self.0.into_iter().fold(0, |bits, part| bits << 32 | u128::from(part))
    }
}

/// The leaves of a tree, in order.
fn leaves<K: Bits>(
    tree: Tree<'_>,
    root: Branch,
    v4: Option<Branch>,
    nodes: u32,
    threads: usize,
) -> Result<Vec<Network<K>>, NotATree> {
    let pieces = tree.cut(root, K::WIDTH, v4);
    let walk = |&piece: &Branch| {
        let mut found = Vec::new();
        // No piece has more nodes than all of them together.
        let mut budget = nodes;
        tree.walk(piece, K::WIDTH, v4, &mut budget, |branch, leaf| {
            found.push(Network { base: K::new(branch.base), depth: branch.depth, leaf });
        })?;
        Ok(found)
    };
    let mut all = Vec::new();
    for pieces in pieces.chunks(threads * 8) {
        for found in in_parallel(pieces, threads, walk) {
            all.extend(found?);
        }
        // A tree has one leaf more than nodes.
        if all.len() > nodes as usize + 1 {
            return Err(NotATree);
        }
    }
    Ok(all)
}

/// Where each network begins, with gaps between them as networks of nothing.
fn starts<K: Bits>(
    networks: &[Network<K>],
    rows: &HashMap<u32, u32>,
) -> impl Iterator<Item = (K::Key, Cell)> {
    let next = networks.iter().skip(1).map(|next| Some(next.base.bits())).chain([None]);
    networks.iter().zip(next).flat_map(move |(network, next)| {
        let cell = match network.leaf {
            Leaf::Data(offset) => {
                let row = rows.get(&offset).copied().unwrap_or(NOTHING);
                Cell::new(row, network.depth)
            }
            Leaf::V4 => Cell::of_v4(network.depth),
        };
        let size = 1_u128.checked_shl(u32::from(K::WIDTH - network.depth));
        let after = size.and_then(|size| network.base.bits().checked_add(size));
        let is_gap = after != next && after.is_some_and(|after| after <= K::LAST);
        let gap =
            after.filter(|_| is_gap).map(|after| (K::key(after), Cell::new(NOTHING, 0)));
        [Some((K::key(network.base.bits()), cell)), gap].into_iter().flatten()
    })
}

/// What a function makes of each item, in order, with several threads at it.
fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    make: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    if threads < 2 || items.len() < 2 {
        return items.iter().map(make).collect();
    }
    let taken = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(items.len()));
    thread::scope(|scope| {
        for _ in 0..threads.min(items.len()) {
            scope.spawn(|| {
                loop {
                    let position = taken.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(position) else { break };
                    let result = (position, make(item));
                    results.lock().unwrap_or_else(PoisonError::into_inner).push(result);
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_unstable_by_key(|&(position, _)| position);
    results.into_iter().map(|(_, result)| result).collect()
}
