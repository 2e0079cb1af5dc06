//! The rooms of those who write and look after the conversation, by keyboard alone.

use fantoccini::key::Key;
use plaudit::entities::{Gate, comment};
use sea_orm::{EntityTrait as _, QueryOrder as _};

use super::{Window, mailbox::sign_in};
use crate::support::TestApp;

const QUEUE: &str = "/studio/comments";
const ADDRESS: &str = "Address (empty: made from the headline)";

fn key(key: Key) -> String {
    char::from(key).to_string()
}

/// Four comments of Ann's wait for Matthew: One, Two, Three, Four.
async fn waiting() -> (TestApp, Window) {
    let app = TestApp::start().await;
    let (matthew, author) = app.author("Matthew Smith").await;
    app.article_with(&author, "The Tide", |draft| draft.gate = Gate::Readers)
        .await;
    let rules = [("mode", "all"), ("hold", ""), ("refuse", "")];
    matthew.submit("/studio/comments/rules", &rules).await;
    let (ann, _) = app.reader("Ann").await;
    for body in ["One", "Two", "Three", "Four"] {
        ann.post("/articles/the-tide/comments", &[("body", body)])
            .await;
    }
    let window = Window::new(&app.url).await;
    sign_in(&app, &window, "matthew-smith@example.org").await;
    window.open(QUEUE).await;
    (app, window)
}

async fn rows(app: &TestApp) -> Vec<comment::Model> {
    let rows = comment::Entity::find().order_by_asc(comment::Column::Id);
    rows.all(&app.app.db).await.expect("rows")
}

#[tokio::test]
async fn the_queue_is_gone_through_by_its_keys_and_goes_on_at_the_next() {
    let (app, window) = waiting().await;
    window.says("Keys: j and k go down and up").await;
    window.keys("jj").await;
    window.focus_is_in("Two").await;
    window.keys("k").await;
    window.focus_is_in("One").await;
    // Approved: gone from here, and the next is at hand.
    window.keys("a").await;
    window.says("Waiting (3)").await;
    window.focus_is_in("Two").await;
    window.keys("h").await;
    window.says("Waiting (2)").await;
    window.focus_is_in("Three").await;
    window.keys("j").await;
    window.focus_is_in("Four").await;
    // The last: the one before it is at hand.
    window.keys("d").await;
    window.says("Waiting (1)").await;
    window.focus_is_in("Three").await;
    let rows = rows(&app).await;
    assert!(
        rows[0].approved_at.is_some() && rows[0].held_at.is_none(),
        "One"
    );
    assert!(rows[1].hidden_at.is_some(), "Two");
    assert!(
        rows[2].held_at.is_some() && rows[2].hidden_at.is_none(),
        "Three"
    );
    assert!(rows[3].deleted_by.is_some(), "Four");
    window.close().await;
}

#[tokio::test]
async fn a_phone_is_told_of_no_keys() {
    let (app, desk) = waiting().await;
    desk.close().await;
    let phone = Window::on_a_phone(&app.url).await;
    sign_in(&app, &phone, "matthew-smith@example.org").await;
    phone.open(QUEUE).await;
    phone.says("Approve").await;
    phone.does_not_say("Keys: j and k").await;
    phone.close().await;
}

#[tokio::test]
async fn keys_typed_into_a_field_of_the_queue_decide_nothing() {
    let (app, window) = waiting().await;
    window.tab_to("Ban whoever wrote this").await;
    window.keys(&key(Key::Enter)).await;
    window.tab_to("Reason, which the person is shown").await;
    window.keys("ahd jk").await;
    window.says("Waiting (4)").await;
    assert!(rows(&app).await.iter().all(|row| row.held_at.is_some()));
    window.close().await;
}

#[tokio::test]
async fn a_press_by_tab_and_enter_goes_on_at_the_next_too() {
    let (_app, window) = waiting().await;
    window.tab_to("Approve").await;
    window.keys(&key(Key::Enter)).await;
    window.says("Waiting (3)").await;
    window.focus_is_in("Two").await;
    window.close().await;
}

#[tokio::test]
async fn an_article_is_written_saved_and_published_by_keyboard_alone() {
    let app = TestApp::start().await;
    app.author("Matthew Smith").await;
    let window = Window::new(&app.url).await;
    sign_in(&app, &window, "matthew-smith@example.org").await;
    window.open("/studio/articles/new").await;
    window.tab_to("Headline").await;
    window.keys("Lights at sea").await;
    window.tab_to("Standfirst").await;
    window.keys("What one sees.").await;
    window.tab_to("Text").await;
    window.keys("All *night*.").await;
    // On from the text, past the buttons, to the last of the fields.
    for label in ["Save the text", "Preview", "Topics"] {
        window.tab_to(label).await;
    }
    window.keys("harbour").await;
    for label in ["Who may read", "Who may comment", ADDRESS] {
        window.tab_to(label).await;
    }
    window.keys("lights").await;
    window.tab_to("Save the text").await;
    window.keys(&key(Key::Enter)).await;
    window.arrived().await;
    window.says("Saved").await;
    window.tab_to("Publish now").await;
    window.keys(&key(Key::Enter)).await;
    window.arrived().await;
    window.says("Published.").await;
    window.open("/articles/lights").await;
    window.says("Lights at sea").await;
    window.says("All night.").await;
    window.close().await;
}
