//! Pictures: uploaded, made anew, put above articles and into them, served.

use image::{DynamicImage, GenericImageView as _, Rgb, RgbImage};

use super::{Desk, form};

/// A picture as a telephone makes it: on its side, with the place it was taken at in its head.
pub(super) fn photograph(width: u32, height: u32) -> Vec<u8> {
    let mut seed = 7_u32;
    let image = RgbImage::from_fn(width, height, |x, _| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // Red on the left, so that what is turned is seen to be.
        let noise = u8::try_from(seed >> 26).expect("six bits");
        if x < width / 2 {
            Rgb([200 + noise / 2, noise, noise])
        } else {
            Rgb([noise, noise, 200])
        }
    });
    let mut jpeg = std::io::Cursor::new(Vec::new());
    DynamicImage::from(image)
        .write_to(&mut jpeg, image::ImageFormat::Jpeg)
        .expect("written");
    let jpeg = jpeg.into_inner();
    // Orientation 6: turn it clockwise. Source: Exif 2.32, 4.6.4; TIFF 6.0, section 2.
    let tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0GPS 59.91N";
    let length = u16::try_from(2 + 6 + tiff.len())
        .expect("small")
        .to_be_bytes();
    [
        &jpeg[..2],
        &[0xff, 0xe1],
        &length,
        b"Exif\0\0",
        tiff,
        &jpeg[2..],
    ]
    .concat()
}

fn holds(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

/// What stands between `before` and `after`.
pub(super) fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let rest = page
        .split(before)
        .nth(1)
        .unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split(after).next().unwrap_or_default()
}

pub(super) const WORDS: [(&str, &str); 2] = [("alt", "A pier in fog"), ("credit", "Ann Tide")];

