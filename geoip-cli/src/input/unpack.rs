//! Compressed input, told by its first bytes, never by its name.

use std::io::{self, BufRead, Read};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use lzma_rust2::XzReader;
use ruzstd::decoding::{
    BlockDecodingStrategy, FrameDecoder,
    errors::{FrameDecoderError, ReadFrameHeaderError},
};

/// The most memory that a decoder may take because its input asks for it: as much as
/// `zstd --long` and `xz -9` need, and no more.
const MEMORY_LIMIT: u32 = 128 << 20;

/// What [`Packing::of`] must see of the data to tell, in bytes.
pub(super) const ENOUGH_TO_TELL: usize = 10;

/// How a source is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    Bzip2,
    Xz,
    Zstandard,
}

impl Packing {
    /// The packing of data that starts with these bytes.
    pub(crate) fn of(head: &[u8]) -> Self {
        match head {
            // RFC 1952: the magic number and the only method there is.
            [0x1f, 0x8b, 8, ..] => Self::Gzip,
            // The size of blocks, then the start of a block or of the end.
            [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..]
                if rest.starts_with(b"\x31\x41\x59\x26\x53\x59")
                    || rest.starts_with(b"\x17\x72\x45\x38\x50\x90") =>
            {
                Self::Bzip2
            }
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Self::Xz,
            // RFC 8878: a frame, or a frame to be skipped before one.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => {
                Self::Zstandard
            }
            _ => Self::Plain,
        }
    }

    /// The plain bytes of packed ones. Memory stays bounded whatever they unpack to.
    pub(crate) fn unpack(
        self,
        raw: impl BufRead + Send + 'static,
    ) -> Box<dyn Read + Send> {
        // Log rotation and parallel packers append: several members are one file.
        match self {
            Self::Plain => Box::new(raw),
            Self::Gzip => Box::new(MultiGzDecoder::new(raw)),
            Self::Bzip2 => Box::new(MultiBzDecoder::new(raw)),
            Self::Xz => {
                // Above the dictionary, a decoder needs about a tenth of a mebibyte.
                let limit_kib = (MEMORY_LIMIT + (1 << 20)) / 1024;
                Box::new(XzReader::new_mem_limit(raw, true, limit_kib))
            }
            Self::Zstandard => Box::new(ZstandardFrames::new(raw)),
        }
    }

    /// The name of the format, and the program that reads it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Zstandard => "zstd",
        }
    }

    /// What to do when unpacking failed; empty if there is nothing to say.
    pub(crate) fn hint(self, error: &io::Error) -> String {
        use io::ErrorKind::{
            InvalidData, InvalidInput, Other, OutOfMemory, UnexpectedEof, Unsupported,
        };

        let name = self.name();
        match (self, error.kind()) {
            (Self::Plain, _) => String::new(),
            (_, OutOfMemory) => {
                let long = if self == Self::Zstandard { " --long=31" } else { "" };
                format!(
                    "more than 128 MiB are only for its own program: `{name} -dc{long} FILE | geoip …`"
                )
            }
            (_, InvalidData | InvalidInput | Other | UnexpectedEof | Unsupported) => {
                format!(
                    "the {name} data is damaged or cut short; `{name} --test` on it says more"
                )
            }
            _ => String::new(),
        }
    }
}

/// The content of one zstd frame after another.
struct ZstandardFrames<R> {
    raw: R,
    decoder: FrameDecoder,
    within_frame: bool,
}

impl<R: BufRead> ZstandardFrames<R> {
    fn new(raw: R) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MEMORY_LIMIT.into());
        Self { raw, decoder, within_frame: false }
    }

    /// Go to the content of the next frame; false at the end of the data.
    fn begin_frame(&mut self) -> io::Result<bool> {
        while !self.raw.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.raw) {
                Ok(()) => {
                    self.within_frame = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(
                    ReadFrameHeaderError::SkipFrame { length, .. },
                )) => {
                    let mut skipped = (&mut self.raw).take(length.into());
                    io::copy(&mut skipped, &mut io::sink())?;
                }
                Err(error) => return Err(frame_error(error)),
            }
        }
        Ok(false)
    }

    /// Read on in this frame; 0 at its end.
    fn read_frame(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
            let some = BlockDecodingStrategy::UptoBlocks(1);
            self.decoder.decode_blocks(&mut self.raw, some).map_err(frame_error)?;
        }
        let count = self.decoder.read(buffer)?;
        let written = self.decoder.get_checksum_from_data();
        if count == 0
            && written.is_some()
            && written != self.decoder.get_calculated_checksum()
        {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "wrong checksum"));
        }
        Ok(count)
    }
}

