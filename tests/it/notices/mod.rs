//! Notices: who hears of a new article, what it says to whom, and how it stops.

mod audience;
mod coming_back;
mod digests;
mod leaving;
mod many;
mod taking_back;
mod together;

use mailparse::MailHeaderMap as _;
use plaudit::{
    articles::{self, Publication},
    entities::{Audience, Frequency, account, following, notice, outbox},
};
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait, EntityTrait, PaginatorTrait, Set};
use uuid::Uuid;

use crate::support::TestApp;

/// The mails so far as (address, message).
fn letters(app: &TestApp) -> Vec<(String, String)> {
    app.mails()
        .iter()
        .map(|sent| {
            let mail = mailparse::parse_mail(&sent.raw).expect("a mail");
            let parts: Vec<String> = mail
                .subparts
                .iter()
                .map(|part| part.get_body().expect("a body"))
                .collect();
            (sent.to.clone(), parts.join("\n"))
        })
        .collect()
}

async fn publish(app: &TestApp, article: Uuid) {
    let how = Publication::default();
    articles::publish(&app.app, article, how)
        .await
        .expect("published");
}

#[tokio::test]
async fn followers_hear_once_and_others_do_not() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (ann, _) = app.reader("Ann").await;
    app.reader("Bob").await;
    let followed = ann.submit("/authors/matthew-smith/follow", &[]).await;
    followed.says("You will hear of each new article by e-mail");
    let draft = app.draft_with(&matthew, "Lights at sea", |_| {}).await;
    publish(&app, draft.id).await;
    publish(&app, draft.id).await;
    app.work().await;
    let mails = letters(&app);
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].0, "ann@example.org");
    assert!(mails[0].1.contains("This is the text"));
    assert!(mails[0].1.contains("This e-mail is for Ann"));
    assert!(
        !mails[0].1.contains("Liked it?"),
        "no support call in mails"
    );
    let sent = &app.mails()[0];
    let mail = mailparse::parse_mail(&sent.raw).expect("a mail");
    let header = |name: &str| mail.headers.get_first_value(name).unwrap_or_default();
    assert_eq!(header("Subject"), "Lights at sea");
    assert_eq!(
        header("List-Unsubscribe-Post"),
        "List-Unsubscribe=One-Click"
    );
    assert_eq!(header("Precedence"), "bulk");
    assert!(header("List-Id").contains("matthew-smith."));
}

#[tokio::test]
async fn text_for_patrons_reaches_followers_only_as_a_teaser() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthäus Schmidt").await;
    let (ann, _) = app.reader("Ann").await;
    ann.submit("/authors/matthaus-schmidt/follow", &[]).await;
    let draft = app
        .draft_with(&matthew, "For patrons", |draft| {
            draft.audience = Audience::Patrons;
            draft.standfirst = "In one sentence.".to_owned();
            draft.body_markdown = "An opening.\n\nThe hidden treasure.".repeat(40);
        })
        .await;
    publish(&app, draft.id).await;
    app.work().await;
    let mails = letters(&app);
    assert_eq!(mails.len(), 1);
    assert!(!mails[0].1.contains("hidden treasure"), "{}", mails[0].1);
    assert!(mails[0].1.contains("The whole text is for the patrons"));
    assert_eq!(
        mails[0].1.matches("In one sentence.").count(),
        2,
        "once a part"
    );
    let mail = app.mails().remove(0);
    let mail = mailparse::parse_mail(&mail.raw).expect("a mail");
    let list = mail.headers.get_first_value("List-Id").unwrap_or_default();
    let begins = "Matthäus Schmidt <matthaus-schmidt.";
    assert!(list.starts_with(begins), "{list}");
}

#[tokio::test]
async fn a_fan_out_goes_on_from_its_cursor_and_repeats_nobody() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let now = app.app.clock.now();
    let accounts: Vec<account::ActiveModel> = (0..2500)
        .map(|number| account::ActiveModel {
            id: Set(Uuid::now_v7()),
            email: Set(Some(format!("reader{number}@example.org"))),
            name: Set(format!("Reader {number}")),
            role: Set(plaudit::entities::Role::Reader),
            language: Set(if number % 2 == 0 { "en" } else { "de" }.to_owned()),
            created_at: Set(now),
            ..Default::default()
        })
        .collect();
    let follows: Vec<following::ActiveModel> = accounts
        .iter()
        .map(|account| following::ActiveModel {
            account_id: account.id.clone(),
            author_id: Set(matthew.id),
            frequency: Set(Frequency::AtOnce),
            previous: Set(None),
            left_article_id: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        })
        .collect();
    account::Entity::insert_many(accounts)
        .exec(&app.app.db)
        .await
        .expect("people");
    following::Entity::insert_many(follows)
        .exec(&app.app.db)
        .await
        .expect("follows");
    let draft = app.draft_with(&matthew, "News", |_| {}).await;
    publish(&app, draft.id).await;
    // The first batch, then the process dies and comes back with the cursor where it was committed.
    plaudit::notices::fan_out(&app.app).await.expect("a batch");
    let row = notice::Entity::find()
        .one(&app.app.db)
        .await
        .expect("row")
        .expect("row");
    assert_eq!(row.queued, 1000);
    let mut back: notice::ActiveModel = row.into();
    back.cursor = Set(None);
    back.queued = Set(0);
    back.update(&app.app.db)
        .await
        .expect("as if the commit had been lost");
    app.work().await;
    let count = outbox::Entity::find()
        .count(&app.app.db)
        .await
        .expect("a count");
    assert_eq!(count, 2500);
    let mut addresses: Vec<String> = app.mails().into_iter().map(|sent| sent.to).collect();
    addresses.sort_unstable();
    addresses.dedup();
    assert_eq!(addresses.len(), 2500);
    let row = notice::Entity::find()
        .one(&app.app.db)
        .await
        .expect("row")
        .expect("row");
    assert_eq!(row.state, notice::State::Done);
    assert!(row.finished_at.is_some());
}

#[tokio::test]
async fn a_stranger_who_wants_to_follow_is_asked_to_sign_in_and_comes_back() {
    let app = TestApp::start().await;
    app.author("Matthew Smith").await;
    let answer = app
        .browser()
        .post("/authors/matthew-smith/follow", &[])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.location().starts_with("/sign-in"));
}
