//! How often somebody hears: at once, by the letter of the day, by the letter of the week.

use chrono::{DateTime, Datelike as _, Duration, Utc};
use plaudit::entities::{Audience, author, digest_item};
use sea_orm::{EntityTrait, PaginatorTrait};

use super::{letters, publish};
use crate::support::{Browser, TestApp};

/// Whose letters go out at seven by Berlin's clock, and Matthew.
async fn in_berlin() -> (TestApp, author::Model) {
    let app = TestApp::start_with(|config| {
        config.publication.time_zone = "Europe/Berlin".to_owned();
        config.notices.digest_hour = 7;
        config.notices.weekly_on = "saturday".to_owned();
    })
    .await;
    let (_, matthew) = app.author("Matthew Smith").await;
    (app, matthew)
}

async fn follows(reader: &Browser, frequency: &str) {
    let path = "/authors/matthew-smith/follow";
    reader.submit(path, &[("frequency", frequency)]).await;
}

async fn writes(app: &TestApp, matthew: &author::Model, title: &str) {
    let draft = app.draft_with(matthew, title, |_| {}).await;
    publish(app, draft.id).await;
    app.work().await;
}

/// Lets time pass until it is seven in Berlin on the next such day, and works.
async fn at_seven(app: &TestApp, is_it: impl Fn(DateTime<Utc>) -> bool) {
    use chrono::Timelike as _;
    let berlin = chrono_tz::Europe::Berlin;
    for _ in 0..24 * 8 {
        let now = app.app.clock.now();
        let past = Duration::seconds(i64::from(now.minute() * 60 + now.second()));
        app.app.clock.advance(Duration::hours(1) - past);
        let now = app.app.clock.now();
        if now.with_timezone(&berlin).hour() == 7 && is_it(now) {
            break;
        }
    }
    app.work().await;
}

#[tokio::test]
async fn the_letter_of_the_day_comes_once_with_what_is_new_and_not_where_nothing_is() {
    let (app, matthew) = in_berlin().await;
    let (ann, _) = app.reader("Ann").await;
    follows(&ann, "daily").await;
    at_seven(&app, |_| true).await;
    assert!(app.mails().is_empty(), "nothing is new");
    writes(&app, &matthew, "The ferry").await;
    writes(&app, &matthew, "The foghorn").await;
    assert!(app.mails().is_empty(), "it waits for the morning");
    at_seven(&app, |_| true).await;
    let mails = letters(&app);
    assert_eq!(mails.len(), 1);
    for said in ["New today", "The ferry", "The foghorn", "This is the text"] {
        assert!(mails[0].1.contains(said), "{said}: {}", mails[0].1);
    }
    at_seven(&app, |_| true).await;
    assert_eq!(app.mails().len(), 1, "told once");
}

#[tokio::test]
async fn the_letter_of_the_week_waits_for_its_day() {
    let (app, matthew) = in_berlin().await;
    let (ann, _) = app.reader("Ann").await;
    follows(&ann, "weekly").await;
    at_seven(&app, |now| now.weekday() == chrono::Weekday::Mon).await;
    writes(&app, &matthew, "The ferry").await;
    at_seven(&app, |now| now.weekday() == chrono::Weekday::Fri).await;
    assert!(app.mails().is_empty());
    at_seven(&app, |now| now.weekday() == chrono::Weekday::Sat).await;
    assert_eq!(app.mails().len(), 1);
    assert!(letters(&app)[0].1.contains("New this week"));
}

#[tokio::test]
async fn changing_how_often_neither_loses_nor_doubles_an_article() {
    let (app, matthew) = in_berlin().await;
    let (ann, _) = app.reader("Ann").await;
    at_seven(&app, |now| now.weekday() == chrono::Weekday::Mon).await;
    follows(&ann, "daily").await;
    writes(&app, &matthew, "The ferry").await;
    follows(&ann, "weekly").await;
    at_seven(&app, |_| true).await;
    follows(&ann, "daily").await;
    follows(&ann, "at_once").await;
    app.work().await;
    let mails = letters(&app);
    assert_eq!(mails.len(), 1, "what waited comes at once");
    assert!(mails[0].1.contains("The ferry"));
    follows(&ann, "daily").await;
    for _ in 0..8 {
        at_seven(&app, |_| true).await;
    }
    assert_eq!(app.mails().len(), 1);
    writes(&app, &matthew, "The foghorn").await;
    follows(&ann, "none").await;
    at_seven(&app, |_| true).await;
    assert_eq!(app.mails().len(), 1, "she wants nothing");
    let waiting = digest_item::Entity::find().count(&app.app.db).await;
    assert_eq!(waiting.expect("rows"), 0);
}

#[tokio::test]
async fn what_is_for_patrons_is_whole_for_those_who_are_when_it_is_sent() {
    let (app, matthew) = in_berlin().await;
    let (ann, patron) = app.reader("Ann").await;
    let (bob, _) = app.reader("Bob").await;
    follows(&ann, "daily").await;
    follows(&bob, "daily").await;
    let draft = app
        .draft_with(&matthew, "For patrons", |draft| {
            draft.audience = Audience::Patrons;
            draft.body_markdown = "An opening. ".repeat(400) + "The hidden treasure.";
        })
        .await;
    publish(&app, draft.id).await;
    app.work().await;
    // She becomes one after it came out, and before the letter goes.
    app.patron(patron.id, &matthew).await;
    at_seven(&app, |_| true).await;
    let mut mails = letters(&app);
    mails.sort();
    assert_eq!(mails.len(), 2);
    assert!(mails[0].1.contains("hidden treasure"), "Ann reads all");
    assert!(!mails[1].1.contains("hidden treasure"), "Bob does not");
    assert!(mails[1].1.contains("Become a patron of Matthew Smith"));
}

#[tokio::test]
async fn an_article_taken_back_is_in_no_letter() {
    let (app, matthew) = in_berlin().await;
    let (ann, _) = app.reader("Ann").await;
    follows(&ann, "daily").await;
    let draft = app.draft_with(&matthew, "Too soon", |_| {}).await;
    publish(&app, draft.id).await;
    app.work().await;
    let taken = plaudit::articles::unpublish(&app.app, draft.id, None).await;
    taken.expect("taken back");
    at_seven(&app, |_| true).await;
    assert!(app.mails().is_empty());
}

#[tokio::test]
async fn the_link_of_a_letter_of_the_day_stops_that_letter_and_gives_it_back() {
    let (app, matthew) = in_berlin().await;
    let (ann, account) = app.reader("Ann").await;
    follows(&ann, "daily").await;
    let scope = plaudit::mail::unsubscribe::Scope::Daily;
    let token = plaudit::mail::unsubscribe::token(&app.app.key, account.id, scope);
    let path = format!("/unsubscribe/{token}");
    let stranger = app.browser();
    stranger.get(&path).await.says("daily e-mail");
    let one_click = [("List-Unsubscribe", "One-Click")];
    stranger.post(&path, &one_click).await.says("Done.");
    writes(&app, &matthew, "Unheard").await;
    at_seven(&app, |_| true).await;
    assert!(app.mails().is_empty());
    stranger.post(&path, &[("undo", "yes")]).await.says("again");
    writes(&app, &matthew, "Heard").await;
    at_seven(&app, |_| true).await;
    assert_eq!(app.mails().len(), 1);
}
