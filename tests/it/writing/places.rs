//! Where pictures are kept and where they come from: a bucket, a file beside a text.

use plaudit::config::Config;

use super::{
    Desk,
    pictures::{WORDS, between, photograph},
};
use crate::support::{S3Server, TestApp};

#[tokio::test]
async fn pictures_are_kept_in_a_bucket_where_there_is_one() {
    let server = S3Server::start().await;
    let (port, key, secret) = (server.port, server.key.clone(), server.secret.clone());
    let app = TestApp::start_with(move |config: &mut Config| {
        config.media.s3.endpoint = format!("http://127.0.0.1:{port}");
        config.media.s3.bucket = "pictures".to_owned();
        config.media.s3.access_key = key;
        config.media.s3.secret_key = secret;
    });
    let desk = Desk::of(app.await).await;
    let path = desk.write("Lights", "Text").await;
    desk.publish(&path).await;
    let done = desk
        .matthew
        .upload(&format!("{path}/cover"), &WORDS, &photograph(600, 400))
        .await;
    assert_eq!(done.status, 303, "{}", done.body);
    let page = desk.app.browser().get("/articles/lights").await;
    let src = between(&page.body, "<figure class=\"cover\"><img src=\"", "\"").to_owned();
    let bytes = desk.app.browser().bytes(&src).await;
    assert_eq!(
        image::load_from_memory(&bytes).expect("a picture").width(),
        400
    );
    assert!(
        !desk.app.app.config.media.folder.exists(),
        "no folder is made"
    );
    // Whoever has no key of the store's is refused there.
    let key = src.trim_start_matches("/media/");
    let theirs = format!("http://127.0.0.1:{port}/pictures/{key}");
    assert_eq!(desk.app.browser().get(&theirs).await.status, 403);
    assert!(
        desk.app
            .app
            .media
            .examine()
            .await
            .expect("in order")
            .contains("pictures")
    );
    drop(server);
    let away = desk.app.browser().get(&src).await;
    assert_eq!(away.status, 503);
    let answer = desk
        .matthew
        .upload(&format!("{path}/cover"), &WORDS, &photograph(30, 30))
        .await;
    assert_eq!(answer.status, 503);
    desk.app.browser().get("/articles/lights").await.says(&src);
}

#[tokio::test]
async fn a_file_names_its_cover_its_topics_and_when_it_opens() {
    let desk = Desk::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name);
    std::fs::write(place("pier.jpg"), photograph(300, 200)).expect("written");
    let text = "---\ntitle: The pier\nauthor: matthew-smith\naudience: patrons\ntags: Sea, Boats\n\
                opens: 2099-05-01\ncover: pier.jpg\ncover_alt: A pier\ncover_credit: Ann\n---\nText.\n";
    let file = place("pier.md").display().to_string();
    let import = ["article", "import", &file, "--publish", "--quiet"];
    for without in ["cover_alt: A pier\n", "pier.jpg"] {
        let broken = text.replace(
            without,
            if without.contains(':') {
                ""
            } else {
                "none.jpg"
            },
        );
        std::fs::write(&file, broken).expect("written");
        let said = desk.app.plaudit(&import).await.refused();
        assert!(said.contains("cover"), "{said}");
    }
    std::fs::write(&file, text).expect("written");
    desk.app.plaudit(&import).await.done();
    let readers = desk.app.browser();
    let page = readers.get("/articles/the-pier").await;
    page.says("alt=\"A pier\"")
        .says("<figcaption>Ann</figcaption>")
        .says("/tags/boats")
        .says("1 May 2099");
    // A file from before those keys leaves what there is.
    let old: String = text
        .lines()
        .filter(|line| {
            !["tags", "opens", "cover"]
                .iter()
                .any(|key| line.starts_with(key))
        })
        .map(|line| format!("{line}\n"))
        .collect();
    std::fs::write(&file, old).expect("written");
    desk.app.plaudit(&import).await.done();
    let again = readers.get("/articles/the-pier").await;
    again
        .says("alt=\"A pier\"")
        .says("/tags/boats")
        .says("1 May 2099");
}
