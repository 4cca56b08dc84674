//! Compressed input, told by its first bytes, never by its name.

use std::io::{self, BufRead, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};

/// How a source is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    Zstandard,
}

impl Packing {
    /// The packing of data that starts with these bytes.
    pub(crate) fn of(head: &[u8]) -> Self {
        match head {
            // RFC 1952: the magic number and the only method there is.
            [0x1f, 0x8b, 8, ..] => Self::Gzip,
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
        match self {
            Self::Plain => Box::new(raw),
            // Log rotation appends: several members are one file.
            Self::Gzip => Box::new(MultiGzDecoder::new(raw)),
            Self::Zstandard => Box::new(ZstandardFrames::Between(raw)),
        }
    }

    /// What to do when unpacking failed; empty if there is nothing to say.
    pub(crate) fn hint(self, error: &io::Error) -> &'static str {
        use io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof};

        if !matches!(error.kind(), InvalidData | InvalidInput | Other | UnexpectedEof) {
            return "";
        }
        match self {
            Self::Plain => "",
            Self::Gzip => {
                "the gzip data is damaged or cut short; `gzip --test` on it says more"
            }
            Self::Zstandard => {
                "the zstd data is damaged or cut short; `zstd --test` on it says more"
            }
        }
    }
}

/// The content of one zstd frame after another.
enum ZstandardFrames<R: BufRead> {
    Between(R),
    Within(Box<StreamingDecoder<R, FrameDecoder>>),
    Failed,
}

impl<R: BufRead> ZstandardFrames<R> {
    /// Read on, and say where reading stopped: after `Ok(0)` everything was read.
    fn step(self, buffer: &mut [u8]) -> (io::Result<usize>, Self) {
        match self {
            Self::Between(mut raw) => match raw.fill_buf() {
                Ok([]) => (Ok(0), Self::Between(raw)),
                Err(error) => (Err(error), Self::Between(raw)),
                Ok(_) => match StreamingDecoder::new(raw) {
                    Ok(decoder) => Self::Within(Box::new(decoder)).step(buffer),
                    Err(error) => (Err(io::Error::other(error)), Self::Failed),
                },
            },
            Self::Within(mut decoder) => match decoder.read(buffer) {
                Ok(0) => Self::Between(decoder.into_inner()).step(buffer),
                result => (result, Self::Within(decoder)),
            },
            Self::Failed => (Ok(0), Self::Failed),
        }
    }
}

impl<R: BufRead> Read for ZstandardFrames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let (result, next) = std::mem::replace(self, Self::Failed).step(buffer);
        *self = next;
        result
    }
}
