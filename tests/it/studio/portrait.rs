//! An author's portrait, and the letter in its place.

use image::{DynamicImage, RgbImage};
use reqwest::StatusCode;

use crate::{
    membership::World,
    support::{Page, TestApp},
};

const SETTINGS: &str = "/studio/settings";
const PORTRAIT: &str = "/studio/settings/portrait";

pub fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    let image = RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([(x % 256) as u8, (y % 256) as u8, 90])
    });
    let written = DynamicImage::from(image).write_to(&mut png, image::ImageFormat::Png);
    written.expect("written");
    png.into_inner()
}

/// Where the page's portrait is.
fn src(page: &Page) -> &str {
    let (_, rest) = page.body.split_once("src=\"/media/").expect("a portrait");
    rest.split('"').next().unwrap_or_default()
}

#[tokio::test]
async fn a_portrait_stands_wherever_the_author_does() {
    let world = World::new().await;
    world.app.article(&world.matthew, "The Tide").await;
    let places = [
        "/authors/matthew-smith",
        "/articles/the-tide",
        "/authors/matthew-smith/support",
    ];
    let readers = world.app.browser();
    for place in places {
        let page = readers.get(place).await;
        page.says("initial\" aria-hidden=\"true\">M</span>")
            .does_not_say("/media/");
    }
    let words = [("alt", "Matthew at the <pier>")];
    let saved = world
        .studio
        .upload(PORTRAIT, &words, &picture(600, 900))
        .await;
    assert_eq!(saved.location(), SETTINGS, "{}", saved.body);
    let settings = world.studio.get(SETTINGS).await;
    settings
        .says("Your portrait is saved.")
        .says("Remove the portrait");
    let page = readers.get(places[0]).await;
    page.says("alt=\"Matthew at the &lt;pier&gt;\"");
    let kept = src(&page).to_owned();
    assert!(kept.contains("/320x320."), "a square: {kept}");
    for place in places {
        readers
            .get(place)
            .await
            .says(&kept)
            .does_not_say("initial\"");
    }
    // Beside the call under the article, too, and where machines look.
    let article = readers.get("/articles/the-tide").await;
    assert!(article.body.matches(&kept).count() >= 2, "byline and call");
    let api = readers.get("/api/v1/authors/matthew-smith").await;
    api.says(&format!("/media/{kept}"));
    let answer = readers.head(&format!("/media/{kept}")).await;
    assert_eq!(
        answer.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    // The same picture again has the same name; other words need no file.
    world
        .studio
        .upload(PORTRAIT, &[("alt", "Matthew")], b"")
        .await;
    let page = readers.get(places[0]).await;
    assert_eq!(src(&page), kept);
    page.says("alt=\"Matthew\"");
    let removed = world
        .studio
        .upload(PORTRAIT, &[("what", "remove")], b"")
        .await;
    assert_eq!(removed.location(), SETTINGS);
    for place in places {
        readers
            .get(place)
            .await
            .does_not_say("/media/")
            .says(">M</span>");
    }
}

#[tokio::test]
async fn only_pictures_become_portraits_and_what_was_there_stays() {
    let app = TestApp::start().await;
    let (matthew, _) = app.author("Matthew Smith").await;
    let long = "x".repeat(201);
    for (file, alt, sentence) in [
        (&b""[..], "", "Choose a file first."),
        (
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            "",
            "This is no picture we can show",
        ),
        (b"%PDF-1.7", "", "This is no picture we can show"),
        (b"\x89PNG\r\n\x1a\n", "", "This picture is broken"),
        (&picture(9, 9), long.as_str(), "200 characters will do"),
    ] {
        let refused = matthew.upload(PORTRAIT, &[("alt", alt)], file).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{sentence}"
        );
        refused
            .says(sentence)
            .says("Portrait".to_lowercase().as_str())
            .says(alt);
        matthew
            .get("/authors/matthew-smith")
            .await
            .says(">M</span>");
    }
    let huge = vec![0; 17 * 1024 * 1024];
    let refused = matthew.upload(PORTRAIT, &[], &huge).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says("This picture is too large: 15 MB is the most.");
    let (reader, _) = app.reader("Ann").await;
    let refused = reader.upload(PORTRAIT, &[], &picture(9, 9)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let stranger = app.browser().upload(PORTRAIT, &[], &picture(9, 9)).await;
    assert!(
        stranger.location().starts_with("/sign-in"),
        "{}",
        stranger.status
    );
    let elsewhere = matthew.raw().post(matthew.address(PORTRAIT));
    let elsewhere = elsewhere.header("sec-fetch-site", "cross-site");
    assert_eq!(Page::of(elsewhere).await.status, StatusCode::FORBIDDEN);
}
