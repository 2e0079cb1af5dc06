//! Authors: their page, the address it had before, and the support call that knows its reader.

use plaudit::{
    articles,
    authors::{self, Profile, ProfileError},
    entities::{MembershipState as State, author},
};
use reqwest::StatusCode;
use sea_orm::ActiveValue::Set;

use crate::support::{Browser, TestApp};

const TIDE: &str = "/articles/the-tide";

#[tokio::test]
async fn an_author_has_a_page_with_the_articles() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (_, ada) = app.author("Ada Merrow").await;
    let mut told = profile(&matthew);
    told.bio = "Walks the <coast>.".to_owned();
    authors::update_profile(&app.app, matthew.id, told)
        .await
        .expect("saved");
    app.article(&matthew, "The Tide").await;
    app.article(&ada, "Of Ada").await;
    let page = app.browser().get("/authors/matthew-smith").await;
    page.says("<h1 dir=\"auto\">Matthew Smith</h1>")
        .says("Walks the &lt;coast&gt;.")
        .says("The Tide")
        .does_not_say("Of Ada")
        .says("href=\"/authors/matthew-smith/support\"")
        .says("action=\"/authors/matthew-smith/follow\"")
        .does_not_say("/feed/");
    let (ann, account) = app.reader("Ann").await;
    let own = articles::feed_path(&app.app, account.id);
    ann.get("/authors/matthew-smith").await.says(&own);
    let nobody = app.browser().get("/authors/nobody").await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_changed_address_leads_to_the_new_one() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (_, ada) = app.author("Ada Merrow").await;
    let rename = async |author: &author::Model, slug: &str| {
        let mut changed = profile(author);
        changed.slug = slug.to_owned();
        authors::update_profile(&app.app, author.id, changed).await
    };
    rename(&matthew, "matt").await.expect("free");
    for (old, new) in [
        ("/authors/matthew-smith", "/authors/matt"),
        ("/authors/matthew-smith/feed.xml", "/authors/matt/feed.xml"),
        ("/api/v1/authors/matthew-smith", "/api/v1/authors/matt"),
    ] {
        let moved = app.browser().get(old).await;
        assert_eq!(moved.status, StatusCode::PERMANENT_REDIRECT, "{old}");
        assert_eq!(moved.location(), new);
    }
    for taken in ["matthew-smith", "matt"] {
        let refused = rename(&ada, taken).await;
        assert!(
            matches!(refused, Err(ProfileError::SlugTaken(_))),
            "{taken}"
        );
    }
    rename(&matthew, "matthew-smith").await.expect("its own");
    let page = app.browser().get("/authors/matthew-smith").await;
    assert_eq!(page.status, StatusCode::OK);
    let moved = app.browser().get("/authors/matt").await;
    assert_eq!(moved.location(), "/authors/matthew-smith");
}

#[tokio::test]
async fn a_profile_that_cannot_be_is_refused() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let wrong = |change: fn(&mut Profile)| {
        let mut wrong = profile(&matthew);
        change(&mut wrong);
        wrong
    };
    for (profile, key) in [
        (wrong(|p| p.name = "  ".to_owned()), "authors-name-missing"),
        (wrong(|p| p.name = "x".repeat(101)), "authors-name-too-long"),
        (wrong(|p| p.bio = "x".repeat(2001)), "authors-bio-too-long"),
        (
            wrong(|p| p.support_words = "x".repeat(301)),
            "authors-words-too-long",
        ),
        (
            wrong(|p| p.slug = "Not a slug".to_owned()),
            "authors-slug-invalid",
        ),
    ] {
        let refused = authors::update_profile(&app.app, matthew.id, profile).await;
        assert_eq!(refused.expect_err(key).key(), Some(key));
    }
}