fn frame_error(error: FrameDecoderError) -> io::Error {
    let kind = match error {
        FrameDecoderError::WindowSizeTooBig { .. } => io::ErrorKind::OutOfMemory,
        _ => io::ErrorKind::InvalidData,
    };
    io::Error::new(kind, error)
}

impl<R: BufRead> Read for ZstandardFrames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while self.within_frame || self.begin_frame()? {
            match self.read_frame(buffer)? {
                0 => self.within_frame = false,
                count => return Ok(count),
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;

    fn packed(packing: Packing, bytes: &[u8]) -> Vec<u8> {
        match packing {
            Packing::Plain => bytes.to_owned(),
            Packing::Gzip => {
                let level = flate2::Compression::default();
                let mut gzip = flate2::write::GzEncoder::new(vec![], level);
                gzip.write_all(bytes).unwrap();
                gzip.finish().unwrap()
            }
            Packing::Bzip2 => {
                let level = bzip2::Compression::default();
                let mut bzip2 = bzip2::write::BzEncoder::new(vec![], level);
                bzip2.write_all(bytes).unwrap();
                bzip2.finish().unwrap()
            }
            Packing::Xz => {
                let options = lzma_rust2::XzOptions::with_preset(0);
                let mut xz = lzma_rust2::XzWriter::new(vec![], options).unwrap();
                xz.write_all(bytes).unwrap();
                xz.finish().unwrap()
            }
            Packing::Zstandard => {
                let level = ruzstd::encoding::CompressionLevel::Fastest;
                ruzstd::encoding::compress_to_vec(bytes, level)
            }
        }
    }

    fn unpacked(packing: Packing, bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        packing.unpack(Cursor::new(bytes)).take(1 << 22).read_to_end(&mut content)?;
        Ok(content)
    }

    const ALL: [Packing; 4] =
        [Packing::Gzip, Packing::Bzip2, Packing::Xz, Packing::Zstandard];

    #[test]
    fn each_is_told_from_the_others_by_few_bytes() {
        for packing in ALL {
            for text in [&b""[..], b"192.0.2.1\n"] {
                let head = &packed(packing, text)[..ENOUGH_TO_TELL];
                assert_eq!(Packing::of(head), packing);
            }
        }
        for text in ["BZh9", "BZh91, said 192.0.2.1", "", "(", "\u{1f}"] {
            assert_eq!(Packing::of(text.as_bytes()), Packing::Plain);
        }
    }

    #[test]
    fn damaged_data_is_an_error_and_never_a_panic() {
        let lines: Vec<_> = (0..200).map(|n| format!("192.0.2.{n} GET /{n}")).collect();
        let text = lines.join(
            "
",
        );
        let mut random = 1_u64;
        let mut next = |below: usize| {
            // Xorshift: Marsaglia 2003.
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            usize::try_from(random >> 33).unwrap() % below
        };
        for packing in ALL {
            let whole = packed(packing, text.as_bytes());
            assert_eq!(unpacked(packing, whole.clone()).unwrap(), text.as_bytes());
            let mut errors = 0;
            for _ in 0..500 {
                let mut bytes = whole.clone();
                for _ in 0..=next(4) {
                    let at = next(bytes.len());
                    bytes[at] =
                        bytes[at].wrapping_add(1 + u8::try_from(next(255)).unwrap());
                }
                bytes.truncate(bytes.len() - next(8).saturating_sub(4));
                errors += u32::from(unpacked(packing, bytes).is_err());
            }
            // Checksums tell; some headers hold bytes that mean nothing.
            assert!(errors > 450, "{packing:?}: {errors}");
        }
    }
}
