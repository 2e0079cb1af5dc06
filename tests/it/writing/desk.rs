//! The list of an author's articles.

use super::{Desk, form};

#[tokio::test]
async fn articles_are_found_by_their_state_and_their_headline() {
    let desk = Desk::start().await;
    let list = "/studio/articles";
    desk.matthew
        .get(list)
        .await
        .says("Here you will see your drafts and articles.");
    desk.write("Lights at sea", "Text").await;
    let out = desk.write("The ferry", "Text").await;
    desk.publish(&out).await;
    let back = desk.write("Fog", "Text").await;
    desk.publish(&back).await;
    let publication = format!("{back}/publication");
    desk.matthew
        .submit(&publication, &[("what", "unpublish")])
        .await
        .says("Taken back.");
    let later = desk.write("Tomorrow", "Text").await;
    let tomorrow = desk.in_days(1);
    let schedule = [("what", "schedule"), ("at", tomorrow.as_str())];
    desk.matthew
        .submit(&format!("{later}/publication"), &schedule)
        .await
        .says("Scheduled.");
    let all = desk.matthew.get(list).await;
    all.says("All <span class=\"quiet\">4</span>")
        .says("Draft <span class=\"quiet\">1</span>");
    for (show, title) in [
        ("draft", "Lights"),
        ("scheduled", "Tomorrow"),
        ("published", "The ferry"),
        ("withdrawn", "Fog"),
    ] {
        let page = desk.matthew.get(&format!("{list}?show={show}")).await;
        page.says(title);
        assert_eq!(page.body.matches("<tr><td>").count(), 1, "{show}");
    }
    let found = desk.matthew.get(&format!("{list}?q=FERRY")).await;
    found.says("The ferry").does_not_say("Lights");
    desk.matthew
        .get(&format!("{list}?q=%3Cb%3E"))
        .await
        .says("No headline has “&lt;b&gt;” in it.");
    desk.matthew
        .get(&format!("{list}?show=scheduled&q=fog"))
        .await
        .says("No headline");
}

#[tokio::test]
async fn what_cannot_be_kept_comes_back_with_a_sentence() {
    let desk = Desk::start().await;
    let taken = desk.write("Lights at sea", "Text").await;
    let long = "ä".repeat(300_001);
    let megabyte = "x".repeat(1024 * 1024);
    let title = "t".repeat(201);
    let topics = (0..11).map(|n| format!("t{n},")).collect::<String>();
    for (name, value, sentence) in [
        ("title", "\u{202e}\u{200b} ", "The title is missing."),
        ("title", title.as_str(), "The title is too long"),
        (
            "slug",
            "lights-at-sea",
            "That address belongs to another article",
        ),
        ("slug", "Not A Slug", "The address may hold small letters"),
        ("slug", title.as_str(), "The address is too long"),
        (
            "body",
            long.as_str(),
            "The text is too long; 300,000 characters will do.",
        ),
        ("body", megabyte.as_str(), "The text is too long"),
        ("tags", topics.as_str(), "Ten topics will do."),
        ("tags", "!?", "A topic is a word or two"),
        ("opens_to", "public", "That is no date and time we can read"),
    ] {
        let mut filled = vec![("title", "Another"), ("body", "Kept words")];
        filled.retain(|(known, _)| *known != name);
        filled.push((name, value));
        let answer = desk
            .matthew
            .post("/studio/articles/new", &form(&filled))
            .await;
        assert_eq!(answer.status, 422, "{name}: {sentence}");
        answer.says(sentence);
        if name != "body" {
            answer.says("Kept words</textarea>");
        }
        assert!(answer.body.contains(&value[..value.len().min(20)]) || name == "title");
    }
    let year = desk.in_days(365);
    let narrow = [
        ("title", "A"),
        ("opens_to", "public"),
        ("opens_at", year.as_str()),
    ];
    let answer = desk.matthew.post(&taken, &form(&narrow)).await;
    answer.says("It cannot open to them");
    let too_much = "x".repeat(17 * 1024 * 1024);
    let refused = desk
        .matthew
        .post(&taken, &form(&[("title", "A"), ("body", &too_much)]))
        .await;
    assert_eq!(refused.status, 413);
    refused.says("Nothing was changed");
}

#[tokio::test]
async fn a_headline_disturbs_no_other_text() {
    let desk = Desk::start().await;
    let path = desk
        .write("\u{202e}Lights\u{200b} at\u{2066} sea\u{feff}", "Text")
        .await;
    desk.publish(&path).await;
    let page = desk.app.browser().get("/articles/lights-at-sea").await;
    page.says("<h1>Lights at sea</h1>");
}

#[tokio::test]
async fn a_text_folded_a_hundred_times_is_shown_in_no_time() {
    let desk = Desk::start().await;
    for folds in [100, 5_000] {
        for sign in ["> ", "- ", "*a ", "[", "<div>"] {
            let text = format!("{}deep", sign.repeat(folds));
            let begun = std::time::Instant::now();
            let preview = form(&[("title", "Deep"), ("body", &text), ("do", "preview")]);
            let page = desk.matthew.post("/studio/articles/new", &preview).await;
            assert_eq!(page.status, 200, "{sign} {folds}");
            page.says("deep");
            assert!(
                begun.elapsed().as_secs() < 20,
                "{sign} {folds}: {:?}",
                begun.elapsed()
            );
        }
    }
}

#[tokio::test]
async fn articles_and_pictures_of_others_are_not_there() {
    let desk = Desk::start().await;
    let path = desk.write("Lights at sea", "Text").await;
    let versions = desk.matthew.get(&format!("{path}/versions")).await;
    let version = versions
        .body
        .split("/versions/")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let version = version.expect("a version").to_owned();
    let (olga, _) = desk.app.author("Olga").await;
    for at in ["", "/versions", &format!("/versions/{version}")] {
        assert_eq!(olga.get(&format!("{path}{at}")).await.status, 404, "{at}");
    }
    let filled = form(&[("title", "Mine now")]);
    for at in [
        "",
        "/autosave",
        "/publication",
        "/test-notice",
        &format!("/versions/{version}/restore"),
    ] {
        let mut filled = filled.clone();
        filled.push(("what", "publish"));
        assert_eq!(
            olga.post(&format!("{path}{at}"), &filled).await.status,
            404,
            "{at}"
        );
    }
    let own = {
        let form = form(&[("title", "Hers"), ("body", "Text")]);
        olga.post("/studio/articles/new", &form)
            .await
            .location()
            .to_owned()
    };
    assert_eq!(olga.get(&format!("{own}?text={version}")).await.status, 404);
    assert_eq!(
        olga.get(&format!("{own}/versions/{version}")).await.status,
        404
    );
    let restore = format!("{own}/versions/{version}/restore");
    assert_eq!(olga.post(&restore, &[]).await.status, 404);
}
