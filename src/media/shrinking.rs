//! From whatever somebody uploads to pictures of ours: recognised by content, unpacked within bounds, turned
//! upright, made anew. Nothing of the file itself is kept: no place and camera (EXIF), no comments, nothing
//! hidden behind the picture. Its colours' profile stays, or they would change.

use std::io::Cursor;

use image::{
    ColorType, DynamicImage, ExtendedColorType, ImageDecoder as _, ImageEncoder, ImageError,
    ImageFormat, ImageReader, Limits,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    imageops::FilterType,
};
use sha2::{Digest as _, Sha256};

use super::{
    Shape,
    picture::{HASH, Picture},
};

/// The most pixels a picture has: the largest telephones make.
const MOST_PIXELS: u64 = 51_000_000;
/// The longest side, in pixels.
const LONGEST_SIDE: u32 = 20_000;
/// What unpacking may take, in bytes.
const MOST_MEMORY: u64 = 320 * 1024 * 1024;
/// How good a JPEG is, of 100.
const QUALITY: u8 = 82;
/// The largest profile that is kept, in bytes.
const LARGEST_PROFILE: usize = 64 * 1024;

/// Why a file is no picture we can show. Each has a sentence in the catalogues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("it is no JPEG, PNG, WebP or GIF")]
    Unknown,
    #[error("it is broken")]
    Broken,
    #[error("it has more than 50 megapixels")]
    TooLarge,
}

impl Flaw {
    /// The catalogue key of the sentence that says so.
    pub fn key(self) -> &'static str {
        match self {
            Self::Unknown => "writing-picture-unknown",
            Self::Broken => "writing-picture-broken",
            Self::TooLarge => "writing-picture-too-large",
        }
    }
}

/// A picture and its files.
#[derive(Debug)]
pub struct Made {
    pub picture: Picture,
    /// By path.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Makes a picture of what was uploaded. Takes seconds for large ones: not for an async thread.
///
/// # Errors
/// If it is none.
pub fn make(bytes: &[u8], shape: Shape) -> Result<Made, Flaw> {
    let (image, profile) = unpacked(bytes)?;
    let image = shape.cut(image);
    let (ending, largest) = packed(&image, &profile, None)?;
    let picture = Picture {
        hash: hex::encode(Sha256::digest(&largest))[..HASH].to_owned(),
        width: image.width(),
        height: image.height(),
        ending,
    };
    let mut files = Vec::new();
    for width in picture.smaller() {
        let (_, bytes) = packed(&narrowed(&image, width), &profile, Some(ending))?;
        files.push((picture.path(Some(width)), bytes));
    }
    files.push((picture.path(None), largest));
    Ok(Made { picture, files })
}

/// The pixels, upright, and their colours' profile. What the head says is believed only as far as to refuse.
fn unpacked(bytes: &[u8]) -> Result<(DynamicImage, Option<Vec<u8>>), Flaw> {
    let mut reader = ImageReader::new(Cursor::new(bytes));
    let format = image::guess_format(bytes).map_err(|_| Flaw::Unknown)?;
    let is_known = matches!(
        format,
        ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP | ImageFormat::Gif
    );
    if !is_known {
        return Err(Flaw::Unknown);
    }
    if format == ImageFormat::Jpeg && !is_whole_jpeg(bytes) {
        return Err(Flaw::Broken);
    }
    reader.set_format(format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(flaw)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Flaw::TooLarge);
    }
    let orientation = decoder.orientation().map_err(flaw)?;
    let profile = decoder.icc_profile().ok().flatten();
    let profile = profile.filter(|profile| profile.len() <= LARGEST_PROFILE);
    let mut image = DynamicImage::from_decoder(decoder).map_err(flaw)?;
    image.apply_orientation(orientation);
    // Eight bits a colour; grey stays grey, so that its profile still fits.
    let image = match (
        image.color().has_alpha() && !is_opaque(&image),
        image.color().has_color(),
    ) {
        (true, true) => DynamicImage::ImageRgba8(image.into_rgba8()),
        (true, false) => DynamicImage::ImageLumaA8(image.into_luma_alpha8()),
        (false, true) => DynamicImage::ImageRgb8(image.into_rgb8()),
        (false, false) => DynamicImage::ImageLuma8(image.into_luma8()),
    };
    Ok((image, profile))
}

/// Whether the last scan comes to its end: decoders fill up with grey what a transfer that was cut off has
/// left out. Within a scan no two bytes look like its end. Source: ITU-T T.81, B.1.1.
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    let last = |marker: [u8; 2]| bytes.windows(2).rposition(|pair| pair == marker);
    last([0xff, 0xd9]) > last([0xff, 0xda])
}

fn is_opaque(image: &DynamicImage) -> bool {
    match image {
        DynamicImage::ImageRgba8(pixels) => pixels.pixels().all(|pixel| pixel.0[3] == u8::MAX),
        DynamicImage::ImageLumaA8(pixels) => pixels.pixels().all(|pixel| pixel.0[1] == u8::MAX),
        _ => false,
    }
}

fn flaw(error: ImageError) -> Flaw {
    match error {
        ImageError::Limits(_) => Flaw::TooLarge,
        ImageError::Unsupported(_) => Flaw::Unknown,
        _ => Flaw::Broken,
    }
}

pub(super) fn narrowed(image: &DynamicImage, width: u32) -> DynamicImage {
    let height = u64::from(image.height()) * u64::from(width) / u64::from(image.width());
    let height = u32::try_from(height).unwrap_or(u32::MAX).max(1);
    image.resize_exact(width, height, FilterType::CatmullRom)
}

