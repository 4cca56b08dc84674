//! Runs: the whole address space of a family cut into pieces that answer alike.

use crate::source::Range;

/// Label of a run about which nothing is known.
pub(crate) const NOTHING: u32 = 0;

/// Consecutive pieces of a key space that starts at 0; a piece ends where the next starts.
///
/// A key is an IPv4 address, or the first 48 bits of an IPv6 address.
/// Neighbouring pieces have different labels.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Runs {
    pub(crate) starts: Vec<u64>,
    pub(crate) labels: Vec<u32>,
    /// Number of keys: the end of the last run.
    pub(crate) end: u64,
}

impl Runs {
    /// Cuts the sorted, disjoint ranges of a family of `bits` bits at keys of `key_bits` bits.
    ///
    /// Where several ranges lie within one key, the one that covers most of it wins.
    /// The label of a range becomes `label_of(range.label)`.
    pub(crate) fn from_ranges(
        ranges: &[Range],
        bits: u32,
        key_bits: u32,
        label_of: impl Fn(u32) -> u32,
    ) -> Self {
        let shift = bits - key_bits;
        let mut builder = Builder::default();
        let below = (1u128 << shift) - 1;
        for range in ranges {
            let label = label_of(range.label);
            let (mut first, mut last) = (range.start >> shift, (range.end >> shift) + 1);
            if range.start & below != 0
                || (first + 1 == last && range.end & below != below)
            {
                let end = range.end.min(range.start | below);
                builder.add_part(key(first), label, end - range.start + 1);
                first += 1;
            }
            if first < last && range.end & below != below {
                last -= 1;
                if first < last {
                    builder.push(key(first), key(last), label);
                }
                builder.add_part(key(last), label, (range.end & below) + 1);
            } else if first < last {
                builder.push(key(first), key(last), label);
            }
        }
        builder.finish(1 << key_bits)
    }

    pub(crate) fn len(&self) -> usize {
        self.labels.len()
    }

    /// Start, end (excluded) and label of each run.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, u64, u32)> + '_ {
        let ends = self.starts.iter().skip(1).copied().chain([self.end]);
        self.starts
            .iter()
            .zip(ends)
            .zip(&self.labels)
            .map(|((&start, end), &label)| (start, end, label))
    }

    /// The label of a key, by binary search.
    pub(crate) fn label_at(&self, key: u64) -> u32 {
        match self.starts.partition_point(|&start| start <= key) {
            0 => NOTHING,
            after => self.labels[after - 1],
        }
    }

    /// Replaces labels and joins the neighbours that have become alike.
    pub(crate) fn relabel(&self, label_of: impl Fn(usize, u32) -> u32) -> Self {
        let mut out = Self { end: self.end, ..Self::default() };
        for (position, (start, _, label)) in self.iter().enumerate() {
            out.append(start, label_of(position, label));
        }
        out
    }

    fn append(&mut self, start: u64, label: u32) {
        if self.labels.last() != Some(&label) {
            self.starts.push(start);
            self.labels.push(label);
        }
    }
}

fn key(value: u128) -> u64 {
    u64::try_from(value).expect("a key has at most 48 bits")
}

#[derive(Default)]
struct Builder {
    runs: Runs,
    /// First key not decided yet.
    next: u64,
    /// The key that several ranges share, and how many addresses of it each label has.
    shared: u64,
    parts: Vec<(u32, u128)>,
}

impl Builder {
    fn add_part(&mut self, key: u64, label: u32, addresses: u128) {
        if self.shared != key {
            self.decide_shared();
            self.shared = key;
        }
        match self.parts.iter_mut().find(|part| part.0 == label) {
            Some(part) => part.1 += addresses,
            None => self.parts.push((label, addresses)),
        }
    }

    fn decide_shared(&mut self) {
        // Of equal shares the smaller label wins, so that the result is always the same.
        let winner =
            self.parts.iter().max_by_key(|part| (part.1, std::cmp::Reverse(part.0)));
        if let Some(&(label, _)) = winner {
            self.cover(self.shared, self.shared + 1, label);
        }
        self.parts.clear();
    }

    fn push(&mut self, start: u64, end: u64, label: u32) {
        self.decide_shared();
        self.cover(start, end, label);
    }

    fn cover(&mut self, start: u64, end: u64, label: u32) {
        if start > self.next {
            self.runs.append(self.next, NOTHING);
        }
        self.runs.append(start, label);
        self.next = end;
    }

    fn finish(mut self, end: u64) -> Runs {
        self.decide_shared();
        if self.next < end {
            self.runs.append(self.next, NOTHING);
        }
        self.runs.end = end;
        self.runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: u128, end: u128, label: u32) -> Range {
        Range { start, end, label }
    }

    #[test]
    fn fills_the_gaps_and_joins_equal_neighbours() {
        let ranges = [range(2, 3, 1), range(4, 7, 1), range(10, 10, 2)];
        let runs = Runs::from_ranges(&ranges, 4, 4, |label| label);
        assert_eq!(runs.starts, [0, 2, 8, 10, 11]);
        assert_eq!(runs.labels, [0, 1, 0, 2, 0]);
        assert_eq!(runs.end, 16);
    }

    #[test]
    fn gives_a_shared_key_to_the_largest_part() {
        // Keys of four addresses: key 1 is shared 1 : 3, key 2 covered in part only.
        let ranges = [range(0, 4, 1), range(5, 7, 2), range(9, 9, 3), range(12, 15, 4)];
        let runs = Runs::from_ranges(&ranges, 4, 2, |label| label);
        assert_eq!(runs.starts, [0, 1, 2, 3]);
        assert_eq!(runs.labels, [1, 2, 3, 4]);
    }

    #[test]
    fn finds_the_label_of_each_key() {
        let runs = Runs::from_ranges(&[range(3, 5, 7)], 3, 3, |label| label);
        let labels: Vec<u32> = (0..8).map(|key| runs.label_at(key)).collect();
        assert_eq!(labels, [0, 0, 0, 7, 7, 7, 0, 0]);
    }
}
