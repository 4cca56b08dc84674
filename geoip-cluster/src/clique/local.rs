//! The part of the graph around one class, as a dense matrix of bits.
//!
//! All maximal cliques whose first class in degeneracy order is `v` lie among `v` and
//! its later neighbours, the *candidates*. Its earlier neighbours, the *excluded*,
//! only say which cliques are not maximal, or were found before.

use super::bits::{self, Gather, deposit};
use super::classes::{ClassId, Classes, Word};

/// Candidates and excluded around one class, renumbered from zero.
#[derive(Default)]
pub(super) struct Local {
    /// The class of each candidate.
    pub(super) classes: Vec<ClassId>,
    /// How many words hold a set of candidates.
    pub(super) words: usize,
    /// How many words hold a set of candidates, followed by a set of excluded.
    pub(super) stride: usize,
    /// The neighbours of each candidate: candidates, then excluded.
    rows: Vec<u64>,
    /// How many excluded there are.
    pub(super) excluded: usize,
    /// The candidates that are neighbours of each excluded.
    excluded_rows: Vec<u64>,
}

/// Memory kept from one class to the next.
#[derive(Default)]
pub(super) struct Scratch {
    /// For each word of the whole graph, the slot that renumbers it.
    slot_of_word: Vec<u32>,
    slots: Vec<Slot>,
    excluded: Vec<ClassId>,
}

/// How the bits of one word of the whole graph become local ones.
struct Slot {
    word: u32,
    candidates: Gather,
    /// The local number of the first candidate of this word.
    first_candidate: usize,
    excluded: Gather,
    /// The local number of the first excluded of this word.
    first_excluded: usize,
}

const NO_SLOT: u32 = u32::MAX;

impl Local {
    /// Fills this with what is around `center`; false if some excluded is a neighbour
    /// of all candidates, so that no clique that starts here is maximal.
    pub(super) fn fill(
        &mut self,
        graph: &Classes,
        center: ClassId,
        scratch: &mut Scratch,
    ) -> bool {
        scratch.renumber(graph, center, &mut self.classes);
        self.words = self.classes.len().div_ceil(64);
        self.excluded = scratch.excluded.len();
        self.stride = self.words + self.excluded.div_ceil(64);
        let maximal = self.fill_excluded(graph, scratch);
        if maximal {
            self.fill_candidates(graph, scratch);
        }
        for slot in &scratch.slots {
            scratch.slot_of_word[slot.word as usize] = NO_SLOT;
        }
        maximal
    }

    fn fill_excluded(&mut self, graph: &Classes, scratch: &Scratch) -> bool {
        self.excluded_rows.clear();
        self.excluded_rows.resize(self.excluded * self.words, 0);
        for (index, &class) in scratch.excluded.iter().enumerate() {
            let row = &mut self.excluded_rows[index * self.words..][..self.words];
            for (slot, word) in scratch.slots_of(graph.row(class)) {
                deposit(row, slot.first_candidate, slot.candidates.gather(word.bits));
            }
            if bits::count(row) as usize == self.classes.len() {
                return false;
            }
        }
        true
    }

    fn fill_candidates(&mut self, graph: &Classes, scratch: &Scratch) {
        self.rows.clear();
        self.rows.resize(self.classes.len() * self.stride, 0);
        for (index, &class) in self.classes.iter().enumerate() {
            let row = &mut self.rows[index * self.stride..][..self.stride];
            let (candidates, excluded) = row.split_at_mut(self.words);
            for (slot, word) in scratch.slots_of(graph.row(class)) {
                let bits = slot.candidates.gather(word.bits);
                deposit(candidates, slot.first_candidate, bits);
                let bits = slot.excluded.gather(word.bits);
                deposit(excluded, slot.first_excluded, bits);
            }
        }
    }

    /// The neighbours of a candidate: candidates, then excluded.
    pub(super) fn row(&self, candidate: usize) -> &[u64] {
        &self.rows[candidate * self.stride..][..self.stride]
    }

    /// The candidates among the neighbours of a vertex, which is a candidate or, from
    /// `64 * words` on, an excluded.
    pub(super) fn candidates_near(&self, vertex: usize) -> &[u64] {
        match vertex.checked_sub(64 * self.words) {
            None => &self.rows[vertex * self.stride..][..self.words],
            Some(excluded) => &self.excluded_rows[excluded * self.words..][..self.words],
        }
    }
}

impl Scratch {
    /// Splits the neighbours of `center` into candidates and excluded, and numbers
    /// them.
    fn renumber(
        &mut self,
        graph: &Classes,
        center: ClassId,
        candidates: &mut Vec<ClassId>,
    ) {
        self.slot_of_word.resize(graph.word_count(), NO_SLOT);
        self.slots.clear();
        self.excluded.clear();
        candidates.clear();
        let rank = graph.rank(center);
        for (slot, word) in (0..).zip(graph.row(center)) {
            let (first_candidate, first_excluded) =
                (candidates.len(), self.excluded.len());
            let mut later = 0;
            for bit in bits::word_ones(word.bits) {
                // At most 63 above a multiple of 64 that fits.
                #[expect(clippy::cast_possible_truncation, reason = "a bit of a word")]
                let class = word.index * 64 + bit as u32;
                if graph.rank(class) > rank {
                    later |= 1 << bit;
                    candidates.push(class);
                } else {
                    self.excluded.push(class);
                }
            }
            self.slot_of_word[word.index as usize] = slot;
            self.slots.push(Slot {
                word: word.index,
                candidates: Gather::new(later),
                first_candidate,
                excluded: Gather::new(word.bits & !later),
                first_excluded,
            });
        }
    }

    /// The words of a row that hold neighbours of the center, with their slots.
    fn slots_of<'a>(
        &'a self,
        row: &'a [Word],
    ) -> impl Iterator<Item = (&'a Slot, &'a Word)> {
        row.iter().filter_map(|word| {
            let slot = self.slot_of_word[word.index as usize];
            self.slots.get(slot as usize).map(|slot| (slot, word))
        })
    }
}
