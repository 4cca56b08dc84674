//! Reads small numbers and text from bytes, and knows what it reads by name.

use super::CompactError;

/// A position in the bytes of a named part of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'b> {
    part: &'static str,
    rest: &'b [u8],
}

impl<'b> Cursor<'b> {
    pub(super) fn new(part: &'static str, bytes: &'b [u8]) -> Self {
        Self { part, rest: bytes }
    }

    pub(super) fn remaining(&self) -> &'b [u8] {
        self.rest
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Nothing may be left over: that would be a sign of damage.
    pub(super) fn expect_end(&self) -> Result<(), CompactError> {
        if self.is_at_end() { Ok(()) } else { Err(self.invalid("bytes are left over")) }
    }

    pub(super) fn invalid(&self, reason: &'static str) -> CompactError {
        CompactError::Invalid { part: self.part, reason }
    }

    #[inline]
    pub(super) fn byte(&mut self) -> Result<u8, CompactError> {
        let (&byte, rest) =
            self.rest.split_first().ok_or(CompactError::Truncated { part: self.part })?;
        self.rest = rest;
        Ok(byte)
    }

    pub(super) fn bytes(&mut self, count: usize) -> Result<&'b [u8], CompactError> {
        let (bytes, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or(CompactError::Truncated { part: self.part })?;
        self.rest = rest;
        Ok(bytes)
    }

    /// A number in groups of seven bits, lowest first, the last without its top bit.
    #[inline]
    pub(super) fn varint(&mut self) -> Result<u64, CompactError> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(self.invalid("a number is too long"))
    }

    /// A varint that must fit the type asked for.
    #[inline]
    pub(super) fn number<T: TryFrom<u64>>(&mut self) -> Result<T, CompactError> {
        let value = self.varint()?;
        T::try_from(value).map_err(|_| self.invalid("a number is too large"))
    }

    /// The bytes before the next NUL, which is skipped.
    pub(super) fn until_nul(&mut self) -> Result<&'b [u8], CompactError> {
        let end = self
            .rest
            .iter()
            .position(|&byte| byte == 0)
            .ok_or(CompactError::Truncated { part: self.part })?;
        let text = &self.rest[..end];
        self.rest = &self.rest[end + 1..];
        Ok(text)
    }

    /// Text preceded by its length.
    pub(super) fn text(&mut self) -> Result<String, CompactError> {
        let length = self.number()?;
        let bytes = self.bytes(length)?;
        let text =
            str::from_utf8(bytes).map_err(|_| self.invalid("text is not UTF-8"))?;
        Ok(text.to_owned())
    }
}
