//! The graph that is searched: twins merged, and neighbours as bits.
//!
//! Vertices that are neighbours and have the same other neighbours, *twins*, lie in
//! the same maximal cliques. One of them stands for all, its *class*.
//!
//! Classes are numbered along a curve through space, so that the neighbours of one
//! share words of bits: a row is a short list of the words that are not zero.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "vertices are numbered with 32 bits"
)]

use super::bits::word_ones;
use crate::sphere::unit_vector;
use crate::{ProximityGraph, VertexId};
use std::collections::HashMap;

/// A class of twins.
pub(super) type ClassId = u32;

/// Classes of twins, their adjacency, and the order to search them in.
pub(super) struct Classes {
    /// Where the members of each class start, and where the last ones end.
    starts: Vec<u32>,
    members: Vec<VertexId>,
    /// Where the row of each class starts in `words`, and where the last one ends.
    rows: Vec<usize>,
    words: Vec<Word>,
    /// The place of each class in the degeneracy order.
    rank: Vec<u32>,
    order: Vec<ClassId>,
}

/// 64 classes from `64 * index` on, those set being neighbours.
#[derive(Clone, Copy)]
pub(super) struct Word {
    pub(super) index: u32,
    pub(super) bits: u64,
}

impl Classes {
    pub(super) fn new(graph: &ProximityGraph) -> Self {
        let representatives = twin_representatives(graph);
        let mut vertices: Vec<(u64, VertexId, VertexId)> = graph
            .vertices()
            .zip(&representatives)
            .map(|(vertex, &twin)| (curve_key(graph, twin), twin, vertex))
            .collect();
        vertices.sort_unstable();
        let mut starts = vec![];
        let mut class_of = vec![ClassId::MAX; graph.len()];
        for (place, &(_, twin, vertex)) in (0..).zip(&vertices) {
            if place == 0 || vertices[place as usize - 1].1 != twin {
                starts.push(place);
            }
            class_of[vertex.index()] = starts.len() as u32 - 1;
        }
        let len = starts.len();
        starts.push(graph.len() as u32);

        let mut rows = vec![0];
        let mut words: Vec<Word> = Vec::new();
        let mut row: Vec<ClassId> = Vec::new();
        for class in 0..len {
            let (_, twin, _) = vertices[starts[class] as usize];
            row.clear();
            row.extend(
                (graph.neighbors(twin).iter())
                    .filter(|it| representatives[it.index()] == **it)
                    .map(|it| class_of[it.index()]),
            );
            row.sort_unstable();
            let first = words.len();
            for &neighbor in &row {
                let (index, bit) = (neighbor / 64, 1 << (neighbor % 64));
                match words[first..].last_mut() {
                    Some(word) if word.index == index => word.bits |= bit,
                    _ => words.push(Word { index, bits: bit }),
                }
            }
            rows.push(words.len());
        }
        let members = vertices.into_iter().map(|(.., vertex)| vertex).collect();
        let mut classes =
            Self { starts, members, rows, words, rank: vec![], order: vec![] };
        classes.set_degeneracy_order();
        classes
    }

    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    /// How many words cover all classes.
    pub(super) fn word_count(&self) -> usize {
        self.len().div_ceil(64)
    }

    /// The classes in degeneracy order: each has the fewest neighbours among those
    /// after it.
    pub(super) fn order(&self) -> &[ClassId] {
        &self.order
    }

    /// The place of a class in the degeneracy order.
    pub(super) fn rank(&self, class: ClassId) -> u32 {
        self.rank[class as usize]
    }

    /// The vertices of a class.
    pub(super) fn members(&self, class: ClassId) -> &[VertexId] {
        let class = class as usize;
        &self.members[self.starts[class] as usize..self.starts[class + 1] as usize]
    }

    /// The neighbours of a class.
    pub(super) fn row(&self, class: ClassId) -> &[Word] {
        &self.words[self.rows[class as usize]..self.rows[class as usize + 1]]
    }

