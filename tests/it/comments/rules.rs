//! What is held and refused, who looks it over, who is banned, what is reported; each act written down.

use chrono::Duration;
use plaudit::entities::audit_entry;
use reqwest::StatusCode;
use sea_orm::QueryOrder as _;
use uuid::Uuid;

use super::{COMMENTS, TIDE, Tide, act};
use crate::support::Browser;

pub(super) const QUEUE: &str = "/studio/comments";

impl Tide {
    pub(super) async fn rule(&self, mode: &str, hold: &str, refuse: &str) {
        let form = [("mode", mode), ("hold", hold), ("refuse", refuse)];
        let page = self.matthew.submit("/studio/comments/rules", &form).await;
        page.says("Saved.");
    }

    /// The acts that were written down about this, oldest first.
    pub(super) async fn acts(&self, subject: Uuid) -> Vec<String> {
        let rows = audit_entry::Entity::about(&subject.to_string())
            .order_by_asc(audit_entry::Column::Id)
            .all(&self.app.app.db)
            .await;
        rows.expect("rows").into_iter().map(|row| row.act).collect()
    }
}

/// Posts a comment that is held, and gives its id.
pub(super) async fn held(tide: &Tide, by: &Browser, body: &str) -> Uuid {
    let page = by.submit(COMMENTS, &[("body", body)]).await;
    page.says("Others will see your comment once");
    tide.rows().await.pop().expect("a row").id
}

#[tokio::test]
async fn what_the_rules_hold_waits_in_the_queue_until_it_is_approved() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    tide.matthew.get(QUEUE).await.says("Nothing waits.");
    tide.rule("first", "casino", "").await;
    let id = held(&tide, &ann, "My first words").await;
    tide.seen().await.does_not_say("My first words");
    ben.get(TIDE).await.does_not_say("My first words");
    ann.get(TIDE).await.says("My first words").says("Waiting:");
    let queue = tide.matthew.get(QUEUE).await;
    queue
        .says("My first words")
        .says("held: first comment")
        .says("Waiting (1)")
        .says("data-key=\"a\"");
    let back = [("back", QUEUE)];
    let queue = tide.matthew.submit(&act(id, "approve"), &back).await;
    queue.says("Nothing waits.");
    tide.seen().await.says("My first words");
    tide.comment(&ann, "My second words").await;
    tide.seen().await.says("My second words");
    held(&tide, &ann, "Best CA\u{200b}SINO").await;
    tide.matthew.get(QUEUE).await.says("held: your words");
    assert_eq!(tide.acts(id).await, ["comment_approve"]);
}

