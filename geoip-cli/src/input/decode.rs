//! Text in other encodings than UTF-8, made UTF-8.

use std::io::Read;

use anyhow::Result;
use encoding_rs_io::DecodeReaderBytesBuilder;

use crate::failure::Hinted;

/// How the bytes of a text are to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// As they are, unless a byte order mark says UTF-16.
    Auto,
    /// As they are.
    Bytes,
    /// In this encoding, unless a byte order mark says another.
    Named(&'static encoding_rs::Encoding),
}

impl Encoding {
    /// The encoding that the user calls this.
    pub(super) fn parse(name: &str) -> Result<Self> {
        match name {
            "auto" => Ok(Self::Auto),
            "none" => Ok(Self::Bytes),
            label => encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())
                .map(Self::Named)
                .ok_or_else(|| {
                    Hinted::error(
                        format!("unknown encoding `{label}`"),
                        "auto, none, or a name such as utf-16le, latin1 or shift_jis",
                    )
                }),
        }
    }

    /// The text, that starts with these bytes, as UTF-8 or anything like it.
    ///
    /// Bytes that need no change get none, so that offsets stay those of the file.
    pub(super) fn decode(
        self,
        head: &[u8],
        content: Box<dyn Read + Send>,
    ) -> Box<dyn Read + Send> {
        let marked = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
        // An address in UTF-16 is every other byte NUL. Without any the mark is no mark, but
        // bytes of another encoding, or noise.
        let is_utf16 = marked && head.contains(&0);
        let encoding = match self {
            Self::Auto if is_utf16 => None,
            Self::Named(encoding) if is_utf16 || encoding != encoding_rs::UTF_8 => {
                Some(encoding)
            }
            Self::Auto | Self::Bytes | Self::Named(_) => return content,
        };
        let mut decoder = DecodeReaderBytesBuilder::new();
        Box::new(
            decoder.encoding(encoding).bom_override(is_utf16 || !marked).build(content),
        )
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn decoded(encoding: &str, text: &[u8]) -> Vec<u8> {
        let content = Box::new(Cursor::new(text.to_owned()));
        let mut utf8 = Vec::new();
        let encoding = Encoding::parse(encoding).unwrap();
        encoding.decode(text, content).read_to_end(&mut utf8).unwrap();
        utf8
    }

    #[test]
    fn a_byte_order_mark_tells_the_encoding() {
        let little = b"\xff\xfe1\0.\0\xe9\0";
        let big = b"\xfe\xff\x001\0.\0\xe9";
        for text in [&little[..], big] {
            for encoding in ["auto", "latin1", "utf-8", "utf-16be"] {
                assert_eq!(decoded(encoding, text), "1.é".as_bytes(), "{encoding}");
            }
            assert_eq!(decoded("none", text), text);
        }
    }

    #[test]
    fn bytes_without_a_mark_stay_what_they_are() {
        for text in [
            &b"caf\xe9 \xff\xff"[..],
            b"\xef\xbb\xbf1.1.1.1",
            b"",
            b"\xff",
            b"1\0.\0",
            b"\xff\xfe1.1.1.1\xff",
        ] {
            for encoding in ["auto", "none", "utf-8"] {
                assert_eq!(decoded(encoding, text), text, "{encoding}");
            }
        }
        assert_eq!(decoded("latin1", b"caf\xe9"), "café".as_bytes());
        assert_eq!(decoded("utf-16le", b"1\0.\0"), b"1.");
        assert!(Encoding::parse("utf-99").is_err());
    }
}
