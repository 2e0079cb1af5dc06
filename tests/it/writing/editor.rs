//! The editor: looking first, keeping what is typed, two at once, bringing back.

use super::{Desk, form};

#[tokio::test]
async fn a_preview_shows_the_text_and_saves_nothing() {
    let desk = Desk::start().await;
    let path = desk.write("Lights", "First text").await;
    let preview = form(&[("title", "Lights"), ("body", "*Second*"), ("do", "preview")]);
    let page = desk.matthew.post(&path, &preview).await;
    page.says("<em>Second</em>").says("*Second*</textarea>");
    desk.matthew
        .get(&path)
        .await
        .says("First text")
        .does_not_say("Second");
    let fragment = desk
        .matthew
        .post(
            "/studio/articles/preview",
            &[("body", "**bold** <script>x</script>")],
        )
        .await;
    fragment
        .says("<strong>bold</strong>")
        .does_not_say("<script");
    let page = desk.matthew.get(&path).await;
    let script = page
        .body
        .split("<script src=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let script = desk.matthew.get(script.expect("a script of ours")).await;
    assert_eq!(
        script.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    assert!(
        page.header("content-security-policy")
            .contains("script-src 'self';")
    );
}

#[tokio::test]
async fn what_is_typed_is_kept_beside_the_article_until_it_is_saved() {
    let desk = Desk::start().await;
    let path = desk.write("Lights", "Saved text").await;
    desk.publish(&path).await;
    let typed = form(&[
        ("title", "Lights"),
        ("body", "Half a thought"),
        ("version", "1"),
    ]);
    for _ in 0..3 {
        let kept = desk.matthew.post(&format!("{path}/autosave"), &typed).await;
        assert_eq!(kept.status, 200);
        kept.says(&format!("\"path\":\"{path}\""));
    }
    desk.app
        .browser()
        .get("/articles/lights")
        .await
        .says("Saved text")
        .does_not_say("Half");
    let page = desk.matthew.get(&path).await;
    page.says("There is text of yours that was not saved")
        .says("Saved text</textarea>");
    let again = page
        .body
        .split("?text=")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let again = desk
        .matthew
        .get(&format!("{path}?text={}", again.expect("a way")))
        .await;
    again
        .says("Half a thought</textarea>")
        .does_not_say("was not saved");
    let versions = desk.matthew.get(&format!("{path}/versions")).await;
    assert_eq!(versions.body.matches("Typed, not saved").count(), 1);
    desk.matthew
        .submit(&path, &typed)
        .await
        .does_not_say("was not saved");
    desk.app
        .browser()
        .get("/articles/lights")
        .await
        .says("Half a thought");
    desk.matthew
        .get(&format!("{path}/versions"))
        .await
        .does_not_say("Typed, not saved");
}

#[tokio::test]
async fn the_first_words_of_a_new_article_become_a_draft() {
    let desk = Desk::start().await;
    let typed = form(&[("title", "Lights"), ("body", "One")]);
    let kept = desk
        .matthew
        .post("/studio/articles/new/autosave", &typed)
        .await;
    kept.says("\"version\":1").says("/studio/articles/");
    desk.matthew
        .get("/studio/articles?show=draft")
        .await
        .says("Lights");
    let nameless = form(&[("title", " "), ("body", "One")]);
    let refused = desk
        .matthew
        .post("/studio/articles/new/autosave", &nameless)
        .await;
    assert_eq!(refused.status, 400);
}

#[tokio::test]
async fn the_second_of_two_who_write_at_once_sees_what_changed_and_loses_nothing() {
    let desk = Desk::start().await;
    let path = desk.write("Lights", "One two three\r\n\r\nEnd").await;
    let first = form(&[
        ("title", "Lights"),
        ("body", "One two four\r\n\r\nEnd"),
        ("version", "1"),
    ]);
    desk.matthew.submit(&path, &first).await.says("Saved.");
    let second = form(&[
        ("title", "Lights"),
        ("body", "Zero two three\r\n\r\nEnd"),
        ("version", "1"),
    ]);
    let answer = desk.matthew.post(&path, &second).await;
    assert_eq!(answer.status, 409);
    answer
        .says("Matthew Smith saved it first.")
        .says("One two <del>three</del><ins>four</ins>")
        .says("<del>One</del><ins>Zero</ins> two <del>four</del><ins>three</ins>\n\nEnd</p>")
        .says("Zero two three\n\nEnd</textarea>")
        .says("name=\"version\" value=\"2\"");
    desk.matthew
        .get(&path)
        .await
        .says("One two four\n\nEnd</textarea>");
    let versions = desk.matthew.get(&format!("{path}/versions")).await;
    versions.says("Written while somebody else saved");
    // Her word: pressed once more, upon what was saved meanwhile.
    let third = form(&[
        ("title", "Lights"),
        ("body", "Zero two four"),
        ("version", "2"),
    ]);
    desk.matthew.submit(&path, &third).await.says("Saved.");
    // The same text sent twice is no conflict.
    let again = desk
        .matthew
        .post(
            &path,
            &form(&[
                ("title", "Lights"),
                ("body", "Zero two four"),
                ("version", "2"),
            ]),
        )
        .await;
    assert_eq!(again.status, 303);
}

#[tokio::test]
async fn of_two_who_save_in_the_same_moment_one_is_told() {
    let desk = Desk::start().await;
    let path = desk.write("Lights", "One").await;
    let texts: Vec<String> = (0..6).map(|number| format!("Text {number}")).collect();
    let forms: Vec<_> = texts
        .iter()
        .map(|text| form(&[("title", "Lights"), ("body", text), ("version", "1")]))
        .collect();
    let sent = forms.iter().map(|form| desk.matthew.post(&path, form));
    let answers = futures_util::future::join_all(sent).await;
    let saved = answers.iter().filter(|answer| answer.status == 303).count();
    let crossed = answers.iter().filter(|answer| answer.status == 409).count();
    assert_eq!((saved, crossed), (1, 5));
    let versions = desk.matthew.get(&format!("{path}/versions")).await;
    assert_eq!(
        versions
            .body
            .matches("Written while somebody else saved")
            .count(),
        5
    );
}

#[tokio::test]
async fn an_earlier_text_is_compared_and_brought_back_and_that_is_undone() {
    let desk = Desk::start().await;
    let path = desk.write("Lights", "The old text").await;
    let change = form(&[
        ("title", "Fires"),
        ("body", "The new text"),
        ("version", "1"),
        ("tags", "Sea"),
    ]);
    desk.matthew.submit(&path, &change).await;
    let list = desk.matthew.get(&format!("{path}/versions")).await;
    list.says("Matthew Smith");
    let ids: Vec<&str> = list
        .body
        .split("/versions/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert_eq!(ids.len(), 2);
    let compared = desk
        .matthew
        .get(&format!("{path}/versions/{}", ids[1]))
        .await;
    compared
        .says("<del>Lights</del><ins>Fires</ins>")
        .says("The <del>old</del><ins>new</ins> text");
    desk.matthew
        .get(&format!("{path}/versions/{}", ids[0]))
        .await
        .says("This is the text as it is now.");
    let restored = desk
        .matthew
        .submit(&format!("{path}/versions/{}/restore", ids[1]), &[])
        .await;
    restored
        .says("The text is back.")
        .says("The old text</textarea>")
        .says("value=\"Sea\"");
    let undone = desk
        .matthew
        .submit(&format!("{path}/versions/{}/restore", ids[0]), &[])
        .await;
    undone.says("The new text</textarea>");
    desk.matthew
        .get(&format!("{path}/versions"))
        .await
        .says("Brought back");
}