#[tokio::test]
async fn a_cover_is_shown_wherever_the_article_is() {
    let desk = Desk::start().await;
    let path = desk.write("Lights", "Text").await;
    desk.publish(&path).await;
    let cover = format!("{path}/cover");
    let done = desk
        .matthew
        .upload(&cover, &WORDS, &photograph(1200, 800))
        .await;
    assert_eq!(done.status, 303, "{}", done.body);
    desk.matthew
        .get(&path)
        .await
        .says("A pier in fog")
        .says("Remove the cover");
    let readers = desk.app.browser();
    let page = readers.get("/articles/lights").await;
    // It was on its side: 800 wide and 1200 high now.
    page.says("width=\"800\" height=\"1200\" alt=\"A pier in fog\"")
        .says("<figcaption>Ann Tide</figcaption>");
    let src = between(&page.body, "<figure class=\"cover\"><img src=\"", "\"").to_owned();
    let srcset = between(&page.body, "srcset=\"", "\"");
    let addresses: Vec<&str> = srcset
        .split(", ")
        .filter_map(|one| one.split(' ').next())
        .collect();
    assert_eq!(addresses.len(), 2, "{srcset}");
    for (address, width) in addresses.iter().zip([480, 800]) {
        let answer = readers.head(address).await;
        assert_eq!(
            answer.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(answer.header("content-type"), "image/jpeg");
        let bytes = readers.bytes(address).await;
        assert!(
            !holds(&bytes, b"Exif") && !holds(&bytes, b"GPS"),
            "nothing hidden stays"
        );
        let image = image::load_from_memory(&bytes).expect("a picture");
        assert_eq!(image.width(), width);
        let top = image.get_pixel(width / 2, 5);
        assert!(
            top[0] > 150 && top[2] < 120,
            "red is above, once it is upright: {top:?}"
        );
    }
    let og = format!("<meta property=\"og:image\" content=\"{}", desk.app.url);
    page.says(&og)
        .says("summary_large_image")
        .says("og:image:alt");
    readers.get("/").await.says(&src);
    let feed = readers.get("/feed.xml").await;
    feed.says("rel=\"enclosure\"").says("A pier in fog");
    readers
        .get("/api/v1/articles/lights")
        .await
        .says("\"alt\":\"A pier in fog\"");
    // Its words can be changed without the file; without words it is not taken.
    let words = [("alt", "A pier"), ("credit", "")];
    desk.matthew.upload(&cover, &words, b"").await;
    readers
        .get("/articles/lights")
        .await
        .says("alt=\"A pier\"")
        .does_not_say("figcaption");
    let silent = desk
        .matthew
        .upload(&cover, &[("alt", " "), ("credit", "Me")], b"")
        .await;
    assert_eq!(silent.status, 422);
    silent
        .says("Say what the picture shows")
        .says("value=\"Me\"");
    desk.matthew
        .upload(&cover, &[("what", "remove"), ("alt", "")], b"")
        .await;
    readers.get("/articles/lights").await.does_not_say("A pier");
}

#[tokio::test]
async fn a_picture_in_the_text_is_a_line_to_copy() {
    let desk = Desk::start().await;
    desk.matthew
        .get("/studio/pictures")
        .await
        .says("Here you will see the pictures you upload");
    let alt = [("alt", "A [pier] <b>"), ("credit", "\"Ann\"")];
    for _ in 0..2 {
        let added = desk
            .matthew
            .upload("/studio/pictures", &alt, &photograph(300, 1200))
            .await;
        assert_eq!(added.status, 303, "{}", added.body);
    }
    let page = desk.matthew.get("/studio/pictures").await;
    assert_eq!(
        page.body.matches("class=\"thumb\"").count(),
        1,
        "the same picture once"
    );
    let markdown = between(&page.body, "value=\"![", "\" readonly");
    let markdown = format!("![{markdown}")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    let text = format!("{markdown}\n\nBetween.\n\n{markdown}");
    let shown = form(&[("title", "Lights"), ("body", &text)]);
    let path = desk
        .matthew
        .post("/studio/articles/new", &shown)
        .await
        .location()
        .to_owned();
    desk.publish(&path).await;
    let page = desk.app.browser().get("/articles/lights").await;
    let prose = between(
        &page.body,
        "<div class=\"prose\" dir=\"auto\">",
        "</article>",
    );
    assert_eq!(prose.matches("<img").count(), 2, "{prose}");
    assert_eq!(
        prose.matches("loading=\"lazy\"").count(),
        1,
        "the first at once, the rest later: {prose}"
    );
    for part in [
        "width=\"1200\"",
        "height=\"300\"",
        "-480.jpg 480w",
        "-960.jpg 960w",
        "alt=\"A [pier] ",
    ] {
        assert!(prose.contains(part), "{part} in {prose}");
    }
}

#[tokio::test]
async fn what_is_no_picture_is_refused_with_a_sentence() {
    let desk = Desk::start().await;
    let mut bomb = Vec::new();
    let grey = DynamicImage::ImageLuma8(image::GrayImage::new(12_000, 6_000));
    grey.write_to(
        &mut std::io::Cursor::new(&mut bomb),
        image::ImageFormat::Png,
    )
    .expect("written");
    assert!(
        bomb.len() < 2_000_000,
        "72 megapixels in {} bytes",
        bomb.len()
    );
    let whole = photograph(64, 64);
    for (file, sentence) in [
        (
            &b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"[..],
            "This is no picture we can show",
        ),
        (b"\x7fELF", "This is no picture we can show"),
        (b"", "Choose a file first."),
        (&whole[..120], "This picture is broken"),
        (&bomb, "more than 50 megapixels"),
    ] {
        let answer = desk.matthew.upload("/studio/pictures", &WORDS, file).await;
        assert_eq!(answer.status, 422, "{sentence}");
        answer.says(sentence).says("value=\"A pier in fog\"");
    }
    desk.matthew
        .get("/studio/pictures")
        .await
        .says("Here you will see the pictures you upload");
    for path in [
        "/media/x",
        "/media/../secret",
        "/media/0123456789abcdef0123456789abcdef/1x1.jpg",
    ] {
        assert_eq!(desk.app.browser().get(path).await.status, 404, "{path}");
    }
    let (reader, _) = desk.app.reader("Ann").await;
    assert_eq!(
        reader
            .upload("/studio/pictures", &WORDS, &whole)
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn a_cover_of_somebody_elses_article_cannot_be_set() {
    let desk = Desk::start().await;
    let path = desk.write("Lights", "Text").await;
    let (olga, _) = desk.app.author("Olga").await;
    let answer = olga
        .upload(&format!("{path}/cover"), &WORDS, &photograph(20, 20))
        .await;
    assert_eq!(answer.status, 404);
    desk.matthew
        .upload("/studio/pictures", &WORDS, &photograph(20, 20))
        .await;
    olga.get("/studio/pictures").await.does_not_say("A pier");
}