/// As a file. What is transparent in places is a PNG; of the rest, whichever of JPEG and PNG is smaller:
/// photographs are the one, drawings the other.
fn packed(
    image: &DynamicImage,
    profile: &Option<Vec<u8>>,
    ending: Option<&'static str>,
) -> Result<(&'static str, Vec<u8>), Flaw> {
    let (mut jpeg, mut png) = (Vec::new(), Vec::new());
    let is_transparent = image.color().has_alpha();
    if ending != Some("png") && !is_transparent {
        write(
            JpegEncoder::new_with_quality(&mut jpeg, QUALITY),
            image,
            profile,
        )?;
    }
    if ending != Some("jpg") {
        write(PngEncoder::new(&mut png), image, profile)?;
    }
    let is_png = jpeg.is_empty() || (!png.is_empty() && png.len() < jpeg.len());
    Ok(if is_png { ("png", png) } else { ("jpg", jpeg) })
}

fn write(
    mut encoder: impl ImageEncoder,
    image: &DynamicImage,
    profile: &Option<Vec<u8>>,
) -> Result<(), Flaw> {
    if let Some(profile) = profile {
        // An encoder that takes none shows the colours without.
        encoder.set_icc_profile(profile.clone()).ok();
    }
    let colour = match image.color() {
        ColorType::L8 => ExtendedColorType::L8,
        ColorType::La8 => ExtendedColorType::La8,
        ColorType::Rgba8 => ExtendedColorType::Rgba8,
        _ => ExtendedColorType::Rgb8,
    };
    let (width, height) = (image.width(), image.height());
    encoder
        .write_image(image.as_bytes(), width, height, colour)
        .map_err(|_| Flaw::Broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(image: &DynamicImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(PngEncoder::new(&mut bytes), image, &None).expect("written");
        bytes
    }

    /// Noise, as a photograph's detail is to a compressor.
    fn photograph(width: u32, height: u32) -> DynamicImage {
        let mut seed = 1_u32;
        image::RgbImage::from_fn(width, height, |_, _| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            image::Rgb([(seed >> 24) as u8, (seed >> 16) as u8, (seed >> 8) as u8])
        })
        .into()
    }

    #[test]
    fn a_photograph_comes_in_three_widths() {
        let made = make(&png(&photograph(2000, 1000)), Shape::Whole).expect("a picture");
        assert_eq!((made.picture.width, made.picture.height), (1920, 960));
        let sizes = made.files.iter().map(|(path, bytes)| {
            assert!(path.ends_with(".jpg") && bytes.starts_with(&[0xff, 0xd8]));
            let image = image::load_from_memory(bytes).expect("a picture");
            (image.width(), image.height())
        });
        let sizes: Vec<_> = sizes.collect();
        assert_eq!(sizes, [(480, 240), (960, 480), (1920, 960)]);
        let again = make(&png(&photograph(2000, 1000)), Shape::Whole).expect("a picture");
        assert_eq!(
            again.picture, made.picture,
            "the same picture has the same path"
        );
    }

    #[test]
    fn a_drawing_stays_sharp_and_a_hole_stays_a_hole() {
        let drawing = DynamicImage::ImageRgb8(image::RgbImage::new(600, 10));
        let made = make(&png(&drawing), Shape::Whole).expect("a picture");
        assert!(made.files.iter().all(|(path, _)| path.ends_with(".png")));
        let hole = DynamicImage::ImageRgba8(image::RgbaImage::new(20, 10));
        let made = make(&png(&hole), Shape::Whole).expect("a picture");
        assert_eq!(made.files.len(), 1);
        let image = image::load_from_memory(&made.files[0].1).expect("a picture");
        assert!(image.color().has_alpha());
    }

    #[test]
    fn only_pictures_are_taken() {
        let mut bomb = png(&DynamicImage::ImageLuma8(image::GrayImage::new(1, 1)));
        // 30,000 by 30,000 in the head of a file of 70 bytes; its checksum is mended.
        bomb[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
        let sum = crc32(&bomb[12..29]).to_be_bytes();
        bomb[29..33].copy_from_slice(&sum);
        let cut = &png(&photograph(64, 64))[..600];
        let mut whole = Vec::new();
        let jpeg = image::codecs::jpeg::JpegEncoder::new(&mut whole);
        photograph(64, 64).write_with_encoder(jpeg).expect("a JPEG");
        assert!(make(&whole, Shape::Whole).is_ok());
        let torn = &whole[..whole.len() - 200];
        for (bytes, expected) in [
            (
                &b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"[..],
                Flaw::Unknown,
            ),
            (b"", Flaw::Unknown),
            (b"%PDF-1.7", Flaw::Unknown),
            (b"BM\0\0\0\0\0\0\0\0\0\0\0\0", Flaw::Unknown),
            (b"\x89PNG\r\n\x1a\n", Flaw::Broken),
            (cut, Flaw::Broken),
            (torn, Flaw::Broken),
            (&bomb, Flaw::TooLarge),
        ] {
            assert_eq!(
                make(bytes, Shape::Whole).err(),
                Some(expected),
                "{:?}",
                &bytes[..bytes.len().min(9)]
            );
        }
    }

    fn crc32(bytes: &[u8]) -> u32 {
        let mut crc = u32::MAX;
        for byte in bytes {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
            }
        }
        !crc
    }
}