#[tokio::test]
async fn an_edit_is_held_as_a_comment_would_be() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    tide.rule("links", "", "spam").await;
    let id = tide.comment(&ann, "Harmless").await;
    let form = [("body", "https://x.example")];
    ann.submit(&act(id, "edit"), &form).await;
    tide.seen().await.does_not_say("x.example");
    let page = ann.post(&act(id, "edit"), &[("body", "spam")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.says("is not taken here").says("spam</textarea>");
}

#[tokio::test]
async fn a_moderator_looks_over_what_is_under_one_authors_articles_alone() {
    let tide = Tide::start().await;
    let (mia, helper) = tide.app.reader("Mia").await;
    let ann = tide.reader("Ann").await;
    assert_eq!(mia.get(QUEUE).await.status, StatusCode::FORBIDDEN);
    let form = [("email", "MIA@example.org")];
    let page = tide
        .matthew
        .submit("/studio/comments/moderators", &form)
        .await;
    page.says("Appointed.").says("Mia");
    let nobody = [("email", "nobody@example.org")];
    let page = tide
        .matthew
        .post("/studio/comments/moderators", &nobody)
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (_, ada) = tide.app.author("Ada Merrow").await;
    tide.app
        .article_with(&ada, "The Ebb", |draft| {
            draft.gate = plaudit::entities::Gate::Readers;
        })
        .await;
    ann.post("/articles/the-ebb/comments", &[("body", "Elsewhere")])
        .await;
    let id = tide.comment(&ann, "Rude").await;
    mia.get(&format!("{QUEUE}?state=all"))
        .await
        .says("Rude")
        .does_not_say("Elsewhere");
    mia.submit(&act(id, "hide"), &[]).await;
    tide.seen().await.does_not_say("Rude");
    tide.matthew.submit(&act(id, "show"), &[]).await;
    tide.seen().await.says("Rude");
    let form = [("mode", "all")];
    let page = mia.post("/studio/comments/rules", &form).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let out = format!("/studio/comments/moderators/{}/remove", helper.id);
    tide.matthew.submit(&out, &[]).await;
    let page = mia.post(&act(id, "hide"), &[]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(
        tide.acts(helper.id).await,
        ["moderator_add", "moderator_remove"]
    );
    assert_eq!(tide.acts(id).await, ["comment_hide", "comment_show"]);
}

#[tokio::test]
async fn who_is_banned_is_told_why_and_until_when() {
    let tide = Tide::start().await;
    let (ann, account) = tide.app.reader("Ann").await;
    let id = tide.comment(&ann, "Rude").await;
    let ban = act(id, "ban");
    let form = [("reason", "Be <b>kind</b>"), ("days", "7")];
    tide.matthew.submit(&ban, &form).await.says("is told why");
    let page = ann.get(TIDE).await;
    page.says("You cannot comment here until")
        .says("Be &lt;b&gt;kind&lt;/b&gt;")
        .does_not_say("name=\"body\"");
    let page = ann.post(COMMENTS, &[("body", "But")]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.says("Be &lt;b&gt;kind").says("But</textarea>");
    let page = ann.post(&act(id, "edit"), &[("body", "Ruder")]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    tide.app.app.clock.advance(Duration::days(7));
    tide.comment(&ann, "Sorry").await;
    let (olivia, _) = tide.app.owner().await;
    let everywhere = [("reason", "Enough"), ("scope", "all")];
    olivia.submit(&ban, &everywhere).await;
    ann.get(TIDE).await.says("You cannot comment here.");
    tide.matthew
        .get("/studio/comments/rules")
        .await
        .says("Nobody is.");
    olivia.get("/admin/comments/rules").await.says("Enough");
    assert_eq!(tide.acts(account.id).await, ["ban", "ban"]);
}

#[tokio::test]
async fn what_readers_report_stands_in_the_queue_until_somebody_decides() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let id = tide.comment(&ann, "Rude").await;
    let report = act(id, "report");
    let page = ben.get(&report).await;
    page.says("<h1>Report a comment</h1>").says("Rude");
    let empty = ben.post(&report, &[("reason", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = ben
        .submit(&report, &[("reason", "It is <i>rude</i>")])
        .await;
    page.says("Somebody will look at that comment.");
    let reported = format!("{QUEUE}?state=reported");
    let queue = tide.matthew.get(&reported).await;
    queue
        .says("It is &lt;i&gt;rude&lt;/i&gt;")
        .does_not_say("Ben")
        .says("Leave it");
    tide.matthew.submit(&act(id, "approve"), &[]).await;
    tide.matthew.get(&reported).await.says("No open reports.");
    let own = ann.get(&report).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_owner_looks_over_everything_and_removes_for_good() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let (olivia, _) = tide.app.owner().await;
    let form = [("mode", "all"), ("hold", ""), ("refuse", "")];
    olivia.submit("/admin/comments/rules", &form).await;
    let id = held(&tide, &ann, "Everywhere").await;
    olivia.get("/admin/comments").await.says("Everywhere");
    let back = [("back", "/admin/comments")];
    olivia.submit(&act(id, "approve"), &back).await;
    let reply = [("body", "Indeed"), ("parent", &id.to_string())];
    ben.post(COMMENTS, &reply).await;
    let reply = tide.rows().await.pop().expect("a row").id;
    olivia.submit(&act(reply, "approve"), &back).await;
    let stranger = [("back", "https://evil.example/")];
    let answer = olivia.post(&act(id, "remove"), &stranger).await;
    assert_eq!(answer.location(), "/articles/the-tide#comments");
    tide.seen()
        .await
        .says("This comment was removed.")
        .says("Indeed")
        .does_not_say("Everywhere");
}

#[tokio::test]
async fn the_audit_log_says_which_words_came_and_went() {
    let tide = Tide::start().await;
    let (olivia, _) = tide.app.owner().await;
    tide.rule("first", "casino\r\nfree money", "@spam.example")
        .await;
    tide.rule("all", "casino\r\nloan", "@spam.example\r\nbo@x.example")
        .await;
    // Nothing new: nothing to write down.
    tide.rule("all", "loan\r\ncasino", "bo@x.example\r\n@spam.example")
        .await;
    let form = [("mode", "off"), ("hold", "gift card"), ("refuse", "")];
    olivia.submit("/admin/comments/rules", &form).await;
    assert_eq!(tide.acts(tide.author.id).await, ["house_rules"; 2]);
    let log = olivia.get("/admin/audit").await;
    log.says("these wait now: everybody’s first comment")
        .says("these wait now: all comments")
        .says("before: everybody’s first comment")
        .says("new among those that make a comment wait: casino, free money")
        .says("new among those that make a comment wait: loan")
        .says("no longer among those that make a comment wait: free money")
        .says("new among those that are not taken: @spam.example")
        .says("new among those that are not taken: bo@x.example")
        .says("new among those that make a comment wait: gift card")
        .does_not_say("00000000-0000");
    let found = olivia.get("/admin/audit?q=loan").await;
    found.says("loan").does_not_say("gift card");
}

#[tokio::test]
async fn words_are_found_however_they_are_written() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    tide.rule("off", "casino", "viagra").await;
    for body in [
        "vi*ag*ra",
        "ｖｉａｇｒａ",
        "VI\u{200b}AG\u{ad}RA",
        "[vi](https://x.example)agra",
    ] {
        let page = ann.post(COMMENTS, &[("body", body)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        page.says("Something in it is not taken here.");
    }
    for body in ["A **ca**sino", "ＣＡＳＩＮＯ"] {
        held(&tide, &ann, body).await;
    }
    tide.comment(&ann, "Viagras are not what it means").await;
}
