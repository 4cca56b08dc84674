//! Many short texts, in one piece of memory.

use super::CompactError;
use super::cursor::Cursor;

/// Most bytes of all the texts of a list: shared beginnings could multiply a small file.
const TEXT_LIMIT: usize = 16 << 20;

/// A list of texts.
#[derive(Debug, Default)]
pub(super) struct Names {
    text: String,
    /// Where each text ends, and the next starts.
    ends: Vec<u32>,
}

impl Names {
    /// Reads front-coded texts: each begins with as many bytes of the one before as its
    /// first byte says, and goes on to the next NUL.
    pub(super) fn read(column: &mut Cursor<'_>) -> Result<Self, CompactError> {
        let mut list = NamesBuilder::default();
        while !column.is_at_end() {
            let shared = usize::from(column.byte()?);
            let rest = column.until_nul()?;
            list.push(shared, rest)
                .ok_or_else(|| column.invalid("texts share more than there is"))?;
        }
        list.finish().ok_or_else(|| column.invalid("text is not UTF-8"))
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A text, or nothing where it is empty or missing.
    #[inline]
    pub(super) fn get(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)? as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.text.get(start..end).filter(|text| !text.is_empty())
    }
}

/// Texts as bytes, until all are known to be UTF-8.
#[derive(Debug, Default)]
pub(super) struct NamesBuilder {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    last_start: usize,
}

impl NamesBuilder {
    /// Adds a text, or refuses when it shares more than the text before has.
    pub(super) fn push(&mut self, shared: usize, rest: &[u8]) -> Option<()> {
        let (start, end) = (self.bytes.len(), self.last_start.checked_add(shared)?);
        if end > start || start > TEXT_LIMIT {
            return None;
        }
        self.bytes.extend_from_within(self.last_start..end);
        self.bytes.extend_from_slice(rest);
        self.ends.push(u32::try_from(self.bytes.len()).ok()?);
        self.last_start = start;
        Some(())
    }

    /// The texts, or nothing unless each of them is UTF-8.
    pub(super) fn finish(mut self) -> Option<Names> {
        self.bytes.shrink_to_fit();
        let text = String::from_utf8(self.bytes).ok()?;
        let whole = self.ends.iter().all(|&end| text.is_char_boundary(end as usize));
        whole.then_some(Names { text, ends: self.ends })
    }
}
