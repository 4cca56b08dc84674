//! The numbers by which the ranges name their labels.

use super::CompactError;

/// Labels by group and rank.
///
/// A label is named by its group (country) and by its rank within the group when ordered
/// by how often it is named, roughly: frequent labels get small numbers, which take one
/// byte and compress well. The order is told by a class for each label, so that the file
/// needs to hold no permutation.
#[derive(Debug)]
pub(super) struct LabelOrder {
    /// Labels, one group after the other, each by class, highest first, then by number.
    labels: Vec<u32>,
    /// Where each group starts in `labels`, and the end.
    starts: Vec<u32>,
}

impl LabelOrder {
    /// Orders labels 1, 2, … by their groups and classes.
    ///
    /// The groups must not decrease and be below 2^16, and the lists be equally long.
    pub(super) fn new(groups: &[u16], classes: &[u8]) -> Self {
        let mut keys: Vec<u64> = groups
            .iter()
            .zip(classes)
            .zip(1_u32..)
            .map(|((&group, &class), label)| {
                u64::from(group) << 40 | u64::from(!class) << 32 | u64::from(label)
            })
            .collect();
        keys.sort_unstable();
        let mut starts = Vec::new();
        let mut labels = Vec::with_capacity(keys.len());
        for key in keys {
            while starts.len() as u64 <= key >> 40 {
                starts.push(length(&labels));
            }
            let [a, b, c, d, ..] = key.to_le_bytes();
            labels.push(u32::from_le_bytes([a, b, c, d]));
        }
        starts.push(length(&labels));
        Self { labels, starts }
    }

    /// The label of a rank within a group, if there is one.
    #[inline]
    pub(super) fn label(&self, group: u8, rank: u32) -> Option<u32> {
        let [start, end] = self.starts.get(usize::from(group)..)?.first_chunk::<2>()?;
        let position = start.checked_add(rank).filter(|position| position < end)?;
        self.labels.get(position as usize).copied()
    }
}

fn length(labels: &[u32]) -> u32 {
    u32::try_from(labels.len()).expect("labels are numbered by u32")
}

/// Checks that each label has a class and that labels fit the ranges' three bytes.
pub(super) fn check_labels(
    part: &'static str,
    labels: usize,
    classes: &[u8],
) -> Result<(), CompactError> {
    if classes.len() != labels {
        return Err(CompactError::Invalid { part, reason: "not one for each label" });
    }
    if labels >= 1 << 24 {
        return Err(CompactError::Invalid { part, reason: "there are too many labels" });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_follow_the_class_then_the_number() {
        let order = LabelOrder::new(&[0, 0, 0, 2, 2], &[1, 3, 3, 0, 1]);
        let ranks =
            |group| (0..4).map_while(|rank| order.label(group, rank)).collect::<Vec<_>>();
        assert_eq!(ranks(0), [2, 3, 1]);
        assert_eq!(ranks(1), [0; 0]);
        assert_eq!(ranks(2), [5, 4]);
        assert_eq!(ranks(3), [0; 0]);
    }
}
