//! How the conversation stands on the page: threads, names, badges, replies.

use plaudit::entities::account;
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, IntoActiveModel as _};

use super::{COMMENTS, TIDE, Tide, part};

#[tokio::test]
async fn replies_of_any_depth_stand_in_their_thread_and_say_whom_they_answer() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let first = tide.comment(&ann, "First").await;
    let second = tide.comment(&ben, "Second").await;
    let answer = tide.reply(&ben, first, "Answer").await;
    let deepest = tide.reply(&ann, answer, "Answer to the answer").await;
    let rows = tide.rows().await;
    let parents: Vec<_> = rows.iter().map(|row| row.parent_id).collect();
    assert_eq!(parents, [None, None, Some(first), Some(answer)]);
    let heads: Vec<_> = rows.iter().map(|row| row.thread_id).collect();
    assert_eq!(heads, [None, None, Some(first), Some(first)]);
    let page = tide.seen().await;
    page.says("4 comments</h2>");
    let at = |text: &str| page.body.find(text).expect("on the page");
    let order = [
        at("<p>First</p>"),
        at("<ol class=\"comment-replies\">"),
        at("<p>Answer</p>"),
        at("<p>Answer to the answer</p>"),
        at("<p>Second</p>"),
    ];
    assert!(order.is_sorted(), "{order:?}");
    assert!(!part(&page, second).contains("comment-replies"));
    let said = part(&page, deepest);
    assert!(said.contains("In reply to Ben") && said.contains(&format!("/comments/{answer}\"")));
    assert!(!part(&page, answer).contains("In reply to"));
}

#[tokio::test]
async fn the_reply_link_works_without_script() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let id = tide.comment(&ann, "A question").await;
    let link = format!("{TIDE}?reply={id}");
    let page = ben.get(TIDE).await;
    assert!(part(&page, id).contains(&format!("href=\"{link}#comment-form\"")));
    page.says("name=\"parent\" value=\"\"");
    let page = ben.get(&link).await;
    page.says(&format!("name=\"parent\" value=\"{id}\""))
        .says("Your answer to Ann.")
        .says("Leave a comment");
    for nonsense in [
        "?reply=x",
        "?reply=",
        "?reply=0192d5a0-0000-7000-8000-000000000000",
    ] {
        let page = ben.get(&format!("{TIDE}{nonsense}")).await;
        assert_eq!(page.status, StatusCode::OK);
        page.says("name=\"parent\" value=\"\"");
    }
    let page = tide.app.browser().get(&link).await;
    page.does_not_say("name=\"parent\"")
        .does_not_say(">Reply</a>");
}

#[tokio::test]
async fn the_author_and_his_patrons_wear_their_badges() {
    let tide = Tide::start().await;
    let (ann, patron) = tide.app.reader("Ann").await;
    tide.app.patron(patron.id, &tide.author).await;
    ann.post(CHOICE, &[("choice", "public")]).await;
    let ben = tide.reader("Ben").await;
    let (olivia, _) = tide.app.owner().await;
    for (browser, badge) in [
        (&tide.matthew, Some("author")),
        (&ann, Some("patron")),
        (&ben, None),
        (&olivia, None),
    ] {
        let id = tide.comment(browser, "Hello").await;
        let page = tide.seen().await;
        let part = part(&page, id);
        for word in ["author", "patron"] {
            let worn = part.contains(&format!("<span class=\"badge\">{word}</span>"));
            assert_eq!(worn, badge == Some(word), "{part}");
        }
        assert!(part.contains("<time datetime=\""), "{part}");
    }
}

/// Where a reader says who may know that she supports Matthew Smith.
const CHOICE: &str = "/account/visibility/matthew-smith";

#[tokio::test]
async fn a_badge_is_seen_by_those_whom_its_wearer_chose() {
    let tide = Tide::start().await;
    let (ann, patron) = tide.app.reader("Ann").await;
    tide.app.patron(patron.id, &tide.author).await;
    let (ben, stranger) = (tide.reader("Ben").await, tide.app.browser());
    let id = tide.comment(&ann, "Hello").await;
    // Nobody sees a page that was kept for somebody else, whoever came first.
    for (choice, [matthews, hers, others]) in [
        (None, [true, true, false]),
        (Some("public"), [true, true, true]),
        (Some("secret"), [false, false, false]),
        (Some("author"), [true, true, false]),
    ] {
        if let Some(choice) = choice {
            ann.post(CHOICE, &[("choice", choice)]).await;
            tide.app.app.clock.advance(chrono::Duration::seconds(10));
        }
        for (browser, sees) in [
            (&tide.matthew, matthews),
            (&ben, others),
            (&ann, hers),
            (&stranger, others),
        ] {
            let page = browser.get(TIDE).await;
            let worn = part(&page, id).contains("<span class=\"badge\">patron</span>");
            assert_eq!(worn, sees, "{choice:?}");
        }
    }
}

#[tokio::test]
async fn the_conversation_is_shown_in_the_readers_language() {
    let tide = Tide::start().await;
    let (anna, account) = tide.app.reader("Anna").await;
    let mut row = account.into_active_model();
    row.language = Set("de".to_owned());
    let account: account::Model = row.update(&tide.app.app.db).await.expect("changed");
    assert_eq!(account.language, "de");
    tide.comment(&anna, "Genau").await;
    anna.get(TIDE)
        .await
        .says("1 Kommentar</h2>")
        .says("Kommentar schreiben")
        .says(">Löschen</button>");
    let page = anna.post(COMMENTS, &[("body", "")]).await;
    page.says("Da steht noch nichts");
    tide.seen().await.says("1 comment</h2>");
}

#[tokio::test]
async fn whoever_left_is_not_named() {
    let tide = Tide::start().await;
    let (ann, account) = tide.app.reader("Ann").await;
    tide.comment(&ann, "Farewell").await;
    let mut row = account.into_active_model();
    row.deleted_at = Set(Some(tide.app.app.clock.now()));
    row.update(&tide.app.app.db).await.expect("changed");
    let page = tide.matthew.get(TIDE).await;
    page.says("<p>Farewell</p>")
        .says("A former reader")
        .does_not_say("<bdi>Ann</bdi>");
}
