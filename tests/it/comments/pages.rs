//! A long conversation: pages of fifty, both orders, lasting addresses, hearts, the pinned comment.

use plaudit::comments::{self, Body, NewComment};
use reqwest::StatusCode;
use uuid::Uuid;

use super::{COMMENTS, TIDE, Tide, act, part};

impl Tide {
    /// Posts this many comments of Ann's and gives their ids.
    async fn many(&self, count: usize) -> Vec<Uuid> {
        let (_, ann) = self.app.reader("Many").await;
        let mut ids = Vec::new();
        for number in 1..=count {
            let new = NewComment {
                article_id: self.article.id,
                account_id: ann.id,
                parent: None,
                body: Body::parse(&format!("Number {number} of many")).expect("words"),
            };
            ids.push(comments::post(&self.app.app, new).await.expect("posted").id);
        }
        ids
    }
}

#[tokio::test]
async fn a_long_conversation_stands_on_pages_whose_addresses_last() {
    let tide = Tide::start().await;
    let ids = tide.many(120).await;
    let stranger = tide.app.browser();
    let first = stranger.get(TIDE).await;
    first
        .says("120 comments</h2>")
        .says("Number 50 of many")
        .does_not_say("Number 51 of many");
    let next = format!("{COMMENTS}/from/{}", ids[50]);
    first.says(&format!("rel=\"next\" href=\"{next}#comments\""));
    let second = stranger.get(&next).await;
    second
        .says("Number 51 of many")
        .says("Number 100 of many")
        .does_not_say("Number 50 of many")
        .says(&format!("rel=\"prev\" href=\"{TIDE}#comments\""));
    let permalink = stranger.get(&format!("{COMMENTS}/{}", ids[109])).await;
    assert_eq!(permalink.status, StatusCode::SEE_OTHER);
    let third = format!("{COMMENTS}/from/{}", ids[100]);
    let anchor = format!("{third}#comment-{}", ids[109]);
    assert_eq!(permalink.location(), anchor);
    stranger.get(&third).await.says("Number 110 of many");
    let newest = stranger.get(&format!("{COMMENTS}/newest")).await;
    newest
        .says("Number 120 of many")
        .does_not_say("Number 70 of many");
    for path in [
        format!("{COMMENTS}/{}", Uuid::now_v7()),
        format!("{COMMENTS}/from/{}", Uuid::now_v7()),
    ] {
        let page = stranger.get(&path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
    let ann = tide.reader("Ann").await;
    let answer = ann.post(COMMENTS, &[("body", "The last word")]).await;
    let own = stranger.get(answer.location()).await;
    assert_eq!(own.status, StatusCode::SEE_OTHER);
    assert!(own.location().starts_with(&third));
}

#[tokio::test]
async fn a_heart_is_given_once_and_taken_back() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let id = tide.comment(&ann, "Lovely").await;
    for _ in 0..2 {
        let page = ben.submit(&act(id, "heart"), &[]).await;
        assert!(part(&page, id).contains("aria-pressed=\"true\""));
        let page = tide.seen().await;
        assert!(part(&page, id).contains("♡ 1"), "{}", page.body);
    }
    let own = ann.post(&act(id, "heart"), &[]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "not one's own");
    ben.submit(&act(id, "unheart"), &[]).await;
    let page = tide.seen().await;
    assert!(!part(&page, id).contains('♡'));
}

#[tokio::test]
async fn the_author_pins_one_comment_and_picks_some() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    let first = tide.comment(&ann, "The first").await;
    let second = tide.comment(&ann, "The second").await;
    for id in [first, second] {
        tide.matthew.submit(&act(id, "pin"), &[]).await;
        tide.matthew.submit(&act(id, "pick"), &[]).await;
    }
    let page = tide.seen().await;
    assert_eq!(page.body.matches(">pinned</span>").count(), 1);
    assert_eq!(page.body.matches("author’s pick</span>").count(), 2);
    page.says(&format!("href=\"{COMMENTS}/{second}\">See it in"));
    let refused = ann.post(&act(first, "pin"), &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_preview_shows_what_would_stand_there_and_posts_nothing() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    let form = [("body", "So *true* <script>"), ("preview", "yes")];
    let page = ann.post(COMMENTS, &form).await;
    assert_eq!(page.status, StatusCode::OK);
    page.says("<p>So <em>true</em> &lt;script&gt;</p>")
        .says("So *true* &lt;script&gt;</textarea>");
    let piece = ann.post("/comments/preview", &form[..1]).await;
    assert_eq!(piece.body, "<p>So <em>true</em> &lt;script&gt;</p>");
    assert!(tide.rows().await.is_empty());
    let page = ann.get(TIDE).await;
    page.says("talk.js\" defer></script>");
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.contains("script-src 'self'"), "{policy}");
}

#[tokio::test]
async fn a_megabyte_is_refused_and_not_kept() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    for (length, status) in [
        (1_000_000, StatusCode::UNPROCESSABLE_ENTITY),
        (1_100_000, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let page = ann.post(COMMENTS, &[("body", &"a".repeat(length))]).await;
        assert_eq!(page.status, status, "{length}");
    }
    assert!(tide.rows().await.is_empty());
}