    /// Repeatedly takes a class with the fewest neighbours left.
    ///
    /// # References
    /// V. Batagelj and M. Zaveršnik, "An O(m) algorithm for cores decomposition of
    /// networks", 2003, arXiv:cs/0310049.
    fn set_degeneracy_order(&mut self) {
        let len = self.starts.len() - 1;
        let mut left: Vec<u32> = (0..len as u32)
            .map(|it| self.row(it).iter().map(|word| word.bits.count_ones()).sum())
            .collect();
        // Classes sorted by how many neighbours they have left; `bins` holds where
        // each number starts.
        let most = left.iter().copied().max().unwrap_or(0) as usize;
        let mut bins = vec![0_u32; most + 2];
        for &count in &left {
            bins[count as usize + 1] += 1;
        }
        for count in 1..bins.len() {
            bins[count] += bins[count - 1];
        }
        let mut order = vec![0; len];
        let mut rank = vec![0; len];
        let mut next = bins.clone();
        for class in 0..len as u32 {
            let place = &mut next[left[class as usize] as usize];
            order[*place as usize] = class;
            rank[class as usize] = *place;
            *place += 1;
        }
        for place in 0..len {
            let class = order[place];
            for word in self.row(class) {
                for bit in word_ones(word.bits) {
                    let other = word.index as usize * 64 + bit;
                    let count = left[other] as usize;
                    if count > left[class as usize] as usize {
                        // Swapped with the first of its bin, which then shrinks past it.
                        let first = bins[count];
                        let swapped = order[first as usize];
                        order.swap(rank[other] as usize, first as usize);
                        rank[swapped as usize] = rank[other];
                        rank[other] = first;
                        bins[count] += 1;
                        left[other] -= 1;
                    }
                }
            }
        }
        self.order = order;
        self.rank = rank;
    }
}

/// For each vertex the first of its twins, maybe itself.
fn twin_representatives(graph: &ProximityGraph) -> Vec<VertexId> {
    // Twins have equal sums over themselves and their neighbours; whether equal sums
    // mean twins is looked up.
    let mut firsts: HashMap<u64, Vec<VertexId>> = HashMap::new();
    let mut representatives = Vec::with_capacity(graph.len());
    for vertex in graph.vertices() {
        let sum = (graph.neighbors(vertex).iter())
            .fold(scrambled(vertex), |sum, &it| sum.wrapping_add(scrambled(it)));
        let firsts = firsts.entry(sum).or_default();
        let twin = firsts.iter().copied().find(|&first| are_twins(graph, first, vertex));
        if twin.is_none() {
            firsts.push(vertex);
        }
        representatives.push(twin.unwrap_or(vertex));
    }
    representatives
}

fn are_twins(graph: &ProximityGraph, a: VertexId, b: VertexId) -> bool {
    let others =
        |of: VertexId| graph.neighbors(of).iter().filter(move |&&it| it != a && it != b);
    graph.degree(a) == graph.degree(b) && graph.has_edge(a, b) && others(a).eq(others(b))
}

/// Bits as if random, the same for the same vertex (the last step of `SplitMix64`).
fn scrambled(vertex: VertexId) -> u64 {
    let mut z = (u64::from(vertex.0) + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Where a vertex comes on a curve through space that keeps near points together:
/// the bits of its three coordinates, interleaved (Morton's order).
fn curve_key(graph: &ProximityGraph, vertex: VertexId) -> u64 {
    const BITS: u32 = 21;
    let cells = f64::from(1_u32 << (BITS - 1));
    unit_vector(graph.point(vertex)).into_iter().fold(0, |key, value| {
        let cell = ((value + 1.0) * cells) as u64;
        let cell = cell.min((1 << BITS) - 1);
        (0..BITS).fold(key << 1, |key, bit| key | ((cell >> bit & 1) << (3 * bit)))
    })
}
