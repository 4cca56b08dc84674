//! Which label of a palette came how recently.

use crate::compact::format::NEW_LABEL;

/// The palette of a chunk in the order in which its labels came last, the newest first.
///
/// Nearly every run has a new label or one of the newest, so the first eight are kept in
/// a word, in which both are done without a branch that the processor could not foresee.
#[derive(Debug)]
pub(super) struct Recent {
    /// Palette indexes, the newest in the lowest byte.
    newest: u64,
    /// Those that follow, the newest of them last.
    older: [u8; 256],
    count: usize,
}

/// Places in the word of the newest.
const NEWEST: usize = 8;

impl Default for Recent {
    fn default() -> Self {
        Self { newest: 0, older: [0; 256], count: 0 }
    }
}

impl Recent {
    /// Labels in the palette.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn clear(&mut self) {
        self.count = 0;
    }

    /// Brings the index of a recency to the front, or a new one; there must be place.
    #[inline]
    pub(super) fn next(&mut self, recency: u8) -> Option<u8> {
        let is_new = recency == NEW_LABEL;
        let position = usize::from(recency);
        if position >= self.count && !is_new {
            return None;
        }
        if position >= NEWEST {
            return Some(self.next_older(position));
        }
        // A new index pushes all the others back, as if it came from behind the word.
        let from = if is_new { NEWEST } else { position };
        let index =
            if is_new { self.count as u8 } else { (self.newest >> (8 * position)) as u8 };
        let pushed_back = MASKS[from];
        let kept = !MASKS[(from + 1).min(NEWEST)];
        self.older[self.count.saturating_sub(NEWEST) % 256] = (self.newest >> 56) as u8;
        self.newest =
            self.newest & kept | (self.newest & pushed_back) << 8 | u64::from(index);
        self.count += usize::from(is_new);
        Some(index)
    }

    fn next_older(&mut self, position: usize) -> u8 {
        let older = &mut self.older[..self.count - NEWEST];
        let at = older.len() - 1 - (position - NEWEST);
        let index = older[at];
        older.copy_within(at + 1.., at);
        older[older.len() - 1] = (self.newest >> 56) as u8;
        self.newest = self.newest << 8 | u64::from(index);
        index
    }
}

/// Masks of the first bytes of a word.
const MASKS: [u64; NEWEST + 1] = [
    0,
    0xff,
    0xffff,
    0xff_ffff,
    0xffff_ffff,
    0xff_ffff_ffff,
    0xffff_ffff_ffff,
    0xff_ffff_ffff_ffff,
    u64::MAX,
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn agrees_with_a_list(recencies in prop::collection::vec(prop_oneof![Just(0), 0..40_u8], 0..400)) {
            let mut recent = Recent::default();
            let mut list: Vec<u8> = Vec::new();
            for recency in recencies {
                let expected = if recency == NEW_LABEL {
                    if list.len() == 255 {
                        recent.clear();
                        list.clear();
                    }
                    Some(u8::try_from(list.len()).unwrap())
                } else {
                    (usize::from(recency) < list.len()).then(|| list.remove(recency.into()))
                };
                prop_assert_eq!(recent.next(recency), expected);
                if let Some(index) = expected {
                    list.insert(0, index);
                }
                prop_assert_eq!(recent.count(), list.len());
            }
        }
    }
}