#[tokio::test]
async fn strangers_and_readers_are_asked_in_the_authors_words() {
    let app = TestApp::start().await;
    let (own, matthew) = app.author("Matthew Smith").await;
    app.article(&matthew, "The Tide").await;
    let (ann, _) = app.reader("Ann").await;
    for browser in [&app.browser(), &ann] {
        asked(browser)
            .await
            .says("Articles like this one exist because readers pay")
            .does_not_say("from €")
            .says("/authors/matthew-smith/support?article=the-tide#once\">Give once</a>");
    }
    let (_, bob) = app.reader("Bob").await;
    app.patron(bob.id, &matthew).await;
    let mut told = profile(&matthew);
    told.support_words = "It pays for the <boots>.".to_owned();
    authors::update_profile(&app.app, matthew.id, told)
        .await
        .expect("saved");
    asked(&app.browser())
        .await
        .says("It pays for the &lt;boots&gt;.")
        .does_not_say("Articles like this one")
        .says("from €5 a month");
    own.get(TIDE)
        .await
        .says("Your readers are asked here to support you.")
        .does_not_say("Liked it?");
}

#[tokio::test]
async fn a_patron_is_thanked_and_not_asked() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    app.article(&matthew, "The Tide").await;
    let (ann, account) = app.reader("Ann").await;
    app.member(account.id, &matthew, State::Active, |row| {
        row.started_at = Set(Some("2024-03-05T12:00:00Z".parse().expect("a time")));
    })
    .await;
    for path in [TIDE, "/authors/matthew-smith"] {
        ann.get(path)
            .await
            .says("You support Matthew Smith since March 2024. Thank you.")
            .does_not_say("Liked it?")
            .does_not_say("Become a patron");
    }
}

#[tokio::test]
async fn other_standings_have_words_of_their_own() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    app.article(&matthew, "The Tide").await;
    for (name, state, expected) in [
        (
            "Grace",
            State::Grace,
            "Your last payment did not go through; you keep access until",
        ),
        (
            "Lapsed",
            State::Lapsed,
            "Your last payment did not go through. With a working card",
        ),
        (
            "Leaving",
            State::Cancelling,
            "You support Matthew Smith until",
        ),
        (
            "Pending",
            State::Pending,
            "Your payment to Matthew Smith is on its way: your bank",
        ),
        (
            "Paused",
            State::Paused,
            "Your support of Matthew Smith is paused.",
        ),
        (
            "Ended",
            State::Ended,
            "Take a second to support Matthew Smith again.",
        ),
    ] {
        let (browser, account) = app.reader(name).await;
        let row = app.member(account.id, &matthew, state, |_| {}).await;
        let page = browser.get(TIDE).await;
        page.says(expected);
        let card = format!("action=\"/account/memberships/{}/card\"", row.id);
        if matches!(state, State::Grace | State::Lapsed) {
            page.says(&card).says("Update your card");
            page.says(&card.replace("/card", "/pay"))
                .says("Pay or confirm now");
        } else {
            page.does_not_say(&card);
        }
    }
}

/// Sees the call under the article.
async fn asked(browser: &Browser) -> crate::support::Page {
    let page = browser.get(TIDE).await;
    page.says("Liked it? Take a second to support Matthew Smith.")
        .says("href=\"/authors/matthew-smith/support?article=the-tide\">Become a patron</a>");
    page
}

fn profile(author: &author::Model) -> Profile {
    Profile {
        name: author.name.clone(),
        slug: author.slug.clone(),
        bio: author.bio.clone(),
        support_words: author.support_words.clone().unwrap_or_default(),
        welcome: author.welcome.clone().unwrap_or_default(),
        links: Vec::new(),
        hears: author.hears,
    }
}

#[tokio::test]
async fn a_reader_follows_and_stops_following_on_the_authors_page() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (ann, _) = app.reader("Ann").await;
    let path = "/authors/matthew-smith";
    ann.get(path).await.says("Get new articles by e-mail");
    let page = ann.submit(&format!("{path}/follow"), &[]).await;
    page.says("Stop the e-mails about new articles")
        .says("name=\"wants\" value=\"no\"");
    let page = ann
        .submit(&format!("{path}/follow"), &[("wants", "no")])
        .await;
    page.says("Get new articles by e-mail");
    let (bob, account) = app.reader("Bob").await;
    app.patron(account.id, &matthew).await;
    bob.get(path)
        .await
        .says("Stop the e-mails about new articles");
}
