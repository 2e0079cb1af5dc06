//! Every page, at a desk and on a phone.

use super::{Window, mailbox::sign_in};
use crate::support::TestApp;

/// Something on every page there is for a stranger.
async fn furnished() -> TestApp {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (_, ann) = app.reader("Ann").await;
    app.patron(ann.id, &matthew).await;
    app.article_with(&matthew, "The ferry that waits", |draft| {
        draft.body_markdown = LONG_WORDS.to_owned();
    })
    .await;
    app
}

const LONG_WORDS: &str = "A paragraph with a `verylongwordwithoutanybreakinitthatgoesonandonandonandon`, \
    and an address, <https://example.org/a/very/long/path/that/does/not/break/anywhere/at/all/in/it>.\n\n\
    ## A heading\n\n| one | two | three | four | five |\n| --- | --- | --- | --- | --- |\n\
    | Donaudampfschifffahrtsgesellschaft | a | b | c | Donaudampfschifffahrtsgesellschaft |\n\n\
    ```\nlet a_long_line = \"of code that is wider than any phone, and then some more of it\";\n```\n\n\
    A footnote.[^1]\n\n[^1]: It is small.\n";

/// What everybody may see.
const PUBLIC: [&str; 10] = [
    "/",
    "/articles/the-ferry-that-waits",
    "/authors/matthew-smith",
    "/authors/matthew-smith/support",
    "/support/cancelled",
    "/join",
    "/sign-in",
    "/password/forgot",
    "/nowhere",
    "/sandbox",
];

/// What is a reader's own.
const OWN: [&str; 6] = [
    "/articles/the-ferry-that-waits",
    "/account",
    "/account/notices",
    "/account/password",
    "/account/delete",
    "/authors/matthew-smith/support",
];

async fn public_pages(window: Window) {
    for path in PUBLIC {
        window.open(path).await;
    }
    window.close().await;
}

async fn own_pages(app: &TestApp, window: Window) {
    sign_in(app, &window, "ann@example.org").await;
    for path in OWN {
        window.open(path).await;
    }
    window.close().await;
}

#[tokio::test]
async fn public_pages_are_sound_at_a_desk() {
    let app = furnished().await;
    public_pages(Window::new(&app.url).await).await;
}

#[tokio::test]
async fn public_pages_are_sound_on_a_phone_and_do_not_scroll_sideways() {
    let app = furnished().await;
    public_pages(Window::on_a_phone(&app.url).await).await;
}

#[tokio::test]
async fn a_readers_own_pages_are_sound_at_a_desk() {
    let app = furnished().await;
    own_pages(&app, Window::new(&app.url).await).await;
}

#[tokio::test]
async fn a_readers_own_pages_are_sound_on_a_phone_and_do_not_scroll_sideways() {
    let app = furnished().await;
    own_pages(&app, Window::on_a_phone(&app.url).await).await;
}
