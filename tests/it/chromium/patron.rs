//! The main job: a reader likes an article, becomes the author's patron, comments, and hears of
//! the next one.

use plaudit::{
    articles::{self, Publication},
    entities::{author, session},
    membership::tiers::{self, NewTier},
};
use sea_orm::EntityTrait as _;

use super::{
    Window,
    mailbox::{letter, link, sign_in},
};
use crate::support::TestApp;

const ARTICLE: &str = "/articles/the-ferry-that-waits";

/// Matthew has an article out and a tier on sale.
async fn publication() -> (TestApp, author::Model) {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    app.article(&matthew, "The ferry that waits").await;
    let friend = NewTier {
        name: "Friend".to_owned(),
        description: "Comments".to_owned(),
        currency: "eur".to_owned(),
        monthly: Some(300),
        yearly: Some(3000),
        trial_days: None,
        ..Default::default()
    };
    tiers::create(&app.app, matthew.id, friend)
        .await
        .expect("on sale");
    (app, matthew)
}

/// From the words under the article to a paid Checkout.
async fn become_a_patron(window: &Window, email: Option<&str>) {
    window.open(ARTICLE).await;
    window
        .says("Liked it? Take a second to support Matthew Smith")
        .await;
    window.follow("Become a patron").await;
    window.says("€3").await;
    window.press("Become a patron: Friend").await;
    if let Some(email) = email {
        window.fill("E-mail", email).await;
        window.fill("Name on card", "Stella Stranger").await;
    }
    window.press("Pay").await;
}

async fn comment(window: &Window, words: &str) {
    window.open(ARTICLE).await;
    window.says("Thank you").await;
    window.does_not_say("Liked it?").await;
    window.says("Leave a comment").await;
    window.fill("Your comment", words).await;
    window.press("Post").await;
    window.says("1 comment").await;
    window.says(words).await;
}

/// The next article comes out, and the letter about it leads to it.
async fn hears_of_the_next(app: &TestApp, matthew: &author::Model, window: &Window, email: &str) {
    let next = app.draft_with(matthew, "Nets in the rain", |_| {}).await;
    articles::publish(&app.app, next.id, Publication::default())
        .await
        .expect("published");
    app.work().await;
    let text = letter(app, email, "Nets in the rain");
    window
        .open(&link(&text, "/articles/nets-in-the-rain"))
        .await;
    window.says("Nets in the rain").await;
}

#[tokio::test]
async fn a_stranger_becomes_a_patron_claims_her_account_comments_and_hears_of_the_next_article() {
    let (app, matthew) = publication().await;
    let email = "stella@example.org";
    let window = Window::new(&app.url).await;
    become_a_patron(&window, Some(email)).await;
    window.says("Thank you").await;
    app.settle().await;
    let welcome = letter(&app, email, "You now support");
    window.open(&link(&welcome, "/sign-in/")).await;
    window.press("Sign in").await;
    comment(&window, "The ferry waited for me, too.").await;
    window.says("Stella Stranger").await;
    hears_of_the_next(&app, &matthew, &window, email).await;
    window.close().await;
}

#[tokio::test]
async fn a_signed_in_reader_becomes_a_patron_comments_and_hears_of_the_next_article() {
    let (app, matthew) = publication().await;
    app.reader("Ann").await;
    let window = Window::new(&app.url).await;
    sign_in(&app, &window, "ann@example.org").await;
    become_a_patron(&window, None).await;
    window.says("You are now a patron of Matthew Smith").await;
    app.settle().await;
    comment(&window, "I was on that ferry.").await;
    hears_of_the_next(&app, &matthew, &window, "ann@example.org").await;
    window.close().await;
}

#[tokio::test]
async fn a_patron_comments_by_keyboard_alone() {
    let (app, matthew) = publication().await;
    let (_, ann) = app.reader("Ann").await;
    app.patron(ann.id, &matthew).await;
    let window = Window::new(&app.url).await;
    sign_in(&app, &window, "ann@example.org").await;
    window.open(ARTICLE).await;
    window.tab_to("Your comment").await;
    window.keys("Typed without a mouse.").await;
    window.tab_to("Post").await;
    window
        .keys(&char::from(fantoccini::key::Key::Enter).to_string())
        .await;
    window.arrived().await;
    window.says("1 comment").await;
    window.says("Typed without a mouse.").await;
    window.close().await;
}

#[tokio::test]
async fn what_she_wrote_waits_for_her_who_was_signed_out_meanwhile() {
    let (app, matthew) = publication().await;
    let (_, ann) = app.reader("Ann").await;
    app.patron(ann.id, &matthew).await;
    let window = Window::new(&app.url).await;
    sign_in(&app, &window, "ann@example.org").await;
    window.open(ARTICLE).await;
    window
        .fill("Your comment", "Thought over for an hour.")
        .await;
    let gone = session::Entity::delete_many().exec(&app.app.db).await;
    gone.expect("signed out");
    window.press("Post").await;
    window
        .says("You were signed out while you were writing.")
        .await;
    sign_in(&app, &window, "ann@example.org").await;
    window.open(ARTICLE).await;
    window.press("Post").await;
    window.says("1 comment").await;
    window.says("Thought over for an hour.").await;
    // It is kept for that once.
    let field = window.field("Your comment").await;
    let left = field.prop("value").await.expect("a field");
    assert_eq!(left.as_deref(), Some(""));
    window.close().await;
}
