//! Front page, article page: what is out is seen, drafts are not, gated text stays behind its gate.

use plaudit::{
    articles::{self, Draft},
    entities::{Audience, Gate, article},
};
use reqwest::StatusCode;

use crate::support::TestApp;

#[tokio::test]
async fn a_published_article_is_on_the_front_page_and_has_its_own() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    app.article(&matthew, "What the Tide Leaves").await;
    let front = app.browser().get("/").await;
    front
        .says("href=\"/articles/what-the-tide-leaves\"")
        .says("What the Tide Leaves, in one sentence.");
    let page = app.browser().get("/articles/what-the-tide-leaves").await;
    assert_eq!(page.status, StatusCode::OK);
    page.says("<h1>What the Tide Leaves</h1>")
        .says("It has two paragraphs.")
        .says("href=\"/authors/matthew-smith\"")
        .says("1 min")
        .says("Liked it? Take a second to support Matthew Smith")
        .says("Become a patron")
        .says("href=\"/authors/matthew-smith/support?article=what-the-tide-leaves\"");
    assert_eq!(page.body.matches("<h1").count(), 1);
}

#[tokio::test]
async fn a_draft_is_seen_by_its_author_alone() {
    let app = TestApp::start().await;
    let (browser, matthew) = app.author("Matthew Smith").await;
    let (other, _) = app.author("Ada Merrow").await;
    app.draft_with(&matthew, "Not Yet", |_| {}).await;
    let (reader, _) = app.reader("Ann").await;
    for stranger in [app.browser(), reader, other] {
        let page = stranger.get("/articles/not-yet").await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        page.does_not_say("Not Yet");
    }
    app.browser().get("/").await.does_not_say("Not Yet");
    browser.get("/articles/not-yet").await.says("draft");
    let (owner, _) = app.owner().await;
    owner.get("/articles/not-yet").await.says("draft");
}

#[tokio::test]
async fn an_article_of_tomorrow_is_out_tomorrow() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let draft = app.draft_with(&matthew, "Tomorrow", |_| {}).await;
    let tomorrow = articles::Publication {
        at: Some(app.app.clock.now() + chrono::Duration::days(1)),
        quiet: true,
        by: None,
    };
    articles::publish(&app.app, draft.id, tomorrow)
        .await
        .expect("published");
    let page = app.browser().get("/articles/tomorrow").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    app.app.clock.advance(chrono::Duration::hours(25));
    let page = app.browser().get("/articles/tomorrow").await;
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn an_article_that_is_taken_back_is_gone() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let article = app.article(&matthew, "Regretted").await;
    app.browser().get("/articles/regretted").await.says("<h1>");
    articles::unpublish(&app.app, article.id, None)
        .await
        .expect("taken back");
    let page = app.browser().get("/articles/regretted").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_changed_slug_leads_to_the_new_one() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let article = app.article(&matthew, "First Name").await;
    rename(&app, &article, "second-name").await.expect("free");
    let moved = app.browser().get("/articles/first-name").await;
    assert_eq!(moved.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(moved.location(), "/articles/second-name");
    let page = app.browser().get("/articles/second-name").await;
    assert_eq!(page.status, StatusCode::OK);

    let another = app.article(&matthew, "Another").await;
    let refused = rename(&app, &another, "first-name").await;
    assert!(matches!(refused, Err(articles::SaveError::SlugTaken(_))));
    let again = app.article(&matthew, "First Name").await;
    assert_eq!(again.slug, "first-name-2");

    rename(&app, &article, "first-name").await.expect("its own");
    let page = app.browser().get("/articles/first-name").await;
    assert_eq!(page.status, StatusCode::OK);
    let moved = app.browser().get("/articles/second-name").await;
    assert_eq!(moved.location(), "/articles/first-name");
}

