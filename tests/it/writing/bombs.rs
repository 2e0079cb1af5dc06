//! Files that are small on their way and endless once unpacked.

use std::io::Cursor;

use image::{
    DynamicImage, ExtendedColorType, ImageEncoder as _, ImageFormat, codecs::png::PngEncoder,
};

use super::{
    Desk,
    pictures::{WORDS, between, photograph},
};

/// A sound file of this format.
fn file(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = DynamicImage::ImageRgb8(image::RgbImage::new(8, 8));
    image
        .write_to(&mut Cursor::new(&mut bytes), format)
        .expect("written");
    bytes
}

fn at(bytes: &[u8], mark: &[u8]) -> usize {
    let found = bytes.windows(mark.len()).position(|part| part == mark);
    found.expect("the mark")
}

/// Says of itself that it is 65,500 by 65,500. Source: ITU-T T.81, B.2.2.
fn jpeg() -> Vec<u8> {
    let mut bytes = file(ImageFormat::Jpeg);
    let head = at(&bytes, &[0xff, 0xc0]) + 5;
    bytes[head..head + 4].copy_from_slice(&[0xff, 0xdc, 0xff, 0xdc]);
    bytes
}

/// 65,535 by 65,535. Source: GIF89a, 18.
fn gif() -> Vec<u8> {
    let mut bytes = file(ImageFormat::Gif);
    bytes[6..10].fill(0xff);
    bytes
}

/// 16,383 by 16,383. Source: RFC 9649, 3.4.
fn webp() -> Vec<u8> {
    let mut bytes = file(ImageFormat::WebP);
    let head = at(&bytes, b"VP8L") + 9;
    bytes[head..head + 3].copy_from_slice(&[0xfe, 0xbf, 0xff]);
    bytes[head + 3] |= 0x0f;
    bytes
}

/// Eight pixels, and colours described in 60 MB of nothing.
fn profile() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    encoder
        .set_icc_profile(vec![0; 60_000_000])
        .expect("a profile");
    encoder
        .write_image(&[9; 24], 8, 1, ExtendedColorType::Rgb8)
        .expect("written");
    bytes
}

#[tokio::test]
async fn a_picture_that_unpacks_without_end_is_refused_by_what_its_head_says() {
    let desk = Desk::start().await;
    for bomb in [jpeg(), gif(), webp()] {
        assert!(bomb.len() < 2000, "{} bytes", bomb.len());
        let answer = desk.matthew.upload("/studio/pictures", &WORDS, &bomb).await;
        assert_eq!(answer.status, 422, "{:?}", &bomb[..4]);
        answer
            .says("more than 50 megapixels")
            .says("value=\"A pier in fog\"");
    }
    desk.matthew
        .get("/studio/pictures")
        .await
        .says("Here you will see the pictures you upload");
}

#[tokio::test]
async fn what_is_endless_beside_the_pixels_does_not_stay() {
    let desk = Desk::start().await;
    let bomb = profile();
    assert!(bomb.len() < 100_000, "60 MB in {} bytes", bomb.len());
    let answer = desk.matthew.upload("/studio/pictures", &WORDS, &bomb).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = desk.matthew.get("/studio/pictures").await;
    let address = between(&page.body, "class=\"thumb\" src=\"", "\"");
    let made = desk.matthew.bytes(address).await;
    assert!(made.len() < 500, "{} bytes", made.len());
}

#[tokio::test]
async fn all_four_kinds_are_taken_for_what_they_are() {
    let desk = Desk::start().await;
    for format in [ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP] {
        let answer = desk
            .matthew
            .upload("/studio/pictures", &WORDS, &file(format))
            .await;
        assert_eq!(answer.status, 303, "{format:?}: {}", answer.body);
    }
    let jpeg = photograph(40, 20);
    let answer = desk.matthew.upload("/studio/pictures", &WORDS, &jpeg).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    // A page with a picture's first bytes is none.
    let page = [&jpeg[..20], b"<script>alert(1)</script>"].concat();
    let answer = desk.matthew.upload("/studio/pictures", &WORDS, &page).await;
    assert_eq!(answer.status, 422);
}
