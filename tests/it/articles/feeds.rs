//! Atom, the sitemap, what search engines and other sites are told: complete, and silent about what
//! is not for everybody.

use atom_syndication::Feed;
use plaudit::{articles, entities::Audience};
use reqwest::{StatusCode, header};

use crate::support::{Browser, Page, TestApp};

const SECRET: &str = "The treasure lies under the oak.";

#[tokio::test]
async fn the_feed_holds_what_is_published() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (_, ada) = app.author("Ada Merrow").await;
    app.article_with(&matthew, "Tea & <Scones>", |draft| {
        draft.body_markdown = "With [jam](/articles/jam) & cream.".to_owned();
    })
    .await;
    app.article(&ada, "Of Ada").await;
    app.draft_with(&matthew, "Not Yet", |_| {}).await;
    let page = app.browser().get("/feed.xml").await;
    assert_eq!(
        page.header("content-type"),
        "application/atom+xml; charset=utf-8"
    );
    let feed = parsed(&page);
    assert_eq!(feed.title.as_str(), "Plaudit");
    let titles: Vec<&str> = feed
        .entries
        .iter()
        .map(|entry| entry.title.as_str())
        .collect();
    assert_eq!(titles, ["Of Ada", "Tea & <Scones>"]);
    let tea = &feed.entries[1];
    assert_eq!(
        tea.links[0].href,
        format!("{}/articles/tea-scones", app.url)
    );
    assert_eq!(tea.authors[0].name, "Matthew Smith");
    let content = tea.content.as_ref().expect("the text");
    let text = content.value.as_deref().expect("the text");
    assert_eq!(
        text,
        "<p>With <a href=\"/articles/jam\" rel=\"noopener\">jam</a> &amp; cream.</p>\n"
    );
    assert_eq!(content.base.as_deref(), Some(tea.links[0].href.as_str()));
    page.does_not_say("Liked it?")
        .does_not_say("Become a patron");

    let of_ada = parsed(&app.browser().get("/authors/ada-merrow/feed.xml").await);
    assert_eq!(of_ada.entries.len(), 1);
    let nobody = app.browser().get("/authors/nobody/feed.xml").await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_unchanged_feed_is_not_sent_again() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    app.article(&matthew, "First").await;
    let first = app.browser().get("/feed.xml").await;
    let tag = first.header("etag").to_owned();
    let unchanged = if_changed(&app.browser(), "/feed.xml", &tag).await;
    assert_eq!(unchanged.status, StatusCode::NOT_MODIFIED);
    app.article(&matthew, "Second").await;
    let changed = if_changed(&app.browser(), "/feed.xml", &tag).await;
    assert_eq!(changed.status, StatusCode::OK);
    changed.says("Second");
}

#[tokio::test]
async fn what_is_not_for_everybody_leaks_nowhere() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    for (title, audience) in [
        ("For Readers", Audience::Readers),
        ("For Patrons", Audience::Patrons),
    ] {
        app.article_with(&matthew, title, |draft| {
            draft.standfirst = String::new();
            draft.audience = audience;
            draft.body_markdown =
                format!("An opening that may be told, at some length.\n\n{SECRET}");
        })
        .await;
    }
    let (ann, account) = app.reader("Ann").await;
    let feed_of_ann = articles::feed_path(&app.app, account.id);
    for path in [
        "/",
        "/articles/for-patrons",
        "/authors/matthew-smith",
        "/feed.xml",
        "/authors/matthew-smith/feed.xml",
        "/sitemap.xml",
        "/api/v1/articles",
        "/api/v1/articles/for-patrons",
        "/api/v1/articles/for-readers",
        "/api/v1/authors/matthew-smith",
    ] {
        for browser in [&app.browser(), &ann] {
            let page = browser.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            page.does_not_say("treasure");
        }
    }
    app.browser()
        .get("/articles/for-readers")
        .await
        .does_not_say("treasure");
    let own = app.browser().get(&feed_of_ann).await;
    assert_eq!(own.body.matches("treasure").count(), 1, "as a reader");
}

#[tokio::test]
async fn a_patrons_own_feed_holds_what_she_may_read() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (_, ada) = app.author("Ada Merrow").await;
    for author in [&matthew, &ada] {
        let title = format!("By {}", author.name);
        app.article_with(author, &title, |draft| {
            draft.audience = Audience::Patrons;
            draft.body_markdown = format!("{SECRET} {}", author.name);
        })
        .await;
    }
    let (_, account) = app.reader("Ann").await;
    app.patron(account.id, &matthew).await;
    let path = articles::feed_path(&app.app, account.id);
    let page = app.browser().get(&path).await;
    assert_eq!(page.header("cache-control"), "private, no-cache");
    assert_eq!(page.header("x-robots-tag"), "noindex");
    let feed = parsed(&page);
    let texts: Vec<bool> = feed
        .entries
        .iter()
        .map(|entry| entry.content.is_some())
        .collect();
    assert_eq!(texts, [false, true], "of Ada she is no patron");
    let tag = page.header("etag").to_owned();
    let again = if_changed(&app.browser(), &path, &tag).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn nobody_guesses_a_feed() {
    let app = TestApp::start().await;
    let (_, account) = app.reader("Ann").await;
    let path = articles::feed_path(&app.app, account.id);
    let forged = format!("/feed/{}{}.xml", account.id.simple(), "0".repeat(32));
    let bare = format!("/feed/{}.xml", account.id.simple());
    let short = path.replace(".xml", "").split_at(60).0.to_owned() + ".xml";
    for wrong in [
        &forged,
        &bare,
        &short,
        "/feed/x.xml",
        "/feed/ü.xml",
        &path.replace(".xml", ""),
    ] {
        let page = app.browser().get(wrong).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    assert_eq!(app.browser().get(&path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn search_engines_find_the_pages() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    app.article(&matthew, "The Tide").await;
    app.draft_with(&matthew, "Not Yet", |_| {}).await;
    let robots = app.browser().get("/robots.txt").await;
    robots
        .says(&format!("Sitemap: {}/sitemap.xml", app.url))
        .says("Disallow: /account");
    let sitemap = app.browser().get("/sitemap.xml").await;
    sitemap
        .says(&format!(
            "<loc>{}/articles/the-tide</loc><lastmod>",
            app.url
        ))
        .says(&format!("<loc>{}/authors/matthew-smith</loc>", app.url))
        .does_not_say("not-yet");
    let page = app.browser().get("/articles/the-tide").await;
    page.says(&format!(
        "<link rel=\"canonical\" href=\"{}/articles/the-tide\">",
        app.url
    ))
    .says("<meta property=\"og:title\" content=\"The Tide\">")
    .says("<meta name=\"description\" content=\"The Tide, in one sentence.\">");
    let data = page
        .body
        .split("application/ld+json\">")
        .nth(1)
        .expect("JSON-LD");
    let data = data.split("</script>").next().expect("its end");
    let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
    assert_eq!(data["headline"], "The Tide");
    assert_eq!(data["author"]["name"], "Matthew Smith");
    assert_eq!(data["isAccessibleForFree"], true);
}

fn parsed(page: &Page) -> Feed {
    assert_eq!(page.status, StatusCode::OK);
    Feed::read_from(page.body.as_bytes()).expect("Atom")
}

async fn if_changed(browser: &Browser, path: &str, tag: &str) -> Page {
    let request = browser.raw().get(browser.address(path));
    Page::of(request.header(header::IF_NONE_MATCH, tag)).await
}
