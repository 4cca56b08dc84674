//! Files to be read.

use std::{fs, io::Write, path::Path};

/// Write a file and tell its name.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> String {
    fs::write(path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The bytes, packed as the program of this name does.
pub(crate) fn packed(packer: &str, bytes: &[u8]) -> Vec<u8> {
    match packer {
        "gzip" => {
            let mut gzip =
                flate2::write::GzEncoder::new(vec![], flate2::Compression::best());
            gzip.write_all(bytes).unwrap();
            gzip.finish().unwrap()
        }
        "bzip2" => {
            let mut bzip2 =
                bzip2::write::BzEncoder::new(vec![], bzip2::Compression::best());
            bzip2.write_all(bytes).unwrap();
            bzip2.finish().unwrap()
        }
        "xz" => {
            let options = lzma_rust2::XzOptions::with_preset(1);
            let mut xz = lzma_rust2::XzWriter::new(vec![], options).unwrap();
            xz.write_all(bytes).unwrap();
            xz.finish().unwrap()
        }
        "zstd" => {
            let level = ruzstd::encoding::CompressionLevel::Fastest;
            ruzstd::encoding::compress_to_vec(bytes, level)
        }
        _ => panic!("no packer {packer}"),
    }
}
