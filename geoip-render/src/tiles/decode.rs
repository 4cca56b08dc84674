//! The pixels of a tile, which comes from a stranger: bounded before it is unpacked.

use std::io::Cursor;

use crate::scene::Image;

/// No tile has longer sides.
const LONGEST_SIDE: usize = 2048;
/// No decoder takes more memory than this, in bytes.
const MOST_MEMORY: usize = 64 << 20;

/// The pixels of a picture of any kind that is known, if it is one and not too large.
pub(super) fn decode(bytes: &[u8]) -> Option<Image> {
    #[cfg(feature = "tiles")]
    {
        if bytes.starts_with(b"\xff\xd8\xff") {
            return jpeg(bytes);
        }
        if bytes.starts_with(b"RIFF") {
            return webp(bytes);
        }
    }
    png(bytes)
}

fn is_bounded(width: usize, height: usize) -> bool {
    (1..=LONGEST_SIDE).contains(&width) && (1..=LONGEST_SIDE).contains(&height)
}

fn png(bytes: &[u8]) -> Option<Image> {
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(
        png::Transformations::normalize_to_color8() | png::Transformations::ALPHA,
    );
    decoder.set_limits(png::Limits { bytes: MOST_MEMORY });
    let mut reader = decoder.read_info().ok()?;
    let info = reader.info();
    let (width, height) = (info.width as usize, info.height as usize);
    if !is_bounded(width, height) {
        return None;
    }
    let mut pixels = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut pixels).ok()?;
    let rgba = match frame.color_type {
        png::ColorType::Rgba => pixels,
        png::ColorType::GrayscaleAlpha => {
            pixels.chunks_exact(2).flat_map(|p| [p[0], p[0], p[0], p[1]]).collect()
        }
        _ => return None,
    };
    image(width, height, rgba)
}

#[cfg(feature = "tiles")]
fn jpeg(bytes: &[u8]) -> Option<Image> {
    use zune_core::{colorspace::ColorSpace, options::DecoderOptions};

    let options = DecoderOptions::default()
        .set_max_width(LONGEST_SIDE)
        .set_max_height(LONGEST_SIDE)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let cursor = zune_core::bytestream::ZCursor::new(bytes);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(cursor, options);
    decoder.decode_headers().ok()?;
    let (width, height) = decoder.dimensions()?;
    if !is_bounded(width, height) {
        return None;
    }
    opaque(width, height, &decoder.decode().ok()?)
}

#[cfg(feature = "tiles")]
fn webp(bytes: &[u8]) -> Option<Image> {
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).ok()?;
    decoder.set_memory_limit(MOST_MEMORY);
    let (width, height) = decoder.dimensions();
    let (width, height) = (width as usize, height as usize);
    if !is_bounded(width, height) {
        return None;
    }
    let mut pixels = vec![0; decoder.output_buffer_size()?];
    decoder.read_image(&mut pixels).ok()?;
    if decoder.has_alpha() {
        image(width, height, pixels)
    } else {
        opaque(width, height, &pixels)
    }
}

/// A picture of three bytes a pixel.
#[cfg(feature = "tiles")]
fn opaque(width: usize, height: usize, rgb: &[u8]) -> Option<Image> {
    let rgba = rgb.chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], 255]).collect();
    image(width, height, rgba)
}

/// A picture, if there are as many pixels as it says.
fn image(width: usize, height: usize, rgba: Vec<u8>) -> Option<Image> {
    (rgba.len() >= width * height * 4).then_some(Image { width, height, rgba })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode;

    #[test]
    fn hostile_tiles_are_none() {
        for bytes in [&b""[..], b"\x89PNG\r\n\x1a\n", b"GIF89a", &[0; 4000]] {
            assert!(decode(bytes).is_none());
        }
        let huge = encode::png(4096, 1, png::ColorType::Grayscale, &[0; 4096]).unwrap();
        assert!(decode(&huge).is_none());
    }

    #[cfg(feature = "tiles")]
    mod of_other_kinds {
        use proptest::prelude::*;

        use super::*;

        /// 8 by 8 pixels of one blue-green.
        const JPEG: &[u8] = include_bytes!("../../tests/tiles/plain.jpg");
        const WEBP: &[u8] = include_bytes!("../../tests/tiles/plain.webp");
        const WITH_ALPHA: &[u8] = include_bytes!("../../tests/tiles/half.webp");

        #[test]
        fn jpeg_and_webp_are_read() {
            for (bytes, alpha) in [(JPEG, 255), (WEBP, 255), (WITH_ALPHA, 128)] {
                let image = decode(bytes).unwrap();
                assert_eq!((image.width, image.height), (8, 8));
                for pixel in image.rgba.chunks_exact(4) {
                    let near = |a: u8, b: u8| a.abs_diff(b) <= 6;
                    let [r, g, b, a] = [pixel[0], pixel[1], pixel[2], pixel[3]];
                    assert!(near(r, 20) && near(g, 120) && near(b, 160), "{pixel:?}");
                    assert!(near(a, alpha), "{pixel:?}");
                }
            }
        }

        /// A JPEG whose header claims other sides.
        fn of_size(height: u16, width: u16) -> Vec<u8> {
            let mut bytes = JPEG.to_vec();
            let frame = bytes.windows(2).position(|pair| pair == b"\xff\xc0").unwrap();
            bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
            bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
            bytes
        }

        #[test]
        fn what_claims_to_be_huge_or_nothing_is_none() {
            for (height, width) in [(65_500, 65_500), (1, 4096), (0, 8), (8, 0)] {
                assert!(decode(&of_size(height, width)).is_none(), "{height} {width}");
            }
        }

        proptest! {
            #![proptest_config(ProptestConfig::with_cases(256))]

            /// Whatever a server sends, a decoder ends, and what it gives is whole.
            #[test]
            fn damage_is_survived(
                which in 0_usize..3, cut in 0_usize..400,
                damage in prop::collection::vec((0_usize..400, any::<u8>()), 0..6),
            ) {
                let mut bytes = [JPEG, WEBP, WITH_ALPHA][which].to_vec();
                for (at, byte) in damage {
                    let at = at % bytes.len();
                    bytes[at] = byte;
                }
                bytes.truncate(bytes.len() - cut % bytes.len());
                if let Some(image) = decode(&bytes) {
                    prop_assert!(image.width <= LONGEST_SIDE && image.height <= LONGEST_SIDE);
                    prop_assert!(image.rgba.len() >= image.width * image.height * 4);
                }
            }
        }
    }
}
