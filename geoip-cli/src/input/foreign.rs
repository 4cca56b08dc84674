//! Formats that hold text which cannot be seen from outside, told by their first bytes.

/// A format that this program does not unpack, and what does.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Foreign {
    /// What it is, with its article.
    pub(super) name: &'static str,
    /// The command that prints its content; FILE stands for the file.
    pub(super) command: &'static str,
    /// Whether it is one packed text, as rotated logs are, rather than a container.
    pub(super) is_packed_text: bool,
}

/// By kind: the first bytes, what it is, and what prints its content.
type Format = (&'static [u8], &'static str, &'static str);

/// One packed text each.
const PACKED: [Format; 8] = [
    (b"\x1f\x9d", "a file of compress", "gzip -dc FILE"),
    (b"\x04\x22\x4d\x18", "lz4 data", LZ4),
    (b"\x02\x21\x4c\x18", "lz4 data", LZ4),
    (b"LZIP\x01", "lzip data", "lzip -dc FILE"),
    (b"\x89LZO\x00\r\n\x1a\n", "lzop data", "lzop -dc FILE"),
    (b"\x5d\x00\x00", "lzma data", "xz -dc FILE"),
    (b"\xff\xfe\x00\x00", "UTF-32 text", UTF_32),
    (b"\x00\x00\xfe\xff", "UTF-32 text", UTF_32),
];

const LZ4: &str = "lz4 -dc FILE";
const UTF_32: &str = "iconv -f UTF-32 -t UTF-8 FILE";

/// Of many things each.
const CONTAINERS: [Format; 6] = [
    (b"PK\x03\x04", "a zip archive", "unzip -p FILE"),
    (b"PK\x05\x06", "an empty zip archive", "unzip -p FILE"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "7z x -so FILE"),
    (b"Rar!\x1a\x07", "a rar archive", "unrar p -inul FILE"),
    (b"LPKSHHRH", "a journal of systemd", "journalctl --file FILE"),
    (b"ElfFile\x00", "a Windows event log", "wevtutil qe FILE /lf:true /f:text"),
];

/// The foreign format of data that starts with these bytes.
pub(super) fn foreign(head: &[u8]) -> Option<Foreign> {
    let found = |formats: &[Format], is_packed_text| {
        let format = formats.iter().find(|(magic, ..)| head.starts_with(magic));
        format.map(|&(_, name, command)| Foreign { name, command, is_packed_text })
    };
    found(&PACKED, true).or_else(|| found(&CONTAINERS, false))
}

/// Whether the data is a capture of packets, in which most addresses are not text.
pub(super) fn is_capture(head: &[u8]) -> bool {
    const MAGICS: [[u8; 4]; 5] = [
        [0xd4, 0xc3, 0xb2, 0xa1],
        [0xa1, 0xb2, 0xc3, 0xd4],
        [0x4d, 0x3c, 0xb2, 0xa1],
        [0xa1, 0xb2, 0x3c, 0x4d],
        // pcapng
        [0x0a, 0x0d, 0x0d, 0x0a],
    ];
    MAGICS.iter().any(|magic| head.starts_with(magic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_foreign() {
        for text in ["", "P", "PK, said 192.0.2.1", "Rar! ", "LZIP 1", "7z x", "]"] {
            assert_eq!(foreign(text.as_bytes()), None, "{text}");
            assert!(!is_capture(text.as_bytes()), "{text}");
        }
        assert_eq!(foreign(b"PK\x03\x04\x14").unwrap().name, "a zip archive");
    }
}
