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

const PACKED: bool = true;
const CONTAINER: bool = false;

const FORMATS: [(&[u8], &str, &str, bool); 14] = [
    (b"\x1f\x9d", "a file of compress", "gzip -dc FILE", PACKED),
    (b"\x04\x22\x4d\x18", "lz4 data", "lz4 -dc FILE", PACKED),
    (b"\x02\x21\x4c\x18", "lz4 data", "lz4 -dc FILE", PACKED),
    (b"LZIP\x01", "lzip data", "lzip -dc FILE", PACKED),
    (b"\x89LZO\x00\r\n\x1a\n", "lzop data", "lzop -dc FILE", PACKED),
    (b"\x5d\x00\x00", "lzma data", "xz -dc FILE", PACKED),
    (b"\xff\xfe\x00\x00", "UTF-32 text", "iconv -f UTF-32 -t UTF-8 FILE", PACKED),
    (b"\x00\x00\xfe\xff", "UTF-32 text", "iconv -f UTF-32 -t UTF-8 FILE", PACKED),
    (b"PK\x03\x04", "a zip archive", "unzip -p FILE", CONTAINER),
    (b"PK\x05\x06", "an empty zip archive", "unzip -p FILE", CONTAINER),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "7z x -so FILE", CONTAINER),
    (b"Rar!\x1a\x07", "a rar archive", "unrar p -inul FILE", CONTAINER),
    (b"LPKSHHRH", "a journal of systemd", "journalctl --file FILE", CONTAINER),
    (
        b"ElfFile\x00",
        "a Windows event log",
        "wevtutil qe FILE /lf:true /f:text",
        CONTAINER,
    ),
];

/// The foreign format of data that starts with these bytes.
pub(super) fn foreign(head: &[u8]) -> Option<Foreign> {
    let format = FORMATS.iter().find(|(magic, ..)| head.starts_with(magic));
    format.map(|&(_, name, command, is_packed_text)| Foreign {
        name,
        command,
        is_packed_text,
    })
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
