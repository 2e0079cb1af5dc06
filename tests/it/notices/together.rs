//! Articles of several authors, and what is decided at the moment a letter goes.

use plaudit::entities::{Audience, author};

use super::{letters, publish};
use crate::support::TestApp;

/// An article for patrons that Matthew wrote with Ada.
async fn written_together(
    app: &TestApp,
    matthew: &author::Model,
    ada: &author::Model,
) -> uuid::Uuid {
    let draft = app
        .draft_with(matthew, "Together", |draft| {
            draft.audience = Audience::Patrons;
            draft.co_authors = Some(vec![ada.slug.clone()]);
            draft.body_markdown = "An opening. ".repeat(400) + "The hidden treasure.";
        })
        .await;
    draft.id
}

/// The notices; Ada has also heard that she is named.
fn notices(app: &TestApp) -> Vec<(String, String)> {
    let mut mails = letters(app);
    mails.retain(|(to, _)| to != "ada@example.org");
    mails
}

#[tokio::test]
async fn who_follows_two_of_its_authors_gets_one_letter_and_patrons_of_any_read_all() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (_, ada) = app.author("Ada").await;
    let (both, _) = app.reader("Both").await;
    both.submit("/authors/matthew-smith/follow", &[]).await;
    both.submit("/authors/ada/follow", &[]).await;
    let (_, patron) = app.reader("Patron of Ada").await;
    app.patron(patron.id, &ada).await;
    let article = written_together(&app, &matthew, &ada).await;
    publish(&app, article).await;
    app.work().await;
    let mut mails = notices(&app);
    mails.sort();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].0, "both@example.org");
    assert!(!mails[0].1.contains("hidden treasure"));
    assert!(mails[1].1.contains("hidden treasure"));
    assert!(mails[1].1.contains("who supports Ada"), "{}", mails[1].1);
}

#[tokio::test]
async fn who_stops_supporting_before_the_letter_goes_gets_a_teaser() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (_, ada) = app.author("Ada").await;
    let (_, patron) = app.reader("Patron").await;
    let membership = app.patron(patron.id, &matthew).await;
    let article = written_together(&app, &matthew, &ada).await;
    publish(&app, article).await;
    plaudit::notices::fan_out(&app.app).await.expect("a batch");
    use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _, Set};
    let mut ended = membership.into_active_model();
    ended.state = Set(plaudit::entities::MembershipState::Ended);
    ended.update(&app.app.db).await.expect("ended");
    app.work().await;
    let mails = notices(&app);
    assert_eq!(mails.len(), 1);
    assert!(!mails[0].1.contains("hidden treasure"));
    assert!(
        mails[0].1.contains("who supported Matthew Smith"),
        "{}",
        mails[0].1
    );
}

#[tokio::test]
async fn all_letters_off_in_one_press_without_signing_in_and_on_again_from_ones_own_page() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (ann, account) = app.reader("Ann").await;
    ann.submit("/authors/matthew-smith/follow", &[]).await;
    let draft = app.draft_with(&matthew, "One", |_| {}).await;
    publish(&app, draft.id).await;
    app.work().await;
    let scope = plaudit::mail::unsubscribe::Scope::Article(draft.id);
    let token = plaudit::mail::unsubscribe::token(&app.app.key, account.id, scope);
    let page = format!("/notices/{token}");
    let stranger = app.browser();
    let shown = stranger.get(&page).await;
    shown.says("Matthew Smith");
    assert!(
        !shown.body.contains("ann@example.org"),
        "says nothing of her"
    );
    stranger.post(&page, &[("all", "off")]).await.says("Done.");
    let own = ann.get("/account/notices").await;
    own.says("no e-mails about new articles");
    ann.post("/account/notices", &[("lift", "notices")]).await;
    let on = [
        ("author", matthew.id.to_string()),
        ("frequency", "at_once".to_owned()),
    ];
    let on: Vec<(&str, &str)> = on
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    ann.post("/account/notices", &on).await;
    let draft = app.draft_with(&matthew, "Two", |_| {}).await;
    publish(&app, draft.id).await;
    app.work().await;
    assert_eq!(app.mails().len(), 2);
}

