//! Signed out in the midst of it: nothing she wrote is lost, and she comes back to where she was.

use plaudit::accounts::SESSION_COOKIE;
use reqwest::StatusCode;

use super::{COMMENTS, TIDE, Tide, act, posted};

const WORDS: &str = "Long & <b>thought over";
const SHOWN: &str = "Long &amp; &lt;b&gt;thought over</textarea>";

#[tokio::test]
async fn who_was_signed_out_while_writing_keeps_her_words_and_can_send_them() {
    let tide = Tide::start().await;
    let (ann, account) = tide.app.reader("Ann").await;
    let id = tide.comment(&ann, "A question").await;
    let reply = id.to_string();
    let (edit, answers) = (act(id, "edit"), format!("%3Freply%3D{id}%23comment-form"));
    let own_form = format!("%2Fcomments%2F{id}%2Fedit");
    for (action, parent, back) in [
        (COMMENTS, "", "%2Farticles%2Fthe-tide%23comment-form"),
        (COMMENTS, &*reply, &*answers),
        (&*edit, "", &*own_form),
    ] {
        ann.post("/sign-out", &[]).await;
        for extra in [&[][..], &[("preview", "yes")]] {
            let mut form = vec![("body", WORDS), ("parent", parent)];
            form.extend(extra);
            let page = ann.post(action, &form).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{action}");
            page.says("You were signed out while you were writing. Nothing was lost")
                .says(SHOWN)
                .says(&format!("action=\"{action}\""))
                .says(&format!("{back}\" target=\"_blank\" rel=\"noopener\""));
            if action == COMMENTS {
                page.says(&format!("name=\"parent\" value=\"{parent}\""));
            }
        }
        assert_eq!(tide.rows().await[0].body_markdown, "A question");
        let now = tide.app.app.clock.now();
        let db = &tide.app.app.db;
        let session = plaudit::accounts::begin_session(db, now, account.id, "test").await;
        let name = tide.app.app.cookies.name(SESSION_COOKIE);
        ann.hold(&name, &session.expect("a session"));
        posted(
            &ann.post(action, &[("body", WORDS), ("parent", parent)])
                .await,
        );
    }
    assert_eq!(tide.rows().await.len(), 3);
}

#[tokio::test]
async fn a_form_of_another_site_still_changes_nothing_and_shows_nothing() {
    let tide = Tide::start().await;
    let stranger = tide.app.browser();
    let request = stranger.raw().post(stranger.address(COMMENTS));
    let request = request
        .header("sec-fetch-site", "cross-site")
        .form(&[("body", WORDS)]);
    let page = crate::support::Page::of(request).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.does_not_say("thought")
        .does_not_say("You were signed out");
}

#[tokio::test]
async fn whatever_is_pressed_at_a_comment_leads_back_to_it_after_signing_in() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    let id = tide.comment(&ann, "Liked").await;
    let stranger = tide.app.browser();
    let place = format!("/sign-in?return_to=%2Farticles%2Fthe-tide%2Fcomments%2F{id}");
    for what in [
        "heart", "unheart", "report", "delete", "restore", "hide", "pin", "ban",
    ] {
        let answer = stranger.post(&act(id, what), &[]).await;
        assert_eq!(answer.location(), place, "{what}");
    }
    let back = ann.get(&format!("{COMMENTS}/{id}")).await;
    assert_eq!(back.location(), format!("{TIDE}#comment-{id}"));
}