#[tokio::test]
async fn text_for_readers_and_patrons_stays_behind_its_gate() {
    let app = TestApp::start().await;
    let (own, matthew) = app.author("Matthew Smith").await;
    let secret = |draft: &mut Draft| {
        draft.body_markdown = "Opening words.\n\nThe treasure lies under the oak.".to_owned();
    };
    app.article_with(&matthew, "For Readers", |draft| {
        secret(draft);
        draft.audience = Audience::Readers;
    })
    .await;
    app.article_with(&matthew, "For Patrons", |draft| {
        secret(draft);
        draft.audience = Audience::Patrons;
    })
    .await;
    let (reader, _) = app.reader("Ann").await;
    let stranger = app.browser();
    for (browser, path, way_in) in [
        (
            &stranger,
            "/articles/for-readers",
            "/sign-in?return_to=/articles/for-readers",
        ),
        (
            &stranger,
            "/articles/for-patrons",
            "for patrons of Matthew Smith",
        ),
        (
            &reader,
            "/articles/for-patrons",
            "for patrons of Matthew Smith",
        ),
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK);
        page.says(way_in)
            .says("in one sentence.")
            .does_not_say("treasure");
    }
    reader.get("/articles/for-readers").await.says("treasure");
    own.get("/articles/for-patrons").await.says("treasure");
}

#[tokio::test]
async fn the_front_page_goes_on_to_older_articles() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    for number in 0..21 {
        app.article(&matthew, &format!("Number {number:02}")).await;
    }
    let first = app.browser().get("/").await;
    first
        .says("Number 20")
        .says("Number 01")
        .does_not_say("Number 00");
    let second = app.browser().get("/?before=number-01").await;
    second.says("Number 00").does_not_say("Number 01");
    let nowhere = app.browser().get("/?before=nothing-like-it").await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

async fn rename(
    app: &TestApp,
    article: &article::Model,
    slug: &str,
) -> Result<article::Model, articles::SaveError> {
    let draft = Draft {
        title: article.title.clone(),
        slug: slug.to_owned(),
        standfirst: article.standfirst.clone(),
        body_markdown: article.body_markdown.clone(),
        audience: Audience::Public,
        gate: Gate::Patrons,
        gate_tiers: None,
        gate_days: None,
        opening: None,
        tags: Vec::new(),
        co_authors: None,
    };
    articles::update(&app.app, article.id, draft, articles::Hand::default()).await
}

#[tokio::test]
async fn nothing_an_author_writes_runs_in_a_readers_browser() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    app.article_with(&matthew, "<script>alert(1)</script>", |draft| {
        draft.slug = "x".to_owned();
        draft.standfirst = "\"><img src=x onerror=alert(1)>".to_owned();
        draft.body_markdown = "<script>alert(1)</script>\n\n[a](javascript:alert(1)) \
                               ![p](https://elsewhere.example/p.gif)\n\n<img src=x onerror=alert(1)>"
            .to_owned();
    })
    .await;
    for path in ["/", "/articles/x", "/authors/matthew-smith"] {
        app.browser()
            .get(path)
            .await
            .does_not_say("<script>")
            .does_not_say("<img src=x")
            .does_not_say("javascript:")
            .does_not_say("src=\"https://elsewhere")
            .says("&lt;script&gt;alert(1)");
    }
    let page = app.browser().get("/articles/x").await;
    page.says("<a href=\"https://elsewhere.example/p.gif\" rel=\"noopener\">p</a>");
}

#[tokio::test]
async fn a_table_that_scrolls_is_reached_by_keys_in_article_and_preview_alone() {
    let app = TestApp::start().await;
    let (matthew, author) = app.author("Matthew Smith").await;
    let table = "| Tide | Hour |\n|---|---|\n| High | 7 |";
    let write = |draft: &mut Draft| draft.body_markdown = table.to_owned();
    app.article_with(&author, "The Tide", write).await;
    let reached = "<table tabindex=\"0\" aria-label=\"A table; it may scroll sideways\">";
    let page = app.browser().get("/articles/the-tide").await;
    page.says(reached);
    let preview = matthew
        .post("/studio/articles/preview", &[("body", table)])
        .await;
    preview.says(reached);
    app.browser()
        .get("/feed.xml")
        .await
        .does_not_say("tabindex");
}