#[tokio::test]
async fn an_author_sees_what_became_of_the_letters_about_an_article() {
    let app = TestApp::start().await;
    let (browser, matthew) = app.author("Matthew Smith").await;
    let (ann, account) = app.reader("Ann").await;
    ann.submit("/authors/matthew-smith/follow", &[]).await;
    let (bob, _) = app.reader("Bob").await;
    let daily = [("frequency", "daily")];
    bob.submit("/authors/matthew-smith/follow", &daily).await;
    let draft = app.draft_with(&matthew, "One", |_| {}).await;
    publish(&app, draft.id).await;
    app.work().await;
    let scope = plaudit::mail::unsubscribe::Scope::Article(draft.id);
    let token = plaudit::mail::unsubscribe::token(&app.app.key, account.id, scope);
    let path = format!("/unsubscribe/{token}");
    app.browser().post(&path, &[]).await;
    let said = "1 sent · 1 waiting · 1 left by it";
    browser.get("/studio/articles").await.says(said);
    let page = format!("/studio/articles/{}", draft.id);
    browser.get(&page).await.says(said);
}

#[tokio::test]
async fn patrons_of_any_of_its_authors_read_and_talk_and_each_is_named() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (ada_herself, ada) = app.author("Ada").await;
    let (patron, account) = app.reader("Patron of Ada").await;
    app.patron(account.id, &ada).await;
    let (reader, _) = app.reader("Reader").await;
    let article = written_together(&app, &matthew, &ada).await;
    publish(&app, article).await;
    let path = "/articles/together";
    for who in [&patron, &ada_herself] {
        let page = who.get(path).await;
        page.says("hidden treasure").says("Leave a comment");
        let comments = format!("{path}/comments");
        let said = who.post(&comments, &[("body", "Well said.")]).await;
        assert_eq!(said.status, reqwest::StatusCode::SEE_OTHER);
    }
    let page = reader.get(path).await;
    assert!(!page.body.contains("hidden treasure"));
    page.says("Matthew Smith").says("Ada");
    reader.get("/authors/ada").await.says("Together");
    reader.get("/authors/ada/feed.xml").await.says("Together");
    let api = reader.get("/api/v1/articles/together").await;
    assert!(api.body.contains("\"co_authors\":[{"), "{}", api.body);
}

#[tokio::test]
async fn letters_to_those_who_follow_name_all_whose_patrons_read_the_rest() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (_, ada) = app.author("Ada").await;
    let (_, bea) = app.author("Bea").await;
    for (name, frequency) in [("Once", "at_once"), ("Daily", "daily")] {
        let (reader, _) = app.reader(name).await;
        let often = [("frequency", frequency)];
        reader.submit("/authors/matthew-smith/follow", &often).await;
    }
    for (title, others) in [
        ("Together", vec![ada.slug.clone(), bea.slug.clone()]),
        ("In two", vec![ada.slug.clone()]),
        ("Alone", vec![]),
    ] {
        let draft = app
            .draft_with(&matthew, title, |draft| {
                draft.audience = Audience::Patrons;
                draft.co_authors = Some(others);
            })
            .await;
        publish(&app, draft.id).await;
    }
    app.work().await;
    app.app.clock.advance(chrono::Duration::days(1));
    app.work().await;
    let to = |address: &str| {
        let mails = letters(&app).into_iter().filter(|mail| mail.0 == address);
        mails.map(|mail| mail.1).collect::<String>()
    };
    for address in ["once@example.org", "daily@example.org"] {
        let said = to(address);
        for names in [
            "for patrons of Matthew Smith, Ada or Bea.",
            "for patrons of Matthew Smith or Ada.",
            "for the patrons of Matthew Smith.",
        ] {
            // As text and as HTML.
            assert_eq!(said.matches(names).count(), 2, "{address} {names}: {said}");
        }
    }
}
