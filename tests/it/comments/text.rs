//! What people type stays words: nothing of it runs, loads or becomes part of the page.

use plaudit::entities::account;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, IntoActiveModel as _};

use super::{COMMENTS, TIDE, Tide, act, part};

const ATTACKS: [&str; 10] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "</div></li></ol></section><h1>Mine now</h1>",
    "</textarea><script>alert(1)</script>",
    "[a](javascript:alert(1))",
    "[a](JAVASCRIPT&colon;alert(1))",
    "[a](https://x.example/\"onmouseover=\"alert(1))",
    "![a](https://x.example/pixel.gif)",
    "<style>body{display:none}</style>",
];

#[tokio::test]
async fn what_attackers_type_stays_words() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    for attack in ATTACKS {
        let id = tide.comment(&ann, attack).await;
        let page = tide.seen().await;
        harmless(part(&page, id), attack);
        harmless(&ann.get(&act(id, "edit")).await.body, attack);
    }
    let page = tide.seen().await;
    assert_eq!(page.body.matches("<h1").count(), 1);
    page.says("&lt;script&gt;alert(1)&lt;/script&gt;")
        .says("rel=\"nofollow ugc noopener\"");
    let parent = "\"><script>alert(1)</script>";
    let page = ann
        .post(COMMENTS, &[("body", "x"), ("parent", parent)])
        .await;
    harmless(&page.body, parent);
    let page = ann
        .get(&format!("{TIDE}?reply=%22%3E%3Cscript%3Ealert(1)"))
        .await;
    page.does_not_say("<script>alert");
}

#[tokio::test]
async fn a_name_stays_a_name() {
    let tide = Tide::start().await;
    let (ann, account) = tide.app.reader("Ann").await;
    let mut row = account.into_active_model();
    row.name = Set("<script>alert(1)</script>".to_owned());
    let _: account::Model = row.update(&tide.app.app.db).await.expect("renamed");
    let id = tide.comment(&ann, "Hello").await;
    for path in [TIDE.to_owned(), format!("{TIDE}?reply={id}")] {
        let page = tide.matthew.get(&path).await;
        page.says("&lt;script&gt;").does_not_say("<script>alert");
    }
}

#[tokio::test]
async fn odd_signs_do_no_harm() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    let id = tide
        .comment(&ann, "a\0b\u{7}c\u{202e}d 👩‍🚀 𝔘𝔫𝔦\r\nnew line")
        .await;
    let page = tide.seen().await;
    assert!(part(&page, id).contains("<p>abcd 👩‍🚀 𝔘𝔫𝔦<br>\nnew line</p>"));
    assert!(part(&page, id).contains("dir=\"auto\""));
}

#[tokio::test]
async fn the_deepest_and_longest_comments_are_shown() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    for body in [
        format!("{}deep", "> ".repeat(100)),
        format!("{}deep", "- ".repeat(4_000)),
        format!("{}deep", "*_".repeat(4_900)),
        format!("{}deep", "[".repeat(9_000)),
        ">".repeat(9_999) + "a",
    ] {
        let id = tide.comment(&ann, &body).await;
        let page = tide.seen().await;
        let html = part(&page, id).matches("<blockquote>").count();
        assert!(html <= 16, "{html}");
    }
}

#[track_caller]
fn harmless(html: &str, attack: &str) {
    for bad in [
        "<script>",
        "<img",
        "<svg/",
        "<style",
        "Mine now</h1>",
        "href=\"javascript:",
        "href=\"JAVASCRIPT",
        "\"onmouseover=\"",
        "</textarea><script",
    ] {
        assert!(!html.contains(bad), "{bad} of {attack} in {html}");
    }
}
